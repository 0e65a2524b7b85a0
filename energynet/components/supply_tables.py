"""The tables of production and of gas or power from beyond the network."""

from __future__ import annotations

from energynet.schema import Table, choice, identifier, number, profile, reference, text, unit

SUPPLIES = Table(
    "supplies", "supply", "Production, and imports from beyond the network.",
    (
        identifier("supply"),
        text("name", "name for people", required=True),
        reference("node", "nodes", "where it enters", required=True),
        reference("origin", "origins", "whose it is", required=True),
        choice("kind", ("production", "import"), "how a country's balance counts it"),
        text("source_country", "for an import: country that it comes from, for people"),
        number("maximum", "rate", "most it can give", unit="quantity_unit", required=True),
        number("minimum", "rate", "least it gives, times availability", unit="quantity_unit", default=0.0),
        unit("quantity_unit"),
        number("availability", "fraction", "share of the maximum that is there", default=1.0, maximum=1.0),
        profile("availability", "multiplies the availability, e.g. sun by month and hour"),
        number("annual_maximum", "yearly", "most over a calendar year", unit="annual_unit"),
        number("annual_minimum", "yearly", "least over a calendar year", unit="annual_unit"),
        unit("annual_unit"),
        number("swing", "number", "peak over the calendar year's average; 1: a flat profile; empty: free", minimum=1.0),
        choice("cost_kind", ("production", "asking"), "whether the cost is what production costs, or what the seller asks"),
        number("cost", "money", "cost of a unit; added to factor x price", unit="cost_unit", required=True, minimum=None, price="price", factor="price_factor"),
        unit("cost_unit"),
        reference("price", "prices", "market price that the cost follows", dated=True),
        number("price_factor", "number", "share of that price", default=0.0),
    ),
    dated=True, carrier_by="node", optional=False,
)  # fmt: skip

SUPPLY_STEPS = Table(
    "supply_steps", "supply_step", "A rising supply curve: shares of the maximum, each dearer than the last.",
    (
        reference("supply", "supplies", "the supply", required=True),
        number("step", "number", "1, 2, ... in the order of cost", required=True, minimum=1, dated=False),
        number("share", "fraction", "share of the maximum; the steps add up to 1", required=True, maximum=1.0),
        number("cost", "money", "on top of the supply's own cost", unit="cost_unit", required=True, minimum=None),
        unit("cost_unit"),
    ),
    key=("supply", "step"), dated=True, carrier_by="supply",
)  # fmt: skip

TABLES = (SUPPLIES, SUPPLY_STEPS)
