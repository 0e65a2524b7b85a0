"""Weighted ceilings and floors over a year, and charges. Tables: `ceilings`, `ceiling_terms` (`energynet.components.contract_tables`)."""

from __future__ import annotations

from energynet.components.contract import active
from energynet.components.scope import Expression, HorizonScope, Network, PeriodScope

VARIABLE = {"supply": "supply", "arc": "flow", "converter": "convert", "demand": "taken", "contract": "delivered"}
BY_ORIGIN = ("arc", "converter", "demand")
THOUSANDTH = 0.001


def _terms(network: Network) -> dict[str, tuple[str, str, str, str]]:
    """(ceiling, component, target, origin) of every term that has something to count, by its key."""
    table, pairs = network["ceiling_terms"], network.pairs
    there = {
        "supply": set(pairs.supplies), "contract": set(active(network)), "arc": set(pairs.arcs), "converter": set(pairs.converters),
        "demand": set(pairs.demands),
    }  # fmt: skip
    there |= {kind: there[kind] | {(name, "") for name, _ in there[kind]} for kind in BY_ORIGIN}
    columns = (table.text[name] for name in ("ceiling", "component", "target", "origin"))
    found = dict(zip(table.ids, zip(*columns, strict=True), strict=True))
    return {key: term for key, term in found.items() if ((term[2], term[3]) if term[1] in BY_ORIGIN else term[2]) in there[term[1]]}


def period(scope: PeriodScope) -> None:
    """What ceilings count, as totals of one period, and what is charged for it."""
    ceilings, terms = scope.network["ceilings"], _terms(scope.network)
    weight, charged = scope.data("ceiling_terms", "weight"), scope.data("ceilings", "charged")

    def counted(key: str) -> Expression:
        _, component, target, origin = terms[key]
        columns = scope.variables[VARIABLE[component]]
        if component == "contract":
            return weight[key] * columns[target]
        mine = (x for (name, other), x in columns.items() if name == target and (component == "supply" or origin in ("", other)))
        return weight[key] * sum(mine)

    def rate(ceiling: str) -> Expression:
        return sum(counted(key) for key, term in terms.items() if term[0] == ceiling)

    named = dict.fromkeys(term[0] for term in terms.values())
    valid = scope.data("ceilings", "valid")
    partly = {ceiling for ceiling in named if ceilings.present[:, ceilings.position[ceiling]].min(initial=1.0) < 1.0}

    def days_of(ceiling: str) -> Expression:
        return scope.days_weighted * valid[ceiling] if ceiling in partly else scope.days_weighted

    scope.total("counted", [(ceiling,) for ceiling in named], lambda ceiling: days_of(ceiling) * rate(ceiling))
    for ceiling in named:
        if ceilings.number["charged"][:, ceilings.position[ceiling]].any():
            scope.cost("charge", scope.money * THOUSANDTH * charged[ceiling] * rate(ceiling))


def horizon(scope: HorizonScope) -> None:
    """The ceilings and floors themselves."""
    network = scope.network
    ceilings, named = network["ceilings"], {term[0] for term in _terms(network).values()}
    pairs = [(c, y) for c in ceilings if c in named for c_, y in scope.limited("ceilings", "quantity", ceilings.of("year", c)) if c_ == c]
    priced = [(c, y) for c, y in pairs if ceilings.limited("penalty", c)]
    missed = scope.variable("missed", priced)

    def ceiling_rule(ceiling: str, year: str) -> Expression:
        r"""Ceiling or floor. $\sum_t \mathit{days}_t \sum_i \mathit{weight}_i x_{i,t} - \mathit{missed}_y \le \mathit{quantity}_{y}$, or
        $+ \ge$; only the days on which it is valid count, in the sum and by their share of the year in the
        quantity; missed only where it has a penalty
        """
        kind, at_most = ceilings.of("year", ceiling), ceilings.of("sense", ceiling) == "at_most"
        summed = scope.total("counted", (ceiling,), kind, year)
        if (ceiling, year) in priced:
            summed = summed - missed[ceiling, year] if at_most else summed + missed[ceiling, year]
        bound = scope.sum("ceilings", "bound", kind)[ceiling, year]
        return summed <= bound if at_most else summed >= bound

    scope.constrain("ceiling", pairs, ceiling_rule)
    for ceiling, year in priced:
        kind = ceilings.of("year", ceiling)
        scope.cost("missed ceiling or floor", scope.mean("ceilings", "missed_cost", kind)[ceiling, year] * missed[ceiling, year])
