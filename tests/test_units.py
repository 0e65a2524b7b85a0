"""Units against pint, against hand, and against what people write."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from energynet.units import ENERGIES, VOLUMES, CarrierUnit, Conversion, Dimension, ReferenceState, UnitFault, Units

GAS = 10.4585
UNITS = Units(
    {"gas": CarrierUnit("mcm", GAS), "power": CarrierUnit("GWh", 1.0)},
    {"turk": ReferenceState("gas", 10.64), "zero": ReferenceState("gas", 11.2243)},
    ["EUR", "GBP"],
)


@pytest.mark.parametrize(
    ("text", "dimension", "carrier", "factor"),
    [
        ("mcm/d", "rate", "gas", 1.0),
        ("bcm/y", "rate", "gas", 1000 / 365),
        ("mcm/h", "rate", "gas", 24.0),
        ("bcm/y[turk]", "rate", "gas", 1000 / 365 * 10.64 / GAS),
        ("GWh/d", "rate", "gas", 1 / GAS),
        ("TWh/y", "rate", "gas", 1000 / 365 / GAS),
        ("MW", "rate", "gas", 0.024 / GAS),
        ("MW", "rate", "power", 0.024),
        ("TWh/y", "rate", "power", 1000 / 365),
        ("bcm", "volume", "gas", 1000.0),
        ("bcm[zero]", "volume", "gas", 1000 * 11.2243 / GAS),
        ("TWh", "volume", "power", 1000.0),
        ("USD/tcm", "money", "gas", 1.0),
        ("USD/tcm[turk]", "money", "gas", GAS / 10.64),
        ("USD/MWh", "money", "gas", GAS),
        ("USD/MWh", "money", "power", 1.0),
        ("USD/kWh", "money", "power", 1000.0),
        ("USD/(kWh/d)/y", "money", "power", 1000 / 365),
        ("USD/(kWh/d)/y", "money", "gas", 1000 * GAS / 365),
        ("USD/(kWh/h)/y", "money", "power", 1000 / 24 / 365),
        ("USD/kW/y", "capacity_charge", "power", 1000 / 24 / 365),
        ("MW", "capacity", "power", 0.024),
        ("MWh", "capacity", "power", 0.001),
        ("bcm/y", "capacity", "gas", 1000 / 365),
        ("USD/kW", "investment", "power", 1e-6 / 24e-6),
        ("kUSD/MW", "investment", "power", 1e-6 / 24e-6),
        ("USD/kWh", "investment", "power", 1e-6 / 1e-6),
        ("MUSD/(bcm/y)", "investment", "gas", 365 / 1000),
        ("MUSD/(mcm/d)", "investment", "gas", 1.0),
        ("MUSD/(bcm/y)[turk]", "investment", "gas", 365 / 1000 * GAS / 10.64),
        ("USD/tcm", "investment", "gas", 1e-6 / 1e-3),
        ("USD/kW/y", "upkeep", "power", 1e-6 / 24e-6),
        ("MUSD/(bcm/y)/y", "upkeep", "gas", 365 / 1000),
        ("USD/t", "charge", "", 1.0),
        ("", "number", "", 1.0),
        ("", "fraction", "", 1.0),
        ("%", "fraction", "", 0.01),
    ],
)
def test_factor(text, dimension, carrier, factor):
    found = UNITS.parse(text, dimension, carrier)
    assert found.factor == pytest.approx(factor, rel=1e-14)
    assert found.currency is None
    assert not found.per_year


def test_the_trade_year_has_365_days():
    """10 bcm/y at 11 kWh/m3 are 301.37 GWh/d in the trade, not 301.16."""
    units = Units({"gas": CarrierUnit("mcm", 11.0)})
    assert 10 * units.rate("bcm/y", "gas").factor * 11.0 == pytest.approx(301.3699, abs=1e-4)


def test_a_yearly_quantity_leaves_the_year_to_the_caller():
    assert UNITS.yearly("bcm/y", "gas") == Conversion(1000.0, per_year=True)
    assert UNITS.yearly("mcm/d", "gas") == Conversion(1.0)
    assert UNITS.yearly("MW", "power") == Conversion(0.024)


def test_other_currencies_are_named():
    assert UNITS.money("EUR/MWh", "power") == Conversion(1.0, currency="EUR")
    assert UNITS.money("USD/MWh", "power").currency is None
    assert UNITS.parse("EUR/kW", "investment", "power").currency == "EUR"
    assert UNITS.parse("EUR/t", "charge", "") == Conversion(1.0, currency="EUR")


@pytest.mark.parametrize(("text", "volume"), [("MW", False), ("bcm/y", False), ("MWh", True), ("bcm[zero]", True), ("USD/kW", False)])
def test_a_capacity_is_a_rate_or_a_volume(text, volume):
    assert UNITS.of_volume(text) is volume
    assert UNITS.of_volume("USD/kWh")
    assert not UNITS.of_volume("MUSD/(bcm/y)/y")


@pytest.mark.parametrize(
    ("text", "dimension", "carrier", "hint"),
    [
        ("bcm/yr", "rate", "gas", "bcm/y"),
        ("BCM/y", "rate", "gas", "bcm/y"),
        ("bcma", "rate", "gas", "bcm/y"),
        ("mmcm/d", "rate", "gas", "mcm/d"),
        ("mcm per day", "rate", "gas", "mcm/d"),
        ("mw", "rate", "power", "MW"),
        ("mcm/d", "rate", "power", "GWh/d"),
        ("bcm/y[turc]", "rate", "gas", "bcm/y[turk]"),
        ("MWh[turk]", "volume", "gas", "MWh"),
        ("$/tcm", "money", "gas", "USD/tcm"),
        ("USD/1000m3", "money", "gas", "USD/tcm"),
        ("USD/mmbtu", "money", "gas", "USD/MMBtu"),
        ("CHF/MWh", "money", "power", None),
        ("€/MWh", "money", "power", "EUR/MWh"),
        ("USD/MWh", "capacity_charge", "power", None),
        ("%", "number", "", None),
        ("mcm", "fraction", "gas", None),
        ("mcm/d", "rate", "water", None),
        ("USD/kW/y", "investment", "power", "USD/kW"),
        ("USD/kW", "upkeep", "power", "USD/kW/y"),
        ("t", "charge", "", "USD/t"),
    ],
)
def test_a_unit_that_does_not_fit_is_a_fault_with_the_nearest(text, dimension, carrier, hint):
    with pytest.raises(UnitFault) as raised:
        UNITS.parse(text, dimension, carrier)
    if hint is not None:
        assert raised.value.hint == hint
    if raised.value.hint:
        assert UNITS.parse(raised.value.hint, dimension, carrier)
    assert repr(text) in str(raised.value)


def test_pint_agrees_on_energies():
    pint = pytest.importorskip("pint")
    registry = pint.UnitRegistry()
    names = {"MMBtu": 1e6 * registry.Btu, "therm": 1e5 * registry.Btu}
    for name, gigawatthours in ENERGIES.items():
        quantity = names.get(name, registry.Quantity(1, name) if name not in names else None)
        assert quantity.to("GWh").magnitude == pytest.approx(gigawatthours, rel=1e-6), name


def test_pint_agrees_on_volumes_and_powers():
    pint = pytest.importorskip("pint")
    registry = pint.UnitRegistry()
    for name, million in VOLUMES.items():
        cubic = {"m3": 1.0, "tcm": 1e3, "mcm": 1e6, "bcm": 1e9}[name] * registry.meter**3
        assert cubic.magnitude * 1e-6 == pytest.approx(million)
    a_day = (1 * registry.MW).to("GWh/day").magnitude
    assert UNITS.rate("MW", "power").factor == pytest.approx(a_day, rel=1e-12)


@given(st.sampled_from(sorted(ENERGIES)), st.sampled_from(["h", "d", "y"]), st.sampled_from(["gas", "power"]))
def test_money_for_a_rate_is_the_same_in_any_unit(energy, time, carrier):
    """A price for energy times the energy is one sum of money, whatever units both are told in."""
    rate = UNITS.rate(f"{energy}/{time}", carrier).factor
    price = UNITS.money(f"USD/{energy}", carrier).factor
    days = {"h": 24.0, "d": 1.0, "y": 1 / 365}[time]
    assert rate * price * 1000 == pytest.approx(days, rel=1e-12)


@given(st.text(max_size=12), st.sampled_from(get_args(Dimension)))
def test_any_text_is_a_unit_or_a_fault(text, dimension):
    try:
        found = UNITS.parse(text, dimension, "gas")
    except UnitFault:
        return
    assert found.factor > 0
