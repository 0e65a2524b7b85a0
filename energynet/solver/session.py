"""A HiGHS session: loaded once with a linear program, then only told what changed."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import highspy
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from energynet.errors import SolverFailure
from energynet.program.linear_program import LinearProgram

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
TOLERANCE = 1e-9
WHOLE_GAP = 1e-9
MIDDLE = 5_000
LARGE = 50_000
LONG = 2_000
SOLVERS = {"simplex": "simplex", "blocks": "simplex", "ipm": "ipx"}  # `ipm` of HiGHS is another solver where an extra is installed
DUAL, PRIMAL = 1, 4  # how HiGHS numbers the two ways of the simplex method
STATUS = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
    highspy.HighsModelStatus.kTimeLimit: "time_limit",
}


class QuietHighs(highspy.Highs):
    """HiGHS that never writes to standard output: its banner comes with the callbacks, so the output is turned off before them."""

    def enableCallbacks(self) -> None:  # noqa: N802
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def loaded(
    matrix: Any,  # noqa: ANN401
    cost: Floats,
    lower: Floats,
    upper: Floats,
    row_lower: Floats,
    row_upper: Floats,
    **options: str | float,
) -> QuietHighs:
    """A small program of its own beside a session: serial simplex unless the options say otherwise."""
    made = sp.csc_matrix(matrix)
    highs = QuietHighs()  # type: ignore[no-untyped-call]
    for option, value in {"threads": 1, "solver": "simplex", "random_seed": 0, **options}.items():
        highs.setOptionValue(option, value)
    highs.passModel(
        len(cost), len(row_lower), made.nnz, 1, 1, 0.0, cost, lower, upper, row_lower, row_upper, made.indptr.astype(np.int32),
        made.indices.astype(np.int32), made.data, np.zeros(len(cost), np.int32),
    )  # fmt: skip
    return highs


@dataclass(frozen=True)
class SolveOptions:
    """`threads` of HiGHS (1: serial), `time_limit` in seconds over all stages, `presolve` on, off or choose.

    `solver` of the first stage: simplex, ipm (with crossover, so that a vertex comes out), or blocks (`energynet.solver.blocks`). By
    default simplex below `MIDDLE` columns and ipm above, where it was three to ten times faster from cold; from `LONG` periods on, where
    ipm found no end, blocks. `price_ranges`: of which prices the least and greatest optimal value is found (none, demands, nodes).
    """

    threads: int = 1
    time_limit: float | None = None
    presolve: str = "choose"
    solver: str | None = None
    second_stage: bool = True
    price_ranges: str = "none"


def way_of(program: LinearProgram, options: SolveOptions) -> str:
    """Simplex, ipm or blocks: how the first stage is solved."""
    if options.solver is not None:
        return options.solver
    if len(program.periods) >= LONG:
        return "blocks"
    return "ipm" if program.column_count >= MIDDLE else "simplex"


@dataclass(frozen=True)
class Outcome:
    """One solve. `primal` and `reduced` (columns,), `dual` (rows,): reduced = cost - A' dual; million USD."""

    status: str
    primal: Floats
    dual: Floats
    reduced: Floats
    objective: float
    iterations: int
    seconds: float


class Session:
    """One `Highs` that holds a linear program. Its tolerances are tighter than the certificate's."""

    def __init__(self, program: LinearProgram, options: SolveOptions) -> None:
        self._program = program
        self._all, self._rows = (np.arange(count, dtype=np.int32) for count in (program.column_count, program.row_count))
        self._deadline: float | None = None
        highspy.Highs.resetGlobalScheduler(True)
        self._highs = highs = QuietHighs()  # type: ignore[no-untyped-call]
        self.begin(options)
        self.set(
            threads=options.threads, mip_rel_gap=WHOLE_GAP, mip_abs_gap=WHOLE_GAP, mip_feasibility_tolerance=TOLERANCE,
            primal_feasibility_tolerance=TOLERANCE, dual_feasibility_tolerance=TOLERANCE, random_seed=0,
        )  # fmt: skip
        self.set(parallel="on" if options.threads > 1 else "off")
        status = highs.passModel(
            program.column_count, program.row_count, program.entry_count, 1, 1, 0.0, program.cost, program.lower, program.upper,
            program.row_lower, program.row_upper, program.start, program.index, program.value, _integrality(program),
        )  # fmt: skip
        if status == highspy.HighsStatus.kError:
            raise SolverFailure("HiGHS did not take the linear program")

    def begin(self, options: SolveOptions) -> None:
        """The options of a first stage; the time limit counts from here."""
        self._deadline = None if options.time_limit is None else time.perf_counter() + options.time_limit
        way = way_of(self._program, options)
        self.set(presolve=options.presolve, solver=SOLVERS[way], simplex_strategy=DUAL)

    def set(self, **options: float | str | bool) -> None:
        """Tell HiGHS its options. Raises ValueError where it knows no such option or value."""
        for name, value in options.items():
            if self._highs.setOptionValue(name, value) == highspy.HighsStatus.kError:
                raise ValueError(f"HiGHS takes no option {name} = {value!r}")

    def change_costs(self, cost: Floats) -> None:
        self._highs.changeColsCost(len(cost), self._all, np.ascontiguousarray(cost))

    def change_bounds(self, columns: Ints, lower: Floats, upper: Floats) -> None:
        if len(columns):
            self._highs.changeColsBounds(len(columns), columns.astype(np.int32), lower, upper)

    def change_row_bounds(self, rows: Ints, lower: Floats, upper: Floats) -> None:
        if len(rows):
            self._highs.changeRowsBounds(  # type: ignore[attr-defined]
                len(rows), rows.astype(np.int32), lower, upper
            )

    def write_limits(self, program: LinearProgram) -> None:
        """All bounds and row limits of a program of these columns and rows."""
        self.change_bounds(self._all, program.lower, program.upper)
        self.change_row_bounds(self._rows, program.row_lower, program.row_upper)

    def time_left(self) -> bool:
        """Whether the time limit has not passed."""
        return self._deadline is None or time.perf_counter() < self._deadline

    def advance(self) -> int:
        """Run without reading the answer; the iterations that it took."""
        if self._deadline is not None:
            self.set(time_limit=self._highs.getRunTime() + max(self._deadline - time.perf_counter(), 0.0))
        self._highs.run()
        return int(max(self._highs.getInfo().simplex_iteration_count, 0))

    def solve(self, *, primal: bool = True, duals: bool = True) -> Outcome:
        """Run and read what is asked for (what is not is empty); the time limit counts over all runs of the session."""
        if self._deadline is not None:
            left = self._deadline - time.perf_counter()
            if left <= 0.0:
                return self._outcome("time_limit", 0.0, primal=primal, duals=duals)
            self.set(time_limit=self._highs.getRunTime() + left)
        started = time.perf_counter()
        self._highs.run()
        seconds = time.perf_counter() - started
        found = self._highs.getModelStatus()
        status = STATUS.get(found, "failed")
        if found == highspy.HighsModelStatus.kUnboundedOrInfeasible:
            self.set(presolve="off")
            self._highs.run()
            status = STATUS.get(self._highs.getModelStatus(), "failed")
        if found == highspy.HighsModelStatus.kModelEmpty:
            status = "optimal" if (self._program.row_lower <= 0.0).all() and (self._program.row_upper >= 0.0).all() else "infeasible"
        return self._outcome(status, seconds, primal=primal, duals=duals)

    def _outcome(self, status: str, seconds: float, *, primal: bool, duals: bool) -> Outcome:
        solution, info = self._highs.getSolution(), self._highs.getInfo()
        return Outcome(
            status=status,
            primal=np.array(solution.col_value if primal else ()),
            dual=np.array(solution.row_dual if duals else ()),
            reduced=np.array(solution.col_dual if duals else ()),
            objective=float(info.objective_function_value),
            iterations=int(max(info.simplex_iteration_count, 0) + max(info.ipm_iteration_count, 0)),
            seconds=seconds,
        )

    @cached_property
    def weights(self) -> Floats:
        """The weights by name of the program's columns."""
        return self._program.column_weights()

    @cached_property
    def row_weights(self) -> Floats:
        """The weights by name of the program's rows."""
        return self._program.row_weights()

    @property
    def highs(self) -> highspy.Highs:
        """The solver itself, for what only it can tell (an irreducible infeasible set)."""
        return self._highs


def _integrality(program: LinearProgram) -> Ints:
    """1 for a column that must be whole, else 0 (n,)."""
    kinds = np.zeros(program.column_count, dtype=np.int32)
    kinds[program.whole] = 1
    return kinds
