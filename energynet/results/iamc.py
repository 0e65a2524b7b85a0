"""Results in the format of the Integrated Assessment Modeling Consortium: model, scenario, region, variable, unit, and a column a year."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from energynet.results.saved import Saved

INDEX = ["model", "scenario", "region", "variable", "unit"]
BALANCE = {
    "production": "Production", "imports": "Imports", "exports": "Exports", "storage_change": "Storage Withdrawal Net",
    "fuel_and_losses": "Fuel and Losses", "converted": "Converted Net", "served": "Demand Served", "unserved": "Demand Unserved",
}  # fmt: skip
OUT = ("exports", "fuel_and_losses", "served")  # told as what they are: positive
UNITS = {"mcm": (0.001, "bcm/yr"), "GWh": (0.001, "TWh/yr")}
WORLD = "World"


def iamc(saved: Saved) -> pd.DataFrame:
    """The annual figures of a run, or of every scenario of a sweep, as pyam reads them.

    Regions are countries (`AA>BB` for what crosses a border), `World` for costs and rents. Variables are `Gas|Production` and the like,
    by carrier; a name never holds the separator `|`.
    """
    by = ["scenario"] if saved.kind == "sweep" else []
    parts = [part for part in _parts(saved, by) if len(part)]
    if not parts:
        return pd.DataFrame(columns=INDEX)
    long = pd.concat(parts, ignore_index=True)
    names = _scenarios(saved)
    long["scenario"] = long["scenario"].map(names) if by else next(iter(names.values()))
    long["model"] = str(saved.manifest["content"]["model"])
    wide = long.pivot_table(index=INDEX, columns="year", values="value", aggfunc="sum").reset_index()
    wide.columns = pd.Index([str(column) for column in wide.columns])
    return wide


def _scenarios(saved: Saved) -> dict[int, str]:
    """What each scenario is called: its own name, or its changes."""
    if saved.kind == "sweep":
        table = saved.table("scenarios")
        named = table["name"] if "name" in table else pd.Series([None] * len(table))
        return {
            int(number): _plain(str(name)) if isinstance(name, str) and name else f"{int(number)}: {_plain(str(changes))}"
            for number, name, changes in zip(table["scenario"], named, table["changes"], strict=True)
        }
    content = saved.manifest["content"]
    said = [str(content["scenario"])] if content.get("scenario") else []
    return {0: _plain("; ".join([*said, *content.get("changes", [])]) or "base")}


def _parts(saved: Saved, by: list[str]) -> Iterator[pd.DataFrame]:
    balance = saved.table("balance")
    yearly = balance[balance["per"] == "year"]
    for column, name in BALANCE.items():
        scale = yearly["unit"].map(lambda unit: UNITS[unit][0]) * (-1.0 if column in OUT else 1.0)
        yield _made(yearly, by, yearly["country"], _titled(yearly["carrier"]) + f"|{name}", yearly["unit"].map(lambda u: UNITS[u][1]),
                    yearly[column] * scale)  # fmt: skip
    deliveries = saved.table("deliveries")
    deliveries = deliveries[deliveries["per"] == "year"]
    gas = deliveries["bcm"].notna()
    variable = _titled(deliveries["carrier"]) + "|Demand Served|From " + deliveries["origin"].map(_plain)
    yield _made(deliveries, by, deliveries["country"], variable, gas.map({True: "bcm/yr", False: "TWh/yr"}),
                deliveries["bcm"].where(gas, deliveries["gwh"] / 1000.0))  # fmt: skip
    prices = saved.table("prices")
    if len(prices):
        prices = prices[prices["demand"] != ""]
        weight = prices["days"] * prices.get("weight", 1.0)
        prices = prices.assign(year=prices["period"].astype(str).str[:4], weighed=prices["price"] * weight, all_days=weight)
        mean = prices.groupby([*by, "demand", "unit", "year"], as_index=False, sort=False)[["weighed", "all_days"]].sum()
        yield _made(mean, by, WORLD, "Price|" + mean["demand"].map(_plain), mean["unit"], mean["weighed"] / mean["all_days"])
    congestion = saved.table("congestion")
    if len(congestion):
        yield _made(congestion, by, WORLD, "Congestion Rent|" + congestion["arc"].map(_plain), "million USD/yr",
                    congestion["congestion_rent_musd"])  # fmt: skip
    years = sorted({int(year) for year in yearly["year"]})
    costs = saved.table("costs")
    if len(years) == 1 and len(costs):  # of several years the costs are those of the whole horizon
        names = "Cost|" + costs["component"].map(_plain) + "|" + costs["item"].map(_plain)
        yield _made(costs.assign(year=years[0]), by, WORLD, names, "million USD/yr", costs["musd"])


def _made(frame: pd.DataFrame, by: list[str], region: Any, variable: Any, unit: Any, value: Any) -> pd.DataFrame:  # noqa: ANN401
    made = frame[[*by, "year"]].copy()
    for name, values in (("region", region), ("variable", variable), ("unit", unit), ("value", value)):
        made[name] = values
    return made.astype({"year": "int64"})


def _titled(carriers: pd.Series[str]) -> pd.Series[str]:
    return carriers.map(lambda carrier: _plain(str(carrier)).title())


def _plain(text: str) -> str:
    """A name without the separator of variables."""
    return text.replace("|", "/").strip()
