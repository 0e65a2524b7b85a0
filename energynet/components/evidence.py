"""Where the numbers come from, what stands in for what nobody publishes, and what was really observed."""

from __future__ import annotations

from energynet.schema import CONFIDENCE, Column, Table, choice, identifier, number, reference, text, unit

REFERENCES = Table(
    "references", "reference", "Publishers and declared assumptions.",
    (
        identifier("reference"),
        choice("kind", ("publication", "assumption"), "published, or assumed because nobody publishes it"),
        text("publisher", "who publishes it; for an assumption: what it rests on", required=True),
        text("title", "what it is; for an assumption: the statement", required=True),
        text("address", "web address; empty for an assumption"),
        text("date", "date of the publication, as far as known: 2025, 2025-03, 2025-03-05"),
        text("reason", "for an assumption: why, and from what"),
    ),
    sourced=False, optional=False,
)  # fmt: skip

ASSUMPTIONS = Table(
    "assumptions", "assumption", "What nobody publishes and may decide an answer: the value taken, and its range as changes to the data.",
    (
        identifier("assumption"),
        text("statement", "what is assumed", required=True),
        text("low", "the lower end of its range, as changes separated by `;`", required=True),
        text("high", "the upper end of its range, as changes separated by `;`", required=True),
    ),
)  # fmt: skip

OBSERVED = Table(
    "observed", "observation", "What was really delivered and flowed. For comparison: never an input of a solve.",
    (
        choice("quantity", ("delivery", "flow", "supply", "demand", "storage_end", "conversion", "price"), "what was measured"),
        text("target", "arc, supply, demand, storage, converter or price id, several joined by `+`; for a delivery, a country or a region"),
        reference("origin", "origins", "origin, where the observation is of one"),
        Column("start", "date", "first day", required=True),
        Column("end", "date", "last day", required=True),
        number("value", "number", "amount over the window (a mean for a price)", required=True, minimum=None),
        Column("unit", "text", "unit, e.g. bcm, bcm[az20], GWh, USD/tcm", required=True),
        text("publisher_series", "name of the published series"),
    ),
    key=("quantity", "target", "origin", "start", "end", "reference"),
)  # fmt: skip

TABLES = (REFERENCES, ASSUMPTIONS, OBSERVED)

__all__ = ["ASSUMPTIONS", "CONFIDENCE", "OBSERVED", "REFERENCES", "TABLES", "unit"]
