"""Every scenario of a part is checked against the arrays of its system: all at once, with the figures of one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from network import system
from systems import EVERYTHING

from energynet.program.layout import Program
from energynet.recheck import recheck, recheck_many
from energynet.recheck.values import Values
from energynet.results.stack import groups
from energynet.solution import Solution, solution_of, solve_laid
from energynet.solver import Result
from energynet.sweep.part import OPTIMAL, Outcome, checked_again
from energynet.system.system import System

YEAR = {"start": "2025-01-01", "end": "2025-12-31", "storage_end": "stocks"}
FACTORS = (1.0, 0.97, 0.9, 0.93)


def scaled(made: System, factor: float) -> System:
    """The system with all demands times a factor."""
    table = made["demands"]
    numbers = {**table.number, "quantity": table.number["quantity"] * factor}
    return replace(made, records={**made.records, "demands": replace(table, number=numbers)})


@pytest.fixture(scope="module")
def solutions() -> list[Solution]:
    made = system(EVERYTHING, **YEAR)
    compiled = Program(made)
    base = compiled.lay(made)
    found = []
    for factor in FACTORS:
        own = scaled(made, factor)
        laid = replace(compiled.lay(own), columns=base.columns, rows=base.rows)
        solved = solve_laid(own, laid)
        result = Result(
            laid, solved.primal, solved.dual, solved.reduced, solved.objective, replace(solved.certificate, checks=()), {}, 0
        )  # fmt: skip
        found.append(solution_of(own, result, rechecked=False))
    return found


def outcomes(solutions: list[Solution]) -> list[Outcome]:
    return [Outcome(OPTIMAL, one.objective, "", 0.1, False, one) for one in solutions]


def test_one_group_and_all_pass(solutions: list[Solution]) -> None:
    assert len(groups(list(enumerate(solutions)))) == 1
    found = checked_again(outcomes(solutions))
    assert [one.status for one in found] == [OPTIMAL] * len(FACTORS)
    for one in found:
        assert one.solution is not None
        assert one.seconds > 0.1
        assert "recheck objective" in {check.name for check in one.solution.certificate.checks}


def test_a_wrong_flow_in_the_third_scenario_is_found(solutions: list[Solution]) -> None:
    """In any of its columns of flow; the others stay as they are."""
    families = {family.name: family for family in solutions[0].program.columns}
    for name in ("flow", "supply", "taken", "inventory", "delivered"):
        primal = solutions[2].primal.copy()
        primal[families[name].first + 5 * solutions[2].program.columns_per_period] += 1e-3
        found = checked_again(outcomes([*solutions[:2], replace(solutions[2], primal=primal), solutions[3]]))
        assert [one.status for one in found] == [OPTIMAL, OPTIMAL, "not_certified", OPTIMAL], name
        assert "recheck" in found[2].reason
        assert found[2].solution is None
        assert np.isnan(found[2].objective)


def test_a_number_of_another_scenario_is_found(solutions: list[Solution]) -> None:
    """The flows of the second scenario under the name of the third."""
    third = replace(solutions[2], primal=solutions[1].primal, objective=solutions[1].objective)
    found = checked_again(outcomes([*solutions[:2], third]))
    assert [one.status for one in found] == [OPTIMAL, OPTIMAL, "not_certified"]
    assert "demands" in found[2].reason


def test_all_at_once_has_the_figures_of_one_by_one(solutions: list[Solution]) -> None:
    """Flows moved at random, so that rows of all kinds are broken: each check has the same figure at the same place."""
    rng = np.random.default_rng(5)
    for _ in range(5):
        flows = [one.primal + rng.normal(0.0, 0.1, len(one.primal)) * (rng.random(len(one.primal)) < 0.05) for one in solutions]
        costs = np.array([one.objective for one in solutions])
        first = solutions[0]
        many = recheck_many(Values(first.system, first.program, np.column_stack(flows), [one.system for one in solutions]), costs)
        for one, primal, checks in zip(solutions, flows, many, strict=True):
            alone = recheck(Values(one.system, one.program, primal), one.objective)
            assert [check.name for check in alone] == [check.name for check in checks]
            for mine, other in zip(alone, checks, strict=True):
                assert mine.worst == pytest.approx(other.worst, rel=1e-9, abs=1e-9), mine.name
                assert mine.where == other.where or mine.holds
