"""The answer to a line of change: its pieces, its breakpoints, and the certified answer at any value, without solving."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from energynet.analysis.response.follow import MERGE, Without, follow
from energynet.analysis.response.line import Leg, Line, find_line
from energynet.analysis.response.pieces import Piece
from energynet.dataset.changes import Change
from energynet.errors import UsageFault
from energynet.recheck import recheck
from energynet.recheck.values import Values
from energynet.solution import Solution
from energynet.solver.certificate import PRIMAL, Certificate, Check, certify, worst_by_name
from energynet.solver.session import SolveOptions
from energynet.system.system import System

BENDS = 1e-6  # of the slope: a bend of the objective smaller than this is rounding


@dataclass(frozen=True)
class Point:
    """An end of the line or a breakpoint: its share of the way, and the pieces before and after it.

    `kind`: `start`, `end`; `kink` where the objective bends and prices step; `turn` where only volumes change direction;
    `edge` where the answers begin or end within the line. `certificate` holds the worst of both sides.
    """

    share: float
    kind: str
    before: Piece | None
    after: Piece | None
    certificate: Certificate


@dataclass(frozen=True)
class Response:
    """The response along a line: exact, piece by piece.

    On each piece every volume and the objective move in a straight line and every dual stands still; `points` are the ends and the
    breakpoints, each with a certificate for either side. `without` says where no flows keep all limits.
    """

    line: Line
    pieces: tuple[Piece, ...]
    points: tuple[Point, ...]
    without: tuple[Without, ...]
    solves: int
    seconds: Mapping[str, float]
    manifest: Mapping[str, Any] = field(default_factory=dict)

    def objective(self, value: float) -> float:
        """The objective at a value of the (first) change, million USD."""
        share = self._share(value)
        return self.cost(self._piece(share), share)

    def cost(self, piece: Piece, share: float) -> float:
        """The objective on a piece, million USD."""
        return float(self.line.middle.cost @ piece.primal.at(share) + self.line.constants.at(share).sum())

    def slope(self, piece: Piece) -> float:
        """How the objective moves on a piece: million USD for one unit of the (first) change's value."""
        leg = self.line.legs[0]
        rise = self.line.middle.cost @ piece.primal.slope + self.line.constants.slope.sum()
        return float(rise) / (leg.last - leg.first)

    def at(self, value: float) -> Solution:
        """The one answer at a value of the (first) change, certified, without solving. At a breakpoint the prices are those before it.

        Raises UsageFault off the line and where there is no answer, CertificateFailure where it does not hold.
        """
        share = self._share(value)
        piece = self._piece(share)
        share = min(max(share, piece.first), piece.last)
        system, program, primal = self.line.system(share), self.line.program(share), piece.primal.at(share)
        objective = self.cost(piece, share)
        started = time.perf_counter()
        certificate = proof(self.line, piece, share)
        certificate.demand()
        seconds = {"certificate": time.perf_counter() - started}
        return Solution("optimal", objective, system, program, primal, piece.dual, piece.reduced, certificate, seconds)

    @cached_property
    def certificate(self) -> Certificate:
        """Each check at its worst over all points."""
        return Certificate(tuple(worst_by_name([check for point in self.points for check in point.certificate.checks])))

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """`breakpoints`, `events`, `response`, `response_prices`: pandas, as docs/results.md says."""
        from energynet.analysis.response.tables import tables

        return tables(self)

    def write(self, directory: Path | str | None = None) -> Path:
        """Write the tables and a manifest, whole or not at all; returns the directory, else `results/MODEL/response-HASH`.

        Raises UsageFault where something else stands there.
        """
        from energynet.analysis.response.store import write_response

        return write_response(self, None if directory is None else Path(directory))

    def _share(self, value: float) -> float:
        share = self.line.share(value)
        if not -MERGE <= share <= 1.0 + MERGE:
            leg = self.line.legs[0]
            raise UsageFault(f"{leg.name} {value:g} is not on the line from {leg.first:g} to {leg.last:g}")
        return min(max(share, 0.0), 1.0)

    def _piece(self, share: float) -> Piece:
        for piece in self.pieces:
            if share <= piece.last + MERGE and share >= piece.first - MERGE:
                return piece
        raise UsageFault(f"no flows keep all limits at {self.line.legs[0].value(share):g}: there is no answer to read")


def proof(line: Line, piece: Piece, share: float, *, again: bool = True) -> Certificate:
    """The certificate of a piece's answer at a share; `again`: its rows checked once more from the System's arrays."""
    program, primal = line.program(share), piece.primal.at(share)
    objective = float(program.cost @ primal) + program.offset
    checks = certify(program, primal, piece.dual, objective).checks
    return Certificate((*checks, *recheck(Values(line.system(share), program, primal), objective)) if again else checks)


def respond(legs: Sequence[Leg], build: Callable[[tuple[Change, ...]], System], options: SolveOptions) -> Response:
    """Follow a line, every piece certified at both of its ends, which proves all between: there the same duals price limits that stay
    reached, and whatever is straight keeps its limits between two points at which it does.

    Raises UsageFault where the line cannot be followed, InputFaults, Infeasible, SolverFailure, CertificateFailure.
    """
    started = time.perf_counter()
    line = find_line(legs, build)
    found = time.perf_counter()
    followed = follow(line, replace(options, second_stage=True))
    done = time.perf_counter()
    points = tuple(_points(line, followed.pieces))
    seconds = {"line": found - started, "follow": done - found, "certificates": time.perf_counter() - done}
    return Response(line, followed.pieces, points, followed.without, followed.solves, seconds)


def _points(line: Line, pieces: Sequence[Piece]) -> Iterator[Point]:
    """The ends and breakpoints, each side certified. Raises CertificateFailure."""
    for k, (before, after) in enumerate(zip((None, *pieces), (*pieces, None), strict=True)):
        sides = [piece for piece in (before, after) if piece is not None]
        joined = len(sides) == 2 and abs(sides[0].last - sides[1].first) <= 2 * MERGE
        if len(sides) == 2 and not joined:  # no answer between the two
            yield _point(line, before, None, "edge")
            yield _point(line, None, after, "edge")
            continue
        kind = _kind(line, before, after)
        if kind == "start" and k == 0 and pieces[0].first > MERGE:
            kind = "edge"
        if kind == "end" and pieces[-1].last < 1.0 - MERGE:
            kind = "edge"
        yield _point(line, before, after, kind)


def _kind(line: Line, before: Piece | None, after: Piece | None) -> str:
    if before is None or after is None:
        return "start" if before is None else "end"
    low, high = (float(line.middle.cost @ piece.primal.slope + line.constants.slope.sum()) for piece in (before, after))
    return "kink" if abs(high - low) > BENDS * max(1.0, abs(low), abs(high)) else "turn"


def _point(line: Line, before: Piece | None, after: Piece | None, kind: str) -> Point:
    """A point, either side certified; where both sides have the same volumes, these are checked from the System's arrays once."""
    sides = [(piece, end) for piece, end in ((before, before.last if before else 0.0), (after, after.first if after else 0.0)) if piece]
    checks: list[Check] = []
    for k, (piece, end) in enumerate(sides):
        same = k > 0 and bool(np.all(np.abs(piece.primal.at(end) - sides[0][0].primal.at(sides[0][1])) <= PRIMAL))
        certificate = proof(line, piece, end, again=not same)
        certificate.demand()
        checks += certificate.checks
    return Point(sum(end for _, end in sides) / len(sides), kind, before, after, Certificate(tuple(worst_by_name(checks))))
