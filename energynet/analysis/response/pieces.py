r"""Pieces of a response: stretches of a line on which one basis is optimal, so that every volume moves in a straight line.

A basis that is optimal at one share of the way keeps its duals wherever its volumes stay within their limits, and these are
straight functions of the share: so the stretch on which the basis stays optimal is found by a ratio test.

$x_B(s) = B^{-1} (b(s) - N x_N(s)), \quad \{ s : \mathit{lower}(s) \le x(s) \le \mathit{upper}(s),\ \mathit{row\_lower}(s) \le A x(s)
\le \mathit{row\_upper}(s) \}$
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.linalg import splu

from energynet.analysis.response.line import Line, Moving
from energynet.errors import SolverFailure
from energynet.solver.session import Floats, Session

STILL = 1e-9  # what moves less than this over the whole line stands still
LOOSE = 2e-9  # units: how far beyond a limit the solver may leave a volume, twice its tolerance
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Piece:
    """A basis and its stretch, `first` to `last`, shares of the line. `loose` is the stretch within the solver's tolerance.

    Where the solver took a basis that its tolerance allows and no more, its share lies in the loose stretch only.

    `primal` (columns,) and `activity` (rows,) move in straight lines; `dual` (rows,) and `reduced` (columns,) stand still, million USD.
    """

    first: float
    last: float
    loose: tuple[float, float]
    primal: Moving
    activity: Moving
    dual: Floats
    reduced: Floats


@dataclass(frozen=True)
class Basis:
    """Which columns (columns,) and which rows (rows,) are basic."""

    columns: Flags
    rows: Flags


def basis_of(session: Session) -> Basis:
    """The basis that the session's last solve ended with."""
    found, basic = session.highs.getBasis(), highspy.HighsBasisStatus.kBasic
    return Basis(*(np.array([one == basic for one in side], dtype=bool) for side in (found.col_status, found.row_status)))


def piece_of(line: Line, share: float, basis: Basis, primal: Floats, dual: Floats, reduced: Floats) -> Piece:
    """The piece of a basis that is optimal at a share of the way, where its volumes are `primal` (columns,).

    Raises SolverFailure where the basis is none.
    """
    matrix = line.middle.matrix()
    activity = np.asarray(matrix @ primal)
    held = _held(primal, (line.lower, line.upper), basis.columns, share)
    fixed = _held(activity, (line.row_lower, line.row_upper), basis.rows, share)
    rows, columns = np.flatnonzero(~basis.rows), np.flatnonzero(basis.columns)
    if len(rows) != len(columns):
        raise SolverFailure("HiGHS ended without a basis")
    square = sp.csc_matrix(matrix[rows][:, columns])
    known = [np.where(basis.columns, 0.0, part) for part in (held.base, held.slope)]
    asked = np.column_stack([(part - matrix @ at)[rows] for part, at in zip((fixed.base, fixed.slope), known, strict=True)])
    for at, values in zip(known, _solved(square, asked).T, strict=True):
        at[columns] = values
    moving = Moving(*known)
    active = Moving(np.asarray(matrix @ moving.base), np.asarray(matrix @ moving.slope))
    first, last, loose = _stretch(line, moving, active, basis)
    return Piece(first, last, loose, moving, active, dual, reduced)


def _held(values: Floats, limits: tuple[Moving, Moving], basic: Flags, share: float) -> Moving:
    """Where what is not basic stands: at the nearer of its two limits, and moving with it; at zero where it has none."""
    lower, upper = limits
    with np.errstate(invalid="ignore"):
        at_upper = np.abs(upper.at(share) - values) < np.abs(values - lower.at(share))
    none = basic | ~(np.isfinite(lower.base) | np.isfinite(upper.base))
    base, slope = np.where(at_upper, upper.base, lower.base), np.where(at_upper, upper.slope, lower.slope)
    return Moving(np.where(none, 0.0, base), np.where(none, 0.0, slope))


def _solved(square: sp.csc_matrix, asked: Floats) -> Floats:
    """The solution of a square system (k, 2), refined once."""
    if square.shape[0] == 0:
        return asked
    try:
        factors = splu(square)
    except RuntimeError as error:
        raise SolverFailure("the basis is singular") from error
    found = factors.solve(asked)
    return np.asarray(found + factors.solve(asked - square @ found))


def _stretch(line: Line, primal: Moving, activity: Moving, basis: Basis) -> tuple[float, float, tuple[float, float]]:
    """The shares between which no basic volume or activity passes a limit, exactly and within the solver's tolerance."""
    slacks = (
        (primal, line.lower, 1.0, basis.columns), (primal, line.upper, -1.0, basis.columns),
        (activity, line.row_lower, 1.0, basis.rows), (activity, line.row_upper, -1.0, basis.rows),
    )  # fmt: skip
    ends = [0.0, 1.0, 0.0, 1.0]
    for values, limit, sign, basic in slacks:
        inside = basic & np.isfinite(limit.base)
        room = (sign * (values.base - limit.base))[inside]
        rise = (sign * (values.slope - limit.slope))[inside]
        for way, exact, loose in ((rise > STILL, 0, 2), (rise < -STILL, 1, 3)):
            if way.any():
                at, near = -room[way] / rise[way], -(room[way] + LOOSE) / rise[way]
                ends[exact] = max(ends[exact], float(at.max())) if exact == 0 else min(ends[exact], float(at.min()))
                ends[loose] = max(ends[loose], float(near.max())) if exact == 0 else min(ends[loose], float(near.min()))
    return ends[0], ends[1], (ends[2], ends[3])
