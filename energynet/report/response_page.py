"""The page of an exact response: where the answer bends along one line of change, why, and every figure between."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from energynet.report.bind import number
from energynet.report.charts import curve
from energynet.report.scenarios import Floats, Response
from energynet.report.shell import render, write_page
from energynet.report.sweep_page import plain
from energynet.report.tables import Cell, Head, Table, records, words

Drawn = dict[str, Any]
NAME = "report.html"
LEAST = 0.0005  # bcm or TWh: a figure that moves less along the line is left out
MOST = 24
GROUPS = (("delivery", "Deliveries"), ("supply", "Supplies"), ("flow", "Flows of lines"), ("unserved", "Firm demand that was not served"))


def write_response_page(path: Path, out: Path | None = None) -> Path:
    """Write the page of a response, whole or not at all; `report.html` in its directory where no file is named."""
    return write_page(response_page(Response.read(path)), out or path / NAME)


def response_page(response: Response) -> str:
    """The page as text."""
    at, points = response.at, response.points
    groups = [
        {
            "caption": "Cost",
            "panels": [_panel("Cost of the network", "million USD", at, points["objective_musd"].to_numpy(float), response, 1)],
            "more": 0,
        }
    ]
    for kind, caption in GROUPS:
        moving = sorted((one for one in response.curves(kind) if np.ptp(one[3]) > LEAST), key=lambda one: -float(np.ptp(one[3])))
        if moving:
            panels = [_panel(name, unit, at, values, response, 3) for _, name, unit, values in moving[:MOST]]
            groups.append({"caption": caption, "panels": panels, "more": max(len(moving) - MOST, 0)})
    kinks, turns = (int((points["kind"] == kind).sum()) for kind in ("kink", "turn"))
    low, high = plain(at.min()), plain(at.max())
    named = f" ({', '.join(plain(k) for k in response.kinks)})" if 0 < kinks <= 12 else ""
    first, last = (number(float(points["objective_musd"].iloc[k]), 1) for k in (0, -1))
    return render(
        "response.html.j2", title=f"{response.manifest['title']}: the exact response", along=response.along, low=low, high=high,
        proven=bool(points["certified"].all()), groups=groups, breakpoints=_table(response),
        sentences=[
            f"From {low} to {high} the cost bends at {kinks} {'place' if kinks == 1 else 'places'}{named}.",
            f"At {turns} more only volumes turn, at the same marginal cost.",
            f"It costs {first} million USD at {low} and {last} at {high}.",
        ],
    )  # fmt: skip


def _panel(name: str, unit: str, at: Floats, values: Floats, response: Response, digits: int) -> Drawn:
    least, most, run = float(values.min()), float(values.max()), float(np.ptp(at)) or 1.0
    marks = "".join(f"M{300 * (k - float(at.min())) / run:.2f} 0V100" for k in response.kinks)
    told = f"{number(least, digits)} to {number(most, digits)} {unit}"
    return {"name": name, "told": told, "top": number(most, digits), "line": curve(at, [values])[0], "band": "", "kinks": marks}


def _table(response: Response) -> Table:
    heads = [
        Head(response.along), Head("Kind", numeric=False), Head("Cost", "million USD"), Head("Slope before", "million USD a unit"),
        Head("Slope after", "million USD a unit"), Head("What changes", numeric=False),
    ]  # fmt: skip
    body = []
    for row in records(response.points):
        slopes = [
            Cell(number(float(row[c]), 2), sort=f"{np.nan_to_num(float(row[c])):.9g}", numeric=True)
            for c in ("slope_before", "slope_after")
        ]
        at = Cell(plain(row[response.along]), sort=f"{float(row[response.along]):.12g}", numeric=True)
        cost = Cell(number(float(row["objective_musd"]), 1), sort=f"{float(row['objective_musd']):.12g}", numeric=True)
        body.append([at, words(row["kind"]), cost, *slopes, words(row["words"])])
    return Table("breakpoints", "Breakpoints", heads, body)
