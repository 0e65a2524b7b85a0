"""Storages through the horizon, and contracts year by year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from energynet.report.figures.markets import ROW
from energynet.report.figures.material import Material, Plate
from energynet.report.figures.style import (
    beside,
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
from energynet.report.palette import EARNS, FIRM, FREE, INK, MISSING, PAYS, RULE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

QUANTITIES = ("annual_quantity", "delivered", "take_or_pay", "not_taken", "make_up_bank")
NOT_TAKEN: dict[str, Any] = {
    "facecolor": "white", "edgecolor": MISSING, "hatch": "////", "linewidth": 0, "label": "paid for and not taken",
}  # fmt: skip
USED = 0.001  # of the working volume: a storage that moves less through the horizon is left out


def storage_curves(material: Material) -> Figure | None:
    """Small pictures: what lies in each storage at the end of each period, and what it may hold."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    rows = material.tables["storage"]
    moved = rows.groupby("storage")[["injection", "withdrawal"]].sum().sum(axis=1)
    size = rows.groupby("storage")["inventory"].max()
    chosen = [str(s) for s in size.sort_values(ascending=False).index if moved[s] > USED * max(size[s], 1e-9) and size[s] > 0.0]
    if not chosen:
        return None
    note = "At the end of each period, and what went in and out in it. Left out: storages that stood still. Each picture has its own scale."
    figure, grid = picture_grid("Storages: working gas by period", len(chosen), note)
    for storage, axes in zip(chosen, grid, strict=True):
        _one_storage(axes, rows.loc[rows["storage"] == storage].sort_values("start"))
    legend_above(
        figure,
        [
            Patch(color=FREE, label="in store"), Patch(color=EARNS, label="put in"), Patch(color=PAYS, label="taken out"),
            Line2D([], [], color=INK, linewidth=0.8, linestyle=(0, (3, 2)), label="working volume"),
        ],
    )  # fmt: skip
    return figure


def _one_storage(axes: Axes, own: pd.DataFrame) -> None:
    unit = str(own["unit"].iloc[0])
    scale, name = (1000.0, "bcm") if unit == "mcm" else (1.0, unit)
    start, days = day_numbers(own["start"]), own["days"].to_numpy(dtype=float)
    stock = own["inventory"].to_numpy() / scale
    axes.fill_between(start + days, stock, color=FREE, linewidth=0, gid="inventory")
    axes.plot(start + days, stock, color=FIRM, linewidth=0.9)
    wide = 0.35 if len(own) <= 40 else 0.5
    axes.bar(start + days * 0.12, own["injection"] / scale, days * wide, align="edge", color=EARNS, linewidth=0)
    axes.bar(start + days * 0.53, own["withdrawal"] / scale, days * wide, align="edge", color=PAYS, linewidth=0)
    fill = own["fill"].to_numpy()
    full = stock[fill > 0.0] / fill[fill > 0.0]
    if len(full):
        axes.axhline(float(full.max()), color=INK, linewidth=0.8, linestyle=(0, (3, 2)))
    axes.set_title(f"{drawable(shortened(str(own['name'].iloc[0]), 20))}, {name}", fontsize=7.0, pad=2)
    small_axes(axes, own)
    axes.set_ylim(0.0, 1.12 * max(float(full.max()) if len(full) else 0.0, float(stock.max())))


def contract_bars(material: Material) -> Figure | None:
    """What each contract delivered of its annual quantity: all of them in one year, or small pictures over the years."""
    rows = material.tables["contracts"]
    rows = rows.loc[rows["annual_quantity"] > 0.0]
    if rows.empty:
        return None
    if rows["contract_year"].nunique() > 1:
        return _contracts_over_years(rows)
    rows = rows.sort_values("annual_quantity", ascending=False)
    year = str(rows["contract_year"].iloc[0])
    note = "The line in a bar is what must be taken or paid. Beside it: delivered of the annual quantity, as far as it lies in the horizon."
    figure = new_figure(f"Contracts: delivered in the contract year {year}", 1.0 + ROW * len(rows), note)
    axes = figure.add_subplot()
    place, whole = np.arange(len(rows)), rows["annual_quantity"].to_numpy()
    share = 100.0 * rows["delivered"].to_numpy() / whole
    axes.barh(place, 100.0 * np.ones(len(rows)), 0.72, color=RULE, label="annual quantity", linewidth=0)
    axes.barh(place, share, 0.5, color=FIRM, label="delivered", gid="delivered", linewidth=0)
    lacking = 100.0 * rows["not_taken"].to_numpy() / whole
    if lacking.any():
        axes.barh(place, lacking, 0.5, share, **NOT_TAKEN)
    firm = 100.0 * rows["take_or_pay"].to_numpy() / whole
    axes.scatter(firm, place, marker="|", s=70, color=INK, linewidths=1.4, zorder=5, label="take or pay")
    for k, (got, of, unit) in enumerate(zip(rows["delivered"], whole, rows["unit"], strict=True)):
        scale, digits, name = (1000.0, 3, "bcm") if unit == "mcm" else (1.0, 1, unit)
        words = f"{figure_text(got / scale, digits)} of {figure_text(of / scale, digits)} {name}"
        beside(axes, words, max(share[k], 100.0), k)
    name_rows(axes, [str(n) for n in rows["name"]])
    axes.set_xlim(0, 1.28 * max(100.0, float(share.max())))
    axes.set_xlabel("% of the annual quantity")
    axes.set_xticks(range(0, 101, 20))
    legend_above(figure, axes.get_legend_handles_labels()[0])
    return figure


def _contracts_over_years(rows: pd.DataFrame) -> Figure:
    size = rows.groupby("name", sort=False)["annual_quantity"].max().sort_values(ascending=False)
    note = "By contract year; banks as they stand at its end. Each picture has its own scale."
    figure, grid = picture_grid("Contracts: delivered year by year", len(size), note)
    years = sorted(rows["contract_year"].astype(str).unique())
    for name, axes in zip(size.index, grid, strict=True):
        own = rows.loc[rows["name"] == name].assign(year=lambda f: f["contract_year"].astype(str)).set_index("year").reindex(years)
        scale, unit = (1000.0, "bcm") if "mcm" in set(own["unit"]) else (1.0, str(own["unit"].dropna().iloc[0]))
        place = np.arange(len(years))
        values = {c: own[c].fillna(0.0).to_numpy(dtype=float) / scale for c in QUANTITIES}
        axes.bar(place, values["annual_quantity"], 0.84, color=RULE, linewidth=0, label="annual quantity")
        axes.bar(place, values["delivered"], 0.56, color=FIRM, linewidth=0, label="delivered", gid="delivered")
        if rows["not_taken"].any():
            axes.bar(place, values["not_taken"], 0.56, values["delivered"], **NOT_TAKEN)
        axes.hlines(values["take_or_pay"], place - 0.42, place + 0.42, color=INK, linewidth=1.0, label="take or pay")
        if rows["make_up_bank"].any():
            axes.plot(place, values["make_up_bank"], color=PAYS, marker="o", markersize=2.5, linewidth=0.8, label="make-up bank")
        axes.set_title(f"{drawable(shortened(str(name), 22))}, {unit}", fontsize=7.0, pad=2)
        step = -(-len(years) // 4)
        axes.set_xticks(place[::step], [drawable(y) for y in years][::step], fontsize=6.0)
        thousands(axes, "y")
    legend_above(figure, grid[0].get_legend_handles_labels()[0])
    return figure


def plates(material: Material) -> list[Plate]:
    """Storages and contracts."""
    del material
    return [Plate("storage", "Storages: working gas by period", storage_curves), Plate("contracts", "Contracts", contract_bars)]
