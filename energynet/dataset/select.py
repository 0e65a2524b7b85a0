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


class Selection:
    """What a case takes of a package, and the same of a table that was edited: rows are told by their numbers in the file, so that an
    edited table, and a row that was split, is selected like the one that it was made of.
    """

    def __init__(self, tables: Tables, *, carriers: Sequence[str] | None, single: bool, projects: Sequence[str]) -> None:
        kept = selected(tables, carriers=carriers, projects=projects)
        self._rows = {name: None if kept[name] is frame else kept[name]["row"].to_numpy() for name, frame in tables.items()}
        self._one = _merged_origins(kept) if single else None
        self.tables = _one_origin(kept) if single else kept

    def of(self, tables: Tables, names: Iterable[str]) -> Tables:
        """All tables of the case, those of the names taken from the edited tables."""
        held = dict(self.tables)
        for name in names:
            rows, frame = self._rows[name], tables[name]
            frame = frame if rows is None else _rows(frame, np.isin(frame["row"].to_numpy(), rows))
            held[name] = frame if self._one is None else _of_one_origin(name, frame, self._one)
        return held


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


def _one_origin(tables: Tables) -> dict[str, pd.DataFrame]:
    """Every origin of a carrier becomes the one origin `any_<carrier>`; permissions and swaps of origins have nothing left to say."""
    one = _merged_origins(tables)
    return {name: _of_one_origin(name, frame, one) for name, frame in tables.items()}


def _merged_origins(tables: Tables) -> dict[str, str]:
    origins = tables["origins"]
    return dict(zip(origins["id"], ANY + "_" + origins["carrier"], strict=True))


def _of_one_origin(name: str, frame: pd.DataFrame, one: Mapping[str, str]) -> pd.DataFrame:
    if name == "origins":
        return frame.assign(id=frame["id"].map(one), name="any").drop_duplicates("id").reset_index(drop=True)
    if name in ("permissions", "swaps"):
        return frame.iloc[:0]
    named = [column.name for column in TABLES[name].all_columns if column.table == "origins" and not column.many and name != "observed"]
    if named:
        frame = frame.assign(**{column: frame[column].map(lambda cell: one.get(cell, cell)) for column in named})
    if name == "storage_stocks" and len(frame):
        key = ["storage", "date", "origin"]
        others = {column: "first" for column in frame.columns if column not in (*key, "fill")}
        return frame.groupby(key, as_index=False, sort=True).agg({**others, "fill": "sum"})
    return frame
