"""`energynet solve`."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import click


@click.command("solve")
@click.argument("model")
@click.option("--scenario", help="a named list of changes of the model")
@click.option(
    "--set", "changes", multiple=True, metavar="CHANGE", help='a change, e.g. "demand[tr_market].quantity *= 1.1"; may be given again'
)
@click.option("--time-limit", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="for the solver, all stages together")
@click.option("--out", type=click.Path(path_type=Path), help="directory of the run; else results/MODEL/RUN")
@click.option("--format", "formats", default="csv", show_default=True, help="beside Parquet: csv, xlsx, or both with a comma")
@click.option("--json", "as_json", is_flag=True, help="the summary as data on standard output, words on standard error")
def solve(
    model: str, *, scenario: str | None, changes: tuple[str, ...], time_limit: float | None, out: Path | None, formats: str, as_json: bool
) -> None:
    """Solve MODEL (a name in models/ or a file), certify the answer, write its tables, print who got how much."""
    from energynet.cli.summary import print_summary
    from energynet.errors import Infeasible
    from energynet.model import load

    started = time.perf_counter()
    loaded = load(model)
    _say(f"{loaded.case.title or loaded.case.name}: read and checked in {time.perf_counter() - started:.1f} s")
    for fault in loaded.warnings(changes, scenario):
        _say(f"warning: {fault}")
    try:
        result = loaded.solve(changes, scenario, time_limit=time_limit)
    except Infeasible as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_status)
    size = result.manifest["size"]
    _say(f"solved and certified: {size['columns']:,} columns, {size['rows']:,} rows, {len(result.certificate.checks)} checks hold")
    for found in result.certificate.found:
        _say(f"warning: {found.words}")
    path = result.write(out, [part.strip() for part in formats.split(",") if part.strip()])
    if as_json:
        summary = result.tables["summary"].to_dict("records")
        data = {
            "status": result.status,
            "objective_musd": result.objective,
            "run": str(path),
            "summary": summary,
            "seconds": result.manifest["seconds"],
        }
        click.echo(json.dumps(data, ensure_ascii=False))
    else:
        print_summary(result)
    _say(f"{time.perf_counter() - started:.1f} s in all. Tables: {path}")


def _say(words: str) -> None:
    """Words go to standard error, so that standard output holds data alone."""
    click.echo(words, err=True)
