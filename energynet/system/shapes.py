"""Profiles: shapes by month, day and hour, averaged over each period."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy

import numpy as np
import pandas as pd

from energynet.system.horizon import Floats, Horizon


class Shapes:
    """The profiles of a package, looked up by month, day and hour."""

    def __init__(self, profiles: pd.DataFrame, horizon: Horizon) -> None:
        self._horizon = horizon
        self._tables = {str(name): _table(rows) for name, rows in profiles.groupby("profile", sort=True)}
        self._known: dict[tuple[str, ...], Floats] = {}

    def over_horizon(self, horizon: Horizon) -> Shapes:
        """The same profiles over another horizon."""
        other = copy(self)
        other._horizon = horizon  # noqa: SLF001
        other._known = {}  # noqa: SLF001
        return other

    def over(self, names: Iterable[str]) -> Floats:
        """Mean over each period of the product of the named profiles (T,); 1 where none is named."""
        key = tuple(names)
        if key not in self._known:
            self._known[key] = self._mean(key)
        return self._known[key]

    def _mean(self, names: tuple[str, ...]) -> Floats:
        if not names:
            return np.ones(len(self._horizon))
        table = np.prod([self._tables[name] for name in names], axis=0)
        if self._horizon.step == "hour":
            hours = self._horizon.start
            if self._horizon.representative:
                return self._mean_day(table)
            return np.asarray(table[_month(hours), _day(hours), _hour(hours)], dtype=np.float64)
        days = np.arange(self._horizon.start[0].astype("datetime64[D]"), self._horizon.end[-1].astype("datetime64[D]"))
        running = np.concatenate([[0.0], np.cumsum(table.mean(axis=2)[_month(days), _day(days)])])
        first = (self._horizon.start.astype("datetime64[D]") - days[0]).astype(int)
        last = (self._horizon.end.astype("datetime64[D]") - days[0]).astype(int)
        return np.asarray((running[last] - running[first]) / (last - first), dtype=np.float64)

    def _mean_day(self, table: Floats) -> Floats:
        """Mean over the same hour of all days of the month."""
        out = np.empty(len(self._horizon))
        for t, (first, last) in enumerate(zip(self._horizon.covers_from, self._horizon.covers_to, strict=True)):
            days = np.arange(first.astype("datetime64[D]"), last.astype("datetime64[D]"))
            out[t] = table[_month(days), _day(days), _hour(self._horizon.start[t])].mean()
        return out


def _table(rows: pd.DataFrame) -> Floats:
    """Value by (month 0-11, day 0-30, hour 0-23); an empty cell stands for all. A 29 February that is left out is as the 28th."""
    table = np.full((12, 31, 24), np.nan)
    for month, day, hour, value in zip(rows["month"], rows["day"], rows["hour"], rows["value"], strict=True):
        table[_where(month, 1), _where(day, 1), _where(hour, 0)] = value
    table[1, 28] = np.where(np.isnan(table[1, 28]), table[1, 27], table[1, 28])
    return table


def _where(cell: float, first: int) -> slice:
    return slice(None) if np.isnan(cell) else slice(int(cell) - first, int(cell) - first + 1)


def _month(when: np.ndarray) -> np.ndarray:
    return np.asarray(when.astype("datetime64[M]").astype(int) % 12)


def _day(when: np.ndarray) -> np.ndarray:
    return np.asarray((when.astype("datetime64[D]") - when.astype("datetime64[M]").astype("datetime64[D]")).astype(int))


def _hour(when: np.ndarray) -> np.ndarray:
    return np.asarray((when.astype("datetime64[h]") - when.astype("datetime64[D]").astype("datetime64[h]")).astype(int))
