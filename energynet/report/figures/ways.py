"""From origins to countries: bands as wide as the volumes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from energynet.report.figures.labels import dodged
from energynet.report.figures.material import Material, Plate
from energynet.report.figures.style import drawable, figure_text, new_figure, shortened
from energynet.report.palette import INK, SOFT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEAST = 0.0005  # bcm or TWh
LEFT, RIGHT, BAR = 0.0, 1.0, 0.022
GAP = 0.012  # of the height, between two bars of a side


def bands(material: Material, carrier: str) -> Figure | None:
    """Origins at the left, countries at the right; each band is what one used of the other over the horizon."""
    rows = material.yearly.loc[lambda frame: (frame["carrier"] == carrier) & (frame["amount"] >= LEAST)]
    if rows.empty:
        return None
    table = rows.pivot_table(index="origin", columns="country", values="amount", aggfunc="sum").fillna(0.0)
    table = table.loc[table.sum(axis=1).sort_values(ascending=False).index, table.sum().sort_values(ascending=False).index]
    name, unit = material.places.carriers.get(carrier, carrier), str(rows["amount_unit"].iloc[0])
    height = 1.0 + max(0.2 * table.shape[1], 0.3 * table.shape[0], 2.0)
    figure = new_figure(f"{name}: from origins to countries, {material.horizon}, {unit}", height)
    axes = figure.add_subplot()
    axes.set(xlim=(-0.42, 1.42), ylim=(1.0, 0.0))
    axes.set_axis_off()
    left, right = _sides(table)
    _draw_bands(axes, table, left, right, material.origin_colours)
    names, countries = material.places.origins, material.places.countries
    size = 0.125 / (height - 0.4)
    for keys, tops, sums, x, words, colours in (
        (table.index, left, table.sum(axis=1), LEFT, names, material.origin_colours),
        (table.columns, right, table.sum(), RIGHT, countries, {}),
    ):
        middles = [tops[str(k)] + _scale(table) * float(sums[k]) / 2.0 for k in keys]
        for key, middle, shown in zip(keys, middles, dodged(middles, size), strict=True):
            _name(axes, x, middle, shown, f"{shortened(words.get(str(key), str(key)), 26)}  {figure_text(float(sums[key]))}")
            band = _scale(table) * float(sums[key])
            axes.bar(x, band, BAR, tops[str(key)], color=colours.get(str(key), SOFT), linewidth=0, align="center", gid=f"end:{key}")
    return figure


def _scale(table: pd.DataFrame) -> float:
    """Height for one unit."""
    return (1.0 - GAP * (max(table.shape) - 1)) / float(table.to_numpy().sum())


def _sides(table: pd.DataFrame) -> tuple[dict[str, float], dict[str, float]]:
    """Where each bar begins, from the top; the shorter side is centred."""
    found = []
    for sums in (table.sum(axis=1), table.sum()):
        place = (GAP * (max(table.shape) - len(sums))) / 2.0
        tops = {}
        for key, value in sums.items():
            tops[str(key)] = place
            place += _scale(table) * float(value) + GAP
        found.append(tops)
    return found[0], found[1]


def _draw_bands(axes: Axes, table: pd.DataFrame, left: dict[str, float], right: dict[str, float], colours: dict[str, str]) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    start, end, scale = dict(left), dict(right), _scale(table)
    x0, x1 = LEFT + BAR / 2, RIGHT - BAR / 2
    for origin in table.index:
        for country in table.columns:
            width = scale * float(table.loc[origin, country])
            if width <= 0.0:
                continue
            a, b = start[str(origin)], end[str(country)]
            start[str(origin)], end[str(country)] = a + width, b + width
            points = [(x0, a), (0.5, a), (0.5, b), (x1, b), (x1, b + width), (0.5, b + width), (0.5, a + width), (x0, a + width), (x0, a)]
            codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
            patch = PathPatch(Path(points, codes), facecolor=colours[str(origin)], alpha=0.55, linewidth=0, gid=f"band:{origin}:{country}")
            axes.add_patch(patch)


def _name(axes: Axes, x: float, middle: float, shown: float, words: str) -> None:
    side = -1 if x == LEFT else 1
    edge = x + side * BAR / 2
    axes.plot([edge, edge + side * 0.02, edge + side * 0.035], [middle, shown, shown], color=SOFT, linewidth=0.4, solid_capstyle="butt")
    axes.text(edge + side * 0.042, shown, drawable(words), ha="right" if side < 0 else "left", va="center", fontsize=6.8, color=INK)


def plates(material: Material) -> list[Plate]:
    """One figure a carrier."""
    return [
        Plate(f"ways_{carrier}", f"{name}: from origins to countries", partial(bands, carrier=carrier))
        for carrier, name in material.places.carriers.items()
    ]
