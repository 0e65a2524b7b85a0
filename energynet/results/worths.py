"""What one more and one less of something is worth: both one-sided derivatives of the optimum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from energynet.program.linear_program import LinearProgram
from energynet.results.frames import Floats
from energynet.solution import Solution
from energynet.solver.derivative import Change, Direction, Optimum

MOST = 200_000  # columns: the optimal duals and flows of a larger program are not searched
NOISE = 1e-9  # million USD


@dataclass(frozen=True)
class Worth:
    """Million USD: what one `more` would save and one `less` would cost; NaN where there can be no more or less. `proven`: both are
    one-sided derivatives. If not, both are what the duals at hand say: more saves at most as much, and less costs at least as much.
    """

    more: float
    less: float
    proven: bool


class Worths:
    """The worth of what moves the limits of a solution.

    Nothing is proven where other objectives come before the cost, where years were solved one after the other, and beyond `MOST` columns.
    """

    def __init__(self, solution: Solution) -> None:
        self.program: LinearProgram = solution.program
        self._optimum = Optimum(solution.program, solution.primal, solution.dual, solution.reduced)
        self._searched = not solution.parts and solution.program.column_count <= MOST

    def of(self, more: Direction, less: Direction | None) -> Worth:
        """What moves the limits one unit up, and one unit down; None where there is nothing to take away."""
        found = self._change(more), (Change(np.nan, True) if less is None else self._change(less))
        saved, lost = (_told(sign * one.musd) for sign, one in zip((-1.0, 1.0), found, strict=True))
        return Worth(saved, lost, found[0].proven and found[1].proven)

    def _change(self, way: Direction) -> Change:
        return self._optimum.change(way) if self._searched else self._optimum.at_hand(way)


def _told(musd: float) -> float:
    """Rounding about zero as zero, and no number where there is no answer."""
    return np.nan if np.isinf(musd) else musd if abs(musd) > NOISE else 0.0


def of_arcs(solution: Solution, arcs: list[str], rate: Floats) -> dict[str, Floats]:
    """The worth of a unit a day of each arc's capacity over each calendar year, with what it shares in its corridor where it flows: columns
    of the table `congestion`, each (years, arcs). `rate` (T, arcs) is what flows. Not known where the horizon holds several scenarios.
    """
    labels, group = solution.system.horizon.groups["calendar"]
    found = np.full((3, len(labels), len(arcs)), np.nan)
    found[2] = 0.0
    if solution.system.horizon.scenario is None:
        worths, ways = Worths(solution), _Ways(solution)
        for year in range(len(labels)):
            for k, arc in enumerate(arcs):
                one = worths.of(*ways.of(arc, (group == year).astype(float), rate[:, k]))
                found[:, year, k] = one.more, one.less, one.proven
    return {"worth_of_more_musd": found[0], "worth_of_less_musd": found[1], "worth_proven": found[2]}


class _Ways:
    """The limits that the capacity of an arc moves."""

    def __init__(self, solution: Solution) -> None:
        self._solution, self._program = solution, solution.program
        self._families = {f.name: f for f in (*solution.program.rows, *solution.program.columns) if not f.horizon}

    def of(self, arc: str, when: Floats, rate: Floats) -> tuple[Direction, Direction | None]:
        """One more unit a day in the periods `when` (T,), and one less where there is any."""
        arcs = self._solution.system["arcs"]
        there = arcs.number["capacity"][:, arcs.position[arc]] > 0.0
        more, less = self._way(arc, when, rate), self._way(arc, when * there, rate)
        return more, less.turned() if (when * there).any() else None

    def _way(self, arc: str, when: Floats, rate: Floats) -> Direction:
        system, sides, upper = self._solution.system, np.zeros(self._program.row_count), np.zeros(self._program.column_count)
        arcs, corridors, rules = system["arcs"], system["corridors"], system["arc_origins"]
        open_ = when * arcs.number["available_share"][:, arcs.position[arc]]
        for name in ("capacity", "netting_limit"):
            self._move(sides, name, (arc,), open_)
        corridor = arcs.of("corridor", arc)
        if corridor in corridors.position:
            at = corridors.position[corridor]
            taken = corridors.number["available_share" if arcs.of("direction", arc) == "forward" else "backward_share"][:, at]
            self._move(sides, "corridor", (corridor,), when * taken * (rate > 0.0))
        for origin in (key[1] for key in self._solution.keys("flow") if key[0] == arc):
            rule = rules.position.get(f"{arc}/{origin}")
            if rule is not None and rules.number["allowed"][:, rule].min() < 1.0:
                self._move(upper, "flow", (arc, origin), when * rules.number["permitted_share"][:, rule])
        return Direction.of_limits(self._program, sides, upper)

    def _move(self, into: Floats, name: str, key: tuple[str, ...], by: Floats) -> None:
        """Write what moves by period (T,) where a row or column of that name stands, if there is one."""
        family = self._families.get(name)
        if family is not None and key in family.keys:
            first, stride, _ = self._program.family_slice(family)
            into[first + family.keys.index(key) + stride * np.arange(len(by))] = by
