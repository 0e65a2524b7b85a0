"""Contracts with take-or-pay, make-up and carry-forward. Tables: `energynet.components.contract_tables`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from energynet.components.scope import Expression, HorizonScope, Network, PeriodScope

Columns = Mapping[Any, Expression]


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
    least, most, price, seller_cost, penalty = (
        scope.data("contracts", column) for column in ("daily_least", "daily_most", "contract_price", "seller_cost", "shortfall_penalty")
    )

    def upper(contract: str) -> Expression:
        r"""Daily quantity. $\mathit{delivered}_c \le \mathit{daily\_maximum}_c \cdot \mathit{quantity}_c$; 0 in a period in which the
        contract is not valid, and without a daily maximum only there
        """
        return most[contract] if contracts.limited("daily_most", contract) else None

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

    floors = [(c,) for (c,) in keys if contracts.number["daily_least"][:, contracts.position[c]].max() > 0.0]
    shortfall = scope.variable("shortfall", floors)

    def daily_minimum_rule(contract: str) -> Expression:
        r"""Daily minimum. $\mathit{delivered}_c + \mathit{shortfall}_c \ge \mathit{daily\_minimum}_c \cdot \mathit{quantity}_c$"""
        return delivered[contract] + shortfall[contract] >= least[contract]

    scope.constrain("daily_minimum", floors, daily_minimum_rule)
    scope.total("delivered", keys, lambda contract: scope.days_weighted * delivered[contract])
    for (contract,) in keys:
        scope.cost("contract price", scope.money * price[contract] * delivered[contract])
        scope.cost("seller's cost", -scope.money * seller_cost[contract] * delivered[contract])
    for (contract,) in floors:
        scope.cost("daily shortfall", scope.money * penalty[contract] * shortfall[contract])


def horizon(scope: HorizonScope) -> None:
    """Annual quantity and take-or-pay of each contract year; a year partly inside the horizon counts by its share.

    What a year may take from the bank of gas paid for before (`make_up`), and by how much earlier gas lowers its take-or-pay
    (`carry_forward`), are data: the horizon rolls from contract year to contract year, and each knows what the last one left. With
    foresight all years are one program, and the bank is made of its own columns.
    """
    contracts = scope.network["contracts"]
    year_of = {c: contracts.of("contract_year", c) for c in active(scope.network)}
    pairs = [(c, y) for c, kind in year_of.items() for c_, y in scope.limited("contracts", "annual_quantity", kind) if c_ == c]
    kinds = ("calendar", "gas")
    minimum = {kind: scope.sum("contracts", "annual_least", kind) for kind in kinds}
    most = {kind: scope.sum("contracts", "annual_most", kind) for kind in kinds}
    price = {kind: scope.mean("contracts", "annual_price", kind) for kind in kinds}
    credit = {kind: scope.sum("contracts", "carry_forward", kind) for kind in kinds}
    bank = {kind: scope.sum("contracts", "make_up", kind) for kind in kinds}
    banked = [(c, y) for c, y in pairs if contracts.number["make_up_years"][contracts.position[c]] > 0.0]
    not_taken, make_up = scope.variable("not_taken", pairs), scope.variable("make_up", banked)

    def least(c: str, y: str) -> Expression:
        return minimum[year_of[c]][c, y]

    def annual_quantity_rule(c: str, y: str) -> Expression:
        r"""Annual quantity. $\sum_t \mathit{days}_t \mathit{delivered}_{c,t} \le \mathit{annual\_maximum}_c \cdot
        \mathit{quantity}_{c,y}$
        """
        return scope.total("delivered", (c,), year_of[c], y) <= most[year_of[c]][c, y]

    def take_or_pay_rule(c: str, y: str) -> Expression:
        r"""Take-or-pay. $\sum_t \mathit{days}_t \mathit{delivered}_{c,t} - \mathit{make\_up}_{c,y} + \mathit{not\_taken}_{c,y} \ge
        \mathit{take\_or\_pay}_c \cdot \mathit{quantity}_{c,y} - \mathit{carry\_forward}_{c,y}$: make-up comes after the year's own minimum
        """
        own = scope.total("delivered", (c,), year_of[c], y) - (make_up[c, y] if (c, y) in banked else 0.0)
        return own + not_taken[c, y] >= least(c, y) - credit[year_of[c]][c, y]

    def make_up_rule(c: str, y: str) -> Expression:
        r"""Make-up. $\mathit{make\_up}_{c,y} \le \mathit{bank}_{c,y}$, what was paid for and not taken in earlier
        years and has not expired
        """
        return make_up[c, y] <= bank[year_of[c]][c, y]

    scope.constrain("annual_quantity", pairs, annual_quantity_rule)
    scope.constrain("take_or_pay", pairs, take_or_pay_rule)
    if scope.network.foresight:
        _foresight(scope, banked, least, (not_taken, make_up))
    else:
        scope.constrain("make_up", banked, make_up_rule)
    for c, y in pairs:
        scope.cost("paid, not taken", price[year_of[c]][c, y] * not_taken[c, y])
    for c, y in banked:
        scope.cost("made up", -price[year_of[c]][c, y] * make_up[c, y])


def _foresight(scope: HorizonScope, banked: list[tuple[str, str]], least: Callable[..., Expression], bank: tuple[Columns, Columns]) -> None:
    """The bank of all years in one program. Without the whole numbers a buyer would prepay on purpose, and use the contract as storage."""
    contracts = scope.network["contracts"]
    not_taken, make_up = bank
    years: dict[str, list[str]] = {}
    for c, y in banked:
        years.setdefault(c, []).append(y)
    spans = [(c, a, b) for c, ys in years.items() for i, a in enumerate(ys) for b in ys[i:]]
    prepays = scope.variable("prepays", banked, upper=lambda *_: 1.0, unit="whole")

    def bank_rule(c: str, first: str, last: str) -> Expression:
        r"""Bank (`make_up_bank`). $\sum_{y=a}^{b} \mathit{make\_up}_{c,y} \le \sum_{y=a-n}^{b-1} \mathit{not\_taken}_{c,y}$ for all years
        $a \le b$: gas paid for can be taken in the $n$ years that follow
        """
        ys, n = years[c], int(contracts.number["make_up_years"][contracts.position[c]])
        a, b = ys.index(first), ys.index(last)
        taken = sum(make_up[c, y] for y in ys[a : b + 1])
        return taken - sum(not_taken[c, y] for y in ys[max(a - n, 0) : b]) <= 0.0

    def prepaying_rule(c: str, y: str) -> Expression:
        r"""Prepaying (`prepaying`). $\mathit{not\_taken}_{c,y} \le \mathit{take\_or\_pay}_c \mathit{quantity}_{c,y} \,
        \mathit{prepays}_{c,y}$, one or zero
        """
        return not_taken[c, y] - least(c, y) * prepays[c, y] <= 0.0

    def making_up_rule(c: str, y: str) -> Expression:
        r"""Making up (`making_up`). $\mathit{make\_up}_{c,y} \le M_c (1 - \mathit{prepays}_{c,y})$, never in a year that prepays"""
        all_years = sum(least(c, other) for other in years[c])
        return make_up[c, y] + all_years * prepays[c, y] <= all_years

    scope.constrain("make_up_bank", spans, bank_rule)
    scope.constrain("prepaying", banked, prepaying_rule)
    scope.constrain("making_up", banked, making_up_rule)
