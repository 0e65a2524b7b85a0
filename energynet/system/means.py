"""What a period's datum is the mean of: every number of a stretch averaged over its period, once.

Quantities, and products with a quantity, are averaged over all days: a record that is not valid counts as zero. Shares count over the
valid days. Prices and losses count over the days on which something can be bought or sent: a price while nothing is there is never paid.
What divides is averaged by its inverse, a loss of stock by its logarithm.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from energynet.system.horizon import Floats
from energynet.system.records import ZERO_OUTSIDE, Records
from energynet.system.stretches import Stretches

OF_USE = {  # numbers that count on the days on which the record can be used
    "arcs": ("tariff", "entry_tariff", "exit_tariff", "loss"), "arc_segments": ("loss",), "corridors": ("ratio",),
    "supplies": ("cost",), "supply_steps": ("cost",), "converters": ("cost", "efficiency", "yield"), "swaps": ("fee", "cost"),
    "storages": ("injection_cost", "withdrawal_cost", "injection_efficiency", "withdrawal_efficiency"),
    "demands": ("value_of_lost_load",), "demand_blocks": ("willingness",),
}  # fmt: skip
OF_VALID_DAYS = {"contracts": ("annual_price",), "ceilings": ("missed_cost",), "capacity_products": ("for_sale", "price")}
DIVIDES = {("converters", "efficiency"), ("converters", "yield"), ("storages", "withdrawal_efficiency")}
MEASURE = {  # what is above zero on the days on which a record can be used
    "arcs": "most_available", "supplies": "most_available", "converters": "most_available", "storages": "available_share",
    "corridors": "available_share", "demands": "quantity", "demand_blocks": "width", "swaps": "maximum", "supply_steps": "available_share",
}  # fmt: skip
Transform = tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]]
INVERSE: Transform = (lambda values: 1.0 / values, lambda values: 1.0 / values)
REMAINS: Transform = (lambda values: np.log1p(-values), lambda values: -np.expm1(values))


def averaged(records: Mapping[str, Records], stretches: Stretches, known: Mapping[str, Records]) -> dict[str, Records]:
    """The records of the periods (T, n) from those of the stretches (S, n): the same objects where no period is split. Means that are
    `known` already are taken as they are, in a mapping of their own.
    """
    if not stretches.split:
        return dict(records)
    used = _used(records)
    return {
        name: replace(known[name], number=dict(known[name].number)) if name in known
        else _averaged(table, stretches, used.get(name, table.present))
        for name, table in records.items()
    }  # fmt: skip


def _used(records: Mapping[str, Records]) -> dict[str, Floats]:
    """1 on the valid days on which a record can be used (S, n)."""
    found = {name: (records[name].number[column] > 0.0) * records[name].present for name, column in MEASURE.items()}
    segments, arcs = records["arc_segments"], records["arcs"]
    found["arc_segments"] = found["arcs"][:, [arcs.position[arc] for arc in segments.text["arc"]]] * segments.present
    return found


def _averaged(table: Records, stretches: Stretches, used: Floats) -> Records:
    name = table.table.name
    number = {
        column: _mean(table, column, values, stretches, used) if values.ndim == 2 else values for column, values in table.number.items()
    }
    if name == "storages":
        number["working_volume"], number["most_working_volume"] = (
            _volume(table, values, number[column], stretches)
            for column, values in ((c, table.number[c]) for c in ("working_volume", "most_working_volume"))
        )
    return replace(table, number=number, present=stretches.mean(table.present), share={})


def _mean(table: Records, column: str, values: Floats, stretches: Stretches, used: Floats) -> Floats:
    name = table.table.name
    if column in OF_USE.get(name, ()):
        weights: tuple[Floats, ...] = (used, table.present)
    elif column in OF_VALID_DAYS.get(name, ()) or _of_valid_days(table, column):
        weights = (table.present,)
    else:
        weights = ()
    if (name, column) in DIVIDES:
        return _by(INVERSE, values, stretches, weights)
    if (name, column) == ("storages", "daily_loss"):
        return _by(REMAINS, values, stretches, weights)
    return stretches.mean(values, weights)


def _of_valid_days(table: Records, column: str) -> bool:
    """Whether a column of the data is no quantity."""
    return column in table.table.names and table.table.column(column).dimension not in ZERO_OUTSIDE


def _by(way: Transform, values: Floats, stretches: Stretches, weights: tuple[Floats, ...]) -> Floats:
    """The mean of a function of the values, turned back; values that do not change are kept to the last bit."""
    plain = stretches.mean(values, weights)
    with np.errstate(divide="ignore"):  # an efficiency of zero
        moved = way[1](stretches.mean(way[0](values), weights))
    return np.where(np.isclose(plain, moved, rtol=1e-14, atol=0.0), plain, moved)


def _volume(storages: Records, values: Floats, mean: Floats, stretches: Stretches) -> Floats:
    """A working volume bounds the stock at the end of a period, so that of the last stretch counts; over representative days, where the
    stock returns to where it began each day, the mean.
    """
    daily = np.array([stretches.whole.representative and cycle == "day" for cycle in storages.text["cycle"]], dtype=bool)
    return np.where(daily, mean, stretches.last(values))
