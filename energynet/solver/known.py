"""An answer that is known already, taken up again: the result that a stored primal and dual make of a program, without a solver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from energynet.program.linear_program import LinearProgram
from energynet.solver import Before, Certificate, Check, Result, certify, certify_stages, fixed_whole, in_turn, whole_gap
from energynet.solver.face import Face
from energynet.solver.session import Floats, Outcome


@dataclass(frozen=True)
class Known:
    """What a solve told of one program: `primal` and `reduced` (columns,), `dual` (rows,), `found`, `bound` and `stages` as in
    `Result`.
    """

    primal: Floats
    dual: Floats
    reduced: Floats
    found: float
    bound: float = np.nan
    stages: Mapping[str, Floats] = field(default_factory=dict)


def taken_up(program: LinearProgram, last: Known, before: Sequence[Known] = ()) -> Result:
    """The result of a program from what is known of it, and of each objective that comes `before` its cost.

    The certificate is made anew, and may not hold. The vectors must be as long as the program's columns and rows.
    """
    if program.first:
        return _in_turn(program, last, before)
    if len(program.whole):
        result = _linear(fixed_whole(program, last.primal), last)
        certificate = Certificate((*result.certificate.checks, whole_gap(result.objective, last.bound)))
        return replace(result, certificate=certificate)
    return _linear(program, last)


def _in_turn(program: LinearProgram, last: Known, before: Sequence[Known]) -> Result:
    face = Face(program.lower, program.upper, program.row_lower, program.row_upper)
    done, checks = list[Before](), list[Check]()
    for (name, objective), known in zip(program.first.items(), before, strict=True):
        asked = in_turn(face.of(program), objective)
        found = certify(asked, known.primal, known.dual, known.found).checks
        checks += [replace(check, name=f"{name}: {check.name}") for check in found]
        done.append(Before(name, asked, known.primal, known.dual, known.reduced, known.found))
        face.shrink(Outcome("optimal", known.primal, known.dual, known.reduced, known.found, 0, 0.0))
    result = _linear(face.of(program), last)
    return replace(result, certificate=Certificate((*checks, *result.certificate.checks)), before=tuple(done))


def _linear(program: LinearProgram, known: Known) -> Result:
    objective = float(program.cost @ known.primal) + program.offset
    checks = certify(program, known.primal, known.dual, known.found).checks
    certificate = Certificate((*checks, *certify_stages(program, known.primal, known.dual, known.stages)))
    return Result(
        program, known.primal, known.dual, known.reduced, objective, certificate, {}, 0, found=known.found, bound=known.bound,
        stages=known.stages,
    )  # fmt: skip
