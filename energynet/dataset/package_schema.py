"""`datapackage.json` (Frictionless Table Schema), generated from the declarations of the components."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from energynet.components.catalogue import TABLES
from energynet.dataset.cells import IDENTIFIER
from energynet.dataset.reading import DESCRIPTOR, read_descriptor
from energynet.errors import InputFaults
from energynet.schema import Column, Table

TYPES = {"number": "number", "date": "date", "flag": "boolean"}  # anything else is a string


def write_descriptor(folder: Path, *, name: str = "", title: str = "", timezone: str = "") -> Path:
    """Write `datapackage.json` for the CSV files of a folder; what is not given is kept. Raises InputFaults where the old one is broken."""
    faults: list[Any] = []
    old = read_descriptor(folder / DESCRIPTOR, faults)
    if faults:
        raise InputFaults(faults)
    about = {
        "name": name or old.get("name") or folder.name,
        "title": title or old.get("title", ""),
        "timezone": timezone or old.get("timezone") or "UTC",
    }
    target = folder / DESCRIPTOR
    found = [table for table in TABLES if (folder / f"{table}.csv").is_file()]
    headers = {table: _header(folder / f"{table}.csv") for table in found}
    target.write_text(json.dumps(descriptor(about, headers), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return target


def descriptor(about: Mapping[str, str], headers: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    """The descriptor of a package with these tables, each with the columns that its file has."""
    return {
        "profile": "tabular-data-package",
        **{key: value for key, value in about.items() if value},
        "resources": [_resource(TABLES[name], tuple(header), tuple(headers)) for name, header in headers.items()],
    }


def table_schema(table: Table, header: Iterable[str] | None = None, beside: Iterable[str] | None = None) -> dict[str, Any]:
    """The Table Schema of one table: fields, missing values, keys; foreign keys to the tables `beside` it (all, where not given)."""
    names = tuple(header) if header is not None else table.names
    others = set(beside) if beside is not None else set(TABLES)
    schema: dict[str, Any] = {"fields": [field(table.column(name)) for name in names if name in table.names], "missingValues": [""]}
    if not table.dated and all(_always(table.column(name)) for name in table.key):
        schema["primaryKey"] = list(table.key)
    keys = [column for column in table.all_columns if column.kind == "reference" and not column.many and column.name in names]
    foreign = [_foreign_key(column) for column in keys if column.table in others and _one_row(TABLES[column.table or ""])]
    return schema | ({"foreignKeys": foreign} if foreign else {})


def field(column: Column) -> dict[str, Any]:
    """One field of a Table Schema."""
    constraints: dict[str, Any] = {}
    if _always(column):
        constraints["required"] = True
    if column.minimum is not None:
        constraints["minimum"] = column.minimum
    if column.maximum is not None:
        constraints["maximum"] = column.maximum
    if column.choices:
        constraints["enum"] = list(column.choices)
    if column.kind == "id":
        constraints["pattern"] = IDENTIFIER.pattern
    made: dict[str, Any] = {"name": column.name, "type": TYPES.get(column.kind, "string"), "description": _description(column)}
    if column.kind == "date":
        made["format"] = "%Y-%m-%d"
    if column.kind == "flag":
        made |= {"trueValues": ["yes"], "falseValues": ["no"]}
    return made | ({"constraints": constraints} if constraints else {})


def _resource(table: Table, header: tuple[str, ...], beside: tuple[str, ...]) -> dict[str, Any]:
    return {
        "name": table.name,
        "path": f"{table.name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "description": table.doc,
        "schema": table_schema(table, header, beside),
    }


def _description(column: Column) -> str:
    said = column.doc
    if column.unit:
        said += f" (unit in {column.unit})"
    if column.default not in (None, "") and column.kind != "flag":
        said += f" (empty: {column.default})"
    if column.many:
        said += f" (ids of {column.table}, separated by ;)"
    return said


def _always(column: Column) -> bool:
    """Whether a cell may not be empty."""
    return column.required or (column.kind == "choice" and column.default is None)


def _one_row(table: Table) -> bool:
    """Whether the first column of the key tells one row, as the target of a foreign key must."""
    return len(table.key) == 1 and not table.dated


def _foreign_key(column: Column) -> dict[str, Any]:
    return {"fields": [column.name], "reference": {"resource": column.table, "fields": ["id"]}}


def _header(file: Path) -> list[str]:
    line = file.read_text(encoding="utf-8-sig").partition("\n")[0].strip()
    return [name.strip().strip('"') for name in line.split(",")]
