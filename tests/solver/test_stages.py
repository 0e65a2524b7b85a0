"""The stages after the cost are proven from their duals: flows of another stage, or another dual, do not pass."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from network import arc, demand, node, program, supply
from scipy.optimize import linprog
from systems import EVERYTHING

from energynet.errors import CertificateFailure
from energynet.program.linear_program import LinearProgram
from energynet.solver import Result, SolveOptions, solve_program
from energynet.solver.certificate import Certificate
from energynet.solver.known import Known, taken_up
from energynet.solver.stages import STAGES, certify_stages

YEAR = {"start": "2025-01-01", "end": "2025-12-31", "storage_end": "stocks"}


LENGTHS = {"a_long": 900, "a_short": 100, "b_short": 100}


def ties() -> dict[str, list[dict[str, object]]]:
    """Three ways at one cost: one is longer, and two are alike but for the name."""
    return {
        "nodes": [dict(node("h")), dict(node("m"))], "supplies": [dict(supply("s", "h", 50, 0, "A"))],
        "demands": [dict(demand("d", "m", 20))],
        "arcs": [{**arc(name, "h", "m", 30, 1), "length_km": length} for name, length in LENGTHS.items()],
    }  # fmt: skip


@pytest.fixture(scope="module", params=["ties", "everything"])
def solved(request: pytest.FixtureRequest) -> Result:
    return solve_program(program(ties() if request.param == "ties" else dict(EVERYTHING), **YEAR))


def failing(solved: Result, *, primal: np.ndarray | None = None, **stages: np.ndarray) -> list[str]:
    """The checks of the stages that fail for other flows or duals."""
    flows = solved.primal if primal is None else primal
    checks = certify_stages(solved.program, flows, solved.dual, {**solved.stages, **stages})
    return [check.name for check in checks if not check.holds]


def test_each_stage_is_proven(solved: Result) -> None:
    names = [check.name for check in solved.certificate.checks if check.name.startswith("least ")]
    assert len(names) == 2 * len(STAGES)
    assert not failing(solved)


def face_least(program: LinearProgram, objectives: list[np.ndarray], cost: float) -> list[float]:
    """The least of each objective in turn by another solver, each kept as a row at its least (a little let out) for those after it."""
    kept, limits, found = [program.cost], [cost + 1e-7 * abs(cost)], list[float]()
    matrix = program.matrix().toarray()
    up, down = np.isfinite(program.row_upper), np.isfinite(program.row_lower)
    for objective in objectives:
        left = np.vstack([matrix[up], -matrix[down], *kept])
        right = np.concatenate([program.row_upper[up], -program.row_lower[down], limits])
        bounds = np.column_stack([program.lower, program.upper])
        answer = linprog(objective, A_ub=left, b_ub=right, bounds=bounds, method="highs-ds")
        found.append(float(answer.fun))
        kept.append(objective)
        limits.append(answer.fun + 1e-7 * max(abs(answer.fun), 1.0))
    return found


def test_the_stages_are_those_of_a_plain_second_computation(solved: Result) -> None:
    laid = solved.program
    expected = face_least(laid, [laid.fuel, laid.haul], float(laid.cost @ solved.primal))
    for objective, least in zip((laid.fuel, laid.haul), expected, strict=True):
        assert float(objective @ solved.primal) == pytest.approx(least, rel=1e-4, abs=1e-3)


def test_flows_of_the_first_stage_are_not_those_of_the_last() -> None:
    laid = program(ties(), **YEAR)
    solved, first = solve_program(laid), solve_program(laid, SolveOptions(second_stage=False))
    assert not first.stages
    assert np.abs(first.primal - solved.primal).max() > 1.0, "the first stage alone found the same flows: this case has too few ties"
    assert failing(solved, primal=first.primal)


def moved(solved: Result, way: str) -> np.ndarray:
    """The flows with all of March on one way."""
    flows, places = solved.primal.copy(), {name: solved.program.column_names.index(f"flow[{name},A]@2025-03") for name in LENGTHS}
    flows[list(places.values())] = 0.0
    flows[places[way]] = sum(solved.primal[place] for place in places.values())
    return flows


def test_flows_that_a_stage_would_refuse_fail_at_it() -> None:
    """All of a month on a way that costs and burns the same but is longer, or that has but another name."""
    solved = solve_program(program(ties(), **YEAR))
    assert "least haul: gap" in failing(solved, primal=moved(solved, "a_long"))
    by_name = [failing(solved, primal=moved(solved, way)) for way in ("a_short", "b_short")]
    assert sorted(by_name) == [[], ["least tie-break by names: gap"]]


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("change", [lambda dual: -dual, lambda dual: 0.5 * dual, lambda dual: dual + 0.01, lambda dual: np.nan * dual])
def test_another_dual_is_seen(stage: str, change: Callable[[np.ndarray], np.ndarray]) -> None:
    solved = solve_program(program(dict(EVERYTHING), **YEAR))
    assert np.abs(solved.stages[stage]).max() > 0.0
    assert failing(solved, **{stage: change(solved.stages[stage])})


def test_what_is_known_is_proven_again(solved: Result) -> None:
    """The certificate made anew from what is kept has the same checks; with a dual changed it does not hold."""
    kept = Known(solved.primal, solved.dual, solved.reduced, solved.found, stages=solved.stages)
    again = taken_up(solved.program, kept)
    assert [check.name for check in again.certificate.checks] == [check.name for check in solved.certificate.checks]
    assert again.certificate.holds
    changed = Known(solved.primal, solved.dual, solved.reduced, solved.found, stages={**solved.stages, "names": -solved.stages["names"]})
    with pytest.raises(CertificateFailure, match="tie-break by names"):
        Certificate(taken_up(solved.program, changed).certificate.checks).demand()
