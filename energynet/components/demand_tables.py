"""The tables of buyers: firm demand, its customer tiers, what of it answers to the price, and what a seller gets there."""

from __future__ import annotations

from energynet.schema import Column, Table, identifier, number, profile, reference, text, unit

DEMANDS = Table(
    "demands", "demand", "Firm demand at a node.",
    (
        identifier("demand"),
        text("name", "name for people", required=True),
        reference("node", "nodes", "where it is", required=True),
        number("quantity", "yearly", "firm demand: the mean rate of the calendar year, shaped by the profile", unit="quantity_unit", required=True),
        unit("quantity_unit"),
        profile("quantity", "shape over the year; empty: flat"),
        number("peak_day", "rate", "largest day observed or planned for; checked, and reported", unit="peak_unit"),
        unit("peak_unit"),
        Column("tier_set", "text", "customer tiers; empty: one tier", default="", dated=False),
        number("value_of_lost_load", "money", "cost of a unit not served", unit="value_unit", required=True),
        unit("value_unit"),
    ),
    dated=True, carrier_by="node", optional=False,
)  # fmt: skip

DEMAND_BLOCKS = Table(
    "demand_blocks", "demand_block", "Price-elastic demand beyond the firm: blocks of falling willingness to pay.",
    (
        reference("demand", "demands", "the demand", required=True),
        number("block", "number", "1, 2, ... in the order of willingness to pay", required=True, minimum=1, dated=False),
        number("width", "rate", "most that the block buys", unit="width_unit", required=True),
        unit("width_unit"),
        number("willingness", "money", "willingness to pay; added to factor x price", unit="willingness_unit", required=True, minimum=None, price="price", factor="price_factor"),
        unit("willingness_unit"),
        reference("price", "prices", "market price that it follows", dated=True),
        number("price_factor", "number", "share of that price", default=0.0),
    ),
    key=("demand", "block"), dated=True, carrier_by="demand",
)  # fmt: skip

ELASTICITIES = Table(
    "elasticities", "elasticity", "Shares of a demand that answer to the price, where a model has `demand: elastic`: from an elasticity and a reference point.",
    (
        reference("demand", "demands", "the demand", required=True),
        Column("part", "id", "what of it, e.g. homes; a demand may have several", required=True, dated=False),
        number("share", "fraction", "share of its quantity that is elastic; what no part names stays firm", required=True, maximum=1.0),
        number("elasticity", "number", "price elasticity, not above zero: quantity = share x (price / reference price)^elasticity; 0: all of it up to the highest price, e.g. where a plant changes its fuel", required=True, minimum=None, maximum=0.0),
        number("reference_price", "money", "price at which the whole quantity is taken; added to factor x price", unit="price_unit", required=True, price="price", factor="price_factor"),
        unit("price_unit"),
        reference("price", "prices", "market price that the reference price follows", dated=True),
        number("price_factor", "number", "share of that price", default=0.0),
        number("lowest", "number", "lowest price of the curve, of the reference price", default=0.5, minimum=0.01, maximum=1.0, dated=False),
        number("highest", "number", "highest price of the curve, of the reference price; who pays more pays this", default=2.0, minimum=1.0, dated=False),
        number("blocks", "number", "blocks between them", default=10.0, minimum=1, dated=False),
    ),
    key=("demand", "part"), dated=True, carrier_by="demand",
)  # fmt: skip

SALE_PRICES = Table(
    "sale_prices", "sale_price", "What a seller gets for gas or power at a demand beyond its contracts; for the objective `income:ORIGIN`.",
    (
        reference("demand", "demands", "where it is sold", required=True),
        number("value", "money", "price; added to factor x price", unit="unit", required=True, minimum=None, price="price", factor="price_factor"),
        unit("unit"),
        reference("price", "prices", "market price that it follows", dated=True),
        number("price_factor", "number", "share of that price", default=0.0),
    ),
    key=("demand",), dated=True, carrier_by="demand",
)  # fmt: skip

TIERS = Table(
    "tiers", "tier", "Customer tiers from interruptible to protected (EU Regulation 2017/1938): who is cut first.",
    (
        Column("tier_set", "id", "the set that demands name", required=True, dated=False),
        Column("tier", "id", "the tier, e.g. protected", required=True, dated=False),
        number("share", "fraction", "share of firm demand; the tiers of a set add up to 1", required=True, maximum=1.0),
        number("value_factor", "number", "multiplies the value of lost load", required=True),
    ),
    key=("tier_set", "tier"),
)  # fmt: skip

TABLES = (DEMANDS, DEMAND_BLOCKS, ELASTICITIES, SALE_PRICES, TIERS)
