"""A long horizon from a cold start: the bases of blocks of periods, joined, are nearly the basis of the whole.

1. A sample of the blocks stands for all: its optimum says what the columns of the horizon are and what its rows are worth.
2. Each block is solved by itself, one from the basis of the one before: the columns of the horizon stand fixed, its rows are paid for
   in the costs, and a stock ends as it began. Where a row of the horizon has taken less by then than the sample says, the next block pays
   a hair less for it, else a hair more: of blocks that are worth the same, as many then use it as its limit has room for.
3. The joined basis starts the whole: first with the horizon as in the blocks, then with its rows, then with its columns and true costs.

The last of these solves is the program itself, so the answer is an optimum of it and a vertex whatever the start was worth. Where the
start is worth little, the whole is solved from nothing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import NamedTuple

import highspy
import numpy as np
from numpy.typing import NDArray

from energynet.program.linear_program import LinearProgram
from energynet.solver.session import DUAL, PRIMAL, TOLERANCE, Floats, Ints, Outcome, QuietHighs, Session

Integers = NDArray[np.int64]
HAIR = 1e-4  # of a dual
SAMPLE = 24  # blocks in the sample
LENGTH = 24  # periods in a block: a day of hours
MOST = 2_000  # iterations of one solve of the whole
ENDLESS = 2**31 - 1
BASIC, AT_LOWER = highspy.HighsBasisStatus.kBasic, highspy.HighsBasisStatus.kLower


class Entries(NamedTuple):
    """Entries of a matrix (e,): row (of the whole program, or of a block), column (of a block), value."""

    row: Integers
    column: Integers
    value: Floats


@dataclass(frozen=True)
class Horizon:
    """What the sample says: values of the horizon's columns (K,), duals of its rows (H,), what they take up to each block's end (B, H)."""

    columns: Floats
    duals: Floats
    taken: Floats


class Blocks:
    """A program cut into blocks of periods, each a pair of its first period and the one after its last."""

    def __init__(self, program: LinearProgram, length: int = LENGTH) -> None:
        self.program = program
        self.periods, self.n, self.m = len(program.periods), program.columns_per_period, program.rows_per_period
        self.all = [(a, min(a + length, self.periods)) for a in range(0, self.periods, length)]
        self.first_column, self.first_row = self.periods * self.n, self.periods * self.m
        self.horizon = self._entries(self.first_column, program.column_count)
        self.columns, self.rows = program.column_count - self.first_column, program.row_count - self.first_row

    def of_horizon(self) -> tuple[Ints, Ints]:
        """Which columns and rows of the program are the horizon's."""
        last, end = self.program.column_count, self.program.row_count
        return np.arange(self.first_column, last, dtype=np.int32), np.arange(self.first_row, end, dtype=np.int32)

    def sample(self) -> Horizon | None:
        """The optimum of a few blocks that stand for all; None where it has none."""
        inner = self.all[1:-1] or self.all
        every = max(len(inner) // SAMPLE, 1)
        picked = inner[every // 2 :: every]
        scale = float(self.program.days.sum() / sum(self.program.days[a:b].sum() for a, b in picked))
        found, placed, count = list[Entries](), list[Integers](), 0
        length = sum(b - a for a, b in picked)
        for a, b in picked:
            entries, in_horizon = self._block(a, b)
            row = np.where(in_horizon, entries.row - self.first_row + length * self.m, entries.row + count * self.m)
            found.append(Entries(row, entries.column + count * self.n, np.where(in_horizon, entries.value * scale, entries.value)))
            inside = (self.horizon.row >= a * self.m) & (self.horizon.row < b * self.m)
            found.append(self._of_horizon(inside, (count - a) * self.m, length * self.n))
            placed.append(np.arange(a, b))
            count += b - a
        found.append(self._of_horizon(self.horizon.row >= self.first_row, length * self.m - self.first_row, length * self.n))
        highs = self._highs("choose")
        self._load(highs, found, np.concatenate(placed), scale=scale, horizon=True)
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = highs.getSolution()
        primal, duals = np.array(solution.col_value), np.array(solution.row_dual)[length * self.m :]
        columns = np.clip(primal[length * self.n :], self.program.lower[self.first_column :], self.program.upper[self.first_column :])
        ends = np.cumsum([0, *((b - a) * self.n for a, b in picked)])
        taken = [self._taken(*self._block(a, b), primal[first:last]) for (a, b), first, last in zip(picked, ends, ends[1:], strict=False)]
        return Horizon(columns, duals, self._expected(picked, np.array(taken), duals, columns))

    def _taken(self, entries: Entries, in_horizon: NDArray[np.bool_], primal: Floats) -> Floats:
        """What a block's columns take of the horizon's rows (H,)."""
        own = entries.value[in_horizon] * primal[entries.column[in_horizon]]
        return np.asarray(np.bincount(entries.row[in_horizon] - self.first_row, weights=own, minlength=self.rows), dtype=np.float64)

    def _expected(self, picked: list[tuple[int, int]], taken: Floats, duals: Floats, columns: Floats) -> Floats:
        """What the horizon's rows have taken by the end of each block (B, H): as in the sample nearest to it, in all up to the limit."""
        rows, of_rows = slice(self.first_row, None), self.horizon.row >= self.first_row
        standing = np.bincount(
            self.horizon.row[of_rows] - self.first_row, minlength=self.rows,
            weights=self.horizon.value[of_rows] * columns[self.horizon.column[of_rows]],
        )  # fmt: skip
        limit = np.where(duals < 0.0, self.program.row_upper[rows], self.program.row_lower[rows]) - standing
        days = [self.program.days[a:b].sum() for a, b in self.all]
        nearest = [int(np.argmin([abs(a + b - c - d) for c, d in picked])) for a, b in self.all]
        rates = taken / np.array([self.program.days[a:b].sum() for a, b in picked])[:, None]
        by_then = np.cumsum(rates[nearest] * np.array(days)[:, None], axis=0)
        total = by_then[-1]
        with np.errstate(divide="ignore", invalid="ignore"):
            return by_then * np.where((duals != 0.0) & (total != 0.0), limit / total, 1.0)

    def _handed(self, a: int) -> Entries:
        """What the period before hands on to a block's first: entries by row (of the whole program) and column (of a period)."""
        before = a - 1 if a else self.periods - 1
        found = self._entries(before * self.n, (before + 1) * self.n)
        lag = (found.row >= a * self.m) & (found.row < (a + 1) * self.m) & (len(self.all) > 1)
        return Entries(found.row[lag], found.column[lag], found.value[lag])

    def bases(self, horizon: Horizon) -> highspy.HighsBasis | None:
        """The bases of all blocks, joined; None where a block has no optimum."""
        columns, rows = list[highspy.HighsBasisStatus](), list[highspy.HighsBasisStatus]()
        last, taken = None, np.zeros(self.rows)
        for (a, b), expected in zip(self.all, horizon.taken, strict=True):
            hair = np.where(taken < expected, HAIR, -HAIR) * np.abs(horizon.duals)
            solved = self._solve(a, b, replace(horizon, duals=horizon.duals + hair), last)
            if solved is None:
                return None
            last, taken = solved[0], taken + solved[1]
            columns += last.col_status
            rows += last.row_status
        joined = highspy.HighsBasis()
        joined.col_status = columns + [AT_LOWER] * self.columns
        joined.row_status = rows + [BASIC] * self.rows
        joined.valid, joined.alien = True, False
        return joined

    def _solve(self, a: int, b: int, horizon: Horizon, before: highspy.HighsBasis | None) -> tuple[highspy.HighsBasis, Floats] | None:
        """The optimal basis of a block, from that of the block before, and what it takes of the horizon's rows; None without an optimum."""
        entries, in_horizon = self._block(a, b)
        cost, shift = np.zeros((b - a) * self.n), np.zeros((b - a) * self.m)
        np.add.at(cost, entries.column[in_horizon], entries.value[in_horizon] * horizon.duals[entries.row[in_horizon] - self.first_row])
        inside = (self.horizon.row >= a * self.m) & (self.horizon.row < b * self.m)
        standing = self.horizon.value[inside] * horizon.columns[self.horizon.column[inside]]
        np.add.at(shift, self.horizon.row[inside] - a * self.m, standing)
        highs = self._highs("off" if before else "choose")
        own = Entries(entries.row[~in_horizon], entries.column[~in_horizon], entries.value[~in_horizon])
        self._load(highs, [own], np.arange(a, b), paid=cost, shift=shift)
        if before is not None and len(before.row_status) == (b - a) * self.m:
            highs.setBasis(before)
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return highs.getBasis(), self._taken(entries, in_horizon, np.array(highs.getSolution().col_value))

    def _entries(self, first: int, last: int) -> Entries:
        """Entries of a range of columns, counted from the first of them; rows of the whole program."""
        program = self.program
        begin, end = program.start[first], program.start[last]
        column = np.repeat(np.arange(last - first), np.diff(program.start[first : last + 1]))
        return Entries(program.index[begin:end].astype(np.int64), column, program.value[begin:end])

    def _block(self, a: int, b: int) -> tuple[Entries, NDArray[np.bool_]]:
        """Entries of a block's columns in its own rows (counted from its first) and in the horizon's (of the whole program), and which
        of them those are. What a stock hands on to the first period comes from the last.
        """
        row, column, value = self._entries(a * self.n, b * self.n)
        handed = self._handed(a)
        row, value = np.concatenate([row, handed.row]), np.concatenate([value, handed.value])
        column = np.concatenate([column, handed.column + (b - 1 - a) * self.n])
        in_horizon = row >= self.first_row
        kept = in_horizon | ((row >= a * self.m) & (row < b * self.m))
        row = np.where(in_horizon, row, row - a * self.m)
        return Entries(row[kept], column[kept], value[kept]), in_horizon[kept]

    def _of_horizon(self, chosen: NDArray[np.bool_], rows: int, columns: int) -> Entries:
        return Entries(self.horizon.row[chosen] + rows, self.horizon.column[chosen] + columns, self.horizon.value[chosen])

    def _highs(self, presolve: str) -> QuietHighs:
        highs = QuietHighs()  # type: ignore[no-untyped-call]
        tolerances = {f"{side}_feasibility_tolerance": TOLERANCE for side in ("primal", "dual")}
        options: dict[str, str | int | float] = {"threads": 1, "presolve": presolve, "solver": "simplex", "random_seed": 0, **tolerances}
        for name, value in options.items():
            highs.setOptionValue(name, value)
        return highs

    def _load(
        self,
        highs: QuietHighs,
        parts: list[Entries],
        periods: Integers,
        *,
        scale: float = 1.0,
        horizon: bool = False,
        paid: Floats | float = 0.0,
        shift: Floats | float = 0.0,
    ) -> None:
        """Load the columns and rows of some periods, costs times `scale` less `paid`, rows less `shift`; with `horizon` its own too."""
        program, columns, rows = self.program, self.first_column, self.first_row

        def taken(vector: Floats, size: int, first: int, factor: float = 1.0) -> Floats:
            inside = vector[:first].reshape(self.periods, size)[periods].ravel() * factor
            return np.concatenate([inside, vector[first:]]) if horizon else inside

        row, column = (np.concatenate([part[k] for part in parts]).astype(np.int64) for k in (0, 1))
        value = np.concatenate([part.value for part in parts])
        cost = taken(program.cost, self.n, columns, scale) - paid
        order = np.argsort(column, kind="stable")
        start = np.concatenate([[0], np.cumsum(np.bincount(column, minlength=len(cost)))]).astype(np.int32)
        low, high = (taken(side, self.m, rows) - shift for side in (program.row_lower, program.row_upper))
        highs.passModel(
            len(cost), len(low), len(value), 1, 1, 0.0, cost, taken(program.lower, self.n, columns), taken(program.upper, self.n, columns),
            low, high, start, row[order].astype(np.int32), value[order], np.zeros(len(cost), np.int32),
        )  # fmt: skip


def solve_by_blocks(session: Session, program: LinearProgram, length: int = LENGTH, most: int = MOST) -> Outcome:
    """The optimum of a program that the session holds, from the joined bases of its blocks.

    From nothing where a block has none, and where one of the three solves of the whole would take more than `most` iterations: stocks
    that carry from season to season are not to be seen in days that end as they began.
    """
    started = time.perf_counter()
    blocks = Blocks(program, length)
    horizon = blocks.sample()
    basis = blocks.bases(horizon) if horizon is not None and session.time_left() else None
    if basis is None or horizon is None:
        return session.solve()
    presolve = session.highs.getOptionValue("presolve")[1]
    session.set(presolve="off", solver="simplex", simplex_iteration_limit=most)
    session.highs.setBasis(basis)
    outcome = _from_the_blocks(session, blocks, horizon)
    session.set(simplex_strategy=DUAL, simplex_iteration_limit=ENDLESS)
    if outcome is None:
        _restore(session, blocks)
        session.highs.clearSolver()
        session.set(presolve=presolve)
        outcome = session.solve()
    return replace(outcome, seconds=time.perf_counter() - started)


def _from_the_blocks(session: Session, blocks: Blocks, horizon: Horizon) -> Outcome | None:
    """The whole with the horizon as in the blocks, then with its rows, then as it is; None where one of these takes too long."""
    program, first, iterations = blocks.program, blocks.first_row, 0
    columns, rows = blocks.of_horizon()
    lower, upper, endless = program.row_lower[rows], program.row_upper[rows], np.full(blocks.rows, np.inf)
    at_upper, at_lower = (horizon.duals < -TOLERANCE) & np.isfinite(upper), (horizon.duals > TOLERANCE) & np.isfinite(lower)
    session.change_costs(program.cost - np.asarray(program.matrix()[first:].T @ horizon.duals))
    session.change_bounds(columns, horizon.columns, horizon.columns)
    for low, high in ((-endless, endless), (np.where(at_upper, upper, lower), np.where(at_lower, lower, upper))):
        session.change_row_bounds(rows, low, high)  # at last, what has a price is at its limit
        iterations += session.advance()
        if session.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
    _restore(session, blocks)
    session.set(simplex_strategy=PRIMAL)
    outcome = session.solve()
    return replace(outcome, iterations=outcome.iterations + iterations) if outcome.status != "failed" else None


def _restore(session: Session, blocks: Blocks) -> None:
    """Costs, and the limits of the horizon, as they are in the program."""
    program, (columns, rows) = blocks.program, blocks.of_horizon()
    session.change_row_bounds(rows, program.row_lower[rows], program.row_upper[rows])
    session.change_bounds(columns, program.lower[columns], program.upper[columns])
    session.change_costs(program.cost)
