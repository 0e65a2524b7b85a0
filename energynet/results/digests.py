"""Tables for a paper: short, by names, the unit in every heading; made from the result tables of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from energynet.results.naming import followed, names_of

if TYPE_CHECKING:
    from energynet.results.result import Result

LEAST = 0.0005  # bcm or TWh
PROVEN = {True: "yes", False: "no"}
WIDE = 24  # periods: a longer horizon has no column for each
Chart = Literal["", "bar", "column"]


@dataclass(frozen=True)
class Digest:
    """`name` is a file's, `sheet` a worksheet's. `chart` draws the columns from `first` to `last` (positions) over the first column."""

    name: str
    sheet: str
    title: str
    frame: pd.DataFrame
    chart: Chart = ""
    first: int = 1
    last: int = 1
    stacked: bool = True


def digests(result: Result) -> list[Digest]:
    """All tables for a paper that the run has something for; none for a run that kept no inputs."""
    if not result.inputs:
        return []
    makers: tuple[Callable[[Result], Iterator[Digest]], ...] = (
        _summary, _buyers, _power, _mixes, _months, _balances, _prices, _netbacks, _full, _contracts, _storages, _money, _sources,
    )  # fmt: skip
    return [one for make in makers for one in make(result) if len(one.frame)]


def _names(result: Result, table: str) -> Callable[[object], str]:
    found = names_of(result.inputs, table)
    return lambda key: found.get(str(key), str(key))


def _gas(result: Result) -> Mapping[str, bool]:
    rows = result.inputs["carriers"]
    return {str(key): unit == "mcm" for key, unit in zip(rows["id"], rows["unit"], strict=True)}


def _summary(result: Result) -> Iterator[Digest]:
    rows = result.tables["summary"]
    frame = pd.DataFrame({"figure": rows["figure"], "value": rows["value"], "unit": rows["unit"]})
    yield Digest("summary", "Summary figures", "What the run says first", frame)


def _yearly(result: Result) -> pd.DataFrame:
    """Deliveries of the whole horizon, with the ways of the largest year; `taken` and `demand` in the carrier's unit."""
    rows = result.tables["deliveries"].loc[lambda frame: frame["per"] == "year"]
    rows = rows.assign(taken=rows["contract"] + rows["beyond_contract"]).sort_values("gwh", ascending=False, kind="stable")
    keys = ["origin", "country", "carrier"]
    sums = {"contract": "sum", "beyond_contract": "sum", "bcm": "sum", "gwh": "sum", "taken": "sum", "demand": "sum", "route": "first"}
    return rows.groupby(keys, as_index=False, sort=False).agg(sums)


def _buyers(result: Result) -> Iterator[Digest]:
    country, origins, gas = _names(result, "countries"), _names(result, "origins"), _gas(result)
    rows = _yearly(result)
    for origin in followed(result.inputs):
        own = rows.loc[(rows["origin"] == origin) & rows["carrier"].map(gas).astype(bool) & (rows["bcm"] >= LEAST)]
        frame = pd.DataFrame(
            {
                "country": own["country"].map(country), "handed over by contract [bcm]": own["contract"] / 1000.0,
                "taken beyond it [bcm]": own["beyond_contract"] / 1000.0, "delivered [bcm]": own["bcm"],
                "share of demand [%]": 100.0 * own["taken"] / own["demand"], "route": own["route"],
            }
        )  # fmt: skip
        yield Digest(f"buyers_{origin}", f"Buyers of {origin}", f"{origins(origin)}: deliveries by buyer", frame, "bar", 3, 3)


def _power(result: Result) -> Iterator[Digest]:
    country, origins, gas = _names(result, "countries"), _names(result, "origins"), _gas(result)
    own = _yearly(result).loc[lambda frame: ~frame["carrier"].map(gas).astype(bool) & (frame["gwh"] >= 1000 * LEAST)]
    frame = pd.DataFrame(
        {
            "country": own["country"].map(country), "power of": own["origin"].map(origins), "delivered [GWh]": own["gwh"],
            "share of demand [%]": 100.0 * own["taken"] / own["demand"], "route": own["route"],
        }
    )  # fmt: skip
    yield Digest("power", "Power deliveries", "Power deliveries by country and origin", frame)


def _mixes(result: Result) -> Iterator[Digest]:
    country, origins = _names(result, "countries"), _names(result, "origins")
    rows = _yearly(result)
    for carrier, gas in _gas(result).items():
        own = rows.loc[rows["carrier"] == carrier]
        value, unit = ("bcm", "bcm") if gas else ("gwh", "GWh")
        table = own.pivot_table(index="country", columns="origin", values=value, aggfunc="sum").fillna(0.0)
        table = table.loc[table.sum(axis=1).sort_values(ascending=False, kind="stable").index]
        frame = _named(table, country, _headed(origins, unit))
        frame[f"all [{unit}]"] = table.sum(axis=1).to_numpy()
        name = _names(result, "carriers")(carrier)
        yield Digest(f"mix_{carrier}", f"Mix of {carrier}", f"{name}: whose each country used", frame, "bar", 1, len(table.columns))


def _named(table: pd.DataFrame, row: Callable[[object], str], column: Callable[[object], str]) -> pd.DataFrame:
    """A pivot table with names for rows and columns; the rows' names are its first column."""
    named = [str(table.index.name), *map(column, table.columns)]
    frame = pd.DataFrame([[row(key), *cells] for key, cells in zip(table.index, table.to_numpy().tolist(), strict=True)], columns=named)
    return frame.set_axis(_unlike(named), axis=1)


def _headed(names: Callable[[object], str], unit: str) -> Callable[[object], str]:
    return lambda key: f"{names(key)} [{unit}]"


def _words(key: object) -> str:
    return str(key).replace("_", " ")


def _unlike(names: list[str]) -> list[str]:
    """Headings of which no two are the same."""
    return [name if names.index(name) == k else f"{name} ({k + 1})" for k, name in enumerate(names)]


def _months(result: Result) -> Iterator[Digest]:
    country, origins, gas = _names(result, "countries"), _names(result, "origins"), _gas(result)
    rows = result.tables["deliveries"].loc[lambda frame: frame["per"] == "period"]
    labels = list(dict.fromkeys(rows.sort_values("start")["period"]))
    if len(labels) > WIDE:
        return
    for origin in followed(result.inputs):
        own = rows.loc[(rows["origin"] == origin) & rows["carrier"].map(gas).astype(bool)]
        table = own.pivot_table(index="period", columns="country", values="bcm", aggfunc="sum").reindex(labels).fillna(0.0)
        table = table[table.sum().sort_values(ascending=False, kind="stable").index]
        frame = _named(table, str, _headed(country, "bcm"))
        title = f"{origins(origin)}: deliveries by period and buyer"
        if len(table.columns):
            yield Digest(f"periods_{origin}", f"Periods of {origin}", title, frame, "column", 1, len(table.columns))


def _balances(result: Result) -> Iterator[Digest]:
    country = _names(result, "countries")
    rows = result.tables["balance"].loc[lambda frame: frame["per"] == "year"]
    parts = ["production", "imports", "storage_change", "converted", "swaps", "served", "exports", "fuel_and_losses", "unserved"]
    for carrier, gas in _gas(result).items():
        own, scale, unit = rows.loc[rows["carrier"] == carrier], 1000.0 if gas else 1.0, "bcm" if gas else "GWh"
        sums = own.groupby("country")[parts].sum() / scale
        sums = sums.loc[sums["served"].sort_values(kind="stable").index]
        frame = _named(sums, country, _headed(_words, unit))
        name = _names(result, "carriers")(carrier)
        yield Digest(f"balance_{carrier}", f"Balance of {carrier}", f"{name}: balance by country", frame, "bar", 1, len(parts) - 1)


def _prices(result: Result) -> Iterator[Digest]:
    demand = _names(result, "demands")
    rows = result.tables["prices"].loc[lambda frame: frame["demand"] != ""]
    labels = list(dict.fromkeys(rows.sort_values("start")["period"]))
    for unit, own in rows.groupby("unit", sort=False):
        time = own["days"] * own["weight"]
        weighted = own.assign(money=own["price"] * time, days=time).groupby("demand")[["money", "days"]].sum()
        mean = (weighted["money"] / weighted["days"]).sort_values(ascending=False, kind="stable")
        ends = own.groupby("demand")["price"].agg(["min", "max"]).loc[mean.index]
        asked = own.assign(sure=own["unique"].astype(float).where(own["lowest"].notna()))  # unknown where no range was asked for
        certain = asked.groupby("demand")["sure"].mean().loc[mean.index]
        frame = pd.DataFrame(
            {
                "demand": [demand(key) for key in mean.index], f"mean [{unit}]": mean.to_numpy(),
                f"lowest period [{unit}]": ends["min"].to_numpy(),
                f"highest period [{unit}]": ends["max"].to_numpy(), "periods with one price only [%]": 100.0 * certain.to_numpy(),
            }
        )  # fmt: skip
        if len(labels) <= WIDE:
            wide = own.pivot_table(index="demand", columns="period", values="price").loc[mean.index, labels]
            frame = pd.concat([frame, wide.set_axis([f"{label} [{unit}]" for label in labels], axis=1).reset_index(drop=True)], axis=1)
        name = str(unit).replace("/", "_").lower()
        yield Digest(f"prices_{name}", f"Prices in {str(unit).replace('/', ' per ')}", f"Prices by demand, {unit}", frame, "bar", 1, 1)


def _netbacks(result: Result) -> Iterator[Digest]:
    demand, origins = _names(result, "demands"), _names(result, "origins")
    parts, rows = ["netback", "tariffs", "bookings", "fuel", "price"], result.tables["netbacks"]
    for origin in followed(result.inputs):
        own = rows.loc[(rows["origin"] == origin) & (rows["volume"] > 0.0)]
        if own.empty:
            continue
        unit = str(own["unit"].iloc[0])
        means = own[parts].multiply(own["volume"], axis=0).groupby(own["destination"]).sum()
        means = means.divide(own.groupby("destination")["volume"].sum(), axis=0).sort_values("netback", ascending=False, kind="stable")
        frame = _named(means, demand, _headed(_words, unit))
        yield Digest(f"netbacks_{origin}", f"Netbacks of {origin}", f"{origins(origin)}: netbacks by destination", frame, "bar", 1, 4)


def _full(result: Result) -> Iterator[Digest]:
    sums = result.tables["congestion"].groupby(["arc", "name", "unit"], as_index=False).agg(
        {"load_factor": "mean", "periods_at_limit": "sum", "congestion_rent_musd": "sum", "worth_of_more_musd": "mean",
         "worth_of_less_musd": "mean", "worth_proven": "all"}
    )  # fmt: skip
    rows = sums.loc[sums["congestion_rent_musd"] > 0.005].sort_values("congestion_rent_musd", ascending=False, kind="stable")
    frame = pd.DataFrame(
        {
            "line": rows["name"], "rent [million USD]": rows["congestion_rent_musd"], "load factor [%]": 100.0 * rows["load_factor"],
            "periods at the limit": rows["periods_at_limit"], "one more a day over a year saves [million USD]": rows["worth_of_more_musd"],
            "one less costs [million USD]": rows["worth_of_less_musd"], "proven": rows["worth_proven"].map(PROVEN),
            "unit": rows["unit"],
        }
    )  # fmt: skip
    yield Digest("congestion", "Full lines", "Lines whose limit had a price", frame, "bar", 1, 1)


def _contracts(result: Result) -> Iterator[Digest]:
    rows = result.tables["contracts"]
    if rows.empty:
        return
    columns = ("annual_quantity", "take_or_pay", "delivered", "make_up", "make_up_bank", "carry_forward", "not_taken")
    gas = bool((rows["unit"] == "mcm").all())
    scale, unit = (1000.0, "bcm") if gas else (1.0, "" if rows["unit"].nunique() > 1 else str(rows["unit"].iloc[0]))
    buyer = _names(result, "countries")
    frame = pd.DataFrame(
        {"contract": rows["name"], "year": rows["contract_year"].astype(str), "seller": rows["seller"], "buyer": rows["buyer"].map(buyer)}
    )
    for column in columns:
        frame[f"{column.replace('_', ' ')}{f' [{unit}]' if unit else ''}"] = rows[column].astype(float) / scale
    if not unit:
        frame["unit"] = rows["unit"]
    yield Digest(
        "contracts",
        "Contracts by year",
        "Contracts: what was delivered, owed and kept",
        frame.sort_values(["year", "contract"]),
        "bar",
        4,
        6,
        stacked=False,
    )


def _storages(result: Result) -> Iterator[Digest]:
    rows = result.tables["storage"]
    if rows.empty:
        return
    last = rows.sort_values("start").groupby("storage", sort=False)
    scale = rows["unit"].map(lambda unit: 1000.0 if unit == "mcm" else 1.0)
    written = rows.assign(
        **{c: rows[c] / scale for c in ("inventory", "injection", "withdrawal")}, written=rows["unit"].replace({"mcm": "bcm"})
    )
    sums = written.groupby("storage", sort=False).agg(
        {"name": "first", "injection": "sum", "withdrawal": "sum", "inventory": ["min", "max"], "fill": ["min", "max"], "written": "first"}
    )
    frame = pd.DataFrame(
        {
            "storage": sums["name", "first"], "put in": sums["injection", "sum"], "taken out": sums["withdrawal", "sum"],
            "least in store": sums["inventory", "min"], "most in store": sums["inventory", "max"],
            "lowest fill [%]": 100.0 * sums["fill", "min"],
            "highest fill [%]": 100.0 * sums["fill", "max"], "fill at the end [%]": 100.0 * last["fill"].last(),
            "unit": sums["written", "first"],
        }
    )  # fmt: skip
    yield Digest("storages", "Storages", "Storages over the horizon", frame.reset_index(drop=True), "bar", 1, 2)


def _money(result: Result) -> Iterator[Digest]:
    costs = result.tables["costs"]
    frame = pd.DataFrame({"item": costs["component"] + ": " + costs["item"], "cost [million USD]": costs["musd"]})
    total = pd.DataFrame({"item": ["objective"], "cost [million USD]": [float(costs["musd"].sum())]})
    yield Digest("costs", "Cost items", "Costs; what is received is negative", pd.concat([frame, total], ignore_index=True), "bar", 1, 1)
    country = _names(result, "countries")
    table = result.tables["welfare"].pivot_table(index="country", columns="role", values="musd", aggfunc="sum").fillna(0.0)
    table = table.loc[table.abs().sum(axis=1).sort_values(ascending=False, kind="stable").index]
    frame = _named(table, lambda key: country(key) or "nobody's", _headed(_words, "million USD"))
    frame["all [million USD]"] = table.sum(axis=1).to_numpy()
    yield Digest("welfare", "Welfare by country", "What is paid less what is earned above cost", frame, "bar", 1, len(table.columns))


def _sources(result: Result) -> Iterator[Digest]:
    """The references of the rows that the run used, the most used first."""
    used: dict[str, dict[str, int]] = {}
    for name, rows in result.inputs.items():
        if "reference" in rows and name not in ("references", "observed"):
            for key in (key for cell in rows["reference"] for key in str(cell).split(";") if key):
                tables = used.setdefault(key, {})
                tables[name] = tables.get(name, 0) + 1
    references = result.inputs["references"].set_index("id")
    order = sorted((key for key in used if key in references.index), key=lambda key: (-sum(used[key].values()), key))
    found = references.loc[order]
    frame = pd.DataFrame(
        {
            "reference": order, "kind": found["kind"].to_numpy(), "publisher": found["publisher"].to_numpy(),
            "title": found["title"].to_numpy(),
            "date": found["date"].to_numpy(), "address": found["address"].to_numpy(), "reason": found["reason"].to_numpy(),
            "rows": [sum(used[key].values()) for key in order],
            "used in": [", ".join(f"{table} {count}" for table, count in sorted(used[key].items())) for key in order],
        }
    )  # fmt: skip
    yield Digest("sources", "Sources", "Where the numbers come from", frame)
