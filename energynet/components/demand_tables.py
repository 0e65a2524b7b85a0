"""The tables of buyers: firm demand, its customer tiers, and price-elastic blocks."""

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

TABLES = (DEMANDS, DEMAND_BLOCKS, TIERS)
