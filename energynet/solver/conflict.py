"""Why no flows are possible: a smallest set of limits that are at odds, in words."""

from __future__ import annotations

import highspy
import numpy as np

from energynet.program.linear_program import LinearProgram
from energynet.solver.session import Session

MOST = 40
IRREDUCIBLE = int(highspy.IisStrategy.kIisStrategyIrreducible)
UPPER = (highspy.IisBoundStatus.kIisBoundStatusUpper, highspy.IisBoundStatus.kIisBoundStatusBoxed)


def explain(session: Session, program: LinearProgram) -> tuple[str, ...]:
    """One line a limit of an irreducible infeasible set: bounds first, then rows, at most 40; empty where HiGHS finds none."""
    session.set(iis_strategy=IRREDUCIBLE, solver="simplex")
    status, iis = session.highs.getIis()
    if status == highspy.HighsStatus.kError:
        return ()
    upper = {int(bound) for bound in UPPER}
    columns = [_column(program, int(j)) for j, bound in zip(iis.col_index_, iis.col_bound_, strict=True) if int(bound) in upper]
    rows = [_row(program, int(i)) for i in iis.row_index_]
    return tuple([*columns, *sorted(rows, key=lambda words: words.endswith("must balance"))][:MOST])


def _row(program: LinearProgram, i: int) -> str:
    low, high, unit = program.row_lower[i], program.row_upper[i], program.row_unit(i)
    if low == high == 0.0:
        return f"{program.row_name(i)} must balance"
    if low == high:
        return f"{program.row_name(i)} must be {low:g} {unit}"
    sides = ((f"at least {low:g}", np.isfinite(low)), (f"at most {high:g}", np.isfinite(high)))
    return f"{program.row_name(i)} must be {' and '.join(text for text, there in sides if there)} {unit}"


def _column(program: LinearProgram, j: int) -> str:
    return f"{program.column_name(j)} can be at most {program.upper[j]:g} {program.column_unit(j)}"
