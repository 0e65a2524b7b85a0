"""The program of a scenario from the program of its base: only the arrays that read a changed number are laid out anew.

Every array of a linear program knows, by table and column, the numbers that it is made of; an array that reads none of those that
changed is the base's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from energynet.program.layout import Layout, Program
from energynet.program.linear_program import CostItem, LinearProgram
from energynet.program.scopes import LAG
from energynet.program.values import Evaluator, Values
from energynet.system.alike import Numbers, different
from energynet.system.system import System

MARK = 2.0**40  # above every number of an entry in a period


class Patch:
    """The base's program, and which of its arrays reads which numbers."""

    def __init__(self, compiled: Program, system: System, program: LinearProgram) -> None:
        self._compiled, self._system, self.base = compiled, system, program
        self._layout = Layout(compiled, system)
        self._values = self._layout.values()
        period, horizon = compiled.period, compiled.horizon
        self._upper = _reads(period.upper, horizon.upper)
        self._matrix = _reads(period.matrix)
        self._sides = _reads(period.row_lower, period.row_upper, horizon.row_lower, horizon.row_upper) | set(compiled.openings.values())
        self._sides |= self._matrix if any(kind == LAG for _, kind, _ in period.matrix[0]) else frozenset()
        self._stages = {name: _reads(held) for name, held in period.stages.items()}
        self._whole = _reads(horizon.matrix, *period.totals.values()) | {("period", c) for c in system["period"].number}
        self._where, self._entry = self._positions()
        self._joined = bool((system.horizon.previous == np.arange(len(system.horizon))).any())  # entries that are sums of two

    def program(self, system: System) -> LinearProgram:
        """The program of a system with the sets of the base."""
        changed = different(self._system.records, system.records)
        if changed & self._whole or self.base.first or (self._joined and changed & self._matrix):
            return self._compiled.lay(system)
        layout, new = Layout(self._compiled, system), dict[str, Any]()
        values = self._values
        if changed & self._matrix:
            values = layout.values()
            new["value"] = self.base.value.copy()
            new["value"][self._where] = values.dense(layout.T).ravel()[self._entry]
        if changed & self._upper:
            new["upper"] = layout.upper()
        if changed & self._sides:
            new["row_lower"], new["row_upper"] = layout.sides(values)
        new |= {name: layout.stage(name) for name, reads in self._stages.items() if changed & reads}
        new |= self._costs(layout, changed)
        return replace(self.base, **new) if new else self.base

    def _costs(self, layout: Layout, changed: Numbers) -> dict[str, Any]:
        """The items that read a changed number, and the cost; nothing where none does."""
        period, horizon = self._compiled.period.costs, self._compiled.horizon.costs
        if not changed & _reads(*period.values(), *horizon.values()):
            return {}
        items: list[CostItem] = []
        for (key, held), old in zip((*period.items(), *horizon.items()), self.base.costs, strict=True):
            if not changed & _reads(held):
                items.append(old)
            elif len(items) < len(period):
                items += layout.items(*key, *held)
            else:
                items.append(layout.horizon_item(*key, *held))
        return {"costs": tuple(items), "cost": layout.dense(items), "offset": sum(item.constant for item in items)}

    def _positions(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the matrix holds coefficients of the period's rows, and which (period, entry) each is: their numbers are laid out."""
        periods, entries = self._layout.T, len(self._compiled.period.matrix[0])
        number = np.arange(periods * entries, dtype=np.float64).reshape(periods, entries)
        first, second = (
            self._layout.matrix(Values(np.zeros(entries), np.arange(entries), number + mark))[2] for mark in (MARK, 2.0 * MARK)
        )
        where = np.flatnonzero(second - first == MARK)
        return where, (first[where] - MARK).astype(np.int64)


def _reads(*held: tuple[Any, Evaluator]) -> Numbers:
    """The numbers that evaluators read; those of the horizon name a table as `way:year:table`."""
    pairs: Iterable[tuple[str, str]] = (pair for _, evaluator in held for pair in evaluator.reads)
    return frozenset((table.rsplit(":", 1)[-1], column) for table, column in pairs)
