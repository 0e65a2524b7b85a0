"""A sweep of the starter's model, and its tables as they are compared."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from energynet.results.tables import NAMES

VARY = [
    "demand[*].quantity *= {0.9, 1.0, 1.05}",
    "supply[sea_gas].cost += {0, 20} USD/tcm together arc[hub_north].capacity *= {1, 0.9}",
    "supply[field_gas].availability = {1, 0.8}",
]


def tables(path: Path, names=(*NAMES, "scenarios")) -> dict[str, pd.DataFrame]:
    """The tables of a sweep, sorted, the seconds left out."""
    found = {}
    for name in names:
        if (path / name).is_dir():
            frame = pd.read_parquet(path / name)
            frame = frame.drop(columns="seconds", errors="ignore")
            found[name] = frame.sort_values("scenario", kind="stable", ignore_index=True)
    return found


def same_tables(one: Path, other: Path) -> None:
    here, there = tables(one), tables(other)
    assert set(here) == set(there)
    for name, frame in here.items():
        pd.testing.assert_frame_equal(frame, there[name], check_exact=True)
