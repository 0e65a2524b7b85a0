"""The page of a comparison: runs beside the first of them, what set them apart, and where the flows moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from energynet.errors import UsageFault
from energynet.report.bind import number, percent
from energynet.report.charts import signed, signed_bars
from energynet.report.differences import LEAST, Rows, differences, flows, input_rows
from energynet.report.maps import Atlas, background, carriers_with_network, flow_map
from energynet.report.shell import render, write_page
from energynet.report.tables import Cell, Head, Table, words
from energynet.report.view import data_of, read_run, view_of
from energynet.results.result import Result

Drawn = dict[str, Any]
NAME = "comparison.html"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MOST_BARS = 20
THICKEST, THINNEST = 15.0, 1.4


def write_comparison(results: Sequence[Result], out: Path | None = None) -> Path:
    """Write the page of two runs or more, whole or not at all; `comparison.html` in the last one's directory where no file is named.

    Raises UsageFault for fewer than two runs or more than 26, InputFaults where a run kept none of its inputs.
    """
    if not 2 <= len(results) <= len(LETTERS):
        raise UsageFault(f"a comparison is of 2 to {len(LETTERS)} runs")
    assert results[-1].path is not None
    return write_page(comparison(results), out or results[-1].path / NAME)


def comparison(results: Sequence[Result]) -> str:
    """The page as text."""
    run = read_run(results[0])
    data = data_of(run)
    view = view_of(run, data)
    for other in results[1:]:
        read_run(other)
    atlas, rows, moved = Atlas.of(run, data), differences(results), flows(results)
    letters = LETTERS[: len(results)]
    maps = [
        {
            "letter": letters[k],
            "maps": [difference_map(atlas, view, carrier, moved[k] - moved[0]) for carrier in carriers_with_network(data)],
        }
        for k in range(1, len(results))
    ]
    return render(
        "comparison.html.j2",
        title=f"Comparison of {len(results)} runs", land=background(atlas), runs=_runs(results, letters), maps=maps,
        sentences=[(letters[k], _sentences(rows, results, k)) for k in range(1, len(results))],
        bars=[_bars(one, letters) for one in rows if one.key.startswith(("buyers", "costs"))],
        tables=[table_of(one, letters) for one in rows],
        inputs=[{"letter": letters[k], "rows": input_rows(results[0], results[k])} for k in range(1, len(results))],
        proven=all(one.certificate.holds for one in results),
    )  # fmt: skip


def _runs(results: Sequence[Result], letters: str) -> list[Drawn]:
    found = []
    for letter, one in zip(letters, results, strict=True):
        content = one.manifest["content"]
        changes = [str(row) for row in one.inputs["changes"]["change"]]
        found.append(
            {
                "letter": letter, "title": one.manifest["title"] or content["model"], "run": one.manifest["run"], "model": content["model"],
                "data": f"{content['data']}, {content['data_digest'][:12]}", "scenario": content["scenario"] or "none", "changes": changes,
                "objective": number(one.objective, 1), "apart": signed(one.objective - results[0].objective, 1),
                "holds": one.certificate.holds, "horizon": f"{one.manifest['horizon']['start']} to {one.manifest['horizon']['end']}",
            }
        )  # fmt: skip
    return found


def _sentences(rows: Sequence[Rows], results: Sequence[Result], k: int) -> list[str]:
    """What is other in a run than in the first, in words."""
    cost = results[k].objective - results[0].objective
    whole = abs(results[0].objective) or 1.0
    found = [f"The network costs {number(abs(cost), 1)} million USD {'more' if cost >= 0 else 'less'} ({percent(abs(cost) / whole, 2)})."]
    for one in rows:
        apart = one.apart(k)
        if apart and one.key.startswith(("buyers", "prices", "rents", "unserved")):
            named = [f"{name} {signed(value, one.digits)}" for name, value in apart[:4]]
            more = f", and {len(apart) - 4} more" if len(apart) > 4 else ""
            told = one.caption if one.unit in one.caption else f"{one.caption} ({one.unit})"
            found.append(f"{told}: {', '.join(named)}{more}.")
        elif one.key.startswith("buyers"):
            found.append(f"{one.caption}: as in A.")
    return found


def _bars(rows: Rows, letters: str) -> Drawn:
    groups = []
    for k in range(1, rows.values.shape[1]):
        apart = rows.apart(k)
        groups.append({"letter": letters[k], "bars": signed_bars(apart[:MOST_BARS], rows.digits), "more": max(len(apart) - MOST_BARS, 0)})
    return {"caption": rows.caption, "unit": rows.unit, "groups": groups}


def table_of(rows: Rows, letters: str) -> Table:
    """A table of differences: every run's value, and its difference to the first where they differ."""
    count = rows.values.shape[1]
    heads = [Head("What", numeric=False), *(Head(letter, rows.unit) for letter in letters)]
    heads += [Head(f"{letters[k]} less A", rows.unit) for k in range(1, count)]
    heads += [Head(f"{letters[1]} against A", "%")] if count == 2 else []
    body = []
    for name, values in zip(rows.names, rows.values, strict=True):
        cells = [words(name), *(_number(float(value), rows.digits) for value in values)]
        cells += [_number(float(values[k] - values[0]), rows.digits, sign=True) for k in range(1, count)]
        if count == 2:
            share = (values[1] - values[0]) / abs(values[0]) if values[0] else np.nan
            cells.append(Cell("–" if not np.isfinite(share) else signed(100 * share, 1), sort=f"{np.nan_to_num(share):.9g}", numeric=True))
        body.append(cells)
    return Table(rows.key, rows.caption, heads, body, note=rows.note)


def _number(value: float, digits: int, *, sign: bool = False) -> Cell:
    near = abs(value) < LEAST
    text = ("0" if near else signed(value, digits)) if sign else number(value, digits)
    return Cell(text, sort=f"{value:.9g}", numeric=True, strong=sign and not near)


def difference_map(atlas: Atlas, view: Mapping[str, Any], carrier: str, moved: pd.Series[float]) -> Drawn:
    """The map of a carrier with lines as wide as the flow that came or went, units a day, by the arc's id."""
    drawn, data = flow_map(atlas, view, carrier), atlas.data
    unit = data["carriers"][carrier]["rate"]
    by_arc = {k: float(moved.get(arc["id"], 0.0)) for k, arc in enumerate(data["arcs"]) if arc["carrier"] == carrier}
    most = max((abs(value) for value in by_arc.values()), default=0.0)
    arcs = []
    for one in drawn["arcs"]:
        value = by_arc[one["k"]]
        still = abs(value) < max(1e-4, 1e-4 * most)
        width = 0.8 if still else max(THINNEST, THICKEST * abs(value) / most)
        arcs.append(
            {
                **one, "width": f"{width:.2f}", "use": "none" if still else "up" if value > 0 else "down", "rate": abs(value),
                "words": f"{data['arcs'][one['k']]['name']}: {'as before' if still else signed(value, 2) + ' ' + unit}",
            }
        )  # fmt: skip
    arcs.sort(key=lambda one: one["rate"])
    return {**drawn, "arcs": arcs, "most_words": f"{number(most, 2 if most < 10 else 1)} {unit}" if most > 1e-4 else ""}
