"""Why no flows are possible: a smallest set of limits that are at odds, in words.

1. Every row may be missed at a price: least missed says at which few rows flows fail.
2. These rows are left out, so that there are flows, and put back one by one until there are none. The proof of that weighs few rows.
3. Only among the rows that it weighs is the smallest set looked for.
"""

from __future__ import annotations

import highspy
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from energynet.program.linear_program import LinearProgram
from energynet.solver.session import TOLERANCE, loaded

Integers = NDArray[np.int64]
MOST = 40
NOISE = 1e-9  # of the largest weight
MISSED = 1e-7
STRICT = {"primal_feasibility_tolerance": TOLERANCE}
IRREDUCIBLE = int(highspy.IisStrategy.kIisStrategyIrreducible)
UPPER = (highspy.IisBoundStatus.kIisBoundStatusUpper, highspy.IisBoundStatus.kIisBoundStatusBoxed)


def explain(program: LinearProgram) -> tuple[str, ...]:
    """One line a limit of an irreducible infeasible set: bounds first, then rows, at most 40; empty where HiGHS finds none."""
    rows = _weighed(program, _missed(program))
    if not len(rows):
        return ()
    matrix = program.matrix().tocsr()[rows]
    columns = np.unique(matrix.indices)
    lower, upper = program.lower[columns], program.upper[columns]
    highs = loaded(matrix[:, columns], np.zeros(len(columns)), lower, upper, program.row_lower[rows], program.row_upper[rows], **STRICT)
    highs.setOptionValue("iis_strategy", IRREDUCIBLE)
    status, iis = highs.getIis()
    if status == highspy.HighsStatus.kError:
        return ()
    uppers = {int(bound) for bound in UPPER}
    at_upper = [int(columns[j]) for j, bound in zip(iis.col_index_, iis.col_bound_, strict=True) if int(bound) in uppers]
    words = sorted((_row(program, int(rows[i])) for i in iis.row_index_), key=lambda words: words.endswith("must balance"))
    return tuple([*(_column(program, j) for j in at_upper), *words][:MOST])


def _missed(program: LinearProgram) -> Integers:
    """The rows that are missed where as little as can be is missed."""
    count, none = program.row_count, np.zeros(program.row_count)
    either = sp.eye(count, format="csr")
    matrix = sp.hstack([program.matrix(), either, -either])
    cost = np.concatenate([np.zeros(program.column_count), program.row_weights(), program.row_weights()])
    lower, upper = np.concatenate([program.lower, none, none]), np.concatenate([program.upper, none + np.inf, none + np.inf])
    highs = loaded(matrix, cost, lower, upper, program.row_lower, program.row_upper, **STRICT)
    highs.run()
    above, below = np.split(np.array(highs.getSolution().col_value)[program.column_count :], 2)
    return np.flatnonzero(above + below > MISSED)


def _weighed(program: LinearProgram, missed: Integers) -> Integers:
    """The rows that a proof weighs, where only the first of the missed rows are there that flows cannot keep; none without a proof."""
    low, high = program.row_lower.copy(), program.row_upper.copy()
    low[missed], high[missed] = -np.inf, np.inf
    highs = loaded(program.matrix(), np.zeros(program.column_count), program.lower, program.upper, low, high, **STRICT, presolve="off")
    for row in missed.tolist():
        highs.changeRowBounds(row, program.row_lower[row], program.row_upper[row])
        highs.run()
        if highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            status, there, ray = highs.getDualRay()  # type: ignore[attr-defined]
            if status == highspy.HighsStatus.kError or not there:
                break
            weight = np.abs(np.asarray(ray, dtype=np.float64))
            return np.flatnonzero(weight > NOISE * weight.max(initial=0.0))
    return np.zeros(0, dtype=np.int64)


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
