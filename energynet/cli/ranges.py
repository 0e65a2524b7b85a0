"""`energynet ranges`."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path

import click

SHOWN = 0.0005  # bcm or TWh: what could never be more is left out
SAID = 0.05  # bcm or TWh: ranges wider than this are said in words


@click.command("ranges")
@click.argument("model")
@click.option("--scenario", help="a named list of changes of the model")
@click.option("--set", "changes", multiple=True, metavar="CHANGE", help="a change; may be given again")
@click.option(
    "--tolerance", type=click.FloatRange(min=0), default=0.0, show_default=True, metavar="PERCENT", help="how much dearer an answer may be"
)
@click.option("--origin", "origins", multiple=True, metavar="ID", help="deliveries of these origins only; else of all")
@click.option("--jobs", type=click.IntRange(min=1), help="threads; else one a core")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="also write the table: .csv or .parquet")
@click.option("--json", "as_json", is_flag=True, help="the table as data on standard output")
def ranges(
    model: str, *, scenario: str | None, changes: tuple[str, ...], tolerance: float, origins: tuple[str, ...], jobs: int | None,
    out: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """How far every annual flow and delivery of MODEL could move at the same cost, or within a tolerance of it; every bound certified."""
    from energynet.analysis.ranges import ranges as find
    from energynet.cli.terminal import print_rows
    from energynet.errors import UsageFault
    from energynet.model import load
    from energynet.results.exports import write_table

    if out is not None and out.suffix not in (".csv", ".parquet"):
        raise UsageFault(f"{out} is neither .csv nor .parquet")
    started = time.perf_counter()
    loaded = load(model)
    unknown = [origin for origin in origins if origin not in set(loaded.package["origins"]["id"])]
    if unknown:
        raise UsageFault(f"there is no origin {unknown[0]!r} in the data")
    solution = loaded.solution(changes, scenario)
    frame = find(solution, tolerance / 100.0, origins=origins or None, jobs=jobs)
    if out is not None:
        write_table(frame, out)
    if as_json:
        click.echo(json.dumps(frame.to_dict("records"), ensure_ascii=False))
    else:
        for kind, part in frame[frame["highest"] > SHOWN].sort_values("value", ascending=False).groupby("kind", sort=False):
            head = (str(kind), "origin", "year", "solved", "lowest", "highest", "unit")
            rows: list[Sequence[str]] = [
                (row["name"], row["origin"], str(row["year"]), *(f"{row[c]:.3f}" for c in ("value", "lowest", "highest")), row["unit"])
                for row in part.to_dict("records")
            ]
            print_rows("How far it could move", head, rows)
        click.echo()
        for words in frame.loc[(frame["kind"] == "delivery") & (frame["highest"] - frame["lowest"] > SAID), "words"]:
            click.echo(words)
    click.echo(f"{len(frame)} ranges, each end certified, in {time.perf_counter() - started:.1f} s", err=True)
