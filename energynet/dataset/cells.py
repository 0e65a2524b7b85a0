"""From text to typed cells, a column at a time: each distinct text is read once."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from energynet.dataset.reading import Objects, RawTable
from energynet.errors import Fault, nearest
from energynet.schema import Column, Table

IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
FLAGS = {"yes": True, "no": False}
FIRST_YEAR, LAST_YEAR = 1900, 2300  # well inside what a timestamp can hold

Reader = Callable[[Column, str], Any]


class CellFault(ValueError):
    """A text that is no value of its column; `hint` is the nearest that would be."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def typed_table(raw: RawTable, faults: list[Fault]) -> pd.DataFrame:
    """The table with every declared column typed, and `row`; what cannot be read is a fault and left empty.

    Numbers are float64 (NaN where empty), dates datetime64[s], flags bool, everything else object.
    """
    columns: dict[str, Any] = {}
    for column in raw.table.all_columns:
        texts = raw.cells.get(column.name)
        values = _typed_column(raw, column, texts, faults) if texts is not None else [_empty(column)] * len(raw.rows)
        columns[column.name] = _array(column, values)
    columns["row"] = raw.rows
    return pd.DataFrame(columns, copy=False)


def empty_table(table: Table) -> pd.DataFrame:
    """The table without a row, its columns typed."""
    columns: dict[str, Any] = {column.name: _array(column, []) for column in table.all_columns}
    return pd.DataFrame(columns | {"row": np.zeros(0, dtype=np.int64)})


def _typed_column(raw: RawTable, column: Column, texts: Objects, faults: list[Fault]) -> list[Any]:
    whole = column.name in raw.table.key and column.kind == "number" and column.dimension == "number"
    known: dict[str, Any] = {}
    wrong: dict[str, CellFault] = {}
    for text in dict.fromkeys(texts):
        try:
            known[text] = _value(column, text, whole=whole)
        except CellFault as fault:
            known[text] = _empty(column, default=False)
            wrong[text] = fault
    if wrong:
        for text, row in zip(texts, raw.rows, strict=True):
            if text in wrong:
                found = wrong[text]
                shown = text if text else None
                check = f"cell-{column.kind}"
                faults.append(Fault(raw.file, found.message, int(row), column=column.name, value=shown, hint=found.hint, check=check))
    return [known[text] for text in texts]


def _value(column: Column, text: str, *, whole: bool) -> Any:  # noqa: ANN401
    if not text:
        if column.required or (column.kind == "choice" and column.default is None):
            raise CellFault("is empty, and may not be" + (f": one of {', '.join(column.choices)}" if column.choices else ""))
        return _empty(column)
    value = READERS[column.kind](column, text)
    if whole and value != int(value):
        raise CellFault("is not a whole number")
    return value


def _empty(column: Column, *, default: bool = True) -> Any:  # noqa: ANN401
    """What an empty cell reads as."""
    if column.kind == "number":
        return column.default if default and column.default is not None else np.nan
    if column.kind == "date":
        return None
    if column.kind == "flag":
        return bool(column.default)
    if column.many:
        return ()
    return column.default if default and column.default is not None else ""


def _array(column: Column, values: list[Any]) -> Any:  # noqa: ANN401
    if column.kind == "number":
        return np.array(values, dtype=np.float64)
    if column.kind == "date":
        return np.array(values, dtype="datetime64[s]")
    if column.kind == "flag":
        return np.array(values, dtype=bool)
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return pd.Series(array, dtype=object)


def _number(column: Column, text: str) -> float:
    if not NUMBER.fullmatch(text):
        raise CellFault("is not a number", text.replace(",", ".") if NUMBER.fullmatch(text.replace(",", ".")) else None)
    value = float(text)
    if not math.isfinite(value):
        raise CellFault("is too large to be a number")
    if column.minimum is not None and value < column.minimum:
        raise CellFault(f"is less than {column.minimum:g}, the least allowed")
    if column.maximum is not None and value > column.maximum:
        hint = f"{value / 100:g}" if column.dimension == "fraction" and 1 < value <= 100 else None
        raise CellFault(f"is more than {column.maximum:g}, the most allowed", hint)
    return value


def _day(_column: Column, text: str) -> date:
    try:
        day = date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise CellFault("is not a day written as 2025-12-31")
    return day


def _choice(column: Column, text: str) -> str:
    if text not in column.choices:
        raise CellFault(f"is not one of {', '.join(column.choices)}", nearest(text, column.choices, 0.5))
    return text


def _flag(_column: Column, text: str) -> bool:
    if text not in FLAGS:
        meant = {"true": "yes", "1": "yes", "y": "yes", "false": "no", "0": "no", "n": "no"}.get(text.lower(), nearest(text, FLAGS))
        raise CellFault("is neither yes nor no", meant)
    return FLAGS[text]


def _identifier(_column: Column, text: str) -> str:
    if not IDENTIFIER.fullmatch(text):
        plain = re.sub(r"[^A-Za-z0-9_-]+", "_", text).strip("_-")
        raise CellFault("is not an id: letters, digits, _ and - only", plain if IDENTIFIER.fullmatch(plain) else None)
    return text


def _reference(column: Column, text: str) -> str | tuple[str, ...]:
    """Ids as they stand; whether they exist is another check."""
    if not column.many:
        return text
    return tuple(dict.fromkeys(part.strip() for part in text.split(";") if part.strip()))


def _text(_column: Column, text: str) -> str:
    return text


READERS: Mapping[str, Reader] = {
    "number": _number, "date": _day, "choice": _choice, "flag": _flag, "id": _identifier, "reference": _reference, "text": _text,
    "unit": _text,
}  # fmt: skip
