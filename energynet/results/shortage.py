"""Is as little unserved as can be? The least of all flows, beside what the cheapest answer leaves unserved."""

from __future__ import annotations

import numpy as np

from energynet.errors import SolverFailure
from energynet.solution import Solution
from energynet.solver.session import Floats, Session, SolveOptions

SMALL = 1e-6  # GWh


def unserved_energy(solution: Solution) -> Floats:
    """Weights (columns,) that add up unserved demand as energy, GWh."""
    system, program = solution.system, solution.program
    weights = np.zeros(program.column_count)
    carriers = system["carriers"]
    for family in program.columns:
        if family.name == "unserved":
            first, stride, _ = program.family_slice(family)
            for k, (demand, _) in enumerate(family.keys):
                carrier = carriers.position[system.carrier_of["demands", demand]]
                at = first + k + stride * np.arange(len(program.periods))
                weights[at] = program.days * carriers.number["energy_per_unit"][carrier]
    return weights


def beyond_least_unserved(solution: Solution) -> float:
    """Unserved demand beyond the least that any flows could leave, GWh: where it is not zero, cost was put above supply."""
    weights = unserved_energy(solution)
    left = float(weights @ solution.primal)
    if left <= SMALL:
        return 0.0
    session = Session(solution.program, SolveOptions())
    session.change_costs(weights / weights.max())
    outcome = session.solve()
    if outcome.status != "optimal":
        raise SolverFailure(f"the least unserved demand was not found: {outcome.status}")
    return max(left - float(weights @ outcome.primal), 0.0)
