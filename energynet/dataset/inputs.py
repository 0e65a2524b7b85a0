"""What a check is given and what it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import translate
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from energynet.components.catalogue import TABLES
from energynet.dataset.case import Case
from energynet.dataset.keys import Carriers, record_ids
from energynet.dataset.package import Package
from energynet.dataset.structure import windows
from energynet.errors import Fault
from energynet.units import UnitFault

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Number = tuple[str, str]
OF_MONEY: frozenset[Number] = frozenset({  # numbers by which money is converted
    ("exchange_rates", "usd"), ("carriers", "energy_per_unit"), ("calorific_values", "energy_per_unit"),
})  # fmt: skip
GLOB = re.compile(r"[*?[]")


@dataclass(frozen=True)
class Inputs:
    """A package, and the case that is to be solved on it, with what several checks ask of them."""

    package: Package
    case: Case | None = None

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.package.tables[table]

    @cached_property
    def _ids(self) -> dict[str, list[str]]:
        return {}

    @cached_property
    def _matching(self) -> dict[tuple[str, str], Flags]:
        return {}

    @cached_property
    def carriers(self) -> Carriers:
        return Carriers(self.package.tables)

    @cached_property
    def horizon(self) -> tuple[np.datetime64, np.datetime64] | None:
        """First and last day of the case."""
        if self.case is None:
            return None
        return np.datetime64(self.case.horizon.start, "D"), np.datetime64(self.case.horizon.end, "D")

    def faults(self, table: str, positions: Iterable[int], column: str, message: str, *, value: bool = True) -> Iterator[Fault]:
        """A fault for each position in a table; with `value` the cell is shown. `{id}` in the message is the record's id."""
        frame = self[table]
        for at in positions:
            shown = word(frame[column].iat[at]) if value else None
            said = message.replace("{id}", self.ids(table)[at]) if "{id}" in message else message
            yield self.package.fault(table, int(frame["row"].to_numpy()[at]), said, column=column, value=shown)

    def ids(self, table: str) -> list[str]:
        """The id of each row's record (n,)."""
        if table not in self._ids:
            self._ids[table] = record_ids(TABLES[table], self[table])
        return self._ids[table]

    def matching(self, table: str, pattern: str) -> Flags:
        """Which rows of a table have an id that is the pattern, or that its glob matches (n,)."""
        if (table, pattern) not in self._matching:
            ids = self.ids(table)
            matches = re.compile(translate(pattern)).match if GLOB.search(pattern) else pattern.__eq__
            self._matching[table, pattern] = np.array([bool(matches(key)) for key in ids], dtype=bool)
        return self._matching[table, pattern]

    def valid(self, table: str, first: np.datetime64, last: np.datetime64) -> NDArray[np.bool_]:
        """Which rows of a table hold on some day of a window (n,)."""
        begin, end = windows(self[table])
        return np.asarray((begin <= last) & (end >= first))

    def money(self, table: str, column: str) -> Floats:
        """A money column in USD/tcm or USD/MWh (n,), prices and currencies at the mean of all their rows; NaN where unknown."""
        frame, declared = self[table], TABLES[table].column(column)
        carrier = self.carriers.by_row(table)
        base = frame[column].to_numpy() * np.array(
            [self._dollars(unit, own) for unit, own in zip(frame[declared.unit or ""], carrier, strict=True)], dtype=np.float64
        )
        base = np.where(frame[column].to_numpy() == 0.0, 0.0, base)
        if declared.price and declared.factor:
            factor = frame[declared.factor].to_numpy()
            price = np.array([self._mean_price.get(key, np.nan) for key in frame[declared.price]], dtype=np.float64)
            base = base + np.where(factor == 0.0, 0.0, factor * price)
        return np.asarray(base, dtype=np.float64)

    @cached_property
    def _mean_rate(self) -> dict[str, float]:
        means = self["exchange_rates"].groupby("id")["usd"].mean()
        return {"USD": 1.0} | {str(key): float(mean) for key, mean in means.items()}

    @cached_property
    def _mean_price(self) -> dict[str, float]:
        values = pd.Series(self.money("prices", "value"))
        return {str(key): float(value) for key, value in values.groupby(self["prices"]["id"].to_numpy()).mean().items()}

    def _dollars(self, unit: str, carrier: str) -> float:
        try:
            conversion = self.package.units.parse(unit, "money", carrier)
        except UnitFault:
            return float("nan")
        return conversion.factor * self._mean_rate.get(conversion.currency or "USD", float("nan"))


@dataclass(frozen=True)
class Check:
    """One thing that must hold: its id, how bad it is where it does not, what it asks, and what finds where it does not.

    An `error` stops a run; a `warning` is told and the run goes on. With `of_case` it is asked of a case on a package. `numbers` are those,
    by table and column, that decide it: where a change moves one of them, it is asked again; of those in `given` only
    where one becomes other than zero.
    """

    id: str
    severity: Literal["error", "warning"]
    statement: str
    find: Callable[[Inputs], Iterator[Fault]]
    of_case: bool = False
    numbers: frozenset[Number] = frozenset()
    given: frozenset[Number] = frozenset()


def numbers(table: str, *columns: str) -> frozenset[Number]:
    """Columns of one table."""
    return frozenset((table, column) for column in columns)


def snapshots(frame: pd.DataFrame, parent: str) -> tuple[Integers, Integers]:
    """The rows of each record that hold together on one day: positions (m,), and the group that each belongs to (m,).

    Where all rows of a parent share their windows there is one group a window; otherwise one a day on which
    a row begins, and a row may stand in several.
    """
    if len(frame) == 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    owner = pd.factorize(frame[parent])[0]
    first, last = windows(frame)
    group = pd.DataFrame({"owner": owner, "first": first.astype(np.int64), "last": last.astype(np.int64)})
    window = group.groupby(["owner", "first", "last"], sort=False).ngroup().to_numpy()
    begin = group.sort_values(["owner", "first", "last"]).drop_duplicates(["owner", "first", "last"])
    same_owner = begin["owner"].to_numpy()[1:] == begin["owner"].to_numpy()[:-1]
    crossing = set(begin["owner"].to_numpy()[1:][same_owner & (begin["first"].to_numpy()[1:] <= begin["last"].to_numpy()[:-1])])
    simple = ~np.isin(owner, list(crossing))
    positions, groups = [np.flatnonzero(simple)], [window[simple]]
    number = int(window.max()) + 1
    for one in sorted(crossing):
        mine = np.flatnonzero(owner == one)
        for day in np.unique(first[mine]):
            held = mine[(first[mine] <= day) & (last[mine] >= day)]
            positions.append(held)
            groups.append(np.full(len(held), number))
            number += 1
    return np.concatenate(positions), np.concatenate(groups)


def word(cell: Any) -> str:  # noqa: ANN401
    """A cell as a user wrote it."""
    if isinstance(cell, tuple):
        return ";".join(cell)
    if isinstance(cell, (pd.Timestamp, np.datetime64)):
        return "" if pd.isna(cell) else pd.Timestamp(cell).date().isoformat()
    return f"{cell:g}" if isinstance(cell, float) else str(cell)
