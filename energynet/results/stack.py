"""The result tables of many scenarios at once: their periods stand one after the other, as if they were one long horizon."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from energynet.program.linear_program import LinearProgram
from energynet.results.frames import SCENARIO
from energynet.results.summary import SUMMED, summaries
from energynet.results.tables import MAKERS, NAMES, Tables
from energynet.solution import Solution
from energynet.system.alike import different
from energynet.system.horizon import Horizon, Integers
from energynet.system.system import System

Numbered = tuple[int, Solution]  # the number of a scenario, and its solution
DATED = ("start", "end", "covers_from", "covers_to")
STACKED = ("balance", "flows", "flows_by_origin", "borders", "deliveries", "congestion", "prices", "storage", "unserved")


def tables_of(solved: Sequence[Numbered], names: Iterable[str]) -> dict[str, pd.DataFrame]:
    """Each of the tables with a first column `scenario`, for all solutions; they may have different columns and rows."""
    wanted = [name for name in NAMES if name in set(names)]
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in wanted}
    for group in groups(solved):
        stacked = Stacked(group)
        for name in wanted:
            parts[name].append(stacked[name])
    return {name: _joined(frames) for name, frames in parts.items() if frames}


def _joined(frames: list[pd.DataFrame]) -> pd.DataFrame:
    if len(frames) == 1:
        return frames[0]
    frame = pd.concat([part for part in frames if len(part)] or frames[:1], ignore_index=True)
    return frame.sort_values(SCENARIO, kind="stable", ignore_index=True)


def groups(solved: Sequence[Numbered]) -> list[list[Numbered]]:
    """Solutions with the same sets and the same numbers that do not depend on the period stand together."""
    found: list[list[Numbered]] = []
    for one in solved:
        fit = next((group for group in found if _alike(group[0][1], one[1])), None)
        if fit is None:
            found.append([one])
        else:
            fit.append(one)
    return found


def _alike(one: Solution, other: Solution) -> bool:
    if one.system.pairs is not other.system.pairs or one.program.columns is not other.program.columns:
        return False
    changed = different(one.system.records, other.system.records)
    return all(one.system[table].number[column].ndim == 2 for table, column in changed)


class Stacked:
    """The tables of solutions with the same sets, by name."""

    def __init__(self, solved: Sequence[Numbered]) -> None:
        self._solved = solved
        self._numbers = np.array([number for number, _ in solved], dtype=np.int64)
        self._made: dict[str, pd.DataFrame] = {}
        first = solved[0][1]  # what was built, and what other objectives weigh, is of the horizon, which does not stand one after the other
        self._alone = bool(first.keys("installed") or first.program.first)

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    @cached_property
    def _solution(self) -> Solution:
        return _stack(self._numbers, [solution for _, solution in self._solved])

    def _make(self, name: str) -> pd.DataFrame:
        if name == "summary" and not self._alone:
            objective = {SCENARIO: self._numbers, "figure": "objective", "value": [one.objective for _, one in self._solved]}
            return summaries(self._solution, pd.DataFrame(objective).assign(unit="million USD"), {key: self[key] for key in SUMMED})
        if name == "costs":
            return self._costs()
        if name in STACKED and not self._alone:
            return MAKERS[name](self._solution)
        frames = []
        for number, solution in self._solved:
            frame = Tables(solution)[name]
            frame.insert(0, SCENARIO, np.int64(number))
            frames.append(frame)
        return pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)

    def _costs(self) -> pd.DataFrame:
        """The table `costs`: each scenario has the same components and items."""
        items = self._solved[0][1].program.costs
        musd = [
            [float(item.value @ solution.primal[item.index]) + item.constant for item in solution.program.costs]
            for _, solution in self._solved
        ]
        times = len(self._solved)
        named = {"component": [item.component for item in items] * times, "item": [item.item for item in items] * times}
        return pd.DataFrame({SCENARIO: np.repeat(self._numbers, len(items)), **named, "musd": np.array(musd).ravel()})


def _stack(numbers: Integers, solutions: Sequence[Solution]) -> Solution:
    """One solution whose periods are those of all, scenario by scenario; columns and rows of the horizon are left out (zero)."""
    first = solutions[0]
    program, count = first.program, len(solutions)
    horizon = _horizon(first.system.horizon, numbers)
    columns, rows = (len(program.periods) * size for size in (program.columns_per_period, program.rows_per_period))
    tail = program.column_count - columns, program.row_count - rows

    def joined(vectors: Iterable[np.ndarray], kept: int, more: int) -> np.ndarray:
        return np.concatenate([*(vector[:kept] for vector in vectors), np.zeros(more)])

    primal = joined((one.primal for one in solutions), columns, tail[0])
    return replace(
        first, system=_system(horizon, [one.system for one in solutions]), program=_program(program, horizon, count), primal=primal,
        dual=joined((one.dual for one in solutions), rows, tail[1]), reduced=np.zeros_like(primal), dual_ranges=_ranges(solutions, rows),
        parts=(),
    )  # fmt: skip


def _ranges(solutions: Sequence[Solution], rows: int) -> dict[int, tuple[float, float]]:
    return {k * rows + row: ends for k, one in enumerate(solutions) for row, ends in one.dual_ranges.items() if row < rows}


def _horizon(one: Horizon, numbers: Integers) -> Horizon:
    """A horizon over and over, once for each scenario; each has years of its own."""
    count, periods = len(numbers), len(one)
    dates: Any = {name: np.tile(getattr(one, name), count) for name in (*DATED, "days", "weight", "previous", "previous_in_day")}
    horizon = replace(one, **dates, labels=one.labels * count, scenario=np.repeat(numbers, periods))
    shift = np.arange(count)
    horizon.__dict__["groups"] = {
        kind: (labels * count, (group[None, :] + len(labels) * shift[:, None]).ravel()) for kind, (labels, group) in one.groups.items()
    }
    return horizon


def _system(horizon: Horizon, systems: Sequence[System]) -> System:
    """The first system with every number by period joined; what does not depend on the period is alike in all."""
    first = systems[0]
    records = {}
    for name, table in first.records.items():
        joined: Mapping[str, np.ndarray] = {
            column: np.concatenate([system[name].number[column] for system in systems]) if values.ndim == 2 else values
            for column, values in table.number.items()
        }
        records[name] = replace(table, number=dict(joined))
    return replace(first, horizon=horizon, records=records)


def _program(program: LinearProgram, horizon: Horizon, count: int) -> LinearProgram:
    rows = len(program.periods) * program.rows_per_period
    return replace(
        program, periods=horizon.labels, row_lower=np.zeros(count * rows + program.row_count - rows), days=np.tile(program.days, count)
    )
