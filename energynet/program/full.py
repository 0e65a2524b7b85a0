"""The same algebra as an ordinary Pyomo model over the whole horizon: for any Pyomo solver, for teaching, for a row added by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyomo.environ as pyo

from energynet.components.algebra import write_horizon, write_period
from energynet.components.scope import Expression, Key
from energynet.program.annual import Annual
from energynet.program.linear_program import WHOLE
from energynet.program.scopes import Placeholders, YearData, short
from energynet.system.system import System


class _Numbers:
    """What both scopes of the full model share: a Pyomo block and the sums that become the objective."""

    def __init__(self, system: System, block: pyo.Block, objective: dict[str, list[Expression]]) -> None:
        self.network, self.block, self._objective = system, block, objective
        self.component = ""

    def cost(self, item: str, expression: Expression) -> None:  # noqa: ARG002
        self._objective["cost"].append(expression)

    def before(self, name: str, expression: Expression) -> None:
        self._objective.setdefault(name, []).append(expression)

    def constrain(self, name: str, keys: Sequence[Key], rule: Callable[..., Expression], *, unit: str = "units/d") -> None:  # noqa: ARG002
        def finite(_: Any, *key: str) -> Any:  # noqa: ANN401
            relation = rule(*key)
            return pyo.Constraint.Feasible if _unlimited(relation) else relation

        self.block.add_component(f"row_{name}", pyo.Constraint([short(key) for key in keys], rule=finite))


class FullPeriod(_Numbers):
    """One period of the full model, with numbers for data."""

    def __init__(
        self, system: System, t: int, model: pyo.ConcreteModel, objective: dict[str, list[Expression]], horizon: FullHorizon
    ) -> None:
        super().__init__(system, model.period[t], objective)
        self._t, self._model, self._horizon = t, model, horizon
        self.variables: dict[str, dict[Any, Any]] = {}
        self._arrivals: dict[tuple[str, str], list[Expression]] = {pair: [] for pair in system.pairs.nodes}

    def data(self, table: str, column: str) -> Mapping[str, Expression]:
        records = self.network[table]
        values = records.number[column]
        return dict(zip(records.ids, (values if values.ndim == 1 else values[self._t]).tolist(), strict=True))

    @property
    def days(self) -> Expression:
        return self.data("period", "days")["all"]

    @property
    def days_weighted(self) -> Expression:
        return self.data("period", "days_weighted")["all"]

    @property
    def money(self) -> Expression:
        return self.data("period", "money")["all"]

    @property
    def thousandth(self) -> Expression:
        return self.data("period", "thousandth")["all"]

    def variable(
        self,
        name: str,
        keys: Sequence[Key],
        *,
        upper: Callable[..., Expression] | None = None,
        unit: str = "units/d",  # noqa: ARG002
    ) -> Mapping[Any, Expression]:
        variable = _variable(self.block, name, keys)
        members = {short(key): variable[short(key)] for key in keys}
        for key in keys if upper is not None else ():
            bound = upper(*key) if upper is not None else None
            members[short(key)].setub(None if bound is None or np.isnan(bound) else float(bound))
        self.variables[name] = members
        return members

    def previous(self, name: str, opening: tuple[str, str] | None = None, *, in_day: bool = False) -> Mapping[Any, Expression]:
        horizon = self.network.horizon
        before = int((horizon.previous_in_day if in_day else horizon.previous)[self._t])
        if before >= 0:
            block = self._model.period[before]
            if block.component(name) is None:  # the last period comes before the first in a cyclic horizon
                _variable(block, name, list(self.variables[name]))
            return {key: block.component(name)[key] for key in self.variables[name]}
        table, column = opening or ("opening_stocks", "stock")
        records = self.network[table]
        return {key: self._stock(records, column, key) if opening else 0.0 for key in self.variables[name]}

    def _stock(self, records: Any, column: str, key: Any) -> float:  # noqa: ANN401
        position = records.position.get("/".join(key if isinstance(key, tuple) else (key,)))
        return 0.0 if position is None else float(records.number[column][position])

    def horizon_variable(self, name: str, year: str) -> Mapping[Any, Expression]:
        labels, group = self.network.horizon.groups[year]
        label = labels[group[self._t]]
        return Placeholders(lambda key: self._horizon.member(name, (*(key if isinstance(key, tuple) else (key,)), label)))

    def inject(self, node: str, origin: str, expression: Expression) -> None:
        self._arrivals[node, origin].append(expression)

    def arrivals(self) -> Mapping[tuple[str, str], Sequence[Expression]]:
        return self._arrivals

    def second_stage(self, name: str, expression: Expression) -> None:
        self._objective[name].append(expression)

    def total(self, name: str, keys: Sequence[Key], rule: Callable[..., Expression]) -> None:
        for key in keys:
            self._horizon.collect(name, key, self._t, rule(*key))


class FullHorizon(YearData, _Numbers):
    """The horizon of the full model."""

    def __init__(self, system: System, model: pyo.ConcreteModel, objective: dict[str, list[Expression]]) -> None:
        super().__init__(system, model.horizon, objective)
        self._sums = Annual(system)
        self.variables: dict[str, dict[Any, Any]] = {}
        self._members: dict[str, Any] = {}
        self._totals: dict[tuple[str, Key], dict[int, Expression]] = {}

    def member(self, name: str, key: Key) -> Expression:
        """One horizon variable, made when first asked for."""
        if name not in self._members:
            variable = pyo.Var(pyo.Any, dense=False, within=pyo.NonNegativeReals)
            self.block.add_component(name, variable)
            self._members[name] = variable
        return self._members[name][short(key)]

    def collect(self, name: str, key: Key, period: int, expression: Expression) -> None:
        self._totals.setdefault((name, key), {})[period] = expression

    def _annual(self, way: str, table: str, column: str, year: str) -> Mapping[tuple[str, str], Expression]:
        return dict(zip(self.keys_of(table, year), self._sums(f"{way}:{year}:{table}", column).tolist(), strict=True))

    def total(self, name: str, key: Key, year: str, label: str) -> Expression:
        labels, group = self.network.horizon.groups[year]
        return sum(self._totals[name, key][t] for t in range(len(group)) if labels[group[t]] == label)

    def variable(
        self, name: str, keys: Sequence[Key], *, upper: Callable[..., Expression] | None = None, unit: str = "units"
    ) -> Mapping[Any, Expression]:
        members = {short(key): self.member(name, key) for key in keys}
        for key in keys:
            if unit == WHOLE:
                members[short(key)].domain = pyo.NonNegativeIntegers
            if upper is not None:
                members[short(key)].setub(upper(*key))
        self.variables[name] = members
        return members


def full_model(system: System) -> pyo.ConcreteModel:
    """An ordinary Pyomo model: blocks `period[t]` and `horizon`, rows named `row_<family>`, the objective `objective` in million USD.

    What is made least before it stands in expressions `before_<name>`.
    """
    model = pyo.ConcreteModel(name=system.name)
    model.period = pyo.Block(range(len(system.horizon)))
    model.horizon = pyo.Block()
    objective: dict[str, list[Expression]] = {"cost": [], "fuel": [], "haul": []}
    horizon = FullHorizon(system, model, objective)
    for t in range(len(system.horizon)):
        write_period(FullPeriod(system, t, model, objective, horizon))
    write_horizon(horizon)
    for name, terms in objective.items():
        if name not in ("cost", "fuel", "haul"):
            model.add_component(f"before_{name}", pyo.Expression(expr=pyo.quicksum(terms)))
    model.objective = pyo.Objective(expr=pyo.quicksum(objective["cost"]))
    return model


def _variable(block: pyo.Block, name: str, keys: Sequence[Any]) -> pyo.Var:
    if block.component(name) is None:
        shorts = [short(key) if isinstance(key, tuple) else key for key in keys]
        block.add_component(name, pyo.Var(shorts, within=pyo.NonNegativeReals))
    return block.component(name)


def _unlimited(relation: Any) -> bool:  # noqa: ANN401
    """Whether a row has a NaN for its bound: no such limit in this period."""
    return any(isinstance(side, float) and np.isnan(side) for side in getattr(relation, "args", ()))
