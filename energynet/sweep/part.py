"""A part of a sweep: some of its scenarios, solved one after the other, and their tables as Parquet files in memory."""

from __future__ import annotations

import io
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from energynet.dataset.changes import Change
from energynet.errors import CertificateFailure, EnergynetError, Infeasible, InputFaults, SolverFailure, TimeLimit, Unbounded
from energynet.recheck import recheck_many
from energynet.recheck.values import Values
from energynet.results.frames import SCENARIO
from energynet.results.stack import groups, tables_of
from energynet.solution import Solution
from energynet.solver.certificate import Check
from energynet.sweep.engine import Answer, Engine, Setting

SCENARIOS = "scenarios"
OPTIMAL, OUT_OF_TIME = "optimal", "time_limit"
STATUS: tuple[tuple[type[EnergynetError], str], ...] = (
    (Infeasible, "infeasible"), (Unbounded, "unbounded"), (TimeLimit, OUT_OF_TIME), (CertificateFailure, "not_certified"),
    (InputFaults, "bad_input"), (SolverFailure, "failed"),
)  # fmt: skip


@dataclass(frozen=True)
class Scenario:
    """One scenario: its number in the design, its own name, its changes, and the values of the varied changes by name."""

    number: int
    label: str | None
    changes: tuple[Change, ...]
    values: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Part:
    """Scenarios that are solved and written together. `chain`: each starts from the basis of the one before."""

    number: int
    scenarios: tuple[Scenario, ...]
    tables: tuple[str, ...]
    chain: bool = False


@dataclass(frozen=True)
class Outcome:
    """How a scenario ended: `status` optimal, or one of STATUS with its `reason`."""

    status: str
    objective: float
    reason: str
    seconds: float
    rebuilt: bool
    solution: Solution | None


@dataclass(frozen=True)
class Written:
    """A part as Parquet files by table, and how its scenarios ended."""

    number: int
    files: dict[str, bytes]
    statuses: tuple[str, ...]
    rebuilt: int


_ENGINES: list[Engine] = []  # at most one a process: the engine of the sweep that it works on


def solve_part(setting: Setting, part: Part) -> Written:
    """Solve the scenarios of a part, certify them, and make their tables. A scenario without a solution is a row, never an error.

    Each is also checked against the arrays of its system, so that a number that was not written where it belongs is seen.
    """
    engine = _engine(setting)
    engine.begin(chain=part.chain)
    outcomes = checked_again([outcome_of(engine, scenario.changes, rechecked=False) for scenario in part.scenarios])
    solved = [(one.number, outcome.solution) for one, outcome in zip(part.scenarios, outcomes, strict=True) if outcome.solution is not None]
    frames = tables_of(sorted(solved, key=lambda one: one[0]), part.tables)
    files = {name: parquet(frame) for name, frame in frames.items()}
    files[SCENARIOS] = parquet(_rows(part.scenarios, outcomes))
    return Written(part.number, files, tuple(outcome.status for outcome in outcomes), sum(outcome.rebuilt for outcome in outcomes))


def _engine(setting: Setting) -> Engine:
    """The engine of a sweep, made anew where the sweep is another, or is solved with other options (a time limit, say)."""
    held = _ENGINES[0].setting if _ENGINES else None
    if held is None or (held.token, held.options) != (setting.token, setting.options):
        _ENGINES[:] = [Engine(setting)]
    return _ENGINES[0]


def outcome_of(engine: Engine, changes: Sequence[Change], *, rechecked: bool = True) -> Outcome:
    """Solve one scenario; what it can fail of is its outcome. What is not `rechecked` is for `checked_again`."""
    try:
        answer: Answer = engine.solve(changes, rechecked=rechecked)
    except EnergynetError as error:
        return Outcome(status_of(error), float("nan"), "; ".join(str(error).splitlines()), engine.seconds, False, None)
    return Outcome(OPTIMAL, answer.solution.objective, "", engine.seconds, answer.rebuilt, answer.solution)


def checked_again(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes with the rows of their solutions evaluated once more from the arrays of their systems, all that are alike at once.

    What was checked as it was solved stays as it is; a solution that fails is none any more, and its outcome says at which check.
    """
    found = list(outcomes)
    waiting = [(k, one.solution) for k, one in enumerate(outcomes) if one.solution is not None and not _checked(one.solution)]
    for group in groups(waiting):
        started = time.perf_counter()
        first, solutions = group[0][1], [solution for _, solution in group]
        values = Values(
            first.system, first.program, np.column_stack([one.primal for one in solutions]), [one.system for one in solutions]
        )  # fmt: skip
        checks = recheck_many(values, np.array([one.objective for one in solutions]))
        seconds = (time.perf_counter() - started) / len(group)
        for (k, solution), more in zip(group, checks, strict=True):
            found[k] = _with_checks(replace(outcomes[k], seconds=outcomes[k].seconds + seconds), solution, more)
    return found


def _checked(solution: Solution) -> bool:
    return any(check.name.startswith("recheck") for check in solution.certificate.checks)


def _with_checks(outcome: Outcome, solution: Solution, more: tuple[Check, ...]) -> Outcome:
    certificate = replace(solution.certificate, checks=(*solution.certificate.checks, *more))
    try:
        certificate.demand()
    except CertificateFailure as error:
        return replace(outcome, status=status_of(error), objective=float("nan"), reason=str(error), solution=None)
    return replace(outcome, solution=replace(solution, certificate=certificate))


def status_of(error: EnergynetError) -> str:
    """The word of STATUS for an error."""
    return next((word for kind, word in STATUS if isinstance(error, kind)), "failed")


def _rows(scenarios: Sequence[Scenario], outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """The table `scenarios`: changes, values, and how each ended."""
    columns: dict[str, Any] = {SCENARIO: np.array([one.number for one in scenarios], dtype=np.int64)}
    if scenarios[0].label is not None:
        columns["name"] = [one.label for one in scenarios]
    columns["changes"] = ["; ".join(change.text for change in one.changes) for one in scenarios]
    for k, (name, _) in enumerate(scenarios[0].values):
        columns[name] = np.array([one.values[k][1] for one in scenarios])
    columns |= {
        "status": [one.status for one in outcomes], "objective_musd": [one.objective for one in outcomes],
        "reason": [one.reason for one in outcomes], "seconds": [round(one.seconds, 4) for one in outcomes],
        "rebuilt": [one.rebuilt for one in outcomes],
    }  # fmt: skip
    return pd.DataFrame(columns).sort_values(SCENARIO, ignore_index=True)


def parquet(frame: pd.DataFrame) -> bytes:
    """A frame as a Parquet file; every text column is a string, so that the files of a table are of one schema even where one is empty."""
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    fields = [pa.field(one.name, pa.string()) if _textual(one.type) else one for one in table.schema]
    sink = io.BytesIO()
    pq.write_table(table.cast(pa.schema(fields)), sink)
    return sink.getvalue()


def _textual(kind: pa.DataType) -> bool:
    return bool(pa.types.is_null(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind))
