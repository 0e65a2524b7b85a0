"""The table of links between two carriers."""

from __future__ import annotations

from energynet.schema import Table, identifier, number, profile, reference, text, unit

CONVERTERS = Table(
    "converters", "converter", "Links between two carriers, e.g. a gas-fired plant: mcm in, GWh out.",
    (
        identifier("converter"),
        text("name", "name for people", required=True),
        reference("from_node", "nodes", "where the input is taken", required=True),
        reference("to_node", "nodes", "where the output arrives", required=True),
        reference("origin", "origins", "whose output it is (an origin of the output's carrier)", required=True),
        number("capacity", "rate", "most output", unit="capacity_unit", required=True),
        unit("capacity_unit", "unit of the output, e.g. MW"),
        number("availability", "fraction", "share of the capacity that is there", default=1.0, maximum=1.0),
        profile("availability", "seasonal derating: multiplies the availability"),
        number("minimum", "rate", "least output", unit="capacity_unit", default=0.0),
        number("efficiency", "fraction", "output energy for each unit of gross calorific input energy", required=True, minimum=1e-6, maximum=1.0),
        number("cost", "money", "variable cost of one unit of output, fuel apart", unit="cost_unit", required=True),
        unit("cost_unit"),
    ),
    dated=True, carrier_by="to_node",
)  # fmt: skip

TABLES = (CONVERTERS,)
