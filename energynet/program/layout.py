"""The compiled period laid along the horizon: sparse arrays, column by column, as the solver takes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from energynet.program.annual import Annual
from energynet.program.linear_program import CostItem, Family, Floats, Ints, LinearProgram
from energynet.program.matrix import GONE, Matrix
from energynet.program.scopes import LAG
from energynet.program.template import Compiled, compile_horizon, compile_period
from energynet.program.values import Evaluator, Source, Values
from energynet.system.system import System


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
        self.annual = Source(Annual(system))
        self.source = Source(lambda table, column: system[table].number[column])

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
        places, evaluator = self.period.stages[name]
        columns = [column for kind, column in places if kind == "own"]
        out = np.zeros(self.T * self.n + self.horizon.column_count)
        table = out[: self.T * self.n].reshape(self.T, self.n)
        evaluator.evaluate(self.source, self.T).spread(table, columns, 0.0, absent=np.nan)
        return out

    def _families(self, period: tuple[Family, ...], horizon: tuple[Family, ...]) -> tuple[Family, ...]:
        return period + tuple(Family(f.name, f.component, f.keys, f.first, horizon=True, unit=f.unit) for f in horizon)

    def _bounds(
        self, period: tuple[list[Any], Evaluator], horizon: tuple[list[Any], Evaluator], size: int, extra: int, none: float
    ) -> Floats:
        """A vector over all periods, then the horizon; where nothing is said, or the datum is NaN, there is no bound."""
        out = np.empty(self.T * size + extra)
        places, evaluator = period
        evaluator.evaluate(self.source, self.T).spread(out[: self.T * size].reshape(self.T, size), places, none, absent=none)
        places, evaluator = horizon
        evaluator.evaluate(self.annual, 1).spread(out[self.T * size :].reshape(1, extra), places, none, absent=none)
        return out

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

    def matrix(self, values: Values) -> tuple[Ints, Ints, Floats]:
        """`start`, `index` and `value` of the matrix, column by column."""
        return Matrix(self.period, self.horizon, self.system, self.source, self.annual).arrays(values)

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
        columns = np.array([places[k][1] for k in own], dtype=np.int32)
        dense = values.dense(self.T)
        index = (np.arange(self.T, dtype=np.int32)[:, None] * np.int32(self.n) + columns).ravel()
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
        table = out[: self.T * self.n].reshape(self.T, self.n)
        for item in items:  # an item names each column once, and those of the periods in every period alike
            if len(item.index) and item.index[0] < self.T * self.n:
                columns = item.index[: len(item.index) // self.T]
                table[:, _run(columns)] += item.value.reshape(self.T, -1)
            else:
                out[item.index] += item.value
        return out


def _run(columns: Ints) -> Any:  # noqa: ANN401
    """The columns as a slice where they stand side by side."""
    first, count = int(columns[0]), len(columns)
    return slice(first, first + count) if np.array_equal(columns, np.arange(first, first + count)) else columns


def _stocks(period: Compiled, openings: Mapping[str, tuple[str, str]]) -> Iterator[tuple[int, int, str, str, str]]:
    """The entries of stocks whose opening value is in the data: entry, row, and the table, column and key of that value."""
    of = {family.first + k: (family.name, "/".join(key)) for family in period.columns for k, key in enumerate(family.keys)}
    for entry, (row, kind, column) in enumerate(period.matrix[0]):
        if kind == LAG and of[column][0] in openings:
            yield entry, row, *openings[of[column][0]], of[column][1]
