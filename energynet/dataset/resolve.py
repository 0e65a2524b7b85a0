"""What a change is about: the records that it matches, whether its unit fits them, and whether it touches anything that is solved."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from energynet.dataset.case import Case
from energynet.dataset.changes import Change
from energynet.dataset.keys import Carriers, record_ids
from energynet.dataset.package import Package
from energynet.dataset.select import chosen
from energynet.dataset.structure import windows
from energynet.errors import Fault, InputFaults, nearest
from energynet.units import UnitFault

Integers = NDArray[np.int64]
Days = NDArray[np.datetime64]
DAY = np.timedelta64(1, "D")
TOLD = {  # numbers that people read and no equation does
    ("carriers", "temperature_c"), ("carriers", "pressure_kpa"), ("calorific_values", "temperature_c"), ("demands", "peak_day"),
}  # fmt: skip


def rows_of(package: Package, change: Change) -> Integers:
    """The numbers, in its file, of the rows that a change is about, whatever its window."""
    known = package.rows_of_changes
    key = (change.table.name, change.pattern)
    if key not in known:
        frame = package[change.table.name]
        ids = record_ids(change.table, frame)
        known[key] = frame["row"].to_numpy()[[fnmatchcase(one, change.pattern) for one in ids]]
    return known[key]


def resolve(change: Change, package: Package, case: Case | None = None) -> tuple[str, ...]:
    """The ids of the records that a change is about, sorted as in the table.

    Raises InputFaults where none matches, with the nearest, where the unit does not fit one that matches, and where the change would touch
    nothing of the case.
    """
    table, place = change.table, change.place
    ids = list(dict.fromkeys(record_ids(table, package[table.name])))
    found = tuple(key for key in ids if fnmatchcase(key, change.pattern))
    if not found:
        message = f"matches no {change.component} of {package.name}"
        raise InputFaults([place.fault(message, value=change.pattern, hint=nearest(change.pattern, ids, 0.4), check="change")])
    faults = _unit_faults(change, package, found)
    if case is not None and not faults:
        faults = list(_without_effect(change, package, case))
    if faults:
        raise InputFaults(faults)
    return found


def _unit_faults(change: Change, package: Package, found: tuple[str, ...]) -> list[Fault]:
    column = change.table.column(change.column)
    if change.operator == "*=" or (change.value == 0.0 and not change.unit):
        return []
    frame = package[change.table.name]
    carrier = dict(zip(record_ids(change.table, frame), Carriers(package.tables).by_row(change.table.name), strict=True))
    faults = []
    for own in sorted({carrier[key] for key in found}):
        if own and own not in package.units.carriers:
            continue  # told already, where the record names its carrier
        try:
            package.units.parse(change.unit, column.dimension, own)
        except UnitFault as fault:
            message = fault.message if change.unit else f"needs a unit: {column.name} of {own or change.component} is no pure number"
            faults.append(change.place.fault(message, value=change.unit or change.text, hint=fault.hint, check="change"))
    return faults


def _without_effect(change: Change, package: Package, case: Case) -> Iterator[Fault]:
    """Why a change touches nothing of what the case solves, where it does not; the first of its rows is named."""
    table, frame = change.table, package[change.table.name]
    if (table.name, change.column) in TOLD:
        yield change.place.fault(f"changes nothing: no equation reads {change.column} of {table.name}", value=change.text, check="change")
        return
    unused = _unused(table.name, case)
    mine = np.isin(frame["row"].to_numpy(), rows_of(package, change))
    row = int(frame["row"].to_numpy()[np.flatnonzero(mine)[0]])
    if unused is None:
        mine &= _taken(table.name, package, case)
        unused = "is about records that this model does not take" if not mine.any() else _never(change, frame, mine, case)
    if unused is not None:
        file = package.files.get(table.name, table.name)
        yield change.place.fault(f"changes nothing: {unused} ({file}:row {row})", value=change.text, check="change")


def _unused(table: str, case: Case) -> str | None:
    """Why the case does not use a table."""
    if table == "elasticities" and case.options.demand != "elastic":
        return "this model has demand: firm, and only demand: elastic reads elasticities"
    if table == "capacity_products" and case.options.tariffs != "capacity":
        return "this model has tariffs: volume, and only tariffs: capacity reads capacity_products"
    if table == "sale_prices" and not case.objective.startswith("income:"):
        return "only the objective income:ORIGIN reads sale_prices"
    return None


def _taken(table: str, package: Package, case: Case) -> NDArray[np.bool_]:
    """Which rows are of the carriers, and are projects, that the case takes (n,)."""
    taken = np.ones(len(package[table]), dtype=bool)
    if table == "projects":
        taken &= chosen(package[table]["id"], case.projects)
    if case.carriers is not None and set(case.carriers) <= set(package["carriers"]["id"]):
        taken &= np.array([own in ("", *case.carriers) for own in Carriers(package.tables).by_row(table)], dtype=bool)
    return taken


def _never(change: Change, frame: pd.DataFrame, mine: NDArray[np.bool_], case: Case) -> str | None:
    """Why no day on which a row holds is inside the window and solved."""
    solved = np.datetime64(case.horizon.start, "D"), np.datetime64(case.horizon.end, "D")
    if "date" in change.table.names:
        date = frame["date"].to_numpy().astype("datetime64[D]")[mine]
        outside = not ((date >= solved[0]) & (date <= solved[1] + DAY)).any()
        return f"its date is not among the days solved, {solved[0]} to {solved[1]}" if outside else None
    first, last = (days[mine] for days in windows(frame))
    if change.window is not None:
        begin, end = (np.datetime64(day, "D") for day in change.window)
        if end < solved[0] or begin > solved[1]:
            return f"its window is outside of the days solved, {solved[0]} to {solved[1]}"
        first, last = np.maximum(first, begin), np.minimum(last, end)
        if not (first <= last).any():
            return "its window is outside of the days on which the row holds: what begins earlier or ends later is a row of its own"
    if not ((first <= last) & (first <= solved[1]) & (last >= solved[0])).any():
        return f"the row does not hold on any of the days solved, {solved[0]} to {solved[1]}, that the change is about"
    return None
