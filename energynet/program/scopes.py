"""The symbolic scopes: the algebra of one period, and of the horizon, in Pyomo with every datum a symbol."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyomo.environ as pyo

from energynet.components.scope import Expression, Key
from energynet.program.annual import limited
from energynet.program.values import Symbol
from energynet.system.system import System

LAG, LAG_IN_DAY = "lag", "lag in the day"


@dataclass(frozen=True)
class Declared:
    """A family of variables or rows as the algebra declared it."""

    name: str
    component: str
    keys: tuple[Key, ...]
    unit: str
    members: tuple[Any, ...]


def short(key: Key) -> Any:  # noqa: ANN401
    """A key as the algebra writes it: a single part stands for itself."""
    return key[0] if len(key) == 1 else key


class Symbols:
    """The mutable parameters of a model, a number each, with the way back to table, column and position."""

    def __init__(self, model: pyo.ConcreteModel) -> None:
        self._model = model
        self.list: list[Symbol] = []
        self.number: dict[int, int] = {}
        self._made: dict[tuple[str, str], dict[Any, Any]] = {}

    def make(self, table: str, column: str, keys: Sequence[Any]) -> dict[Any, Any]:
        """One symbol a key; the same ones when asked again."""
        if (table, column) not in self._made:
            param = pyo.Param(range(len(keys)), mutable=True, initialize=1.0)
            self._model.add_component(f"{table}.{column}", param)
            first = len(self.list)
            self.list += [(table, column, k) for k in range(len(keys))]
            members = [param[k] for k in range(len(keys))]
            self.number.update({id(member): first + k for k, member in enumerate(members)})
            self._made[table, column] = dict(zip(keys, members, strict=True))
        return self._made[table, column]


class Placeholders(Mapping[Any, Any]):
    """Variables that stand for something outside the block, made when first asked for."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self._make, self._made = make, dict[Any, Any]()

    def __getitem__(self, key: Any) -> Any:  # noqa: ANN401
        key = short(key) if isinstance(key, tuple) else key
        if key not in self._made:
            self._made[key] = self._make(key)
        return self._made[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


class Block:
    """What both symbolic scopes share: a Pyomo model, its declared families, and its cost terms."""

    def __init__(self, system: System) -> None:
        self.network = system
        self.component = ""
        self.model = pyo.ConcreteModel()
        self.symbols = Symbols(self.model)
        self.columns: list[Declared] = []
        self.rows: list[Declared] = []
        self.variables: dict[str, dict[Any, Any]] = {}
        self.costs: list[tuple[str, str, Expression]] = []
        self.totals: dict[tuple[str, Key], Expression] = {}
        self.stages: dict[str, list[Expression]] = {}
        self.first: dict[str, list[Expression]] = {}
        self.outside = pyo.VarList()
        self.model.add_component("outside", self.outside)

    def cost(self, item: str, expression: Expression) -> None:
        self.costs.append((self.component, item, expression))

    def before(self, name: str, expression: Expression) -> None:
        self.first.setdefault(name, []).append(expression)

    def constrain(self, name: str, keys: Sequence[Key], rule: Callable[..., Expression], *, unit: str = "units/d") -> None:
        constraint = pyo.Constraint([short(key) for key in keys], rule=lambda _, *key: rule(*key))
        self.model.add_component(f"row.{name}", constraint)
        self.rows.append(Declared(name, self.component, tuple(keys), unit, tuple(constraint[short(key)] for key in keys)))

    def _declare(self, name: str, keys: Sequence[Key], unit: str) -> dict[Any, Any]:
        variable = pyo.Var([short(key) for key in keys], within=pyo.NonNegativeReals)
        self.model.add_component(name, variable)
        members = {short(key): variable[short(key)] for key in keys}
        self.columns.append(Declared(name, self.component, tuple(keys), unit, tuple(members.values())))
        self.variables[name] = members
        return members

    def _bounded(self, name: str, keys: Sequence[Key], upper: Callable[..., Expression] | None, unit: str) -> dict[Any, Any]:
        members = self._declare(name, keys, unit)
        if upper is not None:
            for key in keys:
                members[short(key)].setub(upper(*key))
        return members


class SymbolicPeriod(Block):
    """One period. After the algebra is written: `columns`, `rows`, `costs`, `lags`, `of_horizon`, `totals`, `stages`."""

    def __init__(self, system: System) -> None:
        super().__init__(system)
        self.lags: dict[int, tuple[str, int, str]] = {}
        self.openings: dict[str, tuple[str, str]] = {}
        self.of_horizon: dict[int, tuple[str, str, Key]] = {}
        self.stages = {"fuel": [], "haul": []}
        self._arrivals: dict[tuple[str, str], list[Expression]] = {pair: [] for pair in system.pairs.nodes}
        self._horizon_variables: dict[tuple[str, str], Placeholders] = {}

    def data(self, table: str, column: str) -> Mapping[str, Expression]:
        return self.symbols.make(table, column, self.network[table].ids)

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
        self, name: str, keys: Sequence[Key], *, upper: Callable[..., Expression] | None = None, unit: str = "units/d"
    ) -> Mapping[Any, Expression]:
        return self._bounded(name, keys, upper, unit)

    def previous(self, name: str, opening: tuple[str, str] | None = None, *, in_day: bool = False) -> Mapping[Any, Expression]:
        declared = next(family for family in self.columns if family.name == name)
        before = {}
        for k, key in enumerate(declared.keys):
            member = self.outside.add()
            self.lags[id(member)] = (name, k, LAG_IN_DAY if in_day else LAG)
            before[short(key)] = member
        if opening is not None:
            self.openings[name] = opening
        return before

    def horizon_variable(self, name: str, year: str) -> Mapping[Any, Expression]:
        def make(key: Any) -> Any:  # noqa: ANN401
            member = self.outside.add()
            self.of_horizon[id(member)] = (name, year, key if isinstance(key, tuple) else (key,))
            return member

        return self._horizon_variables.setdefault((name, year), Placeholders(make))

    def inject(self, node: str, origin: str, expression: Expression) -> None:
        self._arrivals[node, origin].append(expression)

    def arrivals(self) -> Mapping[tuple[str, str], Sequence[Expression]]:
        return self._arrivals

    def second_stage(self, name: str, expression: Expression) -> None:
        self.stages[name].append(expression)

    def total(self, name: str, keys: Sequence[Key], rule: Callable[..., Expression]) -> None:
        self.totals.update({(name, key): rule(*key) for key in keys})


class YearData:
    """The data of the horizon by year, from `_annual`: what both kinds of horizon say alike."""

    network: System

    def _annual(self, way: str, table: str, column: str, year: str) -> Mapping[tuple[str, str], Expression]:
        raise NotImplementedError

    def years(self, kind: str) -> Sequence[str]:
        return self.network.horizon.groups[kind][0]

    def sum(self, table: str, column: str, year: str) -> Mapping[tuple[str, str], Expression]:
        return self._annual("sum", table, column, year)

    def mean(self, table: str, column: str, year: str) -> Mapping[tuple[str, str], Expression]:
        return self._annual("mean", table, column, year)

    def days(self, year: str) -> Mapping[str, Expression]:
        numbers = self._annual("sum", "period", "one", year)
        return {label: numbers["all", label] for label in self.years(year)}

    def limited(self, table: str, column: str, year: str) -> Sequence[tuple[str, str]]:
        return limited(self.network, table, column, year)

    def keys_of(self, table: str, year: str) -> list[tuple[str, str]]:
        """Each record in each year, the years one after the other."""
        return [(key, label) for label in self.years(year) for key in self.network[table].ids]


class SymbolicHorizon(YearData, Block):
    """The horizon. Its data are sums, means and shares over years, made by `annual.Annual`."""

    def __init__(self, system: System) -> None:
        super().__init__(system)
        self.wanted: dict[int, tuple[str, Key, str, str]] = {}
        self._totals: dict[tuple[str, Key, str, str], Any] = {}

    def _annual(self, way: str, table: str, column: str, year: str) -> Mapping[tuple[str, str], Expression]:
        return self.symbols.make(f"{way}:{year}:{table}", column, self.keys_of(table, year))

    def total(self, name: str, key: Key, year: str, label: str) -> Expression:
        wanted = (name, key, year, label)
        if wanted not in self._totals:
            member = self.outside.add()
            self._totals[wanted] = member
            self.wanted[id(member)] = wanted
        return self._totals[wanted]

    def variable(
        self, name: str, keys: Sequence[Key], *, upper: Callable[..., Expression] | None = None, unit: str = "units"
    ) -> Mapping[Any, Expression]:
        return self._bounded(name, keys, upper, unit)
