"""Changes to the data, one line each: `arc[tanap_*].capacity @ 2025-01-11..2025-01-20 *= 0.5`."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, cast

from energynet.components.catalogue import SINGULAR
from energynet.dataset.cells import DAY, NUMBER
from energynet.dataset.yaml_file import Place
from energynet.errors import Fault, InputFaults, nearest
from energynet.schema import Column, Table

Operator = Literal["=", "*=", "+="]
SHAPE = re.compile(
    r"\s*(?P<component>\w+)\s*\[\s*(?P<pattern>[^\]]*?)\s*\]\s*\.\s*(?P<column>\w+)"
    r"\s*(?:@\s*(?P<window>[^=*+]*?)\s*)?(?P<operator>\*=|\+=|=)\s*(?P<value>.*?)\s*",
    re.DOTALL,
)
WINDOW = re.compile(rf"({DAY.pattern})(?:\s*\.\.\s*({DAY.pattern}))?")
AMOUNT = re.compile(rf"({NUMBER.pattern})\s*(.*)", re.DOTALL)
SWEEP = re.compile(r"\{.*\}.*|[^:\s]+:[^:\s]+(:[^:\s]+)?(\s.*)?", re.DOTALL)
EXAMPLE = "a change reads component[id or glob].column = value unit, e.g. demand[tr_market].quantity *= 1.1"
COMMAND_LINE = Place("change")
FIXED = ("profiles", "references", "assumptions", "observed", "routes")  # tables that no change reaches


@dataclass(frozen=True)
class Change:
    """One change. `window` holds its first and last day, inclusive; None: always. `unit` is '' where none is needed."""

    component: str
    pattern: str
    column: str
    window: tuple[date, date] | None
    operator: Operator
    value: float
    unit: str
    text: str
    place: Place = field(default=COMMAND_LINE, compare=False, repr=False)

    @property
    def table(self) -> Table:
        """The table that it changes."""
        return SINGULAR[self.component]


def parse_change(text: str, *, origin: Place = COMMAND_LINE) -> Change:
    """Read one change. Raises InputFaults with everything that can be told without the data."""
    match = SHAPE.fullmatch(text)
    if match is None:
        raise InputFaults([origin.fault(f"is not a change: {EXAMPLE}", value=text, check="change")])
    faults: list[Fault] = []
    column = _column(match["component"], match["column"], text, origin, faults)
    if not match["pattern"]:
        faults.append(origin.fault("names no record between its brackets", value=text, check="change"))
    window = _window(match["window"], column, match["component"], origin, faults) if match["window"] is not None else None
    operator = cast("Operator", match["operator"])
    value, unit = _amount(match["value"], operator, column, origin, faults)
    if faults:
        raise InputFaults(faults)
    return Change(match["component"], match["pattern"], match["column"], window, operator, value, unit, " ".join(text.split()), origin)


def _column(component: str, name: str, text: str, origin: Place, faults: list[Fault]) -> Column | None:
    table = SINGULAR.get(component)
    if table is None:
        faults.append(origin.fault(f"is no component (in {text!r})", value=component, hint=nearest(component, SINGULAR), check="change"))
        return None
    if table.name in FIXED:
        message = f"cannot be changed: {table.name} are no numbers of the model that stand by themselves"
        hint = "demand[...].quantity @ 2025-01-01..2025-01-31 *= 1.1" if table.name == "profiles" else None
        faults.append(origin.fault(message, value=component, hint=hint, check="change"))
        return None
    numbers = [column.name for column in table.columns if column.kind == "number" and column.name not in table.key]
    if name not in numbers:
        message = f"is no number of {table.name} that a change could set" if name in table.names else f"is no column of {table.name}"
        faults.append(origin.fault(message, value=name, hint=nearest(name, numbers, 0.4), check="change"))
        return None
    return table.column(name)


def _window(text: str, column: Column | None, component: str, origin: Place, faults: list[Fault]) -> tuple[date, date] | None:
    match = WINDOW.fullmatch(text)
    try:
        days = (date.fromisoformat(match[1]), date.fromisoformat(match[2] or match[1])) if match else None
    except ValueError:
        days = None
    if days is None or days[1] < days[0]:
        faults.append(origin.fault("is not a window of days written as 2025-01-11..2025-01-20", value=text, check="change"))
        return None
    if column is not None and not (SINGULAR[component].dated and column.dated):
        message = f"cannot hold for some days only: {column.name} of {component} has no dates"
        faults.append(origin.fault(message, value=text, check="change"))
    return days


def _amount(text: str, operator: Operator, column: Column | None, origin: Place, faults: list[Fault]) -> tuple[float, str]:
    match, swept = AMOUNT.fullmatch(text), SWEEP.fullmatch(text)
    if match is None or swept:
        message = "is a range or a list, which belongs to a sweep: one case takes one value" if swept else "is not a number with its unit"
        faults.append(origin.fault(message, value=text, check="change"))
        return 0.0, ""
    value, unit = float(match[1]), match[match.re.groups]
    faults += amount_faults(value, unit, operator, column, text, origin)
    return value, unit


def amount_faults(value: float, unit: str, operator: Operator, column: Column | None, text: str, origin: Place) -> list[Fault]:
    """What is wrong with an amount, as far as it can be told without the data; `text` is how it was written."""
    if not math.isfinite(value):
        return [origin.fault("is too large to be a number", value=text, check="change")]
    if operator == "*=":
        if unit:
            return [origin.fault("does not fit here: *= takes a pure number", value=unit, check="change")]
        if value < 0:
            return [origin.fault("is less than 0: a change cannot turn a sign", value=text, check="change")]
    elif column is not None and operator == "=" and column.dimension in ("fraction", "number"):
        given = value * (0.01 if unit == "%" else 1.0)
        low, high = column.minimum, column.maximum
        if (low is not None and given < low) or (high is not None and given > high):
            allowed = f"{'' if low is None else f'{low:g}'} to {'' if high is None else f'{high:g}'}".strip()
            return [origin.fault(f"is out of bounds: {column.name} goes from {allowed}", value=text, check="change")]
    return []
