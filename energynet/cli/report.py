"""`energynet report`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("report")
@click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="the page; else report.html in RUN")
def report(run: Path, *, out: Path | None) -> None:
    """Write one HTML page of RUN that opens offline: maps, diagrams, tables, certificate and sources."""
    from energynet.report.page import write_report
    from energynet.results.store import open_run

    written = write_report(open_run(run), out)
    click.echo(f"{written} ({written.stat().st_size / 1e6:.1f} MB)")
