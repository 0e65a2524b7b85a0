r"""The derivative of the optimum with respect to every number of a system, from the primal and dual of one solve.

At an optimum the primal and dual do not count: only the data that stand in the program move the objective,

$\mathrm{d} f = \mathrm{d} c \cdot x + y \cdot (\mathrm{d} b - \mathrm{d} A\, x) + d \cdot \mathrm{d} u,$

with $b$ the side of a row that its dual $y$ prices, and $u$ the bound of a column that its reduced cost $d$ prices. Every entry is a
polynomial of the data, so its derivative with respect to each is read from its monomials.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from energynet.program.annual import pulled_back
from energynet.program.layout import Layout, Program
from energynet.program.linear_program import LinearProgram
from energynet.program.matrix import GONE
from energynet.program.scopes import LAG
from energynet.program.values import Evaluator, Floats, Integers
from energynet.system.system import System

Number = tuple[str, str]  # table, column


def gradient(
    compiled: Program, system: System, program: LinearProgram, primal: Floats, dual: Floats, reduced: Floats | None = None
) -> Mapping[Number, Floats]:
    """Million USD for one more of each number, by table and column, shaped as the system's array: (T, n) or (n,).

    NaN where the program does not read the number. `program` is the one that `primal` (columns,) and `dual` (rows,) answer; `reduced`
    (columns,) is what its bounds are worth, by default as the duals say.
    """
    priced = np.asarray(program.cost - program.matrix().T @ dual) if reduced is None else reduced
    return _Gradient(compiled, system, primal, dual, priced).found()


class _Gradient:
    def __init__(self, compiled: Program, system: System, primal: Floats, dual: Floats, reduced: Floats) -> None:
        self.layout, self.period, self.horizon = Layout(compiled, system), compiled.period, compiled.horizon
        self.system, self.T = system, len(system.horizon)
        self.stock = {entry: (table, name, key) for entry, _, table, name, key in compiled.stocks}
        n, m = self.T * self.period.column_count, self.T * self.period.row_count
        self.x, self.whole_x = primal[:n].reshape(self.T, -1), primal[n:]
        self.y, self.whole_y = dual[:m].reshape(self.T, -1), dual[m:]
        self.d, self.whole_d = reduced[:n].reshape(self.T, -1), reduced[n:]
        self._sums: dict[Number, Floats] = {}
        self._years: dict[Number, Floats] = {}

    def found(self) -> Mapping[Number, Floats]:
        self._limits()
        self._period_rows()
        self._horizon_rows()
        self._costs()
        for (place, column), values in self._years.items():
            way, year, table = place.split(":")
            if table != "period" and column in self.system[table].number:
                self._add((table, column), pulled_back(self.system, way, year, table, values))
        return self._sums

    def _add(self, number: Number, values: Floats) -> None:
        """Add to the derivative of a number; NaN adds nothing."""
        if number in self._sums:
            there = self._sums[number]
            self._sums[number] = np.where(np.isnan(there), values, np.where(np.isnan(values), there, there + values))
        else:
            self._sums[number] = values

    def _pull(self, evaluator: Evaluator, weights: Floats) -> None:
        """The weights (T, entries) of a period's entries, handed to the numbers that they are made of."""
        for number, values in evaluator.gradient(self.layout.source, weights).items():
            if number[0] != "period":
                self._add(number, values)

    def _pull_years(self, evaluator: Evaluator, weights: Floats) -> None:
        """The same for entries of the horizon (1, entries)."""
        for number, values in evaluator.gradient(self.layout.annual, weights).items():
            there = self._years.get(number)
            self._years[number] = values if there is None else np.where(np.isnan(there), values, there + np.nan_to_num(values))

    def _limits(self) -> None:
        """Bounds of columns and sides of rows: each counts with the dual that prices it."""
        for held, years, signs, whole in (
            ((self.period.upper), self.horizon.upper, np.minimum(self.d, 0.0), np.minimum(self.whole_d, 0.0)),
            ((self.period.row_lower), self.horizon.row_lower, np.maximum(self.y, 0.0), np.maximum(self.whole_y, 0.0)),
            ((self.period.row_upper), self.horizon.row_upper, np.minimum(self.y, 0.0), np.minimum(self.whole_y, 0.0)),
        ):
            self._pull(held[1], signs[:, np.array(held[0], dtype=np.int64)])
            self._pull_years(years[1], whole[np.array(years[0], dtype=np.int64)][None, :])

    def _period_rows(self) -> None:
        places, evaluator = self.period.matrix
        weights = np.zeros((self.T, len(places)))
        coefficients: Floats | None = None
        for entry, (row, kind, what) in enumerate(places):
            if kind == "own":
                weights[:, entry] = -self.y[:, row] * self.x[:, what]
            elif kind == "horizon":
                weights[:, entry] = -self.y[:, row] * self.whole_x[self._of_horizon(what)]
            else:
                coefficients = self.layout.values().dense(self.T) if coefficients is None else coefficients
                weights[:, entry] = self._lagged(row, kind, what, coefficients[:, entry], self.stock.get(entry))
        self._pull(evaluator, weights)

    def _lagged(self, row: int, kind: str, column: int, coefficient: Floats, stock: tuple[str, str, str] | None) -> Floats:
        """Entries on what the period before hands on; before the first it is a stock of the data, which counts as well."""
        horizon = self.system.horizon
        previous = horizon.previous if kind == LAG else horizon.previous_in_day
        handed = np.where(previous == GONE, 0.0, self.x[np.maximum(previous, 0), column])
        first = np.flatnonzero(previous == GONE)
        if stock is not None and stock[2] in self.system[stock[0]].position:
            table, name, key = stock
            position = self.system[table].position[key]
            handed[first] = self.system[table].number[name][position]
            values = np.full(len(self.system[table]), np.nan)
            values[position] = -(self.y[first, row] * coefficient[first]).sum()
            self._add((table, name), values)
        return np.asarray(-self.y[:, row] * handed)

    def _of_horizon(self, what: Any) -> Integers:  # noqa: ANN401
        """The column of the horizon that each period's entry is on (T,)."""
        name, year, key = what
        labels, group = self.system.horizon.groups[year]
        column = {(f.name, key): f.first + k for f in self.horizon.columns for k, key in enumerate(f.keys)}
        return np.array([column[name, (*key, label)] for label in labels], dtype=np.int64)[group]

    def _horizon_rows(self) -> None:
        """Rows of the horizon: its own columns, and the period's totals over each year."""
        places, evaluator = self.horizon.matrix
        coefficients = evaluator.evaluate(self.layout.annual, 1).static
        weights = np.zeros((1, len(places)))
        totals: dict[Any, Floats] = {}
        for entry, (row, kind, what) in enumerate(places):
            if kind == "own":
                weights[0, entry] = -self.whole_y[row] * self.whole_x[what]
                continue
            total, key, year, label = what
            held = (total, key)
            columns = np.array([column for _, column in self.period.totals[held][0]], dtype=np.int64)
            inside = (self.system.horizon.groups[year][1] == self.system.horizon.groups[year][0].index(label))[:, None]
            values = self.period.totals[held][1].evaluate(self.layout.source, self.T).dense(self.T)
            weights[0, entry] = -self.whole_y[row] * float((inside * values * self.x[:, columns]).sum())
            part = -self.whole_y[row] * coefficients[entry] * inside * self.x[:, columns]
            totals[held] = totals[held] + part if held in totals else part
        self._pull_years(evaluator, weights)
        for held, part in totals.items():
            self._pull(self.period.totals[held][1], part)

    def _costs(self) -> None:
        for places, evaluator in self.period.costs.values():
            weights = np.ones((self.T, len(places)))
            for entry, (kind, column) in enumerate(places):
                if kind == "own":
                    weights[:, entry] = self.x[:, column]
            self._pull(evaluator, weights)
        for places, evaluator in self.horizon.costs.values():
            values = [self.whole_x[column] if kind == "own" else 1.0 for kind, column in places]
            self._pull_years(evaluator, np.array([values], dtype=np.float64))
