"""One Excel workbook of a run: contents with links, tables for a paper with charts, every result table, and the sources."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from energynet.results.colours import CATEGORIES
from energynet.results.digests import Digest, digests
from energynet.results.headings import heading

if TYPE_CHECKING:
    from energynet.results.result import Result

EXCEL_ROWS = 1_048_575
LONGEST_TEXT = 32_000  # characters that a cell takes
LONGEST_LINK = 2_000
CREATED = datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # fixed, so that the same run gives the same file
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "nan_inf_to_errors": False}
ABOUT = {
    "summary": "what the run says first, one figure a row", "balance": "every country's balance by carrier and period; sums to zero",
    "flows": "every line by period", "flows_by_origin": "every line by origin and period", "borders": "border points by month",
    "deliveries": "who got whose gas and power, by which route", "congestion": "lines by year: how full, and what their limit cost",
    "contracts": "contracts by contract year", "prices": "what one more unit would cost, by place and period",
    "netbacks": "what is left of a price at the source, by destination and period", "storage": "storages by period",
    "unserved": "firm demand that was not met", "costs": "the items of the objective",
    "welfare": "who pays and who earns, by country and role",
    "sensitivity": "what every number of the input is worth: one unit more, and 1 % more",
    "certificate": "what was checked of the answer",
}  # fmt: skip


@dataclass(frozen=True)
class Formats:
    """The formats of a workbook's cells by what they hold."""

    head: Any
    title: Any
    note: Any
    number: Any
    money: Any
    whole: Any
    small: Any
    day: Any
    text: Any
    link: Any

    @classmethod
    def of(cls, book: Any) -> Formats:  # noqa: ANN401
        head = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#EAF1F6"}
        return cls(
            head=book.add_format(head), title=book.add_format({"bold": True, "font_size": 14}),
            note=book.add_format({"font_color": "#595959"}),
            number=book.add_format({"num_format": "#,##0.000;[Red]-#,##0.000;0"}),
            money=book.add_format({"num_format": "#,##0.0;[Red]-#,##0.0;0"}),
            whole=book.add_format({"num_format": "#,##0"}), small=book.add_format({"num_format": "0.0E+00"}),
            day=book.add_format({"num_format": "yyyy-mm-dd hh:mm"}), text=book.add_format({"indent": 1}),
            link=book.add_format({"font_color": "#0563C1", "underline": 1}),
        )  # fmt: skip


def write_workbook(result: Result, target: Path) -> None:
    """Sheets in the order of a reader's questions; headings frozen and with units, filters, number formats; text is never a formula."""
    import xlsxwriter

    with xlsxwriter.Workbook(target, OPTIONS) as book:
        book.set_properties({"title": str(result.manifest["title"])[:255], "author": "energynet", "created": CREATED})
        formats = Formats.of(book)
        contents = book.add_worksheet("contents")
        made = digests(result)
        names = _sheet_names([one.sheet for one in made], result.tables)
        rows: list[tuple[str, str, int]] = []
        for digest, name in zip(made, names, strict=True):
            _digest_sheet(book, digest, name, formats)
            rows.append((name, digest.title, len(digest.frame)))
        for name, table in result.tables.items():
            shown = table.head(EXCEL_ROWS)
            fill_sheet(book.add_worksheet(name), shown, formats, [heading(name, table, str(c)) for c in table.columns])
            left_off = "" if len(shown) == len(table) else f"; the first {len(shown):,} of {len(table):,} rows"
            rows.append((name, ABOUT.get(name, "") + left_off, len(table)))
        _contents(contents, result, rows, formats)


def write_sheet(frame: pd.DataFrame, target: Path, title: str = "") -> None:
    """One table as a workbook of one sheet."""
    write_sheets({"table": frame}, target, title)


def write_sheets(tables: Mapping[str, pd.DataFrame], target: Path, title: str = "") -> None:
    """Tables as a workbook, one sheet each, as far as a sheet reaches."""
    import xlsxwriter

    with xlsxwriter.Workbook(target, OPTIONS) as book:
        book.set_properties({"title": title[:255], "author": "energynet", "created": CREATED})
        formats = Formats.of(book)
        for name, frame in zip(_sheet_names(list(tables), {}), tables.values(), strict=True):
            fill_sheet(book.add_worksheet(name), frame.head(EXCEL_ROWS), formats, [str(column) for column in frame.columns])


def _sheet_names(wanted: Sequence[str], tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Names that Excel takes: 31 characters, none of its signs, no two alike whatever the case."""
    taken, found = {"contents", "history", *(name.lower() for name in tables)}, []
    for name in wanted:
        plain = re.sub(r"[\[\]:*?/\\\x00-\x1f']", "-", name)[:31].strip() or "table"
        k, one = 1, plain
        while one.lower() in taken:
            k += 1
            one = f"{plain[: 31 - len(str(k)) - 1]} {k}"
        taken.add(one.lower())
        found.append(one)
    return found


def _contents(sheet: Any, result: Result, rows: Sequence[tuple[str, str, int]], formats: Formats) -> None:  # noqa: ANN401
    manifest = result.manifest
    content, horizon = manifest["content"], manifest["horizon"]
    sheet.write_string(0, 0, str(manifest["title"]), formats.title)
    about = [
        ("run", str(manifest["run"])), ("model", str(content["model"])), ("data", str(content["data"])),
        ("scenario", str(content["scenario"] or "none")), ("changes", "; ".join(content["changes"]) or "none"),
        ("horizon", f"{horizon['start']} to {horizon['end']}, {horizon['periods']} periods of a {horizon['step']}"),
        ("objective", f"{manifest['objective_musd']:,.3f} million USD"),
        ("certificate", "all checks hold" if result.certificate.holds else "DOES NOT HOLD"),
    ]  # fmt: skip
    for row, (name, value) in enumerate(about, start=1):
        sheet.write_string(row, 0, name, formats.note)
        sheet.write_string(row, 1, value[:LONGEST_TEXT])
    first = len(about) + 2
    for column, name in enumerate(("sheet", "what", "rows")):
        sheet.write_string(first, column, name, formats.head)
    for row, (name, what, count) in enumerate(rows, start=first + 1):
        sheet.write_url(row, 0, f"internal:'{name}'!A1", formats.link, string=name)
        sheet.write_string(row, 1, what[:LONGEST_TEXT])
        sheet.write_number(row, 2, count, formats.whole)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 70)
    sheet.set_column(2, 2, 10)
    sheet.freeze_panes(first + 1, 0)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _digest_sheet(book: Any, digest: Digest, name: str, formats: Formats) -> None:  # noqa: ANN401
    sheet = book.add_worksheet(name)
    frame = digest.frame.head(EXCEL_ROWS)
    fill_sheet(sheet, frame, formats, [str(c) for c in frame.columns])
    if not digest.chart or not len(frame):
        return
    last = len(frame) - (1 if digest.name == "costs" else 0)  # the total is no item
    stacked = {"subtype": "stacked"} if digest.stacked and digest.last > digest.first else {}
    chart = book.add_chart({"type": digest.chart, **stacked})
    for k, column in enumerate(range(digest.first, digest.last + 1)):
        chart.add_series(
            {
                "name": [name, 0, column], "categories": [name, 1, 0, last, 0], "values": [name, 1, column, last, column],
                "fill": {"color": CATEGORIES[k % len(CATEGORIES)]}, "gap": 40,
            }
        )  # fmt: skip
    unit = re.search(r"\[(.*)\]", str(frame.columns[digest.first]))
    number_axis = {
        "name": unit.group(1) if unit else "",
        "num_format": "#,##0.##",
        "major_gridlines": {"visible": True, "line": {"color": "#D0D0D0"}},
    }
    flat = digest.chart == "bar"
    names_axis: dict[str, Any] = {"label_position": "low"}
    if flat:  # its axes change places; the first row stands on top, and the numbers at the foot
        chart.set_y_axis({**names_axis, "reverse": True, "crossing": "max"})
        chart.set_x_axis(number_axis)
    else:
        chart.set_x_axis(names_axis)
        chart.set_y_axis(number_axis)
    chart.set_title({"name": digest.title, "name_font": {"size": 11}, "overlay": False})
    chart.set_legend({"position": "bottom"} if digest.last > digest.first else {"none": True})
    chart.set_size({"width": 760, "height": 170 + (20 * last if flat else 250)})
    sheet.insert_chart(1, len(frame.columns) + 1, chart, {"object_position": 2})


def fill_sheet(sheet: Any, table: pd.DataFrame, formats: Formats, headings: Sequence[str]) -> None:  # noqa: ANN401
    """A table from the first row on: headings frozen, filters, and each column as what it holds."""
    sheet.freeze_panes(1, 1)
    if len(table.columns):
        sheet.autofilter(0, 0, max(len(table), 1), len(table.columns) - 1)
    sheet.set_row(0, 32)
    for k in range(len(table.columns)):
        sheet.write_string(0, k, headings[k][:LONGEST_TEXT], formats.head)
        _column(sheet, k, table.iloc[:, k], headings[k], formats)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _column(sheet: Any, k: int, cells: pd.Series[Any], head: str, formats: Formats) -> None:  # noqa: ANN401
    if pd.api.types.is_datetime64_any_dtype(cells):
        sheet.set_column(k, k, 17, formats.day)
        for row, cell in enumerate(cells, start=1):
            if not pd.isna(cell):
                sheet.write_datetime(row, k, cell.to_pydatetime(), formats.day)
    elif pd.api.types.is_bool_dtype(cells):
        sheet.set_column(k, k, 9)
        sheet.write_column(1, k, cells.tolist())
    elif pd.api.types.is_numeric_dtype(cells):
        whole = pd.api.types.is_integer_dtype(cells)
        sheet.set_column(k, k, max(12, min(len(head) / 1.6, 24)))
        values = [None if pd.isna(cell) else cell for cell in cells.tolist()]
        chosen = _whole_format(head, formats) if whole else _number_format(cells, head, formats)
        sheet.write_column(1, k, [None if value is None or math.isinf(value) else value for value in values], chosen)
        for row, value in enumerate(values, start=1):
            if value is not None and math.isinf(value):  # a number that Excel does not have
                sheet.write_string(row, k, "no limit" if value > 0 else "no limit below")
    else:
        texts = ["" if cell is None or pd.isna(cell) else str(cell) for cell in cells]
        sheet.set_column(k, k, min(max((len(text) for text in [*texts, head[:24]]), default=8) + 2, 60))
        for row, text in enumerate(texts, start=1):
            _text(sheet, row, k, text[:LONGEST_TEXT], formats)


def _text(sheet: Any, row: int, k: int, text: str, formats: Formats) -> None:  # noqa: ANN401
    if re.match(r"https?://[^\s\"<>]+$", text) and len(text) < LONGEST_LINK and row < 60_000:
        sheet.write_url(row, k, text, formats.link, string=text)
    else:
        sheet.write_string(row, k, text, formats.text if k else None)


def _whole_format(head: str, formats: Formats) -> Any:  # noqa: ANN401
    return None if head in ("year", "contract_year") else formats.whole


def _number_format(cells: pd.Series[Any], head: str, formats: Formats) -> Any:  # noqa: ANN401
    known = cells.abs()[cells.notna() & ~cells.isin([math.inf, -math.inf])]
    largest = float(known.max()) if len(known) else 0.0
    if 0.0 < largest < 1e-3:
        return formats.small
    if "%" in head or "million USD" in head or "USD/" in head:
        return formats.money
    return formats.number
