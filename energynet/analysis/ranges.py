"""How far could a figure move at the same cost, or within a tolerance of it? Its least and greatest value, each bound certified."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import scipy.sparse as sp

from energynet.errors import SolverFailure
from energynet.program.linear_program import Family, LinearProgram
from energynet.results.frames import carrier_of, country_of, unit_of
from energynet.solution import Solution
from energynet.solver.certificate import certify
from energynet.solver.face import Face
from energynet.solver.session import PRIMAL, Floats, Session, SolveOptions

LEAST = 1e3  # units a day, summed over the periods: a bound is proven to a billionth of this, or of the figure where that is larger
NOISE = 1e-9
SAME = 1e-6  # bcm or TWh: a range narrower than this is a point
COLUMNS = ["kind", "figure", "origin", "name", "year", "value", "lowest", "highest", "unit", "words"]


@dataclass(frozen=True)
class Range:
    """Least and greatest value of a figure; in the figure's own unit."""

    lowest: float
    highest: float


@dataclass(frozen=True)
class Figure:
    """A weighted sum of the program's columns (columns,): an annual flow of an arc, or a delivery of an origin to a country."""

    kind: str
    figure: str
    origin: str
    name: str
    year: int
    unit: str
    weights: Floats


def ranges(solution: Solution, tolerance: float = 0.0, *, origins: tuple[str, ...] | None = None, jobs: int | None = None) -> pd.DataFrame:
    """One row an annual flow of an arc and an annual delivery of an origin to a country: its value and how far it could move.

    `tolerance` is a share of the optimum: 0.01 allows answers up to 1 % dearer. `origins`: only deliveries of these; None: of all.
    bcm for what is counted in mcm, TWh for GWh. Raises SolverFailure or CertificateFailure.
    """
    chosen = [one for one in figures(solution) if one.kind == "flow" or origins is None or one.origin in origins]
    found = extremes(solution, {str(k): one.weights for k, one in enumerate(chosen)}, tolerance, jobs)
    rows = []
    for k, one in enumerate(chosen):
        value, ends = float(one.weights @ solution.primal), found[str(k)]
        about = {"kind": one.kind, "figure": one.figure, "origin": one.origin, "name": one.name, "year": one.year, "unit": one.unit}
        words = in_words(one, value, ends, tolerance)
        rows.append({**about, "value": value, "lowest": ends.lowest, "highest": ends.highest, "words": words})
    return pd.DataFrame(rows, columns=COLUMNS)


def in_words(one: Figure, value: float, ends: Range, tolerance: float) -> str:
    """What a range means, in a sentence."""
    cost = "at the same cost" if tolerance == 0.0 else f"at up to {100 * tolerance:g} % more cost"
    what = f"{one.name}'s {value:.2f} {one.unit} of {one.origin}" if one.origin else f"the {value:.2f} {one.unit} through {one.name}"
    if ends.highest - ends.lowest <= SAME:
        return f"{what} cannot be another {cost}"
    return f"{what} could be anything from {ends.lowest:.2f} to {ends.highest:.2f} {cost}"


def figures(solution: Solution) -> Iterator[Figure]:
    """All annual flows of arcs, then all annual deliveries by origin and country."""
    system, program = solution.system, solution.program
    names = system["countries"]
    for family, kind in (
        (name, kind) for kind, variable in (("flow", "flow"), ("delivery", "taken")) for name in _named(program, variable)
    ):
        first, stride, _ = program.family_slice(family)
        places: dict[tuple[str, str, str, str], list[int]] = {}
        for k, (record, origin) in enumerate(family.keys):
            if kind == "flow":
                place = (record, "", str(system["arcs"].of("name", record)), unit_of(system, carrier_of(system, "arcs", record)))
            else:
                country = country_of(system, system["demands"].of("node", record))
                place = (country, origin, str(names.of("name", country)), unit_of(system, carrier_of(system, "demands", record)))
            places.setdefault(place, []).append(first + k)
        for year in np.unique(system.horizon.year):
            inside = np.flatnonzero(system.horizon.year == year)
            for (record, origin, name, unit), columns in places.items():
                weights = np.zeros(program.column_count)
                for column in columns:
                    weights[column + stride * inside] += program.days[inside] / 1000.0
                yield Figure(kind, record, origin, name, int(year), "bcm" if unit == "mcm" else "TWh", weights)


def _named(program: LinearProgram, variable: str) -> list[Family]:
    return [family for family in program.columns if family.name == variable]


def extremes(solution: Solution, weights: Mapping[str, Floats], tolerance: float = 0.0, jobs: int | None = None) -> dict[str, Range]:
    """Least and greatest value of each weighted sum of columns (columns,) over all answers within a tolerance of the optimum.

    Without a tolerance the optimal face is fixed; with one a row holds the cost. `jobs` threads share the figures.
    Raises SolverFailure where a figure has no end,
    CertificateFailure where a bound is not proven.
    """
    program = _near(solution, tolerance) if tolerance > 0.0 else _face(solution)
    workers = min(jobs or os.cpu_count() or 1, len(weights)) or 1
    sessions = [Session(program, SolveOptions(solver="simplex")) for _ in range(workers)]
    names = list(weights)
    shares = [names[k * len(names) // workers : (k + 1) * len(names) // workers] for k in range(workers)]

    def share(session: Session, mine: list[str]) -> dict[str, Range]:
        session.solve()
        session.set(simplex_strategy=PRIMAL, presolve="off")
        return {name: _range(session, program, name, weights[name]) for name in mine}

    with ThreadPoolExecutor(workers) as pool:  # HiGHS lets go of the interpreter while it solves
        found: dict[str, Range] = {}
        for part in pool.map(share, sessions, shares):
            found |= part
    return found


def _range(session: Session, program: LinearProgram, name: str, weights: Floats) -> Range:
    size = float(np.abs(weights).max(initial=0.0)) or 1.0
    ends = (sign * size * _end(session, program, name, sign * weights / size) for sign in (1.0, -1.0))
    return Range(*sorted(end if abs(end) > NOISE else 0.0 for end in ends))


def _end(session: Session, program: LinearProgram, name: str, cost: Floats) -> float:
    """The least value of an objective, certified."""
    session.change_costs(cost)
    outcome = session.solve()
    if outcome.status != "optimal":
        raise SolverFailure(f"the range of {name} was not found: {outcome.status}")
    asked = replace(program, cost=cost, offset=0.0, costs=())
    certify(asked, outcome.primal, outcome.dual, outcome.objective, least=LEAST).demand()
    return outcome.objective


def _face(solution: Solution) -> LinearProgram:
    """The program with only its optimal answers left."""
    program = solution.program
    face = Face(program.lower, program.upper, program.row_lower, program.row_upper)
    session = Session(program, SolveOptions())
    face.shrink(session.solve())
    return face.of(program)


def _near(solution: Solution, tolerance: float) -> LinearProgram:
    """The program with one more row: the cost, scaled to a largest coefficient of one, stays within the tolerance of the optimum."""
    program = solution.program
    scale = float(np.abs(program.cost).max(initial=0.0)) or 1.0
    most = (solution.objective - program.offset + tolerance * abs(solution.objective)) / scale
    matrix = sp.csc_matrix(sp.vstack([program.matrix(), sp.csr_matrix(program.cost / scale)]))
    matrix.sort_indices()
    last = program.row_count - len(program.periods) * program.rows_per_period
    family = Family("near", "range", (("cost",),), last, horizon=True, unit="of the greatest cost")
    return replace(
        program, start=matrix.indptr.astype(np.int32), index=matrix.indices.astype(np.int32), value=np.asarray(matrix.data),
        row_lower=np.append(program.row_lower, -np.inf), row_upper=np.append(program.row_upper, most), rows=(*program.rows, family),
    )  # fmt: skip
