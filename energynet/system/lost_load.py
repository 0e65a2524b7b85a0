"""Whether the value of lost load stands above the dearest supply: else a shortage would be chosen where gas can be had."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping

import numpy as np

from energynet.components.capacity_product import for_sale
from energynet.dataset.package import Package
from energynet.errors import Fault, InputFaults
from energynet.system.system import System

Place = tuple[str, str]  # node, origin
Link = tuple[Place, float, float]  # to, cost of a unit sent in, units that arrive


def check_values(system: System, package: Package) -> None:
    """The lowest value of lost load of each demand against the cheapest way from the dearest supply that can reach it.

    Costs are the greatest of the horizon, values the least: USD/tcm or USD/MWh. Raises InputFaults with one fault a demand.
    """
    links = _links(system)
    demands, tiers = system["demands"], system["demand_tiers"]
    lowest = dict.fromkeys(demands, np.inf)
    for key, k in tiers.position.items():
        demand = key.split("/")[0]
        active = demands.number["quantity"][:, demands.position[demand]] > 0.0
        if tiers.number["share"][k] > 0.0 and active.any():
            value = demands.number["value_of_lost_load"][active, demands.position[demand]].min() * tiers.number["value_factor"][k]
            lowest[demand] = min(lowest[demand], float(value))
    carriers, nodes = system["carriers"], system["nodes"]
    energy = {n: float(carriers.number["energy_per_unit"][carriers.position[nodes.of("carrier", n)]]) for n in nodes}
    dearest: dict[str, tuple[float, str]] = {}
    for supply, start in _dearest_steps(system):
        place = (system["supplies"].of("node", supply), system["supplies"].of("origin", supply))
        for (node, _), cost in _delivered(place, start, links, energy).items():
            if cost > dearest.get(node, (-np.inf, ""))[0]:
                dearest[node] = (cost, supply)
    faults = []
    for demand, value in lowest.items():
        cost, supply = dearest.get(demands.of("node", demand), (-np.inf, ""))
        if value <= cost:
            row = int(package["demands"].loc[package["demands"]["id"] == demand, "row"].iloc[0])
            message = f"is below what supply {supply} costs delivered there, {cost:.1f}: a shortage would be cheaper than gas or power"
            faults.append(
                Fault(
                    package.files.get("demands", "demands"),
                    message,
                    row=row,
                    column="value_of_lost_load",
                    value=f"{value:.1f}",
                    check="lost_load",
                )
            )
    if faults:
        raise InputFaults(faults)


def _dearest_steps(system: System) -> Iterator[tuple[str, float]]:
    """Each supply with the cost of its dearest step, at its dearest."""
    supplies, steps = system["supplies"], system["supply_steps"]
    for supply in system.pairs.supplies:
        rise = [np.nanmax(steps.number["cost"][:, k]) for k, of in enumerate(steps.text["supply"]) if of == supply]
        yield supply, float(np.nanmax(supplies.number["cost"][:, supplies.position[supply]])) + max(rise, default=0.0)


def _links(system: System) -> dict[Place, list[Link]]:
    """Arcs and converters that can be used, from where they start."""
    found: dict[Place, list[Link]] = {}
    arcs, converters = system["arcs"], system["converters"]
    tariff = arcs.number["tariff"] + arcs.number["entry_tariff"] + arcs.number["exit_tariff"]
    products = system["capacity_products"]
    for arc, sold in for_sale(system).items():
        tariff[:, arcs.position[arc]] = max(float(products.number["price"][:, products.position[p]].max()) for p in sold)
    for arc, origin in system.pairs.arcs:
        k = arcs.position[arc]
        arrives = 1.0 - float(np.nanmax(arcs.number["loss"][:, k]))
        link = ((arcs.of("to_node", arc), origin), float(np.nanmax(tariff[:, k])), arrives)
        found.setdefault((arcs.of("from_node", arc), origin), []).append(link)
    for converter, origin in system.pairs.converters:
        k = converters.position[converter]
        made = float(converters.number["yield"][:, k].min())
        link = (
            (converters.of("to_node", converter), converters.of("origin", converter)),
            float(converters.number["input_cost"][:, k].max()),
            made,
        )
        found.setdefault((converters.of("from_node", converter), origin), []).append(link)
    return found


def _delivered(place: Place, cost: float, links: dict[Place, list[Link]], energy: Mapping[str, float]) -> dict[Place, float]:
    """Cheapest delivered cost everywhere that the supply can reach, in the unit of each node (Dijkstra).

    The next place is the one of the least cost per unit of energy, `energy` in GWh a unit by node: by energy a way never gets cheaper as it
    goes on, but a unit of power costs less than the unit of gas that it was made of.
    """
    best: dict[Place, float] = {}
    queue = [(cost / energy[place[0]], cost, place)]
    while queue:
        _, so_far, here = heapq.heappop(queue)
        if here in best:
            continue
        best[here] = so_far
        for there, tariff, arrives in links.get(here, ()):
            if there not in best:
                onward = (so_far + max(tariff, 0.0)) / arrives
                heapq.heappush(queue, (onward / energy[there[0]], onward, there))
    return best
