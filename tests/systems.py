"""A small system that uses every component, for tests that look at all of them."""

from __future__ import annotations

from network import arc, demand, node, supply

WINTER = (1.5, 1.4, 1.2, 1.0, 0.8, 0.7, 0.6, 0.6, 0.8, 1.0, 1.1, 1.3)

EVERYTHING = {
    "nodes": [node("f"), node("h"), node("m", "BB"), node("s", "CC"), node("p", "BB", "electricity")],
    "arcs": [
        arc("a1", "f", "h", 50, 5, corridor="c", valid_to="2025-06-14"),
        arc("a1", "f", "h", 55, 4, corridor="c", valid_from="2025-06-15"),
        arc("a2", "h", "m", 40, 3, loss=0.02, minimum=2, profile="derating"),
        arc("back", "h", "f", 20, 1, corridor="c", direction="backward"),
        arc("side", "h", "s", 20, 1, valid_from="2025-03-05"),
    ],
    "corridors": [{"id": "c", "name": "c", "carrier": "gas", "capacity": 60, "capacity_unit": "mcm/d", "ratio": 0.8, "backhaul": "yes"}],
    "arc_segments": [
        {"arc": "a1", "segment": 1, "width": 20, "width_unit": "mcm/d", "loss": 0.005},
        {"arc": "a1", "segment": 2, "loss": 0.02},
    ],
    "bookings": [{"id": "k1", "name": "k1", "arc": "a1", "booked": 25, "booked_unit": "mcm/d", "charge": 4, "charge_unit": "USD/tcm"}],
    "capacity_products": [
        {
            "id": key,
            "name": key,
            "arc": of,
            "duration": duration,
            "maximum": 30,
            "maximum_unit": "mcm/d",
            "charge": 0.6,
            "charge_unit": "EUR/MWh",
            "multiplier": multiplier,
            "valid_from": first,
        }
        for key, of, duration, multiplier, first in (
            ("a1_year", "a1", "gas_year", 1, ""),
            ("a2_quarter", "a2", "quarter", 1.2, ""),
            ("a2_month", "a2", "month", 1.4, ""),
            ("a2_day", "a2", "day", 2, "2025-03-01"),
        )
    ],
    "sale_prices": [
        {"demand": "d", "value": 220, "unit": "USD/tcm"},
        {"demand": "d2", "value": 5, "unit": "EUR/MWh", "price": "hub", "price_factor": 0.8},
    ],
    "permissions": [{"id": "no_b", "component": "arc", "target": "sid*", "origin": "B", "rule": "ban", "valid_from": "2025-09-01"}],
    "supplies": [
        supply("sa", "f", 40, 20, swing=1.2, minimum=5),
        supply("sb", "m", 30, 10, "B", annual_maximum=6.0, annual_minimum=0.5, annual_unit="bcm/y", price="hub", price_factor=0.9),
        supply("sc", "f", 20, 60, "B"),
    ],
    "supply_steps": [
        {"supply": "sb", "step": 1, "share": 0.5, "cost": 0, "cost_unit": "USD/tcm"},
        {"supply": "sb", "step": 2, "share": 0.5, "cost": 5, "cost_unit": "EUR/MWh"},
    ],
    "prices": [{"id": "hub", "name": "hub", "carrier": "gas", "value": 30, "unit": "EUR/MWh"}],
    "exchange_rates": [{"id": "EUR", "usd": 1.1}],
    "demands": [
        demand("d", "m", 45, 2000, profile="winter", tier_set="t"),
        demand("d2", "s", 6, 2000),
        demand("e", "p", 2, 2000, quantity_unit="GWh/d", value_unit="USD/MWh"),
    ],
    "demand_blocks": [
        {"demand": "d2", "block": 1, "width": 3, "width_unit": "mcm/d", "willingness": 300, "willingness_unit": "USD/tcm"},
        {
            "demand": "d2",
            "block": 2,
            "width": 3,
            "width_unit": "mcm/d",
            "willingness": 0,
            "willingness_unit": "USD/tcm",
            "price": "hub",
            "price_factor": 0.5,
        },
    ],
    "tiers": [
        {"tier_set": "t", "tier": "interruptible", "share": 0.3, "value_factor": 0.5},
        {"tier_set": "t", "tier": "protected", "share": 0.7, "value_factor": 2},
    ],
    "profiles": [
        *({"profile": "winter", "basis": "mean_one", "month": m + 1, "value": v} for m, v in enumerate(WINTER)),
        *({"profile": "melt", "basis": "factor", "month": m + 1, "value": 1.8 if 3 <= m <= 5 else 0.4} for m in range(12)),
        *({"profile": "derating", "basis": "factor", "month": m + 1, "value": 0.9 if 4 < m < 9 else 1.0} for m in range(12)),
    ],
    "storages": [
        {
            "id": "st",
            "name": "st",
            "node": "m",
            "working_volume": 600,
            "volume_unit": "mcm",
            "injection": 8,
            "withdrawal": 10,
            "rate_unit": "mcm/d",
            "injection_efficiency": 0.99,
            "withdrawal_efficiency": 0.98,
            "daily_loss": 1e-4,
            "injection_cost": 1,
            "withdrawal_cost": 1,
            "cost_unit": "USD/tcm",
        },
        {
            "id": "lake",
            "name": "lake",
            "node": "p",
            "working_volume": 20,
            "volume_unit": "GWh",
            "injection": 0,
            "withdrawal": 30,
            "rate_unit": "MW",
            "withdrawal_efficiency": 0.9,
            "inflow": 20,
            "inflow_origin": "P",
            "profile": "melt",
        },
        {
            "id": "battery",
            "name": "battery",
            "node": "p",
            "working_volume": 40,
            "volume_unit": "MWh",
            "injection": 10,
            "withdrawal": 10,
            "rate_unit": "MW",
            "injection_efficiency": 0.9,
            "withdrawal_efficiency": 0.9,
            "withdrawal_cost": 1,
            "cost_unit": "USD/MWh",
            "cycle": "day",
        },
    ],
    "storage_curves": [{"storage": "st", "direction": "withdraw", "fill": f, "rate": r} for f, r in ((0, 0.3), (0.4, 0.8), (1, 1))]
    + [{"storage": "st", "direction": "inject", "fill": f, "rate": r} for f, r in ((0, 1), (0.7, 0.9), (1, 0.2))],
    "storage_stocks": [
        {"storage": "st", "date": day, "origin": origin, "fill": fill}
        for day, a, b in (
            ("2024-01-01", 0.5, 0.1),
            ("2024-10-01", 0.6, 0.2),
            ("2025-01-01", 0.5, 0.1),
            ("2025-02-26", 0.2, 0.1),
            ("2025-02-28", 0.25, 0.1),
            ("2026-01-01", 0.4, 0.1),
        )
        for origin, fill in (("A", a), ("B", b))
    ],
    "storage_targets": [{"storage": "st", "date": "2025-11-01", "fill": 0.9, "penalty": 30, "penalty_unit": "USD/tcm"}],
    "converters": [
        {
            "id": "v",
            "name": "v",
            "from_node": "m",
            "to_node": "p",
            "origin": "P",
            "capacity": 100,
            "capacity_unit": "MW",
            "efficiency": 0.5,
            "cost": 2,
            "cost_unit": "USD/MWh",
            "minimum": 10,
        }
    ],
    "contracts": [
        {
            "id": "k",
            "name": "k",
            "seller": "x",
            "buyer": "BB",
            "origin": "A",
            "delivery_arc": "a2",
            "annual_quantity": 10,
            "quantity_unit": "bcm/y",
            "take_or_pay": 0.9,
            "contract_price": 180,
            "seller_cost": 30,
            "price_unit": "USD/tcm",
            "contract_year": "gas",
            "daily_minimum": 0.4,
            "daily_maximum": 1.2,
            "shortfall_penalty": 20,
        },
        {
            "id": "k2",
            "name": "k2",
            "seller": "y",
            "buyer": "BB",
            "origin": "B",
            "delivery_demand": "d",
            "annual_quantity": 2,
            "quantity_unit": "bcm/y",
            "take_or_pay": 0.8,
            "contract_price": 10,
            "seller_cost": 30,
            "price_unit": "USD/tcm",
            "price": "hub",
            "price_factor": 0.7,
        },
    ],
    "swaps": [
        {
            "id": "w",
            "name": "w",
            "hand_over_node": "h",
            "receipt_node": "m",
            "origin": "A",
            "partner_origin": "B",
            "maximum": 3,
            "quantity_unit": "mcm/d",
            "fee": 0.15,
            "cost": 1,
            "cost_unit": "USD/tcm",
        }
    ],
    "ceilings": [
        {"id": "cap", "name": "cap", "sense": "at_most", "quantity": 9000, "unit": "mcm"},
        {"id": "floor", "name": "floor", "sense": "at_least", "quantity": 100, "unit": "mcm", "year": "gas", "valid_from": "2025-01-01"},
    ],
    "ceiling_terms": [
        {"ceiling": "cap", "component": "supply", "target": "sb", "weight": 1},
        {"ceiling": "cap", "component": "arc", "target": "a1", "origin": "A", "weight": 0.5},
        {"ceiling": "cap", "component": "converter", "target": "v", "weight": 0.1},
        {"ceiling": "floor", "component": "arc", "target": "a2", "weight": 1},
    ],
}

PROJECT = {"first_year": 2025, "rate": 0.08, "lifetime": 20, "carrier": "gas", "cost_unit": "MUSD/(mcm/d)", "capacity_unit": "mcm/d"}
POWER_PROJECT = {**PROJECT, "carrier": "electricity", "cost_unit": "USD/kW", "capacity_unit": "MW"}

PLANNED = {
    **EVERYTHING,
    "ceilings": [
        *EVERYTHING["ceilings"],
        {"id": "share", "name": "share", "sense": "at_most", "quantity": 0, "unit": "mcm", "penalty": 4e4, "charge_unit": "USD/mcm"},
        {"id": "co2", "name": "co2", "sense": "at_most", "unit": "kt", "charge": 80000, "charge_unit": "EUR/kt",
         "valid_from": "2025-03-01"},
    ],
    "ceiling_terms": [
        *EVERYTHING["ceiling_terms"],
        {"ceiling": "share", "component": "demand", "target": "d", "origin": "B", "weight": 1},
        {"ceiling": "share", "component": "demand", "target": "d", "weight": -0.4},
        {"ceiling": "share", "component": "contract", "target": "k2", "weight": 0.1},
        {"ceiling": "co2", "component": "converter", "target": "v", "weight": 1.9},
    ],
    "projects": [
        {"id": "loop", "name": "loop", "component": "arc", "target": "a1; a2", "maximum": 12, "capital_cost": 9, **PROJECT},
        {"id": "more", "name": "more", "component": "supply", "target": "s[bc]", "maximum": 8, "capital_cost": 2, "after": "loop",
         **PROJECT, "fixed_cost": 0.1, "fixed_cost_unit": "MUSD/(mcm/d)/y", "construction_years": 2},
        {"id": "plants", "name": "plants", "component": "converter", "target": "v", "maximum": 90, "step": 30, "capital_cost": 100,
         **POWER_PROJECT, "fixed_share": 0.03},
        {"id": "cells", "name": "cells", "component": "storage", "target": "battery", "maximum": 50, "hours": 4, "capital_cost": 500,
         **POWER_PROJECT},
        {"id": "caverns", "name": "caverns", "component": "storage", "target": "st", "maximum": 0.2, "proportional": "yes",
         "capital_cost": 0.2, **PROJECT, "capacity_unit": "bcm", "cost_unit": "USD/m3"},
    ],
}  # fmt: skip


def power_line(
    key: str, ends: tuple[str, str], capacity: tuple[float, float], tariff: float = 0.0, **more: object
) -> list[dict[str, object]]:
    """Both directions of a power line, GWh/d and USD/MWh; with a corridor, the first is its forward one."""
    units = {"capacity_unit": "GWh/d", "tariff_unit": "USD/MWh", "line": key}
    return [
        dict(arc(f"{key}_{way}", *pair, most, tariff, direction=way, **units, **more))
        for way, pair, most in (("forward", ends, capacity[0]), ("backward", ends[::-1], capacity[1]))
    ]


def power_supply(key: str, at: str, maximum: float, cost: float, origin: str, **more: object) -> dict[str, object]:
    return dict(supply(key, at, maximum, cost, origin, **{"quantity_unit": "GWh/d", "cost_unit": "USD/MWh", **more}))


def power_demand(key: str, at: str, quantity: float, value: float = 1000.0, **more: object) -> dict[str, object]:
    return dict(demand(key, at, quantity, value, **{"quantity_unit": "GWh/d", "value_unit": "USD/MWh", **more}))


POWER_CARRIERS = [
    {"id": "gas", "name": "Gas", "unit": "mcm", "energy_per_unit": 10, "temperature_c": 20, "pressure_kpa": 101.325, "netting": "no"},
    {"id": "electricity", "name": "Electricity", "unit": "GWh", "energy_per_unit": 1, "netting": "yes"},
]
POWER_ORIGINS = [{"id": origin, "name": origin, "carrier": "electricity"} for origin in ("P", "Q", "R")]
# three lines between the same places: one with losses and a corridor, one without losses that a project expands, one with segments
TWO_WAY_POWER = {
    "carriers": POWER_CARRIERS,
    "origins": [{"id": "A", "name": "A", "carrier": "gas"}, *POWER_ORIGINS],
    "nodes": [node("x", carrier="electricity"), node("y", "BB", carrier="electricity")],
    "arcs": [
        *power_line("lossy", ("x", "y"), (20, 15), 0.5, corridor="wire", loss=0.04),
        *power_line("grown", ("x", "y"), (5, 5), 1.0),
        *power_line("sliced", ("y", "x"), (10, 12), 0.7),
    ],
    "arc_segments": [
        {"arc": f"sliced_{way}", "segment": k, "width": 4 if k == 1 else "", "width_unit": "GWh/d" if k == 1 else "", "loss": 0.01 * k}
        for way in ("forward", "backward")
        for k in (1, 2)
    ],
    "corridors": [{"id": "wire", "name": "wire", "carrier": "electricity", "capacity": 18, "capacity_unit": "GWh/d", "ratio": 1.0}],
    "projects": [
        {"id": "more", "name": "more", "component": "arc", "target": "grown_*", "maximum": 160, "capital_cost": 20, **POWER_PROJECT}
    ],
    "supplies": [power_supply("sp", "x", 40, 5, "P"), power_supply("sq", "y", 30, 9, "Q"), power_supply("sr", "x", 6, 20, "R")],
    "demands": [power_demand("dx", "x", 18), power_demand("dy", "y", 30)],
    "permissions": [
        {"id": "green", "component": "demand", "target": "dy", "origin": "P;R", "rule": "only"},
        {"id": "late", "component": "arc", "target": "lossy_backward", "origin": "Q", "rule": "ban", "valid_from": "2025-03-15"},
    ],
}  # fmt: skip
