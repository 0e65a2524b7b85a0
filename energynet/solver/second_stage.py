"""One answer of many: on the fixed optimal face, least fuel, then least haul, then costs hashed from names."""

from __future__ import annotations

from energynet.program.linear_program import LinearProgram
from energynet.solver.face import Face
from energynet.solver.session import DUAL, LARGE, PRIMAL, Floats, Outcome, Session
from energynet.solver.stages import NAMES, objectives


def choose(session: Session, program: LinearProgram, first: Outcome) -> tuple[Outcome, dict[str, float], dict[str, Floats]]:
    """The one solution of the optimal face by lexicographic tie-breaking: least fuel, then least distance, then fixed pseudo-random
    weights made from the names. Also the seconds and the duals (rows,) of each stage.

    Each stage goes on from the basis of the one before. On a large face the last stage starts from a cold start with presolve: what is
    left of it after presolve is small (1 million columns and 144 s from the basis came down to 26,000 and 3 s).
    """
    face = Face(program.lower, program.upper, program.row_lower, program.row_upper)
    outcome, seconds, duals = first, dict[str, float](), dict[str, Floats]()
    session.set(solver="simplex", simplex_strategy=PRIMAL, presolve="off")
    for name, objective in objectives(program, session.weights).items():
        columns, rows = face.shrink(outcome)
        session.change_bounds(columns, face.lower[columns], face.upper[columns])
        session.change_row_bounds(rows, face.row_lower[rows], face.row_upper[rows])
        session.change_costs(objective)
        if name == NAMES and program.column_count >= LARGE:
            session.highs.clearSolver()
            session.set(presolve="on", simplex_strategy=DUAL)
        outcome = session.solve(primal=name == NAMES)
        seconds[name], duals[name] = outcome.seconds, outcome.dual
        if outcome.status != "optimal":
            return outcome, seconds, duals
    return outcome, seconds, duals
