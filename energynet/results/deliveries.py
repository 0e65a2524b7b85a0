"""Who got whose gas and power, how much of it under contract, and by which way."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from energynet.components.contract import point_of
from energynet.results.frames import Floats, by_period, by_year, carrier_of, country_of, energy_of, ordered, summed, unit_of, volumes
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
    "spot",
    "bcm",
    "gwh",
    "share_of_demand",
    "route",
    "unit",
]
Place = tuple[str, str, str]  # origin, country, carrier


def deliveries(solution: Solution) -> pd.DataFrame:
    """One row an origin, country, carrier and period, and one a year (`period` is then the year).

    `contract` and `spot` are volumes in `unit`; `bcm` is filled for what is counted in mcm, `gwh` for all. What a contract
    hands over at a border counts for its buyer, as far as that country took gas of the origin in the period.
    """
    system = solution.system
    taken = volumes(solution, "taken")
    places: list[Place] = []
    for buyer, origin in solution.keys("taken"):
        node = system["demands"].of("node", buyer)
        places.append((origin, country_of(system, node), carrier_of(system, "nodes", node)))
    named, volume = summed(taken, places)
    order: list[Place] = [(str(p[0]), str(p[1]), str(p[2])) for p in named]  # type: ignore[index]
    contract = np.minimum(_contracted(solution, order), volume)
    total = {
        (country, carrier): volume[:, [k for k, p in enumerate(order) if p[1:] == (country, carrier)]].sum(axis=1)
        for _, country, carrier in order
    }
    used = np.column_stack([total[country, carrier] for _, country, carrier in order])
    keys = {
        "origin": [p[0] for p in order],
        "country": [p[1] for p in order],
        "carrier": [p[2] for p in order],
        "unit": [unit_of(system, p[2]) for p in order],
    }
    figures: dict[str, Floats] = {"contract": contract, "spot": volume - contract, "volume": volume, "demand": used}
    periods, years = by_period(system, keys, figures), by_year(system, keys, figures)
    years["period"] = years["year"].astype(str)
    periods["year"] = np.repeat(system.horizon.year, len(order))
    periods["per"], years["per"] = "period", "year"
    periods["route"], years["route"] = _routes(solution, order)
    return _finished(pd.concat([periods, years], ignore_index=True), solution)


def _finished(frame: pd.DataFrame, solution: Solution) -> pd.DataFrame:
    frame = frame[frame["volume"] > 0.0].reset_index(drop=True)
    gas = (frame["unit"] == "mcm").to_numpy()
    carriers = frame["carrier"].to_numpy(dtype=object)
    energy = np.zeros(len(frame))
    for carrier in dict.fromkeys(carriers):
        energy[carriers == carrier] = energy_of(solution.system, carrier)
    volume, demand = frame["volume"].to_numpy(dtype=float), frame["demand"].to_numpy(dtype=float)
    frame = frame.assign(bcm=np.where(gas, volume / 1000.0, np.nan), gwh=volume * energy, share_of_demand=volume / demand)
    return ordered(frame, COLUMNS)


def _contracted(solution: Solution, order: list[Place]) -> Floats:
    """Volumes handed over under contracts, by origin and the buyer's country (T, places)."""
    system = solution.system
    table, delivered = system["contracts"], volumes(solution, "delivered")
    out = np.zeros((system.periods, len(order)))
    place = {p: k for k, p in enumerate(order)}
    for k, (contract,) in enumerate(solution.keys("delivered")):
        kind, point, origin = point_of(system, contract)
        country = country_of(system, system["demands"].of("node", point)) if kind == "demand" else table.of("buyer", contract)
        column = place.get((origin, country, carrier_of(system, "contracts", contract)))
        if column is not None:
            out[:, column] += delivered[:, k]
    return out


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
