"""The second reader: what each number is worth on one day, and the mean of it over the days of a period.

Money is in million USD for one unit of the carrier, rates are in units a day. A moment is a day, or an hour of a day; the datum of a period
is the mean over its moments of what holds in each of them, so that no mean is ever multiplied by a mean.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from oracle.csv_package import Row, Table

IN_MCM = {"m3": 1e-6, "tcm": 1e-3, "mcm": 1.0, "bcm": 1e3}
IN_GWH = {
    "kWh": 1e-6, "MWh": 1e-3, "GWh": 1.0, "TWh": 1e3, "MJ": 1e-3 / 3600, "GJ": 1 / 3600, "TJ": 1e3 / 3600, "PJ": 1e6 / 3600,
    "MMBtu": 1.05505585262 / 3600, "therm": 0.105505585262 / 3600,
}  # fmt: skip
A_DAY = {"h": 24.0, "d": 1.0, "y": 1 / 365}  # a capacity by the year is spread over 365 days
TRADE_YEAR = 365.0


class Moment(NamedTuple):
    """A day, or one hour of it."""

    day: date
    hour: int | None = None


@dataclass(frozen=True)
class Period:
    """`moments` weigh alike. `length` is its own length in days; it stands for `weight` such lengths, the days of `moments` together."""

    label: str
    moments: tuple[Moment, ...]
    length: float
    weight: float

    @property
    def first(self) -> date:
        return self.moments[0].day

    @property
    def days(self) -> float:
        return self.length * self.weight

    def group(self, kind: str) -> str:
        """The year, gas year, quarter, month or period that it counts in: that of its first day."""
        year, month = self.first.year, self.first.month
        began = year - (month < 10)
        return {
            "calendar": str(year), "gas": f"{began}/{began + 1}", "quarter": f"{year}Q{(month + 2) // 3}",
            "month": f"{year}-{month:02}", "period": self.label,
        }[kind]  # fmt: skip


def days_of_year(year: int) -> int:
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days


def days_of_group(label: str) -> int:
    """The days of a calendar year or of a gas year."""
    year = int(label.split("/", maxsplit=1)[0])
    return (date(year + 1, 10, 1) - date(year, 10, 1)).days if "/" in label else days_of_year(year)


def periods_of(first: date, last: date, step: str, *, representative: bool) -> list[Period]:
    """The periods from the first to the last day, one after the other."""
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    if step == "hour" and not representative:
        return [Period(f"{day}T{hour:02}", (Moment(day, hour),), 1 / 24, 1.0) for day in days for hour in range(24)]
    size = {"year": 4, "month": 7, "hour": 7, "day": 10}[step]
    grouped: dict[str, list[date]] = {}
    for day in days:
        grouped.setdefault(day.isoformat()[:size], []).append(day)
    if representative:
        return [
            Period(f"{label}T{hour:02}", tuple(Moment(day, hour) for day in held), 1 / 24, float(len(held)))
            for label, held in grouped.items()
            for hour in range(24)
        ]
    return [Period(label, tuple(Moment(day) for day in held), float(len(held)), 1.0) for label, held in grouped.items()]


class Data:
    """Every number of the package at a moment, in the units of the program."""

    def __init__(self, tables: dict[str, Table]) -> None:
        self.tables = tables
        self.rows = {name: table.by_key() for name, table in tables.items()}
        self._on: dict[tuple[str, str, date], Row | None] = {}
        self._shapes: dict[tuple[str, int, int, int | None], float] = {}
        self._factors: dict[tuple[str, str, str], tuple[float, str, bool]] = {}
        self._values: dict[str, dict[tuple[str, str, str], float]] = {}
        for row in tables["profiles"].rows:
            month, day, hour = (str(int(float(row[column]))) if row[column] else "" for column in ("month", "day", "hour"))
            self._values.setdefault(row["profile"], {})[month, day, hour] = row.numbers["value"][0][0]

    def cell(self, table: str, key: str, column: str) -> str:
        """A cell that holds for all dates."""
        return self.rows[table][key][0][column]

    def on(self, table: str, key: str, day: date) -> Row | None:
        """The row of a record that holds on a day."""
        if (table, key, day) not in self._on:
            self._on[table, key, day] = next((row for row in self.rows[table][key] if row.first <= day <= row.last), None)
        return self._on[table, key, day]

    def carrier(self, table: str, row: Row) -> str:
        """The carrier of a row, found along what it refers to."""
        for column, other in (
            ("carrier", ""), ("node", "nodes"), ("to_node", "nodes"), ("arc", "arcs"), ("demand", "demands"), ("supply", "supplies"),
            ("storage", "storages"), ("origin", "origins"),
        ):  # fmt: skip
            if row[column]:
                return row[column] if not other else self.carrier(other, self.rows[other][row[column]][0])
        return ""

    def energy(self, carrier: str) -> float:
        """GWh in one unit of a carrier."""
        return self.constant("carriers", carrier, "energy_per_unit")

    def constant(self, table: str, key: str, column: str) -> float:
        """A number without dates and units."""
        return sum(value for value, _ in self.rows[table][key][0].numbers[column])

    def amount(self, quantity: str, state: str, carrier: str) -> float:
        """Units of the carrier in one of a quantity: by energy, or by the energy of a cubic metre at the state that is named."""
        if quantity in IN_GWH:
            return IN_GWH[quantity] / self.energy(carrier)
        metres = IN_MCM[quantity]
        return metres * self.constant("calorific_values", state, "energy_per_unit") / self.energy(carrier) if state else metres

    def factor(self, unit: str, kind: str, carrier: str) -> tuple[float, str, bool]:
        """What one of a unit is in the program's: the factor, the currency that it is still in, and whether it is still by the year."""
        if (unit, kind, carrier) not in self._factors:
            self._factors[unit, kind, carrier] = self._factor(unit, kind, carrier)
        return self._factors[unit, kind, carrier]

    def _factor(self, unit: str, kind: str, carrier: str) -> tuple[float, str, bool]:
        if kind == "plain" or not unit:
            return (0.01 if unit == "%" else 1.0), "", False
        body, _, state = unit.removesuffix("]").partition("[")
        if kind in ("rate", "yearly", "volume", "capacity"):
            if body in IN_MCM or body in IN_GWH:
                return self.amount(body, state, carrier), "", False
            size, a_day, by_year = self._rate(body, state, carrier)
            return (size, "", True) if kind == "yearly" and by_year else (size * a_day, "", False)
        currency, _, per = body.partition("/")
        scale = {"k": 1e3, "M": 1e6}.get(currency[0], 1.0) if len(currency) == 4 else 1.0
        currency, scale = currency[-3:], scale / 1e6
        if kind == "charge":
            return scale, currency, False
        if kind == "upkeep":
            per = per.removesuffix("/y")
        held_a_year = kind == "money" and per.endswith("/y")
        per = per.removesuffix("/y") if held_a_year else per
        if per in IN_MCM or per in IN_GWH:
            return scale / self.amount(per, state, carrier), currency, False
        size, a_day, _ = self._rate(per.strip("()"), state, carrier)
        return scale / (size * a_day) / (TRADE_YEAR if held_a_year else 1.0), currency, False

    def _rate(self, body: str, state: str, carrier: str) -> tuple[float, float, bool]:
        """Units of the carrier, how many of them come in a day, and whether that is said by the year: MW are MWh each hour."""
        quantity, _, time = body.partition("/")
        if not time:
            quantity, time = f"{body}h", "h"
        return self.amount(quantity, state, carrier), A_DAY[time], time == "y"

    def number(self, table: str, row: Row, column: str, day: date) -> float | None:
        """A number of a row on a day; None where the cell is empty."""
        terms = row.numbers.get(column)
        if terms is None:
            return None
        kind, total = self.tables[table].kind[column][0], 0.0
        for value, unit in terms:
            if kind == "plain" and not unit:
                total += value
                continue
            if value == 0.0:
                continue
            factor, currency, by_year = self.factor(unit, kind, self.carrier(table, row) if kind != "plain" else "")
            amount = value * factor
            if currency and currency != "USD":
                rate = self.on("exchange_rates", currency, day)
                assert rate is not None, f"{currency} has no rate on {day}"
                amount *= sum(dollars for dollars, _ in rate.numbers["usd"])
            total += amount / days_of_year(day.year) if by_year else amount
        return total

    def shape(self, names: str, moment: Moment) -> float:
        """The product of profiles at a moment; over a whole day the mean of its hours."""
        if not names:
            return 1.0
        at = (names, moment.day.month, moment.day.day, moment.hour)
        if at not in self._shapes:
            hours = range(24) if moment.hour is None else (moment.hour,)
            total = 0.0
            for hour in hours:
                product = 1.0
                for name in names.split(";"):
                    product *= self._profile(name.strip(), moment.day.month, moment.day.day, hour)
                total += product
            self._shapes[at] = total / len(hours)
        return self._shapes[at]

    def _profile(self, name: str, month: int, day: int, hour: int) -> float:
        values = self._values[name]
        for of_day in (day, 28) if (month, day) == (2, 29) else (day,):
            for m in (str(month), ""):
                for d in (str(of_day), ""):
                    for h in (str(hour), ""):
                        if (m, d, h) in values:
                            return values[m, d, h]
        raise LookupError(f"profile {name} says nothing of {month}-{day} at {hour}")

    def market_price(self, price: str, moment: Moment) -> float:
        row = self.on("prices", price, moment.day)
        assert row is not None, f"{price} has no value on {moment.day}"
        return (self.number("prices", row, "value", moment.day) or 0.0) * self.shape(row["profile"], moment)

    def money(self, table: str, row: Row, column: str, moment: Moment) -> float:
        """A price or cost at a moment: its own number and the share of the market price that it follows."""
        own, share = self.number(table, row, column, moment.day) or 0.0, self.number(table, row, "price_factor", moment.day) or 0.0
        return own + share * self.market_price(row["price"], moment) if row["price"] and share else own


At = Callable[[Row, Moment], float | None]


def mean(
    data: Data, period: Period, table: str, key: str, what: At, *, absent: float | None = None, used: At | None = None
) -> float | None:  # fmt: skip
    """The mean of something over a period: over the moments on which the record holds, or with `absent` over all moments.

    With `used` only the moments count on which it is above zero, where there are any: a price counts on the days on which something can be
    bought at it. None where there is no moment that counts, or where one of them has no such number.
    """
    held = [(data.on(table, key, moment.day), moment) for moment in period.moments]
    if used is not None:
        held = [(row, moment) for row, moment in held if row is not None and (used(row, moment) or 0.0) > 0.0] or held
    values = [absent if row is None else what(row, moment) for row, moment in held if row is not None or absent is not None]
    return None if not values or None in values else sum(values) / len(values)
