"""One period compiled: every coefficient and bound of its sparse rows as a polynomial of the data.

The positions of a row or column here are those within a period; the horizon's rows and columns are apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from energynet.components.algebra import write_horizon, write_period
from energynet.program.linear_program import Family
from energynet.program.polynomial import CONSTANT, Polynomials, Terms
from energynet.program.scopes import Block, Declared, SymbolicHorizon, SymbolicPeriod
from energynet.program.values import Evaluator, Monomials
from energynet.system.system import System


@dataclass
class Vector:
    """Entries of one vector or matrix: `place` says where each goes."""

    place: list[Any] = field(default_factory=list)
    monomials: Monomials = field(default_factory=Monomials)

    def add(self, place: Any, terms: list[tuple[tuple[int, ...], float]]) -> None:  # noqa: ANN401
        entry = self.monomials.new_entry()
        self.place.append(place)
        for factors, coefficient in terms:
            self.monomials.add(entry, coefficient, factors)


@dataclass(frozen=True)
class Compiled:
    """A compiled block. Matrix places are (row, kind, what): kind `own`, `lag` and `lag in the day` (column),
    `horizon` (name, year, key) or `total`.
    """

    columns: tuple[Family, ...]
    rows: tuple[Family, ...]
    column_count: int
    row_count: int
    matrix: tuple[list[Any], Evaluator]
    upper: tuple[list[Any], Evaluator]
    row_lower: tuple[list[Any], Evaluator]
    row_upper: tuple[list[Any], Evaluator]
    costs: dict[tuple[str, str], tuple[list[Any], Evaluator]]
    stages: dict[str, tuple[list[Any], Evaluator]]
    first: dict[str, tuple[list[Any], Evaluator]]
    totals: dict[tuple[str, tuple[str, ...]], tuple[list[Any], Evaluator]]


def compile_period(system: System) -> tuple[Compiled, dict[str, tuple[str, str]]]:
    """The compiled period, and the table and column of each lagged variable's opening value."""
    scope = SymbolicPeriod(system)
    write_period(scope)
    return _compile(scope), scope.openings


def compile_horizon(system: System) -> Compiled:
    """The compiled rows and columns of the horizon."""
    scope = SymbolicHorizon(system)
    write_horizon(scope)
    return _compile(scope)


def _compile(scope: Block) -> Compiled:
    return _Compiler(scope).compiled()


class _Compiler:
    """Reads everything that a scope holds as polynomials of its symbols."""

    def __init__(self, scope: Block) -> None:
        self._scope = scope
        codes, self._what = _codes(scope)
        self._reader = Polynomials(codes, scope.symbols.number)

    def compiled(self) -> Compiled:
        scope = self._scope
        matrix, lower, upper, row_count = self._rows()
        bounds, column_count = self._bounds()
        costs: dict[tuple[str, str], Terms] = {}
        for component, item, expression in scope.costs:
            self._reader.terms(expression, out=costs.setdefault((component, item), {}))
        stages, first = self._summed(scope.stages), self._summed(scope.first)
        totals = {key: self._reader.terms(expression) for key, expression in scope.totals.items()}
        return Compiled(
            _families(scope.columns), _families(scope.rows), column_count, row_count,
            self._made(matrix), self._made(bounds), self._made(lower), self._made(upper),
            {key: self._linear(terms) for key, terms in costs.items()}, {key: self._linear(terms) for key, terms in stages.items()},
            {key: self._linear(terms) for key, terms in first.items()}, {key: self._linear(terms) for key, terms in totals.items()},
        )  # fmt: skip

    def _summed(self, objectives: dict[str, list[Any]]) -> dict[str, Terms]:
        """The terms of each objective."""
        found: dict[str, Terms] = {name: {} for name in objectives}
        for name, expressions in objectives.items():
            for expression in expressions:
                self._reader.terms(expression, out=found[name])
        return found

    def _rows(self) -> tuple[Vector, Vector, Vector, int]:
        """Matrix, lower and upper sides: a constant in the body moves to both sides."""
        matrix, lower, upper = Vector(), Vector(), Vector()
        members = [member for family in self._scope.rows for member in family.members]
        for row, member in enumerate(members):
            low, body, high = member.to_bounded_expression()
            terms = self._reader.terms(body)
            constant = {key: value for key, value in terms.items() if key[0] == CONSTANT}
            for code, entries in _by_variable(terms).items():
                matrix.add((row, *self._what[code]), entries)
            for bound, vector in ((low, lower), (high, upper)):
                if bound is not None:
                    vector.add(row, _constants(self._reader.terms(bound), constant))
        return matrix, lower, upper, len(members)

    def _bounds(self) -> tuple[Vector, int]:
        """Upper bounds of the columns that have one."""
        bounds = Vector()
        members = [member for family in self._scope.columns for member in family.members]
        for column, member in enumerate(members):
            if member.upper is not None:
                bounds.add(column, _constants(self._reader.terms(member.upper), {}))
        return bounds, len(members)

    def _made(self, vector: Vector) -> tuple[list[Any], Evaluator]:
        return vector.place, Evaluator(vector.monomials, self._scope.symbols.list)

    def _linear(self, terms: Terms) -> tuple[list[Any], Evaluator]:
        vector = Vector()
        for code, entries in _by_variable(terms, constant=True).items():
            vector.add(self._what[code], entries)
        return self._made(vector)


def _codes(scope: Block) -> tuple[dict[int, int], dict[int, tuple[str, Any]]]:
    """A number for every variable, by `id`, and what it stands for: (kind, column or name)."""
    codes: dict[int, int] = {}
    what: dict[int, tuple[str, Any]] = {CONSTANT: ("constant", None)}
    first: dict[str, int] = {}
    column = 0
    for family in scope.columns:
        first[family.name] = column
        for member in family.members:
            codes[id(member)] = column
            what[column] = ("own", column)
            column += 1
    outside: list[tuple[int, tuple[str, Any]]] = []
    if isinstance(scope, SymbolicPeriod):
        outside += [(key, (kind, first[name] + k)) for key, (name, k, kind) in scope.lags.items()]
        outside += [(key, ("horizon", named)) for key, named in scope.of_horizon.items()]
    if isinstance(scope, SymbolicHorizon):
        outside += [(key, ("total", wanted)) for key, wanted in scope.wanted.items()]
    for code, (key, meaning) in enumerate(outside, start=column):
        codes[key] = code
        what[code] = meaning
    return codes, what


def _by_variable(terms: Terms, *, constant: bool = False) -> dict[int, list[tuple[tuple[int, ...], float]]]:
    found: dict[int, list[tuple[tuple[int, ...], float]]] = {}
    for (code, factors), coefficient in terms.items():
        if constant or code != CONSTANT:
            found.setdefault(code, []).append((factors, coefficient))
    return found


def _constants(bound: Terms, body: Terms) -> list[tuple[tuple[int, ...], float]]:
    """A bound less the constant part of the body."""
    return [(factors, value) for (_, factors), value in bound.items()] + [(factors, -value) for (_, factors), value in body.items()]


def _families(declared: list[Declared]) -> tuple[Family, ...]:
    families, first = [], 0
    for family in declared:
        if family.keys:
            families.append(Family(family.name, family.component, family.keys, first, unit=family.unit))
        first += len(family.keys)
    return tuple(families)
