"""What of a data package a case takes: some of its carriers, and origins kept apart or as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from energynet.components.catalogue import TABLES

Tables = Mapping[str, pd.DataFrame]
ANY = "any"


def selected(tables: Tables, *, carriers: Sequence[str] | None = None, single: bool = False, projects: Sequence[str] = ("*",)) -> Tables:
    """The tables with only the rows of those carriers (None: all) and those projects (ids or globs), and with one origin a carrier where
    `single`.

    A row goes where a record that it refers to is gone. With one origin, rules about origins have no meaning and are left out.
    """
    kept = dict(tables)
    kept["projects"] = _rows(kept["projects"], chosen(kept["projects"]["id"], projects))
    if carriers is not None and set(carriers) != set(tables["carriers"]["id"]):
        kept["carriers"] = _rows(kept["carriers"], kept["carriers"]["id"].isin(list(carriers)))
        kept = _cascade(kept)
    return _one_origin(kept) if single else kept


def chosen(ids: Iterable[str], patterns: Sequence[str]) -> NDArray[np.bool_]:
    """Which ids are one of the patterns, or match one (n,)."""
    return np.array([any(fnmatchcase(str(key), pattern) for pattern in patterns) for key in ids], dtype=bool)


def _cascade(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Drop the rows that refer to a record which is gone, until none does."""
    whole = {name: _ids(name, frame) for name, frame in tables.items()}
    whole["carriers"] = set(whole["carriers"]) | {cell for frame in tables.values() if "carrier" in frame for cell in frame["carrier"]}
    while True:
        gone = {name: whole[name] - _ids(name, frame) for name, frame in tables.items()}
        count = sum(len(frame) for frame in tables.values())
        for name, frame in tables.items():
            columns = [c for c in TABLES[name].all_columns if c.kind == "reference" and c.table and not c.many]
            lost = np.zeros(len(frame), dtype=bool)
            for column in columns:
                lost |= frame[column.name].isin(list(gone[column.table or ""])).to_numpy()
            tables[name] = _rows(frame, ~lost)
        if sum(len(frame) for frame in tables.values()) == count:
            return tables


def _ids(name: str, frame: pd.DataFrame) -> set[str]:
    return set(frame[TABLES[name].key[0]].astype(str))


def _rows(frame: pd.DataFrame, keep: NDArray[np.bool_] | pd.Series[bool]) -> pd.DataFrame:
    return frame.iloc[np.flatnonzero(keep)].reset_index(drop=True)


def _one_origin(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Every origin of a carrier becomes the one origin `any_<carrier>`; permissions and swaps of origins have nothing left to say."""
    origins = tables["origins"]
    one = dict(zip(origins["id"], ANY + "_" + origins["carrier"], strict=True))
    tables["origins"] = origins.assign(id=origins["id"].map(one), name="any").drop_duplicates("id").reset_index(drop=True)
    for name, frame in list(tables.items()):
        for column in TABLES[name].all_columns:
            if column.table == "origins" and not column.many and name != "observed":
                tables[name] = tables[name].assign(**{column.name: frame[column.name].map(lambda cell: one.get(cell, cell))})
    for name in ("permissions", "swaps"):
        tables[name] = tables[name].iloc[:0]
    stocks = tables["storage_stocks"]
    if len(stocks):
        tables["storage_stocks"] = stocks.groupby(["storage", "date", "origin"], as_index=False, sort=True).agg(
            {**{c: "first" for c in stocks.columns if c not in ("storage", "date", "origin", "fill")}, "fill": "sum"}
        )
    return tables
