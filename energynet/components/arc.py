"""Arcs and corridors: directed links between two nodes of one carrier, with capacity, fuel, tariffs and bookings.

Tables: `arcs`, `arc_segments`, `corridors`, `bookings`, `permissions` (`energynet.components.arc_tables`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from energynet.components.capacity_product import for_sale
from energynet.components.project import grown
from energynet.components.scope import Expression, Network, PeriodScope

Through = Callable[[str], Expression]
Data = Mapping[str, Expression]


def period(scope: PeriodScope) -> None:
    """The algebra of arcs for one period."""
    network = scope.network
    arcs, pairs = network["arcs"], network.pairs.arcs
    origins = _origins(network)
    available, share = scope.data("arcs", "available"), scope.data("arcs", "available_share")
    added = grown(scope, "arc")
    flow = scope.variable("flow", pairs, upper=_permitted(network, scope.data("arc_origins", "permitted")))

    def through(arc: str) -> Expression:
        return sum(flow[arc, origin] for origin in origins[arc])

    def capacity_rule(arc: str) -> Expression:
        r"""Capacity. $\sum_o \mathit{flow}_{a,o} \le (\mathit{capacity}_a + \mathit{added}_a) \cdot \mathit{availability}_a$, with what
        projects added
        """
        return through(arc) - added(arc) * share[arc] <= available[arc]

    scope.constrain("capacity", [(arc,) for arc in origins], capacity_rule)

    minimum = scope.data("arcs", "available_minimum")
    floors = [(arc,) for arc in origins if arcs.number["available_minimum"][:, arcs.position[arc]].max() > 0.0]

    def minimum_flow_rule(arc: str) -> Expression:
        r"""Technical minimum. $\sum_o \mathit{flow}_{a,o} \ge \mathit{minimum}_a \cdot \mathit{availability}_a$"""
        return through(arc) >= minimum[arc]

    scope.constrain("minimum_flow", floors, minimum_flow_rule)
    _corridors(scope, origins, through)
    _losses(scope, origins)
    _tariffs(scope, origins, through)


def _permitted(network: Network, permitted: Data) -> Callable[[str, str], Expression]:
    rules = network["arc_origins"]
    bound = {key for key, k in rules.position.items() if rules.number["allowed"][:, k].min() < 1.0}

    def upper(arc: str, origin: str) -> Expression:
        r"""Permission. $\mathit{flow}_{a,o} \le \mathit{allowed}_{a,o} \cdot \mathit{capacity}_a \cdot \mathit{availability}_a$, the
        capacity with all that projects may add
        """
        key = f"{arc}/{origin}"
        return permitted[key] if key in bound else None

    return upper


def _origins(network: Network) -> dict[str, list[str]]:
    """The origins that each arc can carry."""
    found: dict[str, list[str]] = {}
    for arc, origin in network.pairs.arcs:
        found.setdefault(arc, []).append(origin)
    return found


def _corridors(scope: PeriodScope, origins: dict[str, list[str]], through: Through) -> None:
    arcs, corridors = scope.network["arcs"], scope.network["corridors"]
    available, share, ratio = (scope.data("corridors", column) for column in ("available", "available_share", "ratio"))

    added = grown(scope, "corridor")

    def directed(corridor: str, direction: str) -> Expression:
        members = [arc for arc in origins if arcs.of("corridor", arc) == corridor and arcs.of("direction", arc) == direction]
        return sum(through(arc) for arc in members)

    used = {arcs.of("corridor", arc) for arc in origins}
    shared = [(c,) for c in corridors if c in used and corridors.limited("capacity", c)]

    def corridor_rule(corridor: str) -> Expression:
        r"""Shared steel. $\mathit{forward}_c + \mathit{ratio}_c \cdot \mathit{backward}_c \le (\mathit{capacity}_c + \mathit{added}_c)
        \cdot \mathit{availability}_c$
        """
        used_up = directed(corridor, "forward") + ratio[corridor] * directed(corridor, "backward")
        return used_up - added(corridor) * share[corridor] <= available[corridor]

    def backhaul_rule(corridor: str) -> Expression:
        r"""Virtual backhaul. $\mathit{backward}_c \le \mathit{forward}_c$"""
        return directed(corridor, "backward") - directed(corridor, "forward") <= 0.0

    backward = {arcs.of("corridor", arc) for arc in origins if arcs.of("direction", arc) == "backward"}
    scope.constrain("corridor", shared, corridor_rule)
    scope.constrain("backhaul", [(c,) for c in corridors if c in backward and corridors.of("backhaul", c)], backhaul_rule)


def _losses(scope: PeriodScope, origins: dict[str, list[str]]) -> None:
    """What is sent in less fuel and losses arrives; fuel rises by segments."""
    arcs, segments, flow = scope.network["arcs"], scope.network["arc_segments"], scope.variables["flow"]
    of_arc: dict[str, list[str]] = {}
    for key, arc in zip(segments.ids, segments.text["arc"], strict=True):
        if arc in origins:
            of_arc.setdefault(arc, []).append(key)
    loss, rising, width = scope.data("arcs", "loss"), scope.data("arc_segments", "loss"), scope.data("arc_segments", "width")
    number = {key: key.split("/")[1] for keys in of_arc.values() for key in keys}
    split = [(arc, origin, number[key]) for arc, keys in of_arc.items() for origin in origins[arc] for key in keys]
    haul = scope.variable("haul", split)

    def split_rule(arc: str, origin: str) -> Expression:
        r"""Split. $\mathit{flow}_{a,o} = \sum_s \mathit{haul}_{a,o,s}$"""
        return flow[arc, origin] == sum(haul[arc, origin, number[key]] for key in of_arc[arc])

    def segment_width_rule(arc: str, segment: str) -> Expression:
        r"""Segment. $\sum_o \mathit{haul}_{a,o,s} \le \mathit{width}_{a,s}$"""
        return sum(haul[arc, origin, segment] for origin in origins[arc]) <= width[f"{arc}/{segment}"]

    scope.constrain("split", [(arc, origin) for arc in of_arc for origin in origins[arc]], split_rule)
    scope.constrain(
        "segment_width",
        [(arc, number[k]) for arc, keys in of_arc.items() for k in keys if segments.limited("width", k)],
        segment_width_rule,
    )

    distance = scope.data("arcs", "distance")
    for arc, carried in origins.items():
        for origin in carried:
            sent = flow[arc, origin]
            rise = of_arc.get(arc)
            fuel = sum(rising[key] * haul[arc, origin, number[key]] for key in rise) if rise else loss[arc] * sent
            scope.inject(arcs.of("from_node", arc), origin, -sent)
            scope.inject(arcs.of("to_node", arc), origin, sent - fuel)
            scope.second_stage("fuel", scope.money * fuel)
            scope.second_stage("haul", scope.money * distance[arc] * sent)


def _tariffs(scope: PeriodScope, origins: dict[str, list[str]], through: Through) -> None:
    """Tariffs by volume on what flows beyond the bookings; the bookings' charges are paid whatever flows."""
    arcs = scope.network["arcs"]
    parts = [scope.data("arcs", column) for column in ("tariff", "entry_tariff", "exit_tariff")]
    booked, charge = scope.data("arcs", "booked"), scope.data("arcs", "booking_charge")
    sunk = [arc for arc in origins if arcs.number["booked"][:, arcs.position[arc]].max() > 0.0]
    beyond = scope.variable("beyond", [(arc,) for arc in sunk])

    def beyond_booking_rule(arc: str) -> Expression:
        r"""Beyond the booking. $\mathit{beyond}_a \ge \sum_o \mathit{flow}_{a,o} - \mathit{booked}_a$"""
        return beyond[arc] - through(arc) >= -booked[arc]

    scope.constrain("beyond_booking", [(arc,) for arc in sunk], beyond_booking_rule)
    by_capacity = for_sale(scope.network)
    for arc in origins:
        if arc in by_capacity:  # its tariffs by volume stand for the same charges
            continue
        paying = beyond[arc] if arc in sunk else through(arc)
        scope.cost("tariff", scope.money * sum(part[arc] for part in parts) * paying)
    for arc in arcs:
        if arcs.number["booking_charge"][:, arcs.position[arc]].max(initial=0.0) > 0.0:
            scope.cost("booking", scope.money * charge[arc])
