"""The System: one immutable object with the sets and arrays of a case over its periods. Nothing of files, nothing of Pyomo."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from energynet.components.catalogue import TABLES
from energynet.dataset.case import Case
from energynet.dataset.changes import FIXED, Change
from energynet.dataset.checks import edited_and_checked
from energynet.dataset.edit import OF_UNITS, touched
from energynet.dataset.package import Package
from energynet.dataset.select import Selection
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
from energynet.system.follows import followers, moved_between
from energynet.system.horizon import Horizon, build_horizon
from energynet.system.means import averaged
from energynet.system.pairs import Pairs, find_pairs
from energynet.system.products import derive_products
from energynet.system.records import RecordReader, Records
from energynet.system.shapes import Shapes
from energynet.system.stretches import Stretches, days_of_change, stretches_of

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

    def stretches(self) -> Stretches:
        """The periods cut where its data change. Raises ValueError where it was not read from a package."""
        return self._read().reading.stretches

    def read_records(self) -> dict[str, Records]:
        """The records of its data by stretch, with its changes, before anything follows from them. Raises ValueError as `stretches`."""
        return self._read().records

    def _read(self) -> Changed:
        if self.made is None:
            raise ValueError("this system was not read from a package")
        reading, changes, _ = self.made
        return reading.changed(changes)

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
        self.package, self.case = package, case
        self._finer: Reading | None = None  # as last cut on more days
        self.horizon = build_horizon(
            spec.start, spec.end, spec.step, cycle=case.options.storage_end, representative=spec.days == "representative"
        )
        self._selection = Selection(package.tables, carriers=case.carriers, single=case.origins == "single", projects=case.projects)
        self._changed: dict[str, tuple[tuple[Change, ...], Records]] = {}  # as last read, by the changes on which it depends
        self._edited: tuple[tuple[Change, ...], Package] = (), package
        tables = self._selection.tables
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

    def changed(self, changes: Sequence[Change]) -> Changed:
        """What is said after the changes; only the tables that they are about are read anew. Raises InputFaults where a changed number does
        not pass what the same number in the data must pass.
        """
        made = tuple(changes)
        if made != self._edited[0]:
            self._edited = made, edited_and_checked(self.package, self.case, made)
        package = self._edited[1]
        names = set(touched(self.package, package))
        of_units = tuple(change for change in made if change.table.name in OF_UNITS)
        if of_units:
            names |= {name for name, table in TABLES.items() if any(column.unit for column in table.columns)}
        names &= set(self._records)
        tables = self._selection.of(package.tables, names)
        read = self.cut(days_of_change({name: tables[name] for name in names}))
        return Changed(read, read._over(tables, package, names, of_units, made), names)  # noqa: SLF001

    def _over(
        self, tables: Mapping[str, pd.DataFrame], package: Package, names: Iterable[str], of_units: tuple[Change, ...],
        made: tuple[Change, ...],
    ) -> dict[str, Records]:  # fmt: skip
        """The records by stretch, those of `names` from the changed tables, with arrays that may be changed."""
        reader = self.reader.over(tables, package.units, same_rates="exchange_rates" not in names)
        for name in names:
            key = (*of_units, *(change for change in made if change.table.name == name))
            if name not in self._changed or self._changed[name][0] != key:
                same_rows = not of_units and len(tables[name]) == len(self._selection.tables[name])  # none was split
                columns = {change.column for change in made if change.table.name == name}
                self._changed[name] = key, reader.again(self._records[name], columns) if same_rows else reader.read(name)
        return {name: (self._changed[name][1] if name in names else held).copied() for name, held in self._records.items()}

    def cut(self, days: Iterable[np.datetime64]) -> Reading:
        """The same reading with the periods cut on more days; itself where no day falls inside a stretch."""
        stretches = self.stretches.cut(days)
        if stretches is self.stretches:
            return self
        if self._finer is None or not np.array_equal(self._finer.stretches.fine.covers_from, stretches.fine.covers_from):
            at, finer = self.stretches.of_finer(stretches), copy(self)
            finer.stretches, finer._finer, finer._changed = stretches, None, {}  # noqa: SLF001
            finer.reader, finer.shapes = self.reader.finer(stretches.fine, at), self.shapes.over_horizon(stretches.fine)
            finer._records = {name: records.finer(at) for name, records in self._records.items()}  # noqa: SLF001
            finer.permissions = {name: records.finer(at) for name, records in self.permissions.items()}
            self._finer = finer
        return self._finer


@dataclass(frozen=True)
class Changed:
    """What a reading says after changes: by stretches that are cut where they begin and end, and which tables were read anew."""

    reading: Reading
    records: dict[str, Records]
    tables: set[str]


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
    options, before, changed = case.options, carried or Carried(), reading.changed(changes)
    read, records = changed.reading, changed.records
    stretches, reader, fine = read.stretches, read.reader, read.stretches.fine
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
    known = _known(like, changes, carried, nudge)
    records = averaged(records, stretches, known)
    per_input(records["converters"])
    records["period"] = period_data(horizon, options.discount_rate or 0.0, base_year)
    if like is None or carried is not None or not known.keys() >= OF_STORAGES:
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


def _known(
    like: System | None, changes: Sequence[Change], carried: Carried | None, nudge: tuple[str, Nudge] | None
) -> Mapping[str, Records]:
    """The records of `like` that no change moves against it, and which follow from none that one does."""
    if like is None or like.made is None or like.made[2] is not carried:
        return {}
    moved = moved_between(changes, like.made[1])
    if moved is None:
        return {}
    gone = followers(moved if nudge is None else {*moved, nudge[0]})
    return {name: records for name, records in like.records.items() if name not in gone}


def _storages_of(like: System, records: Mapping[str, Records]) -> dict[str, Records]:
    """What `derive_storages` makes of the same storages: numbers, put into the records, and records of their own, all from `like`."""
    own, derived = records["storages"].number, like.records["storages"].number
    own.update({column: values for column, values in derived.items() if column not in own})
    return {name: like.records[name] for name in ("opening_stocks", "closing_stocks", "storage_lines")}
