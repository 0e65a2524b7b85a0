"""A data package in memory: every table typed and sorted, its units, and a digest of its content."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from energynet.components.catalogue import TABLES
from energynet.dataset.cells import empty_table, typed_table
from energynet.dataset.reading import read_raw
from energynet.dataset.structure import structure_faults
from energynet.errors import Fault, InputFaults
from energynet.schema import Table
from energynet.units import CarrierUnit, ReferenceState, Units


@dataclass(frozen=True)
class Package:
    """A data package. Values stand in the unit of their row.

    `tables` holds every declared table, possibly empty, with all its columns and `row` (the row's number in its file);
    rows are sorted by key and window, so that the order of rows in the files changes nothing but `row`.
    `digest` is the SHA-256 of all tables without `row`.
    """

    path: Path
    name: str
    title: str
    timezone: str
    digest: str
    tables: Mapping[str, pd.DataFrame]
    units: Units
    files: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.tables[table]

    @cached_property
    def rows_of_changes(self) -> dict[tuple[str, str], NDArray[np.int64]]:
        """Numbers of the rows that match a table and pattern, as far as they were asked for: changes of one sweep match the same."""
        return {}

    def fault(self, table: str, row: int | None, message: str, **more: Any) -> Fault:  # noqa: ANN401
        """A fault in a row of a table (its number in the file); `more` are other fields of Fault."""
        return Fault(self.files.get(table, table), message, row=row, **more)


def read_package(path: Path | str) -> Package:
    """Read a folder of CSV files or a workbook.

    Raises InputFaults with everything that is wrong in it. Where cells can be read, what they say is checked too, so
    that all faults are told at once; what only has a meaning together (reach, ladders) is `check`'s, unless there
    are faults already.
    """
    package, faults = load_package(Path(path))
    if faults:
        from energynet.dataset.checks import findings

        errors, _ = findings(package)
        raise InputFaults(dict.fromkeys([*faults, *errors]))
    return package


def load_package(path: Path) -> tuple[Package, list[Fault]]:
    """The package as far as it can be read, and the faults of its cells, keys, references, windows and units."""
    raw = read_raw(path)
    faults = list(raw.faults)
    typed = {name: typed_table(raw.tables[name], faults) if name in raw.tables else empty_table(TABLES[name]) for name in TABLES}
    tables = {name: _sorted(TABLES[name], frame) for name, frame in typed.items()}
    package = Package(raw.path, raw.name, raw.title, raw.timezone, digest_of(tables), tables, units_of(tables), raw.files)
    faults += structure_faults(package.tables, package.units, package.files)
    return package, faults


def units_of(tables: Mapping[str, pd.DataFrame]) -> Units:
    """The units that a package's carriers, calorific values and exchange rates allow."""
    carriers = {
        key: CarrierUnit(unit, energy)
        for key, unit, energy in tables["carriers"][["id", "unit", "energy_per_unit"]].itertuples(index=False)
        if unit and energy > 0
    }
    states = {
        key: ReferenceState(carrier, energy)
        for key, carrier, energy in tables["calorific_values"][["id", "carrier", "energy_per_unit"]].itertuples(index=False)
    }
    return Units(carriers, states, [str(key) for key in tables["exchange_rates"]["id"]])


def digest_of(tables: Mapping[str, pd.DataFrame]) -> str:
    """SHA-256 over names, columns and cells of sorted tables."""
    content = hashlib.sha256()
    for name, frame in tables.items():
        content.update(f"\x1d{name}\x1d{len(frame)}".encode())
        for column in TABLES[name].all_columns:
            content.update(f"\x1e{column.name}\x1e".encode())
            content.update(_bytes(frame[column.name]))
    return content.hexdigest()


def _bytes(cells: pd.Series[Any]) -> bytes:
    if cells.dtype == np.float64:
        return (cells.to_numpy() + 0.0).tobytes()
    if cells.dtype == object:
        return "\x1f".join(";".join(cell) if isinstance(cell, tuple) else cell for cell in cells).encode()
    return cells.to_numpy().tobytes()


def _sorted(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows by key, then by the window's first day; rows that are alike in those (a fault) by all their cells."""
    if len(frame) == 0:
        return frame
    names = [*table.key, *(("valid_from", "valid_to") if table.dated else ())]
    columns = [_sortable(frame[name]) for name in names]
    order = np.lexsort(columns[::-1])
    alike = np.ones(len(frame) - 1, dtype=bool)
    for column in columns:
        alike &= column[order][1:] == column[order][:-1]
    if alike.any():
        columns += [_sortable(frame[column.name]) for column in table.all_columns if column.name not in names]
        order = np.lexsort(columns[::-1])
    return frame.iloc[order].reset_index(drop=True)


def _sortable(cells: pd.Series[Any]) -> NDArray[Any]:
    """Whole numbers in the order of the cells: text by its code, nothing before something."""
    if cells.dtype == object:
        rank = {cell: position for position, cell in enumerate(sorted(set(cells)))}
        return np.array([rank[cell] for cell in cells], dtype=np.int64)
    if cells.dtype.kind == "M":
        return np.asarray(cells.to_numpy().astype("datetime64[s]").astype(np.int64))
    return np.asarray(np.nan_to_num(cells.to_numpy().astype(float), nan=-np.inf))
