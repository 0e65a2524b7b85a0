"""What changes at a breakpoint, in words of the market: limits that are reached or left, what begins and ends, and who turns to what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from energynet.analysis.response.line import Leg, Line, Moving
from energynet.analysis.response.pieces import Flags, Piece
from energynet.components.catalogue import SINGULAR
from energynet.program.linear_program import Family

TIGHT = 1e-7  # units, and a share of the limit: nearer than this all along a piece, a limit is reached
LEAST = 1e-6  # of the greatest slope: a turn smaller than this is none
MOST = 3  # events that the words of a breakpoint name; the rest are counted
EVENTS = ("reached", "begins", "left", "ends")
Pair = tuple[str, str]

# what is said of a row when its limit is reached, and when it is left; rows of other families are told by their name
ROWS: Mapping[str, Pair | None] = {
    "capacity": ("{name} is full", "{name} is no longer full"),
    "netting_limit": ("{name} exchanges all the origins that it can", "{name} exchanges fewer origins than it can"),
    "corridor": ("{name} is full in both directions together", "{name} is no longer full"),
    "minimum_flow": ("{name} is down to its technical minimum", "{name} rises above its technical minimum"),
    "supply_minimum": ("{name} is down to its minimum", "{name} rises above its minimum"),
    "swing": ("{name} gives all that its swing allows", "{name} gives less than its swing allows"),
    "annual_maximum": ("{name} gives all of its year", "{name} gives less than its year allows"),
    "annual_minimum": ("{name} is down to its annual minimum", "{name} rises above its annual minimum"),
    "working_volume": ("{name} is full", "{name} is no longer full"),
    "closing_stock": ("{name} ends with no more than its closing stock", "{name} ends with more than its closing stock"),
    "injection_rate": ("{name} injects as fast as it can", "{name} injects less than it can"),
    "injection_curve": ("{name} injects as fast as its stock lets it", "{name} injects less than its stock lets it"),
    "withdrawal_rate": ("{name} withdraws as fast as it can", "{name} withdraws less than it can"),
    "withdrawal_curve": ("{name} withdraws as fast as its stock lets it", "{name} withdraws less than its stock lets it"),
    "target": ("{name} is filled to its target and no more", "{name} is filled beyond its target"),
    "annual_quantity": ("{name} has given all of its contract year", "{name} gives less than its contract year allows"),
    "take_or_pay": ("{name} is taken at its take-or-pay", "{name} is taken beyond its take-or-pay"),
    "make_up": ("{name} uses all of its make-up", "{name} uses less than all of its make-up"),
    "conversion": ("{name} runs at its capacity", "{name} runs below its capacity"),
    "ceiling": ("{name} is reached", "{name} is no longer reached"),
    "delivery": None,
    "beyond_booking": None,
    "segment_width": None,
    "netted_flow": None,
    "spared_flow": None,
}  # fmt: skip
# of a column: as it begins, as it ends, as it reaches its bound, as it leaves it
COLUMNS: Mapping[str, tuple[str, str, str, str] | None] = {
    "flow": (
        "{origin} begins to flow through {name}", "{origin} no longer flows through {name}",
        "{origin} fills what it may use of {name}", "{origin} uses less of {name} than it may",
    ),
    "supply": (
        "{name}{part} begins", "{name}{part} is no longer used", "{name}{part} is at its maximum", "{name}{part} falls below its maximum",
    ),
    "taken": (
        "{name} begins to take {origin}", "{name} takes no more {origin}", "{name} takes all the {origin} that it may",
        "{name} takes less {origin} than it may",
    ),
    "unserved": (
        "{name} is short{part}", "{name} is no longer short{part}", "{name} has nothing left{part}", "{name} has something again{part}",
    ),
    "bought": (
        "{name} buys more than its firm demand{part}", "{name} buys no more than its firm demand{part}",
        "{name} buys all that it would{part}", "{name} buys less than all that it would{part}",
    ),
    "beyond": ("{name} is used beyond its bookings", "{name} stays within its bookings", "", ""),
    "delivered": (
        "{name} begins to be taken", "{name} is no longer taken", "{name} is at its daily maximum", "{name} falls below its daily maximum",
    ),
    "not_taken": ("{name} falls below its take-or-pay", "{name} no longer falls below its take-or-pay", "", ""),
    "shortfall": ("{name} falls below its daily minimum", "{name} no longer falls below its daily minimum", "", ""),
    "inventory": ("{name} holds {origin} again", "{name} is empty of {origin}", "", ""),
    "inject": ("{name} begins to store {origin}", "{name} no longer stores {origin}", "", ""),
    "withdraw": ("{name} begins to give {origin}", "{name} no longer gives {origin}", "", ""),
    "target_missing": ("{name} misses its filling target", "{name} no longer misses its filling target", "", ""),
    "convert": ("{name} begins to run", "{name} stands still", "{name} is at its limit", "{name} falls below its limit"),
    "swapped": ("{name} begins", "{name} ends", "{name} is at its maximum", "{name} falls below its maximum"),
    "served": None,
    "haul": None,
    "netted": None,
    "spared": None,
    "average": None,
    "make_up": None,
}  # fmt: skip
# what an analyst wants to know first
FIRST = ("unserved", "capacity", "corridor", "annual_maximum", "supply", "annual_quantity", "take_or_pay", "not_taken", "working_volume",
         "bought", "swing", "ceiling", "withdrawal_curve", "withdrawal_rate")  # fmt: skip


@dataclass(frozen=True)
class Event:
    """`event`: a limit `reached` or `left`, a flow that `begins` or `ends`. `family` is the variable or constraint, `records` its key."""

    event: str
    family: str
    component: str
    records: tuple[str, ...]
    period: str
    words: str

    @property
    def rank(self) -> tuple[int, int]:
        """What matters first; of one family the limit that is reached before what begins for it."""
        return FIRST.index(self.family) if self.family in FIRST else len(FIRST), EVENTS.index(self.event)


class Tight:
    """Which limits a piece touches all along: columns at their lower bound (zero) and at their upper bound, rows at either side."""

    def __init__(self, line: Line, piece: Piece) -> None:
        self.zero = _touches(piece, piece.primal, line.lower)
        self.full = _touches(piece, piece.primal, line.upper)
        both = np.isclose(line.row_lower.base, line.row_upper.base) & np.isfinite(line.row_lower.base)
        sides = [_touches(piece, piece.activity, side) for side in (line.row_lower, line.row_upper)]
        self.rows: Flags = (sides[0] | sides[1]) & ~both


def _touches(piece: Piece, values: Moving, limit: Moving) -> NDArray[np.bool_]:
    """Where a limit is reached at both ends of the piece, and so all along it."""
    found = np.isfinite(limit.base)
    for share in (piece.first, piece.last):
        at = limit.at(share)
        with np.errstate(invalid="ignore"):
            found &= np.abs(values.at(share) - at) <= TIGHT * np.maximum(1.0, np.abs(at))
    return np.asarray(found)


class Teller:
    """Tells what changes between two pieces, names taken from the data."""

    def __init__(self, line: Line) -> None:
        self.line, self.system = line, line.systems[2]
        self.program = line.middle

    def events(self, before: Tight, after: Tight) -> list[Event]:
        """Every limit reached or left between two pieces, what matters first."""
        found = []
        for j in np.flatnonzero((before.zero != after.zero) | (before.full != after.full)):
            found += list(self._column(int(j), before, after))
        for i in np.flatnonzero(before.rows != after.rows):
            found += list(self._row(int(i), reached=bool(after.rows[i])))
        return sorted(found, key=lambda event: event.rank)

    def _column(self, j: int, before: Tight, after: Tight) -> Iterator[Event]:
        family, key, period = self._columns.place(j)
        said = COLUMNS.get(family.name, ("{label} begins", "{label} ends", "{label} is at its limit", "{label} falls below its limit"))
        if said is None:
            return
        if before.zero[j] != after.zero[j]:
            event, words = ("ends", said[1]) if after.zero[j] else ("begins", said[0])
            yield from self._event(event, family, key, period, words)
        if before.full[j] != after.full[j]:
            event, words = ("reached", said[2]) if after.full[j] else ("left", said[3])
            yield from self._event(event, family, key, period, words)

    def _row(self, i: int, *, reached: bool) -> Iterator[Event]:
        family, key, period = self._rows.place(i)
        said = ROWS.get(family.name, ("{label} is reached", "{label} is no longer reached"))
        if said is not None:
            event, words = ("reached", said[0]) if reached else ("left", said[1])
            yield from self._event(event, family, key, period, words)

    def _event(self, event: str, family: Family, key: tuple[str, ...], period: str, template: str) -> Iterator[Event]:
        if template:
            label = f"{family.name} of {', '.join(key)}"
            said = template.format(name=self._name(family, key), origin=self._origin(key), part=_part(family, key), label=label)
            when = key[-1] if family.horizon else period
            yield Event(event, family.name, family.component, key, when, f"{said} in {when}" if when else said)

    def _name(self, family: Family, key: tuple[str, ...]) -> str:
        """The name of the record that a row or column is about."""
        table = SINGULAR.get(family.name) or SINGULAR.get(family.component)
        if table is None or table.name not in self.system.records:
            return key[0]
        records = self.system[table.name]
        return str(records.of("name", key[0])) if key[0] in records.position and "name" in records.text else key[0]

    def _origin(self, key: tuple[str, ...]) -> str:
        return key[1] if len(key) > 1 and key[1] in self.system["origins"].position else ""

    @cached_property
    def _columns(self) -> _Places:
        return _Places(self.program.columns, self.program.columns_per_period, self.program.periods)

    @cached_property
    def _rows(self) -> _Places:
        return _Places(self.program.rows, self.program.rows_per_period, self.program.periods)


class _Places:
    """Family, key and period label of a position."""

    def __init__(self, families: Sequence[Family], per_period: int, periods: Sequence[str]) -> None:
        self._size, self._periods = per_period, periods
        self._within = {False: [], True: []}  # type: dict[bool, list[tuple[Family, tuple[str, ...]]]]
        for family in sorted(families, key=lambda one: one.first):
            self._within[family.horizon] += [(family, key) for key in family.keys]

    def place(self, position: int) -> tuple[Family, tuple[str, ...], str]:
        inside = len(self._periods) * self._size
        if position >= inside:
            return *self._within[True][position - inside], ""
        period, within = divmod(position, self._size)
        return *self._within[False][within], self._periods[period]


def _part(family: Family, key: tuple[str, ...]) -> str:
    """Which step, tier or block a column is, where there are several."""
    several = len(key) > 1 and sum(other[0] == key[0] for other in family.keys) > 1
    return f" ({'step ' if family.name == 'supply' else 'block ' if family.name == 'bought' else ''}{key[1]})" if several else ""


def turn(bends: Mapping[tuple[str, str], float]) -> str:
    """Who turns from what to what: the greatest gain of {(who, what): change of the slope, after less before}, and who loses for it."""
    if not bends:
        return ""
    (who, what), gain = max(bends.items(), key=lambda item: item[1])
    if gain <= LEAST * max(abs(change) for change in bends.values()):
        return ""
    lost, loss = min(((other, change) for (buyer, other), change in bends.items() if buyer == who), key=lambda item: item[1])
    return f"{who} turns from {lost} to {what}" if -loss >= 0.5 * gain else f"{who} turns to {what}"


def headline(legs: Sequence[Leg], share: float, events: Sequence[Event], turned: str) -> str:
    """One sentence a breakpoint: `above +7.3 %: SCP is full in 2025-01; Türkiye turns from ... to LNG`."""
    named = [event.words for event in events[:MOST]]
    if len(events) > MOST:
        named.append(f"{len(events) - MOST} more")
    said = "; ".join([*named, *([turned] if turned else [])]) or "other flows at the same cost"
    return f"above {written(legs[0], share)}: {said}"


def written(leg: Leg, share: float) -> str:
    """A value of a change for people: a factor as a signed percentage, anything else with the change's unit."""
    value = leg.value(share)
    if leg.name.endswith("*="):
        return f"{100.0 * (value - 1.0):+.4g} %"
    unit = leg.change(value).unit
    return f"{value:.6g} {unit}".rstrip()
