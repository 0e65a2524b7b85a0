"""Markets: national balances, prices and what was not served."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from energynet.results.frames import (
    SCENARIO,
    Floats,
    by_period,
    by_year,
    carrier_of,
    clean,
    country_of,
    energy_of,
    money_unit,
    ordered,
    side_by_side,
    unit_of,
    volumes,
    weighted_days,
)
from energynet.results.terms import balance_terms
from energynet.solution import Solution

SAME = 1e-6  # USD/tcm or USD/MWh, relative beyond 1: prices nearer than this are one
BALANCE = ("production", "imports", "exports", "storage_change", "fuel_and_losses", "converted", "swaps", "served", "unserved")


class _Sums:
    """Volumes (T,) added up by country, carrier and column."""

    def __init__(self, solution: Solution) -> None:
        self.solution, self.system = solution, solution.system
        self.values: dict[tuple[str, str], dict[str, Floats]] = {}

    def add(self, node: str, column: str, volume: Floats) -> None:
        place = (country_of(self.system, node), carrier_of(self.system, "nodes", node))
        if place not in self.values:
            self.values[place] = {name: np.zeros(self.system.periods) for name in BALANCE}
        self.values[place][column] += volume


def balance(solution: Solution) -> pd.DataFrame:
    """One row a country, carrier and period, and one a country, carrier and year (`period` is then the year).

    What comes is positive, what goes is negative; `production + imports + exports + storage_change + fuel_and_losses +
    converted + swaps + served` is zero. `unserved` stands beside it. Fuel of a line that crosses a border is the sender's.
    """
    sums = _national(solution)
    system = solution.system
    places = sorted(sums.values)
    keys = {"country": [c for c, _ in places], "carrier": [c for _, c in places], "unit": [unit_of(system, c) for _, c in places]}
    columns = {name: side_by_side([sums.values[place][name] for place in places], system) for name in BALANCE}
    periods = by_period(system, keys, columns)
    years = by_year(system, keys, columns)
    years["period"] = years["year"].astype(str)
    periods["year"] = np.repeat(system.horizon.year, len(places))
    periods["per"], years["per"] = "period", "year"
    order = ["country", "carrier", "per", "period", "year", "start", "days", "weight", "unit", *BALANCE]
    return ordered(pd.concat([periods, years], ignore_index=True), order)


def _national(solution: Solution) -> _Sums:
    sums = _Sums(solution)
    for term in balance_terms(solution):
        value = clean(solution.values(term.variable)[:, term.position]) if term.variable else 1.0
        sums.add(term.node, term.column, value * term.weight)
    return sums


def unserved(solution: Solution) -> pd.DataFrame:
    """One row a demand, tier and period with firm demand not met; `share` is of the tier's demand. Empty where all was served."""
    system = solution.system
    demands, tiers = system["demands"], system["demand_tiers"]
    keys = solution.keys("unserved")
    share = np.array([tiers.number["share"][tiers.position["/".join(key)]] for key in keys])
    volume = volumes(solution, "unserved")
    wanted = (
        np.column_stack([demands.number["quantity"][:, demands.position[d]] for d, _ in keys]) * share * weighted_days(system)
        if keys
        else volume
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.where(wanted > 0.0, volume / wanted, 0.0)
    named = {
        "demand": [d for d, _ in keys],
        "tier": [t for _, t in keys],
        "unit": [unit_of(system, carrier_of(system, "demands", d)) for d, _ in keys],
    }
    frame = by_period(system, named, {"volume": volume, "share": part})
    return frame[frame["volume"] > 0.0].reset_index(drop=True)


def prices(solution: Solution) -> pd.DataFrame:
    """One row a node, origin and period (what one more unit there would cost), and one a demand and period (`demand` filled).

    USD/tcm for what is counted in mcm, USD/MWh for what is counted in GWh. `lowest` and `highest` are the least and greatest price
    over all optimal duals, empty where they were not asked for; `unique` says that they are known and agree. `usd_per_mwh` and
    `eur_per_mwh` are the same price by gross calorific energy, in euro at the period's exchange rate; empty where the data have none.
    """
    system = solution.system
    pairs = solution.row_keys("balance")
    nodes = {
        "node": [n for n, _ in pairs], "origin": [o for _, o in pairs], "demand": [""] * len(pairs),
        "unit": [money_unit(system, carrier_of(system, "nodes", n)) for n, _ in pairs],
    }  # fmt: skip
    demands = [d for (d,) in solution.row_keys("taken")]
    buyers = {
        "node": [system["demands"].of("node", d) for d in demands], "origin": [""] * len(demands), "demand": demands,
        "unit": [money_unit(system, carrier_of(system, "demands", d)) for d in demands],
    }  # fmt: skip
    parts = []
    for keys, constraint in ((buyers, "taken"), (nodes, "balance")):
        parts.append(by_period(system, keys, _prices_of(solution, constraint) | _by_energy(solution, constraint, keys)))
    frame = pd.concat(parts, ignore_index=True)
    return ordered(frame, [str(name) for name in frame if name != SCENARIO])


def _by_energy(solution: Solution, constraint: str, keys: Mapping[str, Sequence[object]]) -> dict[str, NDArray[Any]]:
    """The prices in USD/MWh and EUR/MWh, each (T, k)."""
    system, rates = solution.system, solution.system["exchange_rates"]
    energy = np.array([energy_of(system, carrier_of(system, "nodes", str(node))) for node in keys["node"]])
    dollars = clean(solution.duals(constraint) * solution.unit_value()[:, None]) / energy
    euro = rates.number["usd"][:, rates.position["EUR"]] if "EUR" in rates.position else np.full(system.periods, np.nan)
    return {"usd_per_mwh": dollars, "eur_per_mwh": dollars / euro[:, None]}


def _prices_of(solution: Solution, constraint: str) -> dict[str, NDArray[Any]]:
    """Price, whether it is the only one, and its range, each (T, k)."""
    size = solution.unit_value()[:, None]
    low, high = (ends * size for ends in solution.dual_range(constraint))
    with np.errstate(invalid="ignore"):
        unique = np.isfinite(low) & np.isfinite(high) & (high - low <= SAME * np.maximum(1.0, np.abs(high)))
    return {"price": clean(solution.duals(constraint) * size), "unique": unique, "lowest": low, "highest": high}
