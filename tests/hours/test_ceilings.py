"""Ceilings, floors and charges on weighted sums, computed by hand: a price of carbon dioxide, a share of one origin, an export target."""

from __future__ import annotations

from typing import Any

import pytest
from network import arc, demand, node, package, solve, supply, the

from energynet.dataset.checks import check
from energynet.errors import Infeasible, InputFaults
from energynet.results.tables import Tables

DAY = {"start": "2025-01-01", "end": "2025-01-01", "step": "day"}
YEAR = {"start": "2025-01-01", "end": "2025-12-31", "step": "year"}


def plants(charge: float, **more: Any) -> dict[str, Any]:
    """8 GWh/d wanted: gas at 200 USD/tcm in a plant of 0.5 (40 USD/MWh and 1) emits 1.9 kt a mcm; power from beyond costs 60."""
    gwh = {"quantity_unit": "GWh/d", "cost_unit": "USD/MWh"}
    return {
        "nodes": [node("g"), node("p", carrier="electricity")],
        "supplies": [supply("s", "g", 20, 200), supply("far", "p", 50, 60, "P", **gwh)],
        "demands": [demand("d", "p", 8, 5000, quantity_unit="GWh/d", value_unit="USD/MWh")],
        "converters": [{"id": "v", "name": "v", "from_node": "g", "to_node": "p", "origin": "P", "capacity": 60, "capacity_unit": "GWh/d",
                        "efficiency": 0.5, "cost": 1, "cost_unit": "USD/MWh"}],
        "exchange_rates": [{"id": "EUR", "usd": 1.25}],
        "ceilings": [{"id": "co2", "name": "co2", "sense": "at_most", "unit": "kt", "charge": charge, "charge_unit": "kEUR/kt", **more}],
        "ceiling_terms": [{"ceiling": "co2", "component": "converter", "target": "v", "weight": 1.9}],
    }  # fmt: skip


@pytest.mark.parametrize(("charge", "burnt"), [(39.9, 1.6), (40.1, 0.0)])
def test_a_price_of_carbon_dioxide_turns_from_the_plant(charge: float, burnt: float) -> None:
    """The plant costs 41 USD/MWh and 0.38 t/MWh: at 1.25 x 40 USD/t they are 60."""
    solution = solve(plants(charge), **DAY)
    assert the(solution, "convert", "v", "A") == pytest.approx(burnt)
    paid = burnt * 1.9 * charge * 1.25 * 1e-3
    assert solution.objective == pytest.approx(burnt * 0.2 + burnt * 5 * 0.001 + paid + (8 - 5 * burnt) * 0.06)
    if burnt:
        told = Tables(solution)["ceilings"].iloc[0]
        assert (told["counted"], told["charge_musd"]) == pytest.approx((1.6 * 1.9, paid))
        costs = Tables(solution)["costs"].set_index("item")["musd"]
        assert costs["charge"] == pytest.approx(paid)
        assert Tables(solution)["welfare"]["musd"].sum() == pytest.approx(solution.objective)


def test_a_ceiling_on_carbon_dioxide_has_a_price() -> None:
    """1.9 kt a day may be emitted: 1 mcm is burnt, 5 GWh made; a kt more would save (60 - 41) USD/MWh on 5 / 1.9 GWh."""
    solution = solve(plants(0, quantity=1.9 * 365), **DAY)
    assert the(solution, "convert", "v", "A") == pytest.approx(1)
    told = Tables(solution)["ceilings"].iloc[0]
    assert (told["counted"], told["quantity"], told["usd_per_unit"]) == pytest.approx((1.9, 1.9, 19 * 5 / 1.9 * 1000))


def two_origins(**more: Any) -> dict[str, Any]:
    """10 wanted; gas of B at 20, of A at 50; B may be no more than 30 % of what the market takes."""
    return {
        "nodes": [node("m")], "supplies": [supply("a", "m", 50, 50), supply("b", "m", 50, 20, "B")], "demands": [demand("d", "m", 10)],
        "ceilings": [{"id": "share", "name": "share", "sense": "at_most", "quantity": 0, "unit": "mcm", **more}],
        "ceiling_terms": [
            {"ceiling": "share", "component": "demand", "target": "d", "origin": "B", "weight": 1},
            {"ceiling": "share", "component": "demand", "target": "d", "weight": -0.3},
        ],
    }  # fmt: skip


def test_a_share_of_one_origin_in_a_market() -> None:
    solution = solve(two_origins(), **DAY)
    assert the(solution, "taken", "d", "B") == pytest.approx(3)
    assert solution.objective == pytest.approx((3 * 20 + 7 * 50) * 0.001)


@pytest.mark.parametrize(("penalty", "taken"), [(29, 10), (31, 3)])
def test_a_ceiling_with_a_penalty_may_be_missed(penalty: float, taken: float) -> None:
    """A mcm of B in place of A saves 30,000 USD and passes the ceiling by one."""
    solution = solve(two_origins(penalty=penalty, charge_unit="kUSD/mcm"), **DAY)
    assert the(solution, "taken", "d", "B") == pytest.approx(taken)
    assert Tables(solution)["ceilings"]["missed"].tolist() == pytest.approx([taken - 3])


def export(**more: Any) -> dict[str, Any]:
    """4 of 9 a day can be sent to the market, where gas costs less than from here; 2.19 bcm a year (6 a day) are the target."""
    return {
        "nodes": [node("f"), node("m", "BB")], "arcs": [arc("a", "f", "m", 4, 5)],
        "supplies": [supply("near", "f", 50, 20), supply("other", "m", 50, 10, "B")], "demands": [demand("d", "m", 9)],
        "ceilings": [{"id": "target", "name": "target", "sense": "at_least", "quantity": 2.19, "unit": "bcm", **more}],
        "ceiling_terms": [{"ceiling": "target", "component": "arc", "target": "a", "origin": "A", "weight": 0.001}],
        "projects": [{"id": "p", "name": "p", "carrier": "gas", "component": "arc", "target": "a", "first_year": 2025, "maximum": 9,
                      "capacity_unit": "mcm/d", "capital_cost": 100, "cost_unit": "MUSD/(mcm/d)", "lifetime": 10, "rate": 0}],
    }  # fmt: skip


def test_what_an_export_target_takes() -> None:
    """Nothing would be sent; the target needs 6 a day, 2 more than the line: two annuities of 10. One more bcm costs 1/0.365 of one and
    15 USD/tcm more for the gas.
    """
    solution = solve(export(), **YEAR)
    projects, told = Tables(solution)["projects"].iloc[0], Tables(solution)["ceilings"].iloc[0]
    assert projects["total"] == pytest.approx(2)
    assert solution.objective == pytest.approx((6 * 25 + 3 * 10) * 0.365 + 2 * 10)
    assert (told["counted"], told["quantity"]) == pytest.approx((2.19, 2.19))
    assert told["usd_per_unit"] == pytest.approx((10 / 0.365 + 15) * 1e6)
    with pytest.raises(Infeasible):
        solve(export(), **YEAR, projects=())
    missed = solve(export(penalty=20, charge_unit="MUSD/bcm"), **YEAR, projects=())
    assert Tables(missed)["ceilings"]["missed"].tolist() == pytest.approx([0.73])


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"charge_unit": "kEUR/t"}, "not for a unit of what is counted"),
        ({"charge_unit": "kg"}, "is not a charge unit"),
        ({"charge": 0}, "so is the charge"),
        ({"charge_unit": "CHF/kt"}, "exchange rate"),
    ],
)
def test_faults_of_charges_are_told(more: dict[str, Any], said: str) -> None:
    with pytest.raises(InputFaults, match=said):
        check(package(plants(**{"charge": 40, **more})))
