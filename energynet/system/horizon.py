"""The periods of a model: when each starts and ends, how long it is, and which year it counts in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Dates = NDArray[np.datetime64]

STEPS = {"year": "Y", "month": "M", "day": "D", "hour": "h"}
GAS_YEAR_FIRST_MONTH = 10


@dataclass(frozen=True)
class Horizon:
    """T periods. `start` and `end` (exclusive) are datetime64[h] (T,); `days` is the length of each, `weight` how many it stands for.

    `previous[t]` is the period whose end stock is the opening stock of t; -1 is the opening stock of the horizon.
    """

    step: str
    start: Dates
    end: Dates
    days: Floats
    weight: Floats
    previous: Integers
    labels: tuple[str, ...]

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
    def groups(self) -> Mapping[str, tuple[tuple[str, ...], Integers]]:
        """For each kind of year, the labels of its groups and the group of each period (T,)."""
        months = self.start.astype("datetime64[M]").astype(int)
        gas_year = (months - (GAS_YEAR_FIRST_MONTH - 1)) // 12 + 1970
        return {"calendar": _grouped(self.year, "{}"), "gas": _grouped(gas_year, "{}/{}")}


def build_horizon(start: date, end: date, step: str, *, cyclic: bool = False) -> Horizon:
    """Lay periods from the first day to the last day, inclusive. Raises ValueError where the days do not make whole steps."""
    unit = STEPS[step]
    first, last = np.datetime64(start, "D"), np.datetime64(end, "D") + 1
    edges = np.arange(first.astype(f"datetime64[{unit}]"), last.astype(f"datetime64[{unit}]") + 1)
    if edges[0].astype("datetime64[h]") != first.astype("datetime64[h]") or edges[-1].astype("datetime64[h]") != last.astype(
        "datetime64[h]"
    ):
        raise ValueError(f"{start} to {end} is not a whole number of steps of one {step}")
    hours = edges.astype("datetime64[h]")
    days = np.diff(hours).astype(float) / 24.0
    previous = np.arange(-1, len(days) - 1)
    if cyclic:
        previous[0] = len(days) - 1
    return Horizon(step, hours[:-1], hours[1:], days, np.ones(len(days)), previous, tuple(str(edge) for edge in edges[:-1]))


def _grouped(years: Integers, pattern: str) -> tuple[tuple[str, ...], Integers]:
    present, position = np.unique(years, return_inverse=True)
    return tuple(pattern.format(year, year + 1) for year in present), np.asarray(position, dtype=np.int64)
