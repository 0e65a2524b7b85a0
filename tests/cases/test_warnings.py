"""Warnings where a mean over a period cannot stand for what happens inside it: they name the place and the step, and are few."""

from __future__ import annotations

import subprocess
import sys

import pytest

from energynet.dataset.checks import warnings_of
from tests.network import arc, case, demand, node, package, supply
from tests.small_cases import model_of, path_of

STORE = {"id": "c", "name": "c", "node": "n", "working_volume": 100, "volume_unit": "mcm", "injection": 5, "withdrawal": 5,
         "rate_unit": "mcm/d"}  # fmt: skip


def _told(tables, changes=(), **spec):
    made = case(**spec, changes=changes)
    return warnings_of(package({"nodes": [node("n"), node("m")], **tables}), made, made.changes)


def _two_rows(row, column, first, second, day="2025-01-16", before="2025-01-15"):
    return [{**row, column: first, "valid_to": before}, {**row, column: second, "valid_from": day}]


def test_an_outage_inside_a_month_is_told_with_its_row_and_step_and_not_by_day():
    (told,) = model_of("outage-and-capacity-by-month").warnings()
    assert (told.check, told.column) == ("limit-moves", "availability")
    assert str(told).split(": ")[0].endswith("arcs.csv:row 3")
    assert "of ab changes on 2025-01-16, inside a month" in told.message
    assert "step: day" in told.message
    assert model_of("outage-and-capacity-by-day").warnings() == ()


@pytest.mark.parametrize("name", ["price-and-exchange-by-month", "efficiency-by-month"])
def test_one_supply_without_a_storage_has_nothing_to_move_to_cheaper_days(name):
    assert model_of(name).warnings() == ()


@pytest.mark.parametrize("column", ["working_volume", "injection", "withdrawal", "availability"])
def test_a_change_of_a_storage_by_the_command_line_counts(column):
    change = f"storage[c].{column} @ 2025-01-10..2025-01-20 *= 0.5"
    tables = {"storages": [STORE], "supplies": [supply("s", "n", 9, 1)], "demands": [demand("d", "n", 1)]}
    assert _told(tables) == ()
    assert _told(tables, [change], step="day") == ()
    (told,) = _told(tables, [change])
    assert (told.check, told.row, told.column) == ("storage-moves", 2, column)
    assert "of c changes on 2025-01-10" in told.message
    assert "2025-01-21" in told.message
    whole = f"storage[c].{column} @ 2025-01-01..2025-01-31 *= 0.5"
    assert _told(tables, [whole], end="2025-02-28") == ()


def test_a_line_that_opens_inside_a_month_is_told_and_one_that_opens_with_a_month_is_not():
    lines = [{**arc("a", "n", "m", 5), "valid_from": "2025-01-10"}, {**arc("b", "n", "m", 5), "valid_from": "2025-02-01"}]
    tables = {"arcs": lines, "supplies": [supply("s", "n", 9, 1)], "demands": [demand("d", "m", 1)]}
    (told,) = _told(tables, end="2025-02-28")
    assert (told.row, told.column) == (2, "capacity")
    assert "2025-01-10" in told.message
    assert "more" not in told.message


def test_a_year_whose_prices_change_with_its_months_is_exact_by_month():
    rows = _two_rows(supply("s", "n", 9, 1), "cost", 100, 200, "2025-03-01", "2025-02-28")
    tables = {"supplies": [*rows, supply("t", "n", 9, 150)], "demands": [demand("d", "n", 1)]}
    (told,) = _told(tables, step="year", end="2025-12-31")
    assert (told.check, told.column) == ("cost-moves", "cost")
    assert told.message.endswith("exact with step: month")
    assert _told(tables, step="month", end="2025-12-31") == ()
    same = _two_rows(supply("s", "n", 9, 1), "cost", 100, 100)
    assert _told({**tables, "supplies": [*same, supply("t", "n", 9, 150)]}) == ()


def test_many_of_a_kind_are_one_line_that_counts_them():
    rows = [row for k in range(9) for row in _two_rows(supply(f"s{k}", "n", 9, 1), "maximum", 1, 2)]
    (told,) = _told({"supplies": rows, "demands": [demand("d", "n", 1)]})
    assert "and 6 more" in told.message
    assert "s0" in told.message
    assert "s3" not in told.message


@pytest.mark.parametrize("command", ["check", "solve"])
def test_check_and_solve_show_them(command, tmp_path):
    for step, shown in (("month", True), ("day", False)):
        out = ["--out", str(tmp_path / step)] if command == "solve" else []
        done = subprocess.run(
            [sys.executable, "-m", "energynet", command, str(path_of(f"outage-and-capacity-by-{step}")), *out],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert ("warning: " in done.stderr and "changes on 2025-01-16, inside a month" in done.stderr) is shown
