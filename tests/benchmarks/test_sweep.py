"""The rate of a sweep of the monthly reference case: against a raw HiGHS loop that does the same solves, on two cores, and against Pyomo.

CPU seconds of one core, scenario by scenario in turn, so that what else the machine does weighs on both alike. SWEEP_SCENARIOS says how
many; 1000 takes some minutes.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from time import process_time

import numpy as np
import pytest

from energynet.model import load
from energynet.program.linear_program import LinearProgram
from energynet.results.stack import tables_of
from energynet.solver.certificate import certify
from energynet.solver.face import ZERO
from energynet.solver.prices import HAIR
from energynet.solver.session import QuietHighs, Session, SolveOptions
from energynet.solver.warm import DEVEX, leaning
from energynet.sweep.engine import Engine
from energynet.sweep.part import outcome_of, parquet
from energynet.sweep.sweep import DEFAULT_TABLES
from energynet.system.system import changed_system

pytestmark = pytest.mark.bench
COUNT = int(os.environ.get("SWEEP_SCENARIOS", "100"))
MODEL = Path(__file__).parents[2] / "models" / "corridor-2025.yaml"


@pytest.fixture(scope="module")
def sweep():
    return load(MODEL).sweep(["demand[*].quantity *= 0.9:1.1", "demand[tr_market].quantity *= 0.9:1.1"], sample=f"latin:{COUNT}")


class Raw:
    """HiGHS called as a careful user would: bounds written whole, the base's basis set, five solves a scenario, every answer read."""

    def __init__(self, base: LinearProgram, basis) -> None:
        self.highs: QuietHighs = Session(base, SolveOptions()).highs
        options = {
            "solver": "simplex", "simplex_dual_edge_weight_strategy": DEVEX, "dual_simplex_cost_perturbation_multiplier": 0.0,
            "presolve": "off",
        }  # fmt: skip
        for name, value in options.items():
            self.highs.setOptionValue(name, value)
        self.basis = basis
        self.columns, self.rows = np.arange(base.column_count, dtype=np.int32), np.arange(base.row_count, dtype=np.int32)
        self.weights = base.column_weights()
        self.hair = [HAIR * weights for weights in (self.weights, base.row_weights())]
        self.stages = [values / np.abs(values).max() for values in (base.fuel, base.haul, base.column_weights())]

    def solve(self, program: LinearProgram) -> np.ndarray:
        highs = self.highs
        highs.clearSolver()
        lower, upper, low, high = (v.copy() for v in (program.lower, program.upper, program.row_lower, program.row_upper))
        highs.changeColsBounds(len(lower), self.columns, lower - self.hair[0], upper + self.hair[0])
        highs.changeRowsBounds(len(low), self.rows, low - self.hair[1], high + self.hair[1])
        highs.changeColsCost(len(lower), self.columns, leaning(program, self.weights))
        highs.setOptionValue("simplex_strategy", 1)
        highs.setBasis(self.basis)
        highs.run()
        highs.changeColsCost(len(lower), self.columns, program.cost)
        highs.setOptionValue("simplex_strategy", 4)
        primal, reduced, dual = self._run()
        highs.changeColsBounds(len(lower), self.columns, lower, upper)
        highs.changeRowsBounds(len(low), self.rows, low, high)
        for cost in self.stages:
            for one, other, values, change, all_ in (
                (lower, upper, reduced, highs.changeColsBounds, self.columns), (low, high, dual, highs.changeRowsBounds, self.rows),
            ):  # fmt: skip
                down, up = (one != other) & (values > ZERO) & np.isfinite(one), (one != other) & (values < -ZERO) & np.isfinite(other)
                other[down], one[up] = one[down], other[up]
                moved = all_[down | up]
                if len(moved):
                    change(len(moved), moved, one[moved], other[moved])
            highs.changeColsCost(len(lower), self.columns, cost)
            primal, reduced, dual = self._run()
        return primal

    def _run(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        self.highs.run()
        found = self.highs.getSolution()
        return np.array(found.col_value), np.array(found.col_dual), np.array(found.row_dual)


def test_the_rate_of_a_raw_loop(sweep):
    """At least 0.85 of its rate with certificates, and again with tables and Parquet; the certificate takes under 5 %."""
    engine = Engine(sweep.setting)
    basis = engine.basis()
    engine.begin()
    changes = [sweep.design.changes(k) for k in range(COUNT)]
    systems = [changed_system(engine.reading, (*sweep.setting.common, *own), like=engine.base) for own in changes]
    programs = [engine.patch.program(system) for system in systems]
    loop = Raw(engine.program, basis.highs())
    loop.solve(programs[0])
    outcome_of(engine, changes[0])
    raw = ours = certificate = 0.0
    outcomes = []
    for program, own in zip(programs, changes, strict=True):
        started = process_time()
        primal = loop.solve(program)
        raw += process_time() - started
        started = process_time()
        outcomes.append(outcome_of(engine, own, rechecked=not outcomes))
        ours += process_time() - started
        found = outcomes[-1].solution
        started = process_time()
        certify(found.program, found.primal, found.dual, found.objective)
        certificate += process_time() - started
        # the same vertex; a basic column that is zero carries the rounding of its basis, in either loop
        np.testing.assert_allclose(primal, outcomes[-1].solution.primal, rtol=1e-9, atol=1e-8)
    started = process_time()
    for first in range(0, COUNT, 16):  # parts as a sweep of a thousand has them
        solved = [(first + k, one.solution) for k, one in enumerate(outcomes[first : first + 16])]
        for frame in tables_of(solved, DEFAULT_TABLES).values():
            parquet(frame)
    written = process_time() - started
    print(f"\na scenario: raw {1e3 * raw / COUNT:.1f} ms, ours {1e3 * ours / COUNT:.1f}, of it certificate {1e3 * certificate / COUNT:.2f}")
    print(f"tables and files {1e3 * written / COUNT:.1f}; rate {raw / ours:.3f} of raw, {raw / (ours + written):.3f} with tables and files")
    assert certificate < 0.05 * ours
    assert raw / ours >= 0.85


def test_two_processes_against_one(sweep, tmp_path):
    """The rate from the first part on: the start of the processes apart."""
    rates = []
    for jobs in (1, 2):
        told: list[tuple[float, int]] = []
        sweep.write(
            tmp_path / str(jobs), jobs=jobs, progress=lambda done, total, failed, told=told: told.append((time.perf_counter(), done))
        )
        begun, ended = next(one for one in told if one[1]), told[-1]
        rates.append((ended[1] - begun[1]) / (ended[0] - begun[0]))
    print(f"\nscenarios a second: {rates[0]:.1f} with one process, {rates[1]:.1f} with two: {rates[1] / rates[0]:.2f} times")
    assert rates[1] / rates[0] >= 1.7


def test_a_rebuild_in_pyomo(sweep):
    """An ordinary Pyomo model built and solved anew, without a second stage and without tables: at least 30 times slower."""
    import pyomo.environ as pyo

    engine, model = Engine(sweep.setting), load(MODEL)
    engine.basis()
    outcome_of(engine, sweep.design.changes(0))
    started = process_time()
    for k in range(10):
        outcome_of(engine, sweep.design.changes(k), rechecked=False)
    ours = (process_time() - started) / 10
    started = process_time()
    built = model.pyomo(sweep.design.changes(1))
    pyo.SolverFactory("appsi_highs").solve(built)
    rebuilt = process_time() - started
    print(f"\na scenario: {ours:.3f} s, a rebuild {rebuilt:.2f} s: {rebuilt / ours:.0f} times")
    assert rebuilt / ours >= 30
