"""From origins through lines to countries: the graph of one origin or of all, and its drawing for the first paint.

What leaves a place has the mix of what came to it. What came and did not go on (fuel, losses, plants, gas put away) is left out;
what went on and did not come (production, imports, gas out of storage) is the origin's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ends = tuple[str, str]  # keys of nodes: `o:` origin, `l:` line, `c:` country
SMALL = 1e-6
ALIKE = 1e6
SHOWN = 2e-4  # of all that is shown: links below are left out


@dataclass(frozen=True)
class Graph:
    """Links by their ends, volumes in units. `size` is what goes through each node, small links that are not drawn with it; `left` are
    links that were taken out so that nothing flows in a circle.
    """

    links: Mapping[Ends, float]
    left: Mapping[Ends, float]
    size: Mapping[str, float]


def graph_of(data: Mapping[str, Any], view: Mapping[str, Any], origins: Sequence[int], t: int | None = None) -> Graph:
    """The graph of some origins of one carrier, over the horizon or in one period; as `js/sankey.js` has it."""
    days = np.array([period["days"] * period["weight"] for period in data["periods"]])
    links: dict[Ends, float] = {}
    for origin in origins:
        for ends, volume in _of_origin(data, view, origin, days, t).items():
            links[ends] = links.get(ends, 0.0) + volume
    links, left = acyclic(links)
    whole = sum(volume for (_, to), volume in links.items() if to.startswith("c:"))
    size = {key: max(_through(links, key)) for key in dict.fromkeys(key for ends in links for key in ends)}
    return Graph({ends: volume for ends, volume in links.items() if volume > SHOWN * whole}, left, size)


def _of_origin(data: Mapping[str, Any], view: Mapping[str, Any], origin: int, days: Floats, t: int | None) -> dict[Ends, float]:
    into: dict[int, dict[str, float]] = {}
    out: dict[int, dict[str, float]] = {}
    for row, (arc, of) in zip(view["flow"], data["arc_origins"], strict=True):
        if of == origin:
            one = data["arcs"][arc]
            volume = float(np.dot(row, days)) if t is None else row[t] * days[t]
            for found, node in ((out, one["from"]), (into, one["to"])):
                lines = found.setdefault(node, {})
                lines[f"l:{one['line']}"] = lines.get(f"l:{one['line']}", 0.0) + volume
    for row, (demand, of) in zip(view["delivered"], data["demand_origins"], strict=True):
        if of == origin:
            node = data["demands"][demand]["node"]
            country = f"c:{data['nodes'][node]['country']}"
            taken = out.setdefault(node, {})
            taken[country] = taken.get(country, 0.0) + (sum(row) if t is None else row[t])
    links: dict[Ends, float] = {}
    for node, leaving in out.items():
        going, coming = sum(leaving.values()), into.get(node, {})
        came = sum(coming.values())
        if going <= SMALL:
            continue
        sources = {line: volume * min(1.0, going / came) for line, volume in coming.items()} if came > SMALL else {}
        own = going - sum(sources.values())
        if own > SMALL * max(1.0, going):
            sources[f"o:{data['origins'][origin]['id']}"] = own
        for source, given in sources.items():
            for target, volume in leaving.items():
                if source != target and given * volume > 0:
                    links[source, target] = links.get((source, target), 0.0) + given * volume / going
    return links


def acyclic(links: Mapping[Ends, float]) -> tuple[dict[Ends, float], dict[Ends, float]]:
    """Two-way pairs as their difference, then the smallest link of every circle taken out; and what was taken out."""
    kept = {ends: volume - links.get(ends[::-1], 0.0) for ends, volume in links.items() if volume > links.get(ends[::-1], 0.0)}
    left: dict[Ends, float] = {}
    while circle := _circle(kept):
        least = min(circle, key=lambda ends: kept[ends])
        left[least] = kept.pop(least)
    return kept, left


def _circle(links: Mapping[Ends, float]) -> list[Ends]:
    """The links of one circle; empty where there is none."""
    ways: dict[str, list[str]] = {}
    for source, target in links:
        ways.setdefault(source, []).append(target)
    done: set[str] = set()
    for start, targets in ways.items():
        path = [] if start in done else [start]
        stack = [(start, iter(targets))] if path else []
        while stack:
            following = next(stack[-1][1], None)
            if following is None:
                done.add(stack.pop()[0])
                path.pop()
            elif following in path:
                whole = [*path[path.index(following) :], following]
                return list(pairwise(whole))
            elif following not in done:
                path.append(following)
                stack.append((following, iter(ways.get(following, []))))
    return []


def name_of(data: Mapping[str, Any], key: str) -> str:
    """The name of a node of the graph."""
    kind, name = key[0], key[2:]
    if kind == "c":
        return str(data["countries"].get(name, {"name": name})["name"]).split(" (")[0]
    return next((str(row["name"]).split(" (")[0] for row in data["origins"] if row["id"] == name), name) if kind == "o" else name


def drawing(data: Mapping[str, Any], graph: Graph, *, width: float = 1000.0, row: float = 28.0) -> dict[str, Any]:
    """Boxes and ribbons: the longest way decides the column, countries stand at the right, and rows are ordered to cross little."""
    column = _columns(graph.links)
    last = max(column.values(), default=1) or 1
    columns = [[key for key in column if column[key] == c] for c in range(last + 1)]
    most = max((len(keys) for keys in columns), default=1)
    height = max(most * row * 1.25, 260.0)
    size = graph.size
    gap = 16.0
    full = [keys for keys in columns if keys]
    unit = min(((height - gap * (len(keys) - 1)) / max(sum(size[key] for key in keys), SMALL) for keys in full), default=1.0)
    order(columns, graph.links, size)
    top = _tops(columns, graph.links, {key: size[key] * unit for key in column}, height, gap)
    left = {key: 8.0 + column[key] * (width - 218.0) / last for key in column}
    boxes = [
        {
            "x": left[key], "y": top[key], "height": max(size[key] * unit, 1.5), "name": name_of(data, key), "kind": key[0],
            "volume": size[key], "named": False, "end": column[key] == last,
        }
        for key in column
    ]  # fmt: skip
    _name_boxes(boxes, width)
    return {"width": width, "height": height + 12, "boxes": boxes, "ribbons": _ribbons(data, graph.links, left, top, unit)}


def _name_boxes(boxes: list[dict[str, Any]], width: float) -> None:
    """Which boxes have their name beside them: origins and countries all, lines the largest first, as far as nothing is covered."""
    taken = [(box["x"], box["y"], box["x"] + 10, box["y"] + box["height"]) for box in boxes if not box["end"]]
    for box in sorted(boxes, key=lambda box: (box["kind"] == "l", -box["volume"])):
        long, y = 6.2 * (len(box["name"]) + 5.0), box["y"] + box["height"] / 2
        left = box["x"] + 13
        area = (left, y - 8.0, min(left + long, width), y + 8.0)
        box["named"] = box["kind"] != "l" or not any(a[0] < area[2] and area[0] < a[2] and a[1] < area[3] and area[1] < a[3] for a in taken)
        if box["named"]:
            taken.append(area)


def _through(links: Mapping[Ends, float], key: str) -> tuple[float, float]:
    return sum(v for (_, to), v in links.items() if to == key), sum(v for (source, _), v in links.items() if source == key)


def _columns(links: Mapping[Ends, float]) -> dict[str, int]:
    keys = list(dict.fromkeys(key for ends in links for key in ends))
    column = dict.fromkeys(keys, 0)
    for _ in keys:
        for source, target in links:
            column[target] = max(column[target], column[source] + 1)
    last = max(column.values(), default=0)
    return {key: last if key.startswith("c:") else place for key, place in column.items()}


def _tops(
    columns: Sequence[Sequence[str]], links: Mapping[Ends, float], tall: Mapping[str, float], height: float, gap: float
) -> dict[str, float]:
    """The upper edge of every box: near the mean of what it is joined to, in the order of its column, a gap from the next."""
    top: dict[str, float] = {}
    for keys in columns:
        y = (height - sum(tall[key] for key in keys) - gap * (len(keys) - 1)) / 2
        for key in keys:
            top[key] = y
            y += tall[key] + gap
    for turn in range(12):
        for keys in columns if turn % 2 == 0 else columns[::-1]:
            middle = {key: top[key] + tall[key] / 2 for key in top}
            wish = [_mean_place(key, links, middle, forward=turn % 2 == 1) - tall[key] / 2 for key in keys]
            y = 0.0
            for key, wanted in zip(keys, wish, strict=True):
                top[key] = max(wanted, y)
                y = top[key] + tall[key] + gap
            y = height
            for key in reversed(keys):
                top[key] = min(top[key], y - tall[key])
                y = top[key] - gap
    return top


def order(columns: list[list[str]], links: Mapping[Ends, float], size: Mapping[str, float]) -> None:
    """Sort each column by the mean place of what it is joined to, from the left and from the right; as `js/sankey.js` has it.

    What is the same but for its last digits keeps its order, so that no rounding decides the drawing.
    """
    for keys in columns:
        keys.sort(key=lambda key: -round(size[key] * ALIKE))
    for turn in range(8):
        place = {key: (k + 0.5) / len(keys) for keys in columns for k, key in enumerate(keys)}
        for keys in columns if turn % 2 == 0 else columns[::-1]:
            mean = {key: round(_mean_place(key, links, place, forward=turn % 2 == 1) * ALIKE) for key in keys}
            keys.sort(key=mean.__getitem__)
            place |= {key: (k + 0.5) / len(keys) for k, key in enumerate(keys)}


def _mean_place(key: str, links: Mapping[Ends, float], place: Mapping[str, float], *, forward: bool) -> float:
    joined = [(ends[1] if forward else ends[0], volume) for ends, volume in links.items() if ends[0 if forward else 1] == key]
    whole = sum(volume for _, volume in joined)
    return sum(place[other] * volume for other, volume in joined) / whole if whole > 0 else place[key]


def _ribbons(
    data: Mapping[str, Any], links: Mapping[Ends, float], left: Mapping[str, float], top: Mapping[str, float], unit: float
) -> list[dict[str, Any]]:
    starts, ends_at, found = dict(top), dict(top), []
    outs = sorted(links, key=lambda ends: (top[ends[0]], top[ends[1]]))
    ins = sorted(links, key=lambda ends: (top[ends[1]], top[ends[0]]))
    y0, y1 = {}, {}
    for ends in outs:
        y0[ends] = starts[ends[0]]
        starts[ends[0]] += links[ends] * unit
    for ends in ins:
        y1[ends] = ends_at[ends[1]]
        ends_at[ends[1]] += links[ends] * unit
    for ends in outs:
        half = max(links[ends] * unit, 0.6) / 2
        x0, x1 = left[ends[0]] + 10.0, left[ends[1]]
        a, b, middle = y0[ends] + half, y1[ends] + half, (x0 + x1) / 2
        path = f"M{x0:.1f} {a:.1f}C{middle:.1f} {a:.1f} {middle:.1f} {b:.1f} {x1:.1f} {b:.1f}"
        words = f"{name_of(data, ends[0])} → {name_of(data, ends[1])}"
        found.append({"d": path, "width": f"{2 * half:.1f}", "words": words, "volume": links[ends], "key": f"{ends[0]}|{ends[1]}"})
    return found
