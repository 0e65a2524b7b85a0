"""The System: one immutable object with the sets and arrays of a case over its periods. Nothing of files, nothing of Pyomo."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

import numpy as np

from energynet.components.catalogue import SINGULAR, TABLES
from energynet.dataset.case import Case
from energynet.dataset.changes import FIXED, Change
from energynet.dataset.package import Package
from energynet.dataset.select import selected
from energynet.system.alike import same_sets, shared
from energynet.system.banks import Carried, derive_banks
from energynet.system.derive import (
    apply_profiles,
    derive_arcs,
    derive_converters,
    derive_permissions,
    derive_storages,
    derive_tiers,
    follow_prices,
    per_input,
    period_data,
)
from energynet.system.elastic import derive_elastic
from energynet.system.expansion import derive_projects
from energynet.system.horizon import Horizon, build_horizon
from energynet.system.means import averaged
from energynet.system.pairs import Pairs, find_pairs
from energynet.system.products import derive_products
from energynet.system.records import RecordReader, Records
from energynet.system.shapes import Shapes
from energynet.system.stretches import days_of_change, stretches_of
from energynet.system.windows import overlap

Nudge = Callable[[Records], None]


@dataclass(frozen=True)
class System:
    """`records[table]` holds every record in base units; `pairs` says what exists; `carrier[table, id]` is the carrier of a record.

    `made` is the reading, the changes and what was carried that it was made from.
    """

    name: str
    horizon: Horizon
    records: Mapping[str, Records]
    pairs: Pairs
    carrier_of: Mapping[tuple[str, str], str]
    objective: str = "cost"
    forbid_unserved: bool = False
    foresight: bool = False
    capacity_tariffs: bool = False
    volumes: Mapping[str, bool] = field(default_factory=dict)
    made: tuple[Reading, tuple[Change, ...], Carried | None] | None = field(default=None, compare=False, repr=False)

    def of_volume(self, project: str) -> bool:
        """Whether a project's capacity is counted in working volume, and not as a rate."""
        return self.volumes[project]

    def reading(self) -> Reading:
        """What it was made from, with the periods cut where its changes begin and end. Raises ValueError where it was not read."""
        if self.made is None:
            raise ValueError("this system was not read from a package")
        reading, changes, _ = self.made
        return reading.cut(_days_of(changes))

    def nudged(self, table: str, nudge: Nudge) -> System:
        """The system once more, with numbers of a table moved before anything follows from them. Raises ValueError where it was not
        read.
        """
        if self.made is None:
            raise ValueError("this system was not read from a package")
        reading, changes, carried = self.made
        return changed_system(reading, changes, carried, like=self, nudge=(table, nudge))

    def __getitem__(self, table: str) -> Records:
        return self.records[table]

    @property
    def periods(self) -> int:
        return len(self.horizon)


OF_STORAGES = {"storages", "storage_stocks", "storage_targets", "storage_curves"}  # what the stocks and rates of storages follow from


class Reading:
    """What a package says over a case's horizon before any change: read once, it serves every list of changes."""

    def __init__(self, package: Package, case: Case) -> None:
        spec = case.horizon
        self.case = case
        self._finer: Reading | None = None  # as last cut on more days
        self.horizon = build_horizon(
            spec.start, spec.end, spec.step, cycle=case.options.storage_end, representative=spec.days == "representative"
        )
        tables = selected(package.tables, carriers=case.carriers, single=case.origins == "single", projects=case.projects)
        self.stretches = stretches_of(self.horizon).cut(days_of_change(tables))
        self.reader = reader = RecordReader(tables, package.units, self.stretches.fine)
        self._records = {name: reader.read(name) for name in TABLES if name not in FIXED}
        self.shapes = Shapes(package.tables["profiles"], self.stretches.fine)
        built_in = zip(tables["projects"]["id"], tables["projects"]["capacity_unit"], strict=True)
        self.volumes = {str(project): package.units.of_volume(unit) for project, unit in built_in}
        self.permissions = derive_permissions(self._records, reader.carrier_of, len(self.stretches.fine))
        self.carriers = {
            (name, key): reader.carrier_of(name, key) for name, records in self._records.items() if name != "carriers" for key in records
        }

    def records(self) -> dict[str, Records]:
        """The records by stretch, with arrays that may be changed."""
        return {name: records.copied() for name, records in self._records.items()}

    def cut(self, days: Iterable[np.datetime64]) -> Reading:
        """The same reading with the periods cut on more days; itself where no day falls inside a stretch."""
        stretches = self.stretches.cut(days)
        if stretches is self.stretches:
            return self
        if self._finer is None or not np.array_equal(self._finer.stretches.fine.covers_from, stretches.fine.covers_from):
            at, finer = self.stretches.of_finer(stretches), copy(self)
            finer.stretches, finer._finer = stretches, None  # noqa: SLF001
            finer.reader, finer.shapes = self.reader.finer(stretches.fine, at), self.shapes.over_horizon(stretches.fine)
            finer._records = {name: records.finer(at) for name, records in self._records.items()}  # noqa: SLF001
            finer.permissions = {name: records.finer(at) for name, records in self.permissions.items()}
            self._finer = finer
        return self._finer


def build_system(
    package: Package, case: Case, changes: Sequence[Change] = (), scenario: str | None = None, carried: Carried | None = None
) -> System:
    """Read the package's tables over the case's horizon, with the case's changes, its scenario's, and then the given ones.

    `carried` is what the time before the horizon left: stocks in place of the opening ones, and banks of contracts.

    Raises ValueError where the horizon is not a whole number of steps; the dataset's checks name every other fault before.
    """
    return changed_system(Reading(package, case), (*case.scenario(scenario), *changes), carried)


def changed_system(
    reading: Reading, changes: Sequence[Change] = (), carried: Carried | None = None, like: System | None = None,
    nudge: tuple[str, Nudge] | None = None,
) -> System:  # fmt: skip
    """The system of a reading with all changes of a case made; with the sets of `like`, of the same reading, where they are the same.

    `nudge` moves numbers of a table by a hair after the changes, in place: the sets are then always those of `like`, which has the same
    changes.
    """
    case, horizon = reading.case, reading.horizon
    options, before, read = case.options, carried or Carried(), reading.cut(_days_of(changes))
    stretches, reader, records = read.stretches, read.reader, read.records()
    fine = stretches.fine
    for change in changes:
        apply_change(change, records, reader)
    if nudge is not None:
        table, move = nudge
        move(records[table])
    apply_profiles(records, read.shapes)
    follow_prices(records)
    base_year = int(horizon.year[0]) if before.base_year is None else before.base_year
    records["period"] = period_data(fine, options.discount_rate or 0.0, base_year)
    derive_arcs(records, len(fine))
    derive_converters(records, reader.carrier_of)
    records |= read.permissions
    records |= derive_projects(records, fine, reading.volumes, before.built)
    if options.demand == "elastic":
        records["demand_blocks"] = derive_elastic(records)
    derive_products(records, fine)
    opens_at = records["storages"].number["working_volume"][0]
    records = averaged(records, stretches)
    per_input(records["converters"])
    records["period"] = period_data(horizon, options.discount_rate or 0.0, base_year)
    written = {change.table.name for change in changes} if nudge is None else {nudge[0]}
    if like is None or carried is not None or OF_STORAGES & written:
        records |= derive_storages(records, horizon, options.storage_end, opens_at, before.stocks)
    else:
        records |= _storages_of(like, records)
    derive_banks(records["contracts"], horizon, before.banks)
    records["demand_tiers"] = derive_tiers(records, len(horizon))
    if like is not None and (nudge is not None or same_sets(like.records, records, shared(records, like.records))):
        pairs = like.pairs
    else:
        pairs = find_pairs(records, reader.carrier_of)
    return System(
        case.name, horizon, records, pairs, reading.carriers, case.objective, options.unserved == "forbidden",
        options.contract_years == "foresight", options.tariffs == "capacity", reading.volumes, (reading, tuple(changes), carried),
    )  # fmt: skip


def _storages_of(like: System, records: Mapping[str, Records]) -> dict[str, Records]:
    """What `derive_storages` makes of the same storages: numbers, put into the records, and records of their own, all from `like`."""
    own, derived = records["storages"].number, like.records["storages"].number
    own.update({column: values for column, values in derived.items() if column not in own})
    return {name: like.records[name] for name in ("opening_stocks", "closing_stocks", "storage_lines")}


def _days_of(changes: Sequence[Change]) -> list[np.datetime64]:
    """The days on which the windows of changes begin, and those after they end."""
    windows = [change.window for change in changes if change.window is not None]
    return [day for first, last in windows for day in (np.datetime64(first, "D"), np.datetime64(last, "D") + 1)]


def apply_change(change: Change, records: Mapping[str, Records], reader: RecordReader) -> None:
    """Write one change into the arrays; a window inside a longer period counts by its share of time."""
    table = records[SINGULAR[change.component].name]
    column = table.table.column(change.column)
    array = table.number[change.column]
    share = np.ones(len(reader.horizon))
    if change.window is not None:
        first, last = (np.array([np.datetime64(day, "s")]) for day in change.window)
        share = overlap(reader.horizon, first, last)[:, 0]
    for key in table:
        if not fnmatchcase(key, change.pattern):
            continue
        factor = np.ones(len(share))
        if change.unit and change.operator != "*=":
            factor = reader.factor(column, change.unit, reader.carrier_of(table.table.name, key))
        where = (..., table.position[key])
        old, shape = array[where], share if array.ndim == 2 else share.max()
        value = change.value * factor if array.ndim == 2 else change.value * factor[0]
        new = {"=": value, "*=": old * change.value, "+=": old + value}[change.operator]
        array[where] = np.where(shape > 0.0, (1.0 - shape) * np.where(np.isnan(old), new, old) + shape * new, old)
