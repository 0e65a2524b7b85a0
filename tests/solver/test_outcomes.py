"""What is not an optimum ends in its own error, with its exit status."""

from __future__ import annotations

import pytest
from network import demand, node, program, solve, supply
from systems import EVERYTHING

from energynet.errors import Infeasible, TimeLimit, Unbounded
from energynet.solver import Session, SolveOptions, solve_program

DAY = {"start": "2025-01-01", "end": "2025-01-01", "step": "day"}


def test_infeasible_names_what_is_at_odds() -> None:
    tables = {"nodes": [node("m")], "supplies": [supply("field", "m", 7, 20)], "demands": [demand("market", "m", 10)]}
    with pytest.raises(Infeasible) as found:
        solve(tables, **DAY, unserved="forbidden")
    assert found.value.exit_status == 3
    words = "\n".join(found.value.explanation)
    assert "demand[market]" in words
    assert "supply[field,1]" in words


def test_of_two_shortages_one_is_told_and_nothing_else() -> None:
    """Each of two markets has less than it needs; a third has enough. Whichever is told, no limit of another is in it."""
    tables = {
        "nodes": [node(name) for name in "mnk"],
        "supplies": [supply("first", "m", 7, 20), supply("second", "n", 5, 20), supply("third", "k", 9, 20)],
        "demands": [demand("north", "m", 10), demand("south", "n", 8), demand("east", "k", 3)],
    }
    with pytest.raises(Infeasible) as found:
        solve(tables, **DAY, unserved="forbidden")
    words = "\n".join(found.value.explanation)
    assert ("demand[north]" in words) != ("demand[south]" in words)
    assert ("supply[first,1]" in words) == ("demand[north]" in words)
    assert ("supply[second,1]" in words) == ("demand[south]" in words)
    assert "east" not in words
    assert "third" not in words


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


def test_an_option_that_highs_does_not_know_is_refused() -> None:
    """Whatever the solver is told is what it does: interior point is HiGHS's own, and a wrong word is not passed over."""
    session = Session(program(EVERYTHING), SolveOptions(solver="ipm"))
    assert session.highs.getOptionValue("solver")[1] == "ipx"
    with pytest.raises(ValueError, match="solver = 'nonsense'"):
        session.set(solver="nonsense")
