"""The certificate takes a true optimum, and rejects one that was touched anywhere."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from network import program
from systems import EVERYTHING

from energynet.program.linear_program import LinearProgram
from energynet.solver import Result, certify, solve_program
from energynet.solver.certificate import Certificate, Check, worst_by_name, worst_of

YEAR = {"start": "2025-01-01", "end": "2025-12-31", "storage_end": "stocks"}


@pytest.fixture(scope="module")
def laid() -> LinearProgram:
    return program(EVERYTHING, **YEAR)


@pytest.fixture(scope="module")
def solved(laid: LinearProgram) -> Result:
    return solve_program(laid)


def test_an_optimum_is_certified(laid: LinearProgram, solved: Result) -> None:
    assert certify(laid, solved.primal, solved.dual, solved.objective).holds


def test_every_moved_value_of_an_equality_is_seen(laid: LinearProgram, solved: Result) -> None:
    """Each value that stands in an equality row, moved by 1e-3, one at a time."""
    equality = laid.row_lower == laid.row_upper
    for j in range(laid.column_count):
        rows = slice(laid.start[j], laid.start[j + 1])
        if equality[laid.index[rows]].any() and np.abs(laid.value[rows][equality[laid.index[rows]]]).max() > 1e-2:
            moved = solved.primal.copy()
            moved[j] += 1e-3
            assert not certify(laid, moved, solved.dual, solved.objective).holds, laid.column_name(j)


def test_the_largest_dual_with_its_sign_flipped(laid: LinearProgram, solved: Result) -> None:
    flipped = solved.dual.copy()
    k = int(np.argmax(np.abs(flipped)))
    flipped[k] = -flipped[k]
    assert not certify(laid, solved.primal, flipped, solved.objective).holds


def test_two_unequal_duals_swapped(laid: LinearProgram, solved: Result) -> None:
    by_size = np.argsort(-np.abs(solved.dual))
    one, other = by_size[0], next(k for k in by_size if abs(solved.dual[k] - solved.dual[by_size[0]]) > 1e-3)
    swapped = solved.dual.copy()
    swapped[[one, other]] = swapped[[other, one]]
    assert not certify(laid, solved.primal, swapped, solved.objective).holds


def test_a_dropped_constant(laid: LinearProgram, solved: Result) -> None:
    assert laid.offset > 1.0
    assert not certify(replace(laid, offset=0.0), solved.primal, solved.dual, solved.objective).holds
    item = next(k for k, one in enumerate(laid.costs) if one.constant)
    costs = (*laid.costs[:item], replace(laid.costs[item], constant=0.0), *laid.costs[item + 1 :])
    assert not certify(replace(laid, costs=costs), solved.primal, solved.dual, solved.objective).holds


def test_a_bound_passed_over(laid: LinearProgram, solved: Result) -> None:
    below = solved.primal.copy()
    below[int(np.argmin(below))] = -1e-3
    found = certify(laid, below, solved.dual, solved.objective)
    assert "bounds" in {check.name for check in found.failures}


@pytest.mark.parametrize("where", ["primal", "dual"])
def test_a_figure_that_is_no_number_never_holds(laid: LinearProgram, solved: Result, where: str) -> None:
    """One NaN anywhere in the primal or the dual, one at a time."""
    for k in range(0, len(getattr(solved, where)), 7):
        held = {"primal": solved.primal.copy(), "dual": solved.dual.copy()}
        held[where][k] = np.nan
        assert not certify(laid, held["primal"], held["dual"], solved.objective).holds, k
    assert not certify(laid, solved.primal, solved.dual, np.nan).holds


@pytest.mark.parametrize("figures", list(itertools.permutations([0.0, np.nan, 1e-12])))
def test_the_worst_of_several_parts_is_the_one_that_is_no_number(figures: tuple[float, ...]) -> None:
    """In whatever order the parts come, as windows or as points of a response."""
    checks = [Check("rows", figure, f"row{k}", "units", 1e-6) for k, figure in enumerate(figures)]
    parts = [(str(k), Certificate((check,))) for k, check in enumerate(checks)]
    for [worst] in (worst_of(parts), worst_by_name(checks)):
        assert np.isnan(worst.worst)
        assert not worst.holds
        assert not Certificate((worst,)).holds
