"""What is met before the cost, computed by hand: unserved demand, the worst national curtailment, an exporter's income."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from network import arc, case, demand, node, package, solve, supply, the

from energynet.errors import InputFaults
from energynet.model import Model
from energynet.results.audit import audit
from energynet.results.result import Result
from energynet.results.tables import Tables
from energynet.solution import Solution

DAY = {"start": "2025-01-01", "end": "2025-01-01", "step": "day"}
FORK = {"nodes": [node("f"), node("m", "BB"), node("s", "CC")], "arcs": [arc("to_m", "f", "m", 20, 5), arc("to_s", "f", "s", 20, 10)]}


def told(solution: Solution, figure: str) -> float:
    summary = Tables(solution)["summary"].set_index("figure")["value"]
    return float(summary[figure])


def test_least_unserved_comes_before_the_cost() -> None:
    """Lost load is valued at 50, gas costs 100: the cheapest answer serves nobody, the first objective serves all that can be: 8 of 10."""
    tables = {"nodes": [node("m")], "supplies": [supply("s", "m", 8, 100)], "demands": [demand("d", "m", 10, 50)]}
    assert the(solve(tables, **DAY), "unserved", "d", "all") == pytest.approx(10)
    solution = solve(tables, **DAY, objective="unserved")
    assert the(solution, "unserved", "d", "all") == pytest.approx(2)
    assert told(solution, "least unserved") == pytest.approx(2 * 10.0)  # GWh: 10 in one mcm
    assert solution.objective == pytest.approx((8 * 100 + 2 * 50) * 0.001)


def test_the_worst_national_curtailment_is_shared() -> None:
    """12 for 10 in BB and 20 in CC. By cost, CC is cut (its lost load is cheaper); shared, each lacks the same 60 %: 6 and 12."""
    tables = {
        **FORK, "supplies": [supply("s", "f", 12, 100)], "demands": [demand("b", "m", 10, 3000), demand("c", "s", 20, 2000)],
    }  # fmt: skip
    by_cost = solve(tables, **DAY)
    assert the(by_cost, "unserved", "c", "all") == pytest.approx(18)
    shared = solve(tables, **DAY, objective="curtailment")
    assert the(shared, "unserved", "b", "all") == pytest.approx(6)
    assert the(shared, "unserved", "c", "all") == pytest.approx(12)
    assert told(shared, "worst national curtailment") == pytest.approx(60)


def exporter(**more: Any) -> Mapping[str, Any]:
    """A sells 10 a day at f: BB pays 150, CC 200; B can serve both at 300 there."""
    sale = [{"demand": d, "value": v, "unit": "USD/tcm"} for d, v in (("b", 150), ("c", 200))]
    supplies = [supply("s", "f", 10, 100), supply("x", "m", 50, 300, "B"), supply("y", "s", 50, 250, "B")]
    demands = [demand("b", "m", 8), demand("c", "s", 6)]
    return {**FORK, "supplies": supplies, "demands": demands, "sale_prices": sale, **more}


def test_an_exporter_sells_where_it_earns_most() -> None:
    """Each unit in CC earns 200 - 10 - 100 = 90, in BB 150 - 5 - 100 = 45: 6 to CC, 4 to BB. By cost it is the other way: 300 is dearer."""
    cheapest = solve(exporter(), **DAY)
    assert the(cheapest, "taken", "b", "A") == pytest.approx(8)
    solution = solve(exporter(), **DAY, objective="income:A")
    assert the(solution, "taken", "c", "A") == pytest.approx(6)
    assert the(solution, "taken", "b", "A") == pytest.approx(4)
    assert told(solution, "net income of A") == pytest.approx((6 * 90 + 4 * 45) * 0.001)


def test_contracts_and_bookings_count_in_the_income() -> None:
    """5 of the line to BB are booked, so that 5 pay no tariff: 50 each. A contract for 365 mcm a year (1 a day) there pays 180 in place of
    150; all of it is delivered: 30 more. CC first: 6 x 90; BB 4 x 50 + 30.
    """
    booking = {"id": "k", "name": "k", "arc": "to_m", "booked": 5, "booked_unit": "mcm/d", "charge": 1, "charge_unit": "USD/tcm"}
    contract = {
        "id": "c1", "name": "c1", "seller": "x", "buyer": "BB", "origin": "A", "delivery_arc": "to_m", "annual_quantity": 365,
        "quantity_unit": "mcm/y", "take_or_pay": 0, "contract_price": 180, "seller_cost": 0, "price_unit": "USD/tcm",
    }  # fmt: skip
    solution = solve(exporter(bookings=[booking], contracts=[contract]), **DAY, objective="income:A")
    assert told(solution, "net income of A") == pytest.approx((6 * 90 + 4 * 50 + 30) * 0.001)


def test_no_customer_is_cut_for_the_income() -> None:
    """Without other gas in BB its 8 are served first, though CC pays more: 2 are left for CC."""
    tables = {**exporter(), "supplies": [supply("s", "f", 10, 100), supply("y", "s", 50, 250, "B")]}
    solution = solve(tables, **DAY, objective="income:A")
    assert the(solution, "taken", "b", "A") == pytest.approx(8)
    assert the(solution, "taken", "c", "A") == pytest.approx(2)


def test_each_objective_in_turn_is_certified_and_audited(tmp_path: Path) -> None:
    made, data = case(**DAY, objective="income:A"), package(exporter())
    model = Model(made, data)
    solution = model.solution()
    names = {check.name for check in solution.certificate.checks}
    assert {"unserved: duality gap", "income: duality gap", "duality gap"} <= names
    run = Result.of(made, data, solution).write(tmp_path / "run", ("csv",))
    assert sorted(part.name for part in (run / "windows").iterdir()) == ["1_unserved", "2_income", "3_cost"]
    assert audit(run).holds
    assert json.loads((run / "manifest.json").read_text())["status"] == "optimal"


def test_a_market_without_a_sale_price_is_a_fault() -> None:
    tables = {**exporter(), "sale_prices": exporter()["sale_prices"][:1]}
    with pytest.raises(InputFaults, match=r"sale_prices.*c.*has no price at which A is sold"):
        Model(case(**DAY, objective="income:A"), package(tables)).solution()


def test_welfare_and_costs_add_up_under_every_objective() -> None:
    for objective in ("unserved", "curtailment", "income:A"):
        solution = solve(exporter(), **DAY, objective=objective)
        tables = Tables(solution)
        assert tables["welfare"]["musd"].sum() == pytest.approx(solution.objective)
        assert tables["costs"]["musd"].sum() == pytest.approx(solution.objective)
