"""Warnings where the mean over a period cannot stand for what happens inside it.

A period takes the mean of each number over its days. Where a limit changes inside a period, the mean can hide days on which it binds; where
a price changes, the cheap days are not told from the dear. The dates of the rows say where this may be, and which step is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from energynet.components.catalogue import TABLES
from energynet.dataset.inputs import Check, Inputs
from energynet.dataset.structure import windows
from energynet.errors import Fault

Flags = NDArray[np.bool_]
Days = NDArray[np.datetime64]
DAY = np.timedelta64(1, "D")
OF_STORAGES = {"storages": ("working_volume", "injection", "withdrawal", "availability", "inflow")}
LIMITS = {
    "arcs": ("capacity", "availability", "minimum"), "supplies": ("maximum", "availability", "minimum"),
    "demands": ("quantity",), "converters": ("capacity", "availability", "minimum"),
}  # fmt: skip
COSTS = {
    "prices": ("value",), "exchange_rates": ("usd",), "supplies": ("cost", "price_factor"), "converters": ("cost",),
    "arcs": ("tariff", "entry_tariff", "exit_tariff"), "storages": ("injection_cost", "withdrawal_cost"),
}  # fmt: skip
SHOWN = 3  # places that one warning names


@dataclass(frozen=True)
class Moved:
    """A number that changes inside a period: the row that begins or ends there, and the first day on which it is another."""

    table: str
    position: int
    column: str
    day: np.datetime64


def storage_moves(inputs: Inputs) -> Iterator[Fault]:
    """Rates and volumes of storages are the same throughout each period."""
    found = _moves(inputs, OF_STORAGES, {"storages": np.ones(len(inputs["storages"]), dtype=bool)})
    said = "a stock follows its days, not the mean of its limits"
    yield from _told(inputs, found, said)


def limit_moves(inputs: Inputs) -> Iterator[Fault]:
    """What lines, supplies and converters can give, and what demands ask, is the same throughout each period."""
    every = {name: np.ones(len(inputs[name]), dtype=bool) for name in LIMITS}
    said = "the mean can hide days on which it binds, and a storage beside it follows the days"
    yield from _told(inputs, _moves(inputs, LIMITS, every), said)


def cost_moves(inputs: Inputs) -> Iterator[Fault]:
    """What is paid for flow that may be put on other days, or bought elsewhere, is the same throughout each period."""
    if not (len(inputs["storages"]) or inputs["supplies"]["id"].nunique() > 1):
        return  # there is one way and no other day
    asked = {name: np.ones(len(inputs[name]), dtype=bool) for name in COSTS}
    named = {str(cell) for name, table in TABLES.items() for c in table.columns if c.table == "prices" for cell in inputs[name][c.name]}
    asked["prices"] = inputs["prices"]["id"].isin(named).to_numpy()
    units = {str(cell) for name, table in TABLES.items() for c in table.columns if c.kind == "unit" for cell in inputs[name][c.name]}
    asked["exchange_rates"] = inputs["exchange_rates"]["id"].isin({unit.partition("/")[0] for unit in units}).to_numpy()
    said = "flow may be moved to the cheaper days, or elsewhere, and the mean does not tell them apart"
    yield from _told(inputs, _moves(inputs, COSTS, asked, ends=False), said)


def _moves(inputs: Inputs, columns: Mapping[str, tuple[str, ...]], asked: Mapping[str, Flags], *, ends: bool = True) -> list[Moved]:
    """The numbers of those tables and rows that change inside a period; with `ends` also where a record begins or no longer holds."""
    found: list[Moved] = []
    for name, names in columns.items():
        frame = inputs[name]
        if not asked[name].any():
            continue
        first, last = windows(frame)
        code = pd.factorize(np.array(inputs.ids(name), dtype=object))[0]
        order = np.lexsort((first, code))
        before, after = order[:-1], order[1:]
        follows = (code[before] == code[after]) & (last[before] + DAY == first[after])
        inside = asked[name][after] & follows & _inside(inputs, first[after])
        pairs = list(zip(before[inside].tolist(), after[inside].tolist(), strict=True))
        found += [Moved(name, b, column, first[b]) for a, b in pairs for column in names if _differs(inputs, name, column, a, b)]
        if ends:
            begins, stops = np.ones(len(frame), dtype=bool), np.ones(len(frame), dtype=bool)
            begins[after[follows]], stops[before[follows]] = False, False
            given = asked[name] & (np.nan_to_num(frame[names[0]].to_numpy()) != 0.0)
            for which, days in ((begins, first), (stops, last + DAY)):
                found += [Moved(name, at, names[0], days[at]) for at in np.flatnonzero(given & which & _inside(inputs, days)).tolist()]
    return sorted(found, key=lambda one: (one.table, one.position, one.column))


def _inside(inputs: Inputs, days: Days) -> Flags:
    """Which days lie inside a period of the case: after its first day, up to its last (n,)."""
    if inputs.case is None or inputs.horizon is None:
        return np.zeros(len(days), dtype=bool)
    spec, (start, end) = inputs.case.horizon, inputs.horizon
    step = "month" if spec.days == "representative" else spec.step
    if step not in ("year", "month"):
        return np.zeros(len(days), dtype=bool)
    begins = days.astype("datetime64[Y]" if step == "year" else "datetime64[M]").astype("datetime64[D]")
    return np.asarray((days > start) & (days <= end) & (days != begins))


def _differs(inputs: Inputs, name: str, column: str, one: int, other: int) -> bool:
    """Whether a number, its unit or the price that it follows is another in the two rows."""
    frame, declared = inputs[name], TABLES[name].column(column)
    values = frame[column].to_numpy()
    if np.nan_to_num(values[[one, other]]).any() and values[one] != values[other]:
        return not np.isnan(values[[one, other]]).all()
    beside = [cell for cell in (declared.unit, declared.price) if cell is not None]
    other_words = any(str(frame[cell].iat[one]) != str(frame[cell].iat[other]) for cell in beside)
    return other_words and bool(values[one] == values[other] != 0.0 or declared.price)


def _told(inputs: Inputs, moves: Iterable[Moved], said: str) -> Iterator[Fault]:
    """One warning for all, at the first of them: how many, the first few places, and the step that would be exact."""
    found = list(moves)
    if not found or inputs.case is None:
        return
    spec, first = inputs.case.horizon, found[0]
    period = "month of representative days" if spec.days == "representative" else spec.step
    exact = "month" if spec.step == "year" and all(one.day == one.day.astype("datetime64[M]") for one in found) else "day"
    step = f"days: all, step: {exact}" if spec.days == "representative" else f"step: {exact}"
    places = [_place(inputs, one) for one in found[1:SHOWN]]
    also = f"; also {', '.join(places)}" if places else ""
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    message = f"of {_id(inputs, first)} changes on {first.day}, inside a {period}: {said}{also}{more}; exact with {step}"
    yield inputs.package.fault(first.table, _row(inputs, first), message, column=first.column)


def _place(inputs: Inputs, one: Moved) -> str:
    file = inputs.package.files.get(one.table, one.table)
    return f"{file}:row {_row(inputs, one)} {_id(inputs, one)}.{one.column} on {one.day}"


def _id(inputs: Inputs, one: Moved) -> str:
    return inputs.ids(one.table)[one.position]


def _row(inputs: Inputs, one: Moved) -> int:
    return int(inputs[one.table]["row"].to_numpy()[one.position])


PERIOD_CHECKS = (
    Check("storage-moves", "warning", "rates and volumes of storages change between periods only", storage_moves, of_case=True),
    Check("limit-moves", "warning", "limits of lines, supplies and demands change between periods only", limit_moves, of_case=True),
    Check("cost-moves", "warning", "prices and costs of what may be moved change between periods only", cost_moves, of_case=True),
)
