"""A solution: primal and dual values by the names of the algebra, with the system that they answer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from energynet.program.layout import Program
from energynet.program.linear_program import Family, LinearProgram
from energynet.recheck import recheck
from energynet.recheck.physical import physical
from energynet.recheck.values import Values
from energynet.solver import Certificate, Result, SolveOptions, solve_program
from energynet.solver.optimal_set import dual_ranges
from energynet.system.system import System

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """One program of those that make up a solution, over several contract years or by several objectives; values as in `Solution`."""

    label: str
    program: LinearProgram
    primal: Floats
    dual: Floats
    reduced: Floats
    objective: float
    found: float
    bound: float = np.nan
    stages: Mapping[str, Floats] = field(default_factory=dict)

    @classmethod
    def of(cls, label: str, result: Result) -> Part:
        """A certified result as a part."""
        held = result.primal, result.dual, result.reduced, result.objective
        return cls(label, result.program, *held, result.found, result.bound, result.stages)


@dataclass(frozen=True)
class Solution:
    """`primal` (columns,) from the last stage; `dual` (rows,) and `reduced` (columns,) from the first; objective in million USD.

    `seconds` holds the time of each stage of the work by name. `dual_ranges` has, for the rows where it was asked, the least and
    greatest dual over all optimal ones. `parts` are the windows of a rolling horizon, each an optimum by itself, whose duals are in `dual`;
    or the programs solved one after the other where other objectives come before the cost. `found`, `bound` and `stages` as in
    `solver.Result`.
    """

    status: str
    objective: float
    system: System
    program: LinearProgram
    primal: Floats
    dual: Floats
    reduced: Floats
    certificate: Certificate
    seconds: Mapping[str, float] = field(default_factory=dict)
    iterations: int = 0
    dual_ranges: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    found: float = np.nan
    bound: float = np.nan
    stages: Mapping[str, Floats] = field(default_factory=dict)

    @cached_property
    def _columns(self) -> Mapping[str, Family]:
        return {family.name: family for family in self.program.columns}

    @cached_property
    def _rows(self) -> Mapping[str, Family]:
        return {family.name: family for family in self.program.rows}

    def keys(self, variable: str) -> tuple[tuple[str, ...], ...]:
        """The keys of a variable, in the order of its columns; empty where no such variable exists in this case."""
        family = self._columns.get(variable)
        return family.keys if family else ()

    def row_keys(self, constraint: str) -> tuple[tuple[str, ...], ...]:
        family = self._rows.get(constraint)
        return family.keys if family else ()

    def values(self, variable: str) -> Floats:
        """Values of a variable: (T, keys), or (keys,) for a variable of the horizon."""
        return self._take(self._columns.get(variable), self.primal, self.program.columns_per_period)

    def reduced_costs(self, variable: str) -> Floats:
        """Reduced costs of a variable, million USD a unit: shaped as `values`."""
        return self._take(self._columns.get(variable), self.reduced, self.program.columns_per_period)

    def duals(self, constraint: str) -> Floats:
        """Duals of a constraint, million USD a unit of its right-hand side: (T, keys), or (keys,) for one of the horizon."""
        return self._take(self._rows.get(constraint), self.dual, self.program.rows_per_period)

    def horizon_value(self, variable: str, *key: str) -> float:
        """One value of a variable of the horizon; the last part of the key is the year."""
        return float(self.values(variable)[self.keys(variable).index(key)])

    def _take(self, family: Family | None, vector: Floats, per_period: int) -> Floats:
        periods = len(self.program.periods)
        if family is None:
            return np.zeros((periods, 0))
        if family.horizon:
            first = periods * per_period + family.first
            return vector[first : first + len(family.keys)]
        return vector[: periods * per_period].reshape(periods, per_period)[:, family.first : family.first + len(family.keys)]

    def dual_range(self, constraint: str) -> tuple[Floats, Floats]:
        """Least and greatest of all optimal duals: each shaped as `duals`; NaN where it was not asked."""
        low, high = (np.full(self.program.row_count, np.nan) for _ in range(2))
        for row, ends in self.dual_ranges.items():
            low[row], high[row] = ends
        family, size = self._rows.get(constraint), self.program.rows_per_period
        return self._take(family, low, size), self._take(family, high, size)

    def unit_value(self) -> Floats:
        """What turns a dual of a row in units a day into USD/tcm or USD/MWh: 1 / (days x weight x 0.001), by period (T,)."""
        return np.asarray(1.0 / self.system["period"].number["money"][:, 0])


def solve_system(system: System, options: SolveOptions | None = None) -> Solution:
    """Compile, lay out, solve and certify. Raises Infeasible, Unbounded, TimeLimit, SolverFailure or CertificateFailure."""
    started = time.perf_counter()
    compiled = Program(system)
    compile_done = time.perf_counter()
    program = compiled.lay(system)
    laid = time.perf_counter()
    solution = solve_laid(system, program, options)
    return replace(solution, seconds={"compile": compile_done - started, "lay out": laid - compile_done, **solution.seconds})


def solve_laid(system: System, program: LinearProgram, options: SolveOptions | None = None) -> Solution:
    """Solve and certify a program that was laid out from the system, and check it against the system itself. Raises as `solve_system`."""
    return solution_of(system, solve_program(program, options), options)


def solution_of(system: System, result: Result, options: SolveOptions | None = None, *, rechecked: bool = True) -> Solution:
    """A certified result as a solution of the system, its rows evaluated once more from the system's arrays where `rechecked`. Raises
    CertificateFailure, with the whole certificate, where a check does not hold.
    """
    started = time.perf_counter()
    program, certificate = result.program, result.certificate
    values = Values(system, program, result.primal)
    if rechecked:
        certificate = Certificate((*certificate.checks, *recheck(values, result.objective)))
        certificate.demand()
    certificate = replace(certificate, physical=physical(values, result.dual))
    seconds = {**result.seconds, **({"recheck": time.perf_counter() - started} if rechecked else {})}
    started = time.perf_counter()
    rows = _priced_rows(program, options)
    ends = dual_ranges(program, result.primal, result.dual, rows)
    ranges = dict(zip(rows.tolist(), zip(*ends, strict=True), strict=True))
    seconds |= {"price ranges": time.perf_counter() - started} if ranges else {}
    return Solution(
        status="optimal",
        objective=result.objective,
        system=system,
        program=program,
        primal=result.primal,
        dual=result.dual,
        reduced=result.reduced,
        certificate=certificate,
        seconds=seconds,
        iterations=result.iterations,
        dual_ranges=ranges,
        parts=_parts(result),
        found=result.found,
        bound=result.bound,
        stages=result.stages,
    )


def _parts(result: Result) -> tuple[Part, ...]:
    """Where other objectives came before the cost: every program in turn, the cost last."""
    if not result.before:
        return ()
    turns = tuple(
        Part(f"{k}_{one.name}", one.program, one.primal, one.dual, one.reduced, one.objective, one.objective)
        for k, one in enumerate(result.before, start=1)
    )
    return (*turns, Part.of(f"{len(turns) + 1}_cost", result))


PRICED = {"none": (), "demands": ("taken",), "nodes": ("taken", "balance")}


def _priced_rows(program: LinearProgram, options: SolveOptions | None) -> NDArray[np.int64]:
    """The rows whose duals are prices that are to have their range."""
    named = PRICED[options.price_ranges if options else "none"]
    found = [np.zeros(0, dtype=np.int64)]
    for family in program.rows:
        if family.name in named:
            first, stride, count = program.family_slice(family)
            found.append((first + stride * np.arange(len(program.periods))[:, None] + np.arange(count)[None, :]).ravel())
    return np.concatenate(found)
