"""Converters: links between two carriers, e.g. a gas-fired plant. Table: `converters` (`energynet.components.converter_tables`)."""

from __future__ import annotations

from energynet.components.project import grown
from energynet.components.scope import Expression, PeriodScope


def period(scope: PeriodScope) -> None:
    """The algebra of converters for one period; `convert` is the input taken, by its origin."""
    converters = scope.network["converters"]
    yields, available, share, minimum, cost = (
        scope.data("converters", column) for column in ("yield", "available", "available_share", "available_minimum", "input_cost")
    )
    added = grown(scope, "converter")
    convert = scope.variable("convert", scope.network.pairs.converters)
    inputs: dict[str, list[str]] = {}
    for converter, origin in scope.network.pairs.converters:
        inputs.setdefault(converter, []).append(origin)

    def taken(converter: str) -> Expression:
        return sum(convert[converter, origin] for origin in inputs[converter])

    def output(converter: str) -> Expression:
        return yields[converter] * taken(converter)

    def conversion_rule(converter: str) -> Expression:
        r"""Capacity. $\mathit{yield}_v \sum_o \mathit{convert}_{v,o} \le (\mathit{capacity}_v + \mathit{added}_v) \cdot
        \mathit{availability}_v$
        """
        return output(converter) - added(converter) * share[converter] <= available[converter]

    def minimum_conversion_rule(converter: str) -> Expression:
        r"""Least output. $\mathit{yield}_v \sum_o \mathit{convert}_{v,o} \ge \mathit{minimum}_v \cdot \mathit{availability}_v$"""
        return output(converter) >= minimum[converter]

    floors = [(v,) for v in inputs if converters.number["available_minimum"][:, converters.position[v]].max() > 0.0]
    scope.constrain("conversion", [(converter,) for converter in inputs], conversion_rule)
    scope.constrain("minimum_conversion", floors, minimum_conversion_rule)
    for converter, origins in inputs.items():
        for origin in origins:
            scope.inject(converters.of("from_node", converter), origin, -convert[converter, origin])
        scope.inject(converters.of("to_node", converter), converters.of("origin", converter), output(converter))
        scope.cost("conversion", scope.money * cost[converter] * taken(converter))
        scope.total("converted", [(converter,)], lambda key: scope.days_weighted * taken(key))
