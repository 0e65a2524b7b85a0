"""The objective once more, from prices and quantities."""

from __future__ import annotations

from typing import Any

import numpy as np

from energynet.components.capacity_product import for_sale
from energynet.recheck.access import capacity_by_period
from energynet.recheck.projects import yearly_costs
from energynet.recheck.stocks import counted_by
from energynet.recheck.values import Floats, Values

THOUSANDTH = 0.001
MILLIONTH = 1e-6


def objective(values: Values) -> tuple[Any, Any]:
    """The objective, and the sum of the sizes of its parts, million USD: numbers, or (scenarios,) where there are many."""
    parts = [part.sum(axis=0) * THOUSANDTH for part in (*_daily(values), *_yearly(values))]
    parts += [part.sum(axis=0) for part in (*yearly_costs(values), *_charges(values))]
    return np.sum(parts, axis=0), np.abs(parts).sum(axis=0)


def _charges(values: Values) -> list[Floats]:
    """Charges on what ceilings count, and penalties for what misses them, million USD."""
    table, found = values.system["ceilings"], list[Floats]()
    for ceiling in table:
        paid = values.data("ceilings", "charged", ceiling) * counted_by(values, ceiling)
        found.append(paid * values.weighted * values.discount * MILLIONTH)
    for ceiling, year in values.keys("missed"):
        inside = dict(values.years(table.of("year", ceiling)))[year]
        valid = (values.weighted * values.present("ceilings", ceiling))[inside]
        cost = (values.data("ceilings", "missed_cost", ceiling)[inside] * valid).sum(axis=0) / valid.sum(axis=0)
        found.append(np.asarray(cost * values.of_year("missed", ceiling, year))[None])
    return found


def _daily(values: Values) -> list[Floats]:
    """USD/tcm (USD/MWh) x volume, by period."""
    system, days, found = values.system, values.weighted * values.discount, list[Floats]()
    sunk = {key[0] for key in values.keys("beyond")}
    by_capacity = set(for_sale(system))
    for arc in dict.fromkeys(key[0] for key in values.keys("flow") if key[0] not in by_capacity):
        paying = values.of("beyond", arc) if arc in sunk else values.sum("flow", [key for key in values.keys("flow") if key[0] == arc])
        found += [values.data("arcs", name, arc) * paying * days for name in ("tariff", "entry_tariff", "exit_tariff")]
    for product in dict.fromkeys(key[0] for key in values.keys("bought_capacity")):
        found.append(values.data("capacity_products", "daily_charge", product) * capacity_by_period(values, product) * days)
    found += [values.data("arcs", "booking_charge", arc) * days for arc in system["arcs"]]
    curve = system["supply_steps"]
    for supply, step in values.keys("supply"):
        rise = values.data("supply_steps", "cost", f"{supply}/{step}") if f"{supply}/{step}" in curve.position else 0.0
        found.append((values.data("supplies", "cost", supply) + rise) * values.of("supply", supply, step) * days)
    for demand, tier in values.keys("unserved"):
        worth = values.data("demands", "value_of_lost_load", demand) * values.data("demand_tiers", "value_factor", f"{demand}/{tier}")
        found.append(worth * values.of("unserved", demand, tier) * days)
    for key in values.keys("bought"):
        found.append(-values.data("demand_blocks", "willingness", "/".join(key)) * values.of("bought", *key) * days)
    for storage, origin in values.keys("inject"):
        for cost, variable in (("injection_cost", "inject"), ("withdrawal_cost", "withdraw")):
            found.append(values.data("storages", cost, storage) * values.of(variable, storage, origin) * days)
    for converter, origin in values.keys("convert"):
        found.append(values.data("converters", "input_cost", converter) * values.of("convert", converter, origin) * days)
    found += [values.data("swaps", "cost", swap) * values.of("swapped", swap) * days for (swap,) in values.keys("swapped")]
    for (contract,) in values.keys("delivered"):
        net = values.data("contracts", "contract_price", contract) - values.data("contracts", "seller_cost", contract)
        found.append(net * values.of("delivered", contract) * days)
    for (contract,) in values.keys("shortfall"):
        found.append(values.data("contracts", "shortfall_penalty", contract) * values.of("shortfall", contract) * days)
    return found


def _yearly(values: Values) -> list[Floats]:
    """USD/tcm (USD/MWh) x units: what was paid for and not taken, and missed filling targets."""
    table, found = values.system["contracts"], list[Floats]()
    for contract, year in values.keys("not_taken"):
        inside = dict(values.years(table.of("contract_year", contract)))[year]
        days = (values.present("contracts", contract) * values.weighted)[inside]
        price = (values.data("contracts", "annual_price", contract)[inside] * days).sum(axis=0) / days.sum(axis=0)
        paid = values.of_year("not_taken", contract, year) - values.of_year("make_up", contract, year)
        found.append(np.asarray(price * paid / THOUSANDTH)[None])
    for (storage,) in values.keys("target_missing"):
        found.append(values.data("storages", "penalty", storage) * values.of("target_missing", storage) * values.discount)
    return found
