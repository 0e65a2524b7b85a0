"""The certificate takes a true optimum, and rejects one that was touched anywhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from network import program
from systems import EVERYTHING

from energynet.program.linear_program import LinearProgram
from energynet.solver import Result, certify, solve_program

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


def test_nan_never_holds(laid: LinearProgram, solved: Result) -> None:
    broken = solved.primal.copy()
    broken[0] = np.nan
    assert not certify(laid, broken, solved.dual, solved.objective).holds
