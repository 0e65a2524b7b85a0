"""The tables of links between nodes of one carrier: arcs, their fuel segments, corridors, bookings, capacity products and permissions."""

from __future__ import annotations

from energynet.schema import Table, choice, flag, identifier, number, profile, reference, text, unit

ARCS = Table(
    "arcs", "arc", "Directed links between two nodes of one carrier. Opposite directions are two arcs.",
    (
        identifier("arc"),
        text("name", "name for people", required=True),
        text("line", "pipeline or power line it belongs to; routes and summaries name it"),
        reference("from_node", "nodes", "where it starts", required=True),
        reference("to_node", "nodes", "where it ends", required=True),
        reference("corridor", "corridors", "steel shared with other arcs"),
        choice("direction", ("forward", "backward"), "its direction in the corridor", default="forward"),
        number("capacity", "rate", "most that may be sent in", unit="capacity_unit", required=True),
        unit("capacity_unit"),
        number("availability", "fraction", "share of the capacity that is there", default=1.0, maximum=1.0),
        profile("availability", "seasonal derating: multiplies the availability"),
        number("minimum", "rate", "technical minimum flow, times availability", unit="capacity_unit", default=0.0),
        number("loss", "fraction", "fuel and losses as a share of what is sent in; 0 where segments say it", default=0.0, maximum=0.999),
        number("tariff", "money", "haulage, on what is sent in beyond the bookings", unit="tariff_unit", required=True, minimum=None),
        number("entry_tariff", "money", "entry charge, on the same flow", unit="tariff_unit", default=0.0),
        number("exit_tariff", "money", "exit charge, on the same flow", unit="tariff_unit", default=0.0),
        unit("tariff_unit"),
        number("length_km", "number", "length, km", dated=False),
        text("border_point", "name of the border point it crosses; several arcs may share one"),
    ),
    dated=True, carrier_by="from_node",
)  # fmt: skip

ARC_SEGMENTS = Table(
    "arc_segments", "arc_segment", "Fuel that rises faster than flow: slices of the throughput, each with its own marginal loss.",
    (
        reference("arc", "arcs", "the arc", required=True),
        number("segment", "number", "1, 2, ... in the order of filling", required=True, minimum=1, dated=False),
        number("width", "rate", "width of the slice; empty in the last: without end", unit="width_unit"),
        unit("width_unit"),
        number("loss", "fraction", "fuel and losses of one more unit in this slice", required=True, maximum=0.999),
    ),
    key=("arc", "segment"), dated=True, carrier_by="arc",
)  # fmt: skip

CORRIDORS = Table(
    "corridors", "corridor", "Steel shared by arcs in two directions: forward + ratio x backward <= capacity.",
    (
        identifier("corridor"),
        text("name", "name for people", required=True),
        reference("carrier", "carriers", "what flows", required=True),
        number("capacity", "rate", "common capacity; empty: only the virtual backhaul rule", unit="capacity_unit"),
        unit("capacity_unit"),
        number("availability", "fraction", "share of the capacity that is there", default=1.0, maximum=1.0),
        number("ratio", "number", "how much of the common capacity one unit backward takes", default=1.0),
        flag("backhaul", "yes: backward flow is virtual, never more than what flows forward"),
    ),
    dated=True, carrier_by="carrier",
)  # fmt: skip

BOOKINGS = Table(
    "bookings", "booking", "Booked capacity. Its charge is sunk: paid whatever flows, and flow within it pays no tariff by volume.",
    (
        identifier("booking"),
        text("name", "who booked", required=True),
        reference("arc", "arcs", "where", required=True),
        number("booked", "rate", "booked capacity", unit="booked_unit", required=True),
        unit("booked_unit"),
        number("charge", "money", "capacity charge on each unit booked, flown or not", unit="charge_unit", required=True),
        unit("charge_unit"),
    ),
    dated=True, carrier_by="arc",
)  # fmt: skip

CAPACITY_PRODUCTS = Table(
    "capacity_products", "capacity_product", "Capacity for sale, where a model has `tariffs: capacity`: flow beyond the bookings needs it.",
    (
        identifier("product"),
        text("name", "name for people", required=True),
        reference("arc", "arcs", "where", required=True),
        choice("duration", ("gas_year", "year", "quarter", "month", "day"), "how long it is booked for; one shorter than the model's periods is booked period by period"),
        number("maximum", "rate", "most that is for sale", unit="maximum_unit", required=True),
        unit("maximum_unit"),
        number("charge", "money", "reserve price of the yearly product for each unit of capacity and day, used or not", unit="charge_unit", required=True),
        unit("charge_unit"),
        number("multiplier", "number", "of the yearly reserve price: 1 for a year, more for shorter products", default=1.0),
    ),
    dated=True, carrier_by="arc",
)  # fmt: skip

PERMISSIONS = Table(
    "permissions", "permission", "Which origins an arc carries and a demand takes. Where nothing is said, every origin may.",
    (
        identifier("permission"),
        choice("component", ("arc", "demand"), "what the rule is about"),
        text("target", "id or glob of the arcs or demands", required=True),
        reference("origin", "origins", "origins concerned, separated by `;`", required=True, many=True),
        choice("rule", ("ban", "only"), "ban: these origins may not; only: no others of this carrier may"),
    ),
    dated=True,
)  # fmt: skip

TABLES = (ARCS, ARC_SEGMENTS, CORRIDORS, BOOKINGS, CAPACITY_PRODUCTS, PERMISSIONS)
