"""Contracts with take-or-pay inside one contract year, and swaps. Tables: `energynet.components.contract_tables`."""

from __future__ import annotations

from energynet.components.scope import Expression, HorizonScope, Network, PeriodScope


def active(network: Network) -> list[str]:
    """Contracts that are valid on some day of the horizon."""
    contracts = network["contracts"]
    return [c for c in contracts if contracts.present[:, contracts.position[c]].max(initial=0.0) > 0.0]


def point_of(network: Network, contract: str) -> tuple[str, str, str]:
    """The delivery point: (`arc` or `demand`, id, origin)."""
    contracts = network["contracts"]
    arc = contracts.of("delivery_arc", contract)
    return (
        ("arc", arc, contracts.of("origin", contract))
        if arc
        else ("demand", contracts.of("delivery_demand", contract), contracts.of("origin", contract))
    )


def period(scope: PeriodScope) -> None:
    """The algebra of contracts for one period."""
    network = scope.network
    contracts, keys = network["contracts"], [(c,) for c in active(network)]
    quantity, least, most, price, seller_cost, penalty = (
        scope.data("contracts", column)
        for column in ("annual_quantity", "daily_minimum", "daily_maximum", "contract_price", "seller_cost", "shortfall_penalty")
    )

    def upper(contract: str) -> Expression:
        r"""Daily quantity. $\mathit{delivered}_c \le \mathit{daily\_maximum}_c \cdot \mathit{quantity}_c$"""
        return most[contract] * quantity[contract] if contracts.limited("daily_maximum", contract) else None

    delivered = scope.variable("delivered", keys, upper=upper)
    points: dict[tuple[str, str, str], list[str]] = {}
    for (contract,) in keys:
        points.setdefault(point_of(network, contract), []).append(contract)
    carried = {"arc": scope.variables["flow"], "demand": scope.variables["taken"]}

    def delivery_rule(kind: str, place: str, origin: str) -> Expression:
        r"""Delivery point. $\sum_c \mathit{delivered}_c \le \mathit{flow}_{a,o}$ (or $\mathit{taken}_{d,o}$) for the contracts of one
        origin at one point
        """
        passing = carried[kind].get((place, origin), 0.0)
        return sum(delivered[c] for c in points[kind, place, origin]) - passing <= 0.0

    scope.constrain("delivery", list(points), delivery_rule)

    floors = [(c,) for (c,) in keys if contracts.number["daily_minimum"][:, contracts.position[c]].max() > 0.0]
    shortfall = scope.variable("shortfall", floors)

    def daily_minimum_rule(contract: str) -> Expression:
        r"""Daily minimum. $\mathit{delivered}_c + \mathit{shortfall}_c \ge \mathit{daily\_minimum}_c \cdot \mathit{quantity}_c$"""
        return delivered[contract] + shortfall[contract] >= least[contract] * quantity[contract]

    scope.constrain("daily_minimum", floors, daily_minimum_rule)
    scope.total("delivered", keys, lambda contract: scope.days_weighted * delivered[contract])
    for (contract,) in keys:
        scope.cost("contract price", scope.money * price[contract] * delivered[contract])
        scope.cost("seller's cost", -scope.money * seller_cost[contract] * delivered[contract])
    for (contract,) in floors:
        scope.cost("daily shortfall", scope.money * penalty[contract] * shortfall[contract])


def horizon(scope: HorizonScope) -> None:
    """Annual quantity and take-or-pay of each contract year; a year partly inside the horizon counts by its share."""
    contracts = scope.network["contracts"]
    year_of = {c: contracts.of("contract_year", c) for c in active(scope.network)}
    pairs = [(c, y) for c, kind in year_of.items() for c_, y in scope.limited("contracts", "annual_quantity", kind) if c_ == c]
    kinds = ("calendar", "gas")
    quantity = {kind: scope.sum("contracts", "annual_quantity", kind) for kind in kinds}
    share = {kind: scope.mean("contracts", "take_or_pay", kind) for kind in kinds}
    most = {kind: scope.mean("contracts", "annual_maximum", kind) for kind in kinds}
    price = {kind: scope.mean("contracts", "contract_price", kind) for kind in kinds}
    not_taken = scope.variable("not_taken", pairs)

    def annual_quantity_rule(c: str, y: str) -> Expression:
        r"""Annual quantity. $\sum_t \mathit{days}_t \mathit{delivered}_{c,t} \le \mathit{annual\_maximum}_c \cdot
        \mathit{quantity}_{c,y}$
        """
        return scope.total("delivered", (c,), year_of[c], y) <= most[year_of[c]][c, y] * quantity[year_of[c]][c, y]

    def take_or_pay_rule(c: str, y: str) -> Expression:
        r"""Take-or-pay. $\sum_t \mathit{days}_t \mathit{delivered}_{c,t} + \mathit{not\_taken}_{c,y} \ge \mathit{take\_or\_pay}_c \cdot
        \mathit{quantity}_{c,y}$
        """
        return scope.total("delivered", (c,), year_of[c], y) + not_taken[c, y] >= share[year_of[c]][c, y] * quantity[year_of[c]][c, y]

    scope.constrain("annual_quantity", pairs, annual_quantity_rule)
    scope.constrain("take_or_pay", pairs, take_or_pay_rule)
    for c, y in pairs:
        scope.cost("paid, not taken", scope.thousandth * price[year_of[c]][c, y] * not_taken[c, y])
