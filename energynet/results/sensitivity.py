"""What each datum is worth: the first-order effect of every number of the input on the objective, from the duals of one solve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from energynet.program.adjoint import Number, gradient
from energynet.program.layout import Program
from energynet.program.patch import Patch
from energynet.results.frames import Floats, money_unit, unit_of
from energynet.schema import Column
from energynet.solution import Solution
from energynet.solver.derivative import Change, Direction, Optimum
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
SEARCHED = 20_000  # columns: the optimal duals of a larger program are not searched for each datum
MONEY = ("unit_more_musd", "unit_less_musd", "percent_more_musd", "percent_less_musd")
COLUMNS = ["component", "record", "column", "value", "unit", *MONEY, "proven", "effect_rank"]
FOLLOWS = {  # (table, one whose numbers follow from it): the kind and the part of the key that names the record
    ("arcs", "arc_origins"): ("", 0), ("demands", "demand_origins"): ("", 0), ("supplies", "supply_steps"): ("", 0),
    ("storages", "expansions"): ("storage", 2),
}  # fmt: skip
Row = tuple[str, str, str, float, str, float, float, float, float, bool]
CHOICE = ("length_km",)  # tells apart equal answers, at no cost


def sensitivity(solution: Solution) -> pd.DataFrame:
    """One row a record and column of the input that the program reads, the greatest effect of one percent first.

    `value` is its mean over the days on which it is valid, in `unit`. The columns in million USD say what is added to the objective by one
    more unit all the time, by one less, by one percent more and by one percent less; first order: exact until the next limit is met. Empty
    where there is no answer that way, or the column takes no such value. `proven`: they are one-sided derivatives: not where several flows
    are optimal that use the datum differently, and beyond `SEARCHED` columns not where several duals are. The table is empty for a rolled
    solution, whose windows have duals of their own, and where another objective comes before the cost.
    """
    system = solution.system
    if solution.parts or system.made is None or system.objective != "cost":
        return pd.DataFrame(columns=COLUMNS)
    frame = pd.DataFrame(list(_rows(_Reading(solution))), columns=COLUMNS[:-1])
    for column in MONEY:
        frame[column] = frame[column].where(~(frame[column].abs() <= NOISE), 0.0)
    largest = frame[["percent_more_musd", "percent_less_musd"]].abs().max(axis=1).fillna(0.0)
    size = largest.map(lambda effect: float(f"{effect:.5e}"))  # rounded, so that equal effects keep their order
    frame = frame.loc[size.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)
    return frame.assign(effect_rank=np.arange(1, len(frame) + 1))[COLUMNS]


def sensitivity_of_run(solution: Solution) -> pd.DataFrame:
    """The same, for the tables of a run: empty where it has more than MOST periods, since what follows from data is then slow to trace."""
    return sensitivity(solution) if solution.system.periods <= MOST else pd.DataFrame(columns=COLUMNS)


def _rows(reading: _Reading) -> Iterator[Row]:
    system = reading.system
    for name, records in system.read_records().items():
        for column in records.table.columns:
            if column.kind != "number" or column.name in (*records.table.key, *CHOICE) or name in DEFINING or not len(records):
                continue
            found = _effects(system, reading.worth, records, name, column.name)
            if found is None:
                continue
            unit, share, value = found
            for k, key in enumerate(records.ids):
                if not (np.isnan(unit[0, k]) or np.isnan(value[k])):
                    about = (records.table.singular, key, column.name, float(value[k]), _unit(system, name, key, column))
                    yield *about, *reading.told(name, column, k, unit[:, k], share[:, k], float(value[k]))


class _Reading:
    """What the data of a solution are worth: at hand, and as one-sided derivatives.

    `worth` has, by number, what one more is worth at the duals and flows at hand, and how far that moves with other duals and with other
    flows: (3, T, n) or (3, n).
    """

    def __init__(self, solution: Solution) -> None:
        self.system, program = solution.system, solution.program
        self._searched = program.column_count <= SEARCHED
        self._optimum = Optimum(program, solution.primal, solution.dual, solution.reduced)
        compiled = Program(self.system)
        at = (compiled, self.system, program)
        worth = gradient(*at, solution.primal, solution.dual)
        (dual, reduced), primal = self._optimum.probes()
        by_dual, by_flow = gradient(*at, solution.primal, dual, reduced), gradient(*at, primal, solution.dual)
        self.worth = {number: np.stack([here, by_dual[number] - here, by_flow[number] - here]) for number, here in worth.items()}
        self._patch = Patch(compiled, self.system, program)

    def told(self, name: str, column: Column, k: int, unit: Floats, share: Floats, value: float) -> tuple[float, float, float, float, bool]:
        """Of one record: what one unit more, one unit less, one percent more and one percent less add, and whether that is proven."""
        duals, flows = (abs(unit[place]) > NOISE or abs(share[place]) > NOISE for place in (1, 2))
        proven = not duals and not flows
        units, shares = (unit[0], -unit[0]), (share[0], -share[0])
        if duals and self._searched:
            more, less = self._sides(name, column.name, k, relative=False)
            units, proven = (more.musd, less.musd), more.proven and less.proven
            first, second = units if value >= 0.0 else units[::-1]
            shares = first * abs(value) * PERCENT, second * abs(value) * PERCENT
            if abs(share[0] - unit[0] * value * PERCENT) > NOISE:  # its number changes over the days
                more, less = self._sides(name, column.name, k, relative=True)
                shares = (more.musd * PERCENT, less.musd * PERCENT)
                proven = proven and more.proven and less.proven
        full, empty = (end is not None and value == end for end in (column.maximum, column.minimum))
        ends = [np.nan if full else units[0], np.nan if empty else units[1], np.nan if full else shares[0], shares[1]]
        return *(float(end) if np.isfinite(end) else np.nan for end in ends), proven  # type: ignore[return-value]

    def _sides(self, name: str, column: str, k: int, *, relative: bool) -> tuple[Change, Change]:
        moved = self.system.nudged(name, lambda moving: _move(moving, column, k, relative=relative))
        way = Direction.between(self._patch.base, self._patch.program(moved), STEP)
        return self._optimum.change(way), self._optimum.change(way.turned())


def _effects(
    system: System, worth: Mapping[Number, Floats], records: Records, name: str, column: str
) -> tuple[Floats, Floats, Floats] | None:
    """Effect of one more unit and of one percent more of each record (3, n), and the records' values (n,); None where none is read."""
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
    unit = np.column_stack([_alone(system, worth, name, column, k, relative=False) for k in range(len(records))])
    share = [unit[:, k] * value[k] if still[k] else _alone(system, worth, name, column, k, relative=True) for k in range(len(records))]
    return unit, np.column_stack(share) * PERCENT, value


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
    """The effects on the objective by record, where each number follows from the one record that owns it (3, n); NaN where none is read."""
    total, read = np.zeros((3, count)), np.zeros(count)
    for table, column in moved:
        owner = owners.get(table)
        if owner is not None and (table, column) in worth:
            step = (changed[table].number[column] - system[table].number[column]) / STEP
            known = ~np.isnan(worth[table, column][0]) & ~np.isnan(step)
            effect = _over_periods(np.where(known, worth[table, column] * step, 0.0), step.ndim)
            np.add.at(total.T, owner[owner >= 0], effect[:, owner >= 0].T)
            np.add.at(read, owner[owner >= 0], _over_periods(known.astype(float), step.ndim)[owner >= 0])
    return np.where(read > 0.0, total, np.nan)


def _over_periods(values: Floats, dimensions: int) -> Floats:
    return np.asarray(values.sum(axis=-2) if dimensions == 2 else values)


def _alone(system: System, worth: Mapping[Number, Floats], name: str, column: str, k: int, *, relative: bool) -> Floats:
    """The effects of one record, from which numbers of other tables follow (3,); NaN where the program reads none of them."""
    changed = system.nudged(name, lambda moving: _move(moving, column, k, relative=relative))
    total, read = np.zeros(3), False
    for number in _moved(system, changed):
        if number in worth:
            step = (changed[number[0]].number[number[1]] - system[number[0]].number[number[1]]) / STEP
            touched = (step != 0.0) & ~np.isnan(step) & ~np.isnan(worth[number][0])
            total += (worth[number][:, touched] * step[touched]).sum(axis=1)
            read |= bool(touched.any())
    return total if read else np.full(3, np.nan)


def _mean(system: System, records: Records, values: Floats) -> Floats:
    """The mean of each record's number over the days on which it is valid (n,)."""
    if values.ndim == 1:
        return values
    stretches = system.stretches().fine
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
