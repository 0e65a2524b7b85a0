"""The summary on the terminal: who got how much, by which route, at what price, what was full, what was short."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import click
import pandas as pd

from energynet.results.result import Result
from energynet.results.summary import contract_origins

Rows = list[Sequence[str]]
MOST = 12


def print_summary(result: Result) -> None:
    """Five short tables; plain text when standard output is not a terminal."""
    assert result.solution is not None
    system = result.solution.system
    deliveries = result.tables["deliveries"]
    yearly = deliveries.loc[deliveries["per"] == "year"]
    names = dict(zip(system["countries"].ids, system["countries"].text["name"], strict=True))
    for origin in contract_origins(result.solution):
        name = system["origins"].of("name", origin)
        own = yearly.loc[yearly["origin"] == origin]
        print_rows(
            f"Who got how much of {name}'s gas, and by which route", ("country", "bcm", "contract", "of demand", "route"), _who(own, names)
        )
    print_rows("Power across borders", ("border", "from", "to", "GWh"), _power(result))
    print_rows("At what price (mean of the horizon)", ("demand", "price", "unit"), _prices(result))
    print_rows("What was full", ("line", "load", "at limit", "rent, MUSD"), _full(result))
    short = _short(result)
    print_rows("What was short", ("demand", "tier", "volume", "unit"), short or [("nothing: all firm demand was served", "", "", "")])
    print_rows("Costs", ("", "million USD"), [*_costs(result), ("objective", f"{result.objective:,.1f}")])


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): cell for name, cell in row.items()} for row in frame.to_dict("records")]


def _who(own: pd.DataFrame, names: dict[str, Any]) -> Rows:
    grouped = own.groupby("country", as_index=False).agg({"bcm": "sum", "contract": "sum", "share_of_demand": "mean", "route": "first"})
    rows: Rows = []
    for row in _records(grouped.sort_values("bcm", ascending=False)):
        if row["bcm"] >= 0.0005:
            share, contract = f"{100 * row['share_of_demand']:.1f} %", f"{row['contract'] / 1000:.3f}"
            rows.append((str(names[row["country"]]), f"{row['bcm']:.3f}", contract, share, str(row["route"])))
    return rows


def _power(result: Result) -> Rows:
    borders = result.tables["borders"]
    power = borders.loc[borders["bcm"].isna()].groupby(["border", "exit_country", "entry_country"], as_index=False)[["gwh"]].sum()
    power = power.loc[power["gwh"] > 0.05].sort_values("gwh", ascending=False)
    return [(str(r["border"]), str(r["exit_country"]), str(r["entry_country"]), f"{r['gwh']:,.1f}") for r in _records(power)]


def _prices(result: Result) -> Rows:
    assert result.solution is not None
    demands = result.solution.system["demands"]
    prices = result.tables["prices"]
    prices = prices.loc[prices["demand"] != ""]
    weighted = prices.assign(value=prices["price"] * prices["days"]).groupby(["demand", "unit"], as_index=False)[["value", "days"]].sum()
    weighted["mean"] = weighted["value"] / weighted["days"]
    ordered = weighted.sort_values(["unit", "mean"], ascending=[True, False])
    return [(str(demands.of("name", r["demand"])), f"{r['mean']:,.0f}", str(r["unit"])) for r in _records(ordered)]


def _full(result: Result) -> Rows:
    table = result.tables["congestion"]
    grouped = table.groupby("name", as_index=False).agg({"load_factor": "mean", "periods_at_limit": "sum", "congestion_rent_musd": "sum"})
    binding = grouped.loc[grouped["congestion_rent_musd"] > 0.005].nlargest(MOST, "congestion_rent_musd")
    count = result.manifest["horizon"]["periods"]
    return [
        (str(r["name"]), f"{100 * r['load_factor']:.0f} %", f"{r['periods_at_limit']} of {count}", f"{r['congestion_rent_musd']:,.1f}")
        for r in _records(binding)
    ]


def _short(result: Result) -> Rows:
    missing = result.tables["unserved"]
    grouped = missing.groupby(["demand", "tier", "unit"], as_index=False)[["volume"]].sum()
    return [(str(r["demand"]), str(r["tier"]), f"{r['volume']:,.1f}", str(r["unit"])) for r in _records(grouped)]


def _costs(result: Result) -> Rows:
    items = _records(result.tables["costs"])
    return [(f"{r['component']}: {r['item']}", f"{r['musd']:,.1f}") for r in items if abs(r["musd"]) >= 0.05]


def print_rows(title: str, head: Sequence[str], rows: Rows) -> None:
    """A table: plain text when standard output is not a terminal; nothing where there are no rows."""
    if not rows:
        return
    if sys.stdout.isatty() and "NO_COLOR" not in os.environ:
        _rich(title, head, rows)
        return
    widths = [max(len(str(row[k])) for row in [head, *rows]) for k in range(len(head))]
    click.echo(f"\n{title}")
    for row in [head, *rows]:
        click.echo(
            "  "
            + "  ".join(
                _cell(str(cell), width, number=_is_number(rows, k)) for k, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
        )


def _cell(text: str, width: int, *, number: bool) -> str:
    return text.rjust(width) if number else text.ljust(width)


def _is_number(rows: Rows, column: int) -> bool:
    return all(not row[column] or row[column][0] in "-0123456789" for row in rows) and any(row[column] for row in rows)


def _rich(title: str, head: Sequence[str], rows: Rows) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for k, name in enumerate(head):
        table.add_column(name, justify="right" if _is_number(rows, k) else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console().print(table)
