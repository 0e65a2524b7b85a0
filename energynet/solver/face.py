"""The optimal face: every optimal solution keeps a column at its bound where its reduced cost is not zero, and a row active where its
dual is not.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from energynet.program.linear_program import LinearProgram
from energynet.solver.session import Floats, Outcome

ZERO = 1e-9


class Face:
    """Bounds that shrink to the optimal face of one objective after another."""

    def __init__(self, lower: Floats, upper: Floats, row_lower: Floats, row_upper: Floats) -> None:
        self.lower, self.upper = lower.copy(), upper.copy()
        self.row_lower, self.row_upper = row_lower.copy(), row_upper.copy()

    def of(self, program: LinearProgram) -> LinearProgram:
        """The program with these bounds."""
        low, high = self.lower.copy(), self.upper.copy()
        return replace(program, lower=low, upper=high, row_lower=self.row_lower.copy(), row_upper=self.row_upper.copy())

    def shrink(self, outcome: Outcome) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Fix what the duals of an optimum fix; returns the columns and rows whose bounds moved.

        The sign of a dual says which bound it is; a dual below 1e-9 is zero.
        """
        return self.fix(outcome.reduced, outcome.dual)

    def fix(self, reduced: Floats, dual: Floats) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """As `shrink`, from the `reduced` costs (columns,) and the `dual` (rows,) of an optimum."""
        return self._fix(self.lower, self.upper, reduced, ZERO), self._fix(self.row_lower, self.row_upper, dual, ZERO)

    @staticmethod
    def _fix(lower: Floats, upper: Floats, dual: Floats, tolerance: float) -> NDArray[np.int32]:
        loose = lower != upper
        down = loose & (dual > tolerance) & np.isfinite(lower)
        up = loose & (dual < -tolerance) & np.isfinite(upper)
        upper[down] = lower[down]
        lower[up] = upper[up]
        return np.flatnonzero(down | up).astype(np.int32)


def scaled(objective: Floats) -> Floats:
    """The objective with its largest coefficient at 1, so that one tolerance fits all."""
    most = float(np.abs(objective).max(initial=0.0))
    return objective / most if most > 0.0 else objective
