"""Tables for people: CSV, Markdown, LaTeX and Excel. What a data file holds is text in all of them, never a formula or a command."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from energynet.results.result import Result

FORMATS = ("parquet", "csv", "xlsx")
TABLE_ENDINGS = (".csv", ".parquet", ".md", ".tex", ".xlsx")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LONG = 40  # rows: a longer table breaks over pages in LaTeX
DIGITS = 3
MARKDOWN = re.compile(r"[\\`*\[\]|~]|(?<![^\W_])_|_(?![^\W_])")
LATEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    "^": r"\textasciicircum{}",
    "∞": r"$\infty$", "−": r"\textminus{}", "~": r"\textasciitilde{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}",
}  # fmt: skip


def export(result: Result, directory: Path, formats: Sequence[str]) -> None:
    """Write the tables of a run in these formats; Parquet is the store's own."""
    if "csv" in formats:
        for name, table in result.tables.items():
            harmless(table).to_csv(directory / f"{name}.csv", index=False)
    if "xlsx" in formats:
        from energynet.results.workbook import write_workbook

        write_workbook(result, directory / "tables.xlsx")


def write_table(frame: pd.DataFrame, path: Path, title: str = "") -> None:
    """Write one table, whole or not at all, as its ending says: `.csv`, `.parquet`, `.md`, `.tex` or `.xlsx`; `title` is a caption."""
    draft = path.with_name(f".{path.name}.tmp")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        _write(frame, draft, path.suffix, title)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _write(frame: pd.DataFrame, draft: Path, ending: str, title: str) -> None:
    if ending == ".parquet":
        frame.to_parquet(draft, index=False)
    elif ending == ".csv":
        harmless(frame).to_csv(draft, index=False)
    elif ending == ".xlsx":
        from energynet.results.workbook import write_sheet

        write_sheet(frame, draft, title)
    else:
        text = markdown(frame, title) if ending == ".md" else latex(frame, title)
        draft.write_text(text, encoding="utf-8")


def harmless(table: pd.DataFrame) -> pd.DataFrame:
    """Text, headings too, that a spreadsheet would take for a formula, led by an apostrophe."""
    out = table.copy()
    for column in out.columns[[pd.api.types.is_object_dtype(dtype) or pd.api.types.is_string_dtype(dtype) for dtype in out.dtypes]]:
        led = {cell: _led(cell) for cell in out[column].unique() if isinstance(cell, str) and _led(cell) != cell}
        if led:
            out[column] = [led.get(cell, cell) for cell in out[column]]
    return out.set_axis([_led(str(name)) for name in out.columns], axis=1)


def _led(text: str) -> str:
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def markdown(frame: pd.DataFrame, title: str = "") -> str:
    """A pipe table; numbers stand to the right, and no cell is markup."""
    right = _numbers(frame)
    head = [markdown_text(str(name)) for name in frame.columns]
    lines = [f"**{markdown_text(title)}**", ""] if title else []
    lines += [_piped(head), _piped(["---:" if number else "---" for number in right])]
    lines += [_piped(row) for row in _cells(frame, markdown_text)]
    return "\n".join(lines) + "\n"


def _piped(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def markdown_text(text: str) -> str:
    """Text that Markdown and HTML show as it is, on one line."""
    held = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return MARKDOWN.sub(lambda match: "\\" + match.group(), _one_line(held))


def latex(frame: pd.DataFrame, title: str = "", label: str = "") -> str:
    """A table with the rules of `booktabs`; one of more than 40 rows is a `longtable`, which breaks over pages."""
    right = _numbers(frame)
    columns = "".join("r" if number else "l" for number in right)
    head = " & ".join(latex_text(str(name)) for name in frame.columns) + r" \\"
    rows = [" & ".join(_guarded(row)) + r" \\" for row in _cells(frame, latex_text)]
    caption = f"\\caption{{{latex_text(title)}}}" + (f"\\label{{{re.sub('[^A-Za-z0-9:-]', '-', label)}}}" if label else "")
    if len(rows) > LONG:
        top = [f"\\begin{{longtable}}{{{columns}}}", *([caption + r" \\"] if title else []), r"\toprule", head, r"\midrule", r"\endhead"]
        lines = [*top, r"\bottomrule", r"\endfoot", *rows, r"\end{longtable}"]
    else:
        inside = [f"\\begin{{tabular}}{{{columns}}}", r"\toprule", head, r"\midrule", *rows, r"\bottomrule", r"\end{tabular}"]
        lines = [r"\begin{table}", r"\centering", *([caption] if title else []), *inside, r"\end{table}"]
    return (
        "\n".join(
            ["% \\usepackage{booktabs,longtable}; read as UTF-8, by LuaLaTeX or XeLaTeX where names have letters of their own", *lines]
        )
        + "\n"
    )


def _guarded(row: list[str]) -> list[str]:
    """A row that does not begin with what the line before would take for its option."""
    return ["{}" + row[0], *row[1:]] if row and row[0].startswith(("[", "*")) else row


def latex_text(text: str) -> str:
    """Text that LaTeX sets as it is, on one line."""
    return "".join(LATEX.get(letter, letter) for letter in _one_line(text))


def _one_line(text: str) -> str:
    return "".join(" " if letter in "\n\r\t\v\f\x85\u2028\u2029" else letter for letter in text if letter.isprintable() or letter.isspace())


def _numbers(frame: pd.DataFrame) -> list[bool]:
    return [pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_bool_dtype(dtype) for dtype in frame.dtypes]


def _cells(frame: pd.DataFrame, escaped: Callable[[str], str]) -> list[list[str]]:
    """Every cell as text, row by row: numbers in words of their own, the rest escaped."""
    columns = [[escaped(cell_text(cell)) for cell in frame.iloc[:, k].tolist()] for k in range(len(frame.columns))]
    return [list(row) for row in zip(*columns, strict=True)]


def cell_text(cell: object) -> str:
    """A cell for people: three decimals, commas, a day without its hours at midnight, nothing where nothing is known."""
    if cell is None or cell is pd.NaT or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, pd.Timestamp):
        return str(cell.date()) if cell == cell.normalize() else str(cell)[:16]
    if isinstance(cell, float) and math.isinf(cell):
        return "∞" if cell > 0 else "−∞"
    if isinstance(cell, float):
        small = cell != 0.0 and abs(cell) < 0.5 * 10**-DIGITS
        return f"{cell:.2g}" if small and abs(cell) > 1e-12 else f"{0.0 if small else cell:,.{DIGITS}f}"
    return f"{cell:,}" if isinstance(cell, int) and not isinstance(cell, bool) and abs(cell) >= 10_000 else str(cell)
