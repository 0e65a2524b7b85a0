"""What figures are drawn from: the tables of a run, with names and places."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from energynet.report.places import Places
from energynet.results.colours import categories
from energynet.results.naming import followed
from energynet.results.result import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table, one after another."""
    return [{str(name): cell for name, cell in row.items()} for row in frame.to_dict("records")]


@dataclass(frozen=True)
class Material:
    """A run and, where it was asked for, the table of `energynet ranges`."""

    result: Result
    places: Places
    ranges: pd.DataFrame | None = None

    @classmethod
    def of(cls, result: Result, ranges: pd.DataFrame | None = None) -> Material:
        """Raises UsageFault where the run keeps no names and places."""
        return cls(result, Places.of(result), ranges)

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        return self.result.tables

    @cached_property
    def followed(self) -> list[str]:
        """The origins that contracts are about."""
        return followed(self.result.inputs)

    @cached_property
    def gas(self) -> list[str]:
        """Carriers counted in mcm."""
        rows = self.result.inputs["carriers"]
        return [str(key) for key, unit in zip(rows["id"], rows["unit"], strict=True) if unit == "mcm"]

    @cached_property
    def yearly(self) -> pd.DataFrame:
        """Deliveries of the whole horizon: years added up, by origin, country and carrier; `amount` is bcm or TWh as `amount_unit`
        says, `asked` all that the country asked for, `firm` what contracts handed over, as far as it was taken there.
        """
        rows = self.tables["deliveries"].loc[lambda frame: frame["per"] == "year"]
        gas = rows["bcm"].notna()
        scaled = rows.assign(
            amount=rows["bcm"].where(gas, rows["gwh"] / 1000.0), amount_unit=gas.map({True: "bcm", False: "TWh"}),
            asked=rows["demand"] / 1000.0, firm=rows["contract"] / 1000.0,
        )  # fmt: skip
        keys = ["origin", "country", "carrier", "amount_unit"]
        sums = scaled.groupby(keys, as_index=False, sort=False)[["amount", "firm", "gwh", "asked"]].sum()
        return sums.assign(firm=sums[["firm", "amount"]].min(axis=1))

    @cached_property
    def origin_colours(self) -> dict[str, str]:
        """One colour an origin, the followed first; carriers each begin anew."""
        rows = self.result.inputs["origins"]
        found: dict[str, str] = {}
        for _, part in rows.groupby("carrier", sort=False):
            ids = [str(key) for key in part["id"]]
            found |= categories([*(key for key in ids if key in self.followed), *(key for key in ids if key not in self.followed)])
        return found

    @cached_property
    def horizon(self) -> str:
        """The horizon in words."""
        span = self.result.manifest["horizon"]
        return f"{span['start']} to {span['end']}"


@dataclass(frozen=True)
class Plate:
    """One figure: its file's name, its title, and what draws it; None where the run holds nothing to draw."""

    name: str
    title: str
    draw: Callable[[Material], Figure | None]
