"""What each datum is worth: the first-order effect of every number of the input on the objective, from the duals of one solve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from energynet.program.adjoint import Number, gradient
from energynet.program.layout import Program
from energynet.results.frames import Floats, money_unit, unit_of
from energynet.schema import Column
from energynet.solution import Solution
from energynet.system.horizon import Integers
from energynet.system.records import Records
from energynet.system.system import System

STEP = 1e-6  # of a number, and at least of one unit: how far data are moved to see what follows from them
LEAST = 1e-12
PERCENT = 0.01
MOST = 1000
NOISE = 1e-9  # million USD
DEFINING = ("carriers",)  # tables that say what a unit is: all numbers would have to be read anew
OTHER = {"investment": "million USD a unit", "upkeep": "million USD a unit and year", "charge": "USD"}
COLUMNS = ["component", "record", "column", "value", "unit", "musd_per_unit", "musd_per_percent", "effect_rank"]
FOLLOWS = {  # (table, one whose numbers follow from it): the kind and the part of the key that names the record
    ("arcs", "arc_origins"): ("", 0), ("demands", "demand_origins"): ("", 0), ("supplies", "supply_steps"): ("", 0),
    ("storages", "expansions"): ("storage", 2),
}  # fmt: skip
CHOICE = ("length_km",)  # tells apart equal answers, at no cost


def sensitivity(solution: Solution) -> pd.DataFrame:
    """One row a record and column of the input that the program reads, the greatest effect of one percent first.

    `value` is its mean over the days on which it is valid, in `unit`; `musd_per_unit` what one more unit all the time would add to the
    objective, `musd_per_percent` what 1 % more would. First order: exact until the next limit is met. Empty for a rolled solution, whose
    windows have duals of their own, and where another objective comes before the cost.
    """
    system = solution.system
    if solution.parts or system.made is None or system.objective != "cost":
        return pd.DataFrame(columns=COLUMNS)
    worth = gradient(Program(system), system, solution.program, solution.primal, solution.dual)
    rows = list(_rows(system, worth))
    frame = pd.DataFrame(rows, columns=COLUMNS[:-1])
    for column in ("musd_per_unit", "musd_per_percent"):
        frame[column] = frame[column].where(frame[column].abs() > NOISE, 0.0)
    size = frame["musd_per_percent"].abs().map(lambda effect: float(f"{effect:.5e}"))  # rounded, so that equal effects keep their order
    frame = frame.loc[size.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)
    return frame.assign(effect_rank=np.arange(1, len(frame) + 1))[COLUMNS]


def sensitivity_of_run(solution: Solution) -> pd.DataFrame:
    """The same, for the tables of a run: empty where it has more than MOST periods, since what follows from data is then slow to trace."""
    return sensitivity(solution) if solution.system.periods <= MOST else pd.DataFrame(columns=COLUMNS)


def _rows(system: System, worth: Mapping[Number, Floats]) -> Iterator[tuple[str, str, str, float, str, float, float]]:
    for name, records in system.reading().records().items():
        for column in records.table.columns:
            if column.kind != "number" or column.name in (*records.table.key, *CHOICE) or name in DEFINING or not len(records):
                continue
            found = _effects(system, worth, records, name, column.name)
            if found is None:
                continue
            unit_effect, share_effect, value = found
            for k, key in enumerate(records.ids):
                if not (np.isnan(unit_effect[k]) or np.isnan(value[k])):
                    about = (records.table.singular, key, column.name, float(value[k]), _unit(system, name, key, column))
                    yield *about, float(unit_effect[k]), float(share_effect[k])


def _effects(
    system: System, worth: Mapping[Number, Floats], records: Records, name: str, column: str
) -> tuple[Floats, Floats, Floats] | None:
    """Effect of one more unit and of one percent more of each record (n,), and the records' values; None where none is read."""
    raw: list[Floats] = []

    def all_records(moving: Records) -> None:
        raw.append(moving.number[column].copy())
        _move(moving, column, slice(None), relative=False)

    all_moved = system.nudged(name, all_records)
    moved = _moved(system, all_moved)
    if not any(number in worth for number in moved):
        return None
    value = _mean(system, records, raw[0])  # over the stretches, as read
    still = np.all((raw[0] == value) | (records.present == 0.0), axis=0) if raw[0].ndim == 2 else np.ones(len(records), dtype=bool)
    owners = {table: _owners(system, records, name, table) for table, _ in (number for number in moved if number in worth)}
    if records.ids == system[name].ids and all(owner is not None for owner in owners.values()):
        unit = _by_record(system, all_moved, worth, moved, owners, len(records))
        if not still.all():
            changed = system.nudged(name, lambda moving: _move(moving, column, slice(None), relative=True))
            return unit, np.where(still, unit * value, _by_record(system, changed, worth, moved, owners, len(records))) * PERCENT, value
        return unit, unit * value * PERCENT, value
    unit = np.array([_alone(system, worth, name, column, k, relative=False) for k in range(len(records))])
    share = [unit[k] * value[k] if still[k] else _alone(system, worth, name, column, k, relative=True) for k in range(len(records))]
    return unit, np.array(share) * PERCENT, value


def _move(records: Records, column: str, which: slice | int, *, relative: bool) -> None:
    """Move numbers by a small step while they are valid: a share of themselves, or so many units."""
    values = records.number[column]
    size = STEP * values[..., which] if relative else np.full_like(values[..., which], STEP)
    valid = records.present[:, which] if values.ndim == 2 else 1.0
    values[..., which] += size * valid


def _moved(system: System, other: System) -> list[Number]:
    """The numbers that are not the same in both systems."""
    found = []
    for table, records in other.records.items():
        for column, values in records.number.items():
            if values.tobytes() != system[table].number[column].tobytes():
                found.append((table, column))
    return found


def _owners(system: System, records: Records, name: str, table: str) -> Integers | None:
    """Of each record of `table` the one of `name` from which its numbers follow, -1 where none; None where several may be."""
    if table == name:
        return np.arange(len(records))
    if (name, table) not in FOLLOWS:
        return None
    kind, part = FOLLOWS[name, table]
    keys = [key.split("/") for key in system[table]]
    return np.array([records.position.get(key[part], -1) if kind in ("", key[1]) else -1 for key in keys], dtype=np.int64)


def _by_record(
    system: System, changed: System, worth: Mapping[Number, Floats], moved: list[Number], owners: Mapping[str, Integers | None], count: int
) -> Floats:  # fmt: skip
    """The effects on the objective by record, where each number follows from the one record that owns it (n,); NaN where none is read."""
    total, read = np.zeros(count), np.zeros(count)
    for table, column in moved:
        owner = owners.get(table)
        if owner is not None and (table, column) in worth:
            step = (changed[table].number[column] - system[table].number[column]) / STEP
            known = ~np.isnan(worth[table, column]) & ~np.isnan(step)
            effect = _over_periods(np.where(known, worth[table, column] * step, 0.0))
            np.add.at(total, owner[owner >= 0], effect[owner >= 0])
            np.add.at(read, owner[owner >= 0], _over_periods(known.astype(float))[owner >= 0])
    return np.where(read > 0.0, total, np.nan)


def _over_periods(values: Floats) -> Floats:
    return np.asarray(values.sum(axis=0) if values.ndim == 2 else values)


def _alone(system: System, worth: Mapping[Number, Floats], name: str, column: str, k: int, *, relative: bool) -> float:
    """The effect of one record, from which numbers of other tables follow; NaN where the program reads none of them."""
    changed = system.nudged(name, lambda moving: _move(moving, column, k, relative=relative))
    total, read = 0.0, False
    for number in _moved(system, changed):
        if number in worth:
            step = (changed[number[0]].number[number[1]] - system[number[0]].number[number[1]]) / STEP
            touched = (step != 0.0) & ~np.isnan(step) & ~np.isnan(worth[number])
            total += float((worth[number] * step)[touched].sum())
            read |= bool(touched.any())
    return total if read else np.nan


def _mean(system: System, records: Records, values: Floats) -> Floats:
    """The mean of each record's number over the days on which it is valid (n,)."""
    if values.ndim == 1:
        return values
    stretches = system.reading().stretches.fine
    weight = records.present * (stretches.days * stretches.weight)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((values * weight).sum(axis=0) / weight.sum(axis=0))


def _unit(system: System, name: str, key: str, column: Column) -> str:
    """What one of a number is, in base units."""
    carrier = system.carrier_of.get((name, key), "")
    if column.dimension in ("rate", "yearly"):
        return f"{unit_of(system, carrier)}/d" if carrier else "units/d"
    if column.dimension == "volume" or (column.dimension == "capacity" and system.volumes.get(key)):
        return unit_of(system, carrier) if carrier else "units"
    if column.dimension == "capacity":
        return f"{unit_of(system, carrier)}/d" if carrier else "units/d"
    if column.dimension in OTHER:
        return OTHER[column.dimension]
    if column.dimension in ("money", "capacity_charge"):
        return money_unit(system, carrier) if carrier else "USD/tcm or USD/MWh"
    return "1"
