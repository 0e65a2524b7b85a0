"""Who got whose gas and power, how much of it under contract, and by which way."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from energynet.components.contract import point_of
from energynet.results.frames import Floats, by_period, by_year, carrier_of, clean, country_of, energy_of, ordered, summed, unit_of, volumes
from energynet.results.routes import Ways, in_words, routes
from energynet.solution import Solution

SHORT = 60  # a horizon of more periods than this has its ways by year only
COLUMNS = [
    "origin",
    "country",
    "carrier",
    "per",
    "period",
    "year",
    "start",
    "days",
    "weight",
    "contract",
    "beyond_contract",
    "demand",
    "bcm",
    "gwh",
    "share_of_demand",
    "route",
    "unit",
]
Place = tuple[str, str, str]  # origin, country, carrier


def deliveries(solution: Solution) -> pd.DataFrame:
    """One row an origin, country, carrier and period, and one a year (`period` is then the year).

    `contract`, `beyond_contract` and `demand` are volumes in `unit`. `contract` is what contracts of the origin handed over to buyers of
    the country, as in the table `contracts`. `beyond_contract` is what was taken there beyond it: below zero where gas of a contract went
    into storage or on to others. `demand` is all that the country asked for: what it took of all origins, and what was not served;
    `share_of_demand` is the origin's part of it. `bcm` is filled for what is counted in mcm, `gwh` for all.
    """
    system = solution.system
    taken = volumes(solution, "taken")
    places: list[Place] = []
    for buyer, origin in solution.keys("taken"):
        node = system["demands"].of("node", buyer)
        places.append((origin, country_of(system, node), carrier_of(system, "nodes", node)))
    sold, handed = _contracted(solution)
    named, both = summed(np.column_stack([taken, 0.0 * handed]), [*places, *sold])
    order: list[Place] = [(str(p[0]), str(p[1]), str(p[2])) for p in named]  # type: ignore[index]
    volume, contract = both, np.zeros_like(both)
    for k, place in enumerate(sold):
        contract[:, order.index(place)] += handed[:, k]
    asked = _asked(solution)
    demand = np.column_stack([asked.get(place[1:], np.zeros(system.periods)) for place in order]) if order else volume
    keys = {
        "origin": [p[0] for p in order],
        "country": [p[1] for p in order],
        "carrier": [p[2] for p in order],
        "unit": [unit_of(system, p[2]) for p in order],
    }
    figures: dict[str, Floats] = {"contract": contract, "beyond_contract": clean(volume - contract), "volume": volume, "demand": demand}
    periods, years = by_period(system, keys, figures), by_year(system, keys, figures)
    years["period"] = years["year"].astype(str)
    periods["year"] = np.repeat(system.horizon.year, len(order))
    periods["per"], years["per"] = "period", "year"
    periods["route"], years["route"] = _routes(solution, order)
    return _finished(pd.concat([periods, years], ignore_index=True), solution)


def _finished(frame: pd.DataFrame, solution: Solution) -> pd.DataFrame:
    frame = frame[(frame["volume"] > 0.0) | (frame["contract"] > 0.0)].reset_index(drop=True)
    gas = (frame["unit"] == "mcm").to_numpy()
    carriers = frame["carrier"].to_numpy(dtype=object)
    energy = np.zeros(len(frame))
    for carrier in dict.fromkeys(carriers):
        energy[carriers == carrier] = energy_of(solution.system, carrier)
    volume, demand = frame["volume"].to_numpy(dtype=float), frame["demand"].to_numpy(dtype=float)
    share = np.divide(volume, demand, out=np.zeros_like(volume), where=demand > 0.0)
    frame = frame.assign(bcm=np.where(gas, volume / 1000.0, np.nan), gwh=volume * energy, share_of_demand=share)
    return ordered(frame, COLUMNS)


def _contracted(solution: Solution) -> tuple[list[Place], Floats]:
    """Origin, the buyer's country and carrier of each contract, and what it handed over (T, contracts)."""
    system, places = solution.system, list[Place]()
    for (contract,) in solution.keys("delivered"):
        kind, point, origin = point_of(system, contract)
        bought = country_of(system, system["demands"].of("node", point)) if kind == "demand" else system["contracts"].of("buyer", contract)
        places.append((origin, str(bought), carrier_of(system, "contracts", contract)))
    return places, volumes(solution, "delivered")


def _asked(solution: Solution) -> dict[tuple[str, ...], Floats]:
    """What each country asked for of a carrier: what was taken, of all origins, and what was not served (T,)."""
    system, found = solution.system, dict[tuple[str, ...], Floats]()
    for name in ("taken", "unserved"):
        held = volumes(solution, name)
        for k, key in enumerate(solution.keys(name)):
            node = system["demands"].of("node", key[0])
            place = (country_of(system, node), carrier_of(system, "nodes", node))
            found[place] = found.get(place, np.zeros(system.periods)) + held[:, k]
    return found


def _routes(solution: Solution, order: list[Place]) -> tuple[list[str], list[str]]:
    """The ways to each place by period, and by year as the sum of its periods; many periods have the ways of their year alone, and
    many scenarios none: they are traced one by one.
    """
    system = solution.system
    labels, group = system.horizon.groups["calendar"]
    if system.horizon.scenario is not None:
        return [""] * (system.periods * len(order)), [""] * (len(labels) * len(order))
    short = system.periods <= SHORT
    found = _ways(solution, np.arange(system.periods) if short else group)
    yearly: dict[tuple[int, Place], Ways] = {}
    for (time, place), ways in found.items():
        into = yearly.setdefault((int(group[time]) if short else time, place), {})
        for way, width in ways.items():
            into[way] = into.get(way, 0.0) + width
    by_year = {key: in_words(ways) for key, ways in yearly.items()}
    by_period = {key: in_words(ways) for key, ways in found.items()} if short else {}
    years = [by_year.get((g, place), "") for g in range(len(labels)) for place in order]
    if short:
        return [by_period.get((t, place), "") for t in range(system.periods) for place in order], years
    return [by_year.get((g, place), "") for g in group.tolist() for place in order], years


def _ways(solution: Solution, times: NDArray[np.int64]) -> dict[tuple[int, Place], Ways]:
    """The ways to each place in each time, from the volumes of that time; `times` gives each period its time (T,)."""
    system = solution.system
    flow, taken, start = volumes(solution, "flow"), volumes(solution, "taken"), _starts(solution)
    arcs, demands = ([(key[0], key[1]) for key in solution.keys(name)] for name in ("flow", "taken"))
    found: dict[tuple[int, Place], Ways] = {}
    for time in range(int(times.max()) + 1):
        chosen = times == time
        at = dict(zip(arcs, flow[chosen].sum(axis=0).tolist(), strict=True))
        got = dict(zip(demands, taken[chosen].sum(axis=0).tolist(), strict=True))
        begun = {place: float(values[chosen].sum()) for place, values in start.items()}
        for (demand, origin), ways in routes(system, at, begun, got).items():
            node = system["demands"].of("node", demand)
            place = (origin, country_of(system, node), carrier_of(system, "nodes", node))
            into = found.setdefault((time, place), {})
            for way, width in ways.items():
                into[way] = into.get(way, 0.0) + width
    return found


def _starts(solution: Solution) -> dict[tuple[str, str], Floats]:
    """Where an origin's gas or power begins: supplies, storages that give, converters, and what swaps hand back (T,)."""
    system = solution.system
    found: dict[tuple[str, str], Floats] = {}

    def add(node: str, origin: str, volume: Floats) -> None:
        found[node, origin] = found.get((node, origin), np.zeros(system.periods)) + volume

    supplied = volumes(solution, "supply")
    for k, (supply, _) in enumerate(solution.keys("supply")):
        add(system["supplies"].of("node", supply), system["supplies"].of("origin", supply), supplied[:, k])
    given = volumes(solution, "withdraw")
    for k, (storage, origin) in enumerate(solution.keys("withdraw")):
        add(system["storages"].of("node", storage), origin, given[:, k])
    converters, burnt = system["converters"], volumes(solution, "convert")
    for k, (converter, _) in enumerate(solution.keys("convert")):
        made = burnt[:, k] * converters.number["yield"][:, converters.position[converter]]
        add(converters.of("to_node", converter), converters.of("origin", converter), made)
    swaps, handed = system["swaps"], volumes(solution, "swapped")
    for k, (swap,) in enumerate(solution.keys("swapped")):
        kept = 1.0 - swaps.number["fee"][:, swaps.position[swap]]
        add(swaps.of("receipt_node", swap), swaps.of("origin", swap), handed[:, k] * kept)
        add(swaps.of("hand_over_node", swap), swaps.of("partner_origin", swap), handed[:, k])
    return found
