"""What contract years hand on: gas paid for and not taken, and gas beyond the annual quantity, each by the year it stems from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from energynet.system.horizon import Horizon
from energynet.system.records import Records

Vintages = tuple[tuple[int, float], ...]  # (year, units), the oldest first


@dataclass(frozen=True)
class Carried:
    """What the time before a horizon left. `stocks` by (storage, origin), units; None: as in the data.

    `banks` by (contract, contract year): make-up that may be taken and carry-forward that counts in that year, units. `built` by
    (project, calendar year), in the project's unit of capacity. Money is discounted to `base_year`; None: the first of the horizon.
    """

    stocks: Mapping[tuple[str, str], float] | None = None
    banks: Mapping[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    built: Mapping[tuple[str, str], float] = field(default_factory=dict)
    base_year: int | None = None


@dataclass(frozen=True)
class Terms:
    """A contract's rules in one year: in how many later years its banks may be used, its minimum and annual quantity (units), and the
    most that carry-forward may take off the minimum (units).
    """

    make_up_years: int
    carry_forward_years: int
    minimum: float
    quantity: float
    most_credit: float


@dataclass(frozen=True)
class Bank:
    """The banks of a contract between two contract years."""

    make_up: Vintages = ()
    credit: Vintages = ()

    def available(self, year: int, terms: Terms) -> tuple[float, float]:
        """Make-up and carry-forward that count in a year, units."""
        make_up = sum(units for of, units in self.make_up if of < year <= of + terms.make_up_years)
        credit = sum(units for of, units in self.credit if of < year <= of + terms.carry_forward_years)
        return make_up, min(credit, terms.most_credit)

    def after(self, year: int, terms: Terms, delivered: float, not_taken: float, make_up: float) -> Bank:
        """The banks when a year has ended: the oldest used first, what expires gone, and what the year adds. Quantities in units."""
        own = delivered - make_up
        _, credit = self.available(year, terms)
        used = min(max(terms.minimum - own, 0.0), credit)
        left = _less(self.make_up, make_up, year, terms.make_up_years)
        lasting = _less(self.credit, used, year, terms.carry_forward_years)
        beyond = max(own - terms.quantity, 0.0)
        return Bank(
            _kept((*left, (year, not_taken)), year, terms.make_up_years), _kept((*lasting, (year, beyond)), year, terms.carry_forward_years)
        )


def _less(vintages: Vintages, used: float, year: int, years: int) -> Vintages:
    left = []
    for of, units in vintages:
        taken = min(units, used) if of < year <= of + years else 0.0
        used -= taken
        left.append((of, units - taken))
    return tuple(left)


def _kept(vintages: Vintages, year: int, years: int) -> Vintages:
    """What may still be used in the year that follows."""
    return tuple((of, units) for of, units in vintages if units > 0.0 and year + 1 <= of + years)


def first_year(label: str) -> int:
    """The calendar year in which a contract year begins: `2025`, or `2025/2026`."""
    return int(label.split("/", maxsplit=1)[0])


def terms_of(contracts: Records, contract: str, inside: np.ndarray, days: np.ndarray) -> Terms:
    """The rules of a contract in one of its years, from its arrays over the periods (T,) that lie inside it, `days` weighted."""
    k = contracts.position[contract]
    quantity, least, most_credit = (
        float(np.nan_to_num(contracts.number[column][:, k] * days)[inside].sum())
        for column in ("annual_quantity", "annual_least", "most_credit")
    )
    of = {column: int(contracts.number[column][k]) for column in ("make_up_years", "carry_forward_years")}
    return Terms(of["make_up_years"], of["carry_forward_years"], least, quantity, most_credit)


def derive_banks(contracts: Records, horizon: Horizon, banks: Mapping[tuple[str, str], tuple[float, float]]) -> None:
    """`make_up` and `carry_forward` of each contract (T, n): rates that add up over a contract year to what counts in it."""
    shape = (len(horizon), len(contracts))
    for which, name in enumerate(("make_up", "carry_forward")):
        contracts.number[name] = np.zeros(shape)
        for (contract, year), found in banks.items():
            labels, group = horizon.groups[contracts.of("contract_year", contract)]
            if year in labels and found[which] > 0.0:
                inside = group == labels.index(year)
                days = (horizon.days * horizon.weight)[inside].sum()
                contracts.number[name][inside, contracts.position[contract]] = found[which] / days
