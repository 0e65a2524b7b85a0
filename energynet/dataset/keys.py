"""Ids of records, and the carrier of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from energynet.components.catalogue import TABLES
from energynet.schema import Table


def record_ids(table: Table, frame: pd.DataFrame) -> list[str]:
    """The id of each row's record (n,): a compound key is joined by `/`, whole numbers without a point, days as 2025-12-31."""
    columns = [_words(frame[name]) for name in table.key]
    return columns[0] if len(columns) == 1 else ["/".join(cells) for cells in zip(*columns, strict=True)]


def _words(cells: pd.Series[Any]) -> list[str]:
    if cells.dtype == np.float64:
        return ["" if np.isnan(cell) else f"{cell:g}" for cell in cells]
    if cells.dtype.kind == "M":
        return ["" if np.isnat(day) else str(day) for day in cells.to_numpy().astype("datetime64[D]")]
    return [";".join(cell) if isinstance(cell, tuple) else str(cell) for cell in cells]


class Carriers:
    """The carrier of every record, by following `carrier_by` from table to table; empty where it cannot be told."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self._tables = tables
        self._known: dict[str, dict[str, str]] = {"carriers": {key: key for key in tables["carriers"]["id"]}}

    def by_key(self, name: str) -> Mapping[str, str]:
        """Carrier by the first column of the key of a table: its ids, or the record that it belongs to."""
        if name not in self._known:
            self._known[name] = dict(zip(self._tables[name][TABLES[name].key[0]], self.by_row(name), strict=True))
        return self._known[name]

    def by_row(self, name: str) -> list[str]:
        """Carrier of each row of a table (n,)."""
        table, frame = TABLES[name], self._tables[name]
        by = table.carrier_by or ("carrier" if "carrier" in table.names else None)
        if name == "carriers":
            return list(frame["id"])
        if by is None:
            return [""] * len(frame)
        carrier = self.by_key(table.column(by).table or "")
        return [carrier.get(key, "") for key in frame[by]]
