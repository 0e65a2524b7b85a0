"""Tables of markets: the buyers of the followed origins, the balance of every country, prices and netbacks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from energynet.report.bind import Expression
from energynet.report.tables import Cell, Cells, Head, Table, figure, positions, records, words
from energynet.report.view import Run

Data = Mapping[str, Any]
TERM_HEADS = {
    "production": "Production", "imports": "Imports", "exports": "Exports", "storage_change": "From storage",
    "fuel_and_losses": "Fuel, losses", "converted": "Plants", "swaps": "Swaps", "served": "Served", "unserved": "Not served",
}  # fmt: skip


def demands_in(data: Data, country: str, carrier: str) -> list[int]:
    """Positions of the demands of a country."""
    return positions(data["demands"], lambda row: row["carrier"] == carrier and data["nodes"][row["node"]]["country"] == country)


def pairs_of(data: Data, demands: list[int], origins: list[int] | None = None) -> list[int]:
    """Positions of the pairs of these demands and origins."""
    return positions(data["demand_origins"], lambda pair: pair[0] in demands and (origins is None or pair[1] in origins))


def buyers(run: Run, cells: Cells, origin: int) -> Table:
    """Who got how much of one origin, what contracts handed over, at what price, and by which way."""
    data = cells.data
    row = data["origins"][origin]
    carrier = data["carriers"][row["carrier"]]
    scale = 1.0 / carrier["per_large"]
    yearly = run.table("deliveries").loc[lambda frame: (frame["per"] == "year") & (frame["origin"] == row["id"])]
    told = {str(country): part for country, part in yearly.groupby("country")}
    countries = list(dict.fromkeys(data["nodes"][demand["node"]]["country"] for demand in data["demands"]))
    lines = []
    for country in countries:
        demands = demands_in(data, country, row["carrier"])
        own, whole = pairs_of(data, demands, [origin]), pairs_of(data, demands)
        if not own:
            continue
        got: Expression = ["sum", "delivered", own, scale]
        part = told.get(country)
        contract = None if part is None else float(part["contract"].sum()) * scale
        route = "" if part is None else "; ".join(dict.fromkeys(str(cell) for cell in part["route"]))
        lines.append(
            [
                words(data["countries"][country]["name"], strong=True), cells.of(got, 3, strong=True), figure(contract, 3),
                cells.of(["div", got, ["sum", "delivered", whole, scale]], 1, share=True, bar=True),
                cells.of(["weighted", "price", [data["demand_origins"][pair][0] for pair in own], "delivered", own], 0),
                cells.of(["weighted", "netback", own, "delivered", own], 0), Cell(route, stored=True),
            ]
        )  # fmt: skip
    lines.sort(key=lambda line: -float(line[1].sort))
    every = pairs_of(data, list(range(len(data["demands"]))), [origin])
    total: Expression = ["sum", "delivered", every, scale]
    contracts = float(yearly["contract"].sum()) * scale
    foot = [
        [
            words("All", strong=True), cells.of(total, 3, strong=True), figure(contracts, 3), words(""), words(""),
            cells.of(["weighted", "netback", every, "delivered", every], 0), words(""),
        ]
    ]  # fmt: skip
    heads = [
        Head("Country", numeric=False), Head("Delivered", carrier["large"]), Head("Handed over by contract", carrier["large"]),
        Head("Share of use"), Head("Price there", carrier["price"]), Head("Netback", carrier["price"]),
        Head("Ways, the widest first", numeric=False),
    ]  # fmt: skip
    note = (
        "Prices and netbacks (what the price leaves at the field) are means over the volumes delivered. What contracts handed over to "
        "a country's buyers may be more than was delivered there: the rest went into storage or on to others."
    )
    caption, more = f"Buyers of {row['name']}’s {carrier['name'].lower()}", deliveries_by_period(cells, origin)
    return Table(f"buyers-{row['id']}", caption, heads, lines, foot, note, "first", more)


def balance(cells: Cells, carrier: str) -> Table:
    """Where each country's energy came from and went: what comes is positive, what goes is negative."""
    data = cells.data
    about = data["carriers"][carrier]
    scale = 1.0 / about["per_large"]
    places = positions(data["places"], lambda place: place[1] == carrier)
    used = [n for n, term in enumerate(data["terms"]) if term == "unserved" or _any(cells, places, n)]
    lines = [
        [
            words(data["countries"][data["places"][place][0]]["name"], strong=True),
            *(cells.of(["balance", place, n, scale], 3, strong=data["terms"][n] == "served") for n in used),
        ]
        for place in places
    ]
    served = data["terms"].index("served")
    order = {id(line): -abs(cells.read(["balance", place, served, scale]) or 0.0) for line, place in zip(lines, places, strict=True)}
    lines.sort(key=lambda line: order[id(line)])
    heads = [Head("Country", numeric=False), *(Head(TERM_HEADS[data["terms"][n]], about["large"]) for n in used)]
    note = "What comes is positive, what goes is negative; all but “not served” add up to zero."
    return Table(f"balance-{carrier}", f"{about['name']}: balance by country", heads, lines, note=note)


def _any(cells: Cells, places: list[int], term: int) -> bool:
    return any(abs(value) > 1e-9 for place in places for value in cells.view["balance"][place][term])


def prices(run: Run, cells: Cells, carrier: str) -> Table:
    """What one more unit would cost at each demand, how far that price is the only one, and what it leaves at the field."""
    data = cells.data
    about = data["carriers"][carrier]
    frame = run.table("prices").loc[lambda frame: frame["demand"] != ""]
    kinds = {str(demand): _kind(part) for demand, part in frame.groupby("demand")}
    followed = [k for k in data["followed"] if data["origins"][k]["carrier"] == carrier]
    lines = []
    for k, demand in enumerate(data["demands"]):
        if demand["carrier"] != carrier:
            continue
        pairs = [pairs_of(data, [k], [origin]) for origin in followed]
        back = [cells.of(["weighted", "netback", own, "delivered", own], 0) if own else figure(None) for own in pairs]
        mean = cells.of(["mean", "price", [k]], 0, strong=True)
        lines.append(
            [
                words(demand["name"], strong=True), mean, cells.of(["low", "price", k], 0), cells.of(["high", "price", k], 0),
                Cell(kinds.get(demand["id"], ""), stored=True), *back,
            ]
        )  # fmt: skip
    lines.sort(key=lambda line: -float(line[1].sort))
    heads = [
        Head("Demand", numeric=False), Head("Mean", about["price"]), Head("Lowest", about["price"]), Head("Highest", about["price"]),
        Head("The price is", numeric=False),
        *(Head(f"Netback of {data['origins'][k]['name']}", about["price"]) for k in followed),
    ]  # fmt: skip
    note = "A price is what one more unit there would cost the whole system; not what a buyer pays under its contracts."
    return Table(f"prices-{carrier}", f"{about['name']}: prices", heads, lines, note=note, more=_by_period(cells, carrier))


def _kind(prices: pd.DataFrame) -> str:
    """Whether a demand's prices are the only ones, as far as that was asked."""
    if prices["unique"].all():
        return "the only one"
    return "range not asked" if prices["lowest"].isna().all() else "one of a range"


def _by_period(cells: Cells, carrier: str) -> tuple[Table, ...]:
    data = cells.data
    demands = positions(data["demands"], lambda row: row["carrier"] == carrier)
    if len(data["periods"]) == 1:
        return ()
    rows = [
        [words(data["demands"][k]["name"]), *(cells.of(["at", "price", [k], t], 0) for t in range(len(data["periods"])))] for k in demands
    ]
    heads = [Head("Demand", numeric=False), *(Head(period["label"]) for period in data["periods"])]
    return (Table(f"prices-{carrier}-periods", f"Prices by period, {data['carriers'][carrier]['price']}", heads, rows),)


def deliveries_by_period(cells: Cells, origin: int) -> tuple[Table, ...]:
    """One origin's deliveries by country and period."""
    data = cells.data
    if len(data["periods"]) == 1:
        return ()
    carrier = data["carriers"][data["origins"][origin]["carrier"]]
    scale = 1.0 / carrier["per_large"]
    rows = []
    for country in dict.fromkeys(data["nodes"][demand["node"]]["country"] for demand in data["demands"]):
        own = pairs_of(data, demands_in(data, country, data["origins"][origin]["carrier"]), [origin])
        if own:
            figures = [cells.of(["sum", "delivered", own, scale, t], 3) for t in range(len(data["periods"]))]
            rows.append([words(data["countries"][country]["name"]), *figures])
    rows.sort(key=lambda row: -sum(float(cell.sort or 0) for cell in row[1:]))
    heads = [Head("Country", numeric=False), *(Head(period["label"]) for period in data["periods"])]
    caption = f"Deliveries of {data['origins'][origin]['name']} by period, {carrier['large']}"
    return (Table(f"buyers-{data['origins'][origin]['id']}-periods", caption, heads, rows, sparse="all"),)


def unserved(run: Run, cells: Cells) -> Table:
    """Firm demand that was not met; a row for every demand, hidden where all was served."""
    data = cells.data
    lines = []
    for k, demand in enumerate(data["demands"]):
        carrier = data["carriers"][demand["carrier"]]
        short: Expression = ["sum", "unserved", [k], 1.0]
        whole: Expression = ["sum", "delivered", pairs_of(data, [k]), 1.0]
        part: Expression = ["div", short, ["less", short, ["mul", whole, -1.0]]]
        figures = [cells.of(short, 1, strong=True), words(carrier["unit"]), cells.of(part, 2, share=True)]
        lines.append([words(demand["name"], strong=True), *figures])
    heads = [Head("Demand", numeric=False), Head("Not served"), Head("Unit", numeric=False), Head("Of the demand")]
    return Table("unserved", "Firm demand that was not served", heads, lines, sparse="first", more=_tiers(run, data))


def _tiers(run: Run, data: Data) -> tuple[Table, ...]:
    frame = run.table("unserved")
    if frame.empty:
        return ()
    names = {row["id"]: row["name"] for row in data["demands"]}
    grouped = frame.groupby(["demand", "tier", "period", "unit"], as_index=False, sort=False)[["volume", "share"]].sum()
    rows = [
        [
            words(names[r["demand"]]), words(r["tier"]), words(r["period"]), figure(r["volume"], 2), words(r["unit"]),
            figure(100 * r["share"], 1),
        ]
        for r in records(grouped)
    ]  # fmt: skip
    heads = [
        Head("Demand", numeric=False), Head("Tier", numeric=False), Head("Period", numeric=False), Head("Volume"),
        Head("Unit", numeric=False), Head("Of the tier", "%"),
    ]  # fmt: skip
    return (Table("unserved-tiers", "By tier and period", heads, rows),)
