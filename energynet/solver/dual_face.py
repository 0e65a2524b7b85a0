"""How far a dual could move: its least and greatest value over all optimal duals. One optimal flow says which they are: a row away from its
limits has a dual of zero, a column away from its bounds a reduced cost of zero.
"""

from __future__ import annotations

import highspy
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from energynet.program.linear_program import LinearProgram
from energynet.solver.session import Floats, QuietHighs

PRIMAL = 4  # how HiGHS numbers the primal simplex
NEAR = 1e-7  # units: nearer than this to its limit, a value is at it


def dual_ranges(program: LinearProgram, primal: Floats, rows: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Least and greatest dual of each of the rows (k,), million USD a unit; infinite where nothing holds it, NaN where HiGHS finds none."""
    highs = _face(program, primal)
    infinity = highspy.kHighsInf
    lowest, highest = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    for k, row in enumerate(rows.tolist()):
        for sign, ends in ((1.0, lowest), (-1.0, highest)):
            highs.changeColCost(row, sign)
            highs.run()
            status = highs.getModelStatus()
            if status == highspy.HighsModelStatus.kOptimal:
                ends[k] = sign * highs.getInfo().objective_function_value
            elif status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible):
                ends[k] = -sign * infinity
        highs.changeColCost(row, 0.0)
    return lowest, highest


def least_of(program: LinearProgram, primal: Floats, weights: sp.csc_matrix) -> Floats:
    """Least value over all optimal duals of each weighted sum of them (k,), `weights` (rows, k); NaN where HiGHS finds none."""
    highs, found = _face(program, primal), np.full(weights.shape[1], np.nan)
    every = np.arange(program.row_count, dtype=np.int32)
    for k in range(weights.shape[1]):
        highs.changeColsCost(len(every), every, np.asarray(weights[:, [k]].todense(), dtype=np.float64).ravel())
        highs.run()
        if highs.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            found[k] = highs.getInfo().objective_function_value
    return found


def _face(program: LinearProgram, primal: Floats) -> QuietHighs:
    """The optimal duals as a program without an objective, solved: a column a row of the program, a row a column of it."""
    matrix = program.matrix()
    low, high = _signs(np.asarray(matrix @ primal), program.row_lower, program.row_upper)
    reduced_low, reduced_high = _signs(primal, program.lower, program.upper)
    turned = sp.csc_matrix(matrix.T)
    highs = QuietHighs()  # type: ignore[no-untyped-call]
    for option, value in (("threads", 1), ("presolve", "on"), ("solver", "simplex"), ("random_seed", 0)):
        highs.setOptionValue(option, value)
    highs.passModel(
        program.row_count, program.column_count, turned.nnz, 1, 1, 0.0, np.zeros(program.row_count), low, high,
        program.cost - reduced_high, program.cost - reduced_low, turned.indptr.astype(np.int32), turned.indices.astype(np.int32),
        turned.data, np.zeros(program.row_count, np.int32),
    )  # fmt: skip
    highs.run()
    highs.setOptionValue("presolve", "off")
    highs.setOptionValue("simplex_strategy", PRIMAL)
    return highs


def _signs(value: Floats, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """What a dual may be: not below zero at a lower limit, not above at an upper one, zero between, free where both meet."""
    with np.errstate(invalid="ignore"):
        at_lower = value - lower <= NEAR * np.maximum(1.0, np.abs(value))
        at_upper = upper - value <= NEAR * np.maximum(1.0, np.abs(value))
    return np.where(at_upper, -np.inf, 0.0), np.where(at_lower, np.inf, 0.0)
