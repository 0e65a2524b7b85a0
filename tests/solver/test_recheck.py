"""Each component's rows are evaluated once more from the System's arrays: a fault of the compile step does not pass."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from network import system
from systems import EVERYTHING

from energynet.errors import CertificateFailure, Infeasible
from energynet.program.layout import Program
from energynet.program.linear_program import LinearProgram
from energynet.recheck import PARTS, recheck
from energynet.recheck.values import Values
from energynet.solution import solve_laid, solve_system
from energynet.system.system import System

YEAR = {"start": "2025-01-01", "end": "2025-12-31", "storage_end": "stocks"}


@pytest.fixture(scope="module")
def made() -> System:
    return system(EVERYTHING, **YEAR)


@pytest.fixture(scope="module")
def laid(made: System) -> LinearProgram:
    return Program(made).lay(made)


def test_all_components_hold(made: System) -> None:
    checks = [check for check in solve_system(made).certificate.checks if check.name.startswith("recheck")]
    assert len(checks) == len(PARTS) + 1
    assert all(check.holds for check in checks)


FAMILIES = (
    "balance",
    "capacity",
    "split",
    "segment_width",
    "demand",
    "taken",
    "inventory",
    "closing_stock",
    "injection_curve",
    "withdrawal_curve",
    "take_or_pay",
    "ceiling",
)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_changed_coefficient_is_rejected(made: System, laid: LinearProgram, family: str) -> None:
    """A coefficient of the compiled matrix off by a fifth, in the row that bears most on the answer: the recheck does not pass it."""
    solution = solve_laid(made, laid)
    column = np.repeat(np.arange(laid.column_count), np.diff(laid.start))
    carried = np.zeros(laid.row_count)
    np.maximum.at(carried, laid.index, np.abs(laid.value * solution.primal[column]))
    named = [k for k, name in enumerate(laid.row_names) if name.startswith(f"{family}[")]
    target = max(named, key=lambda k: abs(solution.dual[k]) * carried[k])
    failures = []
    for entry in np.flatnonzero(laid.index == target):
        for factor in (0.8, 1.2):
            value = laid.value.copy()
            value[entry] *= factor
            failures += rejected(made, replace(laid, value=value))
    assert failures, "no coefficient of this row bears on the answer"
    assert all(name.startswith("recheck") for name in failures)


def rejected(made: System, program: LinearProgram) -> list[str]:
    """The checks that fail."""
    try:
        solve_laid(made, program)
    except CertificateFailure as failure:
        return [check.name for check in failure.certificate.failures] if failure.certificate else ["none"]
    except Infeasible:
        return []
    return []


def test_a_changed_cost_is_rejected(made: System, laid: LinearProgram) -> None:
    k = laid.column_names.index("supply[sa,1]@2025-06")
    costs = tuple(
        replace(c, value=np.where(c.index == k, c.value + 0.01, c.value)) if c.item == "production cost" else c for c in laid.costs
    )
    cost = laid.cost.copy()
    cost[k] += 0.01
    with pytest.raises(CertificateFailure, match="recheck objective"):
        solve_laid(made, replace(laid, cost=cost, costs=costs))


@pytest.mark.parametrize("variable", ["flow", "supply", "taken", "served", "inventory", "inject", "convert", "swapped", "unserved", "haul"])
def test_a_moved_value_is_seen(made: System, laid: LinearProgram, variable: str) -> None:
    solution = solve_laid(made, laid)
    family = next(f for f in laid.columns if f.name == variable)
    moved = solution.primal.copy()
    moved[family.first] += 1e-3
    assert not all(check.holds for check in recheck(Values(made, laid, moved), solution.objective))


def test_a_value_that_is_no_number_is_seen(made: System, laid: LinearProgram) -> None:
    """Whatever rows are looked at after it."""
    solution = solve_laid(made, laid)
    for j in range(0, laid.column_count, 5):
        moved = solution.primal.copy()
        moved[j] = np.nan
        assert not all(check.holds for check in recheck(Values(made, laid, moved), solution.objective)), laid.column_name(j)
