"""The program laid out from one compiled period equals the ordinary Pyomo model, row by row, by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest
from network import system
from pyomo.repn import generate_standard_repn
from systems import PLANNED, TWO_WAY_POWER

from energynet.program.full import full_model
from energynet.program.layout import Program
from energynet.program.linear_program import LinearProgram
from energynet.system.system import System

Entries = dict[str, float]


def laid_rows(program: LinearProgram) -> dict[str, tuple[Entries, float, float]]:
    """name -> (coefficients by column name, lower, upper), zeros left out."""
    rows: dict[str, tuple[Entries, float, float]] = {
        name: ({}, low, high) for name, low, high in zip(program.row_names, program.row_lower, program.row_upper, strict=True)
    }
    for j, column in enumerate(program.column_names):
        for k in range(program.start[j], program.start[j + 1]):
            if program.value[k]:
                rows[program.row_names[program.index[k]]][0][column] = program.value[k]
    return rows


def name_of(data: object, labels: tuple[str, ...]) -> str:
    """The name of a Pyomo variable or row as the laid-out program has it."""
    component = data.parent_component()
    key = data.index() if component.is_indexed() else ()
    written = ",".join(key if isinstance(key, tuple) else (key,))
    block = data.parent_block()
    label = "" if block.local_name == "horizon" else f"@{labels[block.index()]}"
    return f"{component.local_name.removeprefix('row_')}[{written}]{label}"


def full_rows(model: pyo.ConcreteModel, labels: tuple[str, ...]) -> Iterator[tuple[str, Entries, float, float]]:
    for row in model.component_data_objects(pyo.Constraint, active=True):
        form = generate_standard_repn(row.body)
        entries = {name_of(v, labels): c for v, c in zip(form.linear_vars, form.linear_coefs, strict=True) if c}
        low = -np.inf if row.lower is None else pyo.value(row.lower) - form.constant
        high = np.inf if row.upper is None else pyo.value(row.upper) - form.constant
        yield name_of(row, labels), entries, low, high


HORIZONS = [
    {"start": "2025-01-01", "end": "2025-02-28", "step": "hour", "days": "representative", "storage_end": "stocks"},
    {"start": "2025-01-01", "end": "2025-12-31", "storage_end": "stocks"},
    {"start": "2024-10-01", "end": "2025-12-31", "storage_end": "free"},
    {"start": "2025-01-01", "end": "2025-12-31", "storage_end": "cyclic"},
    {"start": "2025-02-26", "end": "2025-03-03", "step": "day", "storage_end": "free"},
    {"start": "2024-01-01", "end": "2025-12-31", "step": "year", "storage_end": "free"},
    {"start": "2024-10-01", "end": "2025-12-31", "storage_end": "free", "tariffs": "capacity", "objective": "income:A"},
    {"start": "2025-01-01", "end": "2025-12-31", "storage_end": "free", "tariffs": "capacity", "objective": "curtailment"},
]


SYSTEMS = [*((PLANNED, horizon) for horizon in HORIZONS), (TWO_WAY_POWER, {"start": "2025-03-01", "end": "2025-04-30"})]
each_system = pytest.mark.parametrize(("tables", "horizon"), SYSTEMS, ids=["-".join(horizon.values()) for _, horizon in SYSTEMS])


@each_system
def test_every_row_is_the_same(tables: Any, horizon: dict[str, str]) -> None:
    made: System = system(tables, **horizon)
    program = Program(made).lay(made)
    laid, seen = laid_rows(program), set()
    for name, entries, low, high in full_rows(full_model(made), made.horizon.labels):
        assert name not in seen
        seen.add(name)
        assert entries.keys() == laid[name][0].keys(), name
        assert [entries[key] for key in entries] == pytest.approx([laid[name][0][key] for key in entries], rel=1e-12, abs=1e-13), name
        assert (low, high) == pytest.approx(laid[name][1:], rel=1e-12, abs=1e-9), name
    unbounded = {name for name, (_, low, high) in laid.items() if np.isinf(low) and np.isinf(high)}
    assert seen == set(laid) - unbounded


@each_system
def test_every_column_is_the_same(tables: Any, horizon: dict[str, str]) -> None:
    made: System = system(tables, **horizon)
    program = Program(made).lay(made)
    model = full_model(made)
    place = {name: j for j, name in enumerate(program.column_names)}
    names = {name_of(v, made.horizon.labels): v for v in model.component_data_objects(pyo.Var)}
    assert names.keys() == place.keys()
    for name, variable in names.items():
        upper = np.inf if variable.ub is None else variable.ub
        assert (variable.lb, upper) == pytest.approx((program.lower[place[name]], program.upper[place[name]])), name
    objective = generate_standard_repn(model.objective.expr)
    cost = {name_of(v, made.horizon.labels): c for v, c in zip(objective.linear_vars, objective.linear_coefs, strict=True)}
    assert [cost.get(name, 0.0) for name in place] == pytest.approx(program.cost[list(place.values())], rel=1e-12, abs=1e-13)
    assert objective.constant == pytest.approx(program.offset)
    for first, weights in program.first.items():
        form = generate_standard_repn(model.component(f"before_{first}").expr)
        found = {name_of(v, made.horizon.labels): c for v, c in zip(form.linear_vars, form.linear_coefs, strict=True)}
        assert [found.get(name, 0.0) for name in place] == pytest.approx(weights[list(place.values())], rel=1e-12, abs=1e-13), first
