"""One price of many: where several duals are optimal, those that are worth least, so that all who solve a program find the same prices.

Prices are several where more limits meet in the optimum than it needs. So every limit and bound is let out by a hair of its own,
HAIR x w with w in [1, 2) hashed from its name: then no two meet, the duals are single, and of all duals that are optimal without the hair
they are those with the least sum of w |dual|.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from energynet.program.linear_program import LinearProgram
from energynet.solver.session import DUAL, Outcome, Session

HAIR = 1e-6  # of a unit; a thousand times what the solver takes for zero


def single_duals(session: Session, program: LinearProgram) -> Outcome:
    """`read_duals` where the session holds an optimum of the program."""
    let_out(session, program)
    session.set(solver="simplex", simplex_strategy=DUAL, presolve="off")
    return read_duals(session, program)


def let_out(session: Session, program: LinearProgram) -> LinearProgram:
    """The program with a hair on each of its limits and bounds, which are written into the session."""
    column, row = HAIR * session.weights, HAIR * session.row_weights
    made = replace(
        program, lower=program.lower - column, upper=program.upper + column, row_lower=program.row_lower - row,
        row_upper=program.row_upper + row,
    )  # fmt: skip
    session.write_limits(made)
    return made


def read_duals(session: Session, program: LinearProgram, solved: Outcome | None = None) -> Outcome:
    """Solve what was let out (or take it as solved): an optimum with the one `dual` and `reduced`, and without its `primal`; then write
    the limits as they are.

    The objective is that of the program: what the hairs took off it is what the duals say they are worth.
    """
    outcome = solved or session.solve(primal=False)
    session.write_limits(program)
    if outcome.status != "optimal":
        return outcome
    hairs = float(session.weights @ np.abs(outcome.reduced) + session.row_weights @ np.abs(outcome.dual))
    return replace(outcome, primal=np.array(()), objective=outcome.objective + HAIR * hairs)
