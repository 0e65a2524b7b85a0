"""One table, or several, in the form that a user asked for by name: csv, xlsx, md, tex or parquet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from energynet.errors import UsageFault
from energynet.results.exports import TABLE_ENDINGS, harmless, latex, markdown, write_table

FORMS = tuple(ending.removeprefix(".") for ending in TABLE_ENDINGS)


def write_form(frame: pd.DataFrame, path: Path, form: str) -> Path:
    """Write one table, whole or not at all; where the file's ending is another, the form's is added. Returns the file.

    Raises UsageFault where there is no such form.
    """
    if form not in FORMS:
        raise UsageFault(f"there is no format {form!r}: {', '.join(FORMS)}")
    target = path if path.suffix == f".{form}" else path.with_name(f"{path.name}.{form}")
    write_table(frame, target)
    return target


def as_text(frame: pd.DataFrame, form: str) -> str:
    """A table as CSV, as Markdown (`md`) or as LaTeX (`tex`)."""
    return harmless(frame).to_csv(index=False) if form == "csv" else markdown(frame) if form == "md" else latex(frame)


def write_tables(tables: Mapping[str, pd.DataFrame], title: str, target: Path, form: str = "") -> Path:
    """Write several tables as the sheets of one workbook (`xlsx`), else each as a CSV file in a directory. Returns where they are."""
    if form == "xlsx" or target.suffix == ".xlsx":
        from energynet.results.workbook import write_sheets

        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.tmp")
        write_sheets(tables, draft, title)
        return draft.replace(target)
    for name, frame in tables.items():
        write_table(frame, target / f"{name}.csv")
    return target
