"""Changes made to the rows of a package: an edited package is the one that would be read if the numbers were edited in its files.

`=`, `*=` and `+=` act on the number of each matching row, in the unit of the row. A window splits a row at its ends, inside the row's own
validity. Carriers, calorific values and exchange rates are edited first, because the amounts of other changes are converted by them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from energynet.dataset.changes import Change
from energynet.dataset.keys import Carriers
from energynet.dataset.package import Package, units_of
from energynet.dataset.resolve import rows_of
from energynet.dataset.structure import windows
from energynet.dataset.unit_rates import DatedRates, Days
from energynet.errors import Fault, InputFaults
from energynet.schema import Column
from energynet.units import UnitFault, Units

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
OF_UNITS = ("carriers", "calorific_values", "exchange_rates")  # tables by which units are converted
DAY = np.timedelta64(1, "D")


def edited(package: Package, changes: Sequence[Change], days: Days | None = None) -> Package:
    """The package with all changes made, one after the other; tables that no change is about are the same objects.

    `days` are the first and the last day that are solved: on these an amount in another currency needs an exchange rate. The digest stays
    that of the files. Raises InputFaults with every number that its column does not allow, naming the change, the file and the row.
    """
    tables = dict(package.tables)
    of_units = [change for change in changes if change.table.name in OF_UNITS]
    faults: list[Fault] = []
    for change in of_units:
        tables[change.table.name] = _Edit(package, tables, package.units, change, days, faults).made()
    units = units_of(tables) if of_units else package.units
    for change in changes:
        if change.table.name not in OF_UNITS:
            tables[change.table.name] = _Edit(package, tables, units, change, days, faults).made()
    for name, column in dict.fromkeys((change.table.name, change.column) for change in changes):
        faults += _bounds(package, tables[name], [c for c in changes if (c.table.name, c.column) == (name, column)])
    if faults:
        raise InputFaults(dict.fromkeys(faults))
    return replace(package, tables=tables, units=units)


def touched(package: Package, other: Package) -> list[str]:
    """The tables that an edited package does not share with the one that it was made of."""
    return [name for name, frame in other.tables.items() if frame is not package.tables[name]]


def split_rows(frame: pd.DataFrame, which: Flags, days: NDArray[np.datetime64]) -> tuple[pd.DataFrame, Flags]:
    """Split the rows in `which` (n,) at days on which a new row begins, inside their validity; and which rows come from them."""
    for day in np.unique(days):
        first, last = windows(frame)
        cut = which & (first < day) & (day <= last)
        if not cut.any():
            continue
        index = np.repeat(np.arange(len(frame)), 1 + cut)
        later = np.concatenate([[False], index[1:] == index[:-1]])
        earlier = np.concatenate([later[1:], [False]])
        frame, which = frame.iloc[index].reset_index(drop=True), which[index]
        begin, end = (frame[name].to_numpy().astype("datetime64[s]") for name in ("valid_from", "valid_to"))
        frame["valid_from"] = np.where(later, day.astype("datetime64[s]"), begin)
        frame["valid_to"] = np.where(earlier, (day - DAY).astype("datetime64[s]"), end)
    return frame, which


class _Edit:
    """One change on its table, as the tables stand when it is made."""

    def __init__(
        self, package: Package, tables: Mapping[str, pd.DataFrame], units: Units, change: Change, days: Days | None, faults: list[Fault]
    ) -> None:
        self.package, self.tables, self.units, self.change, self.days, self.faults = package, tables, units, change, days, faults
        self.column: Column = change.table.column(change.column)

    def made(self) -> pd.DataFrame:
        """The table of the change after it."""
        change = self.change
        frame = self.tables[change.table.name]
        which = np.isin(frame["row"].to_numpy(), rows_of(self.package, change))
        if change.window is not None:
            first, last = (np.datetime64(day, "D") for day in change.window)
            frame, which = split_rows(frame, which, np.array([first, last + DAY]))
            begin, end = windows(frame)
            which = which & (begin >= first) & (end <= last)
        if change.operator != "=":
            given = which & ~np.isnan(frame[change.column].to_numpy())
            if which.any() and not given.any():
                self._fault(frame, int(np.flatnonzero(which)[0]), "is empty: there is no number that the change could act on")
            which = given
        frame, which, amount = self._amount(frame, which)
        old = frame[change.column].to_numpy()
        with np.errstate(over="ignore"):  # what is too large is told by the bounds
            new = {"=": amount, "*=": old * change.value, "+=": old + amount}[change.operator]
        return frame.assign(**{change.column: np.where(which, new, old)})

    def _amount(self, frame: pd.DataFrame, which: Flags) -> tuple[pd.DataFrame, Flags, Floats]:
        """The amount of the change in the unit of each row (n,). Where that differs from day to day, a row that is set takes the unit of
        the change if no other number is in its own, and else is split. A row without a unit takes that of the change.
        """
        change, value = self.change, np.full(len(frame), self.change.value)
        if change.operator == "*=" or not change.unit:
            return frame, which, value
        if self.column.unit is None:
            return frame, which, value * self.units.parse(change.unit, self.column.dimension, "").factor
        carrier = np.array(Carriers({**self.tables, change.table.name: frame}).by_row(change.table.name), dtype=object)
        cells = frame[self.column.unit].to_numpy(dtype=object).copy()
        dated = np.zeros(len(frame), dtype=bool)
        for unit, own in dict.fromkeys(zip(cells[which], carrier[which], strict=True)):
            mine = which & (cells == unit) & (carrier == own)
            factor = self._factor(frame, mine, str(unit), str(own))
            if factor is not None:
                value[mine] = change.value * factor
            else:
                takes = mine & ((unit == "") | (self._alone(frame) & (change.operator == "=")))
                cells[takes] = change.unit
                dated |= mine & ~takes
        frame = frame.assign(**{self.column.unit: cells})
        if not dated.any():
            return frame, which, value
        return self._by_day(frame, which, dated, value)

    def _alone(self, frame: pd.DataFrame) -> Flags:
        """In which rows no other number is in the unit of the changed one (n,)."""
        others = [one.name for one in self.change.table.columns if one.unit == self.column.unit and one.name != self.column.name]
        return np.asarray((frame[others].fillna(0.0) == 0.0).all(axis=1).to_numpy(), dtype=bool)

    def _factor(self, frame: pd.DataFrame, mine: Flags, unit: str, carrier: str) -> float | None:
        """What the unit of the change is in the unit of a row; None where that is not the same on every day, or the row has no unit."""
        if unit == self.change.unit:
            return 1.0
        if unit == "":
            return None
        try:
            given, own = (self.units.parse(text, self.column.dimension, carrier) for text in (self.change.unit, unit))
        except UnitFault as found:
            self._fault(frame, int(np.flatnonzero(mine)[0]), found.message)
            return 0.0
        if not _comparable(self.units, self.column, self.change.unit, unit):
            self._fault(frame, int(np.flatnonzero(mine)[0]), f"is in {unit}, to which {self.change.unit} cannot be converted")
            return 0.0
        alike = given.currency == own.currency and given.per_year == own.per_year
        return given.factor / own.factor if alike else None

    def _by_day(self, frame: pd.DataFrame, which: Flags, dated: Flags, value: Floats) -> tuple[pd.DataFrame, Flags, Floats]:
        """The same where an exchange rate or the length of the year stands between the two units: rows are split where it changes."""
        if not self.change.table.dated:
            unit = frame[self.column.unit].iat[int(np.flatnonzero(dated)[0])]
            self._fault(frame, int(np.flatnonzero(dated)[0]), f"has no dates, but exchange rates have: give the amount in {unit}")
            return frame, which, value
        rates = DatedRates(self.tables["exchange_rates"], self.days)
        number = np.arange(len(frame))
        frame, dated = split_rows(frame.assign(place=number), dated, rates.days())
        place = frame.pop("place").to_numpy()
        which, value = which[place], value[place].copy()
        carrier = Carriers({**self.tables, self.change.table.name: frame}).by_row(self.change.table.name)
        begin, end = windows(frame)
        for at in np.flatnonzero(dated).tolist():
            unit = str(frame[self.column.unit].iat[at])
            given, own = (self.units.parse(text, self.column.dimension, carrier[at]) for text in (self.change.unit, unit))
            factor = rates.between(given, own, begin[at], end[at])
            if factor is None:
                message = f"holds on days on which {given.currency or own.currency} has no exchange rate, so the amount cannot be converted"
                self._fault(frame, at, message)
                continue
            value[at] = self.change.value * factor
        return frame, which, value

    def _fault(self, frame: pd.DataFrame, at: int, message: str) -> None:
        self.faults.append(fault_of(self.package, self.change.table.name, frame, at, self.change.column, message, [self.change]))


def _comparable(units: Units, column: Column, given: str, own: str) -> bool:
    """Whether both units count the same thing: rates or volumes; and of a charge, the same thing charged."""
    if column.dimension == "charge":
        return given.partition("/")[2] == own.partition("/")[2]
    return column.dimension not in ("capacity", "investment", "upkeep") or units.of_volume(given) == units.of_volume(own)


def fault_of(package: Package, table: str, frame: pd.DataFrame, at: int, column: str, message: str, changes: Sequence[Change]) -> Fault:
    """A fault in a row that changes brought about, naming them."""
    by = "; ".join(dict.fromkeys(change.text for change in changes))
    return package.fault(table, int(frame["row"].to_numpy()[at]), f"{message} (by the change {by})", column=column, check="change")


def _bounds(package: Package, frame: pd.DataFrame, changes: Sequence[Change]) -> list[Fault]:
    """The numbers of a changed column that no cell may hold."""
    table, column = changes[0].table, changes[0].table.column(changes[0].column)
    number = frame[column.name].to_numpy()
    faults = []
    for wrong, message in (
        (np.isinf(number), "is too large to be a number"),
        (number < (-np.inf if column.minimum is None else column.minimum), f"is less than {column.minimum}, the least allowed"),
        (number > (np.inf if column.maximum is None else column.maximum), f"is more than {column.maximum}, the most allowed"),
    ):
        for at in np.flatnonzero(wrong).tolist():
            by = [change for change in changes if frame["row"].iat[at] in rows_of(package, change)]
            said = f"would be {number[at]:g}, which {message}"
            faults.append(fault_of(package, table.name, frame, at, column.name, said, by))
    return faults
