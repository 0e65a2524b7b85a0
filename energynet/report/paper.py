"""Figures and tables of a run for papers and slides, as files in one directory: whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
from pyarrow import ArrowInvalid

from energynet.errors import UsageFault
from energynet.report.figures import PICTURES, Material, drawn, save
from energynet.results.digests import digests
from energynet.results.exports import write_table
from energynet.results.headings import heading
from energynet.results.result import Result
from energynet.results.workbook import write_workbook

WRITTEN = ("md", "tex", "csv")
FORMATS = (*PICTURES, *WRITTEN, "xlsx")
INDEX = "index.json"
RANGES = ("kind", "figure", "origin", "name", "year", "value", "lowest", "highest", "unit", "words")
MOST_ROWS = 5_000  # a longer table is not written as Markdown or LaTeX
Entry = dict[str, str]


def write_paper(
    result: Result,
    formats: Sequence[str],
    out: Path | None = None,
    ranges: pd.DataFrame | None = None,
    *,
    only: Sequence[str] | None = None,
) -> Path:
    """Write figures (`figures/`), tables for a paper (`tables/`), all result tables (`tables/all/`) and the workbook; the directory.

    Without `out`: `report/` in the run. `only` are the names of the figures and short tables that are written. `ranges` is the table of
    `energynet ranges`, for the figures of it. What stands there is replaced where it is such a directory; raises UsageFault where it is
    something else, or where a format or a name is not known.
    """
    wrong = [name for name in formats if name not in FORMATS]
    if wrong:
        raise UsageFault(f"there is no format {wrong[0]!r}: {', '.join(FORMATS)}")
    if out is None and result.path is None:
        raise UsageFault("a run that was not written needs a directory to write its report to")
    target = out if out is not None else Path(str(result.path)) / "report"
    if target.exists() and not (target / INDEX).is_file() and (not target.is_dir() or any(target.iterdir())):
        raise UsageFault(f"{target} holds something else than a report; nothing was written")
    material = Material.of(result, ranges)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        entries = [*_figures(material, formats, draft, only), *_tables(result, formats, draft, only), *_workbook(result, formats, draft)]
        lacking = [name for name in only or () if not any(Path(one["file"]).stem == name for one in entries)]
        if lacking:
            raise UsageFault(f"the run has no figure or table {lacking[0]!r} in these formats; nothing was written")
        (draft / INDEX).write_text(
            json.dumps({"run": result.manifest["run"], "files": entries}, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        draft.chmod(0o755)
        if target.exists():
            shutil.rmtree(target)
        draft.replace(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target


def read_ranges(path: Path) -> pd.DataFrame:
    """A table that `energynet ranges --out` wrote, CSV or Parquet. Raises UsageFault where it is no such table."""
    try:
        frame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, dtype={"origin": str}, keep_default_na=False)
    except (OSError, ValueError, ArrowInvalid) as error:
        raise UsageFault(f"{path} cannot be read as a table: {error}") from error
    lacking = [name for name in RANGES if name not in frame]
    if lacking:
        raise UsageFault(f"{path} is no table of ranges: it has no column {lacking[0]!r}")
    return frame


def _figures(material: Material, formats: Sequence[str], draft: Path, only: Sequence[str] | None) -> Iterator[Entry]:
    chosen = [name for name in PICTURES if name in formats]
    if not chosen:
        return
    (draft / "figures").mkdir()
    for plate, figure in drawn(material, only):
        for ending in chosen:
            file = Path("figures") / f"{plate.name}.{ending}"
            save(figure, draft / file, plate.title)
            yield {"file": file.as_posix(), "title": plate.title}


def _tables(result: Result, formats: Sequence[str], draft: Path, only: Sequence[str] | None) -> Iterator[Entry]:
    """The short tables, and all result tables with the unit in each heading."""
    chosen = [name for name in WRITTEN if name in formats]
    for one in (one for one in digests(result) if chosen and (only is None or one.name in only)):
        for ending in chosen:
            file = Path("tables") / f"{one.name}.{ending}"
            write_table(one.frame, draft / file, one.title)
            yield {"file": file.as_posix(), "title": one.title}
    for name, table in result.tables.items() if chosen and only is None else []:
        named = table.set_axis([heading(name, table, str(column)) for column in table.columns], axis=1)
        for ending in chosen:
            if ending == "csv" or len(table) <= MOST_ROWS:
                file = Path("tables") / "all" / f"{name}.{ending}"
                write_table(table if ending == "csv" else named, draft / file, name)
                yield {"file": file.as_posix(), "title": name}


def _workbook(result: Result, formats: Sequence[str], draft: Path) -> Iterator[Entry]:
    if "xlsx" in formats:
        write_workbook(result, draft / "tables.xlsx")
        yield {"file": "tables.xlsx", "title": "all tables"}
