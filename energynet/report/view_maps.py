"""How the figures that the page draws follow from a primal solution: sparse maps, the same for every period but for their weights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from energynet.results.frames import carrier_of, country_of, weighted_days
from energynet.results.markets import BALANCE
from energynet.results.terms import balance_terms
from energynet.solution import Solution

Floats = NDArray[np.float64]
Entry = tuple[int, int, Floats]  # row of the figure, column within a period (-1: a constant), weight by period (T,)


def maps_of(solution: Solution) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Names of the rows of each figure, and its map as three arrays: `NAME_row`, `NAME_column`, `NAME_weight` (T x entries, by period).

    A figure in period t is the sum over its entries of weight[t] times the column's value: `flow` (units a day, by arc and origin),
    `netted` (units a day, by arc: what of its flow cancels against the opposite direction),
    `delivered` and `unserved` (units a day), `inventory` (units) and `balance` (units a day, rows in the order places x terms).
    `price` names the rows of the program whose dual, times `price_unit` (T,), is a demand's price.
    """
    system, periods = solution.system, solution.system.periods
    first = {family.name: family.first for family in solution.program.columns if not family.horizon}
    one = np.ones(periods)
    arcs, demands = list(system["arcs"]), list(system["demands"])
    storages = list(dict.fromkeys(key[0] for key in solution.keys("inventory")))
    places, national = _national(solution, first)
    figures: Mapping[str, Iterable[Entry]] = {
        "flow": [(k, first["flow"] + k, one) for k in range(len(solution.keys("flow")))],
        "netted": [(arcs.index(arc), first["netted"] + k, one) for k, line in enumerate(solution.keys("netted")) for arc in line],
        "delivered": [(k, first["taken"] + k, one) for k in range(len(solution.keys("taken")))],
        "unserved": [(demands.index(key[0]), first["unserved"] + k, one) for k, key in enumerate(solution.keys("unserved"))],
        "inventory": [(storages.index(key[0]), first["inventory"] + k, one) for k, key in enumerate(solution.keys("inventory"))],
        "balance": national,
    }
    arrays: dict[str, NDArray[Any]] = {}
    for name, found in figures.items():
        entries = list(found)
        arrays[f"{name}_row"] = np.array([row for row, _, _ in entries], dtype=np.int32)
        arrays[f"{name}_column"] = np.array([column for _, column, _ in entries], dtype=np.int32)
        arrays[f"{name}_weight"] = np.array([weight for _, _, weight in entries], dtype=np.float64).reshape(len(entries), periods).T.ravel()
    arrays["price_unit"] = solution.unit_value()
    priced = next((family for family in solution.program.rows if family.name == "taken"), None)
    header = {
        "flow": [list(key) for key in solution.keys("flow")], "delivered": [list(key) for key in solution.keys("taken")],
        "unserved": demands, "inventory": storages, "balance": [list(place) for place in places], "terms": list(BALANCE),
        "price": {"first": priced.first if priced else 0, "demands": [key[0] for key in priced.keys] if priced else []},
        "capacity": arcs,
    }  # fmt: skip
    return header, arrays


def _national(solution: Solution, first: Mapping[str, int]) -> tuple[list[tuple[str, str]], list[Entry]]:
    """The places (country, carrier) of the balance, and its entries as rates, terms on one row and column added up."""
    system, days = solution.system, weighted_days(solution.system)[:, 0]
    found: dict[tuple[tuple[str, str], str, int], Floats] = {}
    for term in balance_terms(solution):
        place = (country_of(system, term.node), carrier_of(system, "nodes", term.node))
        key = (place, term.column, first[term.variable] + term.position if term.variable else -1)
        found[key] = found.get(key, 0.0 * days) + term.weight / days
    places = sorted({place for place, _, _ in found})
    row = {place: k * len(BALANCE) for k, place in enumerate(places)}
    entries = [(row[place] + BALANCE.index(column), at, weight) for (place, column, at), weight in found.items() if weight.any()]
    return places, entries


def capacities(solution_arcs: Mapping[str, Floats]) -> Floats:
    """Capacity after availability, units a day, by period and arc (T x arcs, by period); infinite where there is no limit."""
    limits = solution_arcs["capacity"] * solution_arcs["availability"]
    return np.where(np.isnan(limits), np.inf, limits).ravel()
