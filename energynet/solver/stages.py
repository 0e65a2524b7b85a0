"""The stages after the cost, proven: are these flows least fuel on the optimal face of the cost, then least haul, then least by name?

Plain arrays; nothing here knows the solver. The face of a stage is what the duals of the stages before it fix: a column stays at its bound
where its reduced cost is not zero, a row where its dual is not. On that face a stage is a linear program of its own, and its duals prove
the flows to be its optimum if their signs fit the bounds of the face and what they price is at its limit.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from energynet.program.linear_program import LinearProgram
from energynet.solver.certificate import Check, Floats, complement, wrong_sign
from energynet.solver.face import Face, scaled

NAMES = "names"
STAGES = ("fuel", "haul", NAMES)
SIGN = 1e-6  # of the largest coefficient of the stage
GAP = 1e-8  # of the stage's sum |c x|
LEAST = 1.0  # one unit at the largest coefficient stands for a sum that is smaller
TOLD = {"fuel": "fuel", "haul": "haul", NAMES: "tie-break by names"}


def objectives(program: LinearProgram, weights: Floats | None = None) -> dict[str, Floats]:
    """What each stage makes least (columns,), with its largest coefficient at 1. `weights` are the program's by name, if known."""
    by_name = program.column_weights() if weights is None else weights
    return dict(zip(STAGES, (scaled(program.fuel), scaled(program.haul), scaled(by_name)), strict=True))


def certify_stages(
    program: LinearProgram, primal: Floats, dual: Floats, stages: Mapping[str, Floats], weights: Floats | None = None
) -> tuple[Check, ...]:
    """Two checks a stage of the flows `primal` (columns,), from the `dual` (rows,) of the cost and those of each stage, by its name."""
    if not stages:
        return ()
    matrix, face = program.matrix(), Face(program.lower, program.upper, program.row_lower, program.row_upper)
    transposed, activity, checks = matrix.T, np.asarray(matrix @ primal), list[Check]()
    face.fix(program.cost - transposed @ dual, dual)
    for name, objective in objectives(program, weights).items():
        held = stages[name]
        reduced = objective - transposed @ held
        checks += [
            _signs(program, name, held, reduced, face),
            _gap(program, name, held, reduced, face, (primal, activity), float(np.abs(objective) @ np.abs(primal))),
        ]
        face.fix(reduced, held)
    return tuple(checks)


def _signs(program: LinearProgram, name: str, dual: Floats, reduced: Floats, face: Face) -> Check:
    """How far a dual of the stage says that the face has a bound where it has none."""
    wrong = wrong_sign(reduced, face.lower, face.upper), wrong_sign(dual, face.row_lower, face.row_upper)
    worst, where = _worst(program, wrong)
    return Check(f"least {TOLD[name]}: signs", worst, where, "of the largest coefficient", SIGN)


def _gap(
    program: LinearProgram, name: str, dual: Floats, reduced: Floats, face: Face, values: tuple[Floats, Floats], total: float
) -> Check:
    """By how much the flows are above the least that the duals prove, as a share of the stage's own sum."""
    above = complement(reduced, values[0], face.lower, face.upper), complement(dual, values[1], face.row_lower, face.row_upper)
    gap = float(above[0].sum() + above[1].sum()) / max(total, LEAST)
    return Check(f"least {TOLD[name]}: gap", gap, _worst(program, above)[1], f"of sum |{name}|", GAP)


def _worst(program: LinearProgram, by_side: tuple[Floats, Floats]) -> tuple[float, str]:
    """The worst of the columns and rows, and its name; infinite where it is no number."""
    found = 0.0, ""
    for violation, label in zip(by_side, (program.column_name, program.row_name), strict=True):
        if len(violation):
            k = int(np.argmax(violation))  # the first that is no number, if there is one
            worst = float("inf") if np.isnan(violation[k]) else float(violation[k])
            if worst > found[0]:
                found = worst, label(k)
    return found
