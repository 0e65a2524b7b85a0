"""Every component's rows once more, in plain numpy from the System's arrays: a fault of the compile step would be seen here."""

from __future__ import annotations

import numpy as np

from energynet.recheck.access import access
from energynet.recheck.flows import arcs, balances, converters
from energynet.recheck.markets import contracts, demands, supplies
from energynet.recheck.money import objective
from energynet.recheck.projects import projects
from energynet.recheck.stocks import ceilings, storages
from energynet.recheck.values import Values
from energynet.solver.certificate import PRIMAL, Check

PARTS = {
    "node balances": balances,
    "arcs": arcs,
    "converters": converters,
    "supplies": supplies,
    "demands": demands,
    "storages": storages,
    "contracts": contracts,
    "ceilings": ceilings,
    "projects": projects,
    "capacity bought and priorities": access,
}
MONEY = 1e-9


def recheck(values: Values, objective_musd: float) -> tuple[Check, ...]:
    """One check a component: the worst violation of its rows and where; and the objective from prices and quantities."""
    found = []
    for name, part in PARTS.items():
        worst, where = 0.0, ""
        for label, violation in part(values):
            value = float(violation.max(initial=0.0)) if violation.size else 0.0
            if np.isnan(value):  # a figure that is no number is worse than any
                value = np.inf
            if value > worst:
                worst, where = value, label
        found.append(Check(f"recheck {name}", worst, where, "units", PRIMAL))
    total, size = objective(values)
    found.append(Check("recheck objective", abs(total - objective_musd) / max(size, 1e-3), "objective", "of sum |c x|", MONEY))
    return tuple(found)
