"""By which way an origin's gas reached each demand: its flows taken apart into paths, the widest first."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence

from energynet.system.system import System

Edge = tuple[str, str, str]  # from, to, name of the line
SMALL = 1e-6
NAMED = 3


Pair = tuple[str, str]
Ways = dict[str, float]


def routes(system: System, flow: Mapping[Pair, float], start: Mapping[Pair, float], taken: Mapping[Pair, float]) -> dict[Pair, Ways]:
    """The ways to each (demand, origin), lines joined by ` > `, and the volume of each.

    `flow` by (arc, origin), `start` by (node, origin) and `taken` by (demand, origin) are volumes. Ways are what the
    volumes allow: the widest path is taken out first, so that the split between equal ways is a convention.
    """
    found: dict[Pair, Ways] = {}
    arcs, of_origin = system["arcs"], dict[str, dict[Edge, float]]()
    for (arc, of), volume in flow.items():
        if volume > SMALL:
            edge = (arcs.of("from_node", arc), arcs.of("to_node", arc), arcs.of("line", arc) or arcs.of("name", arc))
            edges = of_origin.setdefault(of, {})
            edges[edge] = edges.get(edge, 0.0) + volume
    for origin in dict.fromkeys(origin for _, origin in taken):
        edges = of_origin.get(origin, {})
        sources = {node: volume for (node, of), volume in start.items() if of == origin and volume > SMALL}
        demands = sorted(((d, v) for (d, of), v in taken.items() if of == origin and v > SMALL), key=lambda one: -one[1])
        for demand, volume in demands:
            found[demand, origin] = _ways(edges, sources, system["demands"].of("node", demand), volume)
    return found


def in_words(ways: Ways) -> str:
    """The largest ways, each with its share where there are several."""
    total = sum(ways.values())
    ordered = sorted(ways.items(), key=lambda way: (-way[1], way[0]))[:NAMED]
    return "; ".join(name if len(ways) == 1 else f"{name} {100 * width / total:.0f} %" for name, width in ordered)


def _ways(edges: dict[Edge, float], sources: dict[str, float], node: str, volume: float) -> Ways:
    ways: Ways = {}
    left = volume
    while left > 0.01 * volume:
        path = _widest(edges, sources, node)
        if path is None:
            break
        source, steps = path
        width = min([left, sources[source], *(edges[step] for step in steps)])
        sources[source] -= width
        for step in steps:
            edges[step] -= width
        name = " > ".join(dict.fromkeys(line for _, _, line in steps)) or "at the place itself"
        ways[name] = ways.get(name, 0.0) + width
        left -= width
    return ways


def _widest(edges: Mapping[Edge, float], sources: Mapping[str, float], node: str) -> tuple[str, Sequence[Edge]] | None:
    """The path of greatest width that ends at the node: backward from it, the wider before the narrower, the shorter before the longer."""
    into: dict[str, list[tuple[Edge, float]]] = {}
    for edge, volume in edges.items():
        if volume > SMALL:
            into.setdefault(edge[1], []).append((edge, volume))
    best: dict[str, tuple[float, int]] = {}
    queue: list[tuple[float, int, str, tuple[Edge, ...]]] = [(-float("inf"), 0, node, ())]
    choice: tuple[float, str, tuple[Edge, ...]] | None = None
    while queue:
        negative, length, here, steps = heapq.heappop(queue)
        if here in best:
            continue
        best[here] = (negative, length)
        width = min(-negative, sources.get(here, 0.0))
        if width > SMALL and (choice is None or width > choice[0] * (1 + 1e-9)):
            choice = (width, here, steps)
        for edge, volume in into.get(here, ()):
            if edge[0] not in best:
                heapq.heappush(queue, (-min(-negative, volume), length + 1, edge[0], (edge, *steps)))
    return None if choice is None else (choice[1], choice[2])
