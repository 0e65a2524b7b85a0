"""The engine of a sweep: a model read and compiled once; a scenario writes arrays and is solved from the basis of the base."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import highspy
import numpy as np
from numpy.typing import NDArray

from energynet.dataset.case import Case
from energynet.dataset.changes import Change
from energynet.dataset.package import Package
from energynet.errors import CertificateFailure, SolverFailure
from energynet.program.layout import Program
from energynet.program.linear_program import LinearProgram
from energynet.program.patch import Patch
from energynet.rolling import solve_rolling
from energynet.solution import Solution, solution_of, solve_laid, solve_system
from energynet.solver import Result, SolveOptions, solve_program
from energynet.solver.warm import Warm
from energynet.system.checks import check_system
from energynet.system.system import Reading, System, changed_system

Statuses = tuple[NDArray[np.int8], NDArray[np.int8]]


@dataclass(frozen=True)
class Basis:
    """The optimal basis of a base as plain numbers, which go from process to process: the status of each column and row."""

    columns: NDArray[np.int8]
    rows: NDArray[np.int8]

    @classmethod
    def of(cls, basis: highspy.HighsBasis) -> Basis:
        return cls(*(np.array([int(one) for one in held], dtype=np.int8) for held in (basis.col_status, basis.row_status)))

    def highs(self) -> highspy.HighsBasis:
        """The same for HiGHS."""
        basis = highspy.HighsBasis()
        basis.col_status, basis.row_status = ([highspy.HighsBasisStatus(int(one)) for one in held] for held in (self.columns, self.rows))
        basis.valid = True
        return basis


@dataclass(frozen=True)
class Setting:
    """What all scenarios of a sweep share; it goes to every worker as it stands.

    `common` are the changes that all scenarios have, `token` the name of the sweep's content. `basis` is the base's, once it is known.
    """

    package: Package
    case: Case
    common: tuple[Change, ...]
    options: SolveOptions
    token: str = ""
    basis: Basis | None = None

    @property
    def rolling(self) -> bool:
        return self.case.options.contract_years == "rolling" or self.case.options.years == "rolled"


@dataclass(frozen=True)
class Answer:
    """The solution of one scenario. `rebuilt`: it has other columns and rows than the base, and was compiled for itself."""

    solution: Solution
    rebuilt: bool = False


class Engine:
    """Solves scenarios one after the other; each answer depends on the base and the scenario alone. `seconds` is what the last one took."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.reading = Reading(setting.package, setting.case)
        self.seconds = 0.0

    @cached_property
    def base(self) -> System:
        """The system of the model with the common changes. Raises InputFaults."""
        system = changed_system(self.reading, self.setting.common)
        check_system(system, self.setting.package)
        return system

    @cached_property
    def patch(self) -> Patch:
        """What makes the programs of scenarios from that of the base."""
        compiled = Program(self.base)
        return Patch(compiled, self.base, compiled.lay(self.base))

    @property
    def program(self) -> LinearProgram:
        """The program of the base."""
        return self.patch.base

    @cached_property
    def _warm(self) -> Warm:
        basis = None if self.setting.basis is None else self.setting.basis.highs()
        return Warm(self.program, self.setting.options, basis)

    def basis(self) -> Basis | None:
        """The optimal basis of the base; None where each scenario is solved for itself, or where the base has no optimum."""
        if self.setting.rolling or len(self.program.whole) or self.program.first:
            return None
        return None if self._warm.basis is None else Basis.of(self._warm.basis)

    def begin(self, *, chain: bool = False) -> None:
        """Start from the base's basis. With `chain`, each scenario from now on starts from the basis of the one before."""
        if not self.setting.rolling:
            self._warm.begin(chain=chain)

    def solve(self, changes: Sequence[Change], *, rechecked: bool = True) -> Answer:
        """Solve and certify one scenario. Raises as `solve_system`, and InputFaults."""
        started = time.perf_counter()
        try:
            return self._solve((*self.setting.common, *changes), rechecked=rechecked)
        finally:
            self.seconds = time.perf_counter() - started

    def _solve(self, changes: tuple[Change, ...], *, rechecked: bool) -> Answer:
        package, options = self.setting.package, self.setting.options
        system = changed_system(self.reading, changes, like=self.base)
        same = system.pairs is self.base.pairs
        check_system(system, package, self.base if same else None)
        if self.setting.rolling:
            case = replace(self.setting.case, changes=changes)
            return Answer(solve_rolling(package, case, (), None, options))
        if not same:
            return Answer(solve_system(system, options), rebuilt=True)
        program = self.patch.program(system)
        if len(program.whole) or program.first:
            return Answer(solve_laid(system, program, options))
        return Answer(solution_of(system, self._answer(program), options, rechecked=rechecked))

    def _answer(self, program: LinearProgram) -> Result:
        """From the base's basis; where that leads nowhere, from nothing."""
        try:
            return self._warm.solve(program)
        except (SolverFailure, CertificateFailure):
            return solve_program(program, self.setting.options)
