"""Contracts over years, computed by hand: make-up, carry-forward, expiry, gas years, and what perfect foresight gains."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from network import case, demand, node, package, supply

from energynet.results.tables import Tables
from energynet.rolling import solve_rolling
from energynet.solution import Solution, solve_system
from energynet.system.system import build_system

TERMS = {
    "id": "c", "name": "c", "seller": "x", "buyer": "AA", "origin": "A", "delivery_demand": "d", "annual_quantity": 3.65,
    "quantity_unit": "bcm/y", "take_or_pay": 0.8, "contract_price": 100, "seller_cost": 130, "price_unit": "USD/tcm", "make_up_years": 5,
}  # fmt: skip


def market(spot: Sequence[float], wanted: Sequence[float], **terms: Any) -> dict[str, Any]:
    """A market that wants so much a day in each year, from 2025 on: contract gas costs 100, the same gas 130, other gas its price."""
    years = [2025 + k for k in range(len(spot))]
    dated = lambda y: {"valid_from": f"{y}-01-01", "valid_to": f"{y}-12-31"}  # noqa: E731
    return {
        "nodes": [node("m")],
        "supplies": [
            supply("a", "m", 50, 130),
            *(supply("b", "m", 50, price, origin="B", **dated(y)) for y, price in zip(years, spot, strict=True)),
        ],
        "demands": [demand("d", "m", want, 5000, **dated(y)) for y, want in zip(years, wanted, strict=True)],
        "contracts": [{**TERMS, **terms}],
    }  # fmt: skip


def solved(tables: dict[str, Any], rule: str, years: int, step: str = "year") -> Solution:
    made = case(start="2025-01-01", end=f"{2024 + years}-12-31", step=step, contract_years=rule)
    if rule == "rolling":
        return solve_rolling(package(tables), made)
    return solve_system(build_system(package(tables), made))


def told(solution: Solution, column: str) -> list[float]:
    return [round(float(x), 3) for x in Tables(solution)["contracts"][column]]


def test_gas_paid_for_is_made_up_in_the_next_year() -> None:
    """Spot at 90 in 2025, when 5 of 10 a day are wanted: 3 of the minimum of 8 a day are paid and not taken: 1095. In 2026 spot costs
    500 and 10 a day are wanted: 8 under the contract as its minimum, 2 more from the bank, 730 of it; 365 are left for 2027.
    """
    solution = solved(market([90, 500, 500], [5, 10, 10]), "rolling", 3)
    assert told(solution, "not_taken") == [1095, 0, 0]
    assert told(solution, "make_up") == [0, 730, 365]
    assert told(solution, "make_up_bank") == [1095, 365, 0]
    assert told(solution, "delivered") == [1825, 3650, 3650]
    paid = 365 * (8 + 8 + 9) * 100  # what was made up was paid before
    assert solution.objective == pytest.approx(paid * 0.001)


def test_what_is_not_made_up_in_time_is_lost() -> None:
    """With one year to make it up, the 365 that 2026 leaves are gone in 2027."""
    solution = solved(market([90, 500, 500], [5, 10, 10], make_up_years=1), "rolling", 3)
    assert told(solution, "make_up") == [0, 730, 0]
    assert told(solution, "make_up_bank") == [1095, 0, 0]


def test_gas_beyond_the_annual_quantity_lowers_the_next_minimum() -> None:
    """12 of 10 a day are taken in 2025 (120 % may be): 730 are carried forward. In 2026 spot gas costs 50: the minimum of 8 a day falls by
    2 to 6, as the limit of 25 % allows.
    """
    terms = {"annual_maximum": 1.2, "carry_forward_years": 2, "carry_forward_limit": 0.25}
    solution = solved(market([500, 50, 50], [12, 12, 12], **terms), "rolling", 3)
    assert told(solution, "delivered") == [4380, 2190, 2920]
    assert told(solution, "carry_forward") == [730, 0, 0]
    assert told(solution, "not_taken") == [0, 0, 0]


def test_the_limit_of_carry_forward_binds() -> None:
    terms = {"annual_maximum": 1.2, "carry_forward_years": 2, "carry_forward_limit": 0.1}
    solution = solved(market([500, 50, 50], [12, 12, 12], **terms), "rolling", 3)
    assert told(solution, "delivered") == [4380, 2555, 2555]
    assert told(solution, "carry_forward") == [730, 365, 0]


def test_a_gas_year_rolls_at_its_own_boundary() -> None:
    """A gas year and a calendar year beside each other: each knows what was taken before the window began."""
    tables = market([90, 500], [16, 16])
    tables["contracts"] = [{**TERMS, "id": "g", "contract_year": "gas"}, {**TERMS, "id": "k"}]
    solution = solved(tables, "rolling", 2, step="month")
    frame = Tables(solution)["contracts"].set_index(["contract", "contract_year"])
    days = {"2024/2025": 273, "2025/2026": 365, "2026/2027": 92}
    for year, count in days.items():
        quantity = 3650 * count / 365
        taken = frame.loc[("g", year), "delivered"] + frame.loc[("g", year), "not_taken"]
        assert taken >= 0.8 * quantity - 1e-6
        assert frame.loc[("g", year), "delivered"] <= quantity + 1e-6
    for year in ("2025", "2026"):
        row = frame.loc["k", year]
        assert row["delivered"] + row["not_taken"] >= 0.8 * 3650 - 1e-6
        assert row["delivered"] <= 3650 + 1e-6
    assert solution.certificate.holds


def test_foresight_never_costs_more_and_the_naive_program_cheats() -> None:
    """Spot rises from 60 to 80 to 500, 8 a day are wanted: one who knows it takes spot gas first and what he paid for later, but may not
    prepay and make up in one year; without the whole numbers the program does, and its cost is too low.
    """
    from dataclasses import replace

    tables = market([60, 80, 500], [8, 8, 14], annual_maximum=1.4)
    rolled, known = solved(tables, "rolling", 3), solved(tables, "foresight", 3)
    assert known.objective <= rolled.objective + 1e-9
    made = case(start="2025-01-01", end="2027-12-31", step="year", contract_years="foresight")
    system = build_system(package(tables), made)
    from energynet.program.layout import Program
    from energynet.solver import solve_program

    laid = Program(system).lay(system)
    naive = replace(laid, columns=tuple(replace(f, unit="units") for f in laid.columns))
    assert solve_program(naive).objective <= known.objective + 1e-9
