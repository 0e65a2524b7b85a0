"""`energynet compare`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pandas as pd

MOST = 12  # rows of each kind on the terminal
WHAT = ("objective", "cost", "delivery", "flow", "price", "unserved", "congestion")


@click.command("compare")
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="directory to write the tables to as CSV, or a file ending in .xlsx")
@click.option("--json", "as_json", is_flag=True, help="the tables as data on standard output")
def compare(runs: Sequence[Path], *, out: Path | None, as_json: bool) -> None:
    """What changed between RUNS (each against the first), or over one sweep: deliveries, flows, prices, unserved, costs, and which inputs.

    Of a sweep: quantiles of every figure over its scenarios, and the varied change that each moves with most.
    """
    from energynet.results.compare import compare as find
    from energynet.results.forms import write_tables
    from energynet.results.saved import open_saved

    opened = [open_saved(run) for run in runs]
    tables = find(opened)
    if out is not None:
        click.echo(f"Tables: {write_tables(tables, ' and '.join(run.name for run in opened), out)}", err=True)
    if as_json:
        click.echo(json.dumps({name: json.loads(frame.to_json(orient="records")) for name, frame in tables.items()}, ensure_ascii=False))
        return
    sweep = "scenarios" in tables
    title = "What was varied" if sweep else f"Which inputs are not those of {opened[0].name}"
    _print(title, tables["inputs"], "none: the inputs are the same")
    if sweep:
        _print("How the scenarios ended", tables["scenarios"], "")
    figures = tables["figures"]
    for what in WHAT:
        part = figures[figures["what"] == what]
        if sweep and len(part):
            part = part.assign(by=(part["highest"] - part["lowest"]).abs()).sort_values("by", ascending=False).drop(columns="by")
        if len(part):
            _print(f"{what}: {len(part)} changed", part.drop(columns=["what", "figure"]).head(MOST), "")
    if figures.empty:
        click.echo("\nNo figure changed")


def _print(title: str, frame: pd.DataFrame, none: str) -> None:
    from energynet.cli.terminal import print_rows

    shown = frame.loc[:, [str(c) for c in frame.columns if not _blank(frame[c])]] if len(frame) else frame
    rows: list[Sequence[str]] = [[_cell(cell) for cell in row] for row in shown.itertuples(index=False, name=None)]
    head = [str(column).replace("_", " ") for column in shown.columns]
    if not rows and none:
        head, rows = head or [""], [(none, *[""] * (len(head) - 1))]
    print_rows(title, head, rows)


def _blank(column: pd.Series[Any]) -> bool:
    return bool((column.astype(str) == "").all())


def _cell(cell: object) -> str:
    if cell is None or cell != cell:  # NaN differs from itself
        return ""
    return f"{cell:,.3f}" if isinstance(cell, float) else str(cell)
