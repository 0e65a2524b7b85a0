"""`energynet report`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("report")
@click.argument("runs", nargs=-1, required=True, metavar="RUN...", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--format", "formats", default="html", show_default=True, metavar="LIST",
    help="html: the page; svg, pdf, png: figures; md, tex, csv, xlsx: tables; several with commas",
)  # fmt: skip
@click.option("--ranges", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="a table of `energynet ranges`, to be drawn")
@click.option("--only", metavar="NAMES", help="figures and short tables of these names, with commas; else all")
@click.option("--out", type=click.Path(path_type=Path), metavar="PATH", help="the page's file, or the directory of the others; else in RUN")
@click.option("--base", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="RUN", help="the page tells what differs")
@click.option("--sliders/--no-sliders", default=True, help="whether the page can solve the case again in the browser (2 MB)")
def report(
    runs: tuple[Path, ...], *, formats: str, ranges: Path | None, only: str | None, out: Path | None, base: Path | None, sliders: bool
) -> None:  # fmt: skip
    """Write one HTML page that opens offline: of RUN (its sliders solve it again), of a sweep or an exact response, or of several runs.

    With --format the figures and tables of one RUN for papers and slides.
    """
    from energynet.errors import UsageFault
    from energynet.report.page import write_report
    from energynet.report.paper import FORMATS, read_ranges, write_paper
    from energynet.report.scenarios import kind_of
    from energynet.results.store import open_run

    chosen = [part.strip() for part in formats.split(",") if part.strip()]
    wrong = [name for name in chosen if name not in ("html", *FORMATS)]
    if wrong:
        raise UsageFault(f"there is no format {wrong[0]!r}: html, {', '.join(FORMATS)}")
    paper = [name for name in chosen if name != "html"]
    kinds = [kind_of(path) for path in runs]
    if kinds != ["run"]:
        if paper or ranges is not None:
            raise UsageFault("figures and tables for papers are of one run")
        _say(_page_of_many(runs, kinds, out))
        return
    result = open_run(runs[0])
    if paper:
        names = None if only is None else [part.strip() for part in only.split(",") if part.strip()]
        written = write_paper(result, paper, out, None if ranges is None else read_ranges(ranges), only=names)
        click.echo(f"Figures and tables: {written}", err=True)
    if "html" in chosen:
        file = out / "report.html" if paper and out is not None else out
        _say(write_report(result, file, base=open_run(base) if base else None, sliders=sliders))


def _page_of_many(runs: tuple[Path, ...], kinds: list[str], out: Path | None) -> Path:
    from energynet.errors import UsageFault
    from energynet.report.comparison import write_comparison
    from energynet.report.response_page import write_response_page
    from energynet.report.sweep_page import write_sweep_page
    from energynet.results.store import open_run

    if kinds == ["sweep"]:
        return write_sweep_page(runs[0], out)
    if kinds == ["response"]:
        return write_response_page(runs[0], out)
    if set(kinds) != {"run"}:
        raise UsageFault("a comparison is of runs; a sweep or a response has a page of its own")
    return write_comparison([open_run(path) for path in runs], out)


def _say(page: Path) -> None:
    click.echo(f"{page} ({page.stat().st_size / 1e6:.1f} MB)")
