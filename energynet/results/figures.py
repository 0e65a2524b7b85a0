"""The figures by which runs are compared, from their tables alone: one number each, with its unit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pandas as pd

Read = Callable[[str], pd.DataFrame]
KEYS = ["what", "figure", "name", "year"]
COLUMNS = [*KEYS, "unit", "value"]
SCALE = {"mcm": (0.001, "bcm"), "GWh": (0.001, "TWh")}


def figures(read: Read, by: Sequence[str] = ()) -> pd.DataFrame:
    """All figures of the tables that `read` gives; `by` names columns to keep apart (`scenario` in a sweep).

    `what` is objective, cost, delivery, flow, price, congestion or unserved; `figure` its key; a table that is not there adds nothing.
    """
    parts = [part for part in _parts(read, list(by)) if len(part)]
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*by, *COLUMNS])
    return frame[[*by, *COLUMNS]]


def _parts(read: Read, by: list[str]) -> Iterator[pd.DataFrame]:
    summary = read("summary")
    if len(summary):
        objective = summary[summary["figure"] == "objective"]
        yield _made(objective, by, "objective", objective["figure"], objective["figure"], "", objective["unit"], objective["value"])
    costs = read("costs")
    if len(costs):
        label = costs["component"] + ": " + costs["item"]
        yield _made(costs, by, "cost", label, label, "", "million USD", costs["musd"])
    yield from _volumes(read, by)
    congestion = read("congestion")
    if len(congestion):
        rent = congestion["congestion_rent_musd"]
        yield _made(congestion, by, "congestion", congestion["arc"], congestion["name"], congestion["year"], "million USD", rent)
    prices = read("prices")
    if len(prices):
        yield _mean_prices(prices[prices["demand"] != ""], by)


def _volumes(read: Read, by: list[str]) -> Iterator[pd.DataFrame]:
    deliveries = read("deliveries")
    if len(deliveries):
        yearly = deliveries[deliveries["per"] == "year"]
        gas = yearly["bcm"].notna()
        key = yearly["origin"] + " to " + yearly["country"]
        value = yearly["bcm"].where(gas, yearly["gwh"] / 1000.0)
        yield _made(yearly, by, "delivery", key, key, yearly["year"], gas.map({True: "bcm", False: "TWh"}), value)
    for table, record, what in (("flows", "arc", "flow"), ("unserved", "demand", "unserved")):
        frame = read(table)
        if len(frame):
            frame = frame.assign(year=frame["period"].astype(str).str[:4], shown=frame.get("name", frame[record]))
            grouped = frame.groupby([*by, record, "shown", "year", "unit"], sort=False)["volume"].sum().reset_index()
            scaled = grouped["volume"] * grouped["unit"].map(lambda unit: SCALE[unit][0])
            unit = grouped["unit"].map(lambda unit: SCALE[unit][1])
            yield _made(grouped, by, what, grouped[record], grouped["shown"], grouped["year"], unit, scaled)


def _mean_prices(prices: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """The mean price of each demand and year over the days of its periods."""
    weight = prices["days"] * prices.get("weight", 1.0)
    frame = prices.assign(year=prices["period"].astype(str).str[:4], weighed=prices["price"] * weight, days_all=weight)
    grouped = frame.groupby([*by, "demand", "year", "unit"], as_index=False, sort=False)[["weighed", "days_all"]].sum()
    mean = grouped["weighed"] / grouped["days_all"]
    return _made(grouped, by, "price", grouped["demand"], grouped["demand"], grouped["year"], grouped["unit"], mean)


def _made(
    frame: pd.DataFrame, by: list[str], what: str, figure: pd.Series[Any], name: pd.Series[Any], year: pd.Series[Any] | str,
    unit: pd.Series[Any] | str, value: pd.Series[Any],
) -> pd.DataFrame:  # fmt: skip
    made = frame[by].copy()
    made["what"] = what
    for column, values in (("figure", figure), ("name", name), ("year", year), ("unit", unit), ("value", value)):
        made[column] = values
    return made.assign(year=made["year"].astype(str))
