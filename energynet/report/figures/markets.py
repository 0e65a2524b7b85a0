"""Who got how much, from whom, month by month, and at what price."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from energynet.report.figures.material import Material, Plate
from energynet.report.figures.style import (
    day_numbers,
    drawable,
    figure_text,
    legend_above,
    name_rows,
    new_figure,
    picture_grid,
    shortened,
    small_axes,
    thousands,
)
from energynet.report.palette import FIRM, FREE, INK, MISSING, SOFT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW = 0.21  # inches for one bar
LEAST = 0.0005  # bcm or TWh
ANNOTATED = 12  # a grid of prices of more columns than this has no figures in its cells


def bars_of_buyers(material: Material, origin: str) -> Figure | None:
    """What each country got of an origin: by contract and beyond, with its share of the country's demand."""
    rows = material.yearly.loc[lambda frame: (frame["origin"] == origin) & (frame["amount"] >= LEAST)]
    if rows.empty:
        return None
    rows = rows.sort_values("amount", ascending=False)
    unit, gas = str(rows["amount_unit"].iloc[0]), str(rows["amount_unit"].iloc[0]) == "bcm"
    names = [material.places.countries.get(str(c), str(c)) for c in rows["country"]]
    what = f"{material.places.origins.get(origin, origin)}: deliveries by buyer, {material.horizon}"
    note = "At the end of each bar: volume, and its share of the country's demand. Under contract: as far as it was taken there."
    figure = new_figure(what, 0.95 + ROW * len(rows), note)
    axes = figure.add_subplot()
    firm, free = rows["firm"].to_numpy(), (rows["amount"] - rows["firm"]).to_numpy()
    place = np.arange(len(rows))
    if firm.sum() > 0.0:
        axes.barh(place, firm, 0.72, color=FIRM, label="under contract", gid="contract")
    axes.barh(place, free, 0.72, left=firm, color=FREE, label="beyond contracts", gid="spot")
    for k, (amount, asked) in enumerate(zip(rows["amount"], rows["asked"], strict=True)):
        words = f" {figure_text(amount, 3 if gas else 2)}  ({100 * amount / asked:.1f} %)"
        axes.annotate(words, (amount, k), xytext=(2, 0), textcoords="offset points", va="center", fontsize=6.8)
    name_rows(axes, names)
    axes.set_xlim(0, 1.17 * float(rows["amount"].max()))
    axes.set_xlabel(f"{unit} over the horizon")
    thousands(axes)
    axes.legend(loc="lower right")
    return figure


def mix_bars(material: Material, carrier: str) -> Figure | None:
    """Whose gas or power each country used over the horizon."""
    from matplotlib.patches import Patch

    rows = material.yearly.loc[lambda frame: frame["carrier"] == carrier]
    if rows.empty:
        return None
    table = rows.pivot_table(index="country", columns="origin", values="amount", aggfunc="sum").fillna(0.0)
    table = table.loc[table.sum(axis=1).loc[lambda total: total >= LEAST].sort_values(ascending=False).index]
    origins = [o for o in material.origin_colours if o in table.columns]
    name = material.places.carriers.get(carrier, carrier)
    figure = new_figure(f"{name}: whose each country used, {material.horizon}", 1.2 + ROW * len(table))
    axes = figure.add_subplot()
    signed_bars(axes, table[origins], material.places.origins, material.origin_colours)
    for k, amount in enumerate(table.sum(axis=1)):
        axes.annotate(figure_text(amount), (amount, k), xytext=(3, 0), textcoords="offset points", va="center", fontsize=6.8)
    name_rows(axes, [material.places.countries.get(str(c), str(c)) for c in table.index])
    axes.set_xlim(0.0, 1.1 * float(table.sum(axis=1).max()))
    axes.set_xlabel(f"{rows['amount_unit'].iloc[0]} over the horizon")
    thousands(axes)
    names = {o: drawable(shortened(material.places.origins.get(o, o), 28)) for o in origins}
    legend_above(figure, [Patch(color=material.origin_colours[o], label=names[o]) for o in origins])
    return figure


def supply_stack(material: Material, carrier: str) -> Figure | None:
    """Small pictures: whose gas or power each country used, period by period; what was not served on top."""
    rows = material.tables["deliveries"].loc[lambda frame: (frame["per"] == "period") & (frame["carrier"] == carrier)]
    if rows.empty:
        return None
    gas = str(rows["unit"].iloc[0]) == "mcm"
    rows = rows.assign(amount=rows["bcm"] if gas else rows["gwh"])
    total = rows.groupby("country")["amount"].sum().sort_values(ascending=False)
    countries = [str(c) for c in total.index if total[c] >= (LEAST if gas else 1000 * LEAST)]
    origins = [o for o in material.origin_colours if o in set(rows["origin"])]
    lacks = _lacking(material, carrier, 1000.0 if gas else 1.0)
    name = material.places.carriers.get(carrier, carrier)
    figure, grid = picture_grid(f"{name}: supply of each country by origin", len(countries), _per_period(rows, "bcm" if gas else "GWh"))
    clock = rows.drop_duplicates("period").sort_values("start")
    for country, axes in zip(countries, grid, strict=True):
        own = rows.loc[rows["country"] == country].pivot_table(index="period", columns="origin", values="amount", aggfunc="sum")
        own = own.reindex(index=clock["period"], columns=origins).fillna(0.0)
        _stack(axes, clock, own, [material.origin_colours[o] for o in origins])
        short = lacks.get(country)
        if short is not None:
            low = own.sum(axis=1).to_numpy()
            axes.bar(day_numbers(clock["start"]), short.reindex(clock["period"]).fillna(0.0), clock["days"], low, align="edge",
                     facecolor="white", edgecolor=MISSING, hatch="////", linewidth=0.0, gid="unserved")  # fmt: skip
        axes.set_title(drawable(shortened(material.places.countries.get(country, country), 24)), fontsize=7.5, pad=2)
        axes.set_ylim(0, None)
        small_axes(axes, clock)
    _legend(figure, material, origins, short=bool(lacks))
    return figure


def _per_period(rows: pd.DataFrame, unit: str) -> str:
    days = rows["days"].drop_duplicates()
    month = 27 < days.min() <= days.max() < 32
    length = "an hour" if days.max() < 0.05 else "a day" if days.max() == 1.0 else "a month" if month else "a period"
    return f"{unit} {length}. Each picture has its own scale."


def _stack(axes: Axes, clock: pd.DataFrame, values: pd.DataFrame, colours: Sequence[str]) -> None:
    start, days = day_numbers(clock["start"]), clock["days"].to_numpy()
    low = np.zeros(len(clock))
    for origin, colour in zip(values.columns, colours, strict=True):
        height = values[origin].to_numpy()
        if height.any():
            wide = 0.86 if len(clock) <= 40 else 1.0
            left = start + days * (1 - wide) / 2
            axes.bar(left, height, days * wide, low, align="edge", color=colour, linewidth=0, gid=f"origin:{origin}")
            low = low + height


def _lacking(material: Material, carrier: str, scale: float) -> dict[str, pd.Series[float]]:
    """Demand not served by country and period, in the figure's unit."""
    demands = material.result.inputs["demands"].drop_duplicates("id").set_index("id")["node"]
    rows = material.tables["unserved"]
    if rows.empty:
        return {}
    nodes = material.result.inputs["nodes"].set_index("id")["carrier"]
    own = rows.loc[[nodes[demands[d]] == carrier for d in rows["demand"]]]
    country = [material.places.country_of[demands[d]] for d in own["demand"]]
    return {str(c): part.groupby("period")["volume"].sum() / scale for c, part in own.groupby(np.array(country, dtype=object))}


def _legend(figure: Figure, material: Material, origins: Sequence[str], *, short: bool) -> None:
    from matplotlib.patches import Patch

    handles = [Patch(color=material.origin_colours[o], label=drawable(shortened(material.places.origins.get(o, o), 28))) for o in origins]
    if short:
        handles.append(Patch(facecolor="white", edgecolor=MISSING, hatch="////", label="not served"))
    legend_above(figure, handles)


def price_grid(material: Material, unit: str) -> Figure | None:
    """What one more unit would cost at each demand in each period, the dearest first; marked where it is not the only price."""
    rows = material.tables["prices"].loc[lambda frame: (frame["demand"] != "") & (frame["unit"] == unit)]
    if rows.empty:
        return None
    clock = rows.drop_duplicates("period").sort_values("start")
    table = rows.pivot_table(index="demand", columns="period", values="price").reindex(columns=clock["period"])
    days = (clock["days"] * clock["weight"]).to_numpy()
    table = table.iloc[np.argsort(-(table.to_numpy() @ days / days.sum()), kind="stable")]
    open_range = _spread(rows).reindex(index=table.index, columns=table.columns).to_numpy()
    note = "Price: what the system would pay for one more unit there." + (
        " A dot: the price is one of several, apart by more than 1 %." if (open_range > 0.01).any() else ""
    )
    figure = new_figure(f"Prices by demand, {unit}", 1.1 + 0.2 * len(table), note)
    axes = figure.add_subplot()
    values = table.to_numpy()
    low, high = np.nanpercentile(values, [5, 95]) if values.size > 20 else (np.nanmin(values), np.nanmax(values))
    low, high = (low, high) if high > low else (low - 1, high + 1)
    image = axes.imshow(values, aspect="auto", cmap="cividis_r", vmin=low, vmax=high, interpolation="nearest")
    axes.set_yticks(range(len(table)), [drawable(shortened(material.places.demands.get(str(d), str(d)))) for d in table.index])
    axes.tick_params(length=0)
    step = max(1, -(-len(clock) // 13))
    axes.set_xticks(range(0, len(clock), step), [drawable(label) for label in clock["period"]][::step], fontsize=6.3)
    if len(clock) <= ANNOTATED:
        for (row, column), value in np.ndenumerate(values):
            dark = (value - low) / (high - low) > 0.55
            mark = "·" if open_range[row, column] > 0.01 else ""
            axes.text(column, row, f"{value:,.0f}{mark}", ha="center", va="center", fontsize=6.0, color="white" if dark else INK)
    for spine in axes.spines.values():
        spine.set_visible(False)
    bar = figure.colorbar(image, ax=axes, fraction=0.03, pad=0.01, extend="both" if values.size > 20 else "neither")
    bar.set_label(unit)
    bar.outline.set_visible(False)
    return figure


def _spread(rows: pd.DataFrame) -> pd.DataFrame:
    """How far the optimal prices lie apart, as a share of the price; zero where no range was asked for."""
    wide = (rows["highest"] - rows["lowest"]) / rows["price"].abs().clip(lower=1e-9)
    return rows.assign(wide=wide.fillna(0.0)).pivot_table(index="demand", columns="period", values="wide")


def netback_bars(material: Material, origin: str) -> Figure | None:
    """What is left at the field of each destination's price: netback, and what the way took; means weighted by volume."""
    rows = material.tables["netbacks"].loc[lambda frame: (frame["origin"] == origin) & (frame["volume"] > 0.0)]
    if rows.empty:
        return None
    unit = str(rows["unit"].iloc[0])
    parts = ["netback", "tariffs", "bookings", "fuel"]
    weighted = rows[[*parts, "price"]].multiply(rows["volume"], axis=0).groupby(rows["destination"]).sum()
    means = weighted.divide(rows.groupby("destination")["volume"].sum(), axis=0).sort_values("netback", ascending=False)
    whose = material.places.origins.get(origin, origin)
    note = "Means weighted by volume. Bookings: charges of booked capacity, shared by all that flowed through it."
    figure = new_figure(f"{whose}: netbacks by destination", 1.0 + ROW * len(means), note)
    axes = figure.add_subplot()
    words = {"netback": "netback at the source", "tariffs": "tariffs", "bookings": "bookings", "fuel": "fuel"}
    colours = {"netback": FIRM, "tariffs": "#E69F00", "bookings": "#CC79A7", "fuel": "#8C8C8C"}
    signed_bars(axes, means[parts], words, colours)
    for k, (price, netback) in enumerate(zip(means["price"], means["netback"], strict=True)):
        reach = max(float(means[parts].clip(lower=0.0).iloc[k].sum()), 0.0)
        axes.annotate(f" {price:,.0f}  (netback {netback:,.0f})", (reach, k), va="center", fontsize=6.8)
    name_rows(axes, [material.places.demands.get(str(d), str(d)) for d in means.index])
    axes.set_xlim(min(0.0, 1.1 * float(means[parts].clip(upper=0.0).sum(axis=1).min())), 1.24 * float(means["price"].max()))
    axes.set_xlabel(f"price at the destination, {unit}")
    thousands(axes)
    legend_above(figure, axes.get_legend_handles_labels()[0])
    return figure


def signed_bars(axes: Axes, values: pd.DataFrame, words: dict[str, str], colours: dict[str, str]) -> None:
    """Horizontal bars in parts: what is positive to the right of zero, what is negative to its left."""
    right, left = np.zeros(len(values)), np.zeros(len(values))
    for part in values.columns:
        value = values[part].fillna(0.0).to_numpy(dtype=float)
        if not value.any():
            continue
        start = np.where(value >= 0.0, right, left)
        axes.barh(np.arange(len(values)), value, 0.72, left=start, color=colours[part], label=words[part], gid=f"part:{part}", linewidth=0)
        right, left = right + np.maximum(value, 0.0), left + np.minimum(value, 0.0)
    axes.axvline(0.0, color=SOFT, linewidth=0.6)
    reach = float(right.max(initial=0.0) - left.min(initial=0.0)) or 1.0
    axes.set_xlim(left.min(initial=0.0) - 0.03 * reach * bool(left.any()), right.max(initial=0.0) + 0.03 * reach)


def balance_bars(material: Material, carrier: str) -> Figure | None:
    """Each country's balance over the horizon: what came to the right, what went to the left; they are equal."""
    rows = material.tables["balance"].loc[lambda frame: (frame["per"] == "year") & (frame["carrier"] == carrier)]
    parts = ["production", "imports", "storage_change", "converted", "swaps", "served", "exports", "fuel_and_losses"]
    sums = rows.groupby("country")[parts].sum() / 1000.0
    sums = sums.loc[(sums.abs().max(axis=1) >= LEAST)]
    if sums.empty:
        return None
    unit = "bcm" if str(rows["unit"].iloc[0]) == "mcm" else "TWh"
    sums = sums.loc[sums.clip(lower=0.0).sum(axis=1).sort_values(ascending=False, kind="stable").index]
    name = material.places.carriers.get(carrier, carrier)
    note = "Transit counts as imports and as exports."
    figure = new_figure(f"{name}: balance by country, {material.horizon}", 0.95 + ROW * len(sums), note)
    axes = figure.add_subplot()
    words = {part: part.replace("_", " ") for part in parts}
    colours = dict(zip(parts, ("#009e73", "#8ecae6", "#c4b454", "#6a4c93", "#8b8b8b", "#0072b2", "#e69f00", "#d55e00"), strict=True))
    signed_bars(axes, sums, words, colours)
    name_rows(axes, [material.places.countries.get(str(c), str(c)) for c in sums.index])
    axes.set_xlabel(f"{unit}: what came (right) and what went (left)")
    thousands(axes)
    legend_above(figure, axes.get_legend_handles_labels()[0], 8)
    return figure


def plates(material: Material) -> list[Plate]:
    """Deliveries, supply, balances, prices and netbacks."""
    places = material.places
    found = []
    for origin in material.followed:
        title = f"{places.origins.get(origin, origin)}: deliveries by buyer"
        found.append(Plate(f"buyers_{origin}", title, partial(bars_of_buyers, origin=origin)))
    for carrier, name in places.carriers.items():
        found.append(Plate(f"mix_{carrier}", f"{name}: whose each country used", partial(mix_bars, carrier=carrier)))
        found.append(Plate(f"supply_{carrier}", f"{name}: supply of each country by origin", partial(supply_stack, carrier=carrier)))
        found.append(Plate(f"balance_{carrier}", f"{name}: balance by country", partial(balance_bars, carrier=carrier)))
    for unit in dict.fromkeys(material.tables["prices"]["unit"]):
        file = f"prices_{str(unit).replace('/', '_').lower()}"
        found.append(Plate(file, f"Prices by demand, {unit}", partial(price_grid, unit=str(unit))))
    for origin in material.followed:
        title = f"{places.origins.get(origin, origin)}: netbacks by destination"
        found.append(Plate(f"netbacks_{origin}", title, partial(netback_bars, origin=origin)))
    return found
