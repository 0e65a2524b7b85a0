"""`energynet report`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("report")
@click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--format", "formats", default="html", show_default=True, metavar="LIST",
    help="html: the page; svg, pdf, png: figures; md, tex, csv, xlsx: tables; several with commas",
)  # fmt: skip
@click.option("--ranges", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="a table of `energynet ranges`, to be drawn")
@click.option("--out", type=click.Path(path_type=Path), metavar="PATH", help="the page's file, or the directory of the others; else in RUN")
@click.option("--base", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="RUN", help="the page tells what differs")
@click.option("--sliders/--no-sliders", default=True, help="whether the page can solve the case again in the browser (2 MB)")
def report(run: Path, *, formats: str, ranges: Path | None, out: Path | None, base: Path | None, sliders: bool) -> None:
    """Write one HTML page of RUN that opens offline and solves itself again, or its figures and tables for papers and slides."""
    from energynet.errors import UsageFault
    from energynet.report.page import write_report
    from energynet.report.paper import FORMATS, read_ranges, write_paper
    from energynet.results.store import open_run

    chosen = [part.strip() for part in formats.split(",") if part.strip()]
    wrong = [name for name in chosen if name not in ("html", *FORMATS)]
    if wrong:
        raise UsageFault(f"there is no format {wrong[0]!r}: html, {', '.join(FORMATS)}")
    result, paper = open_run(run), [name for name in chosen if name != "html"]
    if paper:
        written = write_paper(result, paper, out, None if ranges is None else read_ranges(ranges))
        click.echo(f"Figures and tables: {written}", err=True)
    if "html" in chosen:
        file = out / "report.html" if paper and out is not None else out
        page = write_report(result, file, base=open_run(base) if base else None, sliders=sliders)
        click.echo(f"{page} ({page.stat().st_size / 1e6:.1f} MB)")
