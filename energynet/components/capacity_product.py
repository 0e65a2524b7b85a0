"""Capacity for sale: yearly, quarterly, monthly and daily products. Table: `capacity_products` (`energynet.components.arc_tables`)."""

from __future__ import annotations

from energynet.components.scope import Expression, HorizonScope, Network, PeriodScope

KINDS = {"gas_year": "gas", "year": "calendar", "quarter": "quarter", "month": "month", "day": "period"}


def for_sale(network: Network) -> dict[str, list[str]]:
    """The products of each arc that is used, where the case books capacity; a product that is never valid is none."""
    found: dict[str, list[str]] = {}
    products = network["capacity_products"]
    used = {arc for arc, _ in network.pairs.arcs}
    for product in products if network.capacity_tariffs else ():
        if products.of("arc", product) in used and products.present[:, products.position[product]].max(initial=0.0) > 0.0:
            found.setdefault(products.of("arc", product), []).append(product)
    return found


def period(scope: PeriodScope) -> None:
    """The algebra of capacity products for one period."""
    network, products = scope.network, scope.network["capacity_products"]
    sale = for_sale(network)
    beyond, flow = scope.variables["beyond"], scope.variables["flow"]
    capacity = {kind: scope.horizon_variable("bought_capacity", kind) for kind in dict.fromkeys(KINDS.values())}
    valid = scope.data("capacity_products", "valid")

    def bought_capacity_rule(arc: str) -> Expression:
        r"""Capacity bought (`bought_capacity`). $\mathit{beyond}_a \le \sum_p \mathit{valid}_p \, \mathit{bought\_capacity}_{p,g(t)}$
        over the products of the arc, each in its year, quarter, month or day $g$, and on the days on which it is valid; without
        bookings all flow is beyond them
        """
        needing = beyond[arc] if arc in beyond else sum(x for (name, _), x in flow.items() if name == arc)
        return needing - sum(valid[p] * capacity[KINDS[products.of("duration", p)]][p] for p in sale[arc]) <= 0.0

    scope.constrain("bought_capacity", [(arc,) for arc in sale], bought_capacity_rule)


def horizon(scope: HorizonScope) -> None:
    """What is bought, and what it costs: the charge of the yearly product times the multiplier, on every day of the product.

    Of a year, quarter or month that is only partly inside the horizon, or inside the product's validity, the days inside are paid.
    """
    network, products = scope.network, scope.network["capacity_products"]
    kinds = {p: KINDS[products.of("duration", p)] for sold in for_sale(network).values() for p in sold}
    used = dict.fromkeys(kinds.values())
    most = {kind: scope.mean("capacity_products", "for_sale", kind) for kind in used}
    paid = {kind: scope.sum("capacity_products", "paid", kind) for kind in used}
    keys = [(p, label) for p, kind in kinds.items() for label in scope.years(kind)]

    def sold(product: str, label: str) -> Expression:
        r"""For sale (`for_sale`). $\mathit{bought\_capacity}_{p,g} \le \mathit{maximum}_{p,g}$"""
        return most[kinds[product]][product, label]

    capacity = scope.variable("bought_capacity", keys, upper=sold, unit="units/d")
    for product, label in keys:
        scope.cost("capacity", paid[kinds[product]][product, label] * capacity[product, label])
