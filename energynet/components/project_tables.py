"""The table of what could be built."""

from __future__ import annotations

from energynet.schema import Table, choice, flag, identifier, number, reference, text, unit

PROJECTS = Table(
    "projects", "project", "What could be built: more capacity of arcs, supplies, converters or storages, from a year on, at a cost.",
    (
        identifier("project"),
        text("name", "name for people", required=True),
        reference("carrier", "carriers", "carrier that its capacity is counted in; of a converter, of the output", required=True),
        choice("component", ("arc", "supply", "converter", "storage"), "what it expands; the corridor of an arc grows with it"),
        text("target", "ids or globs of what it expands, separated by `;`: each gets the whole of it (the sections of one line, both directions)", required=True),
        number("first_year", "number", "first calendar year in which it can be in operation", required=True, minimum=1900, maximum=2200, dated=False),
        number("maximum", "capacity", "most of it that may stand", unit="capacity_unit", required=True),
        number("step", "capacity", "built in whole steps of this size; empty: any size", unit="capacity_unit", minimum=1e-12),
        unit("capacity_unit", "unit of the capacity: a rate (bcm/y, MW); for a storage its rates (MW), or its working volume (MWh, bcm)"),
        number("hours", "number", "storage: hours in which the rates fill or empty the working volume, so that either brings the other; empty: only what the unit says", minimum=1e-6, dated=False),
        flag("proportional", "storage: working volume and rates grow in the proportion in which they stand, so that the rate curves keep their form"),
        number("capital_cost", "investment", "capital cost of a unit of capacity, spent evenly over the construction years", unit="cost_unit", required=True),
        unit("cost_unit", "USD/kW, USD/kWh, MUSD/(bcm/y), EUR/(mcm/d)"),
        number("fixed_cost", "upkeep", "fixed operation and maintenance of a unit of capacity and year", unit="fixed_cost_unit", default=0.0),
        unit("fixed_cost_unit", "USD/kW/y, MUSD/(bcm/y)/y"),
        number("fixed_share", "fraction", "fixed operation and maintenance a year as a share of the capital cost; added to the fixed cost", default=0.0, maximum=1.0),
        number("construction_years", "number", "years of building before it is in operation: interest over them is part of what the annuity pays", default=0.0, maximum=50, dated=False),
        number("lifetime", "number", "years in operation, over which the annuity pays the capital cost", required=True, minimum=1, maximum=200, dated=False),
        number("rate", "fraction", "interest on its capital, a year", required=True, maximum=1.0, dated=False),
        reference("after", "projects", "the project that comes first: of this one no greater share may stand than of that"),
    ),
)  # fmt: skip

TABLES = (PROJECTS,)
