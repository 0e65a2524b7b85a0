"""The balance of every node, by origin: what all components bring there, less what they take."""

from __future__ import annotations

from energynet.components.scope import Expression, PeriodScope


def period(scope: PeriodScope) -> None:
    """The balance rows of one period, after every other component has injected."""
    arrivals = scope.arrivals()

    def balance_rule(node: str, origin: str) -> Expression:
        r"""Balance. Arrivals $\mathit{flow} - \mathit{fuel}$ + converted + supplied + withdrawn + swapped in
        = departures $\mathit{flow}$ + converter input + $\mathit{taken}$ + injected + swapped out, for each node and origin
        """
        return sum(arrivals[node, origin]) == 0.0

    scope.constrain("balance", [pair for pair in scope.network.pairs.nodes if arrivals[pair]], balance_rule)
