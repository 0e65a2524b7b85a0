r"""How the optimum changes to first order when the data of a program move in a direction: for one more and for one less.

The objective $f$ at an optimum moves, for data that move by $t$ times $(\mathrm{d}c, \mathrm{d}b, \mathrm{d}A, \mathrm{d}u)$, by

$f'(0^+) = \min_{x \in X} \max_{y \in Y} \; \mathrm{d}c \cdot x + y \cdot (\mathrm{d}b - \mathrm{d}A\,x) + d(y) \cdot \mathrm{d}u,$

with $X$ all optimal flows, $Y$ all optimal duals, $b$ the side of a row and $u$ the bound of a column that are met, and $d(y) = c - A'y$.
Where several limits meet, $Y$ has many points, and one more is worth something else than one less.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp

from energynet.program.linear_program import LinearProgram
from energynet.solver.optimal_set import Extreme, Flags, OptimalSet, at_limits, optimal_duals, optimal_flows
from energynet.solver.session import Floats

SAME = 1e-7  # relative beyond 1e-3 million USD: bounds nearer than this are one
LEAST = 1e-3
TURNS = 3


@dataclass(frozen=True)
class Direction:
    """What a datum moves in a program: costs and upper bounds (columns,), sides of rows (rows,), coefficients (rows, columns)."""

    cost: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    matrix: sp.csr_matrix

    @classmethod
    def of_limits(cls, program: LinearProgram, sides: Floats, upper: Floats | None = None) -> Direction:
        """Both sides of rows (rows,) move alike, and upper bounds (columns,)."""
        none = np.zeros(program.column_count)
        empty = sp.csr_matrix((program.row_count, program.column_count))
        return cls(none, none if upper is None else upper, sides, sides, empty)

    @classmethod
    def between(cls, program: LinearProgram, other: LinearProgram, step: float) -> Direction:
        """From a program to one with other numbers in the same places, for a step of one."""

        def moved(one: Floats, end: Floats) -> Floats:
            return (np.subtract(end, one, out=np.zeros_like(one), where=end != one)) / step

        names = ("cost", "upper", "row_lower", "row_upper")
        cost, upper, row_lower, row_upper = (moved(getattr(program, name), getattr(other, name)) for name in names)
        held = moved(program.value, other.value), program.index.copy(), program.start.copy()  # what is zero is taken out in place
        matrix = sp.csc_matrix(held, shape=(program.row_count, program.column_count))
        matrix.eliminate_zeros()
        return cls(cost, upper, row_lower, row_upper, sp.csr_matrix(matrix))

    def turned(self) -> Direction:
        """The same the other way."""
        return Direction(-self.cost, -self.upper, -self.row_lower, -self.row_upper, -self.matrix)


@dataclass(frozen=True)
class Change:
    """Million USD that one unit in a direction adds to the optimum, to first order, and whether bounds from both sides prove it.

    Infinite where there is no answer in that direction. Where it is not proven, it is what the flows and duals at hand say.
    """

    musd: float
    proven: bool


@dataclass(frozen=True)
class Optimum:
    """An optimum of a program: `primal` and `reduced` (columns,), `dual` (rows,) are one of its flows and one of its duals.

    No part of the optimal duals or flows with more than `most` open values is searched: a change that needs it is not proven.
    """

    program: LinearProgram
    primal: Floats
    dual: Floats
    reduced: Floats
    most: int | None = None

    @cached_property
    def _matrix(self) -> sp.csr_matrix:
        return sp.csr_matrix(self.program.matrix())

    @cached_property
    def _pattern(self) -> sp.csr_matrix:
        return sp.csr_matrix(self._matrix.astype(bool).astype(np.int32))

    @cached_property
    def _bounds(self) -> tuple[Flags, Flags]:
        return at_limits(self.primal, self.program.lower, self.program.upper)

    @cached_property
    def duals(self) -> OptimalSet:
        """All optimal duals."""
        return optimal_duals(self.program, self.primal, self.dual, self.most)

    @cached_property
    def flows(self) -> OptimalSet:
        """All optimal values of the columns."""
        return optimal_flows(self.program, self.primal, self.dual, self.most)

    def probes(self) -> tuple[tuple[Floats, Floats], Floats]:
        """Other duals (rows,) with what bounds are then worth (columns,), and other flows (columns,): each moved at random where it is not
        known to be single. They are not optimal: what they leave as it is, all optimal duals or flows leave so.
        """
        rng, duals = np.random.default_rng(0), self.duals
        by = rng.uniform(0.5, 1.5, size=self.program.row_count) * np.where(duals.high > 0.0, 1.0, -1.0)
        _, at_upper = self._bounds
        reads = at_upper & (np.asarray(self._pattern.T @ duals.open.astype(np.int32)) > 0)
        bounds = np.where(reads, self.reduced - rng.uniform(0.5, 1.5, size=len(reads)), self.reduced)
        moved = np.where(self.flows.open, rng.uniform(0.5, 1.5, size=len(reads)), 0.0)
        return (self.dual + np.where(duals.open, by, 0.0), bounds), self.primal + moved

    def at_hand(self, way: Direction) -> Change:
        """What the flows and duals at hand say of a direction: one of several, where several are optimal."""
        priced = np.maximum(self.dual, 0.0) @ way.row_lower + np.minimum(self.dual, 0.0) @ way.row_upper
        bounds = np.minimum(self.reduced, 0.0) @ way.upper
        return Change(float(way.cost @ self.primal + priced + bounds - self.dual @ (way.matrix @ self.primal)), False)

    def change(self, way: Direction) -> Change:
        """The change in a direction."""
        sides, paid, single = self._limits(way)
        up, down = self._most_of(way, sides, self.primal), self._least_of(way, sides, self.dual)
        for _ in range(TURNS):
            if not (single and up.proven and down.proven):
                return self.at_hand(way)
            if np.isinf(up.value) or np.isinf(down.value) or _same(up.value, down.value):
                return Change((up.value if np.isinf(up.value) else down.value) + paid, True)
            better_up, better_down = self._most_of(way, sides, down.point), self._least_of(way, sides, up.point)
            up, down = (better_up if better_up.value < up.value else up), (better_down if better_down.value > down.value else down)
        return self.at_hand(way)

    def _most_of(self, way: Direction, sides: Floats, primal: Floats) -> Extreme:
        """The most over all optimal duals with these flows: no less than the change."""
        found = self.duals.most(sides - np.asarray(way.matrix @ primal))
        return Extreme(float(way.cost @ primal) + found.value, found.point, found.proven)

    def _least_of(self, way: Direction, sides: Floats, dual: Floats) -> Extreme:
        """The least over all optimal flows with these duals: no more than the change."""
        found = self.flows.least(way.cost - np.asarray(way.matrix.T @ dual))
        return Extreme(float(sides @ dual) + found.value, found.point, found.proven)

    def _limits(self, way: Direction) -> tuple[Floats, float, bool]:
        """What moves of the limits that are met, as sides of rows (rows,); what that pays whatever the duals are; and whether both are the
        same for all optimal duals. The bound of a column counts through the rows that its reduced cost is made of.
        """
        low, high, program = self.duals.low, self.duals.high, self.program
        sides = np.where(high > 0.0, way.row_lower, np.where(low < 0.0, way.row_upper, 0.0))
        torn = (low < 0.0) & (high > 0.0) & (way.row_lower != way.row_upper)
        sides = np.where(torn & (self.dual < 0.0), way.row_upper, sides)
        at_lower, at_upper = self._bounds
        shut = at_lower & at_upper & (way.upper != 0.0)
        moved = np.where(at_upper & ~(shut & (self.reduced > 0.0)), way.upper, 0.0)
        unsure = torn | (self._pattern @ shut.astype(np.int32) > 0) if shut.any() else torn
        priced = sides - np.asarray(self._matrix @ moved) if moved.any() else sides
        return priced, float(program.cost @ moved), not (self.duals.open & unsure).any()


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= SAME * max(LEAST, abs(one), abs(other))
