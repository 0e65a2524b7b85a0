"""Prices, exchange rates and shapes: what other tables refer to."""

from __future__ import annotations

from energynet.schema import Column, Table, choice, identifier, number, profile, reference, text, unit

PRICES = Table(
    "prices", "price", "Market prices that costs, contracts and willingness to pay refer to.",
    (
        identifier("price, e.g. ttf"),
        text("name", "name for people", required=True),
        reference("carrier", "carriers", "carrier priced", required=True),
        number("value", "money", "price", unit="unit", required=True, minimum=None),
        unit("unit", "USD/tcm, EUR/MWh, USD/MWh, USD/MMBtu"),
        profile("value", "shape over the year or the day: multiplies the price, e.g. evening peaks"),
    ),
    dated=True, carrier_by="carrier",
)  # fmt: skip

EXCHANGE_RATES = Table(
    "exchange_rates", "exchange_rate", "US dollars for one unit of another currency, dated.",
    (
        identifier("currency, ISO 4217"),
        number("usd", "number", "USD for one unit of the currency", required=True, minimum=1e-12),
    ),
    dated=True,
)  # fmt: skip

PROFILES = Table(
    "profiles", "profile", "Shapes: one value a month, a day or an hour. A record may name several, separated by `;`: they multiply.",
    (
        Column("profile", "id", "name of the shape", required=True, dated=False),
        choice("basis", ("mean_one", "factor"), "mean_one: shares of the year's mean, day-weighted mean 1; factor: a multiplier as it stands, e.g. a capacity factor"),
        number("month", "number", "1-12; empty: every month", minimum=1, maximum=12, dated=False),
        number("day", "number", "day of the month, 1-31; empty: every day", minimum=1, maximum=31, dated=False),
        number("hour", "number", "hour of the day, 0-23, in the package's time zone; empty: every hour", minimum=0, maximum=23, dated=False),
        number("value", "number", "the shape's value", required=True, dated=False),
    ),
    key=("profile", "month", "day", "hour"),
)  # fmt: skip

TABLES = (PRICES, EXCHANGE_RATES, PROFILES)
