"""Prices and how far they could be others: hand-computed ranges, and what one more unit really costs."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from network import arc, demand, node, program, solve, supply, system
from scipy.optimize import linprog
from systems import EVERYTHING

from energynet.results.tables import Tables
from energynet.solution import solve_system
from energynet.solver import SolveOptions, solve_program
from energynet.solver.optimal_set import dual_ranges

DAY = {"start": "2025-01-01", "end": "2025-01-01", "step": "day"}
YEAR = {"start": "2025-01-01", "end": "2025-12-31", "storage_end": "stocks"}


@pytest.mark.parametrize(("wanted", "lowest", "highest"), [(5, 20, 20), (6, 20, 60), (7, 60, 60), (10, 60, 1000), (11, 1000, 1000)])
def test_a_price_at_a_kink_is_a_range(wanted: float, lowest: float, highest: float) -> None:
    """6 at 20 and 4 at 60: at 6 the next unit costs 60 and the last one 20; at 10 the next one is lost, at 1000."""
    tables = {"nodes": [node("m")], "supplies": [supply("a", "m", 6, 20), supply("b", "m", 4, 60)], "demands": [demand("d", "m", wanted)]}
    made = Tables(solve_system(system(tables, **DAY), SolveOptions(price_ranges="demands")))["prices"]
    price = made.loc[made["demand"] == "d"].iloc[0]
    assert (price["lowest"], price["highest"]) == pytest.approx((lowest, highest))
    assert price["unique"] == (lowest == highest)
    assert lowest - 1e-9 <= price["price"] <= highest + 1e-9
    assert made.loc[made["demand"] == "", "lowest"].isna().all()


def test_the_range_of_a_full_line() -> None:
    """A line of 6 that is just full for a demand of 6: beyond it gas costs 90, before it 21."""
    tables = {
        "nodes": [node("f"), node("m")],
        "arcs": [arc("a", "f", "m", 6, 1)],
        "supplies": [supply("s", "f", 10, 20), supply("near", "m", 10, 90)],
        "demands": [demand("d", "m", 6)],
    }
    solution = solve_system(system(tables, **DAY), SolveOptions(price_ranges="nodes"))
    low, high = (ends[0] * 1000 for ends in solution.dual_range("balance"))
    ends = dict(zip(solution.row_keys("balance"), zip(low, high, strict=True), strict=True))
    assert ends["f", "A"] == pytest.approx((20, 20))
    assert ends["m", "A"] == pytest.approx((21, 90))


def test_prices_are_what_a_little_more_demand_costs() -> None:
    """1e-4 more that must be brought to a demand costs the greatest of its prices."""
    solution = solve(EVERYTHING, **YEAR)
    laid = solution.program
    family = next(f for f in laid.rows if f.name == "taken")
    first, stride, count = laid.family_slice(family)
    rows = np.array([first + k + stride * t for t in (0, 5, 11) for k in range(count)])
    _, highest = dual_ranges(laid, solution.primal, solution.dual, rows)
    assert np.isfinite(highest).sum() > 6
    for row, price in zip(rows[np.isfinite(highest)], highest[np.isfinite(highest)], strict=True):
        more = program(EVERYTHING, **YEAR)
        step = 1e-4
        more.row_lower[row] += step
        more.row_upper[row] += step
        cost = solve_program(more, SolveOptions(second_stage=False)).objective
        assert (cost - solution.objective) / step == pytest.approx(price, rel=1e-4, abs=1e-5), laid.row_name(int(row))


def test_ranges_are_those_over_all_duals_that_are_worth_as_much() -> None:
    """Against the dual program written out: y+, y-, z+, z- not below zero, A'y + z = cost, and a worth of at least the optimum."""
    solution = solve(EVERYTHING, start="2025-01-01", end="2025-03-31", storage_end="stocks")
    laid = solution.program
    above = sp.vstack([laid.matrix(), sp.eye_array(laid.column_count)]).T
    worth = np.concatenate([laid.row_lower, laid.lower, -laid.row_upper, -laid.upper])
    there = np.flatnonzero(np.isfinite(worth))
    equal, worth = sp.hstack([above, -above]).tocsc()[:, there], worth[there]
    rows = np.array([k for k in range(laid.row_count) if laid.row_name(k).startswith(("taken", "balance"))])
    lowest, highest = dual_ranges(laid, solution.primal, solution.dual, rows)
    open_ = np.flatnonzero(~np.isclose(lowest, highest, rtol=0.0, atol=1e-12))
    assert len(open_) > 3
    height = laid.row_count + laid.column_count
    for k in (*open_[:4], *np.flatnonzero(np.isclose(lowest, highest))[:4]):
        own = np.isin(there, rows[k]).astype(float) - np.isin(there, rows[k] + height)
        for sign, found in ((1.0, lowest[k]), (-1.0, highest[k])):
            least = [1e-9 - (solution.objective - laid.offset)]
            program_of_duals = linprog(sign * own, A_ub=-worth[None, :], b_ub=least, A_eq=equal, b_eq=laid.cost, method="highs")
            if np.isfinite(found):
                assert sign * program_of_duals.fun == pytest.approx(found, rel=1e-5, abs=1e-6)
            else:
                assert program_of_duals.status in (3, 4)
