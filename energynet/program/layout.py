"""The compiled period laid along the horizon: sparse arrays, column by column, as the solver takes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from energynet.program.annual import Annual
from energynet.program.linear_program import CostItem, Family, Floats, Ints, LinearProgram
from energynet.program.scopes import LAG, LAG_IN_DAY
from energynet.program.template import Compiled, compile_horizon, compile_period
from energynet.program.values import Evaluator, Integers, Values
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


class Program:
    """The program of a system: compiled once, laid out for any arrays of the same sets."""

    def __init__(self, system: System) -> None:
        self.period, self.openings = compile_period(system)
        self.horizon = compile_horizon(system)
        self.stocks = list(_stocks(self.period, self.openings))

    def lay(self, system: System) -> LinearProgram:
        """The linear program with the system's arrays. The sets must be those that were compiled."""
        return Layout(self, system).program()


class Layout:
    """The arrays of one system, each made when it is asked for."""

    def __init__(self, compiled: Program, system: System) -> None:
        self.period, self.horizon, self.stocks, self.system = compiled.period, compiled.horizon, compiled.stocks, system
        self.T = len(system.horizon)
        self.m, self.n = self.period.row_count, self.period.column_count
        self.annual = Annual(system)
        self._known: dict[tuple[str, str], Floats] = {}

    def source(self, table: str, column: str) -> Floats:
        return self.system[table].number[column]

    def program(self) -> LinearProgram:
        lower = np.zeros(self.T * self.n + self.horizon.column_count)
        upper, values = self.upper(), self.values()
        row_lower, row_upper = self.sides(values)
        start, index, value = self.matrix(values)
        costs = self._costs()
        cost = self.dense(costs)
        stages = {name: self.stage(name) for name in ("fuel", "haul")}
        return LinearProgram(
            periods=self.system.horizon.labels, columns=self._families(self.period.columns, self.horizon.columns),
            rows=self._families(self.period.rows, self.horizon.rows), columns_per_period=self.n, rows_per_period=self.m,
            cost=cost, lower=lower, upper=upper, row_lower=row_lower, row_upper=row_upper, start=start, index=index, value=value,
            offset=sum(item.constant for item in costs), fuel=stages["fuel"], haul=stages["haul"], costs=costs,
            days=self.system["period"].number["days_weighted"][:, 0], first=self._first(),
        )  # fmt: skip

    def upper(self) -> Floats:
        """Upper bounds of the columns (columns,)."""
        return self._bounds(self.period.upper, self.horizon.upper, self.n, self.horizon.column_count, np.inf)

    def values(self) -> Values:
        """The coefficients of the period's rows."""
        return self.period.matrix[1].evaluate(self.source, self.T)

    def sides(self, values: Values) -> tuple[Floats, Floats]:
        """Lower and upper sides of the rows (rows,), with the coefficients of the period's rows."""
        low = self._bounds(self.period.row_lower, self.horizon.row_lower, self.m, self.horizon.row_count, -np.inf)
        high = self._bounds(self.period.row_upper, self.horizon.row_upper, self.m, self.horizon.row_count, np.inf)
        self._open(values, low, high)
        return low, high

    def stage(self, name: str) -> Floats:
        """The objective `fuel` or `haul` of the second stage (columns,)."""
        return self.dense(self.items("", "", *self.period.stages[name]))

    def _families(self, period: tuple[Family, ...], horizon: tuple[Family, ...]) -> tuple[Family, ...]:
        return period + tuple(Family(f.name, f.component, f.keys, f.first, horizon=True, unit=f.unit) for f in horizon)

    def _bounds(
        self, period: tuple[list[Any], Evaluator], horizon: tuple[list[Any], Evaluator], size: int, extra: int, none: float
    ) -> Floats:
        """A vector over all periods, then the horizon; where nothing is said, or the datum is NaN, there is no bound."""
        out = np.full(self.T * size + extra, none)
        places, evaluator = period
        if places:
            out[: self.T * size].reshape(self.T, size)[:, places] = evaluator.evaluate(self.source, self.T).dense(self.T)
        places, evaluator = horizon
        if places:
            out[self.T * size :][places] = evaluator.evaluate(self.annual, 1).static
        return np.where(np.isnan(out), none, out)

    def _open(self, values: Values, row_lower: Floats, row_upper: Floats) -> None:
        """The opening stock stands on the right-hand side of the periods that have none before them."""
        for t in np.flatnonzero(self.system.horizon.previous == GONE):
            now = values.at(int(t))
            for entry, row, table, column, key in self.stocks:
                position = self.system[table].position.get(key)
                if position is not None:
                    known = now[entry] * float(self.system[table].number[column][position])
                    row_lower[t * self.m + row] -= known
                    row_upper[t * self.m + row] -= known

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

    def matrix(self, values: Values) -> tuple[Ints, Ints, Floats]:
        """`start`, `index` and `value` of the matrix, column by column."""
        places = self.period.matrix[0]
        kinds = np.array([kind for _, kind, _ in places])
        inside = np.flatnonzero(kinds != "horizon")
        links, own = self._links()
        entry_column = [np.array([places[e][2] for e in inside], dtype=np.int64), *links.columns]
        column = np.concatenate(entry_column)
        order = np.argsort(column, kind="stable")
        nnz = len(column)
        index = np.empty((self.T, nnz), dtype=np.int32)
        value = np.empty((self.T, nnz))
        back = np.empty(nnz, dtype=np.int64)
        back[order] = np.arange(nnz)
        self._fill_inside(values, inside, back[: len(inside)], index, value)
        self._fill_links(links, back[len(inside) :], index, value)
        counts = np.bincount(column, minlength=self.n)
        sorted_column = column[order]
        kept = index >= 0
        tail = self._horizon_columns(values, np.flatnonzero(kinds == "horizon"), own)
        if kept.all():
            per_column = np.tile(counts, self.T)
            parts_index, parts_value = index.ravel(), value.ravel()
        else:
            whole = np.asarray(kept.all(axis=1))
            per_column = np.tile(counts, (self.T, 1))
            for t in np.flatnonzero(~whole):
                per_column[t] = np.bincount(sorted_column[kept[t]], minlength=self.n)
            parts_index, parts_value = _drop(index, kept, whole), _drop(value, kept, whole)
            per_column = per_column.ravel()
        lengths = np.concatenate([per_column, tail[0]])
        start = np.zeros(len(lengths) + 1, dtype=np.int32)
        np.cumsum(lengths, out=start[1:])
        if len(tail[1]):
            parts_index, parts_value = np.concatenate([parts_index, tail[1]]), np.concatenate([parts_value, tail[2]])
        return start, parts_index, parts_value

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

    def _costs(self) -> tuple[CostItem, ...]:
        found = [item for key, held in self.period.costs.items() for item in self.items(*key, *held)]
        found += [self.horizon_item(*key, *held) for key, held in self.horizon.costs.items()]
        return tuple(found)

    def horizon_item(self, component: str, name: str, places: list[Any], evaluator: Evaluator) -> CostItem:
        """An item of the cost on columns of the horizon."""
        value = evaluator.evaluate(self.annual, 1).static
        own = [k for k, (kind, _) in enumerate(places) if kind == "own"]
        index = np.array([self.T * self.n + places[k][1] for k in own], dtype=np.int32)
        constant = float(sum(value[k] for k, (kind, _) in enumerate(places) if kind == "constant"))
        return CostItem(component, name, index, value[own], constant)

    def items(self, component: str, item: str, places: list[Any], evaluator: Evaluator) -> list[CostItem]:
        """An item of the cost on the period's columns."""
        values = evaluator.evaluate(self.source, self.T)
        own = [k for k, (kind, _) in enumerate(places) if kind == "own"]
        columns = np.array([places[k][1] for k in own], dtype=np.int64)
        dense = values.dense(self.T)
        index = (np.arange(self.T)[:, None] * self.n + columns[None, :]).astype(np.int32).ravel()
        constant = float(sum(dense[:, k].sum() for k, (kind, _) in enumerate(places) if kind == "constant"))
        return [CostItem(component, item, index, dense[:, own].ravel(), constant)]

    def _first(self) -> dict[str, Floats]:
        """The objectives that come before the cost, in the order in which the algebra names them."""
        found = {name: self.dense(self.items("", "", *held)) for name, held in self.period.first.items()}
        for name, held in self.horizon.first.items():
            found[name] = found.get(name, 0.0) + self.dense([self.horizon_item("", "", *held)])
        return found

    def dense(self, items: Any) -> Floats:  # noqa: ANN401
        """The sum of items of a cost (columns,)."""
        out = np.zeros(self.T * self.n + self.horizon.column_count)
        for item in items:
            out[item.index] += item.value  # an item names each column once
        return out


def _stocks(period: Compiled, openings: Mapping[str, tuple[str, str]]) -> Iterator[tuple[int, int, str, str, str]]:
    """The entries of stocks whose opening value is in the data: entry, row, and the table, column and key of that value."""
    of = {family.first + k: (family.name, "/".join(key)) for family in period.columns for k, key in enumerate(family.keys)}
    for entry, (row, kind, column) in enumerate(period.matrix[0]):
        if kind == LAG and of[column][0] in openings:
            yield entry, row, *openings[of[column][0]], of[column][1]


def _series(values: Values, entry: int, periods: int) -> Floats:
    found = np.flatnonzero(values.varying == entry)
    return values.series[:, found[0]] if len(found) else np.full(periods, values.static[entry])


def _drop(array: NDArray[Any], kept: NDArray[np.bool_], whole: NDArray[np.bool_]) -> NDArray[Any]:
    """The array without the entries that are gone, period after period; runs of whole periods are taken as they stand."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], whole, [False]]).astype(int)))
    parts, done = [], 0
    for first, last in edges.reshape(-1, 2):
        parts += [array[t][kept[t]] for t in range(done, first)]
        parts.append(array[first:last].ravel())
        done = last
    parts += [array[t][kept[t]] for t in range(done, len(array))]
    return np.concatenate(parts)


def lay_out(system: System, compiled: Mapping[str, Program] | Program | None = None) -> LinearProgram:
    """The linear program of a system; compiled now where it was not before."""
    program = compiled if isinstance(compiled, Program) else Program(system)
    return program.lay(system)
