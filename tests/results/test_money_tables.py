"""Welfare and netbacks computed by hand."""

from __future__ import annotations

import pytest
from network import arc, demand, node, solve, supply
from systems import EVERYTHING

from energynet.results.tables import Tables

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
