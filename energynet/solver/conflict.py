"""Why no flows are possible: a smallest set of limits that are at odds, in words."""

from __future__ import annotations

import highspy
import numpy as np

from energynet.program.linear_program import LinearProgram
from energynet.solver.session import Session

MOST = 40


def explain(session: Session, program: LinearProgram) -> tuple[str, ...]:
    """One line a limit of an irreducible infeasible set, at most 40; empty where HiGHS finds none."""
    status, iis = session.highs.getIis()
    if status == highspy.HighsStatus.kError:
        return ()
    rows = [_row(program, int(i)) for i in iis.row_index_]
    columns = [_column(program, int(j)) for j in iis.col_index_ if np.isfinite(program.upper[int(j)])]
    return tuple([*rows, *columns][:MOST])


def _row(program: LinearProgram, i: int) -> str:
    low, high, unit = program.row_lower[i], program.row_upper[i], program.row_unit(i)
    bound = f"= {low:g}" if low == high else " and ".join(
        text for text, there in ((f">= {low:g}", np.isfinite(low)), (f"<= {high:g}", np.isfinite(high))) if there
    )  # fmt: skip
    return f"{program.row_name(i)} must be {bound} {unit}"


def _column(program: LinearProgram, j: int) -> str:
    return f"{program.column_name(j)} can be at most {program.upper[j]:g} {program.column_unit(j)}"
