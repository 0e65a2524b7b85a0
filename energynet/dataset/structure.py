"""What must hold in any table, whatever it means: keys, windows, static columns, references and units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from energynet.components.catalogue import TABLES
from energynet.dataset.keys import Carriers, record_ids
from energynet.errors import Fault, nearest
from energynet.schema import Column, Table
from energynet.units import EXAMPLES, UnitFault, Units

Tables = Mapping[str, pd.DataFrame]
OPEN_START, OPEN_END = np.datetime64("0001-01-01", "D"), np.datetime64("9999-12-31", "D")


def structure_faults(tables: Tables, units: Units, files: Mapping[str, str]) -> list[Fault]:
    """Every fault of keys, windows, static columns, references and units, in the order of the tables."""
    carriers = Carriers(tables)
    faults: list[Fault] = []
    for name, table in TABLES.items():
        frame, file = tables[name], files.get(name, name)
        if len(frame):
            faults += [*_keys(table, frame, file), *_references(table, frame, file, tables), *_units(table, frame, file, carriers, units)]
    return faults


def windows(frame: pd.DataFrame) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64]]:
    """First and last day of each row (n,), open ends as far away as can be."""
    if "valid_from" not in frame:
        return np.full(len(frame), OPEN_START), np.full(len(frame), OPEN_END)
    first = frame["valid_from"].to_numpy().astype("datetime64[D]")
    last = frame["valid_to"].to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(first), OPEN_START, first), np.where(np.isnat(last), OPEN_END, last)


def _keys(table: Table, frame: pd.DataFrame, file: str) -> Iterator[Fault]:
    ids = record_ids(table, frame)
    code = pd.factorize(np.array(ids, dtype=object))[0]
    rows = frame["row"].to_numpy()
    if not table.dated:
        first = pd.Series(rows).groupby(code).transform("min").to_numpy()
        for at in np.flatnonzero(pd.Series(code).duplicated(keep=False).to_numpy() & (rows != first)):
            message = f"is the key of row {first[at]} already"
            yield Fault(file, message, int(rows[at]), column="/".join(table.key), value=ids[at], check="key-twice")
        return
    first_day, last_day = windows(frame)
    for at in np.flatnonzero(last_day < first_day):
        yield Fault(file, "is before valid_from", int(rows[at]), column="valid_to", value=str(last_day[at]), check="window-empty")
    order = np.lexsort((last_day, first_day, code))
    before, after = order[:-1], order[1:]
    until = pd.Series(last_day[order].astype(np.int64)).groupby(code[order]).cummax().to_numpy()[:-1]
    overlap = (code[before] == code[after]) & (first_day[after].astype(np.int64) <= until)
    for left, right in zip(before[overlap], after[overlap], strict=True):
        message = f"is valid on days on which row {rows[left]} of the same record is valid too"
        yield Fault(file, message, int(rows[right]), column="valid_from", value=ids[right], check="windows-overlap")
    yield from _static(table, frame, file, ids, code)


def _static(table: Table, frame: pd.DataFrame, file: str, ids: list[str], code: NDArray[np.int64]) -> Iterator[Fault]:
    """Columns that may not change from one window of a record to the next."""
    rows = frame["row"].to_numpy()
    if len(frame) == code.max() + 1:
        return
    first = np.unique(code, return_index=True)[1][code]
    for column in table.columns:
        if column.dated or column.name in table.key:
            continue
        cells = frame[column.name].to_numpy()
        differs = cells != cells[first]
        if column.kind == "number":
            differs &= ~(pd.isna(cells) & pd.isna(cells[first]))
        for at in np.flatnonzero(differs):
            message = f"differs from row {rows[first[at]]} of {ids[at]}: this column holds for all dates"
            yield Fault(file, message, int(rows[at]), column=column.name, value=_word(cells[at]), check="static-differs")


def _references(table: Table, frame: pd.DataFrame, file: str, tables: Tables) -> Iterator[Fault]:
    for column in table.all_columns:
        if column.kind != "reference" or not column.table:
            continue
        allowed = set(tables[column.table][TABLES[column.table].key[0]]) | {""}
        cells = frame[column.name].to_numpy()
        distinct = dict.fromkeys(cells)
        unknown = {cell: [part for part in (cell if column.many else (cell,)) if part not in allowed] for cell in distinct}
        if not any(unknown.values()):
            continue
        hints = {part: nearest(part, allowed - {""}) for parts in unknown.values() for part in parts}
        for cell, row in zip(cells, frame["row"], strict=True):
            for part in unknown[cell]:
                message = f"is not in the table {column.table}"
                yield Fault(file, message, int(row), column=column.name, value=part, hint=hints[part], check="reference-unknown")


def _units(table: Table, frame: pd.DataFrame, file: str, carriers: Carriers, units: Units) -> Iterator[Fault]:
    measured = [column for column in table.columns if column.unit]
    if not measured:
        return
    carrier = carriers.by_row(table.name)
    told: set[tuple[int, str]] = set()
    for column in measured:
        yield from _units_of(column, frame, file, carrier, units, told)


def _units_of(
    column: Column, frame: pd.DataFrame, file: str, carrier: list[str], units: Units, told: set[tuple[int, str]]
) -> Iterator[Fault]:
    """A number other than nothing and zero needs a unit of its dimension; any unit that is written must be one."""
    assert column.unit is not None
    number = frame[column.name].to_numpy()
    needed = ~np.isnan(number) & (number != 0.0)
    rows = frame["row"].to_numpy()
    known: dict[tuple[str, str], UnitFault | None] = {}
    for at, (unit, own) in enumerate(zip(frame[column.unit], carrier, strict=True)):
        if (unit, own) not in known:
            known[unit, own] = _unit_fault(unit, column, own, units)
        found = known[unit, own]
        row = int(rows[at])
        if found is None or (unit == "" and not needed[at]) or (row, column.unit) in told:
            continue
        told.add((row, column.unit))
        message = found.message if unit else f"is empty, but {column.name} needs {found.message}"
        yield Fault(file, message, row, column=column.unit, value=unit or None, hint=found.hint, check="unit")


def _unit_fault(unit: str, column: Column, carrier: str, units: Units) -> UnitFault | None:
    if carrier not in units.carriers:
        return None
    try:
        units.parse(unit, column.dimension, carrier)
    except UnitFault as fault:
        if unit:
            return fault
        examples = {"rate": "a rate unit, e.g. {}/d", "yearly": "a unit, e.g. {}/y", "volume": "a volume unit, e.g. {}"}
        examples |= {dimension: f"a unit, e.g. {example}" for dimension, example in EXAMPLES.items()}
        return UnitFault("", examples.get(column.dimension, "a money unit, e.g. USD/MWh").format(units.carriers[carrier].unit))
    return None


def _word(cell: Any) -> str:  # noqa: ANN401
    if isinstance(cell, tuple):
        return ";".join(cell)
    return f"{cell:g}" if isinstance(cell, float) else str(cell)
