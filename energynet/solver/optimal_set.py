"""How far what is optimal could move: extremes of weighted sums over all optimal duals, or all optimal flows.

Each of the two sets is a polyhedron: bounds on its values, limits on weighted sums of them, and one known point. Most values are the same
at every point of it, and no solve is needed to know it: a row whose limits meet, with one open value in it, says what that value is, and
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

NEAR = 1e-7  # units, relative beyond 1: nearer than this to its limit, a value is at it
PRICED = 1e-9  # million USD a unit: a dual or a reduced cost beyond this holds what it prices at its limit
SAME = 1e-8  # relative beyond 1: an extreme whose proof is nearer than this is proven
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Extreme:
    """The least weighted sum over a set, a point where it is reached (n,), and whether a bound from the other side proves it.

    Minus infinity where nothing holds the sum; NaN where no end was found, and then unproven.
    """

    value: float
    point: Floats
    proven: bool


class Part:
    """The open values of one part of a set (p,), as a program of their own."""

    def __init__(self, matrix: sp.csr_matrix, low: Floats, high: Floats, row_low: Floats, row_high: Floats) -> None:
        self._matrix, self._limits, self._row_limits = matrix, (low, high), (row_low, row_high)
        nothing = np.zeros(matrix.shape[1])
        self._highs: QuietHighs = loaded(matrix, nothing, low, high, row_low, row_high, presolve="off", simplex_strategy=PRIMAL)

    def least(self, weights: Floats) -> tuple[float, Floats, bool]:
        """Least weighted sum of the part's values, where it is reached, and whether the duals of this small program prove it."""
        self._highs.changeColsCost(len(weights), np.arange(len(weights), dtype=np.int32), weights)
        self._highs.run()
        status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            solution = self._highs.getSolution()
            point, dual = np.array(solution.col_value), np.array(solution.row_dual)
            value = float(weights @ point)
            reduced = weights - np.asarray(self._matrix.T @ dual)
            bound = _priced(dual, *self._row_limits) + _priced(reduced, *self._limits)
            return value, point, abs(value - bound) <= SAME * max(1.0, float(np.abs(weights * point).sum()))
        unbounded = status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible)
        return -np.inf if unbounded else np.nan, np.full(len(weights), np.nan), unbounded


class OptimalSet:
    """All values (n,) with low <= value <= high and row_low <= matrix @ value <= row_high, of which `point` is one.

    No part with more than `most` open values is searched: what it has to say is then not proven.
    """

    def __init__(
        self, matrix: sp.csr_matrix, low: Floats, high: Floats, row_low: Floats, row_high: Floats, point: Floats, most: int | None = None
    ) -> None:
        self.point, self.low, self.high, self._matrix, self._most = point, low, high, matrix, most
        self.open = self._open(row_low == row_high)
        still = np.asarray(matrix @ np.where(self.open, 0.0, point))
        self._row_low, self._row_high = row_low - still, row_high - still
        self._parts: dict[int, Part] = {}
        self._group, self._group_of_row = self._groups()

    def least(self, weights: Floats) -> Extreme:
        """Least weighted sum of the values, `weights` (n,)."""
        at = np.flatnonzero((weights != 0.0) & self.open)
        point, value, proven = self.point.copy(), float(weights @ np.where(self.open, 0.0, self.point)), True
        for group in np.unique(self._group[at]).tolist():
            values = np.flatnonzero(self._group == group)
            if self._most is not None and len(values) > self._most:
                value, proven = value + float(weights[values] @ self.point[values]), False
                continue
            least, point[values], held = self._part(group, values).least(weights[values])
            value, proven = value + least, proven and held
        return Extreme(value, point, proven)

    def most(self, weights: Floats) -> Extreme:
        """Greatest weighted sum; infinity where nothing holds it."""
        found = self.least(-weights)
        return Extreme(-found.value, found.point, found.proven)

    def _open(self, equal: Flags) -> Flags:
        """Which values are not known to be single (n,): not those whose bounds meet, nor those that a row with equal limits tells."""
        open_ = self.low != self.high
        pattern = self._matrix[equal].astype(bool).astype(np.int32)
        back = sp.csr_matrix(pattern.T)
        while True:
            alone = (pattern @ open_.astype(np.int32)) == 1
            told = open_ & ((back @ alone.astype(np.int32)) > 0)
            if not told.any():
                return np.asarray(open_, dtype=np.bool_)
            open_ &= ~told

    def _groups(self) -> tuple[Integers, Integers]:
        """The part of each value and of each row; -1 where it is in none."""
        values = np.flatnonzero(self.open)
        bound = np.isfinite(self._row_low) | np.isfinite(self._row_high)
        rows = np.flatnonzero(bound & ((self._matrix.astype(bool) @ self.open.astype(np.int32)) > 0))
        between = sp.coo_matrix(self._matrix[rows][:, values])
        count = len(rows) + len(values)
        joined = sp.csr_matrix((np.ones(between.nnz), (between.row, between.col + len(rows))), shape=(count, count))
        _, label = connected_components(joined, directed=False)
        of_value, of_row = (np.full(size, -1, dtype=np.int64) for size in (len(self.open), self._matrix.shape[0]))
        of_row[rows], of_value[values] = label[: len(rows)], label[len(rows) :]
        return of_value, of_row

    def _part(self, group: int, values: Integers) -> Part:
        if group not in self._parts:
            rows = np.flatnonzero(self._group_of_row == group)
            limits = self.low[values], self.high[values], self._row_low[rows], self._row_high[rows]
            self._parts[group] = Part(sp.csr_matrix(self._matrix[rows][:, values]), *limits)
        return self._parts[group]


def optimal_duals(program: LinearProgram, primal: Floats, dual: Floats, most: int | None = None) -> OptimalSet:
    """All optimal duals (rows,). One optimal flow says which they are: a row away from its limits has a dual of zero, a column away from
    its bounds a reduced cost of zero.
    """
    matrix = program.matrix()
    low, high = _signs(np.asarray(matrix @ primal), program.row_lower, program.row_upper)
    reduced_low, reduced_high = _signs(primal, program.lower, program.upper)
    return OptimalSet(sp.csr_matrix(matrix.T), low, high, program.cost - reduced_high, program.cost - reduced_low, dual, most)


def optimal_flows(program: LinearProgram, primal: Floats, dual: Floats, most: int | None = None) -> OptimalSet:
    """All optimal values of the columns (columns,). One optimal dual says which they are: what has a price is at its limit."""
    matrix = sp.csr_matrix(program.matrix())
    reduced = np.asarray(program.cost - matrix.T @ dual)
    low, high = _held(program.lower, program.upper, primal, reduced)
    row_low, row_high = _held(program.row_lower, program.row_upper, np.asarray(matrix @ primal), dual)
    return OptimalSet(matrix, low, high, row_low, row_high, primal, most)


def _held(low: Floats, high: Floats, value: Floats, price: Floats) -> tuple[Floats, Floats]:
    """The limits where nothing is priced, and the value itself where something is."""
    priced = np.abs(price) > PRICED
    return np.where(priced, value, low), np.where(priced, value, high)


def dual_ranges(program: LinearProgram, primal: Floats, dual: Floats, rows: Integers) -> tuple[Floats, Floats]:
    """Least and greatest dual of each of the rows (k,), million USD a unit; infinite where nothing holds it, NaN where HiGHS finds none."""
    lowest, highest = dual[rows].copy(), dual[rows].copy()
    if not len(rows):
        return lowest, highest
    duals, one = optimal_duals(program, primal, dual), np.zeros(program.row_count)
    for k, row in enumerate(rows.tolist()):
        if duals.open[row]:
            one[row] = 1.0
            lowest[k], highest[k] = duals.least(one).value, duals.most(one).value
            one[row] = 0.0
    return lowest, highest


def _priced(dual: Floats, lower: Floats, upper: Floats) -> float:
    """What limits are worth at these duals; minus infinity where a dual needs a limit that is not there."""
    with np.errstate(invalid="ignore"):
        down = np.where(dual > SAME, dual * lower, 0.0)
        up = np.where(dual < -SAME, dual * upper, 0.0)
    return float((down + up).sum())


def at_limits(value: Floats, lower: Floats, upper: Floats) -> tuple[Flags, Flags]:
    """Which values are at their lower limit, and which at their upper one."""
    with np.errstate(invalid="ignore"):
        near = NEAR * np.maximum(1.0, np.abs(value))
        return np.asarray(value - lower <= near), np.asarray(upper - value <= near)


def _signs(value: Floats, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """What a dual may be: not below zero at a lower limit, not above at an upper one, zero between, free where both meet."""
    at_lower, at_upper = at_limits(value, lower, upper)
    return np.where(at_upper, -np.inf, 0.0), np.where(at_lower, np.inf, 0.0)
