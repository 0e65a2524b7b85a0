"""Every contract year of a roll is the best answer of its own mixed-integer program; one linear program over all years is not."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from network import case, demand, node, package, supply
from scipy.optimize import Bounds, LinearConstraint, milp

from energynet.program.layout import Program
from energynet.results.tables import Tables
from energynet.rolling import solve_rolling
from energynet.solver import SolveOptions, solve_program
from energynet.system.system import build_system

COUNT, YEARS = 100, 4
DAYS = (365, 365, 365, 366)
LOST = 5000
TRENDS = {"falling": (200, -45), "flat": (100, 0), "rising": (40, 45)}


def markets(trend: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A hundred markets apart from one another, each with a contract of its own and spot gas whose price moves."""
    rng = random.Random(trend)
    base, slope = TRENDS[trend]
    drawn = []
    for _ in range(COUNT):
        terms = {
            "take_or_pay": rng.uniform(0.5, 1.0),
            "annual_maximum": rng.choice((1.0, 1.2)),
            "make_up_years": rng.choice((0, 1, 3)),
            "carry_forward_years": rng.choice((0, 2)), "carry_forward_limit": rng.choice((0.0, 0.2)),
            "contract_price": rng.uniform(60, 140),
        }  # fmt: skip
        spot = [max(base + slope * y + rng.uniform(-30, 30), 5) for y in range(YEARS)]
        wanted = [rng.uniform(4, 14) for _ in range(YEARS)]
        drawn.append({"terms": terms, "spot": spot, "wanted": wanted})
    tables: dict[str, Any] = {name: [] for name in ("nodes", "supplies", "demands", "contracts")}
    for k, one in enumerate(drawn):
        tables["nodes"].append(node(f"m{k}"))
        tables["supplies"].append(supply(f"a{k}", f"m{k}", 50, 900))
        for y in range(YEARS):
            dated = {"valid_from": f"{2025 + y}-01-01", "valid_to": f"{2025 + y}-12-31"}
            tables["supplies"].append(supply(f"b{k}", f"m{k}", 50, one["spot"][y], origin="B", **dated))
            tables["demands"].append(demand(f"d{k}", f"m{k}", one["wanted"][y], LOST, **dated))
        tables["contracts"].append(
            {"id": f"c{k}", "name": "c", "seller": "x", "buyer": "AA", "origin": "A", "delivery_demand": f"d{k}", "annual_quantity": 3.65,
             "quantity_unit": "bcm/y", "seller_cost": 900, "price_unit": "USD/tcm", **one["terms"]}
        )  # fmt: skip
    return tables, drawn


def best(one: dict[str, Any], year: int, bank: float, credit: float) -> float:
    """The least cost of one contract year, USD: contract gas, spot gas, paid and not taken, made up, and whether it prepays."""
    terms, days = one["terms"], DAYS[year]
    quantity, need = 3650.0, one["wanted"][year] * days
    least = terms["take_or_pay"] * quantity
    price = terms["contract_price"]
    cost = np.array([price, one["spot"][year], price, -price, 0.0])
    most = least + bank + 1.0
    rows = LinearConstraint(
        np.array([[1, 1, 0, 0, 0], [1, 0, 1, -1, 0], [0, 0, 1, 0, -most], [0, 0, 0, 1, most], [1, 0, 0, -1, 0]]),
        [need, least - credit, -np.inf, -np.inf, 0.0],
        [need, np.inf, 0.0, most, np.inf],
    )
    bounds = Bounds(0, [terms["annual_maximum"] * quantity, np.inf, np.inf, bank, 1])
    found = milp(cost, constraints=rows, bounds=bounds, integrality=[0, 0, 0, 0, 1], options={"mip_rel_gap": 1e-12})
    assert found.success
    return float(found.fun)


@pytest.mark.parametrize("trend", TRENDS)
def test_every_year_is_the_best_of_its_own_program(trend: str) -> None:
    tables, drawn = markets(trend)
    made = case(start="2025-01-01", end="2028-12-31", step="year", contract_years="rolling")
    solution = solve_rolling(package(tables), made)
    frame: pd.DataFrame = Tables(solution)["contracts"].set_index(["contract", "contract_year"])
    for k, one in enumerate(drawn):
        bank = credit = 0.0
        for y in range(YEARS):
            row = frame.loc[f"c{k}", str(2025 + y)]
            price, spot = one["terms"]["contract_price"], one["spot"][y]
            cost = price * (row["delivered"] + row["not_taken"] - row["make_up"]) + spot * (one["wanted"][y] * DAYS[y] - row["delivered"])
            limit = min(credit, one["terms"]["carry_forward_limit"] * 3650.0)
            assert cost == pytest.approx(best(one, y, bank, limit), rel=1e-7, abs=1e-3), (k, y)
            bank, credit = float(row["make_up_bank"]), float(row["carry_forward"])


def test_one_linear_program_over_all_years_prepays_on_purpose() -> None:
    """Prices rise: without the whole numbers a buyer pays early for gas that is taken late, and does both in one year."""
    from dataclasses import replace

    tables, _ = markets("rising")
    few = {name: rows[: len(rows) // 4] for name, rows in tables.items()}
    system = build_system(package(few), case(start="2025-01-01", end="2028-12-31", step="year", contract_years="foresight"))
    exact = Program(system).lay(system)
    naive = replace(exact, columns=tuple(replace(family, unit="units") for family in exact.columns))
    plain = SolveOptions(second_stage=False)
    known, cheat = solve_program(exact, plain), solve_program(naive, plain)
    assert cheat.objective < known.objective * (1 - 1e-4)
    rolled = solve_rolling(package(few), case(start="2025-01-01", end="2028-12-31", step="year", contract_years="rolling"))
    assert known.objective <= rolled.objective + 1e-6
