"""The tables of storages: sites, rate curves, stocks on dates, and filling targets."""

from __future__ import annotations

from energynet.schema import Column, Table, choice, identifier, number, profile, reference, text, unit

STORAGES = Table(
    "storages", "storage", "Storages: underground gas storage, a battery, a reservoir with natural inflow.",
    (
        identifier("storage"),
        text("name", "name for people", required=True),
        reference("node", "nodes", "where it is connected", required=True),
        number("working_volume", "volume", "working volume", unit="volume_unit", required=True),
        unit("volume_unit"),
        number("injection", "rate", "most that can be taken from the node", unit="rate_unit", required=True),
        number("withdrawal", "rate", "most that can be given to the node", unit="rate_unit", required=True),
        unit("rate_unit"),
        number("availability", "fraction", "share of the rates that is there", default=1.0, maximum=1.0),
        number("injection_efficiency", "fraction", "stored for each unit taken", default=1.0, minimum=1e-6, maximum=1.0),
        number("withdrawal_efficiency", "fraction", "given for each unit drawn from stock", default=1.0, minimum=1e-6, maximum=1.0),
        number("daily_loss", "fraction", "share of the stock lost each day", default=0.0, maximum=0.999),
        number("inflow", "rate", "natural inflow, counted as stock: what can be given is that x the withdrawal efficiency; what does not fit is spilled", unit="rate_unit", default=0.0),
        reference("inflow_origin", "origins", "whose the inflow is"),
        profile("inflow", "shape of the inflow: multiplies it"),
        choice("cycle", ("season", "day"), "over representative days. season: what the hours of a day change counts for all days that they stand for; day: the stock returns each day to where it began (a battery). Over all days both are followed hour by hour. Empty: season, but a storage that its rates fill or empty in less than two days must say it", default=""),
        number("injection_cost", "money", "cost of a unit taken", unit="cost_unit", default=0.0),
        number("withdrawal_cost", "money", "cost of a unit given", unit="cost_unit", default=0.0),
        unit("cost_unit"),
    ),
    dated=True, carrier_by="node",
)  # fmt: skip

STORAGE_CURVES = Table(
    "storage_curves", "storage_curve", "Rates by fill: points of a concave curve. Withdrawal falls as the stock falls, injection as it rises.",
    (
        reference("storage", "storages", "the storage", required=True),
        choice("direction", ("inject", "withdraw"), "which rate"),
        number("fill", "fraction", "stock as a share of the working volume", required=True, maximum=1.0, dated=False),
        number("rate", "fraction", "rate as a share of the greatest", required=True, maximum=1.0, dated=False),
    ),
    key=("storage", "direction", "fill"), carrier_by="storage",
)  # fmt: skip

STORAGE_STOCKS = Table(
    "storage_stocks", "storage_stock", "Stock at the beginning of a day, by origin, for the start and the end of a horizon.",
    (
        reference("storage", "storages", "the storage", required=True),
        Column("date", "date", "the stock at the beginning of this day", required=True, dated=False),
        reference("origin", "origins", "whose stock", required=True),
        number("fill", "fraction", "share of the working volume", required=True, maximum=1.0, dated=False),
    ),
    key=("storage", "date", "origin"), carrier_by="storage",
)  # fmt: skip

STORAGE_TARGETS = Table(
    "storage_targets", "storage_target", "Filling targets on dates, e.g. 90 % on 1 November, with a penalty where they are missed.",
    (
        reference("storage", "storages", "the storage", required=True),
        Column("date", "date", "the stock at the beginning of this day counts", required=True, dated=False),
        number("fill", "fraction", "share of the working volume", required=True, maximum=1.0, dated=False),
        number("penalty", "money", "cost of each unit missing", unit="penalty_unit", required=True),
        Column("penalty_unit", "unit", "unit of the penalty", default="", dated=False),
    ),
    key=("storage", "date"), carrier_by="storage",
)  # fmt: skip

TABLES = (STORAGES, STORAGE_CURVES, STORAGE_STOCKS, STORAGE_TARGETS)
