"""A data package as one Excel workbook: a sheet a table, the same columns; an optional sheet `package` for name, title, timezone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from energynet.components.catalogue import TABLES
from energynet.dataset.reading import RawPackage, RawTable, missing_tables, read_raw, table_from_rows
from energynet.errors import Fault, InputFaults, UsageFault, nearest

ABOUT = "package"
EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001  the date written into a workbook, so that its bytes are the same each time


def read_workbook(path: Path) -> RawPackage:
    """Read all sheets as text. Raises InputFaults where it is no workbook, UsageFault where the extra is not installed."""
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        raise UsageFault("reading a workbook needs python-calamine: install energynet[excel]") from None
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except (CalamineError, OSError) as error:
        raise InputFaults([Fault(str(path), f"cannot be read as a workbook: {error}")]) from None
    faults: list[Fault] = []
    about = {str(row[0]).strip(): _text(row[1]) for row in sheets.pop(ABOUT, []) if len(row) > 1}
    tables: dict[str, RawTable] = {}
    for name, rows in sheets.items():
        if name not in TABLES:
            message = "is a sheet, but no table of a data package"
            faults.append(Fault(str(path), message, value=name, hint=nearest(name, TABLES), check="sheet"))
            continue
        raw = table_from_rows(TABLES[name], f"{path}[{name}]", _text_rows(rows), faults)
        if raw is not None:
            tables[name] = raw
    faults += missing_tables(path, sheets, [])
    files = {name: f"{path}[{name}]" for name in TABLES}
    name, title = about.get("name") or path.stem, about.get("title", "")
    return RawPackage(path, name, title, about.get("timezone") or "UTC", tables, files, tuple(faults))


def write_workbook(package: Path, target: Path) -> None:
    """Write the tables of a folder as they stand into one workbook, with numbers as numbers. Its bytes depend on the folder alone."""
    from xlsxwriter import Workbook

    raw = read_raw(package)
    with Workbook(target, {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}) as book:
        book.set_properties({"created": EPOCH})
        sheet = book.add_worksheet(ABOUT)
        for at, (key, value) in enumerate((("name", raw.name), ("title", raw.title), ("timezone", raw.timezone))):
            sheet.write_row(at, 0, [key, value])
        for name, table in raw.tables.items():
            kinds = {column.name: column.kind for column in table.table.all_columns}
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, list(table.cells))
            for at, cells in enumerate(zip(*table.cells.values(), strict=True), start=1):
                sheet.write_row(at, 0, [_cell(kinds[column], text) for column, text in zip(table.cells, cells, strict=True)])


def _cell(kind: str, text: str) -> Any:  # noqa: ANN401
    try:
        return float(text) if kind == "number" and text else text
    except ValueError:
        return text


def _text_rows(rows: Sequence[Sequence[Any]]) -> list[list[str]]:
    """Text of every row, the header's width; cells beyond the header must be empty, and then fall away."""
    texts = [[_text(cell) for cell in row] for row in rows]
    if not texts:
        return []
    width = max((at + 1 for at, name in enumerate(texts[0]) if name), default=0)
    return [row[:width] if not any(row[width:]) else row for row in texts]


def _text(cell: Any) -> str:  # noqa: ANN401
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()[:10]
    return str(cell).strip()
