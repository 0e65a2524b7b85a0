"""How two units of one dimension compare where that is not the same on every day: by exchange rates, and by the length of the year."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from energynet.dataset.structure import OPEN_END, windows
from energynet.units import CURRENCY, Conversion

Day = np.datetime64
Days = tuple[Day, Day]
ONE = np.timedelta64(1, "D")


class DatedRates:
    """The exchange rates of a package by day. `solved` are the first and last day on which a rate must be there."""

    def __init__(self, rates: pd.DataFrame, solved: Days | None) -> None:
        self.first, self.last = windows(rates)
        self.currency, self.usd = rates["id"].to_numpy(), rates["usd"].to_numpy()
        self.solved = solved

    def days(self) -> NDArray[np.datetime64]:
        """Days on which a rate or a calendar year begins, and the day after which one ends."""
        begins = np.concatenate([self.first, self.last[self.last < OPEN_END] + ONE])
        if self.solved is None:
            return begins
        first, last = self.solved
        years = np.arange(first.astype("datetime64[Y]"), last.astype("datetime64[Y]") + 2).astype("datetime64[D]")
        return np.concatenate([begins, years, [first, last + ONE]])

    def between(self, given: Conversion, own: Conversion, begin: Day, end: Day) -> float | None:
        """What one of the first unit is in the second in days of one rate and one year; None where a rate that is needed is not there."""
        factor = given.factor / own.factor
        if self.solved is not None:
            begin = max(begin, min(self.solved[0], end))
        if given.per_year != own.per_year:
            year = begin.astype("datetime64[Y]")
            length = float(((year + 1).astype("datetime64[D]") - year.astype("datetime64[D]")).astype(int))
            factor *= 1.0 / length if given.per_year else length
        if given.currency != own.currency:
            rates = [self._rate(one.currency or CURRENCY, begin, end) for one in (given, own)]
            if rates[0] is None or rates[1] is None:
                return None
            factor *= rates[0] / rates[1]
        return factor

    def _rate(self, currency: str, begin: Day, end: Day) -> float | None:
        """USD for one unit on a day. On days that are not solved the nearest rate stands for one that is not there."""
        if currency == CURRENCY:
            return 1.0
        mine = np.flatnonzero(self.currency == currency)
        held = mine[(self.first[mine] <= begin) & (self.last[mine] >= begin)]
        if len(held):
            return float(self.usd[held[0]])
        needed = self.solved is None or (begin <= self.solved[1] and end >= self.solved[0])
        return None if needed or not len(mine) else float(self.usd[mine[0]])
