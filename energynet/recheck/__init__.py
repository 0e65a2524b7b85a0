"""Every component's rows once more, in plain numpy from the System's arrays: a fault of the compile step would be seen here."""

from __future__ import annotations

import numpy as np

from energynet.recheck.access import access
from energynet.recheck.flows import arcs, balances, converters
from energynet.recheck.markets import contracts, demands, supplies
from energynet.recheck.money import objective
from energynet.recheck.projects import projects
from energynet.recheck.stocks import ceilings, storages
from energynet.recheck.values import Floats, Values
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
    return recheck_many(values, np.array([objective_musd]))[0]


def recheck_many(values: Values, objectives_musd: Floats) -> list[tuple[Check, ...]]:
    """As `recheck`, for each scenario of the values; `objectives_musd` (scenarios,)."""
    count = len(objectives_musd)
    found: list[list[Check]] = [[] for _ in range(count)]
    for name, part in PARTS.items():
        worst, where = np.zeros(count), [""] * count
        for label, violation in part(values):
            if violation.size:
                value = violation.reshape(len(violation), -1).max(axis=0)
                value = np.where(np.isnan(value), np.inf, value)  # a figure that is no number is worse than any
                for k in np.flatnonzero(value > worst).tolist():
                    worst[k], where[k] = value[k], label
        for k, checks in enumerate(found):
            checks.append(Check(f"recheck {name}", float(worst[k]), where[k], "units", PRIMAL))
    total, size = (np.atleast_1d(figure) for figure in objective(values))
    off = np.abs(total - objectives_musd) / np.maximum(size, 1e-3)
    for k, checks in enumerate(found):
        checks.append(Check("recheck objective", float(off[k]), "objective", "of sum |c x|", MONEY))
    return [tuple(checks) for checks in found]
