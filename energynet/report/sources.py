"""Where the numbers come from: every row of the data package that the run used, its figures, and its references."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from energynet.components.catalogue import TABLES
from energynet.dataset.keys import record_ids
from energynet.report.tables import records
from energynet.report.view import Run

APART = ("references", "assumptions", "observed", "routes")
SHAPES = ("profiles", "prices", "storage_curves", "storage_stocks", "storage_targets", "exchange_rates")
WEB = ("http://", "https://")


@dataclass(frozen=True)
class Reference:
    """A publication or a declared assumption. `address` is empty where it is no address of the web."""

    key: str
    publisher: str
    title: str
    date: str
    address: str
    reason: str
    assumed: bool


@dataclass(frozen=True)
class Used:
    """One row of the data: what it is, its figures in words, and the references that it names."""

    what: str
    figures: str
    references: Sequence[str]
    confidence: str
    note: str


def references(run: Run) -> list[Reference]:
    """The references that the rows used, in the order of their publishers; assumptions last."""
    named = {name for table in run.result.inputs if table in TABLES for row in _rows(run, table) for name in _names(row)}
    found = [
        Reference(
            str(row["id"]), str(row["publisher"]), str(row["title"]), str(row["date"]), _address(row["address"]), str(row["reason"]),
            row["kind"] == "assumption",
        )
        for row in _rows(run, "references")
        if row["id"] in named
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.assumed, one.publisher.casefold(), one.date))


def _address(cell: object) -> str:
    text = cell if isinstance(cell, str) else ""
    return text if text.startswith(WEB) else ""


def _rows(run: Run, table: str) -> list[dict[str, Any]]:
    return records(run.result.inputs[table])


def _names(row: Mapping[str, Any]) -> list[str]:
    cell = row.get("reference")
    return [name for name in str(cell).split(";") if name] if isinstance(cell, str) else []


def used(run: Run) -> list[tuple[str, str, list[Used]]]:
    """The tables of the data package: name, what it is, and its rows; shapes and market prices as one row an id."""
    found = []
    for name, table in TABLES.items():
        if name in APART:
            continue
        rows = _rows(run, name)
        keys = record_ids(table, run.result.inputs[name]) if rows else []
        shown = _shapes(name, rows) if name in SHAPES else [_used(name, k, row) for k, row in zip(keys, rows, strict=True) if _names(row)]
        if shown:
            found.append((name.replace("_", " ").capitalize(), table.doc, shown))
    return found


def _used(name: str, key: str, row: Mapping[str, Any]) -> Used:
    table = TABLES[name]
    what = str(row.get("name") or "") or key.replace("/", ", ")
    figures = []
    for column in table.all_columns:
        value = row.get(column.name)
        if column.kind != "number" or column.name in table.key or value is None or pd.isna(value) or value == column.default:
            continue
        unit = str(row.get(column.unit) or "") if column.unit else ""
        figures.append(f"{column.name.replace('_', ' ')} {value:,.10g} {unit}".strip())
    window = _window(row)
    told = "; ".join(figures) + (f" ({window})" if window else "")
    return Used(what, told, _names(row), str(row.get("confidence") or ""), str(row.get("note") or ""))


def _window(row: Mapping[str, Any]) -> str:
    first, last = (_day(row.get(name)) for name in ("valid_from", "valid_to"))
    return f"{first} to {last}" if first and last else f"from {first}" if first else f"until {last}" if last else ""


def _day(cell: Any) -> str:  # noqa: ANN401
    return "" if cell is None or pd.isna(cell) else str(cell)[:10]


def _shapes(name: str, rows: Sequence[Mapping[str, Any]]) -> list[Used]:
    """Rows of one id together: how many figures it has, from what to what."""
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        grouped.setdefault(str(row.get("name") or row[TABLES[name].key[0]]), []).append(row)
    found = []
    for what, some in grouped.items():
        column = next((column for column in ("value", "usd", "fill", "rate") if column in some[0]), "")
        values = [float(row[column]) for row in some if column and row[column] is not None and not pd.isna(row[column])]
        unit = str(some[0].get("unit") or "")
        low, high = (min(values), max(values)) if values else (0.0, 0.0)
        told = f"{low:,.6g} {unit}".strip() if low == high else f"{len(values)} figures, {low:,.6g} to {high:,.6g} {unit}".strip()
        named = list(dict.fromkeys(reference for row in some for reference in _names(row)))
        about = (str(some[0].get("confidence") or ""), str(some[0].get("note") or ""))
        found.append(Used(what, told if values else f"{len(some)} rows", named, *about))
    return found


def assumptions(run: Run) -> list[dict[str, Any]]:
    """What nobody publishes and may decide an answer, with its range."""
    return [{**row, "references": _names(row)} for row in _rows(run, "assumptions")]
