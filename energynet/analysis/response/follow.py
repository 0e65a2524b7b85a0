r"""Following a line: pieces are found until they cover all of it, so that no breakpoint can be missed.

At a share that no piece covers yet the program is solved, from the basis of the solve before, with the second stage that chooses the
one answer. Its basis is optimal over a stretch around that share, found by a ratio test, and the parts left uncovered are taken next.
A volume that touches a limit inside a straight piece of the one answer touches it all along the piece, so any basis found inside a
piece is optimal on the whole of it, however degenerate: each solve finds a whole piece or more, no basis comes back, and the search ends.

Where the program has no answer, the ray that proves it proves it for a half-line: with $z = A'y$,
$\min_r y'r - \max_x z'x > 0$, in which both sides are straight functions of the share.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import highspy
import numpy as np

from energynet.analysis.response.line import Floats, Line, Moving
from energynet.analysis.response.pieces import Piece, basis_of, piece_of
from energynet.errors import Infeasible, SolverFailure, TimeLimit, Unbounded
from energynet.program.linear_program import LinearProgram
from energynet.solver.conflict import explain
from energynet.solver.prices import single_duals
from energynet.solver.second_stage import choose
from energynet.solver.session import DUAL, TOLERANCE, Session, SolveOptions

MERGE = 1e-7  # of the line: breakpoints nearer than this are one
INSIDE = 0.381966  # of an uncovered part: a share that no round number falls on
SAME = 1e-7  # units, and a billionth of the value: pieces nearer than this are one
NOISE = 1e-11  # of the largest entry of a ray


@dataclass(frozen=True)
class Without:
    """A stretch of the line on which no flows keep all limits, and the limits at odds in words."""

    first: float
    last: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class Followed:
    """The pieces of a line in order, what lies between them where there is no answer, and how many solves found them."""

    pieces: tuple[Piece, ...]
    without: tuple[Without, ...]
    solves: int


def follow(line: Line, options: SolveOptions) -> Followed:
    """All pieces of a line. Raises Infeasible where no share has an answer; Unbounded, TimeLimit or SolverFailure."""
    walk = _Walk(line, options)
    found: list[tuple[tuple[float, float], Piece | Without]] = []
    while (gap := next(_gaps([covered for covered, _ in found]), None)) is not None:
        share = gap[0] + INSIDE * (gap[1] - gap[0])
        found.append(walk.at(share))
    pieces = sorted((one for _, one in found if isinstance(one, Piece)), key=lambda piece: piece.loose)
    without = tuple(sorted((one for _, one in found if isinstance(one, Without)), key=lambda one: one.first))
    if not pieces:
        raise Infeasible("no flows keep all limits at once, anywhere on the line", without[0].words)
    return Followed(tuple(_joined(pieces)), without, walk.solves)


def _gaps(covered: list[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """The parts of the line that are left, wider than what is merged, in order."""
    done = 0.0
    for first, last in sorted(covered):
        if first - done > MERGE:
            yield done, first
        done = max(done, last)
    if 1.0 - done > MERGE:
        yield done, 1.0


def _joined(pieces: list[Piece]) -> Iterator[Piece]:
    """Pieces without those that say what the one before says, and without those too short to be told apart."""
    kept: list[Piece] = []
    for piece in pieces:
        if kept and _same(kept[-1], piece):
            before = kept.pop()
            kept.append(_with_ends(before, min(before.first, piece.first), max(before.last, piece.last)))
        elif piece.last - piece.first > MERGE:
            kept.append(piece)
    yield from kept


def _same(one: Piece, other: Piece) -> bool:
    """Whether two bases give the same volumes where they meet, moving alike."""
    at = min(max(0.5 * (one.last + other.first), 0.0), 1.0)
    near, far = one.primal.at(at), other.primal.at(at)
    size = SAME * np.maximum(1.0, np.abs(near))
    return bool(np.all(np.abs(near - far) <= size) and np.all(np.abs(one.primal.slope - other.primal.slope) <= size))


def _with_ends(piece: Piece, first: float, last: float) -> Piece:
    return Piece(first, last, piece.loose, piece.primal, piece.activity, piece.dual, piece.reduced)


class _Walk:
    """One session that is only told what changes from share to share."""

    def __init__(self, line: Line, options: SolveOptions) -> None:
        self.line, self.options, self.solves = line, options, 0
        self._session: Session | None = None
        middle = line.middle
        self._columns, self._rows = (np.arange(count, dtype=np.int32) for count in (middle.column_count, middle.row_count))

    def at(self, share: float, *, tight: bool = False) -> tuple[tuple[float, float], Piece | Without]:
        """What the solve at a share tells, and the stretch that it covers. `tight`: with a tenth of the solver's tolerance."""
        program = self.line.program(share)
        session = self._load(program)
        session.set(primal_feasibility_tolerance=0.1 * TOLERANCE if tight else TOLERANCE)
        self.solves += 1
        first = session.solve()
        if first.status == "infeasible":
            return self._without(session, program, share)
        if first.status == "optimal":
            first = single_duals(session, program)
        if first.status == "optimal":
            last, *_ = choose(session, program, first)
            if last.status == "optimal":
                piece = piece_of(self.line, share, basis_of(session), last.primal, first.dual, first.reduced)
                if piece.first <= share <= piece.last:
                    return (piece.first, piece.last), piece
                if not tight:
                    return self.at(share, tight=True)
                return (min(piece.loose[0], share), max(piece.loose[1], share)), piece
            first = last
        words = f"at {share:.6g} of the line"
        if first.status == "unbounded":
            raise Unbounded(f"the cost falls without end {words}")
        if first.status == "time_limit":
            raise TimeLimit(f"the time limit was reached {words}")
        raise SolverFailure(f"HiGHS ended without an answer {words}")

    def _load(self, program: LinearProgram) -> Session:
        if self._session is None:
            self._session = Session(program, self.options)
            return self._session
        session = self._session
        session.set(solver="simplex", simplex_strategy=DUAL, presolve="off")
        session.change_costs(program.cost)
        session.change_bounds(self._columns, program.lower, program.upper)
        session.change_row_bounds(self._rows, program.row_lower, program.row_upper)
        return session

    def _without(self, session: Session, program: LinearProgram, share: float) -> tuple[tuple[float, float], Without]:
        """The half-line that the ray of an infeasible program rules out."""
        session.set(solver="simplex", simplex_strategy=DUAL, presolve="off")
        session.solve()
        status, there, ray = session.highs.getDualRay()  # type: ignore[attr-defined]
        if status == highspy.HighsStatus.kError or not there:
            raise SolverFailure(f"HiGHS found no flows at {share:.6g} of the line, and no proof of it")
        multipliers = np.asarray(ray, dtype=np.float64)
        for sign in (1.0, -1.0):
            gap = _gap(self.line, sign * multipliers)
            if gap.at(share) > 0.0:
                first, last = _above_zero(float(gap.base), float(gap.slope))
                words = explain(program)
                return (first, last), Without(first, last, words)
        raise SolverFailure(f"HiGHS found no flows at {share:.6g} of the line, and its proof does not hold")


def _gap(line: Line, ray: Floats) -> Moving:
    """By how much the least of y'r over the rows' limits exceeds the greatest of (A'y)'x over the columns' bounds, along the line."""
    ray = np.where(np.abs(ray) <= NOISE * np.abs(ray).max(initial=0.0), 0.0, ray)
    columns = np.asarray(line.middle.matrix().T @ ray)
    columns = np.where(np.abs(columns) <= NOISE * np.abs(columns).max(initial=0.0), 0.0, columns)
    least, most = (_extreme(ray, line.row_upper, line.row_lower), _extreme(columns, line.lower, line.upper))
    return Moving(least.base - most.base, least.slope - most.slope)


def _extreme(weights: Floats, negative: Moving, positive: Moving) -> Moving:
    """The sum of the weights times one limit where they are negative and the other where they are positive."""
    sums = []
    for below, above in ((negative.base, positive.base), (negative.slope, positive.slope)):
        limit = np.where(weights < 0.0, below, above)
        sums.append(np.float64(np.sum(np.where(weights == 0.0, 0.0, weights * np.where(weights == 0.0, 0.0, limit)))))
    return Moving(np.asarray(sums[0]), np.asarray(sums[1]))


def _above_zero(base: float, slope: float) -> tuple[float, float]:
    """The part of the line on which base + share x slope is above zero."""
    if slope == 0.0:
        return 0.0, 1.0
    root = min(max(-base / slope, 0.0), 1.0)
    return (root, 1.0) if slope > 0.0 else (0.0, root)
