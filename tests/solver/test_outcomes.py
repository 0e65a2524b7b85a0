"""What is not an optimum ends in its own error, with its exit status."""

from __future__ import annotations

import pytest
from network import demand, node, program, solve, supply
from systems import EVERYTHING

from energynet.errors import Infeasible, TimeLimit, Unbounded
from energynet.solver import SolveOptions, solve_program

DAY = {"start": "2025-01-01", "end": "2025-01-01", "step": "day"}


def test_infeasible_names_what_is_at_odds() -> None:
    tables = {"nodes": [node("m")], "supplies": [supply("field", "m", 7, 20)], "demands": [demand("market", "m", 10)]}
    with pytest.raises(Infeasible) as found:
        solve(tables, **DAY, unserved="forbidden")
    assert found.value.exit_status == 3
    words = "\n".join(found.value.explanation)
    assert "demand[market]" in words
    assert "supply[field,1]" in words


def test_unbounded() -> None:
    """A willingness to pay for nothing: a negative cost without a limit on what is bought."""
    laid = program({"nodes": [node("m")], "supplies": [supply("s", "m", 7, 20)], "demands": [demand("d", "m", 3)]}, **DAY)
    k = laid.column_names.index("unserved[d,all]@2025-01-01")
    laid.upper[:], laid.cost[k] = float("inf"), -1.0
    laid.row_lower[laid.row_names.index("demand[d]@2025-01-01")] = -float("inf")
    laid.row_upper[laid.row_names.index("demand[d]@2025-01-01")] = float("inf")
    with pytest.raises(Unbounded) as found:
        solve_program(laid)
    assert found.value.exit_status == 3


def test_time_limit() -> None:
    laid = program(EVERYTHING, start="2024-01-01", end="2025-12-31", step="day")
    with pytest.raises(TimeLimit) as found:
        solve_program(laid, SolveOptions(time_limit=1e-3))
    assert found.value.exit_status == 4
