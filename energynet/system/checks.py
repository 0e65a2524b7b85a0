"""What must hold of a system before it is solved."""

from __future__ import annotations

from energynet.dataset.package import Package
from energynet.system.alike import Numbers, different
from energynet.system.lost_load import check_values
from energynet.system.sale_prices import check_sale_prices
from energynet.system.stocks import check_cycles, check_stocks
from energynet.system.system import System

OF_VALUES: Numbers = frozenset({
    ("supplies", "cost"), ("supply_steps", "cost"), ("arcs", "tariff"), ("arcs", "entry_tariff"), ("arcs", "exit_tariff"), ("arcs", "loss"),
    ("converters", "input_cost"), ("converters", "yield"), ("demands", "value_of_lost_load"), ("demand_tiers", "share"),
    ("demand_tiers", "value_factor"), ("carriers", "energy_per_unit"), ("capacity_products", "price"),
})  # fmt: skip


def check_system(system: System, package: Package, like: System | None = None) -> None:
    """Raise InputFaults with what is wrong in the values of lost load, in the closing stocks, or in the cycles of
    storages.

    `like` is a system with the same sets that was checked already: values of lost load are compared again only where one of the
    numbers that they are compared with (`OF_VALUES`, and the sign of `demands.quantity`) is another.
    """
    if like is None or like.pairs is not system.pairs or different(like.records, system.records) & OF_VALUES:
        check_values(system, package)
    check_stocks(system, package)
    check_cycles(system, package)
    check_sale_prices(system, package)
