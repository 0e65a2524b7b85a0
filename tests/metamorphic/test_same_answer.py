"""What must not change an answer, or must change it in a known way: money and quantities scaled, units rewritten, things split."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from network import ENERGY, arc, node, solve
from systems import EVERYTHING

from energynet.components.catalogue import TABLES
from energynet.solution import Solution

YEAR = {"start": "2025-01-01", "end": "2025-12-31", "step": "month", "storage_end": "stocks"}
Tables = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def base() -> Solution:
    return solve(EVERYTHING, **YEAR)


def every(dimensions: tuple[str, ...], change: Callable[[Any, dict[str, Any], Any], None]) -> Tables:
    """A copy of the system in which each filled cell of a column of those dimensions is changed: `change(column, row, value)`."""
    tables: Tables = {name: [dict(row) for row in rows] for name, rows in copy.deepcopy(EVERYTHING).items()}
    for name, rows in tables.items():
        for column in TABLES[name].all_columns:
            for row in rows:
                if column.dimension in dimensions and row.get(column.name) is not None:
                    change(column, row, row[column.name])
    return tables


def same_flows(one: Solution, other: Solution, factor: float = 1.0) -> None:
    for name in ("flow", "supply", "taken", "inventory", "delivered", "swapped", "convert"):
        assert other.values(name) == pytest.approx(factor * one.values(name), rel=1e-7, abs=1e-6), name


def test_dearer_money_scales_the_objective_and_the_prices(base: Solution) -> None:
    def dearer(column: Any, row: dict[str, Any], value: float) -> None:
        row[column.name] = 3.0 * value

    scaled = solve(every(("money",), dearer), **YEAR)
    assert scaled.objective == pytest.approx(3.0 * base.objective, rel=1e-9)
    same_flows(base, scaled)
    assert scaled.duals("taken") == pytest.approx(3.0 * base.duals("taken"), rel=1e-7, abs=1e-9)


def test_twice_of_everything_costs_twice(base: Solution) -> None:
    def larger(column: Any, row: dict[str, Any], value: float) -> None:
        row[column.name] = 2.0 * value

    tables = every(("rate", "volume", "yearly"), larger)
    for row in tables["ceilings"]:
        row["quantity"] *= 2
    scaled = solve(tables, **YEAR)
    assert scaled.objective == pytest.approx(2.0 * base.objective, rel=1e-9)
    same_flows(base, scaled, 2.0)


REWRITTEN = {
    "mcm/d": ("bcm/y", 0.365),
    "MW": ("GWh/d", 0.024),
    "mcm": ("GWh", ENERGY),
    "USD/tcm": ("EUR/MWh", 1 / (ENERGY * 1.1)),
    "USD/MWh": ("EUR/MWh", 1 / 1.1),
    "EUR/MWh": ("USD/tcm", ENERGY * 1.1),
}


def test_other_units_say_the_same(base: Solution) -> None:
    """Every rate in bcm/y of 365 days or in GWh/d, every volume in GWh, every price in the other currency."""
    units: list[tuple[dict[str, Any], str]] = []

    def rewrite(column: Any, row: dict[str, Any], value: float) -> None:
        if row.get(column.unit) in REWRITTEN:
            row[column.name] = value * REWRITTEN[row[column.unit]][1]
            units.append((row, column.unit))

    tables = every(("rate", "volume", "money"), rewrite)
    for row, unit in {(id(row), unit): (row, unit) for row, unit in units}.values():
        row[unit] = REWRITTEN[row[unit]][0]
    scaled = solve(tables, **YEAR)
    assert scaled.objective == pytest.approx(base.objective, rel=1e-9)
    same_flows(base, scaled)


def test_an_arc_in_two_pieces_carries_the_same(base: Solution) -> None:
    """`a2` ends at a new node, from which a line without loss or tariff goes on to the market."""
    tables: Tables = {name: [dict(row) for row in rows] for name, rows in EVERYTHING.items()}
    tables["nodes"].append(dict(node("between", "BB")))
    next(row for row in tables["arcs"] if row["id"] == "a2")["to_node"] = "between"
    tables["arcs"].append(dict(arc("a2b", "between", "m", 1000)))
    split = solve(tables, **YEAR)
    assert split.objective == pytest.approx(base.objective, rel=1e-9)
    assert split.values("taken").sum() == pytest.approx(base.values("taken").sum(), rel=1e-9)


def test_a_supply_in_two_halves_gives_the_same(base: Solution) -> None:
    tables: Tables = {name: [dict(row) for row in rows] for name, rows in EVERYTHING.items()}
    whole = next(row for row in tables["supplies"] if row["id"] == "sc")
    whole["maximum"] /= 2
    tables["supplies"].append({**whole, "id": "sc2"})
    assert solve(tables, **YEAR).objective == pytest.approx(base.objective, rel=1e-9)


def test_a_month_in_days_costs_the_same() -> None:
    """Nothing changes within January; without standing losses and curves its days together are the month, at the same prices."""
    tables: Tables = {
        name: [dict(row) for row in rows]
        for name, rows in EVERYTHING.items()
        if name not in ("storage_curves", "ceilings", "ceiling_terms")
    }
    tables["storages"] = [{**row, "daily_loss": 0} for row in tables["storages"]]
    del tables["storage_targets"]
    january = {"start": "2025-01-01", "end": "2025-01-31"}
    month, days = solve(tables, **january, step="month"), solve(tables, **january, step="day")
    assert days.objective == pytest.approx(month.objective, rel=1e-9)
    assert days.values("supply").sum(axis=0) == pytest.approx(31 * month.values("supply")[0], rel=1e-6, abs=1e-6)
    price_of_days, price = days.duals("taken") * days.unit_value()[:, None], month.duals("taken")[0] * month.unit_value()[0]
    assert np.average(price_of_days, axis=0) == pytest.approx(price, rel=1e-6)
