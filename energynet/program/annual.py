"""Data of the horizon: a record's numbers added up or averaged over the years that its rows are counted in."""

from __future__ import annotations

import numpy as np

from energynet.program.values import Floats
from energynet.system.system import System


class Annual:
    """Source of the symbols `way:year:table`: arrays (groups * records,), the groups one after the other."""

    def __init__(self, system: System) -> None:
        self._system = system

    def __call__(self, table: str, column: str) -> Floats:
        way, year, name = table.split(":")
        records, member = self._system[name], self._system.horizon.members[year]
        if column == "one":
            return np.asarray(member.sum(axis=1))
        values = records.number[column]
        if way == "sum":
            return np.asarray((member @ np.nan_to_num(values)).ravel())
        valid = np.asarray(member @ records.present)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.asarray(member @ np.nan_to_num(values * records.present)) / valid
        return np.asarray(np.nan_to_num(mean).ravel())


def pulled_back(system: System, way: str, year: str, table: str, values: Floats) -> Floats:
    """Derivatives with respect to the horizon's data (groups * records,), as derivatives with respect to the periods' (T, n).

    NaN where no datum of the horizon is read.
    """
    labels, group = system.horizon.groups[year]
    days, present = system.horizon.days * system.horizon.weight, system[table].present
    by_group = values.reshape(len(labels), -1)
    if way == "sum":
        return np.asarray(days[:, None] * by_group[group])
    member = np.zeros((len(labels), len(group)))
    member[group, np.arange(len(group))] = days
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(days[:, None] * present * (by_group / (member @ present))[group])


def limited(system: System, table: str, column: str, year: str) -> list[tuple[str, str]]:
    """The (record, year) pairs whose number is given in every period of that year in which the record is valid."""
    labels, group = system.horizon.groups[year]
    records = system[table]
    valid, lacking = records.present > 0.0, np.isnan(records.number[column])
    years = [group == g for g in range(len(labels))]
    given = [(valid[inside].any(axis=0) & ~(valid[inside] & lacking[inside]).any(axis=0)).tolist() for inside in years]
    return [(key, label) for key, k in records.position.items() for label, known in zip(labels, given, strict=True) if known[k]]
