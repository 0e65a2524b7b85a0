"""The System: one immutable object with the sets and arrays of a case over its periods. Nothing of files, nothing of Pyomo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

import numpy as np

from energynet.components.catalogue import SINGULAR, TABLES
from energynet.dataset.case import Case
from energynet.dataset.changes import Change
from energynet.dataset.package import Package
from energynet.dataset.select import selected
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

NOT_INPUT = ("profiles", "references", "assumptions", "observed", "routes")


@dataclass(frozen=True)
class System:
    """`records[table]` holds every record in base units; `pairs` says what exists; `carrier[table, id]` is the carrier of a record."""

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

    def of_volume(self, project: str) -> bool:
        """Whether a project's capacity is counted in working volume, and not as a rate."""
        return self.volumes[project]

    def __getitem__(self, table: str) -> Records:
        return self.records[table]

    @property
    def periods(self) -> int:
        return len(self.horizon)


def build_system(
    package: Package, case: Case, changes: Sequence[Change] = (), scenario: str | None = None, carried: Carried | None = None
) -> System:
    """Read the package's tables over the case's horizon, with the case's changes, its scenario's, and then the given ones.

    `carried` is what the time before the horizon left: stocks in place of the opening ones, and banks of contracts.

    Raises ValueError where the horizon is not a whole number of steps; the dataset's checks name every other fault before.
    """
    spec, options = case.horizon, case.options
    horizon = build_horizon(spec.start, spec.end, spec.step, cycle=options.storage_end, representative=spec.days == "representative")
    before = carried or Carried()
    tables = selected(package.tables, carriers=case.carriers, single=case.origins == "single", projects=case.projects)
    reader = RecordReader(tables, package.units, horizon)
    records = {name: reader.read(name) for name in TABLES if name not in NOT_INPUT}
    for change in (*case.scenario(scenario), *changes):
        apply_change(change, records, reader)
    apply_profiles(records, Shapes(package.tables["profiles"], horizon))
    follow_prices(records)
    base_year = int(horizon.year[0]) if before.base_year is None else before.base_year
    records["period"] = period_data(horizon, options.discount_rate or 0.0, base_year)
    derive_arcs(records, len(horizon))
    derive_converters(records, reader.carrier_of)
    ceilings = records["ceilings"]
    ceilings.number["charged"] = ceilings.number["charge"] * ceilings.present
    records |= derive_permissions(records, reader.carrier_of, len(horizon))
    records |= derive_storages(records, horizon, options.storage_end, before.stocks)
    derive_banks(records["contracts"], horizon, before.banks)
    built_in = zip(tables["projects"]["id"], tables["projects"]["capacity_unit"], strict=True)
    volumes = {str(project): package.units.of_volume(unit) for project, unit in built_in}
    records |= derive_projects(records, horizon, volumes, before.built)
    records["demand_tiers"] = derive_tiers(records, len(horizon))
    carriers = {
        (name, key): reader.carrier_of(name, key)
        for name in TABLES
        if name not in NOT_INPUT and name != "carriers"
        for key in records[name]
    }
    if options.demand == "elastic":
        records["demand_blocks"] = derive_elastic(records)
    pairs = find_pairs(records, reader.carrier_of)
    return System(
        case.name, horizon, records, pairs, carriers, case.objective, options.unserved == "forbidden",
        options.contract_years == "foresight", options.tariffs == "capacity", volumes,
    )  # fmt: skip


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
