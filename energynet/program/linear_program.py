"""The linear program over the horizon as arrays, with a way back from every row and column to its name and unit."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
WHOLE = "whole"


@dataclass(frozen=True)
class Family:
    """A variable or a constraint with all its keys. In a horizon family `first` counts from the horizon block, else within a period.

    `unit` is `units/d` (the carrier's unit a day), `units` (a stock or an annual quantity), `whole` (a variable that is a whole number)
    or a plain word.
    """

    name: str
    component: str
    keys: tuple[tuple[str, ...], ...]
    first: int
    horizon: bool = False
    unit: str = "units/d"

    def label(self, position: int) -> str:
        return f"{self.name}[{','.join(self.keys[position])}]"


@dataclass(frozen=True)
class CostItem:
    """A share of the objective: `value @ x[index] + constant`, in million USD."""

    component: str
    item: str
    index: Ints
    value: Floats
    constant: float = 0.0


@dataclass(frozen=True)
class LinearProgram:
    """minimise cost @ x + offset, row_lower <= A x <= row_upper, lower <= x <= upper; million USD.

    A is column-wise: `start` (n+1), `index`, `value`. Period t's columns are t*columns_per_period + first + k, the horizon's
    columns stand after all periods; rows likewise. `fuel` and `haul` are the objectives of the second stage. `days` is how many days each
    period stands for (T,). `first` are objectives (n,) that are made least before the cost, one after the other.
    """

    periods: tuple[str, ...]
    columns: tuple[Family, ...]
    rows: tuple[Family, ...]
    columns_per_period: int
    rows_per_period: int
    cost: Floats
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    start: Ints
    index: Ints
    value: Floats
    offset: float
    fuel: Floats
    haul: Floats
    costs: tuple[CostItem, ...] = ()
    days: Floats = field(default_factory=lambda: np.ones(0))
    first: Mapping[str, Floats] = field(default_factory=dict)

    @property
    def column_count(self) -> int:
        return len(self.cost)

    @property
    def row_count(self) -> int:
        return len(self.row_lower)

    @property
    def entry_count(self) -> int:
        return len(self.value)

    @cached_property
    def whole(self) -> Ints:
        """Columns that must be whole numbers."""
        found = [np.zeros(0, dtype=np.int32)]
        for family in self.columns:
            if family.unit == WHOLE:
                first, stride, count = self.family_slice(family)
                periods = 1 if family.horizon else len(self.periods)
                found.append((first + stride * np.arange(periods)[:, None] + np.arange(count)[None, :]).ravel().astype(np.int32))
        return np.concatenate(found)

    def column_name(self, position: int) -> str:
        """The name of a column, e.g. `flow[tanap_1,AZ]@2025-01`."""
        return _name(self.columns, self.columns_per_period, self.periods, position)

    def row_name(self, position: int) -> str:
        """The name of a row, e.g. `balance[eskisehir,AZ]@2025-01`."""
        return _name(self.rows, self.rows_per_period, self.periods, position)

    def column_unit(self, position: int) -> str:
        return _find(self.columns, self.columns_per_period, len(self.periods), position)[0].unit

    def row_unit(self, position: int) -> str:
        return _find(self.rows, self.rows_per_period, len(self.periods), position)[0].unit

    def family_slice(self, family: Family) -> tuple[int, int, int]:
        """(first index, stride between periods, number of keys) of a family of columns or rows."""
        per_period = self.columns_per_period if family in self.columns else self.rows_per_period
        return (len(self.periods) * per_period if family.horizon else 0) + family.first, per_period, len(family.keys)

    def column_weights(self) -> Floats:
        """Weights in [1, 2), one a column, that depend on nothing but its name and period: generic, so that they leave no ties. (n,)"""
        return self._weights(self.columns)

    def row_weights(self) -> Floats:
        """The same for rows (m,)."""
        return self._weights(self.rows)

    def _weights(self, families: tuple[Family, ...]) -> Floats:
        labels = [_hash(family.label(k)) for family in _ordered(families, horizon=False) for k in range(len(family.keys))]
        horizon = [_hash(family.label(k)) for family in _ordered(families, horizon=True) for k in range(len(family.keys))]
        periods = np.array([_hash(period) for period in self.periods], dtype=np.uint64)
        mixed = _mix(np.bitwise_xor(_mix(periods)[:, None], np.array(labels, dtype=np.uint64)[None, :]).ravel())
        whole = np.concatenate([mixed, _mix(np.array(horizon, dtype=np.uint64))])
        return np.asarray(1.0 + (whole >> np.uint64(12)).astype(np.float64) / 2.0**52, dtype=np.float64)

    def matrix(self) -> sp.csc_matrix:
        """A as a sparse matrix (m, n)."""
        return sp.csc_matrix((self.value, self.index, self.start), shape=(self.row_count, self.column_count))

    @cached_property
    def column_names(self) -> tuple[str, ...]:
        return tuple(self.column_name(j) for j in range(self.column_count))

    @cached_property
    def row_names(self) -> tuple[str, ...]:
        return tuple(self.row_name(i) for i in range(self.row_count))


def _ordered(families: tuple[Family, ...], *, horizon: bool) -> list[Family]:
    return sorted((family for family in families if family.horizon is horizon), key=lambda family: family.first)


def _find(families: tuple[Family, ...], per_period: int, periods: int, position: int) -> tuple[Family, int, int]:
    """(family, key, period) of a position; the period of a horizon family is -1."""
    horizon = position >= periods * per_period
    period, within = (-1, position - periods * per_period) if horizon else divmod(position, per_period)
    for family in families:
        if family.horizon is horizon and family.first <= within < family.first + len(family.keys):
            return family, within - family.first, period
    raise IndexError(f"there is no position {position}")


def _name(families: tuple[Family, ...], per_period: int, periods: tuple[str, ...], position: int) -> str:
    family, key, period = _find(families, per_period, len(periods), position)
    return family.label(key) if period < 0 else f"{family.label(key)}@{periods[period]}"


def _hash(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


def _mix(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of splitmix64 (Steele, Lea, Flood 2014): every bit of the input moves about half of the bits of the output."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))
