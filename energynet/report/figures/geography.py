"""The flow map: lines as wide as what flows through them, coloured by how full they are, on real geography."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from energynet.report.basemap import outlines
from energynet.report.figures.labels import Label, place_labels
from energynet.report.figures.material import Material, Plate, records
from energynet.report.figures.style import figure_text, new_figure
from energynet.report.palette import BORDER, INK, LAND, LAND_INSIDE, LOADS, SEA, SOFT, load_colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDEST = 7.0  # points
LEAST = 1e-3  # of the widest flow: a line that carries less is drawn as one that stands still
LEAST_NAMED, MOST_NAMED = 0.06, 14  # hubs: from this share of the greatest throughput on, so many at most
MARGIN = 1.2  # degrees about the outermost points
TALLEST = 6.2  # inches
Points = NDArray[np.float64]


def lines_of(material: Material, carrier: str, origin: str | None = None) -> pd.DataFrame:
    """One row a line of the carrier: `volume` over the horizon (of one origin, or of all), its load, and the points of its way."""
    flows = material.tables["flows"]
    flows = flows.loc[flows["carrier"] == carrier]
    rows = flows.groupby(["arc", "name", "from_node", "to_node", "unit"], as_index=False, sort=False)[["volume"]].sum()
    time = flows["days"] * flows["weight"]
    weights = flows.assign(room=flows["capacity_per_day"] * time, sent=flows["net_per_day"] * time)
    sums = weights.groupby("arc", sort=False)[["room", "sent"]].sum()
    rows["load"] = (sums["sent"] / sums["room"].where(sums["room"] > 0.0)).fillna(0.0).reindex(rows["arc"]).to_numpy()
    if origin is not None:
        own = material.tables["flows_by_origin"]
        volume = own.loc[own["origin"] == origin].groupby("arc")["volume"].sum()
        rows["volume"] = volume.reindex(rows["arc"]).fillna(0.0).to_numpy()
    places = material.places
    ways = [np.array(places.way(r["arc"], r["from_node"], r["to_node"])) for r in records(rows)]
    rows["way"] = pd.Series(ways, index=rows.index, dtype=object)
    return rows


def draw_map(material: Material, carrier: str, origin: str | None = None) -> Figure | None:
    """The flows of a carrier over the horizon, of one origin or of all; None where nothing flows."""
    lines = lines_of(material, carrier, origin)
    moving = lines.loc[lines["volume"] > LEAST * lines["volume"].max()] if len(lines) else lines
    if moving.empty or moving["volume"].max() <= 0.0:
        return None
    unit, scale = ("bcm", 1000.0) if moving["unit"].iloc[0] == "mcm" else ("TWh", 1000.0)
    whose = f"{material.places.origins.get(origin, origin)}: " if origin else ""
    name = material.places.carriers.get(carrier, carrier)
    points = np.vstack(list(moving["way"]))
    west, south = points.min(axis=0) - MARGIN
    east, north = points.max(axis=0) + MARGIN
    squeeze = np.cos(np.radians((south + north) / 2.0))
    height = min(7.0 * (north - south) / ((east - west) * squeeze), TALLEST) + 0.85
    figure = new_figure(f"{whose or 'All origins: '}flows of {name.lower()}, {material.horizon}", height, _note())
    axes = figure.add_subplot()
    axes.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[], aspect=1.0 / squeeze, facecolor=SEA)
    for spine in axes.spines.values():
        spine.set_visible(False)
    _land(axes, set(material.places.country_of.values()), (west, east, south, north))
    still = lines.loc[~lines["arc"].isin(moving["arc"])]
    for way in still["way"]:
        axes.plot(way[:, 0], way[:, 1], color=BORDER, linewidth=0.5, linestyle=(0, (2, 2)), zorder=2)
    drawn = _flows(axes, moving, squeeze)
    _legend(axes, float(moving["volume"].max()) / scale, unit)
    _name(axes, material, carrier, origin, moving, drawn, unit)
    return figure


def _note() -> str:
    from energynet.report.basemap import SOURCE, missing

    lost = missing()
    return f"Width: volume. Load: share of the capacity over the horizon. {lost or SOURCE}"


def _land(axes: Axes, inside: set[str], window: tuple[float, float, float, float]) -> None:
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path

    west, east, south, north = window
    paths, colours = [], []
    for code, rings in outlines():
        kept = [r for r in rings if r[:, 0].max() > west and r[:, 0].min() < east and r[:, 1].max() > south and r[:, 1].min() < north]
        if kept:
            paths.append(Path.make_compound_path(*(Path(ring, closed=True) for ring in kept)))
            colours.append(LAND_INSIDE if code in inside else LAND)
    axes.add_collection(PathCollection(paths, facecolors=colours, edgecolors=BORDER, linewidths=0.4, zorder=1), autolim=False)


def _flows(axes: Axes, moving: pd.DataFrame, squeeze: float) -> Points:
    """Draw the lines, the thin over the thick, two that run opposite ways side by side; the points that they pass (n, 2)."""
    from matplotlib.patheffects import Stroke

    widest = float(moving["volume"].max())
    ends = [frozenset((a, b)) for a, b in zip(moving["from_node"], moving["to_node"], strict=True)]
    passed = []
    for row in records(moving.sort_values("volume", ascending=False)):
        way, colour = row["way"], load_colour(row["load"])
        width = max(WIDEST * row["volume"] / widest, 0.7)
        if ends.count(frozenset((row["from_node"], row["to_node"]))) > 1:
            way = _beside(way, 0.09 + 0.012 * width, squeeze)
        strokes = [Stroke(linewidth=width + 0.8, foreground="white"), Stroke(linewidth=width, foreground=colour)]
        axes.plot(
            way[:, 0], way[:, 1], color=colour, linewidth=width, solid_capstyle="round", solid_joinstyle="round", zorder=3,
            path_effects=strokes, gid=f"arc:{row['arc']}",
        )  # fmt: skip
        passed.append(_along(way))
        _head(axes, way, width, squeeze)
    return np.vstack(passed)


def _beside(way: Points, by: float, squeeze: float) -> Points:
    """A way moved to its right by so many degrees of latitude."""
    flat = way * [squeeze, 1.0]
    step = np.gradient(flat, axis=0)
    length = np.maximum(np.hypot(step[:, 0], step[:, 1]), 1e-9)
    right = np.column_stack([step[:, 1], -step[:, 0]]) / length[:, None]
    return np.asarray((flat + by * right) / [squeeze, 1.0])


def _along(way: Points, every: float = 0.15) -> Points:
    parts = [np.linspace(a, b, max(int(np.hypot(*(b - a)) / every), 2)) for a, b in pairwise(way)]
    return np.vstack(parts)


def _head(axes: Axes, way: Points, width: float, squeeze: float) -> None:
    """An arrow head in the middle of a way."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*((way[1:] - way[:-1]) * [squeeze, 1.0]).T))])
    if along[-1] < 0.6:
        return
    place = int(np.searchsorted(along, along[-1] * 0.55)) - 1
    a, b = way[place], way[place + 1]
    share = (along[-1] * 0.55 - along[place]) / (along[place + 1] - along[place])
    tip = a + share * (b - a)
    axes.annotate(
        "", xy=tuple(tip + 1e-3 * (b - a)), xytext=tuple(tip - 1e-3 * (b - a)), zorder=4, annotation_clip=True,
        arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 0, "mutation_scale": 5.0 + 0.6 * width, "shrinkA": 0, "shrinkB": 0},
    )  # fmt: skip


def _legend(axes: Axes, most: float, unit: str) -> None:
    from matplotlib.lines import Line2D

    ends = [*(share for share, _ in LOADS[1:]), 1.0]
    words = ["up to 25 %", "25 to 50 %", "50 to 75 %", "75 to 95 %", "95 % and more"]
    assert len(words) == len(ends)
    loads = [Line2D([], [], color=colour, linewidth=3, label=word) for (_, colour), word in zip(LOADS, words, strict=True)]
    sizes = [most, most / 4.0]
    widths = [Line2D([], [], color=SOFT, linewidth=WIDEST * size / most, label=f"{size:,.3g} {unit}") for size in sizes]
    still = Line2D([], [], color=BORDER, linewidth=0.8, linestyle=(0, (2, 2)), label="no flow")
    axes.legend(
        handles=[*loads, *widths, still], loc="upper center", bbox_to_anchor=(0.5, -0.01), ncols=8, handlelength=1.4, columnspacing=1.0,
        borderaxespad=0.2, fontsize=6.3,
    )  # fmt: skip


def _name(axes: Axes, material: Material, carrier: str, origin: str | None, moving: pd.DataFrame, passed: Points, unit: str) -> None:
    """Countries with what they took, at the place where they took most; then the fields and hubs that most flows through."""
    places = material.places
    rows = material.yearly.loc[material.yearly["carrier"] == carrier]
    if origin is not None:
        rows = rows.loc[rows["origin"] == origin]
    amounts = rows.groupby("country")["amount"].sum().sort_values(ascending=False)
    served = _served(material, carrier)
    labels: list[Label] = []
    dots: list[tuple[float, float]] = []
    west, east = axes.get_xlim()
    south, north = axes.get_ylim()
    for country, amount in amounts.items():
        at = served.get(str(country))
        if at is None or not (west < at[0] < east and south < at[1] < north):
            continue
        dots.append(at)
        labels.append(Label(f"{places.countries.get(str(country), country)} {figure_text(amount)}", at, 6.8, bold=True))
    through = _throughput(moving)
    names, known, said = places.names("nodes"), set(dots), set[str]()
    for node in through.index[through >= LEAST_NAMED * through.max()][:MOST_NAMED]:
        at, name = places.points[str(node)], names.get(str(node), str(node)).split(" (")[0]
        if at not in known and name not in said and west < at[0] < east and south < at[1] < north:
            labels.append(Label(name, at, 5.8))
            dots.append(at)
            said.add(name)
    if dots:
        axes.scatter([x for x, _ in dots], [y for _, y in dots], s=5, color=INK, zorder=6, linewidths=0)
    place_labels(axes, labels, passed)
    axes.text(0.99, 0.99, f"figures in {unit}", transform=axes.transAxes, ha="right", va="top", fontsize=6.5, color=SOFT, zorder=11)


def _served(material: Material, carrier: str) -> dict[str, tuple[float, float]]:
    """Where each country takes the carrier: the node of its first demand."""
    nodes, demands = material.result.inputs["nodes"], material.result.inputs["demands"]
    own = set(nodes.loc[nodes["carrier"] == carrier, "id"])
    found: dict[str, tuple[float, float]] = {}
    for node in dict.fromkeys(demands["node"]):
        if node in own:
            found.setdefault(material.places.country_of[node], material.places.points[node])
    return found


def _throughput(moving: pd.DataFrame) -> pd.Series[float]:
    ends = pd.concat([moving.set_index("from_node")["volume"], moving.set_index("to_node")["volume"]])
    return pd.Series(ends.groupby(level=0).sum().sort_values(ascending=False))


def plates(material: Material) -> Sequence[Plate]:
    """A map of each carrier, and of each followed origin."""
    carriers = material.result.inputs["carriers"]
    found = [
        Plate(f"map_{carrier}", f"Flows of {str(name).lower()}", partial(draw_map, carrier=str(carrier)))
        for carrier, name in zip(carriers["id"], carriers["name"], strict=True)
    ]
    origins = material.result.inputs["origins"].set_index("id")
    for origin in material.followed:
        carrier = str(origins.loc[origin, "carrier"])
        title = f"Flows of {material.places.origins.get(origin, origin)}'s {material.places.carriers.get(carrier, carrier).lower()}"
        found.append(Plate(f"map_{carrier}_{origin}", title, partial(draw_map, carrier=carrier, origin=origin)))
    return found
