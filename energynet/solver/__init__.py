"""Solving a linear program: HiGHS, the one answer of many, and the certificate that knows nothing of HiGHS."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from energynet.errors import Infeasible, SolverFailure, TimeLimit, Unbounded
from energynet.program.linear_program import WHOLE, LinearProgram
from energynet.solver.blocks import solve_by_blocks
from energynet.solver.certificate import Certificate, Check, certify
from energynet.solver.face import Face, scaled
from energynet.solver.prices import let_out, read_duals, single_duals
from energynet.solver.second_stage import choose
from energynet.solver.session import Floats, Outcome, Session, SolveOptions, way_of
from energynet.solver.stages import certify_stages

WHOLE_TOLERANCE = 1e-6  # how far the best bound may stay from what was found
__all__ = ["Certificate", "Check", "Outcome", "Result", "Session", "SolveOptions", "certify", "certify_stages", "solve_program"]


@dataclass(frozen=True)
class Before:
    """An objective that was made least before the cost, by its name: the program with it as its cost, and a certified optimum."""

    name: str
    program: LinearProgram
    primal: Floats
    dual: Floats
    reduced: Floats
    objective: float


@dataclass(frozen=True)
class Result:
    """A certified optimum: `primal` and `reduced` (columns,), `dual` (rows,), objective in million USD, seconds of each stage.

    `program` is what was solved; where columns must be whole, they are fixed in it at the values that were found, and where other
    objectives come `before` the cost, it holds only their optima. `found` is the objective as the solver of the first stage told it, which
    the certificate holds the flows against; `bound` the best bound of the search for whole numbers (NaN where there was none).
    `stages` are the duals (rows,) of each stage after the cost, by name: none where there was no second stage.
    """

    program: LinearProgram
    primal: Floats
    dual: Floats
    reduced: Floats
    objective: float
    certificate: Certificate
    seconds: Mapping[str, float]
    iterations: int
    before: tuple[Before, ...] = ()
    found: float = np.nan
    bound: float = np.nan
    stages: Mapping[str, Floats] = field(default_factory=dict)


def solve_program(program: LinearProgram, options: SolveOptions | None = None) -> Result:
    """Solve, choose one answer, certify. Raises Infeasible, Unbounded, TimeLimit, SolverFailure or CertificateFailure."""
    chosen = options or SolveOptions()
    if program.first:
        return _solve_in_turn(program, chosen)
    if len(program.whole):
        return _solve_whole(program, chosen)
    return _solve_linear(program, chosen)


def _solve_in_turn(program: LinearProgram, chosen: SolveOptions) -> Result:
    """Each objective that comes first is made least and its optimal face kept; then the cost is made least on what is left."""
    face = Face(program.lower, program.upper, program.row_lower, program.row_upper)
    done, checks, seconds, iterations = list[Before](), list[Check](), dict[str, float](), 0
    for name, objective in program.first.items():
        asked = in_turn(face.of(program), objective)
        session = Session(asked, chosen)
        found = session.solve()
        _expect_optimal(asked, found)
        checks += [
            replace(check, name=f"{name}: {check.name}") for check in certify(asked, found.primal, found.dual, found.objective).checks
        ]
        done.append(Before(name, asked, found.primal, found.dual, found.reduced, found.objective))
        face.shrink(found)
        seconds[name], iterations = found.seconds, iterations + found.iterations
    result = _solve_linear(face.of(program), chosen)
    certificate = Certificate((*checks, *result.certificate.checks))
    certificate.demand()
    return replace(
        result, certificate=certificate, seconds={**seconds, **result.seconds}, iterations=iterations + result.iterations,
        before=tuple(done),
    )  # fmt: skip


def in_turn(program: LinearProgram, objective: Floats) -> LinearProgram:
    """The program with an objective (columns,) that comes before the cost in its place."""
    return replace(program, cost=scaled(objective), offset=0.0, costs=(), first={})


def _solve_whole(program: LinearProgram, chosen: SolveOptions) -> Result:
    """Find the whole numbers, fix them, and solve and certify the linear program that is left."""
    session = Session(program, chosen)
    found = session.solve()
    _expect_optimal(program, found)
    result = _solve_linear(fixed_whole(program, found.primal), chosen)
    bound = float(session.highs.getInfo().mip_dual_bound + program.offset)
    certificate = Certificate((*result.certificate.checks, whole_gap(result.objective, bound)))
    certificate.demand()
    return replace(result, certificate=certificate, seconds={"whole numbers": found.seconds, **result.seconds}, bound=bound)


def fixed_whole(program: LinearProgram, primal: Floats) -> LinearProgram:
    """The linear program that is left when whole numbers are fixed at what `primal` (columns,) holds of them."""
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[program.whole] = upper[program.whole] = np.round(primal[program.whole])
    columns = tuple(replace(family, unit="fixed") if family.unit == WHOLE else family for family in program.columns)
    return replace(program, lower=lower, upper=upper, columns=columns)


def whole_gap(objective: float, bound: float) -> Check:
    """How far the best bound of the search for whole numbers stays from the objective (million USD)."""
    gap = abs(objective - bound) / max(abs(objective), 1.0)
    return Check("whole numbers", gap, "objective", "of the objective", WHOLE_TOLERANCE)


def _solve_linear(program: LinearProgram, chosen: SolveOptions) -> Result:
    session = Session(program, chosen)
    if way_of(program, chosen) != "blocks":
        return answer(session, program, session.solve(), chosen)
    if not chosen.second_stage:
        return answer(session, program, solve_by_blocks(session, program), chosen)
    # let out in the blocks: from the optimum of the whole as it is, the single duals took ten times as long as all else
    first = read_duals(session, program, solve_by_blocks(session, let_out(session, program)))
    if first.status == "infeasible":  # said of the program itself
        first = session.solve()
    return answer(session, program, first, chosen, priced=first.status == "optimal")


def answer(session: Session, program: LinearProgram, first: Outcome, chosen: SolveOptions, *, priced: bool = False) -> Result:
    """The one answer from a first optimum in a session, certified; `priced`: its duals are the single ones. Raises as `solve_program`."""
    _expect_optimal(program, first)
    last, seconds, stages = first, {"first stage": first.seconds}, dict[str, Floats]()
    if chosen.second_stage:
        if not priced:
            first = single_duals(session, program)
            _expect_optimal(program, first)
            seconds["prices"] = first.seconds
        last, more, stages = choose(session, program, first)
        _expect_optimal(program, last)
        seconds |= more
    started = time.perf_counter()
    objective = float(program.cost @ last.primal) + program.offset
    told = first.objective + program.offset
    checks = certify(program, last.primal, first.dual, told).checks
    certificate = Certificate((*checks, *certify_stages(program, last.primal, first.dual, stages, session.weights)))
    certificate.demand()
    seconds["certificate"] = time.perf_counter() - started
    iterations = first.iterations + last.iterations
    return Result(
        program, last.primal, first.dual, first.reduced, objective, certificate, seconds, iterations, found=told, stages=stages
    )  # fmt: skip


def _expect_optimal(program: LinearProgram, outcome: Outcome) -> None:
    if outcome.status == "infeasible":
        from energynet.solver.conflict import explain

        raise Infeasible("no flows keep all limits at once", explain(program))
    if outcome.status == "unbounded":
        raise Unbounded("the cost falls without end: something is paid for without limit")
    if outcome.status == "time_limit":
        raise TimeLimit("the time limit was reached before an optimum was proven")
    if outcome.status != "optimal":
        raise SolverFailure("HiGHS ended without an answer")
