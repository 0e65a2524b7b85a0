"""What flows, whose it is, and where: carriers, calorific values, origins, countries, nodes and the routes of lines."""

from __future__ import annotations

from energynet.schema import Table, choice, flag, identifier, number, reference, text

CARRIERS = Table(
    "carriers", "carrier", "What flows, and the one unit it is counted in.",
    (
        identifier("carrier, e.g. gas"),
        text("name", "name for people", required=True),
        choice("unit", ("mcm", "GWh"), "unit of every quantity: million cubic metres at the reference state below, or GWh"),
        number("energy_per_unit", "number", "GWh of gross calorific energy in one unit (GWh/mcm equals kWh/m3); 1 for electricity", required=True, minimum=1e-9, dated=False),
        number("temperature_c", "number", "reference temperature of the volume, degC; empty for energy", minimum=None, dated=False),
        number("pressure_kpa", "number", "reference pressure of the volume, kPa; empty for energy", dated=False),
        flag("netting", "yes: opposite flows on one line are netted, as schedules of power are: losses and capacity count their difference, and their origins are exchanged; no: each counts, as gas in a pipe"),
    ),
    optional=False,
)  # fmt: skip

CALORIFIC_VALUES = Table(
    "calorific_values", "calorific_value",
    "Reference states other than the package's own. A unit may name one, as in `bcm/y[botas]`: the volume is converted by energy.",
    (
        identifier("the name used inside the brackets of a unit"),
        reference("carrier", "carriers", "carrier whose volumes it measures", required=True),
        number("energy_per_unit", "number", "gross calorific energy of one m3 at that state, kWh/m3", required=True, minimum=1e-9, dated=False),
        number("temperature_c", "number", "reference temperature of the volume, degC", minimum=None, dated=False),
    ),
)  # fmt: skip

ORIGINS = Table(
    "origins", "origin", "Whose gas or power it is. Flows are kept apart by origin.",
    (
        identifier("origin, e.g. AZ"),
        text("name", "name for people", required=True),
        reference("carrier", "carriers", "each carrier has its own origins", required=True),
    ),
    optional=False,
)  # fmt: skip

COUNTRIES = Table(
    "countries", "country", "Countries and territories, by ISO 3166-1 alpha-2 code or a declared code.",
    (
        identifier("code"),
        text("name", "English name", required=True),
        text("region", "group that summaries add up, e.g. Europe"),
    ),
    optional=False,
)  # fmt: skip

NODE_KINDS = ("field", "hub", "border", "market", "storage", "lng", "compressor", "exit", "bus", "source")

NODES = Table(
    "nodes", "node", "Places with one carrier: a field, a border point, a hub, a country market, a power bus.",
    (
        identifier("node"),
        text("name", "name for people", required=True),
        reference("carrier", "carriers", "what flows here", required=True),
        reference("country", "countries", "country or territory", required=True),
        choice("kind", NODE_KINDS, "what it is, for maps and summaries"),
        number("latitude", "number", "degrees north, WGS 84", required=True, minimum=-90, maximum=90, dated=False),
        number("longitude", "number", "degrees east, WGS 84", required=True, minimum=-180, maximum=180, dated=False),
    ),
    optional=False,
)  # fmt: skip

ROUTES = Table(
    "routes", "route", "Points that a line passes on the map, in order; ends not needed.",
    (
        reference("arc", "arcs", "the line", required=True),
        number("sequence", "number", "order along the arc, from its from_node", required=True, dated=False),
        number("latitude", "number", "degrees north, WGS 84", required=True, minimum=-90, maximum=90, dated=False),
        number("longitude", "number", "degrees east, WGS 84", required=True, minimum=-180, maximum=180, dated=False),
    ),
    key=("arc", "sequence"),
)  # fmt: skip

TABLES = (CARRIERS, CALORIFIC_VALUES, ORIGINS, COUNTRIES, NODES, ROUTES)
