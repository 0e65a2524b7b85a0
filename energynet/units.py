"""Units of quantities and money: the only place that converts.

Base units are the carrier's own unit a day (mcm/d or GWh/d), the carrier's unit for volumes, and US dollars for a
thousandth of that unit for money (USD/tcm, USD/MWh). A volume is converted to energy, and from one reference state to
another, by the calorific values of the data package alone; the constants below are definitions of units.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from energynet.errors import nearest

Dimension = Literal[
    "rate",  # units a day; a year in the unit has 365 days, the trade's convention for capacities
    "yearly",  # units a day; a year in the unit is the calendar year that the period lies in
    "volume",  # units
    "money",  # USD per thousand m3, or USD per MWh
    "capacity_charge",  # money for a unit of daily capacity held for one year, spread over its 365 days
    "capacity",  # what is built: units a day, or units of working volume; the unit written says which
    "investment",  # million USD for a unit of such a capacity
    "upkeep",  # the same for each year
    "charge",  # USD for a unit of something counted that is no carrier, e.g. a tonne of carbon dioxide
    "fraction",  # a share, written 0.85 or, with the unit %, 85
    "number",  # a pure number
]

VOLUMES = {"m3": 1e-6, "tcm": 1e-3, "mcm": 1.0, "bcm": 1e3}  # in million m3
GIGAJOULE = 1 / 3600  # in GWh
BTU = 1055.05585262e-9  # in GJ, International Table
ENERGIES = {
    "kWh": 1e-6, "MWh": 1e-3, "GWh": 1.0, "TWh": 1e3,
    "MJ": GIGAJOULE / 1e3, "GJ": GIGAJOULE, "TJ": GIGAJOULE * 1e3, "PJ": GIGAJOULE * 1e6,
    "MMBtu": BTU * 1e6 * GIGAJOULE, "therm": BTU * 1e5 * GIGAJOULE,
}  # fmt: skip
POWERS = {"kW": "kWh", "MW": "MWh", "GW": "GWh"}  # energy in an hour
DAYS = {"h": 1 / 24, "d": 1.0, "y": 365.0}  # days in one; the trade's year for capacities has 365
CURRENCY = "USD"

QUANTITY = "|".join(sorted({*VOLUMES, *ENERGIES}, key=len, reverse=True))
POWER = "|".join(POWERS)
SCALES = {"k": 1e3, "M": 1e6}  # before a currency: thousands, millions
MILLION = 1e-6
STATE = r"(?:\[(?P<state>[^\[\]]*)\])?"
PATTERNS = {
    "rate": re.compile(rf"(?:(?P<quantity>{QUANTITY})/(?P<time>[hdy])|(?P<power>{POWER})){STATE}"),
    "volume": re.compile(rf"(?P<quantity>{QUANTITY}){STATE}"),
    "money": re.compile(
        rf"(?P<currency>[A-Z]{{3}})/(?:(?P<quantity>{QUANTITY})|\((?P<daily>{QUANTITY})/(?P<time>[hd])\)/y|(?P<power>{POWER})/y){STATE}"
    ),
    "investment": re.compile(
        rf"(?P<scale>[kM])?(?P<currency>[A-Z]{{3}})/(?:(?P<quantity>{QUANTITY})|\((?P<daily>{QUANTITY})/(?P<time>[hdy])\)|(?P<power>{POWER})){STATE}"
    ),
    "charge": re.compile(r"(?P<scale>[kM])?(?P<currency>[A-Z]{3})/(?P<what>[^/\s]+)"),
}
SHAPES = {"rate": "rate", "yearly": "rate", "volume": "volume", "money": "money", "capacity_charge": "money"}
NAMES = {
    "rate": "a rate", "yearly": "a yearly or daily", "volume": "a volume", "money": "a money", "capacity_charge": "a capacity charge",
    "capacity": "a rate or volume", "investment": "a capital cost", "upkeep": "a yearly cost", "charge": "a charge",
}  # fmt: skip
EXAMPLES = {"capacity": "MW", "investment": "USD/kW", "upkeep": "USD/kW/y", "charge": "USD/t"}
SPELLINGS = (  # what people write, and the unit that they mean
    (r"\s+", ""), (r"bcma$", "bcm/y"), (r"(?:/|per)(?:yr|year|a|annum)s?\b", "/y"), (r"(?:/|per)(?:day)s?\b", "/d"),
    (r"(?:/|per)(?:hr|hour)s?\b", "/h"), (r"\b(?:mmcm|mm3|mcum|mln?m3)", "mcm"), (r"\b(?:km3|bm3|bcum)\b", "bcm"),
    (r"\b(?:kcm|1000m3)", "tcm"), (r"^\$/?", "USD/"), (r"^€/?", "EUR/"), (r"^£/?", "GBP/"), (r"mbtu$", "MMBtu"),
)  # fmt: skip


class UnitFault(ValueError):
    """A unit that cannot be read, or does not fit; `hint` is the nearest that would, where there is one."""

    def __init__(self, unit: str, message: str, hint: str | None = None) -> None:
        super().__init__(f"{unit!r} {message}" + (f" (did you mean {hint!r}?)" if hint else ""))
        self.unit = unit
        self.message = message
        self.hint = hint


@dataclass(frozen=True)
class CarrierUnit:
    """The unit (`mcm` or `GWh`) that a carrier is counted in, and the GWh of gross calorific energy in one."""

    unit: str
    energy_per_unit: float


@dataclass(frozen=True)
class ReferenceState:
    """Another state at which volumes of a carrier are measured: kWh in one m3, which is GWh in one mcm."""

    carrier: str
    energy_per_unit: float


@dataclass(frozen=True)
class Conversion:
    """Number in the unit x `factor` = number in the base unit.

    With `per_year` the result is still for a calendar year: the caller divides by the days of that year. With
    `currency` (never USD) the result is in that currency: the caller multiplies by its dated rate.
    """

    factor: float
    per_year: bool = False
    currency: str | None = None


class Units:
    """The units of one data package: its carriers, reference states and currencies."""

    def __init__(
        self, carriers: Mapping[str, CarrierUnit], states: Mapping[str, ReferenceState] | None = None, currencies: Iterable[str] = ()
    ) -> None:
        self.carriers = dict(carriers)
        self.states = dict(states or {})
        self.currencies = frozenset(currencies) | {CURRENCY}
        self._known: dict[tuple[str, str, str], Conversion] = {}

    def rate(self, unit: str, carrier: str) -> Conversion:
        """To units a day; a year has 365 days. Raises UnitFault."""
        return self.parse(unit, "rate", carrier)

    def yearly(self, unit: str, carrier: str) -> Conversion:
        """To units a day, or with `per_year` to units a calendar year. Raises UnitFault."""
        return self.parse(unit, "yearly", carrier)

    def volume(self, unit: str, carrier: str) -> Conversion:
        """To units. Raises UnitFault."""
        return self.parse(unit, "volume", carrier)

    def money(self, unit: str, carrier: str) -> Conversion:
        """To USD/tcm or USD/MWh (or another currency); charges for capacity are spread over 365 days. Raises UnitFault."""
        return self.parse(unit, "money", carrier)

    def parse(self, text: str, dimension: Dimension, carrier: str) -> Conversion:
        """The conversion of a unit to the base unit of its dimension for a carrier.

        Raises UnitFault where the text is no such unit, with the nearest that is.
        """
        key = (text, dimension, carrier)
        if key not in self._known:
            if dimension in ("fraction", "number"):
                self._known[key] = self._plain(text, dimension)
            elif dimension in EXAMPLES:
                self._known[key] = self._of_capacity(text, dimension, carrier)
            else:
                self._known[key] = self._parsed(text, dimension, carrier)
        return self._known[key]

    def of_volume(self, text: str) -> bool:
        """Whether the unit of a capacity, or of its cost, counts working volume and not a rate: MWh or USD/kWh, not MW or USD/kW."""
        found = PATTERNS["investment"].fullmatch(text.removesuffix("/y"))
        return PATTERNS["volume"].fullmatch(text) is not None or (found is not None and found["quantity"] is not None)

    def suggest(self, text: str, dimension: Dimension, carrier: str) -> str | None:
        """The valid unit of that dimension and carrier nearest to the text, or None."""
        if dimension in EXAMPLES:
            return EXAMPLES[dimension]
        if dimension in ("fraction", "number") or carrier not in self.carriers:
            return None
        body, bracket, state = text.partition("[")
        known = [name for name, one in self.states.items() if one.carrier == carrier]
        named = nearest(state.rstrip("] "), known, 0.4) if bracket else None
        plain = body.strip()
        for pattern, standard in SPELLINGS:
            plain = re.sub(pattern, standard, plain, flags=re.IGNORECASE)
        own = self.carriers[carrier]
        if own.unit not in VOLUMES:
            plain = re.sub(r"\b(m3|tcm|mcm|bcm)\b", own.unit, plain)
        found = nearest(plain, self._candidates(dimension, carrier), 0.5)
        return None if found is None else found + (f"[{named}]" if named else "")

    def _of_capacity(self, text: str, dimension: Dimension, carrier: str) -> Conversion:
        """A capacity (a rate or a volume), what one costs, or a charge on what is no carrier."""
        if dimension == "capacity":
            return self._parsed(text, "volume" if self.of_volume(text) else "rate", carrier)
        body = text.removesuffix("/y") if dimension == "upkeep" else text
        match = PATTERNS["charge" if dimension == "charge" else "investment"].fullmatch(body)
        if match is None or (dimension == "upkeep") != (body != text) or (dimension != "charge" and carrier not in self.carriers):
            raise UnitFault(text, f"is not {NAMES[dimension]} unit", EXAMPLES[dimension])
        if match["currency"] not in self.currencies:
            raise UnitFault(text, f"is in {match['currency']}, which has no exchange rate")
        currency = None if match["currency"] == CURRENCY else match["currency"]
        money = SCALES.get(match["scale"] or "", 1.0)
        if dimension == "charge":
            return Conversion(money, currency=currency)
        name = match["quantity"] or match["daily"] or POWERS[match["power"]]
        amount = self._quantity(text, name, match["state"], dimension, carrier)
        days = 1.0 if match["quantity"] else DAYS[match["time"] or "h"]
        return Conversion(money * MILLION * days / amount, currency=currency)

    def _plain(self, text: str, dimension: Dimension) -> Conversion:
        if not text:
            return Conversion(1.0)
        if text == "%" and dimension == "fraction":
            return Conversion(0.01)
        allowed = "no unit or %" if dimension == "fraction" else "no unit"
        raise UnitFault(text, f"does not fit here: a {dimension} takes {allowed}")

    def _parsed(self, text: str, dimension: Dimension, carrier: str) -> Conversion:
        match = PATTERNS[SHAPES[dimension]].fullmatch(text)
        if match is None or carrier not in self.carriers:
            raise UnitFault(text, f"is not {NAMES[dimension]} unit", self.suggest(text, dimension, carrier))
        part = {name: value for name, value in match.groupdict().items() if value is not None}
        name = part.get("quantity") or part.get("daily") or POWERS[part["power"]]
        amount = self._quantity(text, name, part.get("state"), dimension, carrier)
        if SHAPES[dimension] == "volume":
            return Conversion(amount)
        time = part.get("time", "h")
        if SHAPES[dimension] == "rate":
            per_year = dimension == "yearly" and time == "y"
            return Conversion(amount if per_year else amount / DAYS[time], per_year)
        currency = part["currency"]
        if currency not in self.currencies:
            raise UnitFault(text, f"is in {currency}, which has no exchange rate", self.suggest(text, dimension, carrier))
        held = 1.0 if "quantity" in part else DAYS["y"] / DAYS[time]
        if dimension == "capacity_charge" and "quantity" in part:
            raise UnitFault(text, "is not a capacity charge unit", self.suggest(text, dimension, carrier))
        return Conversion(1 / (amount * 1000 * held), currency=None if currency == CURRENCY else currency)

    def _quantity(self, text: str, name: str, state: str | None, dimension: Dimension, carrier: str) -> float:
        """Units of the carrier in one of the quantity; raises UnitFault where one cannot be had from the other."""
        own = self.carriers[carrier]
        if name in ENERGIES:
            if state is not None:
                raise UnitFault(text, "gives a reference state to an energy, which has none", text.partition("[")[0])
            return ENERGIES[name] / own.energy_per_unit
        if state is None:
            if own.unit != "mcm":
                raise UnitFault(text, f"is a volume, but {carrier} is counted in {own.unit}", self.suggest(text, dimension, carrier))
            return VOLUMES[name]
        found = self.states.get(state)
        if found is None or found.carrier != carrier:
            hint = self.suggest(text, dimension, carrier)
            raise UnitFault(text, f"names a reference state that is no calorific value of {carrier}", hint)
        return VOLUMES[name] * found.energy_per_unit / own.energy_per_unit

    def _candidates(self, dimension: Dimension, carrier: str) -> list[str]:
        quantities = [*(VOLUMES if self.carriers[carrier].unit == "mcm" else ()), *ENERGIES]
        if SHAPES[dimension] == "volume":
            return quantities
        if SHAPES[dimension] == "rate":
            return [*(f"{name}/{time}" for name in quantities for time in "dyh"), *POWERS]
        charges = [f"{currency}/({name}/{time})/y" for currency in self.currencies for name in quantities for time in "dh"]
        charges += [f"{currency}/{name}/y" for currency in self.currencies for name in POWERS]
        plain = [f"{currency}/{name}" for currency in self.currencies for name in quantities]
        return charges if dimension == "capacity_charge" else plain + charges
