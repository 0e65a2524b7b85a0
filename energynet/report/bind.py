"""What stands in a cell, as an expression over a view: read here for the first paint, and by `js/bind.js` for every redraw.

An expression is a list that begins with its kind:

    ["sum", name, rows, scale]        rows of view[name] added up over all periods, times the scale
    ["sum", name, rows, scale, t]     the same in one period
    ["mean", name, rows]              mean over time of the sum of rows (rates, prices)
    ["at", name, rows, t]             the sum of rows in one period, a rate or a price
    ["weighted", name, rows, weight, weights]  mean over rows and periods, weighted by the rows `weights` of view[weight]
    ["low", name, row], ["high", ...] least and greatest over the periods
    ["balance", place, term, scale]   a term of the balance added up over all periods
    ["cost", k]                       the k-th item of the costs
    ["value", name]                   one number of the view
    ["div", expression, expression], ["mul", expression, factor], ["less", expression, expression]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Expression = list[Any]
Floats = NDArray[np.float64]


class Evaluator:
    """Reads expressions over one view. Nothing (None) where there is no number."""

    def __init__(self, data: Mapping[str, Any], view: Mapping[str, Any]) -> None:
        self._view = view
        self._days = np.array([period["days"] * period["weight"] for period in data["periods"]])
        self._arrays: dict[str, Floats] = {}

    def array(self, name: str) -> Floats:
        if name not in self._arrays:
            self._arrays[name] = np.array(self._view[name] or [], dtype=float).reshape(-1, len(self._days))
        return self._arrays[name]

    def __call__(self, expression: Expression) -> float | None:
        kind, *rest = expression
        value = float(getattr(self, f"_{kind}")(*rest))
        return value if np.isfinite(value) else None

    def _sum(self, name: str, rows: Sequence[int], scale: float, t: int | None = None) -> float:
        chosen = self.array(name)[list(rows)]
        return float(np.nansum(chosen if t is None else chosen[:, t])) * scale

    def _mean(self, name: str, rows: Sequence[int]) -> float:
        return float((self.array(name)[list(rows)].sum(axis=0) * self._days).sum() / self._days.sum())

    def _at(self, name: str, rows: Sequence[int], t: int) -> float:
        return float(self.array(name)[list(rows), t].sum())

    def _weighted(self, name: str, rows: Sequence[int], weight: str, weights: Sequence[int]) -> float:
        if not len(self.array(name)):
            return np.nan
        values, amounts = self.array(name)[list(rows)], self.array(weight)[list(weights)]
        there = np.isfinite(values) & (amounts > 0)
        return float((values[there] * amounts[there]).sum() / amounts[there].sum()) if there.any() else np.nan

    def _low(self, name: str, row: int) -> float:
        return float(self.array(name)[row].min())

    def _high(self, name: str, row: int) -> float:
        return float(self.array(name)[row].max())

    def _balance(self, place: int, term: int, scale: float) -> float:
        return float(sum(self._view["balance"][place][term])) * scale

    def _cost(self, k: int) -> float:
        return float(self._view["costs"][k][2])

    def _value(self, name: str) -> float:
        return float(self._view[name])

    def _div(self, one: Expression, other: Expression) -> float:
        above, below = self(one), self(other)
        return np.nan if above is None or not below else above / below

    def _mul(self, one: Expression, factor: float) -> float:
        value = self(one)
        return np.nan if value is None else value * factor

    def _less(self, one: Expression, other: Expression) -> float:
        left, right = self(one), self(other)
        return np.nan if left is None or right is None else left - right


def number(value: float | None, digits: int = 0) -> str:
    """A number for people: commas between thousands, a real minus sign, a bare 0 for zero, a dash for nothing."""
    if value is None or not np.isfinite(value):
        return "–"
    text = f"{value:,.{digits}f}"
    if not text.strip("-0.,"):
        return "0"
    return text.replace("-", "\u2212")


def percent(share: float | None, digits: int = 0) -> str:
    """A share as a percentage, with a narrow space that does not break."""
    return "–" if share is None or not np.isfinite(share) else number(100.0 * share, digits) + "\u202f%"
