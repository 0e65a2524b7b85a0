"""What each datum is worth, against solves with the datum moved."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from network import arc, case, demand, node, package, solve, supply
from systems import EVERYTHING

from energynet.dataset.changes import Change, parse_change
from energynet.program.layout import Program
from energynet.results.sensitivity import sensitivity
from energynet.results.tables import Tables
from energynet.solution import solve_system
from energynet.solver import SolveOptions, solve_program
from energynet.system.system import Reading, changed_system

DAY = {"start": "2025-01-01", "end": "2025-01-01", "step": "day"}
MERIT: dict[str, Any] = {
    "nodes": [node("f"), node("m", "BB")],
    "arcs": [arc("pipe", "f", "m", 12, 5, loss=0.02)],
    "supplies": [supply("field", "f", 40, 20), supply("ship", "m", 50, 70, "B")],
    "demands": [demand("market", "m", 15)],
}
STEP = 1e-5


def worth(table: pd.DataFrame) -> dict[tuple[str, str], tuple[float, float]]:
    return {(row.record, row.column): (row.unit_more_musd, row.percent_more_musd) for row in table.itertuples()}


def test_the_worth_of_data_by_hand() -> None:
    """12 sent in arrive as 11.76; ships bring 3.24 at 70. One more of capacity saves 0.98 x 70 - 20 - 5; one more of loss 12 x 70."""
    found = worth(sensitivity(solve(MERIT, **DAY)))
    assert found["market", "quantity"] == pytest.approx((0.070, 0.070 * 0.15), rel=1e-6)
    assert found["pipe", "capacity"] == pytest.approx((-0.0436, -0.0436 * 0.12), rel=1e-6)
    assert found["pipe", "loss"] == pytest.approx((0.840, 0.840 * 0.0002), rel=1e-6)
    assert found["pipe", "tariff"] == pytest.approx((0.012, 0.012 * 0.05), rel=1e-6)
    assert found["ship", "cost"] == pytest.approx((0.00324, 0.00324 * 0.7), rel=1e-6)
    assert found["field", "maximum"] == pytest.approx((0.0, 0.0), abs=1e-12)


def test_what_the_program_does_not_read_has_no_row() -> None:
    columns = {column for _, column in worth(sensitivity(solve(MERIT, **DAY)))}
    assert not columns & {"minimum", "length_km", "latitude", "annual_maximum"}


def test_the_greatest_effect_stands_first_in_the_tables_of_a_run() -> None:
    table = Tables(solve(MERIT, **DAY))["sensitivity"]
    assert list(table["effect_rank"]) == list(range(1, len(table) + 1))
    effect = table[["percent_more_musd", "percent_less_musd"]].abs().max(axis=1).to_numpy()
    assert (np.diff(effect) <= 1e-6 * effect[:-1]).all()  # effects equal to six digits keep the order of the data
    assert table.loc[0, ["component", "record", "unit"]].tolist() == ["demand", "market", "mcm/d"]


@pytest.fixture(scope="module")
def everything() -> tuple[pd.DataFrame, Any]:
    """The table of a system with every component, and the objective with a change."""
    data, chosen = package(EVERYTHING), case("2025-01-01", "2025-12-31", storage_end="stocks")
    reading = Reading(data, chosen)
    base = changed_system(reading)
    compiled = Program(base)

    def objective(change: str) -> float:
        read = parse_change(change)
        alone = read.column == "share" and read.table.name in ("supply_steps", "tiers")
        moved = share_alone(read) if alone else changed_system(reading, (read,), like=base)
        return solve_program(compiled.lay(moved), SolveOptions(second_stage=False)).objective

    def share_alone(change: Change) -> Any:
        """One share without the others, which must add up to one: no change does this, and the effect is that of the one alone."""

        def move(records: Any) -> None:
            records.number["share"][..., records.position[change.pattern]] *= change.value

        return base.nudged(change.table.name, move)

    return sensitivity(solve_system(base)), objective


def test_first_order_effects_are_those_of_solves_with_the_datum_moved(everything: tuple[pd.DataFrame, Any]) -> None:
    """Every kind of datum: what a solve gains from a little more, and what it loses from a little less. What is not proven (several flows
    are optimal) lies between the two.
    """
    table, objective = everything
    still = objective("demand[d].quantity *= 1")
    chosen = table[table["value"] != 0.0].drop_duplicates(["component", "column"])
    assert len(chosen) > 40
    for row in chosen.itertuples():
        name = f"{row.component}[{row.record}].{row.column}"
        if row.value == 1.0 and row.column in ("availability", "share"):
            signs: tuple[float, ...] = (-1.0,)
            assert np.isnan(row.percent_more_musd), name
        else:
            signs = (-1.0, 1.0)
        ends = {sign: (objective(f"{name} *= {1 + sign * STEP}") - still) / (100 * STEP) for sign in signs}
        slack = 2e-3 * max(map(abs, ends.values())) + 2e-5
        for sign, told in ((1.0, row.percent_more_musd), (-1.0, row.percent_less_musd)):
            if sign in ends and row.proven:
                assert told == pytest.approx(ends[sign], abs=slack), (name, sign)
            elif len(ends) > 1:
                between = sorted(sign * turn * end for turn, end in ends.items())
                assert between[0] - slack <= told <= between[1] + slack, (name, sign, ends)
    assert chosen["proven"].mean() > 0.5


def test_a_unit_more_is_a_unit_more_all_the_time(everything: tuple[pd.DataFrame, Any]) -> None:
    table, objective = everything
    by, still = worth(table), objective("demand[d].quantity *= 1")
    for change, key in (
        ("arc[a2].capacity += 0.001 mcm/d", ("a2", "capacity")), ("supply[sa].cost += 0.001 USD/tcm", ("sa", "cost")),
        ("price[hub].value += 0.001 USD/tcm", ("hub", "value")), ("booking[k1].charge += 0.001 USD/tcm", ("k1", "charge")),
    ):  # fmt: skip
        assert by[key][0] == pytest.approx((objective(change) - still) / 0.001, rel=1e-3, abs=1e-4)
