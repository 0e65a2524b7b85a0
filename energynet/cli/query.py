"""`energynet query`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

FORMS = ("csv", "xlsx", "md", "tex", "parquet")  # those of energynet.results.forms, which is not imported for a --help
TEXT = ("csv", "md", "tex")


@click.command("query")
@click.argument("results", type=click.Path(path_type=Path))
@click.argument("sql")
@click.option("--to", "forms", metavar="FORMATS", help=f"{', '.join(FORMS)}; several with commas. Text goes to standard output")
@click.option("--out", type=click.Path(path_type=Path), help="file, or with several formats its name without the ending")
@click.option("--json", "as_json", is_flag=True, help="rows as data on standard output")
def query(results: Path, sql: str, *, forms: str | None, out: Path | None, as_json: bool) -> None:
    """Ask the tables of RESULTS (the directory of a run, a sweep or a response) in SQL: each table is a view by its name.

    Of a sweep every table has a column `scenario`, and `base_TABLE` is that of its base; `input_TABLE` is what a run was made from.
    """
    from energynet.cli.terminal import print_rows
    from energynet.errors import UsageFault
    from energynet.results.query import query as ask
    from energynet.results.saved import open_saved

    wanted = [part.strip() for part in (forms or "").split(",") if part.strip()]
    wrong = [form for form in wanted if form not in FORMS]
    if wrong:
        raise UsageFault(f"there is no format {wrong[0]!r}: {', '.join(FORMS)}")
    if out is None and any(form not in TEXT for form in wanted):
        raise UsageFault("a workbook or a Parquet file needs --out FILE")
    frame = ask(open_saved(results), sql)
    if out is not None:
        from energynet.results.forms import write_form

        for form in wanted or [out.suffix.removeprefix(".")]:
            click.echo(str(write_form(frame, out, form)), err=True)
    elif wanted:
        from energynet.results.forms import as_text

        for form in wanted:
            click.echo(as_text(frame, form), nl=False)
    elif as_json:
        click.echo(frame.to_json(orient="records", force_ascii=False, date_format="iso"))
    else:
        rows: list[Sequence[str]] = [[_cell(cell) for cell in row] for row in frame.itertuples(index=False, name=None)]
        print_rows("", [str(column) for column in frame.columns], rows)
        click.echo(f"{len(frame):,} rows", err=True)


def _cell(cell: object) -> str:
    if cell is None or cell != cell:  # NaN and NaT differ from themselves
        return ""
    return f"{cell:,.3f}" if isinstance(cell, float) else json.dumps(cell) if isinstance(cell, (list, dict)) else str(cell)
