"""Primal values by variable name, and the System's numbers by record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from energynet.program.linear_program import LinearProgram
from energynet.system.system import System

Floats = NDArray[np.float64]
Rows = list[tuple[str, Floats]]  # (what, violation by period or year)


class Values:
    """One primal solution (columns,), read by name: (T,) for a key of a variable, zero where no such column exists.

    Many at once: `primal` (columns, scenarios), with the system of each scenario in `systems`. Then everything that is (T,) for one is
    (T, scenarios), and what is a number for one is (scenarios,). The systems may differ in numbers by period alone.
    """

    def __init__(self, system: System, program: LinearProgram, primal: Floats, systems: Sequence[System] = ()) -> None:
        self._systems, self._tail = systems, primal.shape[1:]
        self._numbers: dict[tuple[str, str], Floats] = {}
        self.system, self.periods = system, len(program.periods)
        self._families = {family.name: family for family in program.columns}
        self._place = {f.name: {key: k for k, key in enumerate(f.keys)} for f in program.columns}
        self._program, self._primal = program, primal
        self.zero = np.zeros((self.periods, *self._tail))
        self.days = self._by_period("period", "days", 0)
        self.discount = self._by_period("period", "discount", 0)
        self.weighted = self._by_period("period", "days_weighted", 0)

    def keys(self, name: str) -> tuple[tuple[str, ...], ...]:
        """The keys of a variable; none where it does not exist."""
        return self._families[name].keys if name in self._families else ()

    def of(self, name: str, *key: str) -> Floats:
        """A variable by period (T,)."""
        place = self._place.get(name, {}).get(key)
        if place is None:
            return self.zero
        return self._block(name)[:, place]

    def of_year(self, name: str, *key: str) -> Any:  # noqa: ANN401
        """A variable of the horizon, zero where no such column exists; the last part of the key is the year."""
        if key not in self._place.get(name, {}):
            return np.zeros(self._tail) if self._tail else 0.0
        family = self._families[name]
        first = self.periods * self._program.columns_per_period + family.first
        found = self._primal[first + self._place[name][key]]
        return found if self._tail else float(found)

    def data(self, table: str, column: str, key: str) -> Floats:
        """A number of a record by period (T,)."""
        return self._by_period(table, column, self.system[table].position[key])

    def _by_period(self, table: str, column: str, place: int) -> Floats:
        shape = (self.periods, *self._tail)
        if not self._tail:
            numbers = self.system[table].number[column][..., place]
            return numbers if numbers.shape == shape else np.broadcast_to(numbers, shape)
        if (table, column) not in self._numbers:
            first, *others = (system[table].number[column] for system in self._systems)
            same = all(other is first for other in others)
            self._numbers[table, column] = first[..., None] if same else np.stack([first, *others], axis=-1)
        return np.broadcast_to(self._numbers[table, column][..., place, :], shape)

    def aligned(self, by_period: NDArray[Any]) -> NDArray[Any]:
        """What is the same in all scenarios (T,), so that it goes with what is not."""
        return by_period[:, None] if self._tail else by_period

    def present(self, table: str, key: str) -> Floats:
        """The share of each period in which a record is there (T,)."""
        records = self.system[table]
        return self.aligned(records.present[:, records.position[key]])

    def sum(self, name: str, keys: Sequence[tuple[str, ...]]) -> Floats:
        """The sum of a variable over keys (T,)."""
        place = self._place.get(name, {})
        columns = [place[key] for key in keys if key in place]
        if not columns:
            return self.zero
        return np.asarray(self._block(name)[:, columns].sum(axis=1))

    def by_first(self, name: str) -> dict[str, Floats]:
        """A variable by period (T,), added up over all keys that have their first part in common."""
        keys = self.keys(name)
        place = {first: k for k, first in enumerate(dict.fromkeys(key[0] for key in keys))}
        total = np.zeros((len(place), self.periods, *self._tail))
        if keys:
            np.add.at(total, [place[key[0]] for key in keys], np.moveaxis(self._block(name), 1, 0))
        return dict(zip(place, total, strict=True))

    def _block(self, name: str) -> Floats:
        """A variable by period and key (T, keys)."""
        family, n = self._families[name], self._program.columns_per_period
        by_period = self._primal[: self.periods * n].reshape(self.periods, n, *self._tail)
        return by_period[:, family.first : family.first + len(family.keys)]

    def priced(self, name: str, dual: Floats) -> tuple[Floats, tuple[tuple[str, ...], ...]]:
        """The duals of a period's rows (T, keys), and their keys, from all duals (rows,)."""
        family, m = next((one for one in self._program.rows if one.name == name), None), self._program.rows_per_period
        if family is None:
            return np.zeros((self.periods, 0)), ()
        held = dual[: self.periods * m].reshape(self.periods, m)
        return held[:, family.first : family.first + len(family.keys)], family.keys

    def years(self, kind: str) -> list[tuple[str, NDArray[np.bool_]]]:
        """Each year of the horizon with the periods that lie in it."""
        labels, group = self.system.horizon.groups[kind]
        return [(label, group == g) for g, label in enumerate(labels)]


def over(excess: Any) -> Floats:  # noqa: ANN401
    """The part above zero of what a year has too much, a number or (scenarios,), as the one row of a violation."""
    found: Floats = np.maximum(excess, 0.0)[None]
    return found


def above(value: Floats, limit: Floats) -> Floats:
    """By how much a value passes its limit; no limit where that is NaN, and NaN where the value is."""
    return np.maximum(value - np.where(np.isnan(limit), np.inf, limit), 0.0)
