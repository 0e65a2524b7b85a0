"""One program after another in one session, each from the optimal basis of the first: what comes before leaves no trace in an answer."""

from __future__ import annotations

from typing import Any

import numpy as np

from energynet.program.linear_program import LinearProgram
from energynet.solver import Result, answer
from energynet.solver.session import Session, SolveOptions

DEVEX = 1  # steepest edges would be measured anew from every basis, row by row: a third of a warm solve


class Warm:
    """A session that holds the base program and its optimal basis.

    A program of another scenario has the base's columns, rows and sparsity; its bounds and costs are written whole, and of its
    coefficients those that differ. Everything that the solver remembers is cleared, so that an answer depends on the program and the
    base's basis alone.
    """

    def __init__(self, base: LinearProgram, options: SolveOptions, basis: Any = None) -> None:  # noqa: ANN401
        self._options, self._chain = options, False
        self._session = Session(base, options)
        self._held = base.value
        self._entry_column = np.repeat(np.arange(base.column_count, dtype=np.int32), np.diff(base.start))
        self._rows, self._columns = (np.arange(count, dtype=np.int32) for count in (base.row_count, base.column_count))
        self.basis = basis if basis is not None else self._first_basis()
        self._start = self.basis

    def _first_basis(self) -> Any:  # noqa: ANN401
        """The optimal basis of the base; None where it has no optimum, so that every scenario starts from nothing."""
        outcome = self._session.solve()
        return self._session.highs.getBasis() if outcome.status == "optimal" else None

    def begin(self, *, chain: bool) -> None:
        """Start from the base's basis again. With `chain`, each program from now on starts from the basis of the one before."""
        self._start, self._chain = self.basis, chain

    def solve(self, program: LinearProgram) -> Result:
        """The certified answer of a scenario. Raises as `solve_program`."""
        session = self._session
        session.highs.clearSolver()
        self._write(program)
        session.begin(self._options)
        if self._start is not None:
            session.set(solver="simplex", presolve="off", simplex_dual_edge_weight_strategy=DEVEX)
            session.highs.setBasis(self._start)
        first = session.solve()
        if self._chain and first.status == "optimal":
            self._start = session.highs.getBasis()
        return answer(session, program, first, self._options)

    def _write(self, program: LinearProgram) -> None:
        session = self._session
        session.change_bounds(self._columns, program.lower, program.upper)
        session.change_row_bounds(self._rows, program.row_lower, program.row_upper)
        session.change_costs(program.cost)
        if program.value is not self._held:
            for k in np.flatnonzero(program.value != self._held).tolist():
                session.highs.changeCoeff(int(program.index[k]), int(self._entry_column[k]), float(program.value[k]))
            self._held = program.value
