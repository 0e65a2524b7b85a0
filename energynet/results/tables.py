"""All result tables of a solution, each made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pandas as pd

from energynet.results import arcs, ceilings, deliveries, markets, netbacks, projects, sensitivity, stocks, summary, welfare
from energynet.solution import Solution

MAKERS: dict[str, Callable[[Solution], pd.DataFrame]] = {
    "balance": markets.balance,
    "flows": arcs.flows,
    "flows_by_origin": arcs.flows_by_origin,
    "borders": arcs.borders,
    "deliveries": deliveries.deliveries,
    "congestion": arcs.congestion,
    "contracts": stocks.contracts,
    "prices": markets.prices,
    "netbacks": netbacks.netbacks,
    "storage": stocks.storage,
    "unserved": markets.unserved,
    "projects": projects.projects,
    "ceilings": ceilings.ceilings,
    "costs": stocks.costs,
    "welfare": welfare.welfare,
    "sensitivity": sensitivity.sensitivity_of_run,
    "certificate": stocks.certificate,
}
NAMES = ("summary", *MAKERS)


class Tables(Mapping[str, pd.DataFrame]):
    """The result tables by name."""

    def __init__(self, solution: Solution) -> None:
        self._solution = solution
        self._made: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in NAMES:
            raise KeyError(name)
        if name not in self._made:
            self._made[name] = summary.summary(self._solution, self) if name == "summary" else MAKERS[name](self._solution)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)
