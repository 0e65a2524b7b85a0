"""Long tables from values by period: one fact a row, stable columns, the unit in a column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from energynet.solution import Solution
from energynet.system.system import System

Floats = NDArray[np.float64]
SCENARIO = "scenario"
NOISE = 1e-9  # units a day: below this a flow is the rounding of a zero


def clean(values: Floats) -> Floats:
    """Rounding about zero as zero."""
    return np.where(np.abs(values) < NOISE, 0.0, values)


def by_period(system: System, keys: Mapping[str, Sequence[object]], values: Mapping[str, NDArray[Any]]) -> pd.DataFrame:
    """Keys (k,) and values (T, k) as rows, period after period, with `period`, `start` (a day, or an hour), `days`, and `weight`: for how
    many like it the period stands. Where the horizon holds several scenarios, `scenario` is the first column; so too in `by_year`.
    """
    count = len(next(iter(keys.values()))) if keys else 0
    horizon = system.horizon
    frame = {} if horizon.scenario is None else {SCENARIO: np.repeat(horizon.scenario, count)}
    frame |= {name: np.tile(np.asarray(column, dtype=object), len(horizon)) for name, column in keys.items()}
    frame["period"] = np.repeat(np.asarray(horizon.labels, dtype=object), count)
    frame["start"] = np.repeat(horizon.start.astype("datetime64[ms]"), count)
    frame["days"] = np.repeat(horizon.days, count)
    frame["weight"] = np.repeat(horizon.weight, count)
    return pd.DataFrame({**frame, **{name: np.asarray(column).ravel() for name, column in values.items()}})


def by_year(system: System, keys: Mapping[str, Sequence[object]], values: Mapping[str, Floats]) -> pd.DataFrame:
    """Keys (k,) and values (T, k) added up over calendar years."""
    labels, group = system.horizon.groups["calendar"]
    count = len(next(iter(keys.values()))) if keys else 0
    scenario = scenario_of(system, group)
    frame = {} if scenario is None else {SCENARIO: np.repeat(scenario, count)}
    frame |= {name: np.tile(np.asarray(column, dtype=object), len(labels)) for name, column in keys.items()}
    frame["year"] = np.repeat(np.array([int(label) for label in labels]), count)
    return pd.DataFrame({**frame, **{name: grouped(column, group, len(labels)).ravel() for name, column in values.items()}})


def grouped(values: Floats, group: NDArray[np.int64], count: int) -> Floats:
    """Values (T, k) added up over the periods of each group (groups, k)."""
    out = np.zeros((count, values.shape[1]))
    np.add.at(out, group, values)
    return out


def scenario_of(system: System, group: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """The scenario of each group of periods (groups,); None where there is one scenario alone."""
    scenario = system.horizon.scenario
    return None if scenario is None else scenario[np.unique(group, return_index=True)[1]]


def ordered(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The columns in that order; `scenario` before them where the frame has it, its rows then scenario by scenario."""
    if SCENARIO not in frame:
        return frame.reindex(columns=list(columns))
    rows = np.argsort(frame[SCENARIO].to_numpy(), kind="stable")
    return frame.reindex(columns=[SCENARIO, *columns]).take(rows).reset_index(drop=True)


def volumes(solution: Solution, name: str) -> Floats:
    """A variable's rates as volumes over each period and all that it stands for (T, k)."""
    return clean(solution.values(name)) * weighted_days(solution.system)


def weighted_days(system: System) -> Floats:
    """Days x weight of each period, as a column (T, 1)."""
    return system["period"].number["days_weighted"]


def side_by_side(columns: Sequence[Floats], like: System) -> Floats:
    """Columns (T,) as one array (T, k), where there is none too."""
    return np.column_stack(columns) if columns else np.zeros((like.periods, 0))


def summed(values: Floats, groups: Sequence[object]) -> tuple[list[object], Floats]:
    """Columns (T, k) added up by group, in the order in which groups first appear."""
    order = list(dict.fromkeys(groups))
    place = {group: k for k, group in enumerate(order)}
    out = np.zeros((len(values), len(order)))
    for k, group in enumerate(groups):
        out[:, place[group]] += values[:, k]
    return order, out


def unit_of(system: System, carrier: str) -> str:
    """`mcm` or `GWh`."""
    return str(system["carriers"].of("unit", carrier))


def money_unit(system: System, carrier: str) -> str:
    """What a price of the carrier is counted in."""
    return "USD/tcm" if unit_of(system, carrier) == "mcm" else "USD/MWh"


def energy_of(system: System, carrier: str) -> float:
    """GWh in one unit of the carrier."""
    carriers = system["carriers"]
    return float(carriers.number["energy_per_unit"][carriers.position[carrier]])


def country_of(system: System, node: str) -> str:
    """The country of a node."""
    return str(system["nodes"].of("country", node))


def carrier_of(system: System, table: str, key: str) -> str:
    """The carrier of a record."""
    return system.carrier_of[table, key]
