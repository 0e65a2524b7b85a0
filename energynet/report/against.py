"""What a run's changes moved: its figures, deliveries and flows against those of a base run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from energynet.report.tables import Head, Table, figure, words
from energynet.report.view import Run
from energynet.results.result import Result

MOVED = {"million USD": 0.05, "bcm": 0.0005, "TWh": 0.0005, "GWh": 0.05}  # differences below are not told
RATE = 0.05  # units a day
Key = tuple[str, ...]


def against(run: Run, base: Result, data: Mapping[str, Any]) -> list[Table]:
    """Three tables of what differs, each with the base, this run and the difference; a row that only one of them has counts as zero."""
    here = run.result
    return [
        _table("figures", "Figures that moved", ("Figure", "Unit"), _figures(base), _figures(here), _by_unit),
        _table("deliveries", "Deliveries that moved", ("Origin", "To", "Unit"), _deliveries(base, data), _deliveries(here, data), _by_unit),
        _table("flows", "Mean flows that moved", ("Line", "Unit"), _flows(base), _flows(here), lambda _: RATE),
    ]


def _by_unit(key: Key) -> float:
    return MOVED.get(key[-1], 0.0)


def _table(name: str, caption: str, heads: Key, old: Mapping[Key, float], new: Mapping[Key, float], least: Any) -> Table:  # noqa: ANN401
    keys = [key for key in dict.fromkeys((*new, *old)) if abs(new.get(key, 0.0) - old.get(key, 0.0)) > least(key)]
    keys.sort(key=lambda key: -abs(new.get(key, 0.0) - old.get(key, 0.0)))
    digits = 3 if name == "deliveries" else 2
    rows = [
        [
            words(key[0], strong=True), *(words(part) for part in key[1:]), figure(old.get(key, 0.0), digits),
            figure(new.get(key, 0.0), digits), figure(new.get(key, 0.0) - old.get(key, 0.0), digits),
        ]
        for key in keys
    ]  # fmt: skip
    every = [*(Head(head, numeric=False) for head in heads), Head("Base"), Head("This run"), Head("Difference")]
    return Table(f"against-{name}", caption, every, rows, note="" if rows else "Nothing moved.")


def _figures(result: Result) -> dict[Key, float]:
    frame = result.tables["summary"]
    kept = frame[~frame["figure"].str.startswith("congestion rent")]  # those that are largest in one run need not be so in the other
    return {(str(row["figure"]), str(row["unit"])): float(row["value"]) for row in kept.to_dict("records")}


def _deliveries(result: Result, data: Mapping[str, Any]) -> dict[Key, float]:
    origins = {row["id"]: row["name"] for row in data["origins"]}
    frame = result.tables["deliveries"].loc[lambda table: table["per"] == "year"]
    found: dict[Key, float] = {}
    for row in frame.to_dict("records"):
        gas = not pd.isna(row["bcm"])
        country = data["countries"].get(row["country"], {"name": row["country"]})["name"]
        key = (str(origins.get(row["origin"], row["origin"])), str(country), "bcm" if gas else "TWh")
        found[key] = found.get(key, 0.0) + (row["bcm"] if gas else row["gwh"] / 1000.0)
    return found


def _flows(result: Result) -> dict[Key, float]:
    """Mean rate of each arc, by its name: volumes over the days that they stand for."""
    frame = result.tables["flows"]
    horizon = result.manifest["horizon"]
    days = (pd.Timestamp(horizon["end"]) - pd.Timestamp(horizon["start"])).days + 1
    grouped = frame.groupby(["name", "unit"], as_index=False, sort=False)[["volume"]].sum()
    return {(str(row["name"]), f"{row['unit']}/d"): float(row["volume"]) / days for row in grouped.to_dict("records")}
