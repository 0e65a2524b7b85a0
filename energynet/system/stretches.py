"""Stretches: a period cut at every day on which something of the data changes, so that nothing changes inside a stretch.

What follows from two numbers that both change (a capacity and its availability, a price and its exchange rate) is worked out in each
stretch, and only then averaged over the period.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from energynet.components.catalogue import TABLES
from energynet.system.horizon import HOURS, Dates, Floats, Horizon, Integers

Flags = NDArray[np.bool_]
MORE_HOURS = 2**40  # than any date counts


@dataclass(frozen=True)
class Stretches:
    """T periods of `whole` cut into S stretches, the periods of `fine`; `fine` is `whole` where nothing changes inside any period.

    `period` is the period of each stretch (S,), `first` the first stretch of each period (T,). Over representative days a stretch is the
    same hour of some days of the month.
    """

    whole: Horizon
    fine: Horizon
    period: Integers
    first: Integers

    def cut(self, days: Iterable[np.datetime64]) -> Stretches:
        """The same periods cut on more days; the same object where no day falls inside a stretch."""
        more = np.unique(np.array(list(days), dtype="datetime64[h]"))
        held = self.fine
        begin, end = np.searchsorted(more, held.covers_from, side="right"), np.searchsorted(more, held.covers_to, side="left")
        pieces = end - begin + 1
        if (pieces == 1).all():
            return self
        of = np.repeat(np.arange(len(held)), pieces)
        number = np.arange(len(of)) - np.repeat(np.cumsum(pieces) - pieces, pieces)  # which piece of its stretch
        last = number == pieces[of] - 1
        inner = more[np.minimum(begin[of] + number, len(more) - 1)]
        covers_to = np.where(last, held.covers_to[of], inner)
        covers_from = np.where(number == 0, held.covers_from[of], np.roll(covers_to, 1))
        period = self.period[of]
        first = np.flatnonzero(np.concatenate([[True], np.diff(period) > 0]))
        return replace(self, fine=_fine(self.whole, period, covers_from, covers_to), period=period, first=first)

    def of_finer(self, finer: Stretches) -> Integers:
        """The stretch of this cut in which each stretch of a finer cut lies (S of the finer,)."""
        here, there = (cut.period * MORE_HOURS + cut.fine.covers_from.astype(np.int64) for cut in (self, finer))
        return np.asarray(np.searchsorted(here, there, side="right") - 1, dtype=np.int64)

    @property
    def split(self) -> bool:
        """Whether any period has several stretches."""
        return self.fine is not self.whole

    def mean(self, values: Floats, weights: tuple[Floats, ...] = ()) -> Floats:
        """The mean of values (S, n) over each period (T, n): weighted by days, and by the first of `weights` (S, n) that is not zero
        throughout the period. NaN, "no such limit", where a stretch that counts has none. Where nothing changes the value is kept as it is.
        """
        out = np.array(values[self.first], dtype=np.float64)
        moving = _differs(values, out[self.period])
        columns = np.flatnonzero(moving.any(axis=0))
        if len(columns):
            days = (self.fine.days * self.fine.weight)[:, None]
            every = np.broadcast_to(days, (len(days), len(columns)))
            mean = self._weighted(values[:, columns], [*(days * weight[:, columns] for weight in weights), every])
            held = ~np.logical_or.reduceat(moving[:, columns], self.first, axis=0)
            out[:, columns] = np.where(held, out[:, columns], mean)
        return out

    def _weighted(self, values: Floats, weights: list[Floats]) -> Floats:
        out = np.full((len(self.first), values.shape[1]), np.nan)
        open_still = np.ones(out.shape, dtype=bool)
        for weight in weights:
            whole = np.add.reduceat(weight, self.first, axis=0)
            counts = weight > 0.0
            with np.errstate(invalid="ignore", divide="ignore"):
                mean = np.add.reduceat(np.where(counts, weight * values, 0.0), self.first, axis=0) / whole
            low = np.minimum.reduceat(np.where(counts, values, np.inf), self.first, axis=0)
            high = np.maximum.reduceat(np.where(counts, values, -np.inf), self.first, axis=0)
            mean = np.where(low == high, low, mean)  # the same throughout the days that count: kept to the last bit
            out = np.where(open_still & (whole > 0.0), mean, out)
            open_still &= whole <= 0.0
        return out

    def last(self, values: Floats) -> Floats:
        """The values of the last stretch of each period (T, n)."""
        return np.asarray(values[np.append(self.first[1:], len(self.period)) - 1])


def _differs(one: Floats, other: Floats) -> Flags:
    return np.asarray((one != other) & ~(np.isnan(one) & np.isnan(other)))


def stretches_of(horizon: Horizon) -> Stretches:
    """The periods as they stand."""
    every = np.arange(len(horizon))
    return Stretches(horizon, horizon, every, every)


def days_of_change(tables: Mapping[str, pd.DataFrame]) -> list[np.datetime64]:
    """Every day on which a row of a dated table begins to hold, or no longer holds."""
    found: set[np.datetime64] = set()
    for name, rows in tables.items():
        if name in TABLES and TABLES[name].dated:
            begin, end = (rows[column].to_numpy().astype("datetime64[D]") for column in ("valid_from", "valid_to"))
            found |= {*begin[~np.isnat(begin)], *(end[~np.isnat(end)] + 1)}
    return sorted(found)


def _fine(whole: Horizon, period: Integers, covers_from: Dates, covers_to: Dates) -> Horizon:
    """The horizon of the stretches: each as long as the days that it covers, or as so many of the period's representative days."""
    covered = (covers_to - covers_from).astype(float) / HOURS
    previous = np.arange(-1, len(period) - 1)
    if whole.representative:
        start, end, length, weight = whole.start[period], whole.end[period], whole.days[period], covered
    else:
        start, end, length, weight = covers_from, covers_to, covered, whole.weight[period]
    labels = tuple(f"{whole.labels[t]}/{k}" for k, t in enumerate(period.tolist()))
    fine = replace(
        whole, start=start, end=end, days=length, weight=weight, previous=previous, previous_in_day=previous, labels=labels,
        covers_from=covers_from, covers_to=covers_to,
    )  # fmt: skip
    fine.__dict__["days_of_gas_year"] = whole.days_of_gas_year[period]  # of the gas year that the period counts in
    return fine
