"""A line of change: one or several changes whose values move side by side from a first value to a last one, and the programs along it.

Along a line that the response can follow, costs and coefficients stand still, and every bound, right-hand side and constant of the
objective is a straight function of the share of the way (0 at the first values, 1 at the last).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from energynet.dataset.changes import Change
from energynet.errors import UsageFault
from energynet.program.layout import Program
from energynet.program.linear_program import LinearProgram
from energynet.system.records import Records
from energynet.system.system import System

Floats = NDArray[np.float64]
ENDS = (0.07, 0.93)  # inside, so that a value of zero at an end does not change which columns there are
MIDDLE = 0.5
BETWEEN = (0.31, MIDDLE, 0.66)
SAME = 1e-9
VECTORS = ("lower", "upper", "row_lower", "row_upper")
NOT_FOLLOWED = "the exact response follows right-hand sides and bounds only; a sweep over single values can do this"
ANOTHER = f"a line, buyer or supply comes or goes on the way, so the program is not one; {NOT_FOLLOWED}"


@dataclass(frozen=True)
class Leg:
    """One change of a line, from a first value to a last one, in the unit of the change. `name` is the change without its value."""

    name: str
    first: float
    last: float
    change: Callable[[float], Change]

    def value(self, share: float) -> float:
        """The value at a share of the way."""
        return self.first + share * (self.last - self.first)


@dataclass(frozen=True)
class Moving:
    """A vector along the line: `base + share x slope`; infinite where there is no bound."""

    base: Floats
    slope: Floats

    def at(self, share: float) -> Floats:
        return self.base + share * self.slope


@dataclass(frozen=True)
class Line:
    """The programs along a line of change. `middle` is the one in the middle; costs and coefficients are its own everywhere."""

    legs: tuple[Leg, ...]
    middle: LinearProgram
    lower: Moving
    upper: Moving
    row_lower: Moving
    row_upper: Moving
    constants: Moving  # of each cost item (items,)
    systems: tuple[System, System, System]  # at ENDS, then in the middle

    def program(self, share: float) -> LinearProgram:
        """The program at a share of the way."""
        constants = self.constants.at(share)
        costs = tuple(replace(item, constant=float(value)) for item, value in zip(self.middle.costs, constants, strict=True))
        return replace(
            self.middle, lower=self.lower.at(share), upper=self.upper.at(share), row_lower=self.row_lower.at(share),
            row_upper=self.row_upper.at(share), costs=costs, offset=float(constants.sum()),
        )  # fmt: skip

    def system(self, share: float) -> System:
        """The System at a share of the way, its numbers on the straight lines through those at ENDS."""
        first, last, middle = self.systems
        return replace(middle, records={name: _between(first[name], last[name], share) for name in middle.records})

    def share(self, value: float) -> float:
        """The share of the way at which the first change has a value."""
        leg = self.legs[0]
        return (value - leg.first) / (leg.last - leg.first)


def changes_at(legs: Sequence[Leg], share: float) -> tuple[Change, ...]:
    """The changes at a share of the way."""
    return tuple(leg.change(leg.value(share)) for leg in legs)


def find_line(legs: Sequence[Leg], build: Callable[[tuple[Change, ...]], System]) -> Line:
    """The line of these legs, `build` giving the System with some changes.

    Raises UsageFault where the line is none that the response follows: it moves a cost or a coefficient, a limit does not move
    in a straight line, a column or row comes or goes on the way, a column must be a whole number, or nothing moves at all.
    """
    what = " together ".join(leg.name for leg in legs)
    if any(leg.first == leg.last for leg in legs):
        raise UsageFault(f"{what}: begins and ends at one value, so there is no line to follow")
    for share in (0.0, 1.0):
        build(changes_at(legs, share))  # the faults of either end are told before anything is solved
    systems = {share: build(changes_at(legs, share)) for share in (*ENDS, *BETWEEN)}
    first, last = (Program(systems[share]).lay(systems[share]) for share in ENDS)
    if any(system.pairs != systems[MIDDLE].pairs for system in systems.values()):
        raise UsageFault(f"{what}: {ANOTHER}")
    compiled = Program(systems[MIDDLE])
    between = {share: compiled.lay(systems[share]) for share in BETWEEN}
    for other in (*between.values(), last):
        _refuse_unlike(other, first, what)
    middle = between[MIDDLE]
    if len(middle.whole):
        raise UsageFault(f"{what}: {middle.column_name(int(middle.whole[0]))} must be a whole number, so the answer jumps")
    moving = {name: _moving(getattr(first, name), getattr(last, name)) for name in VECTORS}
    constants = _moving(_constants(first), _constants(last))
    ends = (systems[ENDS[0]], systems[ENDS[1]], systems[MIDDLE])
    line = Line(tuple(legs), middle, **moving, constants=constants, systems=ends)
    for share, laid in between.items():
        _refuse_bent(line, share, laid, what)
        _refuse_bent_data(line, share, systems[share], what)
    if not any(np.any(one.slope) for one in (*moving.values(), constants)):
        raise UsageFault(f"{what}: moves nothing of the program, so there is nothing to follow")
    return line


def _constants(program: LinearProgram) -> Floats:
    return np.array([item.constant for item in program.costs], dtype=np.float64)


def _between(first: Records, last: Records, share: float) -> Records:
    """Records with each number on the straight line through its values at ENDS."""
    low, high = ENDS
    way = (share - low) / (high - low)
    number = {name: array + way * (last.number[name] - array) for name, array in first.number.items()}
    return replace(first, number=number)


def _moving(first: Floats, last: Floats) -> Moving:
    """The straight line through the values at ENDS; a slope within rounding is zero."""
    low, high = ENDS
    known = np.isfinite(first) & np.isfinite(last)
    rise = np.where(known, last, 0.0) - np.where(known, first, 0.0)
    rise[np.abs(rise) <= 1e-13 * np.maximum(1.0, np.abs(np.where(known, first, 0.0)))] = 0.0
    slope = rise / (high - low)
    return Moving(first - low * slope, slope)


def _refuse_unlike(program: LinearProgram, first: LinearProgram, what: str) -> None:
    """Refuse a line on which the program changes in more than its limits."""
    same = (program.columns, program.rows) == (first.columns, first.rows) and np.array_equal(program.start, first.start)
    if not same or not np.array_equal(program.index, first.index):
        raise UsageFault(f"{what}: {ANOTHER}")
    for name, where, label in _moved(program, first):
        raise UsageFault(f"{what}: moves {name} {label(where)}; {NOT_FOLLOWED}")


def _moved(program: LinearProgram, first: LinearProgram) -> Iterator[tuple[str, int, Callable[[int], str]]]:
    """What moves beside the limits: the first of the costs, of the coefficients, and of the objectives of the second stage."""
    for name, attribute in (
        ("the cost of", "cost"), ("a coefficient:", "value"), ("what chooses between equal answers at", "fuel"),
        ("what chooses between equal answers at", "haul"),
    ):  # fmt: skip
        one, other = getattr(program, attribute), getattr(first, attribute)
        different = np.flatnonzero(np.abs(one - other) > 1e-12 * np.maximum(1.0, np.abs(other)))
        if len(different):
            label = _entry(program) if attribute == "value" else program.column_name
            yield name, int(different[0]), label


def _entry(program: LinearProgram) -> Callable[[int], str]:
    def label(entry: int) -> str:
        column = int(np.searchsorted(program.start, entry, side="right")) - 1
        return f"{program.column_name(column)} in {program.row_name(int(program.index[entry]))}"

    return label


def _refuse_bent(line: Line, share: float, laid: LinearProgram, what: str) -> None:
    """Refuse a line on which a limit does not move in a straight line."""
    for name in (*VECTORS, "constants"):
        expected = getattr(line, name).at(share)
        real = _constants(laid) if name == "constants" else getattr(laid, name)
        with np.errstate(invalid="ignore"):
            off = np.abs(expected - real) > SAME * np.maximum(1.0, np.abs(real))
        if np.any(off & np.isfinite(real)) or np.any(np.isfinite(expected) != np.isfinite(real)):
            where = int(np.flatnonzero(off | (np.isfinite(expected) != np.isfinite(real)))[0])
            raise UsageFault(f"{what}: the limit of {_limit(laid, name, where)} does not move in a straight line; {NOT_FOLLOWED}")


def _limit(program: LinearProgram, vector: str, where: int) -> str:
    if vector == "constants":
        return program.costs[where].item
    return program.row_name(where) if vector.startswith("row") else program.column_name(where)


def _refuse_bent_data(line: Line, share: float, real: System, what: str) -> None:
    """Refuse a line on which data that follow from others do not move in a straight line."""
    expected = line.system(share)
    for name, records in real.records.items():
        for column, array in records.number.items():
            if not np.allclose(expected[name].number[column], array, rtol=SAME, atol=SAME, equal_nan=True):
                raise UsageFault(f"{what}: {column} of {name} does not move in a straight line; {NOT_FOLLOWED}")
