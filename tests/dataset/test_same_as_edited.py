"""A change of a number is that number edited in its file: the same program, or both refused."""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from energynet.components.catalogue import SINGULAR, TABLES
from energynet.dataset import check
from energynet.dataset.changes import FIXED, parse_change
from energynet.dataset.package import Package, read_package
from energynet.errors import InputFaults
from energynet.program.layout import Program
from energynet.program.linear_program import LinearProgram
from energynet.system.checks import check_system
from energynet.system.system import Reading, changed_system
from tests.network import case, package
from tests.systems import PLANNED

Rows = list[dict[str, str]]
USED: Mapping[str, Sequence[Mapping[str, Any]]] = {
    **PLANNED,
    "calorific_values": [{"id": "cold", "carrier": "gas", "energy_per_unit": 10.7}],
    "exchange_rates": [
        {"id": "EUR", "usd": 1.1, "valid_to": "2025-03-14"},
        {"id": "EUR", "usd": 1.15, "valid_from": "2025-03-15"},
    ],
    "supplies": [
        *PLANNED["supplies"],
        {**PLANNED["supplies"][0], "id": "sd", "name": "sd", "maximum": 2, "quantity_unit": "mcm/d[cold]", "minimum": 0, "swing": ""},
    ],
}  # fmt: skip
NUMBERS = [
    (table.singular, column.name)
    for table in TABLES.values()
    for column in table.columns
    if column.kind == "number" and column.name not in table.key and table.name in {*USED, "carriers", "nodes"} and table.name not in FIXED
]
CASE = case(end="2025-04-30", storage_end="free", demand="elastic", tariffs="capacity", projects=["*"], discount_rate=0.05)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("data")
    package(USED, where)
    return where


@pytest.fixture(scope="module")
def reading(folder: Path) -> Reading:
    return Reading(read_package(folder), CASE)


def laid(reading: Reading, *changes: str) -> LinearProgram | None:
    """The program with these changes; None where they are refused."""
    try:
        system = changed_system(reading, [parse_change(text) for text in changes])
        check_system(system, reading.package)
    except InputFaults:
        return None
    return Program(system).lay(system)


def from_files(folder: Path, goal: Path, table: str, edit: Callable[[Rows], Rows]) -> LinearProgram | None:
    """The program of a copy of the folder in which one table is edited as text; None where the copy is refused."""
    for file in folder.iterdir():
        (goal / file.name).unlink(missing_ok=True)
        (goal / file.name).symlink_to(file)
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        rows = edit(list(csv.DictReader(stream)))
    (goal / f"{table}.csv").unlink()
    with (goal / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    try:
        data: Package = read_package(goal)
        check(data)
        return laid(Reading(data, CASE))
    except InputFaults:
        return None


def multiplied(column: str, factor: float, default: float | None) -> Callable[[Rows], Rows]:
    def edit(rows: Rows) -> Rows:
        for row in rows:
            if row.get(column) or default is not None:
                row[column] = repr(float(row.get(column) or default or 0.0) * factor)
        return rows

    return edit


def same(one: LinearProgram | None, other: LinearProgram | None) -> None:
    assert (one is None) == (other is None), "one is refused, the other is not"
    if one is None or other is None:
        return
    assert (one.columns, one.rows) == (other.columns, other.rows)
    for field in dataclasses.fields(one):
        here, there = getattr(one, field.name), getattr(other, field.name)
        if isinstance(here, np.ndarray):
            np.testing.assert_allclose(here, there, rtol=1e-12, atol=1e-12, err_msg=field.name)
    assert one.offset == pytest.approx(other.offset, rel=1e-12)


@pytest.mark.parametrize("factor", [0.8, 1.25])
@pytest.mark.parametrize(("component", "column"), NUMBERS, ids=[".".join(pair) for pair in NUMBERS])
def test_a_number_changed_is_the_number_edited(folder, reading, tmp_path, component, column, factor):
    table = SINGULAR[component]
    default = table.column(column).default
    given = reading.package[table.name][column].notna().any()
    changed = laid(reading, f"{component}[*].{column} *= {factor}")
    if not given:
        assert changed is None, "a change of empty cells does nothing, and is refused"
        return
    same(changed, from_files(folder, tmp_path, table.name, multiplied(column, factor, default)))


def split(key: str, days: tuple[str, str], edit: Mapping[str, str]) -> Callable[[Rows], Rows]:
    """The rows of a record, each cut by hand at the ends of a window that lies inside it, and edited inside the window."""
    first, last = days
    before, after = (str(np.datetime64(first) - 1), str(np.datetime64(last) + 1))

    def edited(rows: Rows) -> Rows:
        found = []
        for cells in rows:
            row = {"valid_from": "", "valid_to": "", **cells}
            begin, end = row["valid_from"] or "0001-01-01", row["valid_to"] or "9999-12-31"
            if row["id"] != key or begin > last or end < first:
                found.append(row)
                continue
            if begin < first:
                found.append({**row, "valid_to": before})
            found.append({**row, "valid_from": max(begin, first) if begin > "0001" else first, "valid_to": min(end, last), **edit})
            if end > last:
                found.append({**row, "valid_from": after})
        return found

    return edited


@pytest.mark.parametrize(
    ("change", "table", "edit"),
    [
        ("supply[sa].maximum @ 2025-01-11..2025-02-10 = 30 mcm/d", "supplies",
         split("sa", ("2025-01-11", "2025-02-10"), {"maximum": "30"})),
        ("arc[side].capacity @ 2025-01-01..2025-03-20 *= 0.5", "arcs",
         split("side", ("2025-03-05", "2025-03-20"), {"capacity": "10.0"})),
        ("supply[sa].cost @ 2025-02-01..2025-02-28 += 7 USD/tcm", "supplies",
         split("sa", ("2025-02-01", "2025-02-28"), {"cost": "27"})),
        ("price[hub].value = 340 USD/tcm", "prices", lambda rows: [{**row, "value": "340", "unit": "USD/tcm"} for row in rows]),
        ("price[hub].value += 11 USD/tcm", "prices", lambda rows: [
            {**row, "value": "31.0", "valid_from": "", "valid_to": "2025-03-14"} for row in rows
        ] + [{**row, "value": repr(30 + 1.1 / 1.15), "valid_from": "2025-03-15", "valid_to": ""} for row in rows]),
        ("contract[k].annual_quantity = 30 mcm/d", "contracts",
         lambda rows: [{**row, "annual_quantity": "10.95"} if row["id"] == "k" else row for row in rows]),
        ("demand[e].quantity = 50 MW", "demands", lambda rows: [{**row, "quantity": "1.2"} if row["id"] == "e" else row for row in rows]),
        ("project[cells].capital_cost = 450 EUR/kW", "projects",
         lambda rows: [{**row, "capital_cost": "450", "cost_unit": "EUR/kW"} if row["id"] == "cells" else row for row in rows]),
        ("exchange_rate[EUR].usd @ 2025-02-01..2025-02-28 = 1.3", "exchange_rates",
         split("EUR", ("2025-02-01", "2025-02-28"), {"usd": "1.3"})),
    ],
)  # fmt: skip
def test_windows_units_and_sums_are_the_rows_edited_by_hand(folder, reading, tmp_path, change, table, edit):
    changed = laid(reading, change)
    assert changed is not None
    base = laid(reading)
    assert base is not None
    arrays = ("cost", "value", "upper", "row_lower", "row_upper")
    moved = [name for name in arrays if not np.array_equal(getattr(changed, name), getattr(base, name))]
    assert moved, "the change reaches the program"
    same(changed, from_files(folder, tmp_path, table, edit))


def test_units_are_changed_before_what_they_convert(reading):
    """The order of a list of changes does not decide by which rate an amount is converted."""
    rate, price = "exchange_rate[EUR].usd *= 1.2", "price[hub].value += 11 USD/tcm"
    same(laid(reading, rate, price), laid(reading, price, rate))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("arc[side].availability += 5", "more than 1.0, the most allowed"),
        ("converter[v].efficiency *= 1e9", "more than 1.0, the most allowed"),
        ("carrier[gas].energy_per_unit += -11", "less than 1e-09, the least allowed"),
        ("supply_step[sb/1].share *= 1.6", "add up to"),
        ("demand[d].quantity += -50 mcm/d", "less than 0.0, the least allowed"),
        ("contract[k].daily_maximum = 0.3", "is more than daily_maximum"),
        ("supply[sa].maximum *= 1e308", "is too large"),
        ("ceiling[co2].charge = 80 EUR/t", "cannot be converted"),
        ("project[cells].maximum = 4 MWh", "cannot be converted"),
        ("project[cells].capital_cost += 10 EUR/kW", "has no dates, but exchange rates have"),
        ("ceiling[cap].penalty *= 2", "is empty"),
    ],
)
def test_a_change_passes_the_checks_of_a_cell_and_names_itself_the_file_and_the_row(reading, change, said):
    with pytest.raises(InputFaults) as told:
        changed_system(reading, [parse_change(change)])
    fault = told.value.faults[0]
    assert said in str(fault)
    assert change in str(fault)
    assert fault.file.endswith(".csv")
    assert fault.row
