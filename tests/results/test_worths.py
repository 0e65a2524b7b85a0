"""What one more and one less is worth, against certified solves with a little more and a little less."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from network import arc, case, demand, node, package, solve, supply
from systems import EVERYTHING

import energynet as en
from energynet.dataset.changes import parse_change
from energynet.program.layout import Program
from energynet.results.tables import Tables
from energynet.solution import solve_system
from energynet.solver import SolveOptions, certify, solve_program
from energynet.solver.derivative import Direction, Optimum
from energynet.solver.optimal_set import optimal_duals, optimal_flows
from energynet.system.system import Reading, changed_system

DAY = {"start": "2025-01-01", "end": "2025-01-01", "step": "day"}
STEP = 1e-3
FEW = settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
SIZES = st.sampled_from([2.0, 4.0, 6.0])
PRICES = st.sampled_from([20.0, 40.0, 60.0])


@st.composite
def networks(draw: st.DrawFn) -> dict[str, Any]:
    """Two ways from a field to a market, bookings, a line used both ways, and dearer gas: sizes of which many are the same."""
    return {
        "nodes": [node("f"), node("h"), node("m", "BB")],
        "corridors": [{"id": "c", "name": "c", "carrier": "gas", "capacity": draw(SIZES), "capacity_unit": "mcm/d", "ratio": 1}],
        "arcs": [
            arc("one", "f", "h", draw(SIZES), 1), arc("two", "h", "m", draw(SIZES), 2, loss=0.05),
            arc("way", "f", "m", draw(SIZES), 20, corridor="c", direction="forward"),
            arc("back", "m", "f", draw(SIZES), 1, corridor="c", direction="backward"),
        ],
        "bookings": [
            {"id": "k", "name": "k", "arc": "one", "booked": draw(SIZES), "booked_unit": "mcm/d", "charge": 1, "charge_unit": "USD/tcm"}
        ],
        "supplies": [
            supply("s", "f", draw(SIZES), 10), supply("far", "m", draw(SIZES), draw(PRICES), "B"), supply("last", "m", 9, 80, "B"),
        ],
        "demands": [demand("d", "m", draw(SIZES)), demand("e", "h", draw(SIZES), 50)],
    }  # fmt: skip


class Solves:
    """Objectives of a network with changes."""

    def __init__(self, tables: dict[str, Any], **spec: Any) -> None:
        self.reading = Reading(package(tables), case(**spec))
        self.base = changed_system(self.reading)
        self.compiled = Program(self.base)
        self.solution = solve_system(self.base)

    def objective(self, *changes: str) -> float:
        moved = changed_system(self.reading, tuple(parse_change(text) for text in changes), like=self.base)
        return solve_program(self.compiled.lay(moved), SolveOptions(second_stage=False)).objective

    def slopes(self, name: str, unit: str, step: float = STEP) -> tuple[float, float]:
        """Million USD that one more and one less adds."""
        return tuple((self.objective(f"{name} += {sign * step} {unit}") - self.solution.objective) / step for sign in (1, -1))  # type: ignore[return-value]


@FEW
@given(networks())
def test_a_line_is_worth_what_solves_with_more_and_less_of_it_say(tables: dict[str, Any]) -> None:
    made = Solves(tables, **DAY)
    table = Tables(made.solution)["congestion"].set_index("arc")
    assert table["worth_proven"].all()
    for name in ("one", "two"):
        more, less = made.slopes(f"arc[{name}].capacity", "mcm/d")
        found = table.loc[name, ["worth_of_more_musd", "worth_of_less_musd"]].tolist()
        assert found == pytest.approx([-more, less], rel=1e-4, abs=1e-7), name


def test_a_line_and_its_booking_that_end_together() -> None:
    """6 booked on a line of 6, whose gas costs 10 + 70 beyond the booking: as much as the gas at 80. One more line is worth nothing until
    more is booked; one less costs 80 - 10. The rent, of the dual that was found, says neither.
    """
    tables = {
        "nodes": [node("f"), node("m")], "arcs": [arc("a", "f", "m", 6, 70)],
        "bookings": [{"id": "k", "name": "k", "arc": "a", "booked": 6, "booked_unit": "mcm/d", "charge": 1, "charge_unit": "USD/tcm"}],
        "supplies": [supply("s", "f", 20, 10), supply("last", "m", 20, 80, "B")], "demands": [demand("d", "m", 9)],
    }  # fmt: skip
    found = Tables(solve(tables, **DAY))["congestion"].iloc[0]
    assert [found["worth_of_more_musd"], found["worth_of_less_musd"]] == pytest.approx([0.0, 0.070])
    told = Tables(solve(tables, **DAY))["summary"].set_index("figure")["value"]
    assert "one more saves at a in 2025" not in told or told["one more saves at a in 2025"] == 0.0


@FEW
@given(networks())
def test_each_end_has_a_dual_and_a_flow_that_the_certificate_accepts(tables: dict[str, Any]) -> None:
    solution = solve(tables, **DAY)
    program, rng = solution.program, np.random.default_rng(0)
    duals = optimal_duals(program, solution.primal, solution.dual)
    flows = optimal_flows(program, solution.primal, solution.dual)
    for _ in range(6):
        end = duals.least(rng.normal(size=program.row_count) * (np.isfinite(duals.low) | np.isfinite(duals.high)))
        if np.isfinite(end.value):
            assert end.proven
            assert certify(program, solution.primal, end.point, solution.objective).holds
        end = flows.least(rng.normal(size=program.column_count))
        assert end.proven
        assert certify(program, end.point, solution.dual, solution.objective).holds


def test_a_proof_needs_the_right_end() -> None:
    """The bound from the other side is another number where HiGHS tells a point that is no end."""
    solution = solve(EVERYTHING, start="2025-01-01", end="2025-03-31", storage_end="stocks")
    duals = optimal_duals(solution.program, solution.primal, solution.dual)
    at = int(np.flatnonzero(duals.open)[0])
    one = np.zeros(solution.program.row_count)
    one[at] = 1.0
    duals.least(one)
    part = next(iter(duals._parts.values()))
    run, part._highs.run = part._highs.run, lambda: None  # type: ignore[method-assign]
    weights = np.linspace(1.0, 2.0, part._matrix.shape[1])
    stale = part.least(weights)
    part._highs.run = run  # type: ignore[method-assign]
    assert not stale[2]
    assert part.least(weights)[2] or np.isinf(part.least(weights)[0])


def test_nothing_is_proven_that_was_not_searched() -> None:
    made = Solves({**EVERYTHING}, start="2025-01-01", end="2025-03-31", storage_end="stocks")
    solution = made.solution
    searched, not_searched = (Optimum(solution.program, solution.primal, solution.dual, solution.reduced, most) for most in (None, 0))
    open_ = np.flatnonzero(searched.duals.open)
    sides = np.zeros(solution.program.row_count)
    sides[open_] = 1.0
    way = Direction.of_limits(solution.program, sides)
    assert not not_searched.change(way).proven
    assert not_searched.change(way).musd == pytest.approx(not_searched.at_hand(way).musd)


@pytest.mark.parametrize("arc", ["tap_kipoi", "samsun_ankara", "x_horgos"])
def test_lines_of_the_reference_case_against_solves(arc: str, reference: tuple[Any, Any, Any]) -> None:
    """Each with 0.01 mcm/d more and less, solved again: TAP and its booking end together, so that more of it alone saves nothing."""
    model, solution, congestion = reference
    row = congestion.loc[arc]
    assert row["worth_proven"]
    for sign, told in ((1, -row["worth_of_more_musd"]), (-1, row["worth_of_less_musd"])):
        moved = model.program([f"arc[{arc}].capacity += {sign * 0.01} mcm/d"])
        found = solve_program(moved, SolveOptions(second_stage=False)).objective
        assert (found - solution.objective) / 0.01 == pytest.approx(told, rel=1e-6, abs=1e-6)


@pytest.fixture(scope="module")
def reference() -> tuple[Any, Any, Any]:
    model = en.load(Path(__file__).parents[2] / "models" / "corridor-2025.yaml")
    solution = model.solution()
    return model, solution, Tables(solution)["congestion"].set_index("arc")
