"""How far a dual could move: its least and greatest value over all optimal duals. One optimal flow says which they are: a row away from its
limits has a dual of zero, a column away from its bounds a reduced cost of zero.

Most duals are single, and no solve is needed to know it: a column between its bounds with one open dual in its rows says what that is, and
then others follow. What stays open falls into many small parts that have nothing to do with each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from energynet.program.linear_program import LinearProgram
from energynet.solver.session import PRIMAL, Floats, QuietHighs, loaded

NEAR = 1e-7  # units: nearer than this to its limit, a value is at it
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Ranged:
    """The open duals of one part of the face as a program of their own, and which rows of the program they belong to (p,)."""

    highs: QuietHighs
    rows: NDArray[np.int64]

    def least(self, weights: Floats) -> float:
        """Least sum of the weighted duals (p,); minus infinity where nothing holds it, NaN where HiGHS finds none."""
        self.highs.changeColsCost(len(self.rows), np.arange(len(self.rows), dtype=np.int32), weights)
        self.highs.run()
        status = self.highs.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            return float(self.highs.getInfo().objective_function_value)
        unbounded = status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible)
        return -np.inf if unbounded else np.nan


class DualFace:
    """All optimal duals of a program, from one optimal `primal` (columns,) and one optimal `dual` (rows,)."""

    def __init__(self, program: LinearProgram, primal: Floats, dual: Floats) -> None:
        matrix = program.matrix()
        self.dual = dual
        self.low, self.high = _signs(np.asarray(matrix @ primal), program.row_lower, program.row_upper)
        reduced_low, reduced_high = _signs(primal, program.lower, program.upper)
        self._least, self._most = program.cost - reduced_high, program.cost - reduced_low
        self._turned = sp.csr_matrix(matrix.T)
        self.open = self._open()
        taken = np.asarray(self._turned @ np.where(self.open, 0.0, dual))
        self._least, self._most = self._least - taken, self._most - taken
        self._parts: dict[int, Ranged] = {}
        self._group, self._group_of_column = self._groups()

    def least(self, weights: Floats) -> float:
        """Least weighted sum over all optimal duals, `weights` (rows,)."""
        at = np.flatnonzero(weights)
        moving, still = at[self.open[at]], at[~self.open[at]]
        parts = [self._part(int(group)) for group in np.unique(self._group[moving])]
        return float(weights[still] @ self.dual[still]) + sum(part.least(weights[part.rows]) for part in parts)

    def _open(self) -> Flags:
        """Which duals are not known to be single (rows,): not those that are zero, nor those that columns between their bounds tell."""
        open_, fixing = ~((self.low == 0.0) & (self.high == 0.0)), self._least == self._most
        pattern = self._turned[fixing].astype(bool).astype(np.int32)
        back = sp.csr_matrix(pattern.T)
        while True:
            alone = (pattern @ open_.astype(np.int32)) == 1
            told = open_ & ((back @ alone.astype(np.int32)) > 0)
            if not told.any():
                return np.asarray(open_, dtype=np.bool_)
            open_ &= ~told

    def _groups(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The part of each dual and of each column of the program; -1 where it is in none."""
        rows = np.flatnonzero(self.open)
        bound = np.isfinite(self._least) | np.isfinite(self._most)
        columns = np.flatnonzero(bound & ((self._turned.astype(bool) @ self.open.astype(np.int32)) > 0))
        between = sp.coo_matrix(self._turned[columns][:, rows])
        count = len(columns) + len(rows)
        joined = sp.csr_matrix((np.ones(between.nnz), (between.row, between.col + len(columns))), shape=(count, count))
        _, label = connected_components(joined, directed=False)
        of_row, of_column = (np.full(size, -1, dtype=np.int64) for size in (len(self.open), self._turned.shape[0]))
        of_column[columns], of_row[rows] = label[: len(columns)], label[len(columns) :]
        return of_row, of_column

    def _part(self, group: int) -> Ranged:
        """A part as a program: a column an open dual, a row a column of the program."""
        if group not in self._parts:
            rows, columns = (np.flatnonzero(which == group) for which in (self._group, self._group_of_column))
            limits = self.low[rows], self.high[rows], self._least[columns], self._most[columns]
            inside = self._turned[columns][:, rows]
            highs = loaded(inside, np.zeros(len(rows)), *limits, presolve="off", simplex_strategy=PRIMAL)
            self._parts[group] = Ranged(highs, rows)
        return self._parts[group]


def dual_ranges(program: LinearProgram, primal: Floats, dual: Floats, rows: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Least and greatest dual of each of the rows (k,), million USD a unit; infinite where nothing holds it, NaN where HiGHS finds none."""
    lowest, highest = dual[rows].copy(), dual[rows].copy()
    if not len(rows):
        return lowest, highest
    face, one = DualFace(program, primal, dual), np.zeros(program.row_count)
    for k, row in enumerate(rows.tolist()):
        if face.open[row]:
            one[row] = 1.0
            lowest[k], highest[k] = face.least(one), -face.least(-one)
            one[row] = 0.0
    return lowest, highest


def least_of(program: LinearProgram, primal: Floats, dual: Floats, weights: sp.csc_matrix) -> Floats:
    """Least value over all optimal duals of each weighted sum of them (k,), `weights` (rows, k); NaN where HiGHS finds none."""
    face = DualFace(program, primal, dual)
    found = np.array([face.least(np.asarray(weights[:, [k]].todense(), dtype=np.float64).ravel()) for k in range(weights.shape[1])])
    return np.where(np.isinf(found), np.nan, found)


def _signs(value: Floats, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """What a dual may be: not below zero at a lower limit, not above at an upper one, zero between, free where both meet."""
    with np.errstate(invalid="ignore"):
        at_lower = value - lower <= NEAR * np.maximum(1.0, np.abs(value))
        at_upper = upper - value <= NEAR * np.maximum(1.0, np.abs(value))
    return np.where(at_upper, -np.inf, 0.0), np.where(at_lower, np.inf, 0.0)
