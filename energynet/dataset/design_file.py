"""Design files: a CSV with a column a change and a row a scenario.

A header is a change without its value, with its unit where it takes one: `demand[tr_market].quantity *=`, `arc[trunk].capacity = bcm/y`.
A cell is a number; an empty one leaves the data as they are. A column `name` holds the scenarios' own names.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from energynet.dataset.changes import AMOUNT, SHAPE
from energynet.dataset.design import Design, Values, Vary, design_of, vary_of
from energynet.dataset.yaml_file import Place
from energynet.errors import Fault, InputFaults, nearest

NAME = "name"
HEADER = f"change without its value, such as demand[tr_market].quantity *=, nor the column {NAME}"


def read_design(path: Path | str) -> Design:
    """Read a design file. Raises InputFaults with everything that can be told without the data, each with its row and column."""
    file = Path(path)
    header, rows = _rows(file)
    faults = [
        Fault(str(file), f"has {len(cells)} cells where the header has {len(header)}", row=row, check="design")
        for row, cells in rows
        if len(cells) != len(header)
    ]
    if not rows:
        faults.append(Fault(str(file), "holds no scenario: a row a scenario stands below the header", check="design"))
    if faults:
        raise InputFaults(faults)
    varies: list[Vary] = []
    columns: list[list[float]] = []
    for at, title in enumerate(header):
        if title == NAME:
            continue
        try:
            vary, values = _column(str(file), title, [(row, cells[at]) for row, cells in rows])
        except InputFaults as error:
            faults += [replace(fault, file=str(file), row=fault.row or 1) for fault in error.faults]
            continue
        varies.append(vary)
        columns.append(values)
    if faults:
        raise InputFaults(faults)
    if not varies:
        raise InputFaults([Fault(str(file), "has no column that is a change", row=1, check="design")])
    design = design_of(varies, np.array(columns, dtype=np.float64).T)
    return replace(design, labels=tuple(cells[header.index(NAME)] for _, cells in rows)) if NAME in header else design


def _rows(file: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header, and the number and cells of every row that is not empty; the header is row 1."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            lines = [[cell.strip() for cell in cells] for cells in csv.reader(opened, strict=True)]
    except FileNotFoundError:
        others = [entry.name for entry in file.parent.glob("*.csv")] if file.parent.is_dir() else []
        raise InputFaults([Fault(str(file), "does not exist", hint=nearest(file.name, others), check="design")]) from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputFaults([Fault(str(file), f"cannot be read as CSV: {error}", check="design")]) from None
    if not lines or not any(lines[0]):
        raise InputFaults([Fault(str(file), "has no header: a change without its value a column", check="design")])
    return lines[0], [(number, cells) for number, cells in enumerate(lines[1:], start=2) if any(cells)]


def _column(file: str, title: str, cells: Sequence[tuple[int, str]]) -> tuple[Vary, list[float]]:
    """One varied change and its value in each scenario; NaN where the cell is empty."""
    match = SHAPE.fullmatch(title)
    if match is None:
        raise InputFaults([Fault(file, f"is no {HEADER}", row=1, value=title, check="design")])
    faults: list[Fault] = []
    units: dict[str, None] = {match["value"]: None} if match["value"] else {}
    values: list[float] = []
    for row, text in cells:
        value, unit = _cell(text)
        if value is None:
            faults.append(_fault(file, row, title, text, "is no number"))
            continue
        values.append(value)
        if unit:
            units[unit] = None
        if len(units) > 1:
            faults.append(_fault(file, row, title, text, f"is in {unit}, the column in {next(iter(units))}: one unit a column"))
            units = dict.fromkeys([next(iter(units))])
    if faults:
        raise InputFaults(faults)
    given = [value for value in values if not np.isnan(value)]
    return vary_of(title[: match.start("value")], Values(tuple(given) or (1.0,)), next(iter(units), ""), Place(file)), values


def _cell(text: str) -> tuple[float | None, str]:
    if not text:
        return float("nan"), ""
    match = AMOUNT.fullmatch(text)
    return (None, "") if match is None else (float(match[1]), match[match.re.groups])


def _fault(file: str, row: int, title: str, text: str, message: str) -> Fault:
    more: dict[str, Any] = {"row": row, "column": title, "value": text, "check": "design"}
    return Fault(file, message, **more)
