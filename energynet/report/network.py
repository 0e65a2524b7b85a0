"""Tables of the network: lines and where they were full, borders, storages, contracts, money, and the certificate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from energynet.report.bind import Expression
from energynet.report.tables import Cell, Cells, Head, Table, figure, positions, records, share, words
from energynet.report.view import Run

ROLES = "role"
BANKS = {"not_taken": "Paid, not taken", "make_up": "Made up", "make_up_bank": "In the make-up bank", "carry_forward": "Carried forward"}
TOLD = {
    "periods_at_limit": "sum", "congestion_rent_musd": "sum", "worth_of_more_musd": "mean", "worth_of_less_musd": "mean",
    "worth_proven": "all",
}  # fmt: skip
SEEN = 1e-6


def lines(run: Run, cells: Cells, carrier: str) -> Table:
    """Every line of a carrier: flow, capacity, load, and what its limit cost."""
    data = cells.data
    about = data["carriers"][carrier]
    yearly = run.table("congestion").groupby("arc", as_index=False).agg(TOLD)
    told = {row["arc"]: row for row in records(yearly)}
    rows = []
    for k, arc in enumerate(data["arcs"]):
        if arc["carrier"] != carrier:
            continue
        pairs = positions(data["arc_origins"], lambda pair, k=k: pair[0] == k)
        flow: Expression = ["mean", "flow", pairs]
        carried: Expression = ["less", flow, ["mean", "netted", [k]]]
        capacity: Expression = ["mean", "capacity", [k]]
        limits = told.get(arc["id"], {})
        rows.append(
            [
                words(arc["name"], strong=True), cells.of(flow, 1, strong=True), cells.of(capacity, 1),
                cells.of(["div", carried, capacity], 0, share=True, bar=True), figure(limits.get("periods_at_limit")),
                figure(limits.get("congestion_rent_musd"), 1),
                figure(limits.get("worth_of_more_musd"), 2), figure(limits.get("worth_of_less_musd"), 2),
            ]
        )  # fmt: skip
    rows.sort(key=lambda row: (-float(row[5].sort or 0), -float(row[1].sort)))
    heads = [
        Head("Line", numeric=False), Head("Mean flow", about["rate"]), Head("Mean capacity", about["rate"]), Head("Load"),
        Head("At its limit", f"of {run.result.manifest['horizon']['periods']}"), Head("Congestion rent", "million USD"),
        Head("One more saves", f"million USD a {about['rate']}"), Head("One less costs", f"million USD a {about['rate']}"),
    ]  # fmt: skip
    note = "Lines without flow are left out. A rent is the worth of the limit times the flow; nothing stands where there is no limit. "
    note += "Worths are of one unit for a year; where several limits meet, one more of a line saves less than one less would cost."
    caption = f"{about['name']}: lines, the most congested first"
    return Table(f"lines-{carrier}", caption, heads, rows, (), note, "first", _rates(cells, carrier))


def _rates(cells: Cells, carrier: str) -> tuple[Table, ...]:
    data = cells.data
    if len(data["periods"]) == 1:
        return ()
    rows = []
    for k, arc in enumerate(data["arcs"]):
        if arc["carrier"] == carrier:
            pairs = positions(data["arc_origins"], lambda pair, k=k: pair[0] == k)
            rows.append([words(arc["name"]), *(cells.of(["at", "flow", pairs, t], 1) for t in range(len(data["periods"])))])
    heads = [Head("Line", numeric=False), *(Head(period["label"]) for period in data["periods"])]
    caption = f"Flows by period, {data['carriers'][carrier]['rate']}"
    return (Table(f"lines-{carrier}-periods", caption, heads, rows, sparse="all"),)


def borders(run: Run) -> Table:
    """What arrived across each border, by direction, over the horizon."""
    frame = run.table("borders")
    names = {str(row["id"]): str(row["name"]) for row in run.rows("countries")}
    by = ["border", "carrier", "exit_country", "entry_country"]
    grouped = frame.groupby(by, as_index=False, sort=False)[["bcm", "gwh"]].sum(min_count=1)
    grouped = grouped[grouped["gwh"] > 1e-6].sort_values("gwh", ascending=False)
    rows = [
        [
            words(row["border"], strong=True), words(row["carrier"], title=True),
            words(names.get(row["exit_country"], row["exit_country"])),
            words(names.get(row["entry_country"], row["entry_country"])), figure(_known(row["bcm"]), 3), figure(row["gwh"], 0),
        ]
        for row in records(grouped)
    ]  # fmt: skip
    heads = [
        Head("Border", numeric=False), Head("Carrier", numeric=False), Head("From", numeric=False), Head("To", numeric=False),
        Head("Arrived", "bcm"), Head("Arrived", "GWh"),
    ]  # fmt: skip
    return Table("borders", "Across borders", heads, rows)


def _known(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


def storages(run: Run, cells: Cells) -> Table:
    """How each storage was used."""
    data = cells.data
    moved = run.table("storage").groupby("storage", as_index=False)[["injection", "withdrawal"]].sum()
    told = {row["storage"]: row for row in records(moved)}
    last = len(data["periods"]) - 1
    rows = []
    for k, row in enumerate(data["storages"]):
        about = data["carriers"][row["carrier"]]
        volume = np.nan if row["working_volume"] is None else row["working_volume"]
        rows.append(
            [
                words(row["name"], strong=True), words(about["unit"]), figure(volume, stored=False), cells.of(["low", "inventory", k]),
                cells.of(["high", "inventory", k]), cells.of(["at", "inventory", [k], last], strong=True),
                cells.of(["div", ["at", "inventory", [k], last], ["mul", ["high", "inventory", k], 1.0]], 0, share=True)
                if not row["working_volume"]
                else cells.of(["mul", ["at", "inventory", [k], last], 1.0 / volume], 0, share=True, bar=True),
                figure(told.get(row["id"], {}).get("injection")), figure(told.get(row["id"], {}).get("withdrawal")),
            ]
        )  # fmt: skip
    rows.sort(key=lambda row: -float(row[2].sort or 0))
    heads = [
        Head("Storage", numeric=False), Head("Unit", numeric=False), Head("Working volume"), Head("Least stock"), Head("Greatest stock"),
        Head("Stock at the end"), Head("Full at the end"), Head("Put in"), Head("Taken out"),
    ]  # fmt: skip
    return Table("storages", "Storages", heads, rows)


def contracts(run: Run) -> Table:
    """Contracts by contract year, in large units; a column without a figure is left out."""
    frame, names = run.table("contracts"), {str(row["id"]): str(row["name"]) for row in run.rows("countries")}
    units = {str(unit) for unit in frame["unit"]}
    scale = {unit: 0.001 if unit == "mcm" else 1.0 for unit in units}
    written = "/".join(sorted("bcm" if unit == "mcm" else unit for unit in units))
    banks = [name for name in BANKS if (frame[name].abs() > SEEN).any()]
    rows = []
    for row in records(frame):
        quantity, size = row["annual_quantity"], scale[str(row["unit"])]
        figures = [figure(row[name] * size, 3) for name in ("annual_quantity", "take_or_pay", "delivered")]
        took = share(row["delivered"] / quantity if quantity else None, 0)
        about = [words(row["name"], strong=True), words(names.get(row["buyer"], row["buyer"])), words(row["contract_year"])]
        rows.append([*about, *figures, took, *(figure(row[name] * size, 3) for name in banks)])
    heads = [
        Head("Contract", numeric=False), Head("Buyer", numeric=False), Head("Year", numeric=False), Head("Annual quantity", written),
        Head("Take-or-pay", written), Head("Delivered", written), Head("Of the quantity"), *(Head(BANKS[name], written) for name in banks),
    ]  # fmt: skip
    note = "Quantities are of the part of the contract year inside the horizon."
    if len(banks) < len(BANKS):
        note += f" Nothing was: {', '.join(BANKS[name].lower() for name in BANKS if name not in banks)}."
    return Table("contracts", "Contracts", heads, rows, note=note)


def costs(cells: Cells) -> Table:
    """What the objective is made of; what is received is negative."""
    rows = [
        [words(component, title=True), words(item), cells.of(["cost", k], 1)] for k, (component, item, _) in enumerate(cells.view["costs"])
    ]
    foot = [[words("Objective", strong=True), words(""), cells.of(["value", "objective"], 1, strong=True)]]
    heads = [Head("Component", numeric=False), Head("Item", numeric=False), Head("Million USD")]
    return Table("costs", "Costs: the bill of the whole network", heads, rows, foot, sparse="first")


def welfare(run: Run) -> Table:
    """Who pays and who earns, by country and role."""
    frame = run.table("welfare")
    names = {str(row["id"]): str(row["name"]) for row in run.rows("countries")}
    roles = list(dict.fromkeys(frame[ROLES]))
    wide = frame.pivot_table(index="country", columns=ROLES, values="musd", aggfunc="sum", fill_value=0.0)
    whole = wide.sum(axis=1).sort_values(ascending=False, key=abs)
    rows = [
        [
            words(names.get(str(country), country), strong=True), *(figure(_plain(wide.loc[country, role]), 1) for role in roles),
            Cell(*_strong(figure(_plain(whole[country]), 1)), numeric=True, strong=True, stored=True),
        ]
        for country in whole.index
    ]  # fmt: skip
    total = [figure(_plain(wide[role].sum()), 1) for role in roles]
    foot = [[words("All", strong=True), *total, figure(_plain(float(whole.sum())), 1)]]
    heads = [Head("Country", numeric=False), *(Head(str(role).capitalize()) for role in roles), Head("All")]
    note = "Million USD: what each pays (positive) less what it earns above its cost (negative). The whole is the objective."
    return Table("welfare", "Who pays and who earns", heads, rows, foot, note=note)


def _plain(value: float) -> float:
    return 0.0 if abs(value) < 5e-7 else float(value)


def _strong(cell: Cell) -> tuple[str, str, str]:
    return cell.text, "", cell.sort


def certificate(view: Mapping[str, Any]) -> Table:
    """Every check of the answer by code that knows nothing of the solver."""
    rows = [
        [
            words(one["check"], strong=True), Cell(f"{one['worst']:.1e}", sort=str(one["worst"]), numeric=True),
            Cell(f"{one['tolerance']:.0e}", numeric=True), words(one["unit"]), words(one["where"]),
            words("holds" if one["holds"] else "FAILS", strong=not one["holds"]),
        ]
        for one in view["certificate"]
    ]  # fmt: skip
    heads = [
        Head("Check", numeric=False), Head("Worst"), Head("Tolerance"), Head("Unit", numeric=False), Head("Where", numeric=False),
        Head("", numeric=False, title="Result"),
    ]  # fmt: skip
    return Table("certificate", "Certificate", heads, rows)


def physical(run: Run) -> Table:
    """What flows as no pipe, line or storage could: of the run's own solution."""
    carriers = {str(row["id"]): str(row["name"]) for row in run.rows("carriers")}
    rows = [
        [
            words(one.name, strong=one.volume > 0.0, title=True), words(carriers[one.carrier]), figure(one.volume, 3), figure(one.lost, 3),
            words(one.unit), figure(one.musd, 3), words(one.where),
        ]
        for one in run.result.certificate.physical
    ]  # fmt: skip
    heads = [
        Head("What", numeric=False), Head("Carrier", numeric=False), Head("Volume"), Head("Lost by it"), Head("Unit", numeric=False),
        Head("Worth", "MUSD"), Head("Most at", numeric=False),
    ]  # fmt: skip
    return Table("physical", "What physics does not allow", heads, rows)
