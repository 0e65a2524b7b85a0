"""Changes that vary: `demand[tr_market].quantity *= 0.8:1.2:0.05`, and the scenarios that several of them make.

In place of the value of a change stands a list `{0.8, 1.0, 1.2}`, a range `0.8:1.2:0.05` (both ends inclusive), a range without a
step `0.8:1.2`, or a distribution `normal(1, 0.05)`. Changes that are joined by the word `together` move side by side.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from energynet.dataset.cells import NUMBER
from energynet.dataset.changes import AMOUNT, COMMAND_LINE, EXAMPLE, SHAPE, Change, amount_faults, parse_change
from energynet.dataset.yaml_file import Place
from energynet.errors import Fault, InputFaults, nearest

Floats = NDArray[np.float64]
Name = Literal["uniform", "normal", "lognormal", "triangular"]

TOGETHER = re.compile(r"\s+together\s+")
LIST = re.compile(r"\{(.*)\}\s*(.*)", re.DOTALL)
RANGE = re.compile(
    rf"(?P<first>{NUMBER.pattern})\s*:\s*(?P<last>{NUMBER.pattern})(?:\s*:\s*(?P<step>{NUMBER.pattern}))?\s*(?P<unit>.*)", re.DOTALL
)
DRAWN = re.compile(r"([A-Za-z_]\w*)\s*\(([^)]*)\)\s*(.*)", re.DOTALL)
MOST = 1_000_000  # scenarios: more than this is a slip of the pen

PARAMETERS: dict[Name, tuple[tuple[int, ...], str]] = {
    "uniform": ((2,), "uniform(least, greatest)"),
    "normal": ((2, 4), "normal(mean, standard deviation) or normal(mean, standard deviation, least, greatest)"),
    "lognormal": ((2,), "lognormal(median, sigma), sigma being the standard deviation of the logarithm"),
    "triangular": ((3,), "triangular(least, most likely, greatest)"),
}


@dataclass(frozen=True)
class Values:
    """Values one after the other."""

    values: tuple[float, ...]


@dataclass(frozen=True)
class Range:
    """Every value from `first` to `last`: what an exact response follows, and a sample draws from evenly."""

    first: float
    last: float


@dataclass(frozen=True)
class Distribution:
    """What a sample draws from: one of PARAMETERS, in its order."""

    name: Name
    parameters: tuple[float, ...]


Amount = Values | Range | Distribution


@dataclass(frozen=True)
class Vary:
    """One change whose value varies, as the change `template` with another value. `name` is the change without its value, its unit kept:
    `demand[tr_market].quantity *=`, `arc[tanap_*].capacity = bcm/y`.
    """

    name: str
    amount: Amount
    template: Change

    def change(self, value: float) -> Change:
        """The change with that value; its text reads back as the same change."""
        unit = self.template.unit
        head = self.name.removesuffix(unit).rstrip() if unit else self.name
        return replace(self.template, value=value, text=f"{head} {written(value)}{f' {unit}' if unit else ''}")

    def faults(self, values: Sequence[float]) -> list[Fault]:
        """What is wrong with the least or the greatest of the values."""
        change, found = self.template, list[Fault]()
        for value in dict.fromkeys((min(values), max(values))) if len(values) else ():
            column = change.table.column(change.column)
            found += amount_faults(value, change.unit, change.operator, column, written(value), change.place)
        return found


Group = tuple[Vary, ...]  # what moves together


@dataclass(frozen=True)
class Design:
    """The scenarios of a sweep: row k of `values` (scenarios, varied changes) is what scenario k gives each; NaN leaves it as it is.

    `labels` are the scenarios' own names, where they have any.
    """

    varies: tuple[Vary, ...]
    values: Floats
    labels: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.values)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(vary.name for vary in self.varies)

    def changes(self, scenario: int) -> tuple[Change, ...]:
        """The changes of one scenario, in the order in which they are made."""
        row = self.values[scenario].tolist()
        return tuple(vary.change(value) for vary, value in zip(self.varies, row, strict=True) if not math.isnan(value))


def parse_vary(text: str, *, origin: Place = COMMAND_LINE) -> Group:
    """Read varied changes that move together, mostly one. Raises InputFaults with everything that can be told without the data."""
    found: list[Vary] = []
    faults: list[Fault] = []
    for part in TOGETHER.split(text):
        try:
            found.append(_parse_one(part, origin))
        except InputFaults as error:
            faults += error.faults
    lengths = {len(vary.amount.values) for vary in found if isinstance(vary.amount, Values) and len(vary.amount.values) > 1}
    if len(lengths) > 1:
        message = f"joins {' and '.join(map(str, sorted(lengths)))} values: changes that move together take as many each"
        faults.append(origin.fault(message, value=text, check="vary"))
    if faults:
        raise InputFaults(faults)
    return tuple(found)


def vary_of(head: str, amount: Amount, unit: str, origin: Place = COMMAND_LINE) -> Vary:
    """A varied change from what stands before its value, the amount and the unit. Raises InputFaults."""
    known = _known(amount)
    template = parse_change(f"{head} {written(known[0])} {unit}", origin=origin)
    window = "" if template.window is None else f" @ {template.window[0]}..{template.window[1]}"
    name = f"{template.component}[{template.pattern}].{template.column}{window} {template.operator}"
    vary = Vary(f"{name} {unit}" if unit else name, amount, template)
    faults = vary.faults(known)
    if faults:
        raise InputFaults(faults)
    return vary


def _known(amount: Amount) -> tuple[float, ...]:
    """Values that the amount takes for sure."""
    if isinstance(amount, Values):
        return amount.values
    return (amount.first, amount.last) if isinstance(amount, Range) else amount.parameters[:1]


def _parse_one(text: str, origin: Place) -> Vary:
    match = SHAPE.fullmatch(text)
    if match is None:
        raise InputFaults([origin.fault(f"is not a change: {EXAMPLE}", value=text, check="change")])
    amount, unit = _amount(match["value"], origin)
    return vary_of(text[: match.start("value")], amount, unit, origin)


def _amount(text: str, origin: Place) -> tuple[Amount, str]:
    """What stands in place of the value, and its unit."""
    if match := LIST.fullmatch(text):
        return Values(_listed(match[1], text, origin)), match[2]
    if match := DRAWN.fullmatch(text):
        return _distribution(match[1], match[2], origin), match[3]
    if match := RANGE.fullmatch(text):
        first, last, step, unit = match["first"], match["last"], match["step"], match["unit"]
        return (Range(float(first), float(last)) if step is None else _stepped(first, last, step, text, origin)), unit
    if match := AMOUNT.fullmatch(text):
        return Values((float(match[1]),)), match[match.re.groups]
    message = "is no number, list {0.8, 1.0}, range 0.8:1.2:0.05 or distribution with its unit"
    raise InputFaults([origin.fault(message, value=text, check="vary")])


def _listed(inside: str, text: str, origin: Place) -> tuple[float, ...]:
    cells = [cell.strip() for cell in inside.split(",")]
    wrong = [cell for cell in cells if not NUMBER.fullmatch(cell)]
    if wrong:
        message = f"is no number in the list {text!r}: a list holds numbers, and its unit stands behind it"
        raise InputFaults([origin.fault(message, value=cell, check="vary") for cell in wrong])
    return tuple(float(cell) for cell in cells)


def _stepped(first: str, last: str, step: str, text: str, origin: Place) -> Values:
    """The values of a range in decimal arithmetic, so that 0.8:1.2:0.05 has 1.0 and not its neighbour."""
    low, high, by = Decimal(first), Decimal(last), Decimal(step)
    if by == 0 or (high - low) / by < 0:
        raise InputFaults([origin.fault("never ends: its step does not lead from the first value to the last", value=text, check="vary")])
    count = int((high - low) / by) + 1
    if count > MOST:
        raise InputFaults([origin.fault(f"has {count:,} values: more than {MOST:,}", value=text, check="vary")])
    return Values(tuple(float(low + k * by) for k in range(count)))


def _distribution(name: str, inside: str, origin: Place) -> Distribution:
    known = next((one for one in PARAMETERS if one == name), None)
    if known is None:
        raise InputFaults([origin.fault("is no distribution", value=name, hint=nearest(name, PARAMETERS), check="vary")])
    counts, words = PARAMETERS[known]
    cells = [cell.strip() for cell in inside.split(",")]
    numbers = [float(cell) for cell in cells if NUMBER.fullmatch(cell)]
    if len(numbers) != len(cells) or len(cells) not in counts or not all(map(math.isfinite, numbers)):
        raise InputFaults([origin.fault(f"does not fit: it reads {words}", value=f"{name}({inside})", check="vary")])
    ends = {"normal": numbers[2:], "lognormal": []}.get(known, numbers)
    spread = {"normal": numbers[1:2], "lognormal": numbers}.get(known, [numbers[-1] - numbers[0]])
    if min(spread) <= 0.0 or sorted(ends) != ends:
        raise InputFaults([origin.fault(f"has no width, or its numbers fall: it reads {words}", value=f"{name}({inside})", check="vary")])
    return Distribution(known, tuple(numbers))


def grid(groups: Sequence[Group]) -> Design:
    """Every combination of the groups' values, the last one moving fastest. Raises InputFaults where a value is not listed."""
    faults = [_not_listed(vary) for group in groups for vary in group if not isinstance(vary.amount, Values)]
    if faults:
        raise InputFaults(faults)
    columns = [_side_by_side(group) for group in groups]
    total = math.prod(len(column) for column in columns)
    if total > MOST:
        raise InputFaults([COMMAND_LINE.fault(f"the grid has {total:,} scenarios: more than {MOST:,}", check="vary")])
    places = np.indices([len(column) for column in columns]).reshape(len(columns), total)
    values = np.hstack([column[place] for column, place in zip(columns, places, strict=True)])
    return design_of([vary for group in groups for vary in group], values)


def _not_listed(vary: Vary) -> Fault:
    place, said = vary.template.place, vary.name
    if isinstance(vary.amount, Range):
        first, last = written(vary.amount.first), written(vary.amount.last)
        message = f"is a range without a step: write {first}:{last}:STEP, or ask for the exact response or a sample"
        return place.fault(message, value=f"{said} {first}:{last}", check="vary")
    return place.fault("is a distribution: it needs a sample, such as sobol:64", value=f"{said} {vary.amount.name}(...)", check="vary")  # type: ignore[union-attr]


def _side_by_side(group: Group) -> Floats:
    """The values of a group (values, changes); a single value stands in all."""
    amounts = [vary.amount.values for vary in group if isinstance(vary.amount, Values)]
    longest = max(len(values) for values in amounts)
    return np.array([values * (longest if len(values) == 1 else 1) for values in amounts], dtype=np.float64).T


def design_of(varies: Sequence[Vary], values: Floats) -> Design:
    """A design, its values checked. Raises InputFaults where a change is varied twice, or a value does not fit its column."""
    names = [vary.name for vary in varies]
    twice = [vary for k, vary in enumerate(varies) if vary.name in names[:k]]
    faults = [vary.template.place.fault("is varied twice", value=vary.name, check="vary") for vary in twice]
    for vary, column in zip(varies, values.T, strict=True):
        faults += vary.faults(column[~np.isnan(column)].tolist())
    if faults:
        raise InputFaults(faults)
    return Design(tuple(varies), np.ascontiguousarray(values))


def written(value: float) -> str:
    """A number in the fewest digits that read back as the same."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
