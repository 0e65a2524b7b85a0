"""Node balances, arcs and converters, re-evaluated."""

from __future__ import annotations

import numpy as np

from energynet.recheck.projects import grown, grown_corridor
from energynet.recheck.values import Floats, Rows, Values, above


def fuel_of(values: Values, arc: str, origin: str) -> Floats:
    """Fuel and losses of an arc for one origin, units a day (T,)."""
    split = [key for key in values.keys("haul") if key[:2] == (arc, origin)]
    if split:
        parts = [values.of("haul", *key) * values.data("arc_segments", "loss", f"{arc}/{key[2]}") for key in split]
        return np.asarray(np.sum(parts, axis=0))
    return (values.of("flow", arc, origin) - values.of("spared", arc, origin)) * values.data("arcs", "loss", arc)


def balances(values: Values) -> Rows:
    """What arrives at each node, by origin, less what leaves."""
    system = values.system
    left: dict[tuple[str, str], Floats] = {pair: values.zero.copy() for pair in system.pairs.nodes}

    def add(node: str, origin: str, amount: Floats) -> None:
        left[node, origin] = left[node, origin] + amount

    for arc, origin in values.keys("flow"):
        sent = values.of("flow", arc, origin)
        add(system["arcs"].of("from_node", arc), origin, -sent)
        add(system["arcs"].of("to_node", arc), origin, sent - fuel_of(values, arc, origin))
    for supply, step in values.keys("supply"):
        add(system["supplies"].of("node", supply), system["supplies"].of("origin", supply), values.of("supply", supply, step))
    for demand, origin in values.keys("taken"):
        add(system["demands"].of("node", demand), origin, -values.of("taken", demand, origin))
    for storage, origin in values.keys("inject"):
        moved = values.of("withdraw", storage, origin) - values.of("inject", storage, origin)
        add(system["storages"].of("node", storage), origin, moved)
    for converter, origin in values.keys("convert"):
        table, taken = system["converters"], values.of("convert", converter, origin)
        add(table.of("from_node", converter), origin, -taken)
        add(table.of("to_node", converter), table.of("origin", converter), taken * values.data("converters", "yield", converter))
    for (swap,) in values.keys("swapped"):
        table, amount = system["swaps"], values.of("swapped", swap)
        back = amount * (1.0 - values.data("swaps", "fee", swap))
        add(table.of("hand_over_node", swap), table.of("origin", swap), -amount)
        add(table.of("hand_over_node", swap), table.of("partner_origin", swap), amount)
        add(table.of("receipt_node", swap), table.of("partner_origin", swap), -back)
        add(table.of("receipt_node", swap), table.of("origin", swap), back)
    return [(f"balance[{node},{origin}]", np.abs(rest)) for (node, origin), rest in left.items()]


def arcs(values: Values) -> Rows:
    """Capacity, minimum, netting, permissions, segments, bookings and corridors."""
    system = values.system
    by_arc: dict[str, list[tuple[str, ...]]] = {}
    for key in values.keys("flow"):
        by_arc.setdefault(key[0], []).append(key)
    rows: Rows = []
    through = {arc: values.sum("flow", keys) for arc, keys in by_arc.items()}
    netted = {arc: values.of("netted", *line) for line in values.keys("netted") for arc in line}
    net = {arc: through[arc] - netted.get(arc, values.zero) for arc in by_arc}
    there = {
        arc: values.data("arcs", "available", arc) + grown(values, "arc", arc) * values.data("arcs", "available_share", arc)
        for arc in by_arc
    }  # fmt: skip
    for arc, keys in by_arc.items():
        rows.append((f"capacity[{arc}]", above(net[arc], there[arc])))
        rows.append((f"minimum_flow[{arc}]", above(values.data("arcs", "available_minimum", arc), net[arc])))
        for _, origin in keys:
            permitted = values.data("arc_origins", "permitted", f"{arc}/{origin}")
            rows.append((f"permission[{arc},{origin}]", above(values.of("flow", arc, origin), permitted)))
    for line in values.keys("netted"):
        rows += _netting(values, line, through, there)
    for arc in {key[0] for key in values.keys("haul")}:
        keys = [key for key in values.keys("haul") if key[0] == arc]
        for segment in {key[2] for key in keys}:
            used = values.sum("haul", [key for key in keys if key[2] == segment])
            rows.append((f"segment_width[{arc},{segment}]", above(used, values.data("arc_segments", "width", f"{arc}/{segment}"))))
        for origin in {key[1] for key in keys}:
            parts = values.sum("haul", [key for key in keys if key[1] == origin]) + values.of("spared", arc, origin)
            rows.append((f"split[{arc},{origin}]", np.abs(values.of("flow", arc, origin) - parts)))
    for (arc,) in values.keys("beyond"):
        rows.append((f"beyond_booking[{arc}]", above(through[arc] - values.data("arcs", "booked", arc), values.of("beyond", arc))))
    for corridor in system["corridors"]:
        members = [arc for arc in through if system["arcs"].of("corridor", arc) == corridor]
        ahead, back = (
            np.sum([net[arc] for arc in members if system["arcs"].of("direction", arc) == way] or [values.zero], axis=0)
            for way in ("forward", "backward")
        )
        added = grown_corridor(values, corridor) * values.data("corridors", "available_share", corridor)
        common = values.data("corridors", "available", corridor) + added
        rows.append((f"corridor[{corridor}]", above(ahead + values.data("corridors", "ratio", corridor) * back, common)))
        if system["corridors"].of("backhaul", corridor):
            rows.append((f"backhaul[{corridor}]", above(back, ahead)))
    return rows


def _netting(values: Values, line: tuple[str, ...], through: dict[str, Floats], there: dict[str, Floats]) -> Rows:
    """What is netted: on opposite arcs of one line of a carrier that nets, within what flows and what the line could carry either way."""
    arcs, carriers, netted = values.system["arcs"], values.system["carriers"], values.of("netted", *line)
    ends = [(arcs.of("from_node", arc), arcs.of("to_node", arc)) for arc in line]
    shared = [arcs.of("corridor", arc) or arcs.of("line", arc) for arc in line]
    one_line = ends[0] == ends[1][::-1] and shared[0] == shared[1] and carriers.of("netting", values.system.carrier_of["arcs", line[0]])
    rows: Rows = [(f"netting[{','.join(line)}]", np.where(one_line, 0.0, netted))]
    for arc in line:
        keys = [key for key in values.keys("spared") if key[0] == arc]
        rows += [(f"netted_flow[{arc}]", above(netted, through[arc])), (f"netting_limit[{arc}]", above(netted, there[arc]))]
        rows += [(f"spared_flow[{','.join(key)}]", above(values.of("spared", *key), values.of("flow", *key))) for key in keys]
        if keys:
            rows.append((f"netted_share[{arc}]", np.abs(values.sum("spared", keys) - netted)))
    return rows


def converters(values: Values) -> Rows:
    """Output between its minimum and its capacity."""
    rows: Rows = []
    for converter in dict.fromkeys(key[0] for key in values.keys("convert")):
        taken = values.sum("convert", [key for key in values.keys("convert") if key[0] == converter])
        made, added = taken * values.data("converters", "yield", converter), grown(values, "converter", converter)
        most = values.data("converters", "available", converter) + added * values.data("converters", "available_share", converter)
        rows.append((f"conversion[{converter}]", above(made, most)))
        rows.append((f"minimum_conversion[{converter}]", above(values.data("converters", "available_minimum", converter), made)))
    return rows
