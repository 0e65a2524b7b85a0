"""The periods of a model: when each starts and ends, how long it is, and which year it counts in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from energynet.components.contract_tables import GAS_YEAR_FIRST_MONTH

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Dates = NDArray[np.datetime64]

STEPS = {"year": "Y", "month": "M", "day": "D", "hour": "h"}
HOURS = 24  # in a day


@dataclass(frozen=True)
class Horizon:
    """T periods. `start` and `end` (exclusive) are datetime64[h] (T,); `days` is the length of each, `weight` how many it stands for.

    `previous[t]` is the period whose end stock is the opening stock of t; -1 is the opening stock of the horizon. `covers_from` and
    `covers_to` (exclusive) are the days that a period stands for: its own, but over representative days the whole month, of which an hour
    stands for the same hour of each day. `previous_in_day` is `previous` for a stock that returns each representative day to where it
    began: the first hour of a day follows its last; over all days it is `previous`. `scenario[t]` says which scenario a period is of, where
    several stand one after the other.
    """

    step: str
    start: Dates
    end: Dates
    days: Floats
    weight: Floats
    previous: Integers
    labels: tuple[str, ...]
    covers_from: Dates
    covers_to: Dates
    previous_in_day: Integers
    representative: bool = False
    scenario: Integers | None = None

    def __len__(self) -> int:
        return len(self.labels)

    @cached_property
    def year(self) -> Integers:
        """Calendar year in which each period starts (T,)."""
        return np.asarray(self.start.astype("datetime64[Y]").astype(int) + 1970, dtype=np.int64)

    @cached_property
    def days_of_year(self) -> Floats:
        """365 or 366, by the calendar year of each period (T,)."""
        first = self.start.astype("datetime64[Y]")
        length = (first + 1).astype("datetime64[D]") - first.astype("datetime64[D]")
        return np.asarray(length.astype(float), dtype=np.float64)

    @cached_property
    def days_of_gas_year(self) -> Floats:
        """365 or 366, by the gas year in which each period starts (T,)."""
        months = self.start.astype("datetime64[M]").astype(int)
        first = ((months - (GAS_YEAR_FIRST_MONTH - 1)) // 12 * 12 + GAS_YEAR_FIRST_MONTH - 1).astype("datetime64[M]")
        length = (first + 12).astype("datetime64[D]") - first.astype("datetime64[D]")
        return np.asarray(length.astype(float), dtype=np.float64)

    @cached_property
    def members(self) -> Mapping[str, sp.csr_array]:
        """For each of `groups`, the days that each period counts in each group (groups, T)."""
        count, days = len(self), self.days * self.weight
        return {
            kind: sp.csr_array((days, (group, np.arange(count))), shape=(len(labels), count))
            for kind, (labels, group) in self.groups.items()
        }  # fmt: skip

    @cached_property
    def groups(self) -> Mapping[str, tuple[tuple[str, ...], Integers]]:
        """For each kind of year, and for quarters, months and periods, the labels of the groups and the group of each period (T,)."""
        months = self.start.astype("datetime64[M]").astype(int)
        gas_year = (months - (GAS_YEAR_FIRST_MONTH - 1)) // 12 + 1970
        return {
            "calendar": _grouped(self.year, "{}"), "gas": _grouped(gas_year, "{}/{}"),
            "quarter": _named([f"{month // 12 + 1970}Q{month % 12 // 3 + 1}" for month in months]),
            "month": _named(self.start.astype("datetime64[M]").astype(str)), "period": _named(self.labels),
        }  # fmt: skip


def build_horizon(start: date, end: date, step: str, *, cycle: str = "free", representative: bool = False) -> Horizon:
    """Lay periods from the first day to the last day, inclusive. `representative`: the 24 hours of one day a month, each standing for that
    hour of every day of the month. `cycle`: `cyclic` lets the first period follow the last, `yearly` the first of each calendar year the
    last of the same year. Raises ValueError where the days do not make whole steps.
    """
    if representative:
        return _representative(start, end, cycle)
    unit = STEPS[step]
    first, last = np.datetime64(start, "D"), np.datetime64(end, "D") + 1
    edges = np.arange(first.astype(f"datetime64[{unit}]"), last.astype(f"datetime64[{unit}]") + 1)
    if edges[0].astype("datetime64[h]") != first.astype("datetime64[h]") or edges[-1].astype("datetime64[h]") != last.astype(
        "datetime64[h]"
    ):
        raise ValueError(f"{start} to {end} is not a whole number of steps of one {step}")
    hours = edges.astype("datetime64[h]")
    days = np.diff(hours).astype(float) / 24.0
    previous = _previous(hours[:-1], cycle)
    labels = tuple(str(edge) for edge in edges[:-1])
    return Horizon(step, hours[:-1], hours[1:], days, np.ones(len(days)), previous, labels, hours[:-1], hours[1:], previous)


def _previous(starts: Dates, cycle: str) -> Integers:
    """The period whose end stock is the opening stock of each (T,)."""
    previous = np.arange(-1, len(starts) - 1)
    year = starts.astype("datetime64[Y]").astype(int)
    first = np.concatenate([[0], np.flatnonzero(np.diff(year)) + 1])
    if cycle == "cyclic":
        previous[0] = len(starts) - 1
    elif cycle == "yearly":
        previous[first] = np.concatenate([first[1:], [len(starts)]]) - 1
    return np.asarray(previous, dtype=np.int64)


def _representative(start: date, end: date, cycle: str) -> Horizon:
    """A day a month, 24 hours each; its first hour is the first of the month."""
    first, last = np.datetime64(start, "D"), np.datetime64(end, "D") + 1
    months = np.arange(first.astype("datetime64[M]"), last.astype("datetime64[M]") + 1)
    if months[0].astype("datetime64[D]") != first or months[-1].astype("datetime64[D]") != last:
        raise ValueError(f"{start} to {end} is not a whole number of months")
    edges = months.astype("datetime64[D]")
    count = len(months) - 1
    hours = (edges[:-1].astype("datetime64[h]")[:, None] + np.arange(HOURS).astype("timedelta64[h]")[None, :]).ravel()
    previous, in_day = _previous(hours, cycle), np.arange(-1, count * HOURS - 1)
    in_day[::HOURS] += HOURS
    length, weight = np.full(count * HOURS, 1.0 / HOURS), np.repeat(np.diff(edges).astype(float), HOURS)
    return Horizon(
        "hour", hours, hours + np.timedelta64(1, "h"), length, weight, previous,
        tuple(f"{month}T{hour:02d}" for month in months[:-1] for hour in range(HOURS)),
        np.repeat(edges[:-1].astype("datetime64[h]"), HOURS), np.repeat(edges[1:].astype("datetime64[h]"), HOURS), in_day,
        representative=True,
    )  # fmt: skip


def _named(labels: Iterable[str]) -> tuple[tuple[str, ...], Integers]:
    held = [str(label) for label in labels]
    order = {label: k for k, label in enumerate(dict.fromkeys(held))}
    return tuple(order), np.array([order[label] for label in held], dtype=np.int64)


def _grouped(years: Integers, pattern: str) -> tuple[tuple[str, ...], Integers]:
    present, position = np.unique(years, return_inverse=True)
    return tuple(pattern.format(year, year + 1) for year in present), np.asarray(position, dtype=np.int64)
