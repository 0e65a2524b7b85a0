"""The System: one immutable object with the sets and arrays of a case over its periods. Nothing of files, nothing of Pyomo."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
    period_data,
)
from energynet.system.elastic import derive_elastic
from energynet.system.expansion import derive_projects
from energynet.system.horizon import Horizon, build_horizon
from energynet.system.pairs import Pairs, find_pairs
from energynet.system.records import RecordReader, Records
from energynet.system.shapes import Shapes
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
        self.horizon = build_horizon(
            spec.start, spec.end, spec.step, cycle=case.options.storage_end, representative=spec.days == "representative"
        )
        tables = selected(package.tables, carriers=case.carriers, single=case.origins == "single", projects=case.projects)
        self.reader = reader = RecordReader(tables, package.units, self.horizon)
        self._records = {name: reader.read(name) for name in TABLES if name not in FIXED}
        self.shapes = Shapes(package.tables["profiles"], self.horizon)
        built_in = zip(tables["projects"]["id"], tables["projects"]["capacity_unit"], strict=True)
        self.volumes = {str(project): package.units.of_volume(unit) for project, unit in built_in}
        self.permissions = derive_permissions(self._records, reader.carrier_of, len(self.horizon))
        self.carriers = {
            (name, key): reader.carrier_of(name, key) for name, records in self._records.items() if name != "carriers" for key in records
        }

    def records(self) -> dict[str, Records]:
        """The records, with arrays that may be changed."""
        return {name: records.copied() for name, records in self._records.items()}


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
    case, horizon, reader = reading.case, reading.horizon, reading.reader
    options, records, before = case.options, reading.records(), carried or Carried()
    for change in changes:
        apply_change(change, records, reader)
    if nudge is not None:
        table, move = nudge
        move(records[table])
    apply_profiles(records, reading.shapes)
    follow_prices(records)
    base_year = int(horizon.year[0]) if before.base_year is None else before.base_year
    records["period"] = period_data(horizon, options.discount_rate or 0.0, base_year)
    derive_arcs(records, len(horizon))
    derive_converters(records, reader.carrier_of)
    ceilings = records["ceilings"]
    ceilings.number["charged"] = ceilings.number["charge"] * ceilings.present
    records |= reading.permissions
    written = {change.table.name for change in changes} if nudge is None else {nudge[0]}
    if like is None or carried is not None or OF_STORAGES & written:
        records |= derive_storages(records, horizon, options.storage_end, before.stocks)
    else:
        records |= _storages_of(like, records)
    derive_banks(records["contracts"], horizon, before.banks)
    records |= derive_projects(records, horizon, reading.volumes, before.built)
    records["demand_tiers"] = derive_tiers(records, len(horizon))
    if options.demand == "elastic":
        records["demand_blocks"] = derive_elastic(records)
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
