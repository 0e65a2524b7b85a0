"""Optima computed by hand: arcs, losses, tariffs, bookings, corridors, permissions, converters and swaps.

One period of one day unless a test says otherwise, so that a cost of 1 USD/tcm on 1 mcm/d is 0.001 million USD.
"""

from __future__ import annotations

import pytest
from network import arc, demand, node, solve, supply, the

DAY = {"start": "2025-01-01", "end": "2025-01-01", "step": "day"}
LINE = {"nodes": [node("f"), node("m", "BB")], "demands": [demand("d", "m", 9)]}


def test_two_nodes() -> None:
    """9 mcm/d at 20 + 5 USD/tcm: 0.225 MUSD, and the price at the demand is 25."""
    solution = solve({**LINE, "supplies": [supply("s", "f", 10, 20)], "arcs": [arc("a", "f", "m", 50, 5)]}, **DAY)
    assert solution.objective == pytest.approx(9 * 25 * 0.001)
    assert the(solution, "flow", "a", "A") == pytest.approx(9)
    assert solution.duals("taken")[0, 0] * 1000 == pytest.approx(25)


def test_loss() -> None:
    """A tenth is burnt on the way: 10 sent for 9 that arrive; the price is (20 + 5) / 0.9."""
    solution = solve({**LINE, "supplies": [supply("s", "f", 20, 20)], "arcs": [arc("a", "f", "m", 50, 5, loss=0.1)]}, **DAY)
    assert the(solution, "flow", "a", "A") == pytest.approx(10)
    assert solution.objective == pytest.approx(10 * 25 * 0.001)
    assert solution.duals("taken")[0, 0] * 1000 == pytest.approx(25 / 0.9)


def test_fuel_rises_by_segments() -> None:
    """6 at 1 % and the rest at 10 %: 9 - 5.94 = 3.06 arrive of 3.4, so that 9.4 are sent."""
    segments = [{"arc": "a", "segment": 1, "width": 6, "width_unit": "mcm/d", "loss": 0.01}, {"arc": "a", "segment": 2, "loss": 0.1}]
    solution = solve({**LINE, "supplies": [supply("s", "f", 20, 20)], "arcs": [arc("a", "f", "m", 50, 0)], "arc_segments": segments}, **DAY)
    assert the(solution, "flow", "a", "A") == pytest.approx(9.4)
    assert the(solution, "haul", "a", "A", "1") == pytest.approx(6)
    assert solution.duals("taken")[0, 0] * 1000 == pytest.approx(20 / 0.9)


def test_booked_capacity_is_sunk() -> None:
    """6 of 9 are booked at 4 USD/tcm, flown or not; the other 3 pay the tariff of 5; gas costs 20."""
    booking = [{"id": "b", "name": "b", "arc": "a", "booked": 6, "booked_unit": "mcm/d", "charge": 4, "charge_unit": "USD/tcm"}]
    solution = solve({**LINE, "supplies": [supply("s", "f", 20, 20)], "arcs": [arc("a", "f", "m", 50, 5)], "bookings": booking}, **DAY)
    assert solution.objective == pytest.approx((9 * 20 + 3 * 5 + 6 * 4) * 0.001)
    assert the(solution, "beyond", "a") == pytest.approx(3)


def test_a_booked_way_beats_a_cheaper_tariff() -> None:
    """The booked line's tariff of 50 is sunk, so gas takes it before the free line at 5."""
    booking = [{"id": "b", "name": "b", "arc": "dear", "booked": 6, "booked_unit": "mcm/d", "charge": 50, "charge_unit": "USD/tcm"}]
    arcs = [arc("dear", "f", "m", 50, 50), arc("free", "f", "m", 50, 5)]
    solution = solve({**LINE, "supplies": [supply("s", "f", 20, 20)], "arcs": arcs, "bookings": booking}, **DAY)
    assert the(solution, "flow", "dear", "A") == pytest.approx(6)
    assert the(solution, "flow", "free", "A") == pytest.approx(3)


def test_corridor_shares_steel() -> None:
    """Forward 8 to a market, backward x with ratio 0.5 under a common 10: at most 4 come back."""
    tables = {
        "nodes": [node("f"), node("m", "BB")],
        "supplies": [supply("s", "f", 20, 20), supply("b", "m", 20, 1, "B"), supply("dear", "f", 9, 500)],
        "arcs": [arc("there", "f", "m", 50, 0, corridor="c"), arc("back", "m", "f", 50, 0, corridor="c", direction="backward")],
        "corridors": [{"id": "c", "name": "c", "carrier": "gas", "capacity": 10, "capacity_unit": "mcm/d", "ratio": 0.5}],
        "permissions": [{"id": "p", "component": "demand", "target": "d", "origin": "A", "rule": "only"}],
        "demands": [demand("d", "m", 8), demand("home", "f", 15)],
    }
    solution = solve(tables, **DAY)
    assert the(solution, "flow", "there", "A") == pytest.approx(8)
    assert the(solution, "flow", "back", "B") == pytest.approx(4)
    assert solution.objective == pytest.approx((8 * 20 + 4 * 1 + 11 * 20) * 0.001)


def test_virtual_backhaul_never_exceeds_what_flows_forward() -> None:
    tables = {
        "nodes": [node("f"), node("m", "BB")],
        "supplies": [supply("s", "f", 20, 20), supply("b", "m", 20, 1, "B")],
        "arcs": [arc("there", "f", "m", 50, 0, corridor="c"), arc("back", "m", "f", 50, 0, corridor="c", direction="backward")],
        "corridors": [{"id": "c", "name": "c", "carrier": "gas", "backhaul": "yes"}],
        "permissions": [{"id": "p", "component": "demand", "target": "d", "origin": "A", "rule": "only"}],
        "demands": [demand("d", "m", 3), demand("home", "f", 7)],
    }
    assert the(solve(tables, **DAY), "flow", "back", "B") == pytest.approx(3)


def test_a_banned_origin_stays_out() -> None:
    """Origin B is cheaper, but the demand may not take it."""
    tables = {
        **LINE,
        "supplies": [supply("s", "f", 20, 20), supply("b", "f", 20, 1, "B")],
        "arcs": [arc("a", "f", "m", 50, 5)],
        "permissions": [{"id": "p", "component": "demand", "target": "*", "origin": "B", "rule": "ban"}],
    }
    solution = solve(tables, **DAY)
    assert the(solution, "taken", "d", "A") == pytest.approx(9)
    assert ("d", "B") not in solution.keys("taken")


def test_technical_minimum_flow() -> None:
    """The line must carry 4 although local gas is cheaper."""
    tables = {**LINE, "supplies": [supply("s", "f", 20, 20), supply("own", "m", 20, 10)], "arcs": [arc("a", "f", "m", 50, 0, minimum=4)]}
    assert the(solve(tables, **DAY), "flow", "a", "A") == pytest.approx(4)


def test_capacity_that_starts_within_a_month() -> None:
    """10 mcm/d from 11 January is 21/31 of the month: 6.774 mcm/d on the mean; dear local gas gives the rest."""
    arcs = [arc("a", "f", "m", 10, 0, valid_from="2025-01-11")]
    solution = solve({**LINE, "supplies": [supply("s", "f", 20, 20), supply("own", "m", 20, 100)], "arcs": arcs})
    assert the(solution, "flow", "a", "A") == pytest.approx(10 * 21 / 31)


def test_seasonal_capacity() -> None:
    """Derated to 0.8 in July only."""
    shape = [{"profile": "summer", "basis": "factor", "month": m, "value": 0.8 if m == 7 else 1.0} for m in range(1, 13)]
    arcs = [arc("a", "f", "m", 10, 0, profile="summer")]
    tables = {**LINE, "supplies": [supply("s", "f", 20, 20), supply("own", "m", 20, 100)], "arcs": arcs, "profiles": shape}
    solution = solve(tables, start="2025-06-01", end="2025-08-31")
    assert solution.values("flow")[:, 0] == pytest.approx([9, 8, 9])


def test_converter_couples_two_carriers() -> None:
    """10 GWh a mcm at 50 %: 1 GWh of power burns 0.2 mcm. 2 GWh/d at 20 USD/tcm and 3 USD/MWh; power is worth 20/5 + 3 = 7."""
    tables = {
        "nodes": [node("f"), node("p", "AA", "electricity")],
        "supplies": [supply("s", "f", 20, 20)],
        "demands": [demand("e", "p", 2, quantity_unit="GWh/d", value_unit="USD/MWh")],
        "converters": [
            {
                "id": "v",
                "name": "v",
                "from_node": "f",
                "to_node": "p",
                "origin": "P",
                "capacity": 100,
                "capacity_unit": "MW",
                "efficiency": 0.5,
                "cost": 3,
                "cost_unit": "USD/MWh",
            }
        ],
    }
    solution = solve(tables, **DAY)
    assert the(solution, "convert", "v", "A") == pytest.approx(0.4)
    assert solution.objective == pytest.approx((0.4 * 20 + 2 * 3) * 0.001)
    assert solution.duals("taken")[0, 0] * 1000 == pytest.approx(7)


def test_converter_capacity_is_of_the_output() -> None:
    """100 MW is 2.4 GWh/d; of 3 GWh/d, 0.6 go unserved."""
    tables = {
        "nodes": [node("f"), node("p", "AA", "electricity")],
        "supplies": [supply("s", "f", 20, 20)],
        "demands": [demand("e", "p", 3, quantity_unit="GWh/d", value_unit="USD/MWh")],
        "converters": [
            {
                "id": "v",
                "name": "v",
                "from_node": "f",
                "to_node": "p",
                "origin": "P",
                "capacity": 100,
                "capacity_unit": "MW",
                "efficiency": 0.5,
                "cost": 3,
                "cost_unit": "USD/MWh",
            }
        ],
    }
    assert the(solve(tables, **DAY), "unserved", "e", "all") == pytest.approx(0.6)


def test_swap_with_a_fee() -> None:
    """Of 2 handed over at the border, the partner keeps 15 % and gives 1.7 behind it; the rest of 2.5 is dear."""
    tables = {
        "nodes": [node("f"), node("border"), node("iran", "CC"), node("exclave", "BB")],
        "supplies": [supply("s", "f", 20, 20), supply("partner", "exclave", 9, 900, "B"), supply("b", "border", 1, 900, "B")],
        "arcs": [arc("a", "f", "border", 10, 0)],
        "swaps": [
            {
                "id": "w",
                "name": "w",
                "hand_over_node": "border",
                "receipt_node": "exclave",
                "origin": "A",
                "partner_origin": "B",
                "maximum": 2,
                "quantity_unit": "mcm/d",
                "fee": 0.15,
            }
        ],
        "demands": [demand("x", "exclave", 2.5, 5000), demand("partners", "border", 2, 5000)],
        "permissions": [
            {"id": "own", "component": "demand", "target": "x", "origin": "A", "rule": "only"},
            {"id": "theirs", "component": "demand", "target": "partners", "origin": "B", "rule": "only"},
        ],
    }
    solution = solve(tables, **DAY)
    assert the(solution, "swapped", "w") == pytest.approx(2)
    assert the(solution, "taken", "x", "A") == pytest.approx(1.7)
    assert the(solution, "taken", "partners", "B") == pytest.approx(2)
    assert the(solution, "unserved", "x", "all") == pytest.approx(0.8)


def test_a_tie_takes_the_shorter_way() -> None:
    """Two ways at one cost: the second stage takes the shorter."""
    arcs = [arc("long", "f", "m", 50, 5, length_km=300), arc("short", "f", "m", 7, 5, length_km=200)]
    solution = solve({**LINE, "supplies": [supply("s", "f", 20, 20)], "arcs": arcs}, **DAY)
    assert the(solution, "flow", "short", "A") == pytest.approx(7)
    assert the(solution, "flow", "long", "A") == pytest.approx(2)


def test_a_tie_burns_the_least_fuel() -> None:
    """Equal delivered costs of 25: 22.5 / 0.9 with a loss, or 20 + 5 without: least fuel takes the latter."""
    arcs = [arc("lossy", "f", "m", 50, 2.5, loss=0.1, length_km=1), arc("clean", "f", "m", 50, 5, length_km=900)]
    solution = solve({**LINE, "supplies": [supply("s", "f", 20, 20)], "arcs": arcs}, **DAY)
    assert the(solution, "flow", "clean", "A") == pytest.approx(9)
