"""Swaps: gas handed over at one node against gas taken at another. Table: `swaps` (`energynet.components.contract_tables`)."""

from __future__ import annotations

from energynet.components.scope import Expression, PeriodScope


def period(scope: PeriodScope) -> None:
    r"""The algebra of swaps for one period.

    At the hand-over node, own origin $-x$, the partner's $+x$; at the receipt node, the partner's $-(1-\mathit{fee}) x$,
    own $+(1-\mathit{fee}) x$.
    """
    swaps = scope.network["swaps"]
    maximum, fee, cost = (scope.data("swaps", column) for column in ("maximum", "fee", "cost"))

    def upper(swap: str) -> Expression:
        r"""Most. $\mathit{swapped}_w \le \mathit{maximum}_w$"""
        return maximum[swap]

    swapped = scope.variable("swapped", [(swap,) for swap in scope.network.pairs.swaps], upper=upper)
    for swap in scope.network.pairs.swaps:
        hand_over, receipt, own, partner = (swaps.of(c, swap) for c in ("hand_over_node", "receipt_node", "origin", "partner_origin"))
        returned = swapped[swap] - fee[swap] * swapped[swap]
        scope.inject(hand_over, own, -swapped[swap])
        scope.inject(hand_over, partner, swapped[swap])
        scope.inject(receipt, partner, -returned)
        scope.inject(receipt, own, returned)
        scope.cost("swap", scope.money * cost[swap] * swapped[swap])
        scope.second_stage("haul", scope.money * swapped[swap])
