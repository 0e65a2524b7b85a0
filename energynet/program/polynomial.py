"""Pyomo expressions as polynomials of the data: the compiled form of every coefficient and bound.

A monomial is a number times data symbols (or their reciprocals) times at most one variable. Symbol k is written 2k as a factor
and 2k+1 as a divisor.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pyomo.core.base.expression import NamedExpressionData
from pyomo.core.base.param import ParamData
from pyomo.core.base.var import VarData
from pyomo.core.expr.numeric_expr import DivisionExpression, NegationExpression, ProductExpression, SumExpression
from pyomo.core.expr.numvalue import native_numeric_types

Factors = tuple[int, ...]
Terms = dict[tuple[int, Factors], float]
CONSTANT = -1


class NotLinear(ValueError):
    """The algebra multiplies two variables, divides by one, or uses a function that is not a polynomial of the data."""


class Polynomials:
    """Reads Pyomo expressions, given the code of every variable and the number of every data symbol, by `id`."""

    def __init__(self, variables: Mapping[int, int], symbols: Mapping[int, int]) -> None:
        self._variables, self._symbols = variables, symbols
        self._known: dict[type, Callable[[Any, float, Factors, int, Terms], None]] = {}

    def terms(self, expression: Any, sign: float = 1.0, out: Terms | None = None) -> Terms:  # noqa: ANN401
        """{(variable code, factors): coefficient}; the code CONSTANT stands for no variable. Raises NotLinear."""
        found: Terms = {} if out is None else out
        self._walk(expression, sign, (), CONSTANT, found)
        return found

    def _walk(self, node: Any, scale: float, factors: Factors, variable: int, out: Terms) -> None:  # noqa: ANN401
        kind = node.__class__
        if kind is float or kind is int or kind in native_numeric_types:
            if node:
                key = (variable, factors)
                out[key] = out.get(key, 0.0) + scale * float(node)
            return
        method = self._known.get(kind)
        if method is None:
            method = self._known[kind] = self._method(kind)
        method(node, scale, factors, variable, out)

    def _method(self, kind: type) -> Callable[[Any, float, Factors, int, Terms], None]:
        order = (
            (VarData, self._variable), (ParamData, self._symbol), (ProductExpression, self._product), (SumExpression, self._sum),
            (NegationExpression, self._negation), (DivisionExpression, self._division), (NamedExpressionData, self._named),
        )  # fmt: skip
        for base, method in order:
            if issubclass(kind, base):
                return method
        raise NotLinear(f"{kind.__name__} is not a polynomial of the data")

    def _variable(self, node: Any, scale: float, factors: Factors, variable: int, out: Terms) -> None:  # noqa: ANN401
        if variable != CONSTANT:
            raise NotLinear(f"{node.name} is multiplied by another variable")
        key = (self._variables[id(node)], factors)
        out[key] = out.get(key, 0.0) + scale

    def _symbol(self, node: Any, scale: float, factors: Factors, variable: int, out: Terms) -> None:  # noqa: ANN401
        key = (variable, tuple(sorted((*factors, 2 * self._symbols[id(node)]))))
        out[key] = out.get(key, 0.0) + scale

    def _product(self, node: Any, scale: float, factors: Factors, variable: int, out: Terms) -> None:  # noqa: ANN401
        left, right = node.args
        for (code, more), coefficient in self.terms(left).items():
            if code != CONSTANT and variable != CONSTANT:
                raise NotLinear("two variables are multiplied")
            self._walk(right, scale * coefficient, tuple(sorted((*factors, *more))), code if code != CONSTANT else variable, out)

    def _sum(self, node: Any, scale: float, factors: Factors, variable: int, out: Terms) -> None:  # noqa: ANN401
        for part in node.args:
            self._walk(part, scale, factors, variable, out)

    def _negation(self, node: Any, scale: float, factors: Factors, variable: int, out: Terms) -> None:  # noqa: ANN401
        self._walk(node.args[0], -scale, factors, variable, out)

    def _division(self, node: Any, scale: float, factors: Factors, variable: int, out: Terms) -> None:  # noqa: ANN401
        divisor = self.terms(node.args[1])
        if len(divisor) != 1:
            raise NotLinear("a divisor must be one product of data")
        ((code, under), coefficient) = next(iter(divisor.items()))
        if code != CONSTANT or any(factor % 2 for factor in under):
            raise NotLinear("a divisor must be one product of data")
        self._walk(node.args[0], scale / coefficient, tuple(sorted((*factors, *(factor + 1 for factor in under)))), variable, out)

    def _named(self, node: Any, scale: float, factors: Factors, variable: int, out: Terms) -> None:  # noqa: ANN401
        self._walk(node.expr, scale, factors, variable, out)
