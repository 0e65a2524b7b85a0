"""The tables of contracts, swaps and weighted ceilings."""

from __future__ import annotations

from energynet.schema import Table, choice, identifier, number, reference, text, unit

GAS_YEAR_FIRST_MONTH = 10

CONTRACTS = Table(
    "contracts", "contract", "Long-term contracts: gas of one origin at one delivery point, with take-or-pay, make-up and carry-forward.",
    (
        identifier("contract"),
        text("name", "name for people", required=True),
        text("seller", "who sells", required=True),
        reference("buyer", "countries", "country that buys", required=True),
        reference("origin", "origins", "origin of the gas", required=True),
        reference("delivery_arc", "arcs", "delivery point: what this arc carries of the origin; or"),
        reference("delivery_demand", "demands", "delivery point: what this demand takes of the origin"),
        choice("contract_year", ("calendar", "gas"), "year over which quantities are counted; a gas year begins on 1 October", default="calendar"),
        number("annual_quantity", "yearly", "annual contract quantity (ACQ)", unit="quantity_unit", required=True),
        unit("quantity_unit"),
        number("take_or_pay", "fraction", "share of the annual quantity that is paid for, taken or not", required=True, maximum=1.0),
        number("annual_maximum", "fraction", "most in a year, as a share of the annual quantity", default=1.0),
        number("make_up_years", "number", "in how many later contract years gas that was paid for and not taken may be taken (make-up)", default=0.0, dated=False),
        number("carry_forward_years", "number", "in how many later contract years gas beyond the annual quantity lowers the take-or-pay (carry-forward)", default=0.0, dated=False),
        number("carry_forward_limit", "fraction", "by how much of the annual quantity it may do so in one year", default=0.0),
        number("daily_minimum", "fraction", "least a day, as a share of the mean daily quantity (missed: penalised)", default=0.0),
        number("daily_maximum", "fraction", "most a day (DCQ), as a share of the mean daily quantity; empty: no bound"),
        number("shortfall_penalty", "money", "cost of a unit below the daily minimum", unit="price_unit", default=0.0),
        number("contract_price", "money", "price of a unit at the delivery point; added to factor x price", unit="price_unit", required=True, minimum=None, price="price", factor="price_factor"),
        number("seller_cost", "money", "the seller's cost to the delivery point (field and transport), already counted elsewhere in the network", unit="price_unit", required=True),
        unit("price_unit"),
        reference("price", "prices", "market price that the contract price follows", dated=True),
        number("price_factor", "number", "share of that price", default=0.0),
    ),
    dated=True, carrier_by="origin",
)  # fmt: skip

SWAPS = Table(
    "swaps", "swap", "Gas handed over at one node against gas taken at another.",
    (
        identifier("swap"),
        text("name", "name for people", required=True),
        reference("hand_over_node", "nodes", "where its own origin is handed over", required=True),
        reference("receipt_node", "nodes", "where the partner gives", required=True),
        reference("origin", "origins", "whose gas is swapped", required=True),
        reference("partner_origin", "origins", "origin of the partner's gas", required=True),
        number("maximum", "rate", "most handed over", unit="quantity_unit", required=True),
        unit("quantity_unit"),
        number("fee", "fraction", "share of the hand-over that the partner keeps", required=True, maximum=0.999),
        number("cost", "money", "money cost of a unit handed over", unit="cost_unit", default=0.0),
        unit("cost_unit"),
    ),
    dated=True, carrier_by="origin",
)  # fmt: skip

CEILINGS = Table(
    "ceilings", "ceiling", "Ceilings and floors over a year on a weighted sum of supplies, flows, conversions, what demands take, deliveries; or a charge on it.",
    (
        identifier("ceiling"),
        text("name", "name for people", required=True),
        choice("sense", ("at_most", "at_least"), "ceiling or floor"),
        choice("year", ("calendar", "gas"), "year over which it counts", default="calendar"),
        number("quantity", "number", "bound over a whole year, in the unit of its terms (weight x mcm or GWh); empty: only the charge", minimum=None),
        text("unit", "unit of the weighted sum, e.g. t", required=True),
        number("charge", "charge", "price of each unit of the weighted sum, e.g. of carbon dioxide", unit="charge_unit", default=0.0, minimum=None),
        number("penalty", "charge", "cost of each unit beyond the ceiling or short of the floor; empty: it must hold", unit="charge_unit"),
        unit("charge_unit", "e.g. EUR/t"),
    ),
    dated=True,
)  # fmt: skip

CEILING_TERMS = Table(
    "ceiling_terms", "ceiling_term", "What a ceiling adds up.",
    (
        reference("ceiling", "ceilings", "the ceiling", required=True),
        choice("component", ("supply", "arc", "converter", "demand", "contract"), "what is counted: what is given, what is sent in, the input, what is taken, what is delivered"),
        text("target", "its id", required=True),
        reference("origin", "origins", "only this origin; empty: all"),
        number("weight", "number", "weight of one unit", required=True, minimum=None, dated=False),
    ),
    key=("ceiling", "component", "target", "origin"),
)  # fmt: skip

TABLES = (CONTRACTS, SWAPS, CEILINGS, CEILING_TERMS)
