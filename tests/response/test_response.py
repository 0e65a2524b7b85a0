"""The exact response: known breakpoints, a dense grid of solves, ties, lines that end, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from network import arc, case, demand, node, package, supply
from systems import EVERYTHING

from energynet.analysis.response.answer import Response, respond
from energynet.analysis.response.legs import legs_of
from energynet.analysis.response.line import Leg
from energynet.cli.main import energynet
from energynet.errors import CertificateFailure, Infeasible, InputFaults, UsageFault
from energynet.model import load
from energynet.solution import Solution, solve_system
from energynet.solver import SolveOptions
from energynet.system.system import build_system

Tables = Mapping[str, Sequence[Mapping[str, Any]]]
DAY = {"start": "2025-01-01", "end": "2025-01-01", "step": "day"}
MERIT: dict[str, Any] = {
    "nodes": [node("f"), node("m", "BB")],
    "arcs": [arc("pipe", "f", "m", 12, 5)],
    "supplies": [supply("field", "f", 40, 20), supply("terminal", "m", 6, 40, "B"), supply("ship", "m", 50, 70, "B")],
    "demands": [demand("market", "m", 10)],
}

MERIT_DATA = package(MERIT)


def follow(tables: Tables, vary: str, **spec: Any) -> Response:
    data, chosen = MERIT_DATA if tables is MERIT else package(tables), case(**(spec or DAY))
    return respond(legs_of(vary, chosen, data), lambda moved: build_system(data, chosen, moved), SolveOptions())


def solver(tables: Tables, vary: str, **spec: Any) -> Any:
    """Solves at a value of the one change that varies."""
    data, chosen = package(tables), case(**(spec or DAY))
    (leg,) = legs_of(vary, chosen, data)

    def solve(value: float) -> Solution:
        return solve_system(build_system(data, chosen, (leg.change(value),)))

    return solve


@cache
def merit(vary: str) -> Response:
    return follow(MERIT, vary)


def values(response: Response) -> list[float]:
    return [response.line.legs[0].value(point.share) for point in response.points]


def test_the_breakpoints_of_a_merit_order() -> None:
    """The pipe brings 12 at 25 USD, the terminal 6 at 40, ships the rest at 70: demand bends at 12 and 18; 0.001 million a unit."""
    found = merit("demand[market].quantity = 5:30 mcm/d")
    assert values(found) == pytest.approx([5, 12, 18, 30], abs=1e-9)
    assert [point.kind for point in found.points] == ["start", "kink", "kink", "end"]
    assert [found.slope(piece) for piece in found.pieces] == pytest.approx([0.025, 0.040, 0.070], abs=1e-12)
    assert found.objective(20) == pytest.approx(0.001 * (12 * 25 + 6 * 40 + 2 * 70), abs=1e-12)
    assert all(point.certificate.holds for point in found.points)


def test_what_changes_is_said_in_the_words_of_the_market() -> None:
    table, day = follow(MERIT, "demand[market].quantity *= 0.5:3").tables["breakpoints"], "in 2025-01-01"
    assert list(table["words"]) == [
        "",
        f"above +20 %: pipe is full {day}; terminal begins {day}; market begins to take B {day}; BB turns from A to B",
        f"above +80 %: terminal is at its maximum {day}; ship begins {day}",
        "",
    ]


def test_prices_are_steps_and_figures_are_corners() -> None:
    tables = merit("demand[market].quantity = 5:30 mcm/d").tables
    steps = tables["response_prices"]
    assert steps[["from_value", "to_value", "price"]].to_numpy().tolist() == pytest.approx(
        np.array([[5, 12, 25], [12, 18, 40], [18, 30, 70]])
    )
    flow = tables["response"].query("kind == 'flow'")
    assert list(flow["volume"]) == pytest.approx([0.005, 0.012, 0.012, 0.012])
    assert set(flow["unit"]) == {"bcm"}


def test_a_line_of_capacity_runs_down_the_same_merit_order() -> None:
    """With a demand of 10 and 6 at the terminal the ship is not needed from a capacity of 4 on, nor the terminal from 10 on."""
    found = follow(MERIT, "arc[pipe].capacity = 0:20 mcm/d")
    assert values(found) == pytest.approx([0, 4, 10, 20], abs=1e-9)
    assert [found.slope(piece) for piece in found.pieces] == pytest.approx([-0.045, -0.015, 0.0], abs=1e-12)


def test_changes_that_move_together_are_one_line() -> None:
    """The market grows by 10 while the pipe grows by 5: the terminal begins where 10 + 10 s passes 12 + 5 s, the ship at 18 + 5 s."""
    found = follow(MERIT, "demand[market].quantity = 10:20 mcm/d together arc[pipe].capacity = 12:17 mcm/d")
    assert values(found) == pytest.approx([10, 14, 20], abs=1e-9)
    assert "arc[pipe].capacity = mcm/d" in found.tables["breakpoints"]
    assert found.tables["breakpoints"]["arc[pipe].capacity = mcm/d"].tolist() == pytest.approx([12, 14, 17])


@settings(max_examples=4, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 900)), min_size=2, max_size=6, unique_by=lambda pair: pair[1]))
def test_any_merit_order_bends_where_its_capacities_add_up(steps: list[tuple[int, int]]) -> None:
    total = sum(size for size, _ in steps)
    sources = [supply(f"s{k}", "m", size / 7, cost) for k, (size, cost) in enumerate(steps)]
    found = follow(
        {"nodes": [node("m")], "supplies": sources, "demands": [demand("d", "m", 1, 2000)]}, f"demand[d].quantity = 0:{total / 7!r} mcm/d"
    )
    bends = np.cumsum([size / 7 for size, _ in sorted(steps, key=lambda pair: pair[1])])
    assert values(found) == pytest.approx([0.0, *bends], abs=1e-7)


def test_breakpoints_nearer_than_what_can_be_told_apart_are_one() -> None:
    near = {**MERIT, "supplies": [*MERIT["supplies"][:1], supply("terminal", "m", 1e-7, 40, "B"), MERIT["supplies"][2]]}
    found = follow(near, "demand[market].quantity = 5:30 mcm/d")
    assert values(found) == pytest.approx([5, 12, 30], abs=1e-6)


@pytest.fixture(scope="module")
def everything() -> tuple[Response, Any]:
    vary, spec = "demand[*].quantity *= 0.95:1.05", {"start": "2025-01-01", "end": "2025-12-31", "storage_end": "stocks"}
    return follow(EVERYTHING, vary, **spec), solver(EVERYTHING, vary, **spec)


def test_the_response_equals_a_dense_grid_of_solves(everything: tuple[Response, Any]) -> None:
    """Every component at work over twelve months: objective and every single volume."""
    response, solve = everything
    assert len(response.pieces) > 10
    for value in np.linspace(0.95, 1.05, 6):
        here, alone = response.at(float(value)), solve(float(value))
        assert here.objective == pytest.approx(alone.objective, rel=1e-9)
        assert np.abs(here.primal - alone.primal).max() <= 1e-7


def test_no_breakpoint_is_missed(everything: tuple[Response, Any]) -> None:
    """Pieces join without a gap, at one volume each, and the objective only ever bends upwards: a least cost is convex."""
    response, _ = everything
    assert response.pieces[0].first == pytest.approx(0.0, abs=1e-9)
    assert response.pieces[-1].last == pytest.approx(1.0, abs=1e-9)
    for before, after in zip(response.pieces, response.pieces[1:], strict=False):
        assert abs(before.last - after.first) <= 1e-7
        assert np.abs(before.primal.at(before.last) - after.primal.at(before.last)).max() <= 1e-6
    assert np.diff([response.slope(piece) for piece in response.pieces]).min() >= -1e-6


def test_ties_are_broken_as_in_a_solve() -> None:
    """Two equal ways and two equal sources: the one answer is followed, not any."""
    hubs = [node(f"h{k}") for k in range(4)]
    links = [arc(f"a{k}{way}", f"h{k}", f"h{(k + 1) % 4}", 5, 1) for k in range(4) for way in "xy"]
    tables = {
        "nodes": hubs, "arcs": links, "supplies": [supply("s0", "h0", 9, 20), supply("s2", "h2", 9, 20)],
        "demands": [demand("d1", "h1", 4), demand("d3", "h3", 4)],
    }  # fmt: skip
    vary = "demand[*].quantity *= 0.2:2.4"
    response, solve = follow(tables, vary), solver(tables, vary)
    for value in np.linspace(0.2, 2.4, 9):
        assert np.abs(response.at(float(value)).primal - solve(float(value)).primal).max() <= 1e-7


def test_a_buyer_that_is_gone_at_one_end_is_no_other_program() -> None:
    found = follow(MERIT, "demand[market].quantity *= 0:2")
    assert found.objective(0.0) == pytest.approx(0.0, abs=1e-12)
    assert found.at(0.0).certificate.holds


def test_a_line_ends_where_nothing_keeps_all_limits() -> None:
    """At most 12 + 6 + 50 can come, and no demand may go unserved."""
    found = follow(MERIT, "demand[market].quantity = 50:90 mcm/d", unserved="forbidden", **DAY)
    assert values(found) == pytest.approx([50, 68], abs=1e-7)
    assert found.points[-1].kind == "edge"
    assert found.line.legs[0].value(found.without[0].first) == pytest.approx(68, abs=1e-7)
    assert "no flows keep all limits" in found.tables["breakpoints"]["words"].iloc[-1]
    with pytest.raises(UsageFault, match="there is no answer"):
        found.at(70.0)


def test_a_line_without_any_answer_is_infeasible() -> None:
    with pytest.raises(Infeasible):
        follow(MERIT, "demand[market].quantity = 80:90 mcm/d", unserved="forbidden", **DAY)


def test_an_answer_is_read_at_any_value_with_all_its_tables() -> None:
    from energynet.results.tables import Tables as ResultTables

    found = merit("demand[market].quantity = 5:30 mcm/d").at(15.0)
    deliveries = ResultTables(found)["deliveries"].query("per == 'year'").set_index("origin")["beyond_contract"]
    assert deliveries.to_dict() == pytest.approx({"A": 12, "B": 3})


@pytest.mark.parametrize(
    ("vary", "said"),
    [
        ("arc[pipe].tariff *= 0.5:2", "moves the cost of flow"),
        ("arc[pipe].loss = 0:0.1", "moves a coefficient"),
        ("arc[pipe].capacity *= 0.5:1 together arc[pipe].availability *= 0.5:1", "does not move in a straight line"),
        ("arc[pipe].length_km *= 1:2", "chooses between equal answers"),
        ("arc[pipe].minimum *= 1:2", "moves nothing"),
        ("demand[market].quantity *= 1:1", "no line to follow"),
    ],
)
def test_a_line_that_cannot_be_followed_is_refused_with_a_word_why(vary: str, said: str) -> None:
    with pytest.raises(UsageFault, match=said):
        follow(MERIT, vary)


def test_a_line_that_ends_in_a_number_that_no_row_may_hold_is_refused() -> None:
    with pytest.raises(InputFaults, match="would be -6, which is less than 0"):
        follow(MERIT, "supply[terminal].maximum += -12:6 mcm/d")


def test_a_line_must_be_a_range_without_a_step_of_something_there() -> None:
    with pytest.raises(InputFaults) as told:
        follow(MERIT, "demand[markt].quantity *= {1, 2}")
    assert [fault.check for fault in told.value.faults] == ["vary", "change"]
    assert "market" in str(told.value)


def test_several_programs_or_whole_numbers_are_refused() -> None:
    with pytest.raises(UsageFault, match="rolling"):
        follow(MERIT, "demand[market].quantity *= 1:2", contract_years="rolling", **DAY)


def test_a_point_that_is_not_proven_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from energynet.analysis.response import follow as walking

    honest = walking.piece_of

    def lying(*given: Any) -> Any:
        piece = honest(*given)
        return replace(piece, dual=1.01 * piece.dual)

    monkeypatch.setattr(walking, "piece_of", lying)
    with pytest.raises(CertificateFailure):
        follow(MERIT, "demand[market].quantity *= 1:2")


def test_a_leg_gives_its_values_in_the_unit_of_the_change() -> None:
    leg = Leg("x", 4.0, 8.0, lambda _: pytest.fail("not asked"))
    assert leg.value(0.25) == 5.0


def test_an_objective_before_the_cost_is_refused() -> None:
    with pytest.raises(UsageFault, match="follows the least cost"):
        legs_of("demand[market].quantity *= 1:2", replace(case(**DAY), objective="unserved"), MERIT_DATA)


def test_the_command_follows_one_line_and_writes_its_tables(tmp_path: Path) -> None:
    with resources.as_file(resources.files("energynet") / "starter") as starter:
        model = str(next((starter / "models").glob("*.yaml")))
        first = next(iter(load(model).package["demands"]["id"]))
        line, out = f"demand[{first}].quantity *= 0.9:1.1", tmp_path / "line"
        told = CliRunner().invoke(energynet, ["response", model, line, "--out", str(out), "--json"])
        assert told.exit_code == 0, told.output
        points = json.loads(told.stdout)["breakpoints"]
        assert [points[0]["kind"], points[-1]["kind"]] == ["start", "end"]
        assert pd.read_parquet(out / "breakpoints.parquet")["certified"].all()
        assert json.loads((out / "manifest.json").read_text())["kind"] == "response"
        words = CliRunner().invoke(energynet, ["sweep", model, "--vary", line, "--exact", "--out", str(out)])
        assert "where the cost bends" in words.stdout
        for wrong in (["--vary", line, "--vary", line], ["--vary", line, "--sample", "sobol:4"]):
            assert isinstance(CliRunner().invoke(energynet, ["sweep", model, *wrong, "--exact"]).exception, UsageFault)
