"""Every component with algebra, in the order in which it is written down; the balance comes last."""

from __future__ import annotations

from energynet.components import (
    arc,
    balance,
    capacity_product,
    ceiling,
    contract,
    converter,
    demand,
    priority,
    project,
    storage,
    supply,
    swap,
)
from energynet.components.scope import HorizonScope, PeriodScope

PERIOD = (arc, capacity_product, converter, supply, demand, storage, contract, swap, ceiling, priority, balance)
HORIZON = (project, capacity_product, supply, contract, ceiling, priority)


def name_of(module: object) -> str:
    """The component's name: the last part of its module's."""
    return str(getattr(module, "__name__", "")).rsplit(".", 1)[-1]


def write_period(scope: PeriodScope) -> None:
    """Write the algebra of one period into a scope."""
    for module in PERIOD:
        scope.component = name_of(module)
        module.period(scope)


def write_horizon(scope: HorizonScope) -> None:
    """Write the rows and columns of the horizon into a scope."""
    for module in HORIZON:
        scope.component = name_of(module)
        module.horizon(scope)
