"""Arcs and corridors: directed links between two nodes of one carrier, with capacity, fuel, tariffs and bookings.

Tables: `arcs`, `arc_segments`, `corridors`, `bookings`, `permissions` (`energynet.components.arc_tables`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from energynet.components.capacity_product import for_sale
from energynet.components.project import grown
from energynet.components.scope import Expression, Network, PeriodScope

Through = Callable[[str], Expression]
Data = Mapping[str, Expression]
Line = tuple[str, str]  # two arcs in opposite directions
Arcs = tuple[str, ...]


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

    lines = netted_lines(network)
    netted = scope.variable("netted", lines)
    line_of = {arc: line for line in lines for arc in line}

    def net(arc: str) -> Expression:
        return through(arc) - netted[line_of[arc]] if arc in line_of else through(arc)

    def capacity_rule(arc: str) -> Expression:
        r"""Capacity. $\sum_o \mathit{flow}_{a,o} - \mathit{netted}_{a,b} \le (\mathit{capacity}_a + \mathit{added}_a) \cdot
        \mathit{availability}_a$, with what projects added; $b$ is the opposite direction of the same line where the carrier nets them
        """
        return net(arc) - added(arc) * share[arc] <= available[arc]

    def netting_limit_rule(arc: str) -> Expression:
        r"""Most that is netted. $\mathit{netted}_{a,b} \le (\mathit{capacity}_a + \mathit{added}_a) \cdot \mathit{availability}_a$ and the
        same of $b$: through a line that is closed in either direction nothing is exchanged
        """
        return netted[line_of[arc]] - added(arc) * share[arc] <= available[arc]

    scope.constrain("capacity", [(arc,) for arc in origins], capacity_rule)

    minimum = scope.data("arcs", "available_minimum")
    floors = [(arc,) for arc in origins if arcs.number["available_minimum"][:, arcs.position[arc]].max() > 0.0]

    def minimum_flow_rule(arc: str) -> Expression:
        r"""Technical minimum. $\sum_o \mathit{flow}_{a,o} - \mathit{netted}_{a,b} \ge \mathit{minimum}_a \cdot \mathit{availability}_a$"""
        return net(arc) >= minimum[arc]

    scope.constrain("minimum_flow", floors, minimum_flow_rule)
    scope.constrain("netting_limit", [(arc,) for arc in line_of], netting_limit_rule)
    _corridors(scope, origins, net)
    netting(scope, origins, through, line_of)
    _losses(scope, origins)
    _tariffs(scope, origins, through)


def lines_of(arcs: Any) -> list[tuple[Arcs, Arcs]]:  # noqa: ANN401
    """The arcs one way and those the other way of each line that has both: between the same two nodes, and of one corridor, or, where they
    have none, with the same name in `line`.
    """
    there: dict[tuple[str, ...], list[str]] = {}
    columns = (arcs.text[name] for name in ("from_node", "to_node", "corridor", "line"))
    for arc, start, end, corridor, line in zip(arcs.ids, *columns, strict=True):
        there.setdefault((start, end, corridor, "" if corridor else line), []).append(arc)
    ways = ((ahead, there.get((key[1], key[0], *key[2:]))) for key, ahead in there.items() if key[0] < key[1])
    return [(tuple(ahead), tuple(back)) for ahead, back in ways if back]


def netting_lines(records: Mapping[str, Any]) -> list[Line]:
    """The two arcs of each line whose opposite flows are netted: its carrier says so. That there are two is checked in the inputs."""
    nets, arcs = records["carriers"], records["arcs"]
    lines = [line for line in lines_of(arcs) if nets.of("netting", records["nodes"].of("carrier", arcs.of("from_node", line[0][0])))]
    return [(one, other) for (one,), (other,) in lines]


def netted_lines(network: Network) -> list[Line]:
    """The lines that have something to net: both directions can carry something, of more than one origin."""
    origins = _origins(network)
    lines = [line for line in netting_lines(network.records) if origins.keys() >= set(line)]
    return [(one, other) for one, other in lines if len({*origins[one], *origins[other]}) > 1]


def _permitted(network: Network, permitted: Data) -> Callable[[str, str], Expression]:
    rules = network["arc_origins"]
    bound = {key for key, k in rules.position.items() if rules.number["allowed"][:, k].min() < 1.0}

    def upper(arc: str, origin: str) -> Expression:
        r"""Permission. $\mathit{flow}_{a,o} \le \mathit{allowed}_{a,o} \cdot \mathit{capacity}_a \cdot \mathit{availability}_a$, the
        capacity with all that projects may add; of a netted line the capacity of both directions
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


def netting(scope: PeriodScope, origins: dict[str, list[str]], through: Through, line_of: Mapping[str, Line]) -> None:
    r"""Netting. On a line of a carrier that nets opposite flows, $\mathit{netted}_{a,b}$ of what is sent one way and of what is sent the
    other way only exchange their origins: at each end the one origin is handed over for the other. So the line carries
    $n_a = \sum_o \mathit{flow}_{a,o} - \mathit{netted}_{a,b}$ one way and $n_b = \sum_o \mathit{flow}_{b,o} - \mathit{netted}_{a,b}$ the
    other, $n_a - n_b$ is the net flow, and capacity, corridor, technical minimum, fuel and losses count $n_a$ and $n_b$. Tariffs, bookings,
    permissions, contracts and ceilings count what is sent, since a charge is paid on every schedule, netted or not, and so that nothing
    is gained by sending in a circle. Which origins are spared the loss ($\mathit{spared}_{a,o}$) is chosen by cost, as are segments.
    A linear program does not keep $n_a$ or $n_b$ at zero: where a price is below zero a loss may pay, which is measured and told.
    """
    network, flow = scope.network, scope.variables["flow"]
    netted, losing = scope.variables["netted"], losing_arcs(network)
    spared = scope.variable("spared", [(arc, origin) for arc in line_of if arc in losing for origin in origins[arc]])

    def netted_flow_rule(arc: str) -> Expression:
        r"""Netted flow. $\mathit{netted}_{a,b} \le \sum_o \mathit{flow}_{a,o}$, the same of $b$"""
        return netted[line_of[arc]] - through(arc) <= 0.0

    def netted_share_rule(arc: str) -> Expression:
        r"""Netted by origin. $\sum_o \mathit{spared}_{a,o} = \mathit{netted}_{a,b}$, the same of $b$, where there are losses"""
        return sum(spared[arc, origin] for origin in origins[arc]) - netted[line_of[arc]] == 0.0

    def spared_flow_rule(arc: str, origin: str) -> Expression:
        r"""Spared the loss. $\mathit{spared}_{a,o} \le \mathit{flow}_{a,o}$"""
        return spared[arc, origin] - flow[arc, origin] <= 0.0

    scope.constrain("netted_flow", [(arc,) for arc in line_of if arc not in losing], netted_flow_rule)
    scope.constrain("netted_share", [(arc,) for arc in line_of if arc in losing], netted_share_rule)
    scope.constrain("spared_flow", list(spared), spared_flow_rule)
    distance = scope.data("arcs", "distance")
    for one, other in dict.fromkeys(line_of.values()):  # of equal answers the one that nets most, and sends nothing in a circle
        scope.second_stage("haul", -scope.money * 0.5 * (distance[one] + distance[other]) * netted[one, other])


def losing_arcs(network: Network) -> set[str]:
    """Arcs that may have fuel or losses."""
    arcs = network["arcs"]
    return {arc for arc, k in arcs.position.items() if arcs.number["loss"][:, k].max(initial=0.0) > 0.0} | set(
        network["arc_segments"].text["arc"]
    )


def _corridors(scope: PeriodScope, origins: dict[str, list[str]], net: Through) -> None:
    arcs, corridors = scope.network["arcs"], scope.network["corridors"]
    available, share, ratio = (scope.data("corridors", column) for column in ("available", "available_share", "ratio"))

    added = grown(scope, "corridor")

    def directed(corridor: str, direction: str) -> Expression:
        members = [arc for arc in origins if arcs.of("corridor", arc) == corridor and arcs.of("direction", arc) == direction]
        return sum(net(arc) for arc in members)

    used = {arcs.of("corridor", arc) for arc in origins}
    shared = [(c,) for c in corridors if c in used and corridors.limited("capacity", c)]

    def corridor_rule(corridor: str) -> Expression:
        r"""Shared steel. $\mathit{forward}_c + \mathit{ratio}_c \cdot \mathit{backward}_c \le (\mathit{capacity}_c + \mathit{added}_c)
        \cdot \mathit{availability}_c$, of netted lines what they carry
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
    arcs, segments = scope.network["arcs"], scope.network["arc_segments"]
    flow, spared = scope.variables["flow"], scope.variables["spared"]
    of_arc: dict[str, list[str]] = {}
    for key, arc in zip(segments.ids, segments.text["arc"], strict=True):
        if arc in origins:
            of_arc.setdefault(arc, []).append(key)
    loss, rising, width = scope.data("arcs", "loss"), scope.data("arc_segments", "loss"), scope.data("arc_segments", "width")
    number = {key: key.split("/")[1] for keys in of_arc.values() for key in keys}
    split = [(arc, origin, number[key]) for arc, keys in of_arc.items() for origin in origins[arc] for key in keys]
    haul = scope.variable("haul", split)

    def split_rule(arc: str, origin: str) -> Expression:
        r"""Split. $\mathit{flow}_{a,o} - \mathit{spared}_{a,o} = \sum_s \mathit{haul}_{a,o,s}$"""
        return flow[arc, origin] - spared.get((arc, origin), 0.0) == sum(haul[arc, origin, number[key]] for key in of_arc[arc])

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
            lossy = sent - spared[arc, origin] if (arc, origin) in spared else sent
            fuel = sum(rising[key] * haul[arc, origin, number[key]] for key in rise) if rise else loss[arc] * lossy
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
