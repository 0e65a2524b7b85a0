"""Optima computed by hand: tiers, elastic blocks, supply curves, annual limits, storage, contracts and ceilings."""

from __future__ import annotations

import pytest
from network import arc, case, demand, node, package, solve, supply, the

DAY = {"start": "2025-01-01", "end": "2025-01-01", "step": "day"}
DAYS = {"start": "2025-01-01", "end": "2025-01-02", "step": "day"}
ONE = {"nodes": [node("m")]}
STORE = {
    "id": "st",
    "name": "st",
    "node": "m",
    "working_volume": 100,
    "volume_unit": "mcm",
    "injection": 9,
    "withdrawal": 9,
    "rate_unit": "mcm/d",
}


def test_customer_tiers_are_cut_in_order() -> None:
    """7 of 10 can be had: the interruptible fifth goes first, then 1 of the protected."""
    tiers = [
        {"tier_set": "t", "tier": "interruptible", "share": 0.2, "value_factor": 0.5},
        {"tier_set": "t", "tier": "protected", "share": 0.8, "value_factor": 1},
    ]
    solution = solve({**ONE, "supplies": [supply("s", "m", 7, 20)], "demands": [demand("d", "m", 10, tier_set="t")], "tiers": tiers}, **DAY)
    assert the(solution, "unserved", "d", "interruptible") == pytest.approx(2)
    assert the(solution, "unserved", "d", "protected") == pytest.approx(1)
    assert solution.objective == pytest.approx((7 * 20 + 2 * 500 + 1 * 1000) * 0.001)
    assert solution.duals("taken")[0, 0] * 1000 == pytest.approx(1000)


def test_elastic_blocks_buy_down_to_the_cost() -> None:
    """Gas at 50: the block at 80 buys whole, the block at 40 nothing."""
    blocks = [
        {"demand": "d", "block": b, "width": 3, "width_unit": "mcm/d", "willingness": w, "willingness_unit": "USD/tcm"}
        for b, w in ((1, 80), (2, 40))
    ]
    solution = solve({**ONE, "supplies": [supply("s", "m", 20, 50)], "demands": [demand("d", "m", 2)], "demand_blocks": blocks}, **DAY)
    assert the(solution, "bought", "d", "1") == pytest.approx(3)
    assert the(solution, "bought", "d", "2") == pytest.approx(0)
    assert solution.objective == pytest.approx((5 * 50 - 3 * 80) * 0.001)


def test_supply_curve_and_price_formula() -> None:
    """Half at 0.9 x hub + 2, half 10 dearer; the hub is 20 EUR/MWh at 1.1 USD/EUR and 10 kWh/m3: 220 USD/tcm."""
    tables = {
        **ONE,
        "prices": [{"id": "hub", "name": "hub", "carrier": "gas", "value": 20, "unit": "EUR/MWh"}],
        "exchange_rates": [{"id": "EUR", "usd": 1.1}],
        "supplies": [supply("s", "m", 10, 2, price="hub", price_factor=0.9)],
        "supply_steps": [{"supply": "s", "step": k, "share": 0.5, "cost": c, "cost_unit": "USD/tcm"} for k, c in ((1, 0), (2, 10))],
        "demands": [demand("d", "m", 8)],
    }
    solution = solve(tables, **DAY)
    assert solution.objective == pytest.approx((5 * 200 + 3 * 210) * 0.001)
    assert solution.duals("taken")[0, 0] * 1000 == pytest.approx(210)


def test_annual_maximum_counts_by_the_days_of_the_year() -> None:
    """365 mcm in a year of 365 days, two days of it here: 2 mcm in all; the dear source gives the rest of 10."""
    supplies = [supply("s", "m", 9, 20, annual_maximum=365, annual_unit="mcm/y"), supply("dear", "m", 9, 90)]
    solution = solve({**ONE, "supplies": supplies, "demands": [demand("d", "m", 5)]}, **DAYS)
    k = solution.keys("supply").index(("s", "1"))
    assert solution.values("supply")[:, k].sum() == pytest.approx(2)


def test_a_flat_field_gives_the_same_every_day() -> None:
    """Demand is 4 and 8; a swing of 1 holds the field at 4, for it can not send 8 on one day alone."""
    shape = [{"profile": "p", "basis": "factor", "month": 1, "day": d, "value": v} for d, v in ((1, 0.5), (2, 1.0))]
    tables = {
        **ONE,
        "supplies": [supply("s", "m", 20, 20, swing=1), supply("dear", "m", 9, 90)],
        "demands": [demand("d", "m", 8, profile="p")],
        "profiles": shape,
    }
    solution = solve(tables, **DAYS)
    k = solution.keys("supply").index(("s", "1"))
    assert solution.values("supply")[:, k] == pytest.approx([4, 4])


def test_storage_carries_cheap_gas_over() -> None:
    """Day 1 needs 2, day 2 needs 10, the field gives 6: 4 are stored, of which 5 % is lost going in; 0.2 go unserved."""
    shape = [{"profile": "p", "basis": "factor", "month": 1, "day": d, "value": v} for d, v in ((1, 0.2), (2, 1.0))]
    tables = {
        **ONE,
        "supplies": [supply("s", "m", 6, 20)],
        "demands": [demand("d", "m", 10, profile="p")],
        "profiles": shape,
        "storages": [{**STORE, "injection_efficiency": 0.95}],
    }
    solution = solve(tables, **DAYS)
    assert solution.values("inventory")[0, 0] == pytest.approx(3.8)
    assert solution.values("unserved")[:, 0] == pytest.approx([0, 0.2])


def test_withdrawal_falls_with_the_stock() -> None:
    """Half full, the curve from (0, 0) to (1, 1) allows 4.5 at first; but 50 - x must still hold at the end: x <= 9 (50 - x) / 100."""
    curve = [{"storage": "st", "direction": "withdraw", "fill": f, "rate": f} for f in (0, 1)]
    stocks = [{"storage": "st", "date": "2025-01-01", "origin": "A", "fill": 0.5}]
    tables = {
        **ONE,
        "supplies": [supply("s", "m", 1, 20)],
        "demands": [demand("d", "m", 20)],
        "storages": [STORE],
        "storage_curves": curve,
        "storage_stocks": stocks,
    }
    solution = solve(tables, **DAY)
    assert the(solution, "withdraw", "st", "A") == pytest.approx(4.5 / 1.09)


def test_cyclic_stock_ends_where_it_began() -> None:
    shape = [{"profile": "p", "basis": "factor", "month": 1, "day": d, "value": v} for d, v in ((1, 1.0), (2, 0.2))]
    tables = {
        **ONE,
        "supplies": [supply("s", "m", 6, 20)],
        "demands": [demand("d", "m", 10, profile="p")],
        "profiles": shape,
        "storages": [STORE],
    }
    solution = solve(tables, **DAYS, storage_end="cyclic")
    assert solution.values("unserved").sum() == pytest.approx(0)
    assert solution.values("inventory")[:, 0] == pytest.approx([0, 4])


def test_a_store_ends_with_the_gas_of_each_origin_that_it_began_with() -> None:
    """40 of A's gas must lie there again and 10 more; B's cheaper gas cannot stand for it: 10 of A and 10 of B are bought."""
    stocks = [{"storage": "st", "date": day, "origin": "A", "fill": fill} for day, fill in (("2025-01-01", 0.4), ("2025-01-03", 0.5))]
    tables = {
        **ONE,
        "supplies": [supply("a", "m", 20, 30), supply("b", "m", 20, 20, origin="B")],
        "demands": [demand("d", "m", 5)],
        "storages": [STORE],
        "storage_stocks": stocks,
    }
    solution = solve(tables, **DAYS, storage_end="stocks")
    assert solution.values("inventory")[-1, solution.keys("inventory").index(("st", "A"))] == pytest.approx(50)
    assert solution.objective == pytest.approx((10 * 30 + 10 * 20) * 0.001)


def test_a_closing_stock_that_nothing_brings_is_named() -> None:
    from energynet.errors import InputFaults
    from energynet.system.stocks import check_stocks
    from energynet.system.system import build_system

    stocks = [{"storage": "st", "date": "2025-01-02", "origin": "B", "fill": 0.4}]
    tables = {
        **ONE,
        "supplies": [supply("a", "m", 20, 30)],
        "demands": [demand("d", "m", 5)],
        "storages": [STORE],
        "storage_stocks": stocks,
    }
    made = package(tables)
    with pytest.raises(InputFaults, match=r"'B'.*a closing stock of this origin cannot be in st"):
        check_stocks(build_system(made, case(**DAY, storage_end="stocks")), made)


def test_a_filling_target_is_met_where_the_penalty_is_dearer() -> None:
    """90 % of 10 is wanted on 2 January. Gas costs 20: at a penalty of 30 it is filled, at 10 it is not."""
    for penalty, expected in ((30, 9.0), (10, 0.0)):
        target = [{"storage": "st", "date": "2025-01-02", "fill": 0.9, "penalty": penalty, "penalty_unit": "USD/tcm"}]
        store = {**STORE, "working_volume": 10}
        tables = {
            **ONE,
            "supplies": [supply("s", "m", 20, 20)],
            "demands": [demand("d", "m", 1)],
            "storages": [store],
            "storage_targets": target,
        }
        assert the(solve(tables, **DAY), "inventory", "st", "A") == pytest.approx(expected)


CONTRACT = {
    "id": "k",
    "name": "k",
    "seller": "x",
    "buyer": "BB",
    "origin": "A",
    "delivery_arc": "a",
    "annual_quantity": 10,
    "quantity_unit": "mcm/d",
    "take_or_pay": 0.8,
    "contract_price": 60,
    "seller_cost": 20,
    "price_unit": "USD/tcm",
}
MARKET = {
    "nodes": [node("f"), node("m", "BB")],
    "supplies": [supply("s", "f", 20, 20), supply("rival", "m", 20, 45, "B")],
    "arcs": [arc("a", "f", "m", 50, 0)],
    "demands": [demand("d", "m", 12)],
}


def test_take_or_pay_is_a_payment() -> None:
    """Taken: 60 - 20 + 20 of real cost; not taken: 60 on top of the rival's 45. So 8 are taken; the rest is cheapest unlabelled."""
    solution = solve({**MARKET, "contracts": [CONTRACT]}, **DAY)
    assert the(solution, "delivered", "k") == pytest.approx(8)
    assert solution.horizon_value("not_taken", "k", "2025") == pytest.approx(0)
    assert solution.objective == pytest.approx((12 * 20 + 8 * 40) * 0.001)


def test_take_or_pay_is_never_a_floor_above_demand() -> None:
    """With a demand of 5 the contract's 8 cannot be taken: 3 are paid for at 60."""
    solution = solve({**MARKET, "demands": [demand("d", "m", 5)], "contracts": [CONTRACT]}, **DAY)
    assert solution.horizon_value("not_taken", "k", "2025") == pytest.approx(3)
    assert solution.objective == pytest.approx((5 * 20 + 5 * 40 + 3 * 60) * 0.001)


def test_contracts_at_one_point_share_its_flow() -> None:
    """Two contracts of 10 at 80 % over a line of 9: together 9 are delivered, 7 are paid for untaken."""
    contracts = [CONTRACT, {**CONTRACT, "id": "k2"}]
    solution = solve({**MARKET, "arcs": [arc("a", "f", "m", 9, 0)], "contracts": contracts}, **DAY)
    assert solution.values("delivered").sum() == pytest.approx(9)
    assert solution.values("not_taken").sum() == pytest.approx(7)


def test_a_daily_minimum_is_penalised_not_forced() -> None:
    """At least 60 % of the daily 10 at 5 USD/tcm, while nothing must be taken: 40 dearer than unlabelled gas, so the penalty is paid."""
    contract = {**CONTRACT, "take_or_pay": 0.0, "daily_minimum": 0.6, "shortfall_penalty": 5}
    solution = solve({**MARKET, "contracts": [contract]}, **DAY)
    assert the(solution, "shortfall", "k") == pytest.approx(6)


def test_a_weighted_ceiling_binds_over_the_year() -> None:
    """2 x gas of one field <= 8 mcm a day of the year: 4 mcm/d from it."""
    tables = {
        **ONE,
        "supplies": [supply("s", "m", 20, 20), supply("dear", "m", 20, 90)],
        "demands": [demand("d", "m", 10)],
        "ceilings": [{"id": "c", "name": "c", "sense": "at_most", "quantity": 8 * 365, "unit": "weighted mcm"}],
        "ceiling_terms": [{"ceiling": "c", "component": "supply", "target": "s", "weight": 2}],
    }
    assert the(solve(tables, **DAY), "supply", "s", "1") == pytest.approx(4)


def test_a_change_in_a_window_counts_by_its_share_of_time() -> None:
    """An outage of 10 of January's 31 days."""
    tables = {**ONE, "supplies": [supply("s", "m", 10, 20), supply("dear", "m", 20, 90)], "demands": [demand("d", "m", 10)]}
    solution = solve(tables, changes=["supply[s].availability @ 2025-01-11..2025-01-20 = 0"])
    assert the(solution, "supply", "s", "1") == pytest.approx(10 * 21 / 31)


def test_forbidden_shortage_is_infeasible() -> None:
    from energynet.errors import Infeasible

    with pytest.raises(Infeasible):
        solve({**ONE, "supplies": [supply("s", "m", 7, 20)], "demands": [demand("d", "m", 10)]}, **DAY, unserved="forbidden")
