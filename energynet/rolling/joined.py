"""What is proven of the joined solution of a roll.

Each window is an optimum by itself. The joined solution is none of one program over all years, whose buyer would know them all. It is the
optimum of the joined rows of each period in which stands fixed what one window hands on to the next and what is decided for whole years,
and in which each window pays for what it leaves by its own duals: the stock at its end, and the rows of years. So the prices of all
periods are held against the joined program.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from energynet.program.linear_program import Family, LinearProgram
from energynet.solution import Part
from energynet.solver.certificate import PRIMAL, Check, certify

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Kept:
    """The kept periods of a window: positions of their columns and rows in the window's program, and the same in the joined one. `rows`
    are those with the same limits in both; a closing stock, say, is the window's alone.
    """

    part: Part
    first: int
    last: int
    columns: Integers
    column_places: Integers
    rows: Integers
    row_places: Integers


def kept_periods(program: LinearProgram, primal: Floats, parts: Sequence[Part]) -> Iterator[Kept]:
    """Of each window what is kept, the windows in their order; each is named by its first kept period."""
    begins = [*(program.periods.index(part.label) for part in parts), len(program.periods)]
    matrix = program.matrix()
    for part, begin, end in zip(parts, begins, begins[1:], strict=False):
        own = part.program
        first = program.periods.index(own.periods[0])
        periods = np.arange(begin, end)
        sizes = (own.columns_per_period, program.columns_per_period), (own.rows_per_period, program.rows_per_period)
        columns, column_places = _positions((own.columns, program.columns), sizes[0], periods, first)
        rows, row_places = _positions((own.rows, program.rows), sizes[1], periods, first)
        mine, theirs = part.primal.copy(), primal.copy()
        mine[columns] = theirs[column_places] = 0.0
        given, joined = np.asarray(own.matrix() @ mine)[rows], np.asarray(matrix @ theirs)[row_places]
        same = _close(own.row_lower[rows] - given, program.row_lower[row_places] - joined)
        same &= _close(own.row_upper[rows] - given, program.row_upper[row_places] - joined)
        yield Kept(part, begin, end, columns, column_places, rows[same], row_places[same])


def joined_duals(program: LinearProgram, primal: Floats, dual: Floats, parts: Sequence[Part]) -> Floats:
    """`dual` (rows,) with those of the periods from the windows that kept them; zero where the row is not one of the window's."""
    joined = dual.copy()
    joined[: len(program.periods) * program.rows_per_period] = 0.0
    for kept in kept_periods(program, primal, parts):
        joined[kept.row_places] = kept.part.dual[kept.rows]
    return joined


def joined_checks(program: LinearProgram, primal: Floats, dual: Floats, parts: Sequence[Part]) -> tuple[Check, ...]:
    """The joined flows and duals as the optimum of the program that this module's docstring says."""
    periods = len(program.periods)
    rows = periods * program.rows_per_period
    cost, priced = np.zeros(program.column_count), np.concatenate([dual[:rows], np.zeros(program.row_count - rows)])
    lower, upper = primal.copy(), primal.copy()
    window_of_column, window_of_row = np.full(program.column_count, -1), np.full(program.row_count, -1)
    for k, kept in enumerate(kept_periods(program, primal, parts)):
        own, beyond = kept.part.program, kept.part.dual.copy()
        beyond[kept.rows] = 0.0
        worth = np.asarray(own.matrix().T @ beyond)
        cost[kept.column_places] = program.cost[kept.column_places] - worth[kept.columns]
        lower[kept.column_places], upper[kept.column_places] = (side[kept.column_places] for side in (program.lower, program.upper))
        window_of_column[kept.first * program.columns_per_period : kept.last * program.columns_per_period] = k
        window_of_row[kept.first * program.rows_per_period : kept.last * program.rows_per_period] = k
    matrix = sp.coo_matrix(program.matrix())
    inside = (window_of_row[matrix.row] == window_of_column[matrix.col]) & (window_of_column[matrix.col] >= 0)
    shape = matrix.shape
    within = sp.csc_matrix((matrix.data[inside], (matrix.row[inside], matrix.col[inside])), shape=shape)
    handed = np.asarray(program.matrix() @ primal - within @ primal)
    row_lower, row_upper = program.row_lower - handed, program.row_upper - handed
    row_lower[rows:], row_upper[rows:] = -np.inf, np.inf
    asked = replace(
        program, cost=cost, lower=lower, upper=upper, row_lower=row_lower, row_upper=row_upper, start=within.indptr.astype(np.int32),
        index=within.indices.astype(np.int32), value=within.data, offset=0.0, costs=(),
    )  # fmt: skip
    checks = certify(asked, primal, priced, float(cost @ primal)).checks
    return tuple(replace(check, name=f"joined {check.name}") for check in checks if check.name not in ("objective", "cost table"))


def shared(mine: Sequence[Family], whole: Sequence[Family]) -> list[tuple[Family, Family, Integers]]:
    """Each family of a window with its own of the whole program, and where each key stands there (-1: nowhere)."""
    found = []
    by_name = {family.name: family for family in whole}
    for family in mine:
        other = by_name.get(family.name)
        if other is not None:
            position = {key: k for k, key in enumerate(other.keys)}
            found.append((family, other, np.array([position.get(key, -1) for key in family.keys], dtype=np.int64)))
    return found


def _positions(
    families: tuple[Sequence[Family], Sequence[Family]], sizes: tuple[int, int], periods: Integers, first: int
) -> tuple[Integers, Integers]:
    """Positions in a window's program, which begins at the period `first`, and in the joined one of what both have in those periods."""
    own, whole = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for mine, other, place in shared(*families):
        if not mine.horizon and not other.horizon:
            known = np.flatnonzero(place >= 0)
            own.append(((periods[:, None] - first) * sizes[0] + mine.first + known[None, :]).ravel())
            whole.append((periods[:, None] * sizes[1] + other.first + place[known][None, :]).ravel())
    return np.concatenate(own), np.concatenate(whole)


def _close(one: Floats, other: Floats) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        return np.asarray((one == other) | (np.abs(one - other) <= PRIMAL * np.maximum(1.0, np.abs(other))))
