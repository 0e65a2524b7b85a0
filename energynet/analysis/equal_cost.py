"""How far could a figure move at the same cost? Its least and greatest value on the optimal face."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from energynet.errors import SolverFailure
from energynet.solution import Solution
from energynet.solver.face import Face
from energynet.solver.session import Floats, Session, SolveOptions


@dataclass(frozen=True)
class Range:
    """Least and greatest value of a figure over all optimal solutions; in the figure's own unit."""

    lowest: float
    highest: float


def equal_cost(solution: Solution, figures: Mapping[str, Floats]) -> dict[str, Range]:
    """The range of each figure, a weight for every column (columns,), over the optimal face of a solution.

    A figure whose range has no end raises SolverFailure.
    """
    program = solution.program
    face = Face(program.lower, program.upper, program.row_lower, program.row_upper)
    session = Session(program, SolveOptions())
    first = session.solve()
    columns, rows = face.shrink(first)
    session.change_bounds(columns, face.lower[columns], face.upper[columns])
    session.change_row_bounds(rows, face.row_lower[rows], face.row_upper[rows])
    session.set(solver="simplex", simplex_strategy=4, presolve="off")
    found = {}
    for name, weights in figures.items():
        ends = []
        for sign in (1.0, -1.0):
            size = float(np.abs(weights).max(initial=0.0)) or 1.0
            session.change_costs(sign * weights / size)
            outcome = session.solve()
            if outcome.status != "optimal":
                raise SolverFailure(f"the range of {name} was not found: {outcome.status}")
            ends.append(float(weights @ outcome.primal))
        found[name] = Range(*ends)
    return found


def delivered(solution: Solution, origin: str, *, by: str = "region") -> dict[str, Floats]:
    """Figures for `equal_cost`: volumes of an origin taken, thousand units (bcm), by region or by country of the demand."""
    system, program = solution.system, solution.program
    family = next(f for f in program.columns if f.name == "taken")
    first, stride, _ = program.family_slice(family)
    figures: dict[str, Floats] = {}
    for k, (demand, of) in enumerate(family.keys):
        if of == origin:
            country = system["nodes"].of("country", system["demands"].of("node", demand))
            place = system["countries"].of("region", country) if by == "region" else country
            weights = figures.setdefault(str(place or country), np.zeros(program.column_count))
            weights[first + k : first + k + stride * len(program.periods) : stride][: len(program.periods)] += program.days / 1000.0
    return figures
