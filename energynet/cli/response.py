"""`energynet response`: where the cost bends along a line of change, and what moves from end to end."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import pandas as pd

    from energynet.analysis.response.answer import Response

MOST = 12  # figures
SHOWN = 0.0005  # bcm or TWh: what moves less is left out


@click.command("response")
@click.argument("model")
@click.argument("line")
@click.option("--scenario", help="a named list of changes of the model")
@click.option("--set", "changes", multiple=True, metavar="CHANGE", help="a change that holds all along the line; may be given again")
@click.option("--time-limit", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="for the solver, all solves together")
@click.option("--out", type=click.Path(path_type=Path), help="directory of the response; else results/MODEL/response-HASH")
@click.option("--json", "as_json", is_flag=True, help="the breakpoints as data on standard output, words on standard error")
def response(
    model: str, line: str, *, scenario: str | None, changes: tuple[str, ...], time_limit: float | None, out: Path | None, as_json: bool
) -> None:
    """Follow MODEL along a LINE of change, e.g. "demand[tr_market].quantity *= 0.8:1.2", from breakpoint to breakpoint, each certified.

    Several changes move side by side where the word `together` joins them. Right-hand sides and bounds only.
    """
    follow(model, (line,), changes, scenario, time_limit, out, as_json=as_json)


def follow(
    model: str, vary: Sequence[str], changes: Sequence[str], scenario: str | None, time_limit: float | None, out: Path | None, *,
    as_json: bool,
) -> None:  # fmt: skip
    """Follow the one line of change, write its tables, print its bends."""
    from energynet.errors import UsageFault
    from energynet.model import load

    if len(vary) != 1:
        raise UsageFault("an exact response follows one line: one change that varies, in which `together` joins what moves side by side")
    started = time.perf_counter()
    loaded = load(model)
    found = loaded.response(vary[0], tuple(changes), scenario, time_limit=time_limit)
    path = found.write(out)
    points = found.tables["breakpoints"]
    if as_json:
        columns = [name for name in points.columns if name not in ("certified", "worst_check", "worst")]
        rows = json.loads(points[columns].to_json(orient="records", force_ascii=False))
        click.echo(json.dumps({"response": str(path), "solves": found.solves, "breakpoints": rows}, ensure_ascii=False))
    else:
        _bends(found, points)
        _moves(found)
    turns = int((points["kind"] == "turn").sum())
    proven = f"each piece certified at both ends, {found.solves} solves"
    click.echo(f"{turns} more points where only volumes turn, at one cost; {proven}", err=True)
    click.echo(f"{time.perf_counter() - started:.1f} s in all. Tables: {path}", err=True)


def _bends(response: Response, points: pd.DataFrame) -> None:
    from energynet.analysis.response.words import written
    from energynet.cli.terminal import print_rows

    leg = response.line.legs[0]
    step, said = (0.01, "1 %") if leg.name.endswith("*=") else (1.0, f"1 {leg.change(leg.first).unit}".rstrip())
    chosen = [(point, row) for point, row in zip(response.points, points.to_dict("records"), strict=True) if row["kind"] != "turn"]
    rows: list[Sequence[str]] = [
        (written(leg, point.share), str(row["kind"]), f"{row['objective_musd']:,.1f}",
         *("" if row[side] != row[side] else f"{step * row[side]:,.3f}" for side in ("slope_before", "slope_after")))
        for point, row in chosen
    ]  # fmt: skip
    print_rows(f"{leg.name}: where the cost bends", ("at", "kind", "objective, MUSD", f"next {said}, MUSD: below", "above"), rows)
    click.echo()
    for _, row in chosen:
        if row["words"]:
            click.echo(str(row["words"]))


def _moves(response: Response) -> None:
    from energynet.analysis.response.words import written
    from energynet.cli.terminal import print_rows

    frame, leg = response.tables["response"], response.line.legs[0]
    ends, about = (0, len(response.points) - 1), ["kind", "figure", "origin", "name", "year", "unit"]
    wide = frame[frame["point"].isin(ends)].pivot_table(index=about, columns="point", values="volume")
    wide = wide.assign(by=(wide[ends[1]] - wide[ends[0]]).abs()).sort_values("by", ascending=False).reset_index()
    head = ("", "origin", "year", *(written(leg, response.points[point].share) for point in ends), "unit")
    for kind in ("supply", "delivery", "flow", "unserved"):
        rows: list[Sequence[str]] = [
            (row["name"], row["origin"], str(row["year"]), *(f"{row[point]:,.3f}" for point in ends), row["unit"])
            for row in wide[(wide["kind"] == kind) & (wide["by"] > SHOWN)].head(MOST).to_dict("records")
        ]
        print_rows(f"What moves most from end to end: {kind}", head, rows)
