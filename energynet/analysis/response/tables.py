"""The tables of a response: breakpoints, what changes at each, the figures at each, and prices as steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

from energynet.analysis.ranges import Figure, figures
from energynet.analysis.response.words import Event, Teller, Tight, headline, turn
from energynet.results.frames import carrier_of, clean, money_unit, unit_of
from energynet.solution import Solution

if TYPE_CHECKING:
    from energynet.analysis.response.answer import Point, Response

NAMES = ("breakpoints", "events", "response", "response_prices")
SAME = 1e-9  # USD/tcm or USD/MWh, relative beyond 1: prices nearer than this are one
LEAST = 1e-9  # bcm or TWh: a figure that is never more is left out


def tables(response: Response) -> Mapping[str, pd.DataFrame]:
    """All tables of a response by name."""
    return _Tables(response).all()


class _Tables:
    def __init__(self, response: Response) -> None:
        self.response, self.line = response, response.line
        piece = response.pieces[0]
        middle = self.line.middle
        self.sample = Solution(
            "optimal", 0.0, self.line.systems[2], middle, piece.primal.base, piece.dual, piece.reduced, response.points[0].certificate
        )
        self.figures = [*figures(self.sample), *self._more()]
        self.weights = sp.csr_matrix(np.array([one.weights for one in self.figures]))
        self.teller = Teller(self.line)
        self.tight = {id(one): Tight(self.line, one) for one in response.pieces}

    def all(self) -> Mapping[str, pd.DataFrame]:
        events = [self._events(point) for point in self.response.points]
        return {
            "breakpoints": pd.DataFrame([self._breakpoint(k, point, events[k]) for k, point in enumerate(self.response.points)]),
            "events": self._event_table(events),
            "response": self._response(),
            "response_prices": pd.DataFrame(list(self._prices()), columns=["demand", "period", "from_value", "to_value", "price", "unit"]),
        }

    def values(self, share: float) -> dict[str, float]:
        """The value of every change at a share, by the change's name."""
        return {leg.name: leg.value(share) for leg in self.line.legs}

    def _events(self, point: Point) -> list[Event]:
        if point.before is None or point.after is None:
            return []
        return self.teller.events(self.tight[id(point.before)], self.tight[id(point.after)])

    def _breakpoint(self, number: int, point: Point, events: list[Event]) -> dict[str, Any]:
        before, after = point.before, point.after
        piece = before or after
        assert piece is not None
        slopes = [np.nan if one is None else self.response.slope(one) for one in (before, after)]
        words = headline(self.line.legs, point.share, events, self._turn(point)) if before and after else self._end(point)
        worst = max(point.certificate.checks, key=lambda check: check.share)
        return {
            "point": number, "kind": point.kind, **self.values(point.share), "objective_musd": self.response.cost(piece, point.share),
            "slope_before": slopes[0], "slope_after": slopes[1], "words": words, "certified": point.certificate.holds,
            "worst_check": worst.name, "worst": worst.worst,
        }  # fmt: skip

    def _end(self, point: Point) -> str:
        if point.kind != "edge":
            return ""
        lost = next((one for one in self.response.without if one.first - 1e-6 <= point.share <= one.last + 1e-6), None)
        side = "before" if point.before is None else "above"
        return f"{side} this no flows keep all limits at once: {'; '.join(lost.words[:3]) if lost else ''}".rstrip(": ")

    def _turn(self, point: Point) -> str:
        assert point.before is not None
        assert point.after is not None
        bent = self.weights @ (point.after.primal.slope - point.before.primal.slope)
        energy, bends = self._energy(), dict[tuple[str, str], float]()
        for one, change in zip(self.figures, bent, strict=True):
            if one.kind == "delivery":
                bends[one.name, one.origin] = bends.get((one.name, one.origin), 0.0) + float(change) * energy[one.unit]
        return turn(bends)

    def _energy(self) -> dict[str, float]:
        """What a figure's unit is in TWh, so that carriers compare."""
        carriers = self.sample.system["carriers"]
        return {"TWh": 1.0, "bcm": max((float(e) for e, u in zip(carriers.number["energy_per_unit"], carriers.text["unit"], strict=True)
                                         if u == "mcm"), default=1.0)}  # fmt: skip

    def _event_table(self, events: list[list[Event]]) -> pd.DataFrame:
        rows = [
            {"point": k, **self.values(point.share), "event": event.event, "component": event.component, "family": event.family,
             "record": event.records[0], "key": "/".join(event.records), "period": event.period, "words": event.words}
            for k, (point, found) in enumerate(zip(self.response.points, events, strict=True))
            for event in found
        ]  # fmt: skip
        columns = ["point", *self.values(0.0), "event", "component", "family", "record", "key", "period", "words"]
        return pd.DataFrame(rows, columns=columns)

    def _more(self) -> Iterator[Figure]:
        """Annual supply by record, and unserved demand by record."""
        system, program = self.sample.system, self.line.middle
        for family in program.columns:
            if family.name not in ("supply", "unserved"):
                continue
            table = "supplies" if family.name == "supply" else "demands"
            first, stride, _ = program.family_slice(family)
            for record in dict.fromkeys(key[0] for key in family.keys):
                places = [first + k for k, key in enumerate(family.keys) if key[0] == record]
                unit = "bcm" if unit_of(system, carrier_of(system, table, record)) == "mcm" else "TWh"
                origin = str(system["supplies"].of("origin", record)) if table == "supplies" else ""
                for year in np.unique(system.horizon.year):
                    inside = np.flatnonzero(system.horizon.year == year)
                    weights = np.zeros(program.column_count)
                    for place in places:
                        weights[place + stride * inside] = program.days[inside] / 1000.0
                    yield Figure(family.name, record, origin, str(system[table].of("name", record)), int(year), unit, weights)

    def _response(self) -> pd.DataFrame:
        """Every figure at every point: between two points it moves in a straight line."""
        points = self.response.points
        volumes = np.array([self.weights @ self._piece(point).primal.at(point.share) for point in points])
        told = np.flatnonzero(np.abs(volumes).max(axis=0) > LEAST)
        frame: dict[str, Any] = {"point": np.repeat(np.arange(len(points)), len(told))}
        for leg in self.line.legs:
            frame[leg.name] = np.repeat([leg.value(point.share) for point in points], len(told))
        for name in ("kind", "figure", "origin", "name", "year", "unit"):
            frame[name] = np.tile(np.array([getattr(self.figures[k], name) for k in told], dtype=object), len(points))
        frame["volume"] = clean(volumes[:, told]).ravel()
        return pd.DataFrame(frame).astype({"year": "int64"})

    @staticmethod
    def _piece(point: Point) -> Any:  # noqa: ANN401
        return point.before or point.after

    def _prices(self) -> Iterator[tuple[str, str, float, float, float, str]]:
        """The price of each demand and period, one row a step."""
        system, pieces, leg = self.sample.system, self.response.pieces, self.line.legs[0]
        family = next((one for one in self.line.middle.rows if one.name == "taken"), None)
        if family is None:
            return
        first, stride, count = self.line.middle.family_slice(family)
        at = first + stride * np.arange(len(system.horizon))[:, None] + np.arange(count)[None, :]
        steps = clean(np.array([piece.dual[at] for piece in pieces]) * self.sample.unit_value()[None, :, None])
        for k, (demand,) in enumerate(family.keys):
            unit = money_unit(system, carrier_of(system, "demands", demand))
            for t, period in enumerate(system.horizon.labels):
                begin = 0
                for n in range(1, len(pieces) + 1):
                    here = steps[begin, t, k]
                    parted = n < len(pieces) and abs(pieces[n].first - pieces[n - 1].last) > 1e-6
                    if n == len(pieces) or parted or abs(steps[n, t, k] - here) > SAME * max(1.0, abs(here)):
                        yield demand, period, leg.value(pieces[begin].first), leg.value(pieces[n - 1].last), float(here), unit
                        begin = n
