"""Storages: stock by origin, rates that depend on the fill, filling targets. Tables: `energynet.components.storage_tables`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from energynet.components.project import grown
from energynet.components.scope import Expression, PeriodScope

Data = Mapping[str, Expression]
Moved = Mapping[Any, Expression]
Grown = Callable[[str], Expression]


def period(scope: PeriodScope) -> None:
    """The algebra of storages for one period. `inject` and `withdraw` are at the node; `inventory` is the stock at the end, in units."""
    storages = scope.network["storages"]
    origins: dict[str, list[str]] = {}
    for storage, origin in scope.network.pairs.storages:
        origins.setdefault(storage, []).append(origin)
    pairs = scope.network.pairs.storages
    inject, withdraw = scope.variable("inject", pairs), scope.variable("withdraw", pairs)
    fed = [s for s in origins if storages.number["inflow"][:, storages.position[s]].max() > 0.0]
    inflow, days = scope.data("storages", "inflow"), scope.data("storages", "stock_days")
    spill = scope.variable("spill", [(s,) for s in fed])
    inventory = scope.variable("inventory", pairs, unit="units")
    previous = _previous(scope)
    retention, eff_in, eff_out = (scope.data("storages", c) for c in ("retention", "injection_efficiency", "withdrawal_efficiency"))
    volume, closing = scope.data("storages", "working_volume"), scope.data("closing_stocks", "stock")

    def inventory_rule(s: str, o: str) -> Expression:
        r"""Stock. $\mathit{inventory}_{s,o,t} = (1 - \mathit{loss}_s)^{\mathit{days}} \mathit{inventory}_{s,o,t-1} + \mathit{days}
        (\mathit{eff}^{in}_s \mathit{inject}_{s,o} - \mathit{withdraw}_{s,o} / \mathit{eff}^{out}_s + \mathit{inflow}_s -
        \mathit{spill}_s)$, inflow and spill for its own origin. Over representative days $\mathit{days}$ are all that
        the period stands for; a storage with a daily cycle counts the one day, and its first hour follows its last
        """
        gained = eff_in[s] * inject[s, o] - withdraw[s, o] / eff_out[s]
        if s in fed and o == storages.of("inflow_origin", s):
            gained = gained + inflow[s] - spill[s]
        return inventory[s, o] - retention[s] * previous[s, o] - days[s] * gained == 0.0

    added = grown(scope, "storage", "volume")

    def stock(s: str) -> Expression:
        return sum(inventory[s, o] for o in origins[s])

    def working_volume_rule(s: str) -> Expression:
        r"""Working volume. $\sum_o \mathit{inventory}_{s,o} \le \mathit{working\_volume}_s + \mathit{added}_s$"""
        return stock(s) - added(s) <= volume[s]

    def closing_stock_rule(s: str, o: str) -> Expression:
        r"""Closing stock. $\mathit{inventory}_{s,o} \ge \mathit{closing\_stock}_{s,o}$, which is zero but at the end of the horizon"""
        return inventory[s, o] >= closing[f"{s}/{o}"]

    scope.constrain("inventory", pairs, inventory_rule, unit="units")
    scope.constrain("working_volume", [(s,) for s in origins], working_volume_rule, unit="units")
    wanted = scope.network["closing_stocks"]
    kept = [
        (s, o) for s, o in pairs if f"{s}/{o}" in wanted.position and wanted.number["stock"][:, wanted.position[f"{s}/{o}"]].max() > 0.0
    ]
    scope.constrain("closing_stock", kept, closing_stock_rule, unit="units")
    _rates(scope, origins, stock, lambda s: sum(previous[s, o] for o in origins[s]))
    _targets(scope, origins, stock)

    cost_in, cost_out = scope.data("storages", "injection_cost"), scope.data("storages", "withdrawal_cost")
    for s, o in pairs:
        scope.inject(storages.of("node", s), o, withdraw[s, o] - inject[s, o])
        scope.cost("injection", scope.money * cost_in[s] * inject[s, o])
        scope.cost("withdrawal", scope.money * cost_out[s] * withdraw[s, o])
        scope.second_stage("fuel", scope.money * (inject[s, o] - eff_in[s] * inject[s, o] + withdraw[s, o] / eff_out[s] - withdraw[s, o]))
        scope.second_stage("haul", scope.money * (inject[s, o] + withdraw[s, o]))


def _previous(scope: PeriodScope) -> Moved:
    """The stock before: of the period before, or of the hour before in the same representative day."""
    storages, opening = scope.network["storages"], ("opening_stocks", "stock")
    previous = scope.previous("inventory", opening)
    if not storages.number["daily"].any():
        return previous
    in_day = scope.previous("inventory", opening, in_day=True)
    return {key: (in_day if storages.number["daily"][storages.position[key[0]]] else previous)[key] for key in previous}


def _rates(scope: PeriodScope, origins: dict[str, list[str]], end: Callable[[str], Expression], start: Callable[[str], Expression]) -> None:
    """Greatest rates, and the concave curves that lower them as the stock falls or rises: one row a line, at both ends of the period."""
    lines = scope.network["storage_lines"]
    intercept, slope = scope.data("storage_lines", "intercept"), scope.data("storage_lines", "slope")
    for word, direction, variable in (("injection", "inject", "inject"), ("withdrawal", "withdraw", "withdraw")):
        rate, by_volume = scope.data("storages", f"available_{word}"), scope.data("storages", f"{word}_per_volume")
        moved, added = scope.variables[variable], grown(scope, "storage", f"available_{word}")

        def rate_rule(s: str, rate: Data = rate, moved: Moved = moved, added: Grown = added) -> Expression:
            r"""Rate (`injection_rate`, `withdrawal_rate`). $\sum_o \mathit{inject}_{s,o} \le (\mathit{injection}_s + \mathit{added}_s)
            \cdot \mathit{availability}_s$; withdrawal alike
            """
            return sum(moved[s, o] for o in origins[s]) - added(s) <= rate[s]

        def curve_rule(
            s: str, piece: str, at: str, rate: Data = rate, by_volume: Data = by_volume, moved: Moved = moved, direction: str = direction,
            added: Grown = added,
        ) -> Expression:  # fmt: skip
            r"""Curve (`injection_curve`, `withdrawal_curve`). $\sum_o \mathit{withdraw}_{s,o} \le \mathit{rate}_s (\mathit{intercept}_l
            + \mathit{slope}_l \sum_o \mathit{inventory}_{s,o} / \mathit{working\_volume}_s) + \mathit{added}_s \, \mathit{intercept}_l$, at
            the previous and at the end stock; injection alike. What projects add is in proportion: rates over working volume stay
            """
            line = f"{s}/{direction}/{piece}"
            stock = start(s) if at == "start" else end(s)
            more = added(s) * intercept[line]
            return sum(moved[s, o] for o in origins[s]) - by_volume[s] * slope[line] * stock - more <= rate[s] * intercept[line]

        scope.constrain(f"{word}_rate", [(s,) for s in origins], rate_rule)
        pieces = [key.split("/") for key in lines if key.split("/")[0] in origins and key.split("/")[1] == direction]
        sloped = [(s, piece, at) for s, _, piece in pieces for at in ("start", "end")]
        scope.constrain(f"{word}_curve", sloped, curve_rule)


def _targets(scope: PeriodScope, origins: dict[str, list[str]], stock: Callable[[str], Expression]) -> None:
    storages = scope.network["storages"]
    target, penalty = scope.data("storages", "target"), scope.data("storages", "penalty")
    aimed = [(s,) for s in origins if storages.number["target"][:, storages.position[s]].max() > 0.0]
    missing = scope.variable("target_missing", aimed, upper=lambda s: target[s], unit="units")

    def target_rule(s: str) -> Expression:
        r"""Filling target. $\sum_o \mathit{inventory}_{s,o} + \mathit{target\_missing}_s \ge \mathit{target}_s$ at the end of the
        period before its date
        """
        return stock(s) + missing[s] >= target[s]

    scope.constrain("target", aimed, target_rule, unit="units")
    for (s,) in aimed:
        scope.cost("missed target", scope.thousandth * penalty[s] * missing[s])
