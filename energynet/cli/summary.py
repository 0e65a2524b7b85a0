"""The summary on the terminal: who got how much, by which route, at what price, what was full, what was short."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from energynet.cli.terminal import Rows, Shares, print_rows
from energynet.results.naming import short_names
from energynet.results.result import Result
from energynet.results.summary import contract_origins

MOST = 12
LEAST = 0.0005  # bcm or TWh: what would print as zero is left out
LEAST_SHARE = 0.005


def print_summary(result: Result) -> None:
    """Short tables in the order of an analyst's questions."""
    _deliveries(result)
    _mixes(result)
    _prices(result)
    _full(result)
    _short(result)
    _not_taken(result)
    _costs(result)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): cell for name, cell in row.items()} for row in frame.to_dict("records")]


def _names(result: Result, table: str) -> dict[str, str]:
    assert result.solution is not None
    records = result.solution.system[table]
    return short_names({key: str(records.of("name", key)) for key in records.ids})


def _parts(values: Sequence[Sequence[float]]) -> list[Shares]:
    """Bars of which the longest is full."""
    most = max((sum(row) for row in values), default=0.0)
    return [[part / most if most > 0.0 else 0.0 for part in row] for row in values]


def _deliveries(result: Result) -> None:
    """Gas of the origins that contracts are about, and the power that reached each country, by origin and route."""
    assert result.solution is not None
    deliveries = result.tables["deliveries"]
    yearly = deliveries.loc[deliveries["per"] == "year"]
    origins, countries = _names(result, "origins"), _names(result, "countries")
    several = yearly["year"].nunique() > 1
    way = "route (of the largest year)" if several else "route"
    for origin in contract_origins(result.solution):
        own = _added_up(yearly.loc[(yearly["origin"] == origin) & yearly["bcm"].notna()], "bcm")
        firm = [min(r["contract"] / 1000, r["bcm"]) for r in own]  # as far as it was taken there
        parts = [(part, r["bcm"] - part) for part, r in zip(firm, own, strict=True)]
        rows: Rows = [
            (countries[r["country"]], f"{r['bcm']:.3f}", f"{r['contract'] / 1000:.3f}", f"{100 * r['share']:.1f} %", str(r["route"]))
            for r in own
        ]
        head = ("country", "bcm", "handed over by contract", "of demand", way)
        print_rows(f"Who got how much gas, and by which route: {origins[origin]}", head, rows, _parts(parts), 4)
    power = _added_up(yearly.loc[yearly["bcm"].isna()], "gwh", least=1000 * LEAST)
    rows = [
        (countries[r["country"]], origins[r["origin"]], f"{r['gwh']:,.1f}", f"{100 * r['share']:.1f} %", str(r["route"])) for r in power
    ]
    head = ("country", "power of", "GWh", "of demand", way)
    print_rows("Who got how much power, and by which route", head, rows, _parts([(r["gwh"],) for r in power]), 4)
    _borders(result, countries)


def _added_up(frame: pd.DataFrame, volume: str, least: float = LEAST) -> list[dict[str, Any]]:
    """Years added up: volumes, the share of the demand, and the ways of the largest year; the largest delivery first."""
    if frame.empty:
        return []
    ordered = frame.assign(taken=frame["contract"] + frame["beyond_contract"]).sort_values(volume, ascending=False)
    grouped = ordered.groupby(["country", "origin"], as_index=False, sort=False).agg(
        {volume: "sum", "contract": "sum", "taken": "sum", "demand": "sum", "route": "first"}
    )
    grouped["share"] = grouped["taken"] / grouped["demand"]
    return _records(grouped.loc[grouped[volume] >= least].sort_values(volume, ascending=False, kind="stable"))


def _borders(result: Result, countries: dict[str, str]) -> None:
    borders = result.tables["borders"]
    power = borders.loc[borders["bcm"].isna()].groupby(["border", "exit_country", "entry_country"], as_index=False)[["gwh"]].sum()
    found = _records(power.loc[power["gwh"] > 0.05].sort_values("gwh", ascending=False))
    rows: Rows = [(str(r["border"]), countries[r["exit_country"]], countries[r["entry_country"]], f"{r['gwh']:,.1f}") for r in found]
    print_rows("Power across borders", ("border", "from", "to", "GWh"), rows, _parts([(r["gwh"],) for r in found]))


def _mixes(result: Result) -> None:
    """Whose gas each country used: all origins, the largest first."""
    yearly = result.tables["deliveries"].loc[lambda frame: (frame["per"] == "year") & frame["bcm"].notna()]
    origins, countries = _names(result, "origins"), _names(result, "countries")
    used = yearly.groupby(["country", "origin"])["bcm"].sum()
    total = used.groupby("country").sum().sort_values(ascending=False)
    shown = [str(country) for country in total.index if total[country] >= LEAST]
    rows: Rows = []
    for country in shown:
        shares = (used[country] / total[country]).sort_values(ascending=False)
        mix = ", ".join(f"{origins[str(origin)]} {100 * share:.0f} %" for origin, share in shares.items() if share >= LEAST_SHARE)
        rows.append((countries[country], f"{total[country]:.3f}", mix))
    print_rows("Whose gas each country used", ("country", "bcm", "origin"), rows, _parts([(total[country],) for country in shown]), 2)


def _prices(result: Result) -> None:
    prices = result.tables["prices"]
    prices = prices.loc[prices["demand"] != ""]
    prices = prices.assign(days=prices["days"] * prices["weight"])
    names = _names(result, "demands")
    weighted = prices.assign(value=prices["price"] * prices["days"]).groupby(["unit", "demand"], as_index=False)
    found = weighted.agg({"value": "sum", "days": "sum", "price": ["min", "max"]})
    found.columns = ["unit", "demand", "value", "days", "least", "most"]
    found["mean"] = found["value"] / found["days"]
    for unit, part in found.groupby("unit"):
        own = _records(part.sort_values("mean", ascending=False))
        rows: Rows = [(names[r["demand"]], f"{r['mean']:,.1f}", f"{r['least']:,.1f}", f"{r['most']:,.1f}") for r in own]
        head = ("demand", "mean", "lowest", "highest")
        bars = _parts([(max(r["mean"], 0.0),) for r in own])
        print_rows(f"At what price, {unit} (mean of the horizon, and its periods)", head, rows, bars)


def _full(result: Result) -> None:
    table = result.tables["congestion"]
    worths = {"worth_of_more_musd": "mean", "worth_of_less_musd": "mean", "worth_proven": "all"}
    grouped = table.groupby(["arc", "name", "unit"], as_index=False).agg(
        {"load_factor": "mean", "periods_at_limit": "sum", "congestion_rent_musd": "sum", **worths}
    )
    binding = _records(grouped.loc[grouped["congestion_rent_musd"] > 0.005].nlargest(MOST, "congestion_rent_musd"))
    count = result.manifest["horizon"]["periods"]
    rows: Rows = [
        (
            str(r["name"]),
            f"{100 * r['load_factor']:.0f} %",
            f"{r['periods_at_limit']} of {count}",
            f"{r['congestion_rent_musd']:,.1f}",
            _worth(r["worth_of_more_musd"], "at most", r["worth_proven"]),
            _worth(r["worth_of_less_musd"], "at least", r["worth_proven"]),
            f"{r['unit']}/d",
        )
        for r in binding
    ]
    bars = [(min(r["load_factor"], 1.0),) for r in binding]
    print_rows("What was full", ("line", "load", "at limit", "rent, MUSD", "one more a year saves", "one less costs", "MUSD a"), rows, bars)


def _worth(musd: float, bound: str, proven: bool) -> str:
    """What one more or one less is worth; as a bound where it is not proven, and a dash where there is no answer."""
    return "-" if pd.isna(musd) else f"{musd:,.2f}" if proven else f"{bound} {musd:,.2f}"


def _short(result: Result) -> None:
    missing = result.tables["unserved"]
    grouped = missing.groupby(["demand", "tier", "unit"], as_index=False)[["volume"]].sum()
    names = _names(result, "demands")
    rows: Rows = [(names[r["demand"]], str(r["tier"]), f"{r['volume']:,.1f}", str(r["unit"])) for r in _records(grouped)]
    print_rows("What was short", ("demand", "tier", "volume", "unit"), rows or [("nothing: all firm demand was served", "", "", "")])


def _not_taken(result: Result) -> None:
    contracts = result.tables["contracts"]
    found = _records(contracts.loc[contracts["not_taken"] > 1000 * LEAST])
    rows: Rows = [
        (str(r["name"]), str(r["contract_year"]), f"{r['take_or_pay']:,.1f}", f"{r['not_taken']:,.1f}", str(r["unit"])) for r in found
    ]
    print_rows("What was paid for and not taken", ("contract", "year", "take or pay", "not taken", "unit"), rows)


def _costs(result: Result) -> None:
    items = [r for r in _records(result.tables["costs"]) if abs(r["musd"]) >= 0.05]
    rows: Rows = [(f"{r['component']}: {r['item']}", f"{r['musd']:,.1f}") for r in items]
    bars = [*_parts([(max(r["musd"], 0.0),) for r in items]), ()]
    print_rows("Costs", ("", "million USD"), [*rows, ("objective", f"{result.objective:,.1f}")], bars)
