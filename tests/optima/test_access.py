"""Optima computed by hand: capacity bought by the year, quarter, month and day, and demand that answers to the price."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from network import arc, demand, node, solve, supply, the
from scipy.integrate import quad

from energynet.results.tables import Tables
from energynet.solution import Solution
from energynet.system.elastic import pieces

YEAR = {"start": "2025-01-01", "end": "2025-12-31", "step": "month", "tariffs": "capacity"}
TWO = {"nodes": [node("f"), node("m", "BB")], "supplies": [supply("s", "f", 50, 100)]}


def product(duration: str, charge: float, multiplier: float = 1.0, maximum: float = 50) -> dict[str, Any]:
    return {
        "id": duration, "name": duration, "arc": "a", "duration": duration, "maximum": maximum, "maximum_unit": "mcm/d", "charge": charge,
        "charge_unit": "USD/tcm", "multiplier": multiplier,
    }  # fmt: skip


def winter(months: int) -> list[dict[str, Any]]:
    """10 a day in the first months, 4 in the others."""
    return [{"profile": "p", "basis": "factor", "month": m, "value": 1.0 if m <= months else 0.4} for m in range(1, 13)]


def crossing(products: list[dict[str, Any]], months: int, **more: Any) -> Solution:
    tables = {
        **TWO, "arcs": [arc("a", "f", "m", 50, 7)], "demands": [demand("d", "m", 10, profile="p")], "profiles": winter(months),
        "capacity_products": products, **more,
    }  # fmt: skip
    return solve(tables, **YEAR)


def capacity_cost(solution: Solution) -> float:
    costs = Tables(solution)["costs"]
    return float(costs.loc[costs["item"] == "capacity", "musd"].sum())


def test_the_base_is_booked_by_the_year_and_the_winter_by_the_month() -> None:
    """4 a day are needed all year, 6 more in 3 months (90 days): by the year those would cost 365 x 10 each, by the month 90 x 15."""
    solution = crossing([product("year", 10), product("month", 10, 1.5)], 3)
    bought = dict(zip(solution.keys("bought_capacity"), solution.values("bought_capacity"), strict=True))
    assert bought["year", "2025"] == pytest.approx(4)
    assert [bought["month", f"2025-{m:02d}"] for m in range(1, 13)] == pytest.approx([6, 6, 6] + 9 * [0])
    assert capacity_cost(solution) == pytest.approx((4 * 365 * 10 + 6 * 90 * 15) * 0.001)


def test_a_long_winter_is_booked_by_the_year() -> None:
    """Nine months of 10 a day (273 days): 273 x 15 is more than 365 x 10, so that all 10 are booked for the year."""
    solution = crossing([product("year", 10), product("month", 10, 1.5)], 9)
    assert capacity_cost(solution) == pytest.approx(10 * 365 * 10 * 0.001)


def test_a_quarter_fits_the_winter_and_its_days_are_paid() -> None:
    """The first quarter has 90 days: at 1.2 x 10 it is cheaper than its three months at 1.5 x 10, for 6 a day."""
    solution = crossing([product("year", 10), product("quarter", 10, 1.2), product("month", 10, 1.5)], 3)
    assert capacity_cost(solution) == pytest.approx((4 * 365 * 10 + 6 * 90 * 12) * 0.001)


def test_the_tariff_by_volume_is_not_paid_as_well_and_bookings_come_first() -> None:
    """5 are booked at a sunk charge of 1: only 5 of 10 are bought, at 10 by the year; the arc's tariff of 7 is not paid."""
    booking = {"id": "b", "name": "b", "arc": "a", "booked": 5, "booked_unit": "mcm/d", "charge": 1, "charge_unit": "USD/tcm"}
    solution = crossing([product("year", 10)], 12, bookings=[booking])
    costs = Tables(solution)["costs"].groupby("item")["musd"].sum()
    assert costs["capacity"] == pytest.approx(5 * 365 * 10 * 0.001)
    assert costs["booking"] == pytest.approx(5 * 365 * 1 * 0.001)
    assert costs.get("tariff", 0.0) == 0.0


def test_what_is_for_sale_ends() -> None:
    """Only 6 can be bought for the year and no other product is for sale: 4 of the 10 stay unserved in January."""
    solution = crossing([product("year", 10, maximum=6)], 1)
    assert the(solution, "unserved", "d", "all") == pytest.approx(4)
    assert the(solution, "unserved", "d", "all", period=5) == pytest.approx(0)


def test_the_netback_of_bought_capacity_spreads_it_over_what_flowed() -> None:
    """Flat 10 a day, capacity at 10: the price is 110, of which 10 are capacity, and the netback is the cost at the field."""
    netbacks = Tables(crossing([product("year", 10)], 12))["netbacks"]
    assert netbacks["bookings"].to_numpy() == pytest.approx(12 * [10.0])
    assert netbacks["tariffs"].to_numpy() == pytest.approx(12 * [0.0])


def elastic() -> dict[str, Any]:
    return {"demand": "d", "part": "homes", "share": 0.5, "elasticity": -0.5, "reference_price": 100, "price_unit": "USD/tcm", "blocks": 4}


DAY = {"start": "2025-01-01", "end": "2025-01-01", "step": "day"}


@pytest.mark.parametrize(
    ("cost", "taken"), [(999, 5), (190, 5 + 5 * 2**-0.5), (150, 5 + 5 * 2**-0.25), (101, 10), (60, 5 + 5 * 2**0.25), (10, 5 + 5 * 2**0.5)]
)
def test_half_of_a_demand_answers_to_the_price(cost: float, taken: float) -> None:
    """5 of 10 are firm. The blocks end at 2, sqrt(2), 1, sqrt(1/2) and 1/2 of the reference of 100, and (p / 100)^-0.5 is taken of 5."""
    tables = {"nodes": [node("m")], "supplies": [supply("s", "m", 50, cost)], "demands": [demand("d", "m", 10, 5000)]}
    solution = solve({**tables, "elasticities": [elastic()]}, **DAY, demand="elastic")
    assert the(solution, "served", "d") + solution.values("bought")[0].sum() == pytest.approx(taken)


def test_a_plant_changes_its_fuel_above_a_price() -> None:
    """3 of 10 are a plant's that burns something else above 120, 2 are homes of elasticity -1: at 130 the 5 firm ones and 2 / sqrt(2)."""
    switch = {**elastic(), "part": "plant", "share": 0.3, "elasticity": 0, "highest": 1.2}
    homes = {**elastic(), "share": 0.2, "elasticity": -1}
    tables = {"nodes": [node("m")], "supplies": [supply("s", "m", 50, 130)], "demands": [demand("d", "m", 10, 5000)]}
    solution = solve({**tables, "elasticities": [switch, homes]}, **DAY, demand="elastic")
    assert the(solution, "served", "d") == pytest.approx(5)
    assert solution.values("bought")[0].sum() == pytest.approx(2 / 2**0.5)
    cheap = solve({**tables, "supplies": [supply("s", "m", 50, 119)], "elasticities": [switch, homes]}, **DAY, demand="elastic")
    assert cheap.values("bought")[0].sum() == pytest.approx(3 + 2 / 2**0.5)


@given(st.floats(-3.0, -0.05), st.floats(0.1, 0.95), st.floats(1.05, 5.0), st.integers(2, 12))
def test_the_blocks_are_worth_what_the_curve_is(elasticity: float, lowest: float, highest: float, blocks: int) -> None:
    width, worth = pieces(elasticity, lowest, highest, blocks)
    beside, _ = quad(lambda r: r**elasticity, lowest, highest)  # the area beside the curve; below it all pay the lowest price at least
    assert width @ worth == pytest.approx(beside + lowest**elasticity * lowest, rel=1e-6)
    assert width.sum() == pytest.approx(lowest**elasticity)
    assert (np.diff(worth) < 0).all()
