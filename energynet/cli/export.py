"""`energynet export`."""

from __future__ import annotations

from pathlib import Path

import click

FORMATS = ("iamc", "csv", "xlsx")


@click.command("export")
@click.argument("results", type=click.Path(path_type=Path))
@click.option("--to", "form", type=click.Choice(FORMATS), required=True, help="iamc: model, scenario, region, variable, unit, years")
@click.option("--out", type=click.Path(path_type=Path), help="file (iamc: .csv or .xlsx; xlsx), or directory (csv); else beside the tables")
def export(results: Path, *, form: str, out: Path | None) -> None:
    """RESULTS (the directory of a run, a sweep or a response) in another format; no text of the data becomes a formula."""
    from energynet.errors import UsageFault
    from energynet.results.forms import write_form, write_tables
    from energynet.results.iamc import iamc
    from energynet.results.saved import open_saved

    saved = open_saved(results)
    if form == "iamc":
        if saved.kind == "response":
            raise UsageFault("a response has no annual balance: export a run or a sweep")
        target = out or saved.path / "iamc.csv"
        if target.suffix not in (".csv", ".xlsx"):
            raise UsageFault(f"{target} is neither .csv nor .xlsx")
        written = write_form(iamc(saved), target, target.suffix.removeprefix("."))
    else:
        target = out or (saved.path / "tables.xlsx" if form == "xlsx" else saved.path)
        tables = {name: saved.table(name) for name in saved.files}
        written = write_tables(tables, str(saved.manifest.get("title", saved.name)), target, form)
    click.echo(str(written))
