"""The language of changes: what reads, what it matches, and what is told where it does neither."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from energynet.components.catalogue import SINGULAR
from energynet.dataset import parse_change, read_package, resolve
from energynet.dataset.changes import FIXED
from energynet.errors import InputFaults


@pytest.fixture(scope="module")
def package():
    from tests.dataset.conftest import STARTER

    return read_package(STARTER / "data" / "six-node")


@pytest.mark.parametrize(
    ("text", "component", "pattern", "column", "window", "operator", "value", "unit"),
    [
        ("demand[tr_market].quantity *= 1.10", "demand", "tr_market", "quantity", None, "*=", 1.1, ""),
        ("arc[tanap_*].capacity = 24 bcm/y", "arc", "tanap_*", "capacity", None, "=", 24.0, "bcm/y"),
        (
            "supply[shah].availability @ 2025-01-11..2025-01-20 = 0",
            "supply", "shah", "availability", (date(2025, 1, 11), date(2025, 1, 20)), "=", 0.0, "",
        ),
        ("price[ttf].value += 5 EUR/MWh", "price", "ttf", "value", None, "+=", 5.0, "EUR/MWh"),
        ("price[ttf].value+=-5EUR/MWh", "price", "ttf", "value", None, "+=", -5.0, "EUR/MWh"),
        ("arc[a].loss @ 2025-02-01 += 1 %", "arc", "a", "loss", (date(2025, 2, 1), date(2025, 2, 1)), "+=", 1.0, "%"),
        ("arc_segment[a/2].loss = .05", "arc_segment", "a/2", "loss", None, "=", 0.05, ""),
        (" arc [ a ] . capacity  =  1e3  GWh/d ", "arc", "a", "capacity", None, "=", 1000.0, "GWh/d"),
        ("arc[a].capacity = 24 bcm/y[turk]", "arc", "a", "capacity", None, "=", 24.0, "bcm/y[turk]"),
    ],
)  # fmt: skip
def test_reads(text, component, pattern, column, window, operator, value, unit):
    change = parse_change(text)
    assert (change.component, change.pattern, change.column) == (component, pattern, column)
    assert (change.window, change.operator, change.value, change.unit) == (window, operator, value, unit)
    assert parse_change(change.text) == change


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("make it rain", "is not a change", None),
        ("arcs[a].capacity = 1 mcm/d", "is no component", "arc"),
        ("arc[a].capasity = 1 mcm/d", "is no column of arcs", "capacity"),
        ("arc[a].from_node = 1", "is no number of arcs", None),
        ("arc[].capacity *= 2", "names no record", None),
        ("profile[winter].value *= 2", "cannot be changed", "demand[...].quantity @ 2025-01-01..2025-01-31 *= 1.1"),
        ("arc[a].capacity @ 2025-02-30 = 1 mcm/d", "is not a window", None),
        ("arc[a].capacity @ 2025-02-20..2025-02-01 = 1 mcm/d", "is not a window", None),
        ("tier[a/b].share @ 2025-02-01 = 1", "cannot hold for some days", None),
        ("arc[a].length_km @ 2025-02-01 = 1", "cannot hold for some days", None),
        ("arc[a].capacity *= 0.8:1.2:0.1", "belongs to a sweep", None),
        ("arc[a].capacity = {1, 2} mcm/d", "belongs to a sweep", None),
        ("arc[a].capacity = 2:4:1 bcm/y", "belongs to a sweep", None),
        ("arc[a].capacity = lots", "is not a number", None),
        ("arc[a].capacity *= 2 bcm/y", "takes a pure number", None),
        ("arc[a].capacity *= -2", "cannot turn a sign", None),
        ("arc[a].availability = 1.5", "is out of bounds", None),
        ("arc[a].availability = 150 %", "is out of bounds", None),
    ],
)
def test_what_is_no_change_is_told(text, message, hint):
    with pytest.raises(InputFaults) as raised:
        parse_change(text)
    found = [fault for fault in raised.value.faults if message in fault.message]
    assert found, str(raised.value)
    assert found[0].hint == hint


def test_matches_ids_and_globs(package):
    assert resolve(parse_change("arc[trunk].capacity *= 2"), package) == ("trunk",)
    assert resolve(parse_change("arc[hub_*].tariff += 1 USD/tcm"), package) == ("hub_north", "hub_south")
    assert resolve(parse_change("arc_segment[trunk/*].loss = 0.02"), package) == ("trunk/1", "trunk/2")
    assert resolve(parse_change("tier[customers/protected].value_factor = 2"), package) == ("customers/protected",)
    assert resolve(parse_change("storage_target[cavern/2025-03-01].fill = 90 %"), package) == ("cavern/2025-03-01",)
    assert resolve(parse_change("supply[*].maximum = 0"), package) == ("field_gas", "isle_gas", "sea_gas", "wind_farm")


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("arc[trank].capacity *= 2", "matches no arc of six-node", "trunk"),
        ("arc[tanap_*].capacity *= 2", "matches no arc of six-node", None),
        ("arc[trunk].capacity = 2 bcm/yr", "is not a rate unit", "bcm/y"),
        ("arc[trunk].capacity = 2", "needs a unit", None),
        ("supply[*].maximum = 2 mcm/d", "counted in GWh", "GWh/d"),
        ("price[market].value += 5 CHF/MWh", "no exchange rate", None),
        ("arc[trunk].loss += 5 mcm", "takes no unit or %", None),
    ],
)
def test_what_does_not_fit_the_data_is_told(package, text, message, hint):
    with pytest.raises(InputFaults) as raised:
        resolve(parse_change(text), package)
    assert any(message in fault.message and (hint is None or fault.hint == hint) for fault in raised.value.faults), str(raised.value)


NUMBERS = [
    (name, column.name)
    for name, table in SINGULAR.items()
    for column in table.columns
    if column.kind == "number" and table.name not in FIXED
]


@given(
    where=st.sampled_from([pair for pair in NUMBERS if pair[1] not in SINGULAR[pair[0]].key]),
    pattern=st.from_regex(r"[a-z0-9_*?/-]{1,12}", fullmatch=True),
    operator=st.sampled_from(["*=", "+="]),
    value=st.floats(0, 1e6, allow_nan=False),
)
def test_every_number_of_every_component_can_be_changed(where, pattern, operator, value):
    component, column = where
    change = parse_change(f"{component}[{pattern}].{column} {operator} {value!r}")
    assert (change.component, change.pattern, change.column, change.operator, change.value) == (component, pattern, column, operator, value)


@given(st.text(max_size=40))
def test_any_text_is_a_change_or_a_fault(text):
    try:
        change = parse_change(text)
    except InputFaults:
        return
    assert parse_change(change.text) == change
