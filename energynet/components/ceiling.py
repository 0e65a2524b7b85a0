"""Weighted ceilings and floors over a year. Tables: `ceilings`, `ceiling_terms` (`energynet.components.contract_tables`)."""

from __future__ import annotations

from energynet.components.scope import Expression, HorizonScope, Network, PeriodScope


def _terms(network: Network) -> list[tuple[str, str, str, str, str]]:
    """(key, ceiling, component, target, origin) of every term that has something to count."""
    table = network["ceiling_terms"]
    columns = (table.text[name] for name in ("ceiling", "component", "target", "origin"))
    terms = list(zip(table.ids, *columns, strict=True))
    there = {
        "supply": {(s, "") for s in network.pairs.supplies},
        "arc": {pair for a, o in network.pairs.arcs for pair in ((a, o), (a, ""))},
        "converter": {pair for c, o in network.pairs.converters for pair in ((c, o), (c, ""))},
    }
    return [term for term in terms if (term[3], term[4] if term[2] != "supply" else "") in there[term[2]]]


def period(scope: PeriodScope) -> None:
    """What ceilings count, as totals of one period."""
    network = scope.network
    given, flow, convert = (scope.variables[name] for name in ("supply", "flow", "convert"))
    variable = {"supply": given, "arc": flow, "converter": convert}

    def counted(key: str) -> Expression:
        _, _, component, target, origin = terms[key]
        second = {"supply": ""}.get(component, origin)
        return scope.days_weighted * sum(x for (name, other), x in variable[component].items() if name == target and second in ("", other))

    terms = {term[0]: term for term in _terms(network)}
    scope.total("counted", [(key,) for key in terms], counted)


def horizon(scope: HorizonScope) -> None:
    """The ceilings and floors themselves."""
    network = scope.network
    ceilings, table = network["ceilings"], network["ceiling_terms"]
    terms = _terms(network)

    def ceiling_rule(ceiling: str, year: str) -> Expression:
        r"""Ceiling or floor. $\sum_i \mathit{weight}_i \sum_t \mathit{days}_t x_{i,t} \le \mathit{quantity}_{y}$, or $\ge$; a year
        partly inside counts by its share
        """
        kind = ceilings.of("year", ceiling)
        weight = table.number["weight"]
        summed = sum(weight[table.position[t[0]]] * scope.total("counted", (t[0],), kind, year) for t in terms if t[1] == ceiling)
        bound = scope.mean("ceilings", "quantity", kind)[ceiling, year] * scope.inside("ceilings", kind)[ceiling, year]
        return summed <= bound if ceilings.of("sense", ceiling) == "at_most" else summed >= bound

    named = {term[1] for term in terms}
    pairs = [(c, y) for c in ceilings if c in named for c_, y in scope.limited("ceilings", "quantity", ceilings.of("year", c)) if c_ == c]
    scope.constrain("ceiling", pairs, ceiling_rule)
