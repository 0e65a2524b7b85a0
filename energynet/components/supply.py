"""Supplies: production, and imports from beyond the network, along a rising curve. Tables: `energynet.components.supply_tables`."""

from __future__ import annotations

from energynet.components.project import grown
from energynet.components.scope import Expression, HorizonScope, Network, PeriodScope


def steps_of(network: Network) -> dict[str, list[str]]:
    """The steps of each supply that exists; `1` for a supply without a curve."""
    table = network["supply_steps"]
    steps: dict[str, list[str]] = {supply: [] for supply in network.pairs.supplies}
    for key, supply in zip(table.ids, table.text["supply"], strict=True):
        if supply in steps:
            steps[supply].append(key.split("/")[1])
    return {supply: found or ["1"] for supply, found in steps.items()}


def period(scope: PeriodScope) -> None:
    """The algebra of supplies for one period."""
    network = scope.network
    supplies, curve, steps = network["supplies"], network["supply_steps"], steps_of(network)
    available, share, minimum, cost, swing = (
        scope.data("supplies", column) for column in ("available", "available_share", "available_minimum", "cost", "swing")
    )
    widths, shares, rise = (scope.data("supply_steps", column) for column in ("width", "available_share", "cost"))

    added = grown(scope, "supply")

    def width(supply: str, step: str) -> Expression:
        key = f"{supply}/{step}"
        return widths[key] if key in curve.position else available[supply]

    def growing_by(supply: str, step: str) -> Expression:
        key = f"{supply}/{step}"
        return (shares[key] if key in curve.position else share[supply]) * added(supply)

    def upper(supply: str, step: str) -> Expression:
        r"""Step. $\mathit{supply}_{s,k} \le \mathit{share}_{s,k} \cdot \mathit{maximum}_s \cdot \mathit{availability}_s$"""
        return None if supply in growing else width(supply, step)

    growing = {key.split("/")[2] for key in network["expansions"] if key.split("/")[1] == "supply"}
    keys = [(supply, step) for supply, found in steps.items() for step in found]
    given = scope.variable("supply", keys, upper=upper)

    def supply_capacity_rule(supply: str, step: str) -> Expression:
        r"""Step of a supply that projects expand. $\mathit{supply}_{s,k} \le \mathit{share}_{s,k} (\mathit{maximum}_s + \mathit{added}_s)
        \mathit{availability}_s$
        """
        return given[supply, step] - growing_by(supply, step) <= width(supply, step)

    scope.constrain("supply_capacity", [key for key in keys if key[0] in growing], supply_capacity_rule)

    def whole(supply: str) -> Expression:
        return sum(given[supply, step] for step in steps[supply])

    def supply_minimum_rule(supply: str) -> Expression:
        r"""Least supply. $\sum_k \mathit{supply}_{s,k} \ge \mathit{minimum}_s \cdot \mathit{availability}_s$"""
        return whole(supply) >= minimum[supply]

    floors = [(s,) for s in steps if supplies.number["available_minimum"][:, supplies.position[s]].max() > 0.0]
    scope.constrain("supply_minimum", floors, supply_minimum_rule)

    swinging = [s for s in steps if supplies.limited("swing", s)]
    average = scope.horizon_variable("average", "calendar") if swinging else {}

    def swing_rule(supply: str) -> Expression:
        r"""Swing. $\sum_k \mathit{supply}_{s,k} \le \mathit{swing}_s \cdot \mathit{average}_{s,y}$; a swing of 1 is a flat profile"""
        return whole(supply) - swing[supply] * average[(supply,)] <= 0.0

    scope.constrain("swing", [(s,) for s in swinging], swing_rule)
    scope.total("supplied", [(s,) for s in steps], lambda supply: scope.days_weighted * whole(supply))
    for supply in steps:
        scope.inject(supplies.of("node", supply), supplies.of("origin", supply), whole(supply))
        kind = f"{supplies.of('cost_kind', supply)} cost"
        for step in steps[supply]:
            key = f"{supply}/{step}"
            unit_cost = cost[supply] + rise[key] if key in curve.position else cost[supply]
            scope.cost(kind, scope.money * unit_cost * given[supply, step])


def horizon(scope: HorizonScope) -> None:
    """Annual ceilings and floors, and the average that a swing is measured against."""
    network = scope.network
    steps, supplies = steps_of(network), network["supplies"]
    most, least = (scope.sum("supplies", column, "calendar") for column in ("annual_maximum", "annual_minimum"))
    days = scope.days("calendar")
    swinging = [s for s in steps if supplies.limited("swing", s)]
    grows: dict[str, list[str]] = {}
    for project, component, supply in (key.split("/") for key in network["expansions"]):
        if component == "supply":
            grows.setdefault(supply, []).append(project)
    average = scope.variable("average", [(s, y) for s in swinging for y in scope.years("calendar")], unit="units/d")

    def annual_maximum_rule(supply: str, year: str) -> Expression:
        r"""Annual ceiling. $\sum_t \mathit{days}_t \sum_k \mathit{supply}_{s,k,t} \le \mathit{annual\_maximum}_{s,y} +
        \mathit{days}_y \, \mathit{added}_{s,y}$: what projects add is beside the ceiling
        """
        more = sum(scope.variables["installed"][project, year] for project in grows.get(supply, ()))
        return scope.total("supplied", (supply,), "calendar", year) - days[year] * more <= most[supply, year]

    def annual_minimum_rule(supply: str, year: str) -> Expression:
        r"""Annual floor. $\sum_t \mathit{days}_t \sum_k \mathit{supply}_{s,k,t} \ge \mathit{annual\_minimum}_{s,y}$"""
        return scope.total("supplied", (supply,), "calendar", year) >= least[supply, year]

    def average_rule(supply: str, year: str) -> Expression:
        r"""Average. $\sum_t \mathit{days}_t \sum_k \mathit{supply}_{s,k,t} = \mathit{days}_y \cdot \mathit{average}_{s,y}$"""
        return scope.total("supplied", (supply,), "calendar", year) - days[year] * average[supply, year] == 0.0

    capped, floored = (scope.limited("supplies", column, "calendar") for column in ("annual_maximum", "annual_minimum"))
    scope.constrain("annual_maximum", [pair for pair in capped if pair[0] in steps], annual_maximum_rule)
    scope.constrain("annual_minimum", [pair for pair in floored if pair[0] in steps], annual_minimum_rule)
    scope.constrain("average", [(s, y) for s in swinging for y in scope.years("calendar")], average_rule)
