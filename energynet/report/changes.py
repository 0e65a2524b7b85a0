"""What a run changed in the data, and what stood there before."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

import pandas as pd

from energynet.components.catalogue import SINGULAR
from energynet.dataset.changes import Change, parse_change
from energynet.dataset.keys import record_ids
from energynet.report.view import Run

SHOWN = 6
WHO = {"model": "the model", "scenario": "the scenario", "command": "this run"}


def changes_of(run: Run) -> list[dict[str, str]]:
    """Every change in the order in which they acted: its text, who made it, and the rows of the data that it met, with their figures."""
    rows = run.result.inputs["changes"].to_dict("records")
    return [
        {
            "change": str(row["change"]), "by": WHO.get(str(row["by"]), str(row["by"])),
            "before": _before(run, parse_change(str(row["change"]))),
        }
        for row in rows
    ]  # fmt: skip


def _before(run: Run, change: Change) -> str:
    table = SINGULAR[change.component]
    frame = run.result.inputs[table.name]
    column = table.column(change.column)
    found = []
    for key, row in zip(record_ids(table, frame) if len(frame) else [], frame.to_dict("records"), strict=True):
        if fnmatchcase(str(key), change.pattern):
            found.append(f"{key} {_written(row, column.name, column.unit)}")
    more = f", and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return "; ".join(found[:SHOWN]) + more


def _written(row: dict[Any, Any], name: str, unit: str | None) -> str:
    value = row[name]
    if value is None or pd.isna(value):
        return "empty"
    return f"{value:,.6g} {row.get(unit) or '' if unit else ''}".strip()
