"""The second reader: the linear program of a model, made from its CSV files alone, in plain loops over periods and their days.

It is written from what the data mean (docs/data.md, docs/mathematics.md), and shares no code with the package under test. It is slow, and
has all columns: nothing is left out because nothing seems to need it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path

from oracle import accounts, arcs, links, markets, priorities, stocks
from oracle.csv_package import Row, apply_change, read_model, read_package, select
from oracle.days import At, Data, Moment, Period, mean, periods_of
from oracle.linear import Linear, Terms


class Builder:
    """What all parts of the program share: the data, the periods, the program, and the balance of each node, origin and period."""

    def __init__(self, model: dict, data: Data, handed: dict | None = None) -> None:
        self.model, self.data, self.lp = model, data, Linear()
        self.options = model.get("options", {})
        horizon = model["horizon"]
        self.start, self.end = (day if isinstance(day, date) else date.fromisoformat(day) for day in (horizon["start"], horizon["end"]))
        handed = handed or {}
        self.opening: dict[tuple[str, str], float] | None = handed.get("stocks")
        self.bank: dict[tuple[str, str], tuple[float, float]] = handed.get("bank", {})
        self.built: dict[tuple[str, int], float] = handed.get("built", {})
        self.base_year: int = handed.get("base_year", self.start.year)
        self.representative = horizon.get("days") == "representative"
        self.periods = periods_of(self.start, self.end, horizon.get("step", "month"), representative=self.representative)
        self.balance: dict[tuple[str, str, int], Terms] = {}
        self.origins: dict[str, list[str]] = {}
        for row in data.tables["origins"].rows:
            self.origins.setdefault(row["carrier"], []).append(row["id"])
        self.installed: dict[str, list[tuple[str, dict[str, int]]]] = {}
        self.flow, self.beyond, self.convert, self.supply, self.whole_supply = {}, {}, {}, {}, {}
        self.line, self.netted, self.net = {}, {}, {}
        self.taken, self.unserved, self.firm, self.swapped = {}, {}, {}, {}
        self.inventory, self.moved, self.delivered, self.banked = {}, {}, {}, {}

    def keys(self, table: str) -> list[str]:
        """The records of a table that hold on some day of the horizon."""
        rows = self.data.rows[table]
        return [key for key, held in rows.items() if any(row.first <= self.end and row.last >= self.start for row in held)]

    def mean(self, period: Period, table: str, key: str, what: At, *, absent: float | None = None, used: At | None = None) -> float | None:
        return mean(self.data, period, table, key, what, absent=absent, used=used)

    def of(self, table: str, column: str, empty: float | None = None) -> At:
        """A number of a table at a moment; `empty` where the cell is."""

        def number(row: Row, at: Moment) -> float | None:
            value = self.data.number(table, row, column, at.day)
            return empty if value is None else value

        return number

    def money_of(self, table: str, column: str) -> At:
        """A price or cost of a table at a moment, with the market price that it follows."""
        return lambda row, at: self.data.money(table, row, column, at)

    def discount(self, year: int) -> float:
        return (1.0 + (self.options.get("discount_rate") or 0.0)) ** -(year - self.base_year)

    def worth(self, period: Period) -> float:
        """Million USD of the objective for one million USD a day, over all days that a period stands for."""
        return period.days * self.discount(period.first.year)

    def arrive(self, node: str, origin: str, t: int, column: int, amount: float) -> None:
        self.balance.setdefault((node, origin, t), []).append((column, amount))

    def years(self, kind: str) -> dict[str, list[int]]:
        """The periods of each year, gas year, quarter, month or period."""
        found: dict[str, list[int]] = {}
        for t, period in enumerate(self.periods):
            found.setdefault(period.group(kind), []).append(t)
        return found

    def allowed(self, component: str, key: str, origin: str, day: date) -> float:
        """One where an origin may use an arc or be taken by a demand on a day, else zero."""
        for row in self.data.tables["permissions"].rows:
            if row["component"] == component and fnmatchcase(key, row["target"]) and row.first <= day <= row.last:
                named = origin in [part.strip() for part in row["origin"].split(";")]
                if named == (row["rule"] == "ban"):
                    return 0.0
        return 1.0

    def ruled(self, component: str, key: str) -> bool:
        return any(row["component"] == component and fnmatchcase(key, row["target"]) for row in self.data.tables["permissions"].rows)


def program(path: Path, changes: Sequence[str] = (), scenario: str | None = None) -> Linear:
    """The program of a model file."""
    return build(path, changes, scenario).lp


def build(
    path: Path, changes: Sequence[str] = (), scenario: str | None = None, *,
    within: tuple[date, date] | None = None, handed: dict | None = None,
) -> Builder:  # fmt: skip
    """The builder of a model, with its program. `within` is a part of its horizon, and `handed` what the time before left to that part."""
    model = read_model(Path(path))
    if within is not None:
        model["horizon"] = {**model["horizon"], "start": within[0], "end": within[1]}
    tables = read_package(model["beside"] / model["data"])
    select(tables, model)
    for change in (*model.get("changes", []), *(model["scenarios"][scenario] if scenario else ()), *changes):
        apply_change(tables, change)
    b = Builder(model, Data(tables), handed)
    stocks.projects(b)
    arcs.arcs(b)
    links.converters(b)
    markets.supplies(b)
    markets.demands(b)
    markets.swaps(b)
    stocks.storages(b)
    accounts.contracts(b)
    b.own_cost = list(b.lp.cost)
    accounts.ceilings(b)
    accounts.capacity_products(b)
    for (node, origin, t), terms in b.balance.items():
        b.lp.row(f"balance {node} {origin} {b.periods[t].label}", terms, 0.0, 0.0)
    priorities.before_the_cost(b)
    return b
