"""Netbacks: what a destination's price leaves at the field, along the way that the gas took."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from energynet.components.capacity_product import for_sale
from energynet.recheck.access import capacity_by_period
from energynet.recheck.values import Values
from energynet.results.arcs import arc_fuel
from energynet.results.frames import NOISE, Floats, carrier_of, clean, country_of, money_unit
from energynet.solution import Solution

Flags = NDArray[np.bool_]
COLUMNS = [
    "origin", "destination", "country", "carrier", "period", "start", "days", "price", "tariffs", "bookings", "fuel", "netback", "volume",
    "unit",
]  # fmt: skip


@dataclass
class Links:
    """Ways of one origin from node to node: what is sent and what arrives (units/d), and what is paid for a unit sent, each (T, links)."""

    ends: list[tuple[str, str]] = field(default_factory=list)
    sent: list[Floats] = field(default_factory=list)
    arrived: list[Floats] = field(default_factory=list)
    tariff: list[Floats] = field(default_factory=list)
    booking: list[Floats] = field(default_factory=list)

    def add(self, ends: tuple[str, str], sent: Floats, arrived: Floats, tariff: Floats, booking: Floats) -> None:
        self.ends.append(ends)
        for held, values in ((self.sent, sent), (self.arrived, arrived), (self.tariff, tariff), (self.booking, booking)):
            held.append(values)


def netbacks(solution: Solution) -> pd.DataFrame:
    """One row an origin, demand and period with gas (power) of that origin: the price there (USD/tcm, USD/MWh), less the tariffs by volume
    and the charges of booked and bought capacity on the way, less the fuel on the way, is the netback of a unit at the field.

    The way is traced proportionally: what leaves a node has the mix of ways of what came to it. Gas from storage, and power from a plant,
    begin its way there. Charges of booked capacity are shared by all that flowed through it in the period.
    """
    links, system = _links(solution), solution.system
    price = solution.duals("taken") * solution.unit_value()[:, None]
    priced = {demand: price[:, k] for k, (demand,) in enumerate(solution.row_keys("taken"))}
    taken, days = clean(solution.values("taken")), system["period"].number["days_weighted"][:, 0]
    rows = []
    costs = {origin: _at_nodes(solution, origin, own) for origin, own in links.items()}
    for k, (demand, origin) in enumerate(solution.keys("taken")):
        node = system["demands"].of("node", demand)
        carrier = carrier_of(system, "demands", demand)
        needed, tariffs, bookings = (values.get(node, start) for values, start in zip(costs[origin], (1.0, 0.0, 0.0), strict=True))
        ones = np.ones(system.periods)
        left = priced[demand] - tariffs - bookings
        figures = {"price": priced[demand], "tariffs": tariffs * ones, "bookings": bookings * ones, "fuel": left * (1.0 - 1.0 / needed)}
        netback = left / needed
        about = {"origin": origin, "destination": demand, "country": country_of(system, node), "carrier": carrier}
        unit = money_unit(system, carrier)
        for t in np.flatnonzero(taken[:, k] > 0.0):
            when = {"period": system.horizon.labels[t], "start": system.horizon.start[t], "days": system.horizon.days[t]}
            told = {name: float(values[t]) for name, values in figures.items()}
            rows.append({**about, **when, **told, "netback": float(netback[t]), "volume": float(taken[t, k] * days[t]), "unit": unit})
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.assign(start=frame["start"].astype("datetime64[ms]"))


def _links(solution: Solution) -> dict[str, Links]:
    """The ways of every origin."""
    system = solution.system
    arcs, found = system["arcs"], {origin: Links() for origin in system["origins"].ids}
    pairs, fuel = arc_fuel(solution)
    flow = clean(solution.values("flow"))
    whole: dict[str, Floats] = {}
    for k, (arc, _) in enumerate(pairs):
        whole[arc] = whole.get(arc, np.zeros(system.periods)) + flow[:, k]
    beyond = {arc: solution.values("beyond")[:, k] for k, (arc,) in enumerate(solution.keys("beyond"))}
    bought = _bought(solution)
    for k, (arc, origin) in enumerate(pairs):
        at = arcs.position[arc]
        tariff = sum(arcs.number[name][:, at] for name in ("tariff", "entry_tariff", "exit_tariff"))
        with np.errstate(invalid="ignore", divide="ignore"):
            paying = np.where(whole[arc] > NOISE, beyond.get(arc, whole[arc]) / whole[arc], 1.0)
            booking = np.where(whole[arc] > NOISE, (arcs.number["booking_charge"][:, at] + bought.get(arc, 0.0)) / whole[arc], 0.0)
        ends = (arcs.of("from_node", arc), arcs.of("to_node", arc))
        found[origin].add(ends, flow[:, k], flow[:, k] - fuel[:, k], np.asarray(tariff) * (paying if arc not in bought else 0.0), booking)
    swaps, handed = system["swaps"], clean(solution.values("swapped"))
    for k, (swap,) in enumerate(solution.keys("swapped")):
        kept = 1.0 - swaps.number["fee"][:, swaps.position[swap]]
        cost = swaps.number["cost"][:, swaps.position[swap]]
        ends = (swaps.of("hand_over_node", swap), swaps.of("receipt_node", swap))
        found[swaps.of("origin", swap)].add(ends, handed[:, k], handed[:, k] * kept, cost, np.zeros(system.periods))
    return found


def _bought(solution: Solution) -> dict[str, Floats]:
    """What is paid for the capacity bought on each arc that sells it, USD/tcm x units/d (T,)."""
    system = solution.system
    values, products = Values(system, solution.program, solution.primal), system["capacity_products"]
    found = {arc: np.zeros(system.periods) for arc in for_sale(system)}
    for product in dict.fromkeys(key[0] for key in solution.keys("bought_capacity")):
        daily = values.data("capacity_products", "daily_charge", product)
        found[products.of("arc", product)] += daily * capacity_by_period(values, product)
    return found


def _at_nodes(solution: Solution, origin: str, links: Links) -> tuple[dict[str, Floats], dict[str, Floats], dict[str, Floats]]:
    """For each node, of one unit there: units needed at the field, tariffs and charges paid on the way, each (T,)."""
    nodes = list(dict.fromkeys(node for ends in links.ends for node in ends))
    place = {node: k for k, node in enumerate(nodes)}
    periods, size = solution.system.periods, len(nodes)
    begun = np.zeros((periods, size))
    for node, values in _begun(solution, origin):
        if node in place:
            begun[:, place[node]] += values
    arrived = begun.copy()
    for (_, to), came in zip(links.ends, links.arrived, strict=True):
        arrived[:, place[to]] += came
    reached = _reached(links, place, begun > NOISE)
    arrived = np.where(arrived > NOISE, arrived, 1.0)
    share, right = np.zeros((periods, size, size)), np.zeros((periods, size, 3))
    right[:, :, 0] = begun / arrived
    for (source, to), sent, tariff, booking in zip(links.ends, links.sent, links.tariff, links.booking, strict=True):
        weight = np.where(reached[:, place[to]], sent / arrived[:, place[to]], 0.0)
        share[:, place[to], place[source]] += weight
        right[:, place[to], 1] += weight * tariff
        right[:, place[to], 2] += weight * booking
    solved = np.linalg.solve(np.eye(size)[None] - share, right) if size else right
    needed = np.where(solved[:, :, 0] > NOISE, solved[:, :, 0], 1.0)
    return tuple({node: values[:, k] for node, k in place.items()} for values in (needed, solved[:, :, 1], solved[:, :, 2]))  # type: ignore[return-value]


def _reached(links: Links, place: dict[str, int], begun: Flags) -> Flags:
    """Which nodes gas from a field comes to (T, nodes): what only runs in a circle never began anywhere, and has no way to trace."""
    ways = [(place[source], place[to], sent > 0.0) for (source, to), sent in zip(links.ends, links.sent, strict=True)]
    reached, before = begun, np.zeros_like(begun)
    while (reached != before).any():
        before = reached.copy()
        for source, to, flows in ways:
            reached[:, to] |= reached[:, source] & flows
    return reached


def _begun(solution: Solution, origin: str) -> Iterable[tuple[str, Floats]]:
    """Where gas or power of an origin begins its way, units/d (T,): supplies, storages and plants."""
    system = solution.system
    for name, table in (("supply", "supplies"), ("withdraw", "storages")):
        values = clean(solution.values(name))
        for k, (record, other) in enumerate(solution.keys(name)):
            of = system["supplies"].of("origin", record) if name == "supply" else other
            if of == origin:
                yield system[table].of("node", record), values[:, k]
    converters, burnt = system["converters"], clean(solution.values("convert"))
    for k, (converter, _) in enumerate(solution.keys("convert")):
        if converters.of("origin", converter) == origin:
            yield converters.of("to_node", converter), burnt[:, k] * converters.number["yield"][:, converters.position[converter]]
