"""Years that nothing links: the roll is each year solved by itself, prices included, whatever records exist in only some of them."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from energynet.errors import CertificateFailure
from energynet.program.linear_program import LinearProgram
from energynet.rolling import solve_rolling
from energynet.rolling.joined import joined_checks
from energynet.solution import Solution, solve_system
from energynet.system.system import build_system
from tests.network import arc, case, demand, node, package, supply

YEARS = (2025, 2026, 2027)


def drawn(seed: int) -> dict[str, Any]:
    """Supplies, lines, demands and a storage, of which several exist in some of the years only; what it holds on each 1 January is said."""
    rng = random.Random(seed)

    def some() -> dict[str, str]:
        first, last = sorted(rng.choices(YEARS, k=2))
        return {"valid_from": f"{first}-01-01", "valid_to": f"{last}-12-31"}

    tables: dict[str, Any] = {
        "nodes": [node("m"), node("n", "BB"), node("k", "CC")],
        "supplies": [supply("base", "m", 90, 40)],
        "arcs": [arc("mn", "m", "n", 30, 3), arc("mk", "m", "k", 30, 4, **some()), arc("nk", "n", "k", rng.uniform(2, 9), 2, **some())],
        "demands": [demand("dm", "m", rng.uniform(5, 20)), demand("dn", "n", rng.uniform(5, 20), **some())],
        "storages": [{"id": "s", "name": "s", "node": "m", "working_volume": 300, "volume_unit": "mcm", "injection": 5, "withdrawal": 5,
                      "rate_unit": "mcm/d", "injection_cost": 1, "withdrawal_cost": 1, "cost_unit": "USD/tcm"}],
    }  # fmt: skip
    tables["demands"] += [demand("dk", "k", rng.uniform(5, 20), 700, **some())]
    for k in range(6):
        at, origin = rng.choice("mnk"), rng.choice("AB")
        more = {"annual_maximum": rng.uniform(1, 3), "annual_unit": "bcm/y"} if rng.random() < 0.5 else {}
        tables["supplies"].append(supply(f"x{k}", at, rng.uniform(2, 12), rng.uniform(10, 90), origin, **more, **some()))
    fills = (0.4, rng.choice((0.2, 0.4)), rng.choice((0.0, 0.4)), 0.0)  # a closing stock above zero is a row of its window alone
    tables["storage_stocks"] = [
        {"storage": "s", "date": f"{year}-01-01", "origin": "A", "fill": fill} for year, fill in zip((*YEARS, 2028), fills, strict=True)
    ]
    return tables


def named(program: LinearProgram, values: np.ndarray) -> dict[str, float]:
    return dict(zip(program.row_names, values.tolist(), strict=True))


def rolled(seed: int) -> tuple[Solution, dict[str, Any]]:
    tables = drawn(seed)
    given = {"storage_end": "stocks", "discount_rate": 0.0, "years": "rolled"}
    return solve_rolling(package(tables), case(end="2027-12-31", **given)), tables


@pytest.mark.parametrize("seed", range(8))
def test_years_that_nothing_links_are_solved_apart(seed: int) -> None:
    """Objective, and the price at every node in every month. Stocks are those of the data at each end, so that no year moves another."""
    solution, tables = rolled(seed)
    prices = named(solution.program, solution.dual)
    told, apart = 0, 0.0
    for year in YEARS:
        alone = solve_system(build_system(package(tables), case(start=f"{year}-01-01", end=f"{year}-12-31", storage_end="stocks")))
        apart += alone.objective
        for name, price in named(alone.program, alone.dual).items():
            if name.startswith(("balance[", "taken[", "capacity[", "annual_maximum[")):
                assert prices[name] == pytest.approx(price, abs=1e-9), name
                told += abs(price) > 1e-9
    assert told > 30
    assert solution.objective == pytest.approx(apart, rel=1e-9)
    assert solution.certificate.holds
    assert {"joined duality gap", "joined reduced costs"} <= {check.name for check in solution.certificate.checks}


def test_a_dual_in_the_row_beside_its_own_is_seen() -> None:
    solution, _ = rolled(0)
    largest = np.argsort(-np.abs(solution.dual))[:20]
    for row in largest.tolist():
        if row + 1 < len(solution.program.periods) * solution.program.rows_per_period:
            moved = solution.dual.copy()
            moved[[row, row + 1]] = moved[[row + 1, row]]
            if moved[row] != solution.dual[row]:
                checks = joined_checks(solution.program, solution.primal, moved, solution.parts)
                assert not all(check.holds for check in checks), solution.program.row_name(row)


def test_windows_joined_by_wrong_places_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault put back: a record that is not in the joined program is counted from the end, into the row of another."""
    import energynet.rolling as room

    made = room.joined_duals
    monkeypatch.setattr(room, "joined_duals", lambda *given: np.roll(made(*given), 1))
    with pytest.raises(CertificateFailure, match="joined"):
        rolled(0)
