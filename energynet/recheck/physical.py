"""What a linear program may do and a pipe, a line or a storage may not: measured in every answer, in volume and in money.

An optimum may burn gas or power where its price is below zero, or where nothing else can be done with it. That is no failure of
optimality, so the certificate holds all the same; but it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from energynet.components.arc import Arcs, lines_of
from energynet.recheck.projects import grown
from energynet.recheck.values import Floats, Values
from energynet.solver.certificate import PRIMAL, Finding

IN_AND_OUT = "in and out of a storage at once"
BOTH_WAYS = "both ways on one line at once"
OUT_OF_ORDER = "loss segments out of order"
ABOVE = "forward and backward above a line's capacity"
KINDS = (IN_AND_OUT, BOTH_WAYS, OUT_OF_ORDER, ABOVE)


@dataclass(frozen=True)
class Case:
    """What one place does: `amount` and what is `lost` by it, units/d (T,); `worth`, million USD for one unit a day in a period (T,)."""

    kind: str
    carrier: str
    place: str
    amount: Floats
    lost: Floats
    worth: Floats


def physical(values: Values, dual: Floats) -> tuple[Finding, ...]:
    """One finding for each kind and each carrier that flows, zero where there is none. `dual` (rows,) prices the balances.

    `volume` is how much went in and out at once, both ways at once, through a later segment while an earlier one had room, or above the
    capacity. `lost` is the fuel and losses that this cost, and `musd` what they were worth at the prices of their places, below zero where
    losing it was paid for; of what is above a capacity `musd` is the volume at the difference of prices between the two ends.
    """
    measured = _Measure(values, dual)
    found: dict[tuple[str, str], list[Case]] = {}
    for case in measured.cases():
        found.setdefault((case.kind, case.carrier), []).append(case)
    units = {carrier: str(values.system["carriers"].of("unit", carrier)) for carrier in measured.carriers()}
    return tuple(_finding(values, kind, carrier, unit, found.get((kind, carrier), [])) for kind in KINDS for carrier, unit in units.items())


def _finding(values: Values, kind: str, carrier: str, unit: str, cases: Sequence[Case]) -> Finding:
    if not cases:
        return Finding(kind, carrier, 0.0, "", 0.0, 0.0, 0.0, unit)
    amounts = np.array([case.amount for case in cases]) * values.weighted
    k, t = np.unravel_index(int(np.argmax(amounts)), amounts.shape)
    lost = float(sum((case.lost * values.weighted).sum() for case in cases))
    money = float(sum((case.lost * case.worth).sum() for case in cases)) if kind != ABOVE else _of_excess(cases)
    where = f"{cases[int(k)].place}@{values.system.horizon.labels[int(t)]}"
    return Finding(kind, carrier, float(amounts[k, t]), where, float(amounts.sum()), lost, money, unit)


def _of_excess(cases: Sequence[Case]) -> float:
    return float(sum((case.amount * case.worth).sum() for case in cases))


class _Measure:
    """The rates of a solution added up by storage, arc and segment, and the prices at its nodes."""

    def __init__(self, values: Values, dual: Floats) -> None:
        self.values, self.system = values, values.system
        self._prices, self._pairs = values.priced("balance", dual)
        self._place = {pair: k for k, pair in enumerate(self._pairs)}
        self._by_arc, self._by_storage, self._hauls = (_by_first(values, name) for name in ("flow", "inject", "haul"))
        self._net = values.by_first("flow")
        for line in values.keys("netted"):
            netted = values.of("netted", *line)
            self._net |= {arc: self._net[arc] - netted for arc in line}

    def carriers(self) -> list[str]:
        """The carriers of the nodes that take part, in the order of their table."""
        present = {str(self.system["nodes"].of("carrier", node)) for node, _ in self.system.pairs.nodes}
        return [carrier for carrier in self.system["carriers"] if carrier in present]

    def cases(self) -> Iterator[Case]:
        yield from self._storages()
        yield from self._lines()
        yield from self._segments()

    def _worth(self, node: str, weights: Sequence[tuple[str, Floats]]) -> Floats:
        """Million USD for one more unit a day at a node (T,): the mean over origins, by how much there is of each."""
        total, sum_of = self.values.zero, self.values.zero
        for origin, rate in weights:
            k = self._place.get((node, origin))
            if k is not None:
                total, sum_of = total + rate, sum_of + rate * self._prices[:, k]
        return np.asarray(np.where(total > 0.0, sum_of / np.where(total > 0.0, total, 1.0), 0.0))

    def _storages(self) -> Iterator[Case]:
        """What is put in and comes straight out again, as far as the rate out goes with its losses."""
        table, values = self.system["storages"], self.values
        taken_out = values.by_first("withdraw")
        for storage, put_in in values.by_first("inject").items():
            out = taken_out.get(storage, values.zero)
            if not (np.minimum(put_in, out) > PRIMAL).any():
                continue
            kept = values.data("storages", "injection_efficiency", storage) * values.data("storages", "withdrawal_efficiency", storage)
            both = _told(np.minimum(put_in, out / np.where(kept > 0.0, kept, np.inf)))
            if both.any():
                worth = self._worth(table.of("node", storage), [(key[1], values.of("inject", *key)) for key in self._by_storage[storage]])
                yield Case(IN_AND_OUT, self.system.carrier_of["storages", storage], storage, both, both * (1.0 - kept), worth)

    def _share_lost(self, arc: str, net: Floats) -> Floats:
        """Fuel and losses of one unit that an arc carries (T,)."""
        values = self.values
        split = self._hauls.get(arc)
        if not split:
            return values.data("arcs", "loss", arc)
        fuel = np.sum([values.of("haul", *key) * values.data("arc_segments", "loss", f"{arc}/{key[2]}") for key in split], axis=0)
        return np.asarray(np.where(net > PRIMAL, fuel / np.where(net > PRIMAL, net, 1.0), 0.0))

    def _lines(self) -> Iterator[Case]:
        for line in lines_of(self.system["arcs"]):
            ways = tuple(tuple(arc for arc in way if arc in self._by_arc) for way in line)
            rates = [self._of(self._net.__getitem__, way) for way in ways]
            if (np.minimum(*rates) > PRIMAL).any():
                yield from self._line(ways, rates)

    def _of(self, what: Callable[[str], Floats], arcs: Arcs) -> Floats:
        return sum((what(arc) for arc in arcs), start=self.values.zero)

    def _line(self, ways: tuple[Arcs, ...], rates: Sequence[Floats]) -> Iterator[Case]:
        values, arcs = self.values, self.system["arcs"]
        first, name = ways[0][0], ", ".join(arc for way in ways for arc in way)
        carrier = self.system.carrier_of["arcs", first]
        share = np.sum([self._share_of(way, rate) for way, rate in zip(ways, rates, strict=True)], axis=0)
        both = _told(np.minimum(*rates))
        if self.system["carriers"].of("netting", carrier):  # only the difference counts; where nothing is lost, nothing else is there
            both = np.where(share > 0.0, both, 0.0)
        weights = [(key[1], values.of("flow", *key)) for arc in ways[0] for key in self._by_arc[arc]]
        start, end = (self._worth(arcs.of(column, first), weights) for column in ("from_node", "to_node"))
        if both.any():
            yield Case(BOTH_WAYS, carrier, name, both, both * share, start)
        most = np.max([self._of(self._capacity, way) for way in ways], axis=0)
        excess = np.where(both > 0.0, _told(rates[0] + rates[1] - most), 0.0)
        if excess.any():
            yield Case(ABOVE, carrier, name, excess, values.zero, np.abs(end - start))

    def _share_of(self, way: Arcs, rate: Floats) -> Floats:
        """Fuel and losses of one unit that the arcs of one direction carry together (T,)."""
        if len(way) == 1:
            return self._share_lost(way[0], rate)
        lost = np.sum([self._share_lost(arc, self._net[arc]) * self._net[arc] for arc in way], axis=0)
        return np.asarray(np.where(rate > PRIMAL, lost / np.where(rate > PRIMAL, rate, 1.0), 0.0))

    def _capacity(self, arc: str) -> Floats:
        values = self.values
        return np.asarray(values.data("arcs", "available", arc) + grown(values, "arc", arc) * values.data("arcs", "available_share", arc))

    def _segments(self) -> Iterator[Case]:
        values, arcs = self.values, self.system["arcs"]
        for arc, keys in self._hauls.items():
            by_segment: dict[str, Floats] = {}
            for key in keys:
                by_segment[key[2]] = by_segment.get(key[2], values.zero) + values.of("haul", *key)
            left = np.sum(list(by_segment.values()), axis=0)
            beyond, lost = values.zero, values.zero
            for segment in sorted(by_segment, key=int):
                width = values.data("arc_segments", "width", f"{arc}/{segment}")
                right = np.where(np.isnan(width), left, np.minimum(left, width))
                left = left - right
                beyond = beyond + np.maximum(by_segment[segment] - right, 0.0)
                lost = lost + values.data("arc_segments", "loss", f"{arc}/{segment}") * (by_segment[segment] - right)
            beyond = _told(beyond)
            if beyond.any():
                worth = self._worth(arcs.of("from_node", arc), [(key[1], values.of("flow", *key)) for key in self._by_arc[arc]])
                carrier = self.system.carrier_of["arcs", arc]
                yield Case(OUT_OF_ORDER, carrier, arc, beyond, np.where(beyond > 0.0, lost, 0.0), worth)


def _by_first(values: Values, name: str) -> dict[str, list[tuple[str, ...]]]:
    """The keys of a variable by their first part."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for key in values.keys(name):
        found.setdefault(key[0], []).append(key)
    return found


def _told(rate: Floats) -> Floats:
    """A rate above the tolerance of the certificate, else zero."""
    return np.where(rate > PRIMAL, rate, 0.0)
