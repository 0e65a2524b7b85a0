"""The second reader: a linear program by names, solved by scipy, and held against the values of another solution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linprog

Name = tuple[str, tuple[str, ...], int | None]  # variable, key, period; None for a variable of the whole horizon
Terms = list[tuple[int, float]]
INF = float("inf")
TOLERANCES = ("primal_feasibility_tolerance", "dual_feasibility_tolerance")


@dataclass
class Linear:
    """minimise cost x + offset, low <= A x <= high, 0 <= x <= upper. `before` are objectives that are made least before the cost."""

    columns: dict[Name, int] = field(default_factory=dict)
    upper: list[float] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    rows: list[tuple[str, Terms, float, float]] = field(default_factory=list)
    before: dict[str, Terms] = field(default_factory=dict)
    offset: float = 0.0

    def add(self, name: str, key: tuple[str, ...], t: int | None, *, upper: float = INF, cost: float = 0.0, whole: bool = False) -> int:
        at = len(self.upper)
        assert (name, key, t) not in self.columns, (name, key, t)
        self.columns[name, key, t] = at
        self.upper.append(upper)
        self.cost.append(cost)
        self.whole.append(int(whole))
        return at

    def row(self, name: str, terms: Terms, low: float = -INF, high: float = INF) -> None:
        self.rows.append((name, terms, low, high))

    def matrix(self) -> sp.csr_matrix:
        entries = [(i, j, value) for i, (_, terms, _, _) in enumerate(self.rows) for j, value in terms if value]
        i, j, value = zip(*entries, strict=True) if entries else ((), (), ())
        return sp.csr_matrix((value, (i, j)), shape=(len(self.rows), len(self.upper)))

    def objective(self, terms: Terms) -> np.ndarray:
        vector = np.zeros(len(self.upper))
        for j, value in terms:
            vector[j] += value
        return vector

    def solve(self, fixed: Mapping[int, float] | None = None) -> Answer:
        """Each objective in its order, then the cost, on the answers that are best for all before it. Some columns may be fixed; a row with
        nothing left to decide is left out then.
        """
        upper, lower = np.array(self.upper), np.zeros(len(self.upper))
        decided = np.zeros(len(upper), dtype=bool)
        for column, value in (fixed or {}).items():
            lower[column] = upper[column] = value
            decided[column] = True
        matrix = self.matrix()
        low, high = (np.array([row[k] for row in self.rows]) for k in (2, 3))
        if fixed and any(fixed.values()):
            settled = np.array([all(decided[j] for j, _ in terms) for _, terms, _, _ in self.rows])
            low[settled], high[settled] = -INF, INF
        found = {}
        for name, cost in [*((n, self.objective(terms)) for n, terms in self.before.items()), ("cost", np.array(self.cost))]:
            result = _minimise(cost, matrix, low, high, lower, upper, np.array(self.whole))
            if result.status != 0:
                return Answer({2: "infeasible", 3: "unbounded", 4: "infeasible"}.get(result.status, result.message), {}, np.zeros(0))
            found[name] = float(cost @ result.x)
            if name != "cost":
                low, high, lower, upper = _face(result, matrix, low, high, lower, upper, np.abs(cost).max(initial=0.0))
        return Answer("optimal", {**found, "cost": found["cost"] + self.offset}, result.x)

    def held_against(self, values: Mapping[Name, float]) -> tuple[np.ndarray, float, str, dict[str, float]]:
        """Values of another solution in this program: the point, by how much it breaks a limit at worst and which, its objectives.

        A value above zero of a variable that this program has not is a broken limit too.
        """
        x, worst, where = np.zeros(len(self.upper)), 0.0, ""
        for name, value in values.items():
            if name in self.columns:
                x[self.columns[name]] = value
            elif abs(value) > worst:
                worst, where = abs(value), f"{name} is no variable here"
        names = list(self.columns)
        beyond = np.maximum(x - np.array(self.upper), -x)
        if len(x) and beyond.max() > worst:
            worst, where = float(beyond.max()), str(names[int(beyond.argmax())])
        activity = self.matrix() @ x
        for (name, _, low, high), value in zip(self.rows, activity, strict=True):
            missed = max(low - value, value - high) / max([1.0, *(abs(limit) for limit in (low, high) if abs(limit) < INF)])
            if missed > worst:
                worst, where = missed, name
        found = {name: float(self.objective(terms) @ x) for name, terms in self.before.items()}
        return x, worst, where, {**found, "cost": float(np.array(self.cost) @ x) + self.offset}


@dataclass
class Answer:
    status: str
    objectives: dict[str, float]
    x: np.ndarray


def _minimise(cost, matrix, low, high, lower, upper, whole):
    equal = low == high
    above, below = ~equal & (low > -INF), ~equal & (high < INF)
    scale = float(np.abs(cost).max(initial=0.0)) or 1.0
    result = linprog(
        cost / scale, A_ub=sp.vstack([matrix[below], -matrix[above]]).tocsc(), b_ub=np.concatenate([high[below], -low[above]]),
        A_eq=matrix[equal].tocsc(), b_eq=low[equal], bounds=np.column_stack([lower, upper]), method="highs",
        integrality=whole if whole.any() else None,
        options=dict.fromkeys(TOLERANCES, 1e-9) | ({"mip_rel_gap": 1e-10} if whole.any() else {}),
    )  # fmt: skip
    result.parts = (above, below)
    return result


def _face(result, matrix, low, high, lower, upper, scale):
    """The limits that hold the answer as it is best: what has a price stays at its limit."""
    above, below = result.parts
    low, high, lower, upper = low.copy(), high.copy(), lower.copy(), upper.copy()
    tolerance = 1e-7
    duals = -result.ineqlin.marginals
    at_high, at_low = np.flatnonzero(below), np.flatnonzero(above)
    priced = duals[: len(at_high)] > tolerance
    low[at_high[priced]] = high[at_high[priced]]
    priced = duals[len(at_high) :] > tolerance
    high[at_low[priced]] = low[at_low[priced]]
    upper[result.lower.marginals > tolerance] = lower[result.lower.marginals > tolerance]
    held = result.upper.marginals < -tolerance
    lower[held] = upper[held]
    return low, high, lower, upper
