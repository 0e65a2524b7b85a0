"""Demands: firm demand by customer tier, and price-elastic blocks. Tables: `energynet.components.demand_tables`."""

from __future__ import annotations

from energynet.components.scope import Expression, PeriodScope


def period(scope: PeriodScope) -> None:
    """The algebra of demands for one period."""
    network = scope.network
    demands, blocks = network["demands"], network["demand_blocks"]
    asked = {d for d in demands if demands.number["quantity"][:, demands.position[d]].max(initial=0.0) > 0.0}
    asked |= {d for d, width in zip(blocks.text["demand"], blocks.number["width"].max(axis=0, initial=0.0), strict=True) if width > 0.0}
    present = [d for d in demands if d in asked]
    tiers = {d: [key.split("/")[1] for key in network["demand_tiers"] if key.split("/")[0] == d] for d in present}
    bids = {d: [key.split("/")[1] for key, of in zip(blocks.ids, blocks.text["demand"], strict=True) if of == d] for d in present}
    takers: dict[str, list[str]] = {d: [] for d in present}
    for demand, origin in network.pairs.demands:
        takers[demand].append(origin)

    quantity, value = scope.data("demands", "quantity"), scope.data("demands", "value_of_lost_load")
    share, factor = scope.data("demand_tiers", "share"), scope.data("demand_tiers", "value_factor")
    width, willingness = scope.data("demand_blocks", "width"), scope.data("demand_blocks", "willingness")
    most = scope.data("demand_origins", "permitted")
    banned = {key for key, k in network["demand_origins"].position.items() if network["demand_origins"].number["allowed"][:, k].min() < 1.0}

    def permitted(demand: str, origin: str) -> Expression:
        r"""Permission. $\mathit{taken}_{d,o} \le \mathit{allowed}_{d,o} \cdot (\mathit{quantity}_d + \sum_b \mathit{width}_{d,b})$"""
        return most[f"{demand}/{origin}"] if f"{demand}/{origin}" in banned else None

    def cut(demand: str, tier: str) -> Expression:
        r"""Tier. $\mathit{unserved}_{d,r} \le \mathit{share}_{d,r} \cdot \mathit{quantity}_d$"""
        return 0.0 if network.forbid_unserved else share[f"{demand}/{tier}"] * quantity[demand]

    served = scope.variable("served", [(d,) for d in present])
    taken = scope.variable("taken", network.pairs.demands, upper=permitted)
    unserved = scope.variable("unserved", [(d, tier) for d in present for tier in tiers[d]], upper=cut)
    bought = scope.variable("bought", [(d, b) for d in present for b in bids[d]], upper=lambda d, b: width[f"{d}/{b}"])

    def demand_rule(demand: str) -> Expression:
        r"""Firm demand. $\mathit{served}_d + \sum_r \mathit{unserved}_{d,r} = \mathit{quantity}_d$"""
        return served[demand] + sum(unserved[demand, tier] for tier in tiers[demand]) == quantity[demand]

    def taken_rule(demand: str) -> Expression:
        r"""By origin. $\sum_o \mathit{taken}_{d,o} = \mathit{served}_d + \sum_b \mathit{bought}_{d,b}$"""
        used = served[demand] + sum(bought[demand, block] for block in bids[demand])
        return sum(taken[demand, origin] for origin in takers[demand]) - used == 0.0

    scope.constrain("demand", [(d,) for d in present], demand_rule)
    scope.constrain("taken", [(d,) for d in present], taken_rule)
    for demand, origin in network.pairs.demands:
        scope.inject(demands.of("node", demand), origin, -taken[demand, origin])
    for demand in present:
        for tier in tiers[demand]:
            scope.cost("unserved", scope.money * value[demand] * factor[f"{demand}/{tier}"] * unserved[demand, tier])
        for block in bids[demand]:
            scope.cost("willingness to pay", -scope.money * willingness[f"{demand}/{block}"] * bought[demand, block])
