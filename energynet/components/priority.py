"""What is met before the cost: least unserved demand, the smallest worst national curtailment, or the largest net income of an origin."""

from __future__ import annotations

from energynet.components.capacity_product import for_sale
from energynet.components.contract import active
from energynet.components.scope import Expression, HorizonScope, Network, PeriodScope

INCOME = "income:"
Place = tuple[str, str]  # country, carrier


def earner(network: Network) -> str:
    """The origin whose net income is made largest; empty where none is."""
    return network.objective.removeprefix(INCOME) if network.objective.startswith(INCOME) else ""


def places(network: Network) -> dict[Place, list[str]]:
    """The demands of each country and carrier."""
    demands, nodes, found = network["demands"], network["nodes"], dict[Place, list[str]]()
    for demand in dict.fromkeys(key for (key, _) in network.pairs.demands):
        node = demands.of("node", demand)
        found.setdefault((nodes.of("country", node), nodes.of("carrier", node)), []).append(demand)
    return found


def market_of(network: Network, contract: str) -> str:
    """The demand whose price a contract's gas would fetch if it were sold there: its own, or the one of its buyer's country; else empty."""
    contracts = network["contracts"]
    if contracts.of("delivery_demand", contract):
        return str(contracts.of("delivery_demand", contract))
    carrier = network["origins"].of("carrier", contracts.of("origin", contract))
    found = [d for d in places(network).get((contracts.of("buyer", contract), carrier), []) if d in network["sale_prices"].position]
    return found[0] if len(found) == 1 else ""


def period(scope: PeriodScope) -> None:
    """What comes before the cost, in one period. Each is made least; the cost is then made least among the answers that are left."""
    network, unserved = scope.network, scope.variables["unserved"]
    if network.objective == "cost":
        return
    energy = scope.data("carriers", "energy_per_unit")
    carrier = {d: network["nodes"].of("carrier", network["demands"].of("node", d)) for d, _ in unserved}
    if network.objective != "curtailment":
        for (demand, _), cut in unserved.items():
            scope.before("unserved", scope.days_weighted * energy[carrier[demand]] * cut)
    else:
        _curtailment(scope)
    if earner(network):
        _income(scope, earner(network))


def _curtailment(scope: PeriodScope) -> None:
    found, quantity = places(scope.network), scope.data("demands", "quantity")
    cut, worst = scope.variables["unserved"], scope.horizon_variable("worst_curtailment", "calendar")

    def curtailment_rule(country: str, carrier: str) -> Expression:
        r"""National curtailment. $\sum_{d,r} \mathit{unserved}_{d,r} \le \mathit{worst\_curtailment}_{v,y} \sum_d \mathit{quantity}_d$ over
        the demands of a country and carrier
        """
        demands = found[country, carrier]
        missing = sum(x for (demand, _), x in cut.items() if demand in demands)
        return missing - sum(quantity[d] for d in demands) * worst[(carrier,)] <= 0.0

    scope.constrain("curtailment", list(found), curtailment_rule)


def _income(scope: PeriodScope, origin: str) -> None:
    r"""Net income: sales at `sale_prices` (to plants too, at the price of the demand at their node), contracts at their own prices (in
    place of the sale price of the buyer's market), less production, tariffs, storage, swaps. Of a booking the origin's own gas is carried
    first; the charges of bookings are sunk.
    """
    network, held, money = scope.network, scope.variables, scope.money
    sale, contract_price = scope.data("sale_prices", "value"), scope.data("contracts", "contract_price")
    for (demand, of), taken in held["taken"].items():
        if of == origin:
            scope.before("income", -money * sale[demand] * taken)
    at = {network["demands"].of("node", demand): demand for demand in network["sale_prices"]}
    for (converter, of), taken in held["convert"].items():
        burnt_at = network["converters"].of("from_node", converter)
        if of == origin and burnt_at in at:
            scope.before("income", -money * sale[at[burnt_at]] * taken)
    for contract in active(network):
        if network["contracts"].of("origin", contract) == origin:
            market = market_of(network, contract)
            earned = contract_price[contract] - (sale[market] if market else 0.0)
            scope.before("income", -money * earned * held["delivered"][contract])
    _own_costs(scope, origin)
    _own_tariffs(scope, origin)


def _own_costs(scope: PeriodScope, origin: str) -> None:
    """Production, storage and swaps of an origin."""
    network, held, money = scope.network, scope.variables, scope.money
    cost, rise, curve = scope.data("supplies", "cost"), scope.data("supply_steps", "cost"), network["supply_steps"]
    for (supply, step), given in held["supply"].items():
        if network["supplies"].of("origin", supply) == origin:
            key = f"{supply}/{step}"
            scope.before("income", money * (cost[supply] + rise[key] if key in curve.position else cost[supply]) * given)
    for variable, column in (("inject", "injection_cost"), ("withdraw", "withdrawal_cost")):
        for (storage, of), moved in held[variable].items():
            if of == origin:
                scope.before("income", money * scope.data("storages", column)[storage] * moved)
    for swap, handed in held["swapped"].items():
        if network["swaps"].of("origin", swap) == origin:
            scope.before("income", money * scope.data("swaps", "cost")[swap] * handed)


def _own_tariffs(scope: PeriodScope, origin: str) -> None:
    """Tariffs by volume on what of an origin's own gas flows beyond the bookings."""
    arcs, sold = scope.network["arcs"], for_sale(scope.network)
    tariffs = [scope.data("arcs", column) for column in ("tariff", "entry_tariff", "exit_tariff")]
    booked = scope.data("arcs", "booked")
    flow = {arc: x for (arc, of), x in scope.variables["flow"].items() if of == origin}
    paying = [arc for arc in flow if arc not in sold]
    sunk = [arc for arc in paying if arcs.number["booked"][:, arcs.position[arc]].max() > 0.0]
    own = scope.variable("own_beyond", [(arc,) for arc in sunk])

    def own_beyond_rule(arc: str) -> Expression:
        r"""Own gas beyond the booking (`own_beyond`). $\mathit{own\_beyond}_a \ge \mathit{flow}_{a,o} - \mathit{booked}_a$ for the origin
        $o$ whose income is made largest
        """
        return own[arc] - flow[arc] >= -booked[arc]

    scope.constrain("own_beyond", [(arc,) for arc in sunk], own_beyond_rule)
    for arc in paying:
        scope.before("income", scope.money * sum(tariff[arc] for tariff in tariffs) * (own[arc] if arc in sunk else flow[arc]))


def horizon(scope: HorizonScope) -> None:
    """The worst curtailment of each carrier and year; and what a seller owes: the price of what it does not deliver of the take-or-pay."""
    network = scope.network
    if network.objective == "curtailment":
        carriers = dict.fromkeys(carrier for _, carrier in places(network))
        worst = scope.variable("worst_curtailment", [(c, y) for c in carriers for y in scope.years("calendar")], unit="share")
        for share in worst.values():
            scope.before("curtailment", share)
    if earner(network):
        contracts = network["contracts"]
        price = {kind: scope.mean("contracts", "annual_price", kind) for kind in ("calendar", "gas")}
        for (contract, year), units in scope.variables["not_taken"].items():
            if contracts.of("origin", contract) == earner(network):
                kind = contracts.of("contract_year", contract)
                scope.before("income", price[kind][contract, year] * units)
