"""The tables of a folder of CSV files, as text: every cell as it stands, every row with its number."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from energynet.components.catalogue import TABLES
from energynet.errors import Fault, InputFaults, nearest
from energynet.schema import Table

Objects = NDArray[np.object_]
DESCRIPTOR = "datapackage.json"


@dataclass(frozen=True)
class RawTable:
    """One table as text. `rows` (n,) are the numbers of its rows in the file, the header being row 1."""

    table: Table
    file: str
    cells: Mapping[str, Objects]
    rows: NDArray[np.int64]


@dataclass(frozen=True)
class RawPackage:
    """All tables found, what is said about the whole, and what was wrong so far."""

    path: Path
    name: str
    title: str
    timezone: str
    tables: Mapping[str, RawTable]
    files: Mapping[str, str]
    faults: tuple[Fault, ...]


def read_raw(path: Path) -> RawPackage:
    """Read a folder or a workbook. Raises InputFaults where there is neither."""
    if path.is_dir():
        return _read_folder(path)
    if path.is_file() and path.suffix.lower() in (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"):
        from energynet.dataset.workbook import read_workbook

        return read_workbook(path)
    what = "is neither a folder of CSV files nor a workbook" if path.exists() else "does not exist"
    beside = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    raise InputFaults([Fault(str(path), f"the data package {what}", hint=nearest(path.name, beside) if not path.exists() else None)])


def _read_folder(path: Path) -> RawPackage:
    faults: list[Fault] = []
    about = read_descriptor(path / DESCRIPTOR, faults)
    tables: dict[str, RawTable] = {}
    for file in sorted(path.glob("*.csv")):
        if file.stem not in TABLES:
            faults.append(Fault(str(file), "is no table of a data package", value=file.stem, hint=nearest(file.stem, TABLES)))
            continue
        raw = table_from_rows(TABLES[file.stem], str(file), _csv_rows(file, faults), faults)
        if raw is not None:
            tables[file.stem] = raw
    files = {name: str(path / f"{name}.csv") for name in TABLES}
    faults += _listed_and_missing(path, tables, faults)
    faults += missing_tables(path, tables, faults)
    name, timezone = about.get("name") or path.name, about.get("timezone") or "UTC"
    return RawPackage(path, name, about.get("title", ""), timezone, tables, files, tuple(faults))


def read_descriptor(file: Path, faults: list[Fault]) -> dict[str, str]:
    """What `datapackage.json` says about the whole: name, title, timezone; empty where there is none."""
    if not file.is_file():
        return {}
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError) as error:
        line, position = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        faults.append(Fault(str(file), f"cannot be read as JSON: {getattr(error, 'msg', error)}", line=line, position=position))
        return {}
    if not isinstance(content, dict):
        faults.append(Fault(str(file), "must be a JSON object", line=1, position=1))
        return {}
    return {key: str(content[key]) for key in ("name", "title", "timezone") if key in content}


def _listed_and_missing(path: Path, found: Iterable[str], faults: Sequence[Fault]) -> list[Fault]:
    """A fault for each table that `datapackage.json` lists and that has no file: without it the answer would be another one."""
    file = path / DESCRIPTOR
    if not file.is_file() or any(fault.file == str(file) for fault in faults):
        return []
    listed = json.loads(file.read_text(encoding="utf-8")).get("resources", [])
    seen = {*found, *(Path(fault.file).stem for fault in faults)}
    names = [str(one.get("name")) for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    message = "is listed here, but there is no such file in the folder"
    return [
        Fault(str(file), message, value=f"{name}.csv", check="table-listed")
        for name in dict.fromkeys(names)
        if name in TABLES and TABLES[name].optional and name not in seen
    ]


def missing_tables(path: Path, found: Iterable[str], faults: Sequence[Fault]) -> list[Fault]:
    """A fault for each table that a package cannot do without, unless its file was found and could not be read."""
    seen = {*found, *(Path(fault.file).stem for fault in faults)}
    return [
        Fault(str(path), f"the table {name!r} is missing", check="table-missing")
        for name, table in TABLES.items()
        if not table.optional and name not in seen
    ]


def table_from_rows(table: Table, file: str, rows: Sequence[Sequence[str]] | None, faults: list[Fault]) -> RawTable | None:
    """Cells by column from rows of text, the first being the header; faults of the header and of the rows' lengths are added."""
    if rows is None:
        return None
    if not rows:
        faults.append(Fault(file, "is empty: not even a header", check="header"))
        return None
    header = [name.strip() for name in rows[0]]
    faults += _header_faults(table, file, header)
    number = np.arange(2, len(rows) + 1, dtype=np.int64)
    width = len(header)
    body = rows[1:]
    if any(len(row) != width for row in body):
        body, number = _same_width(file, body, number, width, faults)
    columns = [[cell.strip() for cell in column] for column in zip(*body, strict=True)] if body else [[] for _ in header]
    filled = np.array([any(cells) for cells in zip(*columns, strict=True)], dtype=bool) if body else np.zeros(0, dtype=bool)
    cells: dict[str, Objects] = {}
    for name, column in zip(header, columns, strict=True):
        if name in table.names and name not in cells:
            array = np.empty(len(column), dtype=object)
            array[:] = column
            cells[name] = array[filled]
    return RawTable(table, file, cells, number[filled])


def _csv_rows(file: Path, faults: list[Fault]) -> list[list[str]] | None:
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.reader(stream, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        faults.append(Fault(str(file), f"cannot be read as CSV in UTF-8: {error}", check="csv"))
        return None


def _header_faults(table: Table, file: str, header: Sequence[str]) -> list[Fault]:
    faults = []
    for position, name in enumerate(header):
        if name not in table.names:
            hint = nearest(name, set(table.names) - set(header), 0.5)
            faults.append(Fault(file, f"is no column of {table.name}", row=1, value=name, hint=hint, check="column-unknown"))
        elif name in header[:position]:
            faults.append(Fault(file, "stands twice in the header", row=1, value=name, check="column-twice"))
    needed = [column.name for column in table.all_columns if column.required or (column.kind == "choice" and column.default is None)]
    missing = [name for name in needed if name not in header]
    faults += [Fault(file, "is missing from the header", row=1, value=name, check="column-missing") for name in missing]
    return faults


def _same_width(
    file: str, body: Sequence[Sequence[str]], number: NDArray[np.int64], width: int, faults: list[Fault]
) -> tuple[list[list[str]], NDArray[np.int64]]:
    """Rows brought to the header's width; a row that is neither empty nor of that width is a fault."""
    even = []
    for row, at in zip(body, number, strict=True):
        if len(row) != width and any(cell.strip() for cell in row):
            message = f"{len(row)} cells, but the header has {width} (a text with a comma needs quotes)"
            faults.append(Fault(file, message, row=int(at), check="row-length"))
        even.append([*row[:width], *[""] * (width - len(row))])
    return even, number
