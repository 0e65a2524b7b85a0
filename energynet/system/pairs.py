"""Which origin can be where: the pairs for which columns and rows exist. What no supply reaches is never built."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from energynet.system.records import Records

Pair = tuple[str, str]


@dataclass(frozen=True)
class Pairs:
    """Ordered pairs with an origin: nodes, arcs, demands, storages, converters (by the origin of the input); and who takes part."""

    nodes: tuple[Pair, ...]
    arcs: tuple[Pair, ...]
    demands: tuple[Pair, ...]
    storages: tuple[Pair, ...]
    converters: tuple[Pair, ...]
    supplies: tuple[str, ...]
    swaps: tuple[str, ...]


def find_pairs(records: Mapping[str, Records], carrier_of: Callable[[str, str], str]) -> Pairs:
    """Keep a pair of node and origin where a supply of that origin can reach it and from where it can reach a use."""
    origins = {carrier: records["origins"].where("carrier", carrier) for carrier in records["carriers"]}
    arcs, converters, swaps = records["arcs"], records["converters"], records["swaps"]
    open_arcs = _usable_arcs(records, carrier_of, origins)
    live = [k for k in converters if _ever(converters, k, "most_available")]
    swapping = [k for k in swaps if _ever(swaps, k, "maximum")]

    reached = _spread(_sources(records), [(arcs.of("from_node", a), arcs.of("to_node", a), o) for a, o in open_arcs])
    while True:
        more = set(reached)
        for key in live:
            if any((converters.of("from_node", key), o) in reached for o in origins[carrier_of("nodes", converters.of("from_node", key))]):
                more.add((converters.of("to_node", key), converters.of("origin", key)))
        for key in swapping:
            hand_over, receipt, own, partner = (swaps.of(c, key) for c in ("hand_over_node", "receipt_node", "origin", "partner_origin"))
            if (hand_over, own) in reached and (receipt, partner) in reached:
                more |= {(hand_over, partner), (receipt, own)}
        more = _spread(more, [(arcs.of("from_node", a), arcs.of("to_node", a), o) for a, o in open_arcs])
        if more == reached:
            break
        reached = more

    useful = _useful(records, carrier_of, origins, open_arcs, live, swapping, reached)
    kept = reached & useful
    nodes = tuple((n, o) for n in records["nodes"] for o in origins[carrier_of("nodes", n)] if (n, o) in kept)

    def at(table: str, column: str, key: str) -> tuple[Pair, ...]:
        node = records[table].of(column, key)
        return tuple((key, o) for o in origins[carrier_of("nodes", node)] if (node, o) in kept)

    demand_allowed = _allowed(records["demand_origins"])
    return Pairs(
        nodes=nodes,
        arcs=tuple((a, o) for a, o in open_arcs if (arcs.of("from_node", a), o) in kept and (arcs.of("to_node", a), o) in kept),
        demands=tuple(p for d in records["demands"] if _ever_demand(records, d) for p in at("demands", "node", d) if p in demand_allowed),
        storages=tuple(
            p
            for s in records["storages"]
            if _ever(records["storages"], s, "most_working_volume")
            for p in at("storages", "node", s)
            if _can_hold(records, *p)
        ),
        converters=tuple(
            p for c in live if (converters.of("to_node", c), converters.of("origin", c)) in kept for p in at("converters", "from_node", c)
        ),
        supplies=tuple(
            s
            for s in records["supplies"]
            if _ever(records["supplies"], s, "most_available") and _place(records["supplies"], s) in kept
        ),
        swaps=tuple(
            s
            for s in swapping
            if {
                (swaps.of("hand_over_node", s), swaps.of("origin", s)),
                (swaps.of("hand_over_node", s), swaps.of("partner_origin", s)),
                (swaps.of("receipt_node", s), swaps.of("origin", s)),
                (swaps.of("receipt_node", s), swaps.of("partner_origin", s)),
            }
            <= kept
        ),
    )


def _can_hold(records: Mapping[str, Records], storage: str, origin: str) -> bool:
    """Whether anything of the origin can come into a storage: injected, by inflow, or there from the beginning."""
    storages, opening = records["storages"], records["opening_stocks"]
    if _ever(storages, storage, "most_available"):
        return True
    held = opening.position.get(f"{storage}/{origin}")
    stocked = held is not None and float(opening.number["stock"][held]) > 0.0
    return stocked or (storages.of("inflow_origin", storage) == origin and _ever(storages, storage, "inflow"))


def _place(supplies: Records, key: str) -> Pair:
    return supplies.of("node", key), supplies.of("origin", key)


def _ever(table: Records, key: str, *columns: str) -> bool:
    """Whether the product of the columns is above zero in any period."""
    k = table.position[key]
    return bool(np.any(np.prod([table.number[column][:, k] for column in columns], axis=0) > 0.0))


def _ever_demand(records: Mapping[str, Records], key: str) -> bool:
    blocks = [k for k, demand in enumerate(records["demand_blocks"].text["demand"]) if demand == key]
    return _ever(records["demands"], key, "quantity") or bool(np.any(records["demand_blocks"].number["width"][:, blocks] > 0.0))


def _allowed(pairs: Records) -> set[Pair]:
    ever = np.any(pairs.number["allowed"] > 0.0, axis=0)
    return {(key.split("/")[0], key.split("/")[1]) for key, yes in zip(pairs.ids, ever, strict=True) if yes}


def _usable_arcs(records: Mapping[str, Records], carrier_of: Callable[[str, str], str], origins: Mapping[str, list[str]]) -> list[Pair]:
    arcs, allowed = records["arcs"], _allowed(records["arc_origins"])
    usable = [a for a in arcs if _ever(arcs, a, "most_available")]
    return [(a, o) for a in usable for o in origins[carrier_of("arcs", a)] if (a, o) in allowed]


def _sources(records: Mapping[str, Records]) -> set[Pair]:
    supplies, stocks, storages = records["supplies"], records["opening_stocks"], records["storages"]
    found = {_place(supplies, s) for s in supplies if _ever(supplies, s, "most_available")}
    for key, stock in zip(stocks.ids, stocks.number["stock"], strict=True):
        storage, origin = key.split("/")
        if stock > 0.0:
            found.add((storages.of("node", storage), origin))
    found |= {(storages.of("node", s), storages.of("inflow_origin", s)) for s in storages if _ever(storages, s, "inflow")}
    return found


def _spread(start: Iterable[Pair], links: Iterable[tuple[str, str, str]]) -> set[Pair]:
    """Everything that can be reached from the pairs along the links (from, to, origin)."""
    onward: dict[Pair, list[Pair]] = {}
    for source, target, origin in links:
        onward.setdefault((source, origin), []).append((target, origin))
    seen, stack = set(start), list(start)
    while stack:
        for following in onward.get(stack.pop(), ()):
            if following not in seen:
                seen.add(following)
                stack.append(following)
    return seen


def _useful(
    records: Mapping[str, Records],
    carrier_of: Callable[[str, str], str],
    origins: Mapping[str, list[str]],
    open_arcs: list[Pair],
    live: list[str],
    swapping: list[str],
    reached: set[Pair],
) -> set[Pair]:
    """Pairs from which a demand, a storage, a converter or a swap can be reached, and those where a supply must run."""
    arcs, swaps, supplies = records["arcs"], records["swaps"], records["supplies"]
    ends = {(records["demands"].of("node", d), o) for d, o in _allowed(records["demand_origins"]) if _ever_demand(records, d)}
    stores = [s for s in records["storages"] if _ever(records["storages"], s, "working_volume")]
    for table, keys, column in (("storages", stores, "node"), ("converters", live, "from_node")):
        for key in keys:
            node = records[table].of(column, key)
            ends |= {(node, o) for o in origins[carrier_of("nodes", node)]}
    for key in swapping:
        ends |= {
            (swaps.of("hand_over_node", key), swaps.of("origin", key)),
            (swaps.of("receipt_node", key), swaps.of("partner_origin", key)),
        }
    for key in supplies:
        k = supplies.position[key]
        floors = (supplies.number["minimum"][:, k], supplies.number["annual_minimum"][:, k])
        if any(np.nanmax(floor, initial=0.0) > 0.0 for floor in floors):
            ends.add(_place(supplies, key))
    return _spread(ends & reached, [(arcs.of("to_node", a), arcs.of("from_node", a), o) for a, o in open_arcs])
