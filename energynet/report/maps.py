"""The flow map and the map of prices: what their drawings are made of, for the whole horizon; the scripts redraw them by period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from energynet.report.bind import Evaluator, number, percent
from energynet.report.geography import Projection, Window, courses, land, middle_of, path_of, places, projection_of, routes_of, window_of
from energynet.report.labels import Placed, Wanted, place
from energynet.report.markets import pairs_of
from energynet.report.tables import records
from energynet.report.view import Run

Floats = NDArray[np.float64]
Drawn = dict[str, Any]
THICKEST = 15.0  # units of a drawing WIDTH wide: the largest flow of any period
THINNEST = 1.4
CLASSES = (0.25, 0.5, 0.75, 0.95)  # shares of the capacity at which the colour changes
SIZES = {"wide": 12.0, "medium": 17.0, "narrow": 31.0}  # height of the names in units, by how wide the figure is shown
PRICE_CLASSES = 5
NO_FLOW = 1e-6


@dataclass(frozen=True)
class Atlas:
    """All that the maps of a run share: nodes in the order of the page's data, their points, and the courses of the arcs."""

    data: Mapping[str, Any]
    projection: Projection
    at: Floats
    course: Sequence[Floats]

    @classmethod
    def of(cls, run: Run, data: Mapping[str, Any]) -> Atlas:
        nodes = run.rows("nodes")
        projection = projection_of(nodes)
        at = places(nodes, projection)
        routes = routes_of(records(run.result.inputs["routes"]))
        return cls(data, projection, at, courses(data["arcs"], at, routes, projection))

    def window(self, carrier: str) -> Window:
        chosen = [k for k, node in enumerate(self.data["nodes"]) if node["carrier"] == carrier]
        drawn = [self.course[k] for k, arc in enumerate(self.data["arcs"]) if arc["carrier"] == carrier]
        return window_of(np.vstack([self.at[chosen], *drawn]))

    def name(self, node: int) -> str:
        """The short name of a node: the country where it is the only one of its carrier that demands, else its own up to a bracket."""
        return str(self.names[node])

    @property
    def names(self) -> list[str]:
        data = self.data
        asking = {row["node"] for row in data["demands"]}
        market = {(data["nodes"][n]["country"], data["nodes"][n]["carrier"]): 0 for n in asking}
        for n in asking:
            market[data["nodes"][n]["country"], data["nodes"][n]["carrier"]] += 1
        found = []
        for k, row in enumerate(data["nodes"]):
            alone = k in asking and market[row["country"], row["carrier"]] == 1
            whole = data["countries"][row["country"]]["name"] if alone else row["name"]
            found.append(whole.split(" (")[0].split(" / ")[0].split(", ")[0])
        return found


def carriers_with_network(data: Mapping[str, Any]) -> list[str]:
    """The carriers that have places, the busiest first."""
    there = {row["carrier"] for row in data["nodes"]}
    return [carrier for carrier in data["carriers"] if carrier in there]


def background(atlas: Atlas) -> list[dict[str, str]]:
    """The countries behind the network, those of the data marked."""
    windows = [atlas.window(carrier) for carrier in carriers_with_network(atlas.data)]
    return [{"own": "own" if iso in atlas.data["countries"] else "", "d": path} for iso, path in land(atlas.projection, windows)]


def flow_map(atlas: Atlas, view: Mapping[str, Any], carrier: str) -> Drawn:
    """One carrier's flows over the whole horizon."""
    data, window = atlas.data, atlas.window(carrier)
    read = Evaluator(data, view)
    ratio = window.width / 1000.0
    arcs = [k for k, arc in enumerate(data["arcs"]) if arc["carrier"] == carrier]
    pairs = {k: [p for p, (arc, _) in enumerate(data["arc_origins"]) if arc == k] for k in arcs}
    by_period = np.array([read.array("flow")[pairs[k]].sum(axis=0) for k in arcs]) if arcs else np.zeros((0, len(data["periods"])))
    most = float(by_period.max(initial=0.0)) or 1.0
    days = np.array([period["days"] * period["weight"] for period in data["periods"]])
    drawn: list[Drawn] = []
    through = np.zeros(len(data["nodes"]))
    for k, rates in zip(arcs, by_period, strict=True):
        arc, course = data["arcs"][k], atlas.course[k]
        capacity = read.array("capacity")[k]
        rate, limit = float(rates @ days / days.sum()), float(capacity @ days / days.sum())
        for node in (arc["from"], arc["to"]):
            through[node] += rate
        x, y, angle = middle_of(course)
        used = (rate - float(read.array("netted")[k] @ days / days.sum())) / limit if limit > 0 else 0.0
        drawn.append(
            {
                "k": k, "d": path_of(course), "x": f"{x:.1f}", "y": f"{y:.1f}", "angle": f"{angle:.0f}", "rate": rate,
                "width": f"{thickness(rate, most):.2f}", "use": use_class(rate, used), "words": words_of(data, k, rate, limit, used),
            }
        )  # fmt: skip
    drawn.sort(key=lambda one: one["rate"])
    busy = [one for one in drawn if one["rate"] > NO_FLOW]
    nodes = [k for k, row in enumerate(data["nodes"]) if row["carrier"] == carrier]
    lines = np.vstack([_dense(atlas.course[one["k"]], float(one["width"]) * ratio) for one in busy]) if busy else np.zeros((0, 2))
    asking = {row["node"] for row in data["demands"]}
    ordered = sorted(nodes, key=lambda k: (k not in asking, -through[k]))
    return {
        "carrier": carrier, "name": data["carriers"][carrier]["name"], "rate": data["carriers"][carrier]["rate"], "box": window.box,
        "window": window, "ratio": f"{ratio:.4f}", "most": most, "arcs": drawn,
        "nodes": [{"x": f"{atlas.at[k][0]:.1f}", "y": f"{atlas.at[k][1]:.1f}", "market": k in asking} for k in nodes],
        "labels": _names(atlas, ordered, window, ratio, lines, asking), "legend": _legend(most, data["carriers"][carrier]["rate"]),
    }  # fmt: skip


def thickness(rate: float, most: float) -> float:
    """Units of the drawing for a rate: in proportion, with a thinnest line that can be seen; as `js/map.js` has it."""
    return max(THINNEST, THICKEST * rate / most) if rate > NO_FLOW else 0.8


def use_class(rate: float, used: float) -> str:
    """The class of a line by how much of its capacity is used."""
    return "none" if rate <= NO_FLOW else f"u{sum(used >= limit for limit in CLASSES) + 1}"


def words_of(data: Mapping[str, Any], k: int, rate: float, limit: float, used: float) -> str:
    """What a line says of itself."""
    arc = data["arcs"][k]
    unit = data["carriers"][arc["carrier"]]["rate"]
    share = f" of {number(limit, 1)} {unit}, {percent(used)} used" if limit > 0 else f" {unit}, no limit"
    return f"{arc['name']}: {number(rate, 1)}{share}"


def _dense(points: Floats, width: float) -> Floats:
    """Points over a course of some width, near enough that a name over the line meets one; more of them, the wider the line."""
    parts = [points[-1:]]
    for first, last in pairwise(points):
        along = last - first
        length = float(np.hypot(*along)) or 1.0
        across = np.array([-along[1], along[0]]) / length
        inner = first + along * np.linspace(0, 1, max(int(length / 6.0), 1), endpoint=False)[:, None]
        parts += [inner + across * shift for shift in np.arange(-width / 2, width / 2 + 1e-9, 4.0)]
    return np.vstack(parts)


def _names(atlas: Atlas, ordered: Sequence[int], window: Window, ratio: float, lines: Floats, strong: set[int]) -> dict[str, list[Placed]]:
    names = atlas.names
    dots = atlas.at[list(ordered)]
    found = {}
    for size, height in SIZES.items():
        radius = 5.0 * ratio * (1.0 if size == "wide" else 1.3 if size == "medium" else 1.9)
        wanted = [Wanted(k, names[k], float(atlas.at[k][0]), float(atlas.at[k][1]), radius, k in strong) for k in ordered]
        found[size] = place(wanted, height * ratio, window, lines, dots)
    return found


def _legend(most: float, unit: str) -> Drawn:
    """Three widths, round numbers, and the classes of use."""
    step = 10.0 ** np.floor(np.log10(most))
    largest = max(factor * step for factor in (1.0, 2.0, 5.0) if factor * step <= most)
    widths = [
        {"words": f"{number(value, 0 if value >= 1 else 1)} {unit}", "width": f"{thickness(value, most):.1f}"}
        for value in (largest / 10, largest / 2, largest)
    ]
    edges = ["0", *(f"{100 * limit:.0f}" for limit in CLASSES), "100"]
    return {"widths": widths, "classes": [f"{low}–{high}\u202f%" for low, high in pairwise(edges)]}


def price_map(atlas: Atlas, view: Mapping[str, Any], carrier: str) -> Drawn:
    """One carrier's prices at its demands, mean over time; the scripts change to netbacks and to periods."""
    data, window = atlas.data, atlas.window(carrier)
    read, ratio = Evaluator(data, view), window.width / 1000.0
    names = atlas.names
    own = [k for k, row in enumerate(data["demands"]) if row["carrier"] == carrier]
    used = {k: float(read.array("delivered")[pairs_of(data, [k])].sum()) for k in own}
    demands = [k for k, volume in used.items() if volume + float(read.array("unserved")[k].sum()) > NO_FLOW]
    values = {k: read(["mean", "price", [k]]) for k in demands}
    edges = price_edges([value for value in values.values() if value is not None])
    ordered = sorted(demands, key=lambda k: -used[k])
    drawn = [
        {
            "k": k, "x": f"{atlas.at[data['demands'][k]['node']][0]:.1f}", "y": f"{atlas.at[data['demands'][k]['node']][1]:.1f}",
            "use": price_class(values[k], edges), "name": names[data["demands"][k]["node"]], "value": number(values[k]),
        }
        for k in ordered
    ]  # fmt: skip
    dots = atlas.at[[data["demands"][k]["node"] for k in ordered]] if ordered else np.zeros((0, 2))
    labels = {}
    for size, height in SIZES.items():
        radius = 9.0 * ratio * (1.0 if size == "wide" else 1.3 if size == "medium" else 1.9)
        points = {k: atlas.at[data["demands"][k]["node"]].tolist() for k in ordered}
        wanted = [Wanted(k, f"{names[data['demands'][k]['node']]} 0000", points[k][0], points[k][1], radius) for k in ordered]
        placed = place(wanted, height * ratio, window, np.zeros((0, 2)), dots)
        labels[size] = [{"at": one, "name": one.text.removesuffix(" 0000"), "value": number(values[one.key])} for one in placed]
    return {
        "carrier": carrier, "name": data["carriers"][carrier]["name"], "unit": data["carriers"][carrier]["price"], "box": window.box,
        "ratio": f"{ratio:.4f}", "marks": drawn, "labels": labels, "edges": edges,
        "classes": price_words(edges),
    }  # fmt: skip


def price_edges(values: Sequence[float]) -> list[float]:
    """Round limits of five classes that hold about as many places each."""
    if not values:
        return []
    found = [float(np.floor(min(values) / 5) * 5)]
    for share in np.arange(1, PRICE_CLASSES + 1) / PRICE_CLASSES:
        limit = float(np.ceil(np.quantile(values, share) / 5) * 5)
        if limit > found[-1]:
            found.append(limit)
    return found


def price_words(edges: Sequence[float]) -> list[str]:
    """What the classes hold, in words; the outer two are open."""
    if len(edges) < 3:
        return ["all"] if edges else []
    inner = [f"{number(low)}–{number(high)}" for low, high in pairwise(edges[1:-1])]
    return [f"under {number(edges[1])}", *inner, f"{number(edges[-2])} and more"]


def price_class(value: float | None, edges: Sequence[float]) -> str:
    """The class of a place by its price; the last one holds all above."""
    if value is None:
        return "none"
    return f"p{min(max(sum(value >= edge for edge in edges), 1), max(len(edges) - 1, 1))}"
