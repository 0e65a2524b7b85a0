"""The records of one table over the horizon: every number an array in base units, every static cell an array of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from energynet.components.catalogue import TABLES
from energynet.dataset.keys import Carriers, record_ids
from energynet.schema import Column, Table
from energynet.system.horizon import Floats, Horizon
from energynet.system.windows import Integers, mean_rows, overlap, sum_rows
from energynet.units import Units

Objects = NDArray[np.object_]
ZERO_OUTSIDE = ("rate", "yearly", "volume")  # a quantity that is not valid is zero; a price or a share is taken over its valid days


@dataclass(frozen=True)
class Records:
    """`ids` join a compound key by `/`. `number[column]` is (T, n) where the column is dated, else (n,); NaN is "no such limit".

    `present` is the share of each period in which a record is valid (T, n). `share[column]` says for a dated reference (a profile, a
    price) what is named, and over which share of the valid time (T, n).
    """

    table: Table
    ids: tuple[str, ...]
    text: Mapping[str, Objects]
    number: dict[str, Floats] = field(default_factory=dict)
    present: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    share: Mapping[str, Mapping[tuple[str, ...], Floats]] = field(default_factory=dict)

    @cached_property
    def position(self) -> Mapping[str, int]:
        return {key: position for position, key in enumerate(self.ids)}

    def __len__(self) -> int:
        return len(self.ids)

    def copied(self) -> Records:
        """The same records with number arrays of their own, which may be changed."""
        copy = replace(self, number={name: values.copy() for name, values in self.number.items()})
        copy.__dict__["position"] = self.position
        return copy

    def finer(self, at: Integers) -> Records:
        """The same records over finer stretches: `at` (S,) says in which period of these each of them lies."""
        number = {name: values[at] if values.ndim == 2 else values for name, values in self.number.items()}
        share = {name: {key: values[at] for key, values in held.items()} for name, held in self.share.items()}
        return replace(self, number=number, present=self.present[at], share=share)

    def __iter__(self) -> Iterator[str]:
        return iter(self.ids)

    def where(self, column: str, value: str) -> list[str]:
        """Ids of the records whose text in that column is the value."""
        return [key for key, text in zip(self.ids, self.text[column], strict=True) if text == value]

    def limited(self, column: str, key: str) -> bool:
        """Whether the record has a number in that column in any period; NaN is "no such limit"."""
        return bool(np.any(~np.isnan(self.number[column][..., self.position[key]])))

    def of(self, column: str, key: str) -> Any:  # noqa: ANN401
        """One static cell."""
        return self.text[column][self.position[key]]


class RecordReader:
    """Turns the tables of a package into records. Values leave here in base units; nothing else converts."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], units: Units, horizon: Horizon) -> None:
        self._tables, self._units, self.horizon = tables, units, horizon
        self._carriers = Carriers(tables)
        self._by_record: dict[str, Mapping[str, str]] = {}
        self._dollars: dict[str, Floats] = {"USD": np.ones(len(horizon))}

    def finer(self, horizon: Horizon, at: Integers) -> RecordReader:
        """A reader of the same tables over finer stretches, of which each lies in a period `at` (S,) of this one's horizon."""
        other = RecordReader(self._tables, self._units, horizon)
        other._by_record, other._dollars = self._by_record, {currency: rate[at] for currency, rate in self._dollars.items()}
        return other

    def over(self, tables: Mapping[str, pd.DataFrame], units: Units, *, same_rates: bool) -> RecordReader:
        """A reader of the same records with other numbers; what names and, with `same_rates`, exchange rates tell is kept."""
        other = RecordReader(tables, units, self.horizon)
        other._by_record = self._by_record
        if same_rates:
            other._dollars = self._dollars
        return other

    def read(self, name: str) -> Records:
        table, rows = TABLES[name], self._tables[name]
        ids, record, first = self._places(name)
        text: dict[str, Objects] = {}
        for column in table.all_columns:
            if column.kind != "number":
                text[column.name] = rows[column.name].to_numpy(dtype=object)[first]
        share = self._share(table, rows)
        present = np.minimum(sum_rows(share, np.ones(len(rows)), record, len(ids)), 1.0)
        number = {c.name: self._number(table, c, rows, record, share, ids, first) for c in table.all_columns if c.kind == "number"}
        dated = [c for c in table.all_columns if c.kind == "reference" and c.dated and c.name != "reference"] if table.dated else []
        named = {c.name: self._named(rows[c.name], record, share, len(ids)) for c in dated}
        return Records(table, ids, text, number, present, named)

    def again(self, held: Records, columns: Iterable[str]) -> Records:
        """The records with those number columns read once more, from rows that hold on the same days and name the same as before."""
        table, rows = held.table, self._tables[held.table.name]
        ids, record, first = self._places(table.name)
        share = self._share(table, rows)
        read = {name: self._number(table, table.column(name), rows, record, share, ids, first) for name in columns}
        return replace(held, number={**held.number, **read})

    def _places(self, name: str) -> tuple[tuple[str, ...], Integers, Integers]:
        """The ids of the records (n,), the record of each row (rows,), and the first row of each record (n,)."""
        keys = record_ids(TABLES[name], self._tables[name])
        ids = tuple(dict.fromkeys(keys))
        place = {key: position for position, key in enumerate(ids)}
        record = np.array([place[key] for key in keys], dtype=np.int64)
        first = np.unique(record, return_index=True)[1] if len(record) else np.zeros(0, dtype=np.int64)
        return ids, record, first

    def _named(self, cells: pd.Series[Any], record: Integers, share: Floats, count: int) -> Mapping[tuple[str, ...], Floats]:
        """For every distinct cell, the share of each record's valid time over which it is named (T, n)."""
        keys = [cell if isinstance(cell, tuple) else (str(cell),) for cell in cells]
        distinct = sorted({key for key in keys if key and key[0]})
        return {key: mean_rows(share, np.array([float(k == key) for k in keys]), record, count) for key in distinct}

    def factor(self, column: Column, unit: str, carrier: str) -> Floats:
        """What one unit is in base units, by period (T,)."""
        conversion = self._units.parse(unit, column.dimension, carrier)
        factor = np.full(len(self.horizon), conversion.factor)
        if conversion.per_year:
            factor = factor / self.horizon.days_of_year
        return factor * self.dollars(conversion.currency) if conversion.currency else factor

    def dollars(self, currency: str) -> Floats:
        """USD for one unit of the currency (T,)."""
        if currency not in self._dollars:
            rates = self.read("exchange_rates")
            self._dollars[currency] = rates.number["usd"][:, rates.position[currency]]
        return self._dollars[currency]

    def carrier_of(self, name: str, key: str) -> str:
        """The carrier of a record, by following `carrier_by` from table to table; empty where the table has none."""
        if name not in self._by_record:
            keys = record_ids(TABLES[name], self._tables[name])
            self._by_record[name] = dict(zip(keys, self._carriers.by_row(name), strict=True))
        return self._by_record[name][key]

    def _share(self, table: Table, rows: pd.DataFrame) -> Floats:
        if not table.dated:
            return np.ones((len(self.horizon), len(rows)))
        return overlap(self.horizon, rows["valid_from"].to_numpy(), rows["valid_to"].to_numpy())

    def _number(
        self, table: Table, column: Column, rows: pd.DataFrame, record: Integers, share: Floats, ids: tuple[str, ...], first: Integers
    ) -> Floats:
        values = rows[column.name].to_numpy(dtype=float)
        factors = self._factors(table, column, rows, ids, record)
        if not (table.dated and column.dated):
            moving = column.dated and factors.ndim == 2
            return np.asarray((values * (factors if moving or factors.ndim == 1 else factors[0]))[..., first], dtype=np.float64)
        scaled = values * factors
        if column.dimension in ZERO_OUTSIDE:
            return sum_rows(share, scaled, record, len(ids))
        return mean_rows(share, scaled, record, len(ids))

    def _factors(self, table: Table, column: Column, rows: pd.DataFrame, ids: tuple[str, ...], record: Integers) -> Floats:
        """Base units for one unit of each row: (rows,) where nothing depends on the period, else (T, rows)."""
        if column.dimension in ("number", "fraction") or column.unit is None or len(rows) == 0:
            return np.ones(len(rows))
        units = rows[column.unit].to_numpy(dtype=object)
        values = rows[column.name].to_numpy(dtype=float)
        known: dict[tuple[str, str], Floats] = {}
        out = np.ones((len(self.horizon), len(rows)))
        for position, unit in enumerate(units):
            if unit == "" and (np.isnan(values[position]) or values[position] == 0.0):
                continue
            pair = (str(unit), self.carrier_of(table.name, ids[record[position]]))
            if pair not in known:
                known[pair] = self.factor(column, *pair)
            out[:, position] = known[pair]
        return out
