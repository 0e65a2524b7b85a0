"""What was stored beside what is computed again: cell by cell, and how many cells differ where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

RELATIVE = 1e-9  # of a number
ROUNDING = 1e-12  # of the largest number of the column, and at least of one: where a difference of large numbers is about zero
MOST, MOST_OF_ONE = 50, 10  # differences that are shown, and of one file
LONGEST = 200  # letters of a value that are shown
TEXTS = 4  # cells of text that name a row

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Difference:
    """One thing that is not as computed again: the file, the row and the column in it, both values in words."""

    file: str
    row: str
    column: str
    stored: str
    computed: str

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.file, self.row, self.column) if part)
        return f"{place}: stored {self.stored or 'nothing'}, computed {self.computed or 'nothing'}"


@dataclass
class Differences:
    """All that was found: how many in each file, and the first of them."""

    shown: list[Difference] = field(default_factory=list)
    by_file: Counter[str] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        return sum(self.by_file.values())

    def add(self, file: str, row: object = "", column: str = "", stored: object = "", computed: object = "") -> None:
        """One difference more; it is shown while there are few."""
        self.by_file[file] += 1
        if len(self.shown) < MOST and self.by_file[file] <= MOST_OF_ONE:
            self.shown.append(Difference(file, str(row), column, _shown(stored), _shown(computed)))

    def add_where(self, file: str, wrong: Flags, names: Any, column: str, stored: Any, computed: Any) -> None:  # noqa: ANN401
        """A difference for each position of an array at which it is `wrong`; `names` gives the name of a position."""
        places = np.flatnonzero(wrong)
        for at in places[:MOST_OF_ONE]:
            self.add(file, names(int(at)), column, stored[at], computed[at])
        self.by_file[file] += max(len(places) - MOST_OF_ONE, 0)


def _shown(value: object) -> str:
    text = str(value.item() if isinstance(value, np.generic) and not isinstance(value, np.datetime64) else value)
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def unlike(stored: NDArray[Any], computed: NDArray[Any]) -> Flags:
    """Where two arrays of one length differ (n,): numbers beyond 1e-9 of themselves, anything else at all."""
    if computed.dtype.kind in "fiub":
        try:
            one, other = stored.astype(np.float64), computed.astype(np.float64)
        except (TypeError, ValueError):
            return np.ones(len(computed), dtype=bool)
        if computed.dtype.kind != "f":
            return np.asarray(one != other)
        size = np.maximum(np.abs(one), np.abs(other))
        most = float(np.max(size, where=np.isfinite(size), initial=1.0))
        with np.errstate(invalid="ignore"):
            near = np.abs(one - other) <= RELATIVE * np.where(np.isfinite(size), size, 0.0) + ROUNDING * most
        return np.asarray(~(near | (one == other) | (np.isnan(one) & np.isnan(other))))
    if computed.dtype.kind == "M":
        if stored.dtype.kind != "M":
            return np.ones(len(computed), dtype=bool)
        return np.asarray((stored != computed) & ~(np.isnat(stored) & np.isnat(computed)))
    one, other = stored.astype(object), computed.astype(object)
    same = np.array([_same(a, b) for a, b in zip(one, other, strict=True)], dtype=bool)
    return ~same


def _same(one: object, other: object) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return isinstance(one, str) and isinstance(other, str) and one == other
    if pd.isna(one) or pd.isna(other):  # type: ignore[call-overload]
        return bool(pd.isna(one) and pd.isna(other))  # type: ignore[call-overload]
    if isinstance(one, float) and isinstance(other, float):
        return bool(abs(one - other) <= RELATIVE * max(abs(one), abs(other)) + ROUNDING)
    return bool(one == other)


def compare_tables(found: Differences, file: str, stored: pd.DataFrame, computed: pd.DataFrame) -> None:
    """Every column, row and cell of a table against the same computed again, in order."""
    stored, computed = (frame.set_axis([str(name) for name in frame.columns], axis=1) for frame in (stored, computed))
    old, new = list(stored.columns), list(computed.columns)
    for name in dict.fromkeys([*old, *new]):
        if old.count(name) != new.count(name):
            found.add(file, "", name, "a column" if name in old else "no column", "a column" if name in new else "no column")
    if sorted(old) == sorted(new) and old != new:
        found.add(file, "", "", "columns in another order", ", ".join(new))
    if len(stored) != len(computed):
        _rows(found, file, stored, computed)
        return
    for name in new:
        if old.count(name) == new.count(name) == 1:
            one, other = stored[name].to_numpy(), computed[name].to_numpy()
            wrong = unlike(one, other)
            if wrong.any():
                found.add_where(file, wrong, lambda at: row_name(computed, at), name, one, other)


def _rows(found: Differences, file: str, stored: pd.DataFrame, computed: pd.DataFrame) -> None:
    """Rows that are missing and rows that are too many, by their cells that are no measured numbers."""
    found.add(file, "", "", f"{len(stored):,} rows", f"{len(computed):,} rows")
    names = [name for name in computed.columns if computed[name].dtype.kind != "f" and name in stored.columns]
    counts = [Counter(tuple(map(str, row)) for row in frame[names].to_numpy(dtype=object).tolist()) for frame in (stored, computed)]
    for key in dict.fromkeys([*counts[1], *counts[0]]):
        if counts[0][key] != counts[1][key]:
            words = ", ".join(key[:TEXTS])
            found.add(file, words, "", f"{counts[0][key]} times", f"{counts[1][key]} times")


def row_name(frame: pd.DataFrame, at: int) -> str:
    """A row of a table in words: its number from 1, and its first texts."""
    texts = [str(frame[name].iat[at]) for name in frame.columns if frame[name].dtype.kind not in "fiub"][:TEXTS]
    return f"row {at + 1}" + (f" ({', '.join(texts)})" if texts else "")


def compare_values(found: Differences, file: str, stored: object, computed: object, path: Sequence[str] = ()) -> None:
    """Plain values (mappings, lists, texts, numbers) against the same computed again, each where it stands."""
    if isinstance(stored, Mapping) and isinstance(computed, Mapping):
        for key in dict.fromkeys([*computed, *stored]):
            here = (*path, str(key))
            if key not in stored or key not in computed:
                absent = "no entry"
                found.add(file, "", ".".join(here), stored.get(key, absent), computed.get(key, absent))
            else:
                compare_values(found, file, stored[key], computed[key], here)
        return
    if isinstance(stored, list) and isinstance(computed, list) and len(stored) == len(computed):
        for at, (one, other) in enumerate(zip(stored, computed, strict=True)):
            compare_values(found, file, one, other, (*path, str(at)))
        return
    numbers = [isinstance(value, (int, float)) and not isinstance(value, bool) for value in (stored, computed)]
    if all(numbers):
        if unlike(np.array([stored], dtype=float), np.array([computed], dtype=float)).any():
            found.add(file, "", ".".join(path), stored, computed)
    elif type(stored) is not type(computed) or stored != computed:
        found.add(file, "", ".".join(path), stored, computed)


def compare_arrays(
    found: Differences, file: str, stored: Mapping[str, NDArray[Any]], computed: Mapping[str, NDArray[Any]], names: Mapping[str, Any]
) -> None:
    """Arrays by name against the same computed again; `names` holds what names a position of an array, where that has a name."""
    for name in dict.fromkeys([*computed, *stored]):
        one, other = stored.get(name), computed.get(name)
        if one is None or other is None or one.shape != other.shape:
            shapes = ["no array" if array is None else f"an array {array.shape}" for array in (one, other)]
            found.add(file, "", name, *shapes)
            continue
        flat, again = one.ravel(), other.ravel()
        wrong = unlike(flat, again)
        if wrong.any():
            found.add_where(file, wrong, names.get(name, lambda at: f"position {at}"), name, flat, again)
