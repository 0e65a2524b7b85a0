"""Tables for people: CSV files and one Excel workbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from energynet.results.result import Result

FORMATS = ("parquet", "csv", "xlsx")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
EXCEL_ROWS = 1_048_575
CREATED = datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # fixed, so that the same run gives the same file


def export(result: Result, directory: Path, formats: Sequence[str]) -> None:
    """Write the tables of a run in these formats; Parquet is the store's own."""
    if "csv" in formats:
        for name, table in result.tables.items():
            harmless(table).to_csv(directory / f"{name}.csv", index=False)
    if "xlsx" in formats:
        write_workbook(result, directory / "tables.xlsx")


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write one table, whole or not at all, as its ending says: `.csv` or `.parquet`."""
    draft = path.with_name(f".{path.name}.tmp")
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".csv":
        harmless(frame).to_csv(draft, index=False)
    else:
        frame.to_parquet(draft, index=False)
    draft.replace(path)


def harmless(table: pd.DataFrame) -> pd.DataFrame:
    """Text that a spreadsheet would take for a formula, led by an apostrophe."""
    out = table.copy()
    for column in out.columns[[pd.api.types.is_object_dtype(dtype) or pd.api.types.is_string_dtype(dtype) for dtype in out.dtypes]]:
        out[column] = [f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell for cell in out[column]]
    return out


def write_workbook(result: Result, target: Path) -> None:
    """One sheet a table, with a contents sheet first, frozen headers, filters and number formats; text is never a formula."""
    import xlsxwriter

    with xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False}) as book:
        book.set_properties({"title": str(result.manifest["title"]), "created": CREATED})
        head, number = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "#,##0.000"})
        day = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        contents = book.add_worksheet("contents")
        contents.write_row(0, 0, ["table", "rows", "shown"], head)
        contents.set_column(0, 0, 24)
        for place, (name, table) in enumerate(result.tables.items(), start=1):
            shown = table.head(EXCEL_ROWS)
            contents.write_url(place, 0, f"internal:'{name}'!A1", string=name)
            contents.write_row(place, 1, [len(table), len(shown)])
            _sheet(book.add_worksheet(name), shown, head, number, day)


def _sheet(sheet: Any, table: pd.DataFrame, head: Any, number: Any, day: Any) -> None:  # noqa: ANN401
    sheet.freeze_panes(1, 0)
    if len(table.columns):
        sheet.autofilter(0, 0, max(len(table), 1), len(table.columns) - 1)
    for k, column in enumerate(table.columns):
        sheet.write_string(0, k, str(column), head)
        cells = table[column]
        if pd.api.types.is_datetime64_any_dtype(cells):
            sheet.set_column(k, k, 17, day)
            for row, cell in enumerate(cells, start=1):
                if not pd.isna(cell):
                    sheet.write_datetime(row, k, cell.to_pydatetime(), day)
        elif pd.api.types.is_bool_dtype(cells):
            sheet.write_column(1, k, cells.tolist())
        elif pd.api.types.is_numeric_dtype(cells):
            whole = pd.api.types.is_integer_dtype(cells)
            sheet.set_column(k, k, 13, None if whole else number)
            sheet.write_column(1, k, [None if pd.isna(cell) else cell for cell in cells.tolist()])
        else:
            sheet.set_column(k, k, min(max((len(str(cell)) for cell in cells), default=8) + 2, 60))
            for row, cell in enumerate(cells, start=1):
                sheet.write_string(row, k, "" if cell is None or pd.isna(cell) else str(cell))
