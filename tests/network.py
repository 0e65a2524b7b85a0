"""Small networks for tests: tables as lists of rows, written as a data package and solved like any other."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from energynet.components.catalogue import TABLES
from energynet.dataset.case import Case
from energynet.dataset.changes import parse_change
from energynet.dataset.model_file import HorizonSpec, Options
from energynet.dataset.package import Package, read_package
from energynet.program.layout import Program
from energynet.program.linear_program import LinearProgram
from energynet.solution import Solution
from energynet.system.system import System, build_system

Row = Mapping[str, Any]
ENERGY = 10.0  # GWh in one mcm: 1 USD/MWh is 10 USD/tcm

BASE: dict[str, list[dict[str, Any]]] = {
    "carriers": [
        {"id": "gas", "name": "Gas", "unit": "mcm", "energy_per_unit": ENERGY, "temperature_c": 20, "pressure_kpa": 101.325},
        {"id": "electricity", "name": "Electricity", "unit": "GWh", "energy_per_unit": 1},
    ],
    "countries": [{"id": c, "name": c, "region": "test"} for c in ("AA", "BB", "CC")],
    "origins": [
        {"id": "A", "name": "A", "carrier": "gas"},
        {"id": "B", "name": "B", "carrier": "gas"},
        {"id": "P", "name": "P", "carrier": "electricity"},
    ],
    "references": [{"id": "test", "kind": "assumption", "publisher": "test", "title": "made for a test", "reason": "test"}],
}


def node(key: str, country: str = "AA", carrier: str = "gas", **more: Any) -> Row:
    return {"id": key, "name": key, "carrier": carrier, "country": country, "kind": "hub", "latitude": 40, "longitude": 45, **more}


def arc(key: str, source: str, target: str, capacity: float, tariff: float = 0.0, **more: Any) -> Row:
    given = {"capacity": capacity, "capacity_unit": "mcm/d", "tariff": tariff, "tariff_unit": "USD/tcm", "length_km": 100}
    return {"id": key, "name": key, "from_node": source, "to_node": target, **given, **more}


def supply(key: str, at: str, maximum: float, cost: float, origin: str = "A", **more: Any) -> Row:
    given = {
        "maximum": maximum,
        "quantity_unit": "mcm/d",
        "cost": cost,
        "cost_unit": "USD/tcm",
        "cost_kind": "production",
        "kind": "production",
    }
    return {"id": key, "name": key, "node": at, "origin": origin, **given, **more}


def demand(key: str, at: str, quantity: float, value: float = 1000.0, **more: Any) -> Row:
    given = {"quantity": quantity, "quantity_unit": "mcm/d", "value_of_lost_load": value, "value_unit": "USD/tcm"}
    return {"id": key, "name": key, "node": at, **given, **more}


def package(tables: Mapping[str, Sequence[Row]], folder: Path | None = None) -> Package:
    """Write the tables over BASE into a folder and read them back as a data package."""
    where = folder or Path(tempfile.mkdtemp(prefix="network-"))
    where.mkdir(parents=True, exist_ok=True)
    for name, rows in {**BASE, **tables}.items():
        schema = TABLES[name]
        frame = pd.DataFrame([dict(row) for row in rows])
        if schema.sourced:
            frame = frame.assign(reference="test", confidence="assumed")
        frame.to_csv(where / f"{name}.csv", index=False)
    (where / "datapackage.json").write_text(json.dumps({"name": "test", "title": "test", "timezone": "UTC", "resources": []}))
    return read_package(where)


def case(
    start: str = "2025-01-01", end: str = "2025-01-31", step: str = "month", days: str = "all", changes: Sequence[str] = (),
    objective: str = "cost", **options: Any,
) -> Case:  # fmt: skip
    """A case over the horizon; a day's horizon has `step="day"`."""
    spec = HorizonSpec(start=date.fromisoformat(start), end=date.fromisoformat(end), step=step, days=days)  # type: ignore[arg-type]
    projects = tuple(options.pop("projects", ("*",)))
    given = Options(**{"storage_end": "free", **options})
    read = tuple(parse_change(text) for text in changes)
    return Case("test", Path("test.yaml"), "test", Path(), spec, "tracked", None, objective, given, read, {}, projects)


def system(tables: Mapping[str, Sequence[Row]], **spec: Any) -> System:
    return build_system(package(tables), case(**spec))


def program(tables: Mapping[str, Sequence[Row]], **spec: Any) -> LinearProgram:
    made = system(tables, **spec)
    return Program(made).lay(made)


def solve(tables: Mapping[str, Sequence[Row]], **spec: Any) -> Solution:
    """Solve and certify a small network."""
    from energynet.solution import solve_system

    return solve_system(system(tables, **spec))


def the(solution: Solution, variable: str, *key: str, period: int = 0) -> float:
    """One value of a variable, by key."""
    return float(solution.values(variable)[period, solution.keys(variable).index(key)])
