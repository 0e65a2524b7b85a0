"""The matrix of the horizon, column by column: the entries of one period tiled, what a stock hands on, and the horizon's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from energynet.program.linear_program import Floats, Ints
from energynet.program.scopes import LAG, LAG_IN_DAY
from energynet.program.template import Compiled
from energynet.program.values import Integers, Source, Values
from energynet.system.system import System

GONE = -1


@dataclass(frozen=True)
class Links:
    """Where the horizon touches the period. A slot is one (row family and key, total) pair: the row and coefficient of each year."""

    rows: Integers  # (slots, groups): horizon row, or GONE
    coefficients: Floats  # (slots, groups)
    group: list[Integers]  # one a slot: the group of each period (T,)
    columns: list[Integers]  # one a slot: period columns of its total
    values: list[Values]  # one a slot: the total's coefficients


class Matrix:
    """The matrix of a compiled period and horizon with the numbers of one system: `source` of the periods, `annual` of the horizon."""

    def __init__(self, period: Compiled, horizon: Compiled, system: System, source: Source, annual: Source) -> None:
        self.period, self.horizon, self.system, self.source, self.annual = period, horizon, system, source, annual
        self.T, self.m, self.n = len(system.horizon), period.row_count, period.column_count

    def arrays(self, values: Values) -> tuple[Ints, Ints, Floats]:
        """`start`, `index` and `value`, with the coefficients of the period's rows."""
        kinds = np.array([kind for _, kind, _ in self.period.matrix[0]])
        inside = np.flatnonzero(kinds != "horizon")
        links, own = self._links()
        column = np.concatenate([np.array([self.period.matrix[0][e][2] for e in inside], dtype=np.int64), *links.columns])
        counts, own_index, own_value = self._horizon_columns(values, np.flatnonzero(kinds == "horizon"), own)
        order = np.argsort(column, kind="stable")
        place = np.empty(len(column), dtype=np.int64)
        place[order] = np.arange(len(column))
        size = self.T * len(column)
        index, value = np.empty(size + len(own_index), dtype=np.int32), np.empty(size + len(own_index))
        tables = index[:size].reshape(self.T, -1), value[:size].reshape(self.T, -1)
        self._fill_inside(values, inside, place[: len(inside)], *tables)
        self._fill_links(links, place[len(inside) :], *tables)
        start, gone = self._starts(column[order], tables[0], counts)
        _close_up(index, size, gone)
        _close_up(value, size, gone)
        last = int(start[-1])
        index[last - len(own_index) : last], value[last - len(own_index) : last] = own_index, own_value
        return start, index[:last], value[:last]

    def _starts(self, column: Integers, index: Ints, counts: Integers) -> tuple[Ints, dict[int, NDArray[np.bool_]]]:
        """Where each column starts, and the entries that are kept of each period that lacks some."""
        gone = {int(t): index[t] != GONE for t in np.flatnonzero(index.min(axis=1, initial=0) == GONE)}
        lengths = np.full(self.T, len(column))
        lengths[list(gone)] = [kept.sum() for kept in gone.values()]
        first = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
        start = np.zeros(self.T * self.n + len(counts) + 1, dtype=np.int32)
        ends = start[1 : self.T * self.n + 1].reshape(self.T, self.n)
        np.add(first[:-1, None], np.cumsum(np.bincount(column, minlength=self.n)).astype(np.int32), out=ends)
        for t, kept in gone.items():
            ends[t] = first[t] + np.cumsum(np.bincount(column[kept], minlength=self.n))
        start[self.T * self.n + 1 :] = first[-1] + np.cumsum(counts)
        return start, gone

    def _links(self) -> tuple[Links, list[tuple[int, int, float]]]:
        """The slots of the horizon's rows in the period's columns, and the entries of horizon columns in horizon rows."""
        coefficients = self.horizon.matrix[1].evaluate(self.annual, 1).static
        label_of = {f.first + k: key[-1] for f in self.horizon.rows for k, key in enumerate(f.keys)}
        base_of = {f.first + k: (f.name, key[:-1]) for f in self.horizon.rows for k, key in enumerate(f.keys)}
        slots: dict[Any, dict[str, tuple[int, float]]] = {}
        own = []
        for (row, kind, what), coefficient in zip(self.horizon.matrix[0], coefficients, strict=True):
            if kind == "own":
                own.append((row, what, float(coefficient)))
            else:
                total, key, year, label = what
                assert label == label_of[row]
                slots.setdefault((base_of[row], (total, key), year), {})[label] = (row, float(coefficient))
        rows, weights, groups, columns, values = [], [], [], [], []
        for (_, total, year), by_label in slots.items():
            labels, group = self.system.horizon.groups[year]
            rows.append([by_label[label][0] if label in by_label else GONE for label in labels])
            weights.append([by_label[label][1] if label in by_label else 0.0 for label in labels])
            places, evaluator = self.period.totals[total]
            groups.append(group)
            columns.append(np.array([column for _, column in places], dtype=np.int64))
            values.append(evaluator.evaluate(self.source, self.T))
        widest = max((len(r) for r in rows), default=0)
        padded = np.array([r + [GONE] * (widest - len(r)) for r in rows], dtype=np.int64).reshape(len(rows), widest)
        scaled = np.array([w + [0.0] * (widest - len(w)) for w in weights], dtype=float).reshape(len(rows), widest)
        return Links(padded, scaled, groups, columns, values), own

    def _fill_inside(self, values: Values, inside: Integers, where: Integers, index: Ints, value: Floats) -> None:
        """Rows of the period itself, and rows of the next period for what a stock hands on (with the next period's data)."""
        places = self.period.matrix[0]
        row = np.array([places[e][0] for e in inside], dtype=np.int64)
        first = np.zeros(index.shape[1], dtype=np.int32)
        first[where] = row
        steps = (np.arange(self.T) * self.m).astype(np.int32)
        np.add(steps[:, None], first[None, :], out=index)
        static = np.zeros(value.shape[1])
        static[where] = values.static[inside]
        value[:] = static
        position = np.full(len(values.static), GONE, dtype=np.int64)
        position[inside] = where
        here = position[values.varying] != GONE
        value[:, position[values.varying[here]]] = values.series[:, here]
        horizon = self.system.horizon
        for kind, previous in ((LAG, horizon.previous), (LAG_IN_DAY, horizon.previous_in_day)):
            lag = np.array([places[e][1] == kind for e in inside], dtype=bool)
            if lag.any():
                following = np.full(self.T, GONE, dtype=np.int64)
                following[previous[previous != GONE]] = np.flatnonzero(previous != GONE)
                lagged = where[lag]
                index[:, lagged] = np.where(following[:, None] == GONE, GONE, following[:, None] * self.m + row[lag][None, :])
                value[:, lagged] = value[np.maximum(following, 0)][:, lagged]
                self._join_own(inside, where, lag, np.flatnonzero(following == np.arange(self.T)), index, value)

    def _join_own(
        self, inside: Integers, where: Integers, lag: NDArray[np.bool_], periods: Integers, index: Ints, value: Floats
    ) -> None:  # fmt: skip
        """In periods that follow themselves (a year in one period) a row has the stock before and after in one column: one entry then."""
        if not len(periods):
            return
        places = self.period.matrix[0]
        own = {(places[e][0], places[e][2]): at for e, at in zip(inside[~lag], where[~lag], strict=True) if places[e][1] == "own"}
        for e, at in zip(inside[lag], where[lag], strict=True):
            same = own.get((places[e][0], places[e][2]))
            if same is not None:
                value[periods, same] += value[periods, at]
                index[periods, at] = GONE

    def _fill_links(self, links: Links, where: Integers, index: Ints, value: Floats) -> None:
        """Rows of the horizon: the row and coefficient of the year that the period lies in."""
        done = 0
        for slot, columns in enumerate(links.columns):
            place = where[done : done + len(columns)]
            done += len(columns)
            group = links.group[slot]
            row = links.rows[slot][group]
            index[:, place] = np.where(row == GONE, GONE, self.T * self.m + row)[:, None]
            value[:, place] = links.values[slot].dense(self.T) * links.coefficients[slot][group][:, None]

    def _horizon_columns(self, values: Values, entries: Integers, own: list[tuple[int, int, float]]) -> tuple[Integers, Ints, Floats]:
        """Columns of the horizon: entries in the rows of their periods, then in the rows of the horizon."""
        column_of = {(f.name, key): f.first + k for f in self.horizon.columns for k, key in enumerate(f.keys)}
        columns, rows, numbers = [], [], []
        for entry in entries:
            row, _, (name, year, key) = self.period.matrix[0][entry]
            labels, group = self.system.horizon.groups[year]
            columns.append(np.array([column_of[name, (*key, label)] for label in labels], dtype=np.int64)[group])
            rows.append(np.arange(self.T) * self.m + row)
            numbers.append(_series(values, int(entry), self.T))
        for own_row, own_column, number in own:
            columns.append(np.array([own_column]))
            rows.append(np.array([self.T * self.m + own_row]))
            numbers.append(np.array([number]))
        if not columns:
            return np.zeros(self.horizon.column_count, dtype=np.int64), np.zeros(0, dtype=np.int32), np.zeros(0)
        place, row_index, number_value = np.concatenate(columns), np.concatenate(rows), np.concatenate(numbers)
        order = np.lexsort((row_index, place))
        counts = np.bincount(place, minlength=self.horizon.column_count)
        return counts, row_index[order].astype(np.int32), number_value[order]


def _series(values: Values, entry: int, periods: int) -> Floats:
    found = np.flatnonzero(values.varying == entry)
    return values.series[:, found[0]] if len(found) else np.full(periods, values.static[entry])


def _close_up(flat: NDArray[Any], size: int, gone: dict[int, NDArray[np.bool_]]) -> None:
    """Move what is kept of the first `size` entries to the front, in place; runs of whole periods move as they stand."""
    done = behind = 0
    for t, kept in gone.items():
        width = len(kept)
        row = flat[t * width : (t + 1) * width][kept]
        for part in (flat[behind : t * width], row):
            if done != behind or part is row:
                flat[done : done + len(part)] = part
            done += len(part)
        behind = (t + 1) * width
    if done != behind:
        flat[done : done + size - behind] = flat[behind:size]
