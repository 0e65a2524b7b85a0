"""The certificate: is this primal and dual an optimum of this program? Plain arrays; nothing here knows the solver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from energynet.errors import CertificateFailure
from energynet.program.linear_program import Family, LinearProgram

Floats = NDArray[np.float64]
PRIMAL = 1e-6  # units a day, or units, as the row is written
MARGIN = 1e-6  # USD/tcm or USD/MWh
GAP = 1e-9  # of sum |c x|
THOUSANDTH = 0.001


@dataclass(frozen=True)
class Check:
    """One check: its worst figure, where that is, the unit of both figures, the tolerance, and whether it holds."""

    name: str
    worst: float
    where: str
    unit: str
    tolerance: float

    @property
    def holds(self) -> bool:
        """Whether the worst figure is within the tolerance; a figure that is no number (NaN) never is."""
        return bool(self.worst <= self.tolerance)

    @property
    def share(self) -> float:
        """The worst figure as a share of the tolerance; infinite where it is no number, so that it is the worst of any."""
        if not self.worst > 0.0:
            return float("inf") if np.isnan(self.worst) else 0.0
        return float("inf") if self.tolerance == 0.0 or np.isnan(self.tolerance) else self.worst / self.tolerance


@dataclass(frozen=True)
class Finding:
    """What an answer does that a pipe, a line or a storage may not: no failure of optimality, but told.

    `worst` is the volume at the worst place and period, `where` both; over all places and periods `volume`, what was `lost` by it, each in
    `unit`, and what that was worth, `musd`.
    """

    name: str
    carrier: str
    worst: float
    where: str
    volume: float
    lost: float
    musd: float
    unit: str

    @property
    def words(self) -> str:
        """The finding in one line."""
        lost = f", {self.lost:,.4g} {self.unit} lost by it" if self.lost else ""
        return f"{self.name} ({self.carrier}): {self.volume:,.4g} {self.unit}{lost}, {self.musd:,.4g} million USD; most at {self.where}"


@dataclass(frozen=True)
class Certificate:
    """All checks of one solution, and what was found in it that is against physics."""

    checks: tuple[Check, ...]
    physical: tuple[Finding, ...] = ()

    @property
    def holds(self) -> bool:
        return all(check.holds for check in self.checks)

    @property
    def failures(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if not check.holds)

    @property
    def found(self) -> tuple[Finding, ...]:
        """The findings that are not zero."""
        return tuple(one for one in self.physical if one.volume > 0.0)

    def demand(self) -> None:
        """Raise CertificateFailure, naming the first check that fails, unless all hold."""
        if not self.holds:
            bad = self.failures[0]
            message = f"the certificate does not hold: {bad.name} is off by {bad.worst:.3g} {bad.unit} at {bad.where}"
            raise CertificateFailure(message, self)


def certify(program: LinearProgram, primal: Floats, dual: Floats, objective: float, *, least: float = 1e-3) -> Certificate:
    """Check primal (columns,) and dual (rows,) against the program, and the objective (million USD) against both.

    Duals and reduced costs are judged in USD for a thousandth of a unit: a dual in million USD over what one unit a day
    comes to in the period. `least` stands for the sum of |c x| where that is smaller.
    """
    matrix = program.matrix()
    activity = np.asarray(matrix @ primal)
    reduced = np.asarray(program.cost - matrix.T @ dual)
    row_size, column_size = (
        _money(program, program.rows, program.rows_per_period),
        _money(program, program.columns, program.columns_per_period),
    )
    checks = [
        _worst("rows", np.maximum(program.row_lower - activity, activity - program.row_upper), program.row_name, "units", PRIMAL),
        _worst("bounds", np.maximum(program.lower - primal, primal - program.upper), program.column_name, "units", PRIMAL),
        _worst(
            "dual signs of rows",
            wrong_sign(dual, program.row_lower, program.row_upper) / row_size,
            program.row_name,
            "USD/tcm or USD/MWh",
            MARGIN,
        ),
        _worst(
            "reduced costs",
            wrong_sign(reduced, program.lower, program.upper) / column_size,
            program.column_name,
            "USD/tcm or USD/MWh",
            MARGIN,
        ),
    ]
    total = float(np.abs(program.cost * primal).sum())
    slack_rows = complement(dual, activity, program.row_lower, program.row_upper)
    slack_columns = complement(reduced, primal, program.lower, program.upper)
    floor = max(total, least)
    checks += [
        _worst("complementary rows", slack_rows / floor, program.row_name, "of sum |c x|", GAP),
        _worst("complementary columns", slack_columns / floor, program.column_name, "of sum |c x|", GAP),
    ]
    here = float(program.cost @ primal) + program.offset
    bound = _priced(dual, program.row_lower, program.row_upper) + _priced(reduced, program.lower, program.upper) + program.offset
    costs = sum(float(item.value @ primal[item.index]) + item.constant for item in program.costs)
    checks += [
        Check("duality gap", abs(here - bound) / floor, "objective", "of sum |c x|", 10 * GAP),
        Check("objective", abs(here - objective) / floor, "objective", "of sum |c x|", GAP),
        Check("cost table", abs(costs - objective) / floor if program.costs else 0.0, "objective", "of sum |c x|", GAP),
    ]
    return Certificate(tuple(checks))


def _worst(name: str, violation: Floats, label: object, unit: str, tolerance: float) -> Check:
    if len(violation) == 0:
        return Check(name, 0.0, "", unit, tolerance)
    bad = np.where(np.isnan(violation), np.inf, violation)
    k = int(np.argmax(bad))
    worst = max(float(bad[k]), 0.0)
    return Check(name, worst, label(k) if worst > 0.0 else "", unit, tolerance)  # type: ignore[operator]


def _money(program: LinearProgram, families: tuple[Family, ...], per_period: int) -> Floats:
    """Million USD for 1 USD/tcm on one unit of each position: 0.001, times the period's days for a rate."""
    periods = len(program.periods)
    size = np.full(periods * per_period + sum(len(f.keys) for f in families if f.horizon), THOUSANDTH)
    for family in families:
        if not family.horizon and family.unit == "units/d":
            size[: periods * per_period].reshape(periods, per_period)[:, family.first : family.first + len(family.keys)] *= program.days[
                :, None
            ]
    return size


def wrong_sign(dual: Floats, lower: Floats, upper: Floats) -> Floats:
    """How far a dual leans on a bound that is not there."""
    return np.where(np.isinf(lower), np.maximum(dual, 0.0), 0.0) + np.where(np.isinf(upper), np.maximum(-dual, 0.0), 0.0)


def complement(dual: Floats, value: Floats, lower: Floats, upper: Floats) -> Floats:
    """Million USD by which a priced bound is not reached."""
    with np.errstate(invalid="ignore"):
        down = np.where(np.isinf(lower), 0.0, np.maximum(dual, 0.0) * np.abs(value - lower))
        up = np.where(np.isinf(upper), 0.0, np.maximum(-dual, 0.0) * np.abs(upper - value))
    return np.asarray(down + up)


def _priced(dual: Floats, lower: Floats, upper: Floats) -> float:
    with np.errstate(invalid="ignore"):
        down = np.where(np.isinf(lower), 0.0, np.maximum(dual, 0.0) * lower)
        up = np.where(np.isinf(upper), 0.0, np.minimum(dual, 0.0) * upper)
    return float((down + up).sum())


def worst_of(certificates: list[tuple[str, Certificate]]) -> list[Check]:
    """Each check at its worst over the parts of a solution, with the part in which that was."""
    return worst_by_name([replace(one, where=f"{one.where} ({label})") for label, held in certificates for one in held.checks])


def worst_by_name(checks: Sequence[Check]) -> list[Check]:
    """The worst of the checks of each name, in the order in which the names first come."""
    found: dict[str, Check] = {}
    for check in checks:
        if check.name not in found or check.share > found[check.name].share:
            found[check.name] = check
    return list(found.values())
