"""Where it was full, what it cost, who paid and who earned, and how far the answer could move at the same cost."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from energynet.report.figures.markets import ROW, signed_bars
from energynet.report.figures.material import Material, Plate
from energynet.report.figures.style import beside, drawable, figure_text, legend_above, name_rows, new_figure, shortened, thousands
from energynet.report.palette import EARNS, FIRM, FREE, INK, PAYS, SOFT, load_colour
from energynet.results.colours import categories
from energynet.results.naming import short_names

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST = 20  # rows of a figure
SMALL = 0.05  # million USD
WIDE = 0.01  # bcm or TWh: narrower ranges are points and are left out


def congestion_bars(material: Material) -> Figure | None:
    """How full the lines with a rent were, and what their limit cost."""
    rows = material.tables["congestion"]
    keys = ["arc", "name"]
    sums = rows.groupby(keys, as_index=False).agg({"load_factor": "mean", "periods_at_limit": "sum", "congestion_rent_musd": "sum"})
    sums = sums.loc[sums["congestion_rent_musd"] > SMALL].nlargest(MOST, "congestion_rent_musd")
    if sums.empty:
        return None
    count = int(material.result.manifest["horizon"]["periods"])
    note = "Rent: what the limit of the line costs over the horizon, dual times capacity. Beside each load: periods at the limit."
    figure = new_figure("Congestion: lines whose limit had a price", 1.0 + ROW * len(sums), note)
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(1, 1.2))
    place, load = np.arange(len(sums)), sums["load_factor"].to_numpy()
    left.barh(place, 100.0 * load, 0.72, color=[load_colour(share) for share in load], linewidth=0, gid="load")
    for k, periods in enumerate(sums["periods_at_limit"]):
        beside(left, f"{int(periods)} of {count}", 100.0 * load[k], k)
    left.set_xlabel("load factor, %")
    left.set_xlim(0, 128)
    left.set_xticks(range(0, 101, 25))
    rents = sums["congestion_rent_musd"].to_numpy()
    right.barh(place, rents, 0.72, color=PAYS, linewidth=0, gid="rent")
    for k, rent in enumerate(rents):
        beside(right, figure_text(rent, 1), rent, k)
    right.set_xlabel("rent, million USD")
    right.set_xlim(0, 1.15 * float(rents.max()))
    thousands(right)
    for axes in (right, left):
        name_rows(axes, [str(n) for n in sums["name"]])
    right.tick_params(labelleft=False)
    return figure


def cost_bars(material: Material) -> Figure | None:
    """The items of the objective, one after another until they are the whole."""
    rows = material.tables["costs"].loc[lambda frame: frame["musd"].abs() >= SMALL]
    if rows.empty:
        return None
    rows = rows.sort_values("musd", ascending=False, kind="stable")
    values = rows["musd"].to_numpy()
    total = float(material.tables["costs"]["musd"].sum())
    start = np.concatenate([[0.0], np.cumsum(values)[:-1]])
    note = "Million USD. Each item begins where the one above it ends; what is received is negative. The last bar is the objective."
    figure = new_figure(f"Costs of the whole network, {material.horizon}", 0.9 + ROW * (len(rows) + 1), note)
    axes = figure.add_subplot()
    place = np.arange(len(rows))
    axes.barh(place, values, 0.72, start, color=np.where(values >= 0.0, PAYS, EARNS), linewidth=0, gid="item")
    axes.barh([len(rows)], [total], 0.72, color=INK, linewidth=0, gid="objective")
    ends = np.maximum(start, start + values)
    for k, (value, end) in enumerate(zip([*values, total], [*ends, total], strict=True)):
        beside(axes, figure_text(value, 1), end, k)
    name_rows(axes, [*(f"{c}: {i}" for c, i in zip(rows["component"], rows["item"], strict=True)), "objective"])
    axes.set_xlim(min(0.0, float(np.minimum(start, start + values).min())), 1.14 * float(max(ends.max(), total)))
    axes.set_xlabel("million USD")
    thousands(axes)
    return figure


def welfare_bars(material: Material) -> Figure | None:
    """What each country's consumers, producers, networks and others pay (right) and earn above their cost (left)."""
    rows = material.tables["welfare"]
    table = rows.pivot_table(index="country", columns="role", values="musd", aggfunc="sum").fillna(0.0)
    size = table.abs().sum(axis=1).sort_values(ascending=False, kind="stable")
    table = table.loc[size.index[size >= SMALL]].head(2 * MOST)
    if table.empty:
        return None
    order = table.abs().sum().sort_values(ascending=False, kind="stable").index
    table = table[order]
    note = "What is paid (right) less what is earned above cost (left) adds up to the objective."
    figure = new_figure(f"Welfare by country, {material.horizon}", 1.1 + ROW * len(table), note)
    axes = figure.add_subplot()
    signed_bars(axes, table, {str(role): str(role) for role in table.columns}, categories(map(str, table.columns)))
    name_rows(axes, [material.places.countries.get(str(c), str(c) or "ceilings, nobody's") for c in table.index])
    axes.set_xlabel("million USD")
    thousands(axes)
    legend_above(figure, axes.get_legend_handles_labels()[0], 7)
    return figure


def range_bars(material: Material, kind: str, carrier: str) -> Figure | None:
    """How far annual flows, or deliveries of the followed origins, could move at the cost that was asked for."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    if material.ranges is None:
        return None
    rows = _moving(material, kind, carrier)
    if rows.empty:
        return None
    what = {"flow": "flows of lines", "delivery": "deliveries"}[kind]
    cost = str(rows["words"].iloc[0]).rsplit(" at ", 1)[-1]
    name = material.places.carriers.get(carrier, carrier)
    note = f"Each end is a certified optimum. Left out: ranges narrower than {WIDE:g} {rows['unit'].iloc[0]}."
    figure = new_figure(f"{name}: how far {what} could move at {cost}", 1.0 + ROW * len(rows), note)
    axes = figure.add_subplot()
    place = np.arange(len(rows))
    axes.barh(place, rows["width"], 0.5, rows["lowest"], color=FREE, linewidth=0, gid="range")
    axes.scatter(rows["value"], place, s=14, color=FIRM, zorder=5, linewidths=0)
    for k, (low, high) in enumerate(zip(rows["lowest"], rows["highest"], strict=True)):
        beside(axes, f"{figure_text(low)} to {figure_text(high)}", high, k)
    name_rows(axes, [_range_name(material, row) for row in rows.to_dict("records")])
    axes.set_xlim(0, 1.2 * float(rows["highest"].max()))
    axes.set_xlabel(f"{rows['unit'].iloc[0]} a year")
    thousands(axes)
    solved = Line2D([], [], color=FIRM, marker="o", linewidth=0, markersize=4, label="as solved")
    legend_above(figure, [Patch(color=FREE, label="lowest to highest"), solved])
    return figure


def _moving(material: Material, kind: str, carrier: str) -> pd.DataFrame:
    """The widest ranges of a kind and carrier; of deliveries those of followed origins, or of all where none is of the carrier."""
    assert material.ranges is not None
    rows = material.ranges.loc[lambda frame: (frame["kind"] == kind) & (frame["highest"] - frame["lowest"] > WIDE)]
    unit = "bcm" if carrier in material.gas else "TWh"
    rows = rows.loc[rows["unit"] == unit]
    followed = rows["origin"].isin(material.followed)
    rows = rows.loc[followed] if kind == "delivery" and followed.any() else rows
    return rows.assign(width=rows["highest"] - rows["lowest"]).nlargest(MOST, "width").sort_values("highest", ascending=False)


def _range_name(material: Material, row: dict[object, object]) -> str:
    whose = material.places.origins.get(str(row["origin"]), str(row["origin"]))
    several = material.ranges is not None and material.ranges["year"].nunique() > 1
    parts = [short_names({"": str(row["name"])})[""], f"from {whose}" if row["origin"] else "", f"in {row['year']}" if several else ""]
    return " ".join(part for part in parts if part)


def price_ranges(material: Material) -> Figure | None:
    """Where a price is one of several: its least and greatest over all optimal duals, the widest of each demand's periods."""
    rows = material.tables["prices"].loc[lambda frame: (frame["demand"] != "") & frame["lowest"].notna()]
    rows = rows.assign(width=rows["highest"] - rows["lowest"])
    rows = rows.loc[rows["width"] > 0.01 * rows["price"].abs().clip(lower=1.0)]
    if rows.empty:
        return None
    widest = rows.sort_values("width", ascending=False).drop_duplicates("demand").head(MOST)
    count = rows.groupby("demand").size()
    note = "Of each demand the period in which its price is least certain; in brackets the number of periods in which it is one of several."
    figure = new_figure("Prices that are one of several", 0.95 + ROW * len(widest), note)
    axes = figure.add_subplot()
    place = np.arange(len(widest))
    prices, lows, highs = (widest[name].to_numpy(dtype=float) for name in ("price", "lowest", "highest"))
    known = np.concatenate([[0.0], *(ends[np.isfinite(ends)] for ends in (prices, lows, highs))])
    span = float(np.ptp(known)) or 1.0
    left, right = (np.clip(ends, known.min() - 0.1 * span, known.max() + 0.1 * span) for ends in (lows, highs))  # no limit: to the edge
    axes.barh(place, right - left, 0.5, left, color=FREE, linewidth=0, gid="range")
    axes.scatter(prices, place, s=14, color=FIRM, zorder=5, linewidths=0)
    for ends, drawn_at, open_end in ((lows, left, "<"), (highs, right, ">")):
        held = np.isfinite(ends)
        axes.scatter(drawn_at[held], place[held], marker="|", s=30, color=SOFT, linewidths=0.8)
        axes.scatter(drawn_at[~held], place[~held], marker=open_end, s=14, color=SOFT, linewidths=0)
    for k, (low, high, period) in enumerate(zip(lows, highs, widest["period"], strict=True)):
        told = [f"{end:,.0f}".replace("-", "−") if np.isfinite(end) else "no limit" for end in (low, high)]
        beside(axes, f"{told[0]} to {told[1]}, {drawable(period)}", float(right[k]), k)
    name_rows(axes, [f"{shortened(material.places.demands.get(str(d), str(d)), 26)} ({count[d]})" for d in widest["demand"]])
    axes.set_xlim(min(0.0, float(left.min())), float(right.max()) + 0.35 * span)
    axes.set_xlabel(" or ".join(dict.fromkeys(widest["unit"])))
    thousands(axes)
    return figure


def plates(material: Material) -> list[Plate]:
    """Congestion, costs, welfare and ranges."""
    moving = [
        Plate(f"ranges_{kind}_{carrier}", f"{name}: how far {what} could move", partial(range_bars, kind=kind, carrier=carrier))
        for carrier, name in material.places.carriers.items()
        for kind, what in (("delivery", "deliveries"), ("flow", "flows of lines"))
    ]
    return [
        Plate("congestion", "Congestion: lines whose limit had a price", congestion_bars),
        Plate("costs", "Costs of the whole network", cost_bars),
        Plate("welfare", "Welfare by country", welfare_bars),
        Plate("price_ranges", "Prices that are one of several", price_ranges),
        *moving,
    ]
