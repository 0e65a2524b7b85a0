"""Welfare and netbacks computed by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from network import arc, demand, node, solve, supply
from systems import EVERYTHING

from energynet.results.tables import Tables
from energynet.results.welfare import ROLES, welfare
from energynet.solution import Solution
from energynet.solver import SolveOptions, solve_program

DAY = {"start": "2025-01-01", "end": "2025-01-01", "step": "day"}


def test_welfare_of_a_trade_between_two_countries() -> None:
    """AA makes gas at 20 and uses 3; 4 go over a full line, at a tariff of 5, to BB, which uses 5 and makes the last at 50. Consumers pay
    3 x 20 and 5 x 50, the line earns 4 x (50 - 20 - 5); no producer earns more than its cost.
    """
    tables = {
        "nodes": [node("a"), node("b", "BB")],
        "arcs": [arc("ab", "a", "b", 4, 5)],
        "supplies": [supply("sa", "a", 10, 20), supply("sb", "b", 10, 50, "B")],
        "demands": [demand("da", "a", 3), demand("db", "b", 5)],
    }
    solution = solve(tables, **DAY)
    told = {(r.country, r.role): 1000 * r.musd for r in Tables(solution)["welfare"].itertuples()}
    assert told == pytest.approx({("AA", "consumer"): 60, ("BB", "consumer"): 250, ("AA", "network"): -100})
    assert sum(told.values()) == pytest.approx(1000 * solution.objective)


def test_a_producer_earns_what_the_price_is_above_its_cost() -> None:
    tables = {"nodes": [node("m")], "supplies": [supply("a", "m", 6, 20), supply("b", "m", 9, 60)], "demands": [demand("d", "m", 10)]}
    told = {r.role: 1000 * r.musd for r in Tables(solve(tables, **DAY))["welfare"].itertuples()}
    assert told == pytest.approx({"consumer": 600, "producer": -240})


def test_welfare_of_everything_adds_up() -> None:
    solution = solve(EVERYTHING, start="2025-01-01", end="2025-12-31", storage_end="stocks")
    table = Tables(solution)["welfare"]
    assert table["musd"].sum() == pytest.approx(solution.objective, rel=1e-9)
    assert {"consumer", "producer", "network", "storage operator", "contract party"} <= set(table["role"])


QUARTER = {"start": "2025-01-01", "end": "2025-03-31", "storage_end": "stocks"}
STEP = 1e-4


def scaled(solution: Solution, role: str, share: float) -> float:
    """The optimum where all limits and bounds of a role are greater by a share, million USD."""
    program, limits = solution.program, {}
    for families, names in ((program.rows, ("row_lower", "row_upper")), (program.columns, ("lower", "upper"))):
        moved = {name: getattr(program, name).copy() for name in names}
        for family in families:
            first, stride, count = program.family_slice(family)
            periods = 1 if family.horizon else len(program.periods)
            if ROLES[family.component] == role:
                at = first + stride * np.arange(periods)[:, None] + np.arange(count)[None, :]
                for values in moved.values():
                    values[at] *= 1.0 + share
        limits |= moved
    return solve_program(replace(program, **limits), SolveOptions(second_stage=False)).objective


def outside(solution: Solution, told: Solution) -> Iterator[str]:
    """The roles whose welfare, by the duals of `told`, is not between what solves say whose limits of that role are a little less and a
    little more: the objective is convex in them, and each limit counts with its price.
    """
    table = welfare(told).groupby("role")["musd"].sum()
    sunk = float((told.system["arcs"].number["booking_charge"] * told.system["period"].number["money"]).sum())  # paid whatever the duals
    for role, musd in table.items():
        priced = float(musd) - (sunk if role == "network" else 0.0)
        less, more = ((scaled(solution, str(role), sign * STEP) - solution.objective) / (sign * STEP) for sign in (-1, 1))
        slack = 1e-4 * max(1.0, abs(less), abs(more))
        if not less - slack <= priced <= more + slack:
            yield str(role)


def test_welfare_is_what_solves_say_whose_limits_move() -> None:
    """The sum of all terms is the objective whatever the duals are: so each role is held against solves, and wrong duals are found."""
    solution = solve(EVERYTHING, **QUARTER)
    assert list(outside(solution, solution)) == []
    wrong = solution.dual.copy()
    family = next(f for f in solution.program.rows if f.name == "balance")
    first, stride, count = solution.program.family_slice(family)
    wrong[first + stride * np.arange(len(solution.program.periods))[:, None] + np.arange(count)] *= 1.2
    planted = replace(solution, dual=wrong, reduced=np.asarray(solution.program.cost - solution.program.matrix().T @ wrong))
    assert welfare(planted)["musd"].sum() == pytest.approx(solution.objective)
    assert {"consumer", "producer"} <= set(outside(solution, planted))


def test_a_netback_over_two_tariffs_fuel_and_a_booking() -> None:
    """Gas at 90 in the market; on the way 5 and 3 of tariff, 2 % and 1 % of fuel, and a booking of 25 at 4 that 10 flow through."""
    tables = {
        "nodes": [node("f"), node("h"), node("m", "BB")],
        "arcs": [arc("a1", "f", "h", 10, 5, loss=0.02), arc("a2", "h", "m", 50, 3, loss=0.01)],
        "bookings": [{"id": "k", "name": "k", "arc": "a2", "booked": 2.8, "booked_unit": "mcm/d", "charge": 7, "charge_unit": "USD/tcm"}],
        "supplies": [supply("s", "f", 100, 20), supply("near", "m", 100, 90, "B")],
        "demands": [demand("d", "m", 20)],
    }
    table = Tables(solve(tables, **DAY))["netbacks"].set_index("origin").loc["A"]
    sent, arrives = 10 * 0.98, 0.98 * 0.99
    tariffs = 5 / arrives + 3 * (sent - 2.8) / sent / 0.99
    bookings = 2.8 * 7 / sent / 0.99
    assert table["price"] == pytest.approx(90)
    assert table["tariffs"] == pytest.approx(tariffs)
    assert table["bookings"] == pytest.approx(bookings)
    assert table["netback"] == pytest.approx((90 - tariffs - bookings) * arrives)
    assert table["price"] - table["tariffs"] - table["bookings"] - table["fuel"] == pytest.approx(table["netback"])


def test_a_netback_is_traced_over_the_mix_of_two_ways() -> None:
    """6 come by a way of 10, 4 by a way of 30: 18 on the mean. A swap on the way costs its fee of 10 %; what the
    partner leaves at the hand-over is used there."""
    tables = {
        "nodes": [node("f"), node("h"), node("m", "BB")],
        "arcs": [arc("near", "f", "h", 6, 10), arc("far", "f", "h", 20, 30)],
        "supplies": [supply("s", "f", 100, 20), supply("p", "m", 50, 400, "B")],
        "demands": [demand("d", "m", 9), demand("dh", "h", 10)],
        "swaps": [
            {"id": "w", "name": "w", "hand_over_node": "h", "receipt_node": "m", "origin": "A", "partner_origin": "B", "maximum": 10,
             "quantity_unit": "mcm/d", "fee": 0.1, "cost": 0, "cost_unit": "USD/tcm"}
        ],
        "permissions": [{"id": "only", "component": "demand", "target": "d", "origin": "A", "rule": "only"}],
    }  # fmt: skip
    table = Tables(solve(tables, **DAY))["netbacks"].set_index("origin").loc["A"]
    assert table["tariffs"] == pytest.approx(18 / 0.9)
    assert table["netback"] == pytest.approx((table["price"] - 20) * 0.9)


def test_prices_are_also_by_energy_and_in_euro() -> None:
    """110 USD/tcm at 10 MWh/tcm is 11 USD/MWh, and at 1.1 USD/EUR 10 EUR/MWh."""
    tables = {
        "nodes": [node("m")], "supplies": [supply("s", "m", 9, 110)], "demands": [demand("d", "m", 5)],
        "exchange_rates": [{"id": "EUR", "usd": 1.1}],
    }  # fmt: skip
    prices = Tables(solve(tables))["prices"]
    assert prices.loc[prices["demand"] == "d", ["price", "usd_per_mwh", "eur_per_mwh"]].to_numpy()[0] == pytest.approx([110, 11, 10])
