"""Polynomials of the data evaluated over all periods at once, group by group of the same shape."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Symbol = tuple[str, str, int]  # table, column, position of the record


class Source:
    """Numbers by table and column: (T, n), or (n,) where nothing depends on the period; and which of the n change over the periods."""

    def __init__(self, numbers: Callable[[str, str], Floats]) -> None:
        self._numbers, self._arrays = numbers, dict[tuple[str, str], Floats]()
        self._masks = dict[tuple[str, str], NDArray[np.bool_]]()

    def __call__(self, table: str, column: str) -> Floats:
        if (table, column) not in self._arrays:
            self._arrays[table, column] = self._numbers(table, column)
        return self._arrays[table, column]

    def varies(self, table: str, column: str) -> NDArray[np.bool_]:
        """Which records change over the periods (n,)."""
        if (table, column) not in self._masks:
            self._masks[table, column] = _varies(self(table, column))
        return self._masks[table, column]


@dataclass
class Monomials:
    """Sums of monomials, one sum an entry: entry e is the sum over its monomials of coefficient x product of symbols."""

    entries: int = 0
    entry: list[int] = field(default_factory=list)
    coefficient: list[float] = field(default_factory=list)
    factors: list[tuple[int, ...]] = field(default_factory=list)

    def new_entry(self) -> int:
        self.entries += 1
        return self.entries - 1

    def add(self, entry: int, coefficient: float, factors: tuple[int, ...]) -> None:
        self.entry.append(entry)
        self.coefficient.append(coefficient)
        self.factors.append(factors)


@dataclass(frozen=True)
class Values:
    """Values of k entries over T periods: `static` (k,) in every period, and for entries `varying` the whole (T, v) in `series`."""

    static: Floats
    varying: Integers
    series: Floats

    def fill(self, out: Floats, periods: slice | Integers = slice(None)) -> None:
        """Write the values of those periods into `out` (t, k)."""
        out[:] = self.static
        if len(self.varying):
            out[:, self.varying] = self.series[periods]

    def spread(self, out: Floats, places: Sequence[int], elsewhere: float, *, absent: float) -> None:
        """Write all values at those places of `out` (T, n), `absent` where a value is NaN, and `elsewhere` at all other places."""
        line, where = np.full(out.shape[1], elsewhere), np.array(places, dtype=np.int64)
        line[where] = np.where(np.isnan(self.static), absent, self.static)
        out[:] = line
        if len(self.varying):
            out[:, where[self.varying]] = np.where(np.isnan(self.series), absent, self.series)

    def at(self, period: int) -> Floats:
        """Values in one period (k,)."""
        row = self.static.copy()
        if len(self.varying):
            row[self.varying] = self.series[period]
        return row

    def dense(self, periods: int) -> Floats:
        """Values in all periods (T, k)."""
        out = np.empty((periods, len(self.static)))
        self.fill(out)
        return out


class Evaluator:
    """Evaluates monomials against the arrays of a system; the grouping is made once and serves every scenario."""

    def __init__(self, monomials: Monomials, symbols: list[Symbol]) -> None:
        self.entries = monomials.entries
        self.symbols = symbols
        entry = np.array(monomials.entry, dtype=np.int64)
        coefficient = np.array(monomials.coefficient, dtype=np.float64)
        kinds: dict[tuple[tuple[str, str, int], ...], list[int]] = {}
        for k, factors in enumerate(monomials.factors):
            shape = tuple((symbols[f >> 1][0], symbols[f >> 1][1], f & 1) for f in factors)
            kinds.setdefault(shape, []).append(k)
        self._groups = []
        for shape, members in kinds.items():
            positions = np.array([[symbols[f >> 1][2] for f in monomials.factors[k]] for k in members], dtype=np.int64).reshape(
                len(members), -1
            )
            self._groups.append((shape, entry[members], coefficient[members], positions))

    @property
    def reads(self) -> frozenset[tuple[str, str]]:
        """The numbers, by table and column, that the entries are made of."""
        return frozenset((table, column) for shape, *_ in self._groups for table, column, _ in shape)

    def evaluate(self, source: Source, periods: int) -> Values:
        """All entries over `periods` periods. A value that no period changes is kept once."""
        static = np.zeros(self.entries)
        moving: list[tuple[Integers, Floats]] = []
        for shape, entry, coefficient, positions in self._groups:
            constant, changing = np.ones(len(entry)), np.zeros(len(entry), dtype=bool)
            arrays = [source(table, column) for table, column, _ in shape]
            masks = [source.varies(table, column) for table, column, _ in shape]
            for place, (array, (_, _, divisor)) in enumerate(zip(arrays, shape, strict=True)):
                columns = positions[:, place]
                varies = masks[place][columns]
                changing |= varies
                first = array[columns] if array.ndim == 1 else array[0, columns]
                constant *= np.where(varies, 1.0, _power(first, divisor))
            np.add.at(static, entry[~changing], (coefficient * constant)[~changing])
            if changing.any():
                chosen = np.flatnonzero(changing)
                series = np.broadcast_to((coefficient * constant)[chosen], (periods, len(chosen))).copy()
                for place, (array, (_, _, divisor)) in enumerate(zip(arrays, shape, strict=True)):
                    columns = positions[chosen, place]
                    moved = np.flatnonzero(masks[place][columns])
                    if len(moved):
                        series[:, moved] *= _power(array[:, columns[moved]], divisor)
                moving.append((entry[chosen], series))
        return _collect(static, moving, periods)

    def gradient(self, source: Source, weights: Floats) -> dict[tuple[str, str], Floats]:
        """The derivative of sum(weights x entries) for weights (T, entries): by table and column, shaped as the source's array.

        NaN where no entry reads the number.
        """
        found: dict[tuple[str, str], Floats] = {}
        for shape, entry, coefficient, positions in self._groups:
            arrays = [source(table, column) for table, column, _ in shape]
            factors = [
                np.broadcast_to(_power(array[..., positions[:, k]], divisor), (len(weights), len(entry)))
                for k, (array, (_, _, divisor)) in enumerate(zip(arrays, shape, strict=True))
            ]
            for k, (table, column, divisor) in enumerate(shape):
                own = weights[:, entry] * coefficient
                for other, factor in enumerate(factors):
                    own = own * (factor if other != k else -factor * factor if divisor else 1.0)
                part = _share_of(arrays[k], positions[:, k], np.where(weights[:, entry] == 0.0, 0.0, own))
                there = found.get((table, column))
                found[table, column] = part if there is None else np.where(np.isnan(there), part, there + np.nan_to_num(part))
        return found


def _share_of(array: Floats, columns: Integers, own: Floats) -> Floats:
    """Values of members (T, members) added up by the record that each reads: shaped as the array, NaN where no member reads it."""
    out = np.full((len(own), array.shape[-1]), np.nan)
    out[:, columns] = 0.0
    np.add.at(out.T, columns, own.T)
    return np.asarray(out.sum(axis=0)) if array.ndim == 1 else out


def _power(values: Floats, divisor: int) -> Floats:
    return 1.0 / values if divisor else values


def _varies(array: Floats) -> NDArray[np.bool_]:
    """Which records change over the periods; NaN counts as equal to NaN."""
    if array.ndim == 1 or len(array) == 1:
        return np.zeros(array.shape[-1], dtype=bool)
    varies = np.asarray((array != array[0]).any(axis=0))
    absent = varies & np.isnan(array[0])
    varies[absent] = ~np.isnan(array[:, absent]).all(axis=0)
    return varies


def _collect(static: Floats, moving: list[tuple[Integers, Floats]], periods: int) -> Values:
    """Add up the varying monomials of each entry."""
    if not moving:
        return Values(static, np.zeros(0, dtype=np.int64), np.zeros((periods, 0)))
    every = np.concatenate([entry for entry, _ in moving])
    varying, place = np.unique(every, return_inverse=True)
    if len(moving) == 1 and len(varying) == len(every):
        series = np.empty((periods, len(varying)))
        series[:, place] = moving[0][1]
        series += static[varying]
        return Values(static, varying, series)
    series = np.broadcast_to(static[varying], (periods, len(varying))).copy()
    done = 0
    for entry, values in moving:
        columns = place[done : done + len(entry)]
        done += len(entry)
        if len(np.unique(columns)) == len(columns):
            series[:, columns] += values
        else:
            for k, column in enumerate(columns):
                series[:, column] += values[:, k]
    return Values(static, varying, series)
