"""One program after another in one session, each from the optimal basis of the first: what comes before leaves no trace in an answer."""

from __future__ import annotations

from typing import Any

import numpy as np

from energynet.program.linear_program import LinearProgram
from energynet.solver import Result, answer
from energynet.solver.face import scaled
from energynet.solver.prices import let_out, read_duals
from energynet.solver.session import DUAL, PRIMAL, Floats, Outcome, Session, SolveOptions

LEAN = (2e-3, 2e-4, 2e-6)  # of the median cost
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
        self._base, self._held = base, base.value
        self._entry_column = np.repeat(np.arange(base.column_count, dtype=np.int32), np.diff(base.start))
        self.basis = basis if basis is not None else self._first_basis()
        self._start = self.basis

    def _first_basis(self) -> Any:  # noqa: ANN401
        """The optimal basis of the base; None where it has no optimum, so that every scenario starts from nothing."""
        outcome = self._session.solve()
        if outcome.status == "optimal" and self._options.second_stage:
            outcome = self._lean(self._base)
        return self._session.highs.getBasis() if outcome.status == "optimal" else None

    def begin(self, *, chain: bool) -> None:
        """Start from the base's basis again. With `chain`, each program from now on starts from the basis of the one before."""
        self._start, self._chain = self.basis, chain

    def solve(self, program: LinearProgram) -> Result:
        """The certified answer of a scenario. Raises as `solve_program`."""
        session = self._session
        session.highs.clearSolver()
        self._write_values(program)
        session.begin(self._options)
        if self._start is None or not self._options.second_stage:
            first, priced = self._plain(program), False
        else:
            found = self._from_leaning(program)
            first, priced = found or self._plain(program), found is not None
        return answer(session, program, first, self._options, priced=priced)

    def _from_leaning(self, program: LinearProgram) -> Outcome | None:
        """The first stage with its single duals, from the leaning program's optimum; None where that has none."""
        session = self._session
        if self._lean(program, self._start).status != "optimal":
            return None
        if self._chain:
            self._start = session.highs.getBasis()
        session.change_costs(program.cost)
        session.set(simplex_strategy=PRIMAL)
        return read_duals(session, program)

    def _plain(self, program: LinearProgram) -> Outcome:
        """The first stage as it is, from the start where there is one."""
        session = self._session
        session.write_limits(program)
        session.change_costs(program.cost)
        if self._start is not None:
            session.set(
                solver="simplex", presolve="off", simplex_dual_edge_weight_strategy=DEVEX, dual_simplex_cost_perturbation_multiplier=1.0
            )
            session.highs.setBasis(self._start)
        first = session.solve()
        if self._chain and first.status == "optimal":
            self._start = session.highs.getBasis()
        return first

    def _lean(self, program: LinearProgram, start: Any = None) -> Outcome:  # noqa: ANN401
        """The program let out, its costs leaning to what the second stage would choose: few ties are left to the stages after it."""
        session = self._session
        let_out(session, program)
        session.change_costs(leaning(program, session.weights))
        session.set(
            solver="simplex", presolve="off", simplex_strategy=DUAL, simplex_dual_edge_weight_strategy=DEVEX,
            dual_simplex_cost_perturbation_multiplier=0.0,
        )  # fmt: skip
        if start is not None:
            session.highs.setBasis(start)
        return session.solve(primal=False, duals=False)

    def _write_values(self, program: LinearProgram) -> None:
        """The coefficients that differ."""
        session = self._session
        if program.value is not self._held:
            for k in np.flatnonzero(program.value != self._held).tolist():
                session.highs.changeCoeff(int(program.index[k]), int(self._entry_column[k]), float(program.value[k]))
            self._held = program.value


def leaning(program: LinearProgram, weights: Floats) -> Floats:
    """The costs with a little of fuel, less of haul and least of the names (columns,)."""
    costs = np.abs(program.cost[program.cost != 0.0])
    size = float(np.median(costs)) if len(costs) else 1.0
    parts = zip(LEAN, (program.fuel, program.haul, weights), strict=True)
    return np.asarray(program.cost + sum(size * share * scaled(part) for share, part in parts))
