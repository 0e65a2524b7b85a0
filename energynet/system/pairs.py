"""Which origin can be where: the pairs for which columns and rows exist.

A column is left out only where it can change neither the cost nor whether there is an answer. Any flow is a sum of ways and circles: ways
that lead from a source to a use, or to a circle on which all is lost on the way round, and circles that nothing enters or leaves. Those on
which nothing has a floor or a reward (`energynet.system.incentives`), and at whose end nobody takes or stores anything, can be taken away:
no limit is broken by it, and no cost rises. So three things are kept:

1. all that lies between a source and a use;
2. ways from a source to a use or a circle, on which something has a floor or a reward;
3. circles that no source reaches, on which something has a floor or a reward.

What has a floor and can carry nothing is kept too: without its column its row would be gone, and an answer be found where there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from energynet.system.incentives import Pair, ever, floors, named, rewards
from energynet.system.reach import Flags, Graph
from energynet.system.records import Records

Link = tuple[Pair, Pair]  # from and to, each a node and an origin


@dataclass(frozen=True)
class Pairs:
    """Ordered pairs with an origin: nodes, arcs, demands, storages, converters (by the origin of the input); and who takes part."""

    nodes: tuple[Pair, ...]
    arcs: tuple[Pair, ...]
    demands: tuple[Pair, ...]
    storages: tuple[Pair, ...]
    converters: tuple[Pair, ...]
    supplies: tuple[str, ...]
    swaps: tuple[str, ...]


def find_pairs(records: Mapping[str, Records], carrier_of: Callable[[str, str], str]) -> Pairs:
    """The pairs that are kept, by which numbers are above, at or below zero at any time of the horizon."""
    return _Finder(records, carrier_of).found()


class _Finder:
    """Nodes with the origins of their carrier, and what could move something from one to another."""

    def __init__(self, records: Mapping[str, Records], carrier_of: Callable[[str, str], str]) -> None:
        self._records = records
        by_carrier = {carrier: records["origins"].where("carrier", carrier) for carrier in records["carriers"]}
        self._origins_at = {node: by_carrier[carrier_of("nodes", node)] for node in records["nodes"]}
        self._must, self._pays = floors(records), rewards(records)
        self._asked = self._asked_ever()
        self._able = self._able_ever()
        self._links = self._all_links()

    def found(self) -> Pairs:
        return self._in_order(self._with_floors(self._between(self._kept())))

    def _able_ever(self) -> Pairs:
        """What could carry something if anything came there; the nodes are all of them."""
        records = self._records
        arcs = set(named(records["arcs"], ever(records["arcs"], "most_available")))
        converters = named(records["converters"], ever(records["converters"], "most_available"))
        supplies = named(records["supplies"], ever(records["supplies"], "most_available"))
        return Pairs(
            nodes=tuple((node, origin) for node, origins in self._origins_at.items() for origin in origins),
            arcs=tuple(pair for pair in _allowed(records["arc_origins"]) if pair[0] in arcs),
            demands=tuple(pair for pair in _allowed(records["demand_origins"]) if pair[0] in self._asked),
            storages=tuple(self._able_storages()),
            converters=tuple(self._with_origins("converters", "from_node", converters)),
            supplies=tuple(supplies),
            swaps=tuple(named(records["swaps"], ever(records["swaps"], "maximum"))),
        )

    def _kept(self) -> set[Pair]:
        """The nodes and origins at which columns are kept: the three things that the top of this page names."""
        number = {pair: k for k, pair in enumerate(self._able.nodes)}
        ends = (np.array([number[link[end]] for link in self._links], dtype=np.int64) for end in (0, 1))
        graph = Graph(len(number), *ends)
        sources, uses, paying = (_flags(number, pairs) for pairs in (self._sources(), self._uses(), self._paying_supplies()))
        rewarded, circles, reached = np.array(self._rewarded(), dtype=bool), graph.circles(), graph.after(sources)
        live = reached & graph.before(uses | (circles >= 0))
        moving = rewarded & live[graph.start] & live[graph.end]
        inside = graph.only(live)
        before, after = (paying & live) | graph.starts(moving), (paying & live) | graph.ends(moving)
        alone = rewarded & ~reached[graph.start] & ~reached[graph.end] & (circles[graph.start] == circles[graph.end])
        closed = (circles >= 0) & np.isin(circles, circles[graph.start[alone]])
        there = (reached & graph.before(uses)) | (live & (inside.before(before) | inside.after(after))) | closed
        return {pair for pair, k in number.items() if there[k]}

    def _all_links(self) -> list[Link]:
        """From and to of every arc, then every converter, then four of every swap: what it takes on either side may come out on either."""
        arcs, converters, swaps = (self._records[name] for name in ("arcs", "converters", "swaps"))
        links = [((arcs.of("from_node", a), o), (arcs.of("to_node", a), o)) for a, o in self._able.arcs]
        links += [
            ((converters.of("from_node", c), o), (converters.of("to_node", c), converters.of("origin", c)))
            for c, o in self._able.converters
        ]
        for key in self._able.swaps:
            hand_over, receipt, own, partner = (swaps.of(c, key) for c in ("hand_over_node", "receipt_node", "origin", "partner_origin"))
            links += [
                (taken, given) for taken in ((hand_over, own), (receipt, partner)) for given in ((hand_over, partner), (receipt, own))
            ]
        return links

    def _rewarded(self) -> list[bool]:
        """Which links have a floor or a reward; a swap is taken for one, since its sides move together."""
        must, pays = self._must, self._pays
        arcs = [must.of_arc(a, o) or pays.of_arc(a, o) for a, o in self._able.arcs]
        converters = [c in must.converters or c in pays.converters for c, _ in self._able.converters]
        return [*arcs, *converters, *([True] * 4 * len(self._able.swaps))]

    def _between(self, kept: set[Pair]) -> Pairs:
        """What has both of its ends, or its place, among the kept nodes and origins."""
        able, whole = self._able, [one in kept and other in kept for one, other in self._links]
        arcs, converters = len(able.arcs), len(able.converters)
        swaps = [all(whole[k : k + 4]) for k in range(arcs + converters, len(whole), 4)]
        return Pairs(
            nodes=tuple(kept),
            arcs=tuple(pair for pair, there in zip(able.arcs, whole[:arcs], strict=True) if there),
            demands=tuple(pair for pair in able.demands if self._at("demands", pair) in kept),
            storages=tuple(pair for pair in able.storages if self._at("storages", pair) in kept),
            converters=tuple(pair for pair, there in zip(able.converters, whole[arcs : arcs + converters], strict=True) if there),
            supplies=tuple(key for key in able.supplies if self._source(key) in kept),
            swaps=tuple(key for key, there in zip(able.swaps, swaps, strict=True) if there),
        )

    def _with_floors(self, found: Pairs) -> Pairs:
        """The same with what has a floor, a target or a stock and has no column yet."""
        must, records = self._must, self._records
        arcs = self._missing("arcs", "from_node", must.arcs, found.arcs)
        converters = self._missing("converters", "from_node", {(c, "") for c in must.converters}, found.converters)
        demands = self._missing("demands", "node", {pair for pair in must.demands if pair[0] in self._asked}, found.demands)
        storages = self._missing(
            "storages", "node", {(s, "") for s in named(records["storages"], ever(records["storages"], "target"))}, found.storages
        )
        storages += self._missing("storages", "node", self._stocked(), (*found.storages, *storages))
        supplies = [s for s in must.supplies if s in records["supplies"].position and s not in found.supplies]
        ends = [(records["arcs"].of(end, a), o) for a, o in arcs for end in ("from_node", "to_node")]
        ends += [(records["converters"].of("to_node", c), records["converters"].of("origin", c)) for c, _ in converters]
        ends += [(records["converters"].of("from_node", c), o) for c, o in converters]
        ends += [self._at(table, pair) for table, pairs in (("demands", demands), ("storages", storages)) for pair in pairs]
        return Pairs(
            (*found.nodes, *ends, *(self._source(s) for s in supplies)), (*found.arcs, *arcs), (*found.demands, *demands),
            (*found.storages, *storages), (*found.converters, *converters), (*found.supplies, *supplies), found.swaps,
        )  # fmt: skip

    def _missing(self, table: str, column: str, wanted: Iterable[Pair], found: Iterable[Pair]) -> list[Pair]:
        """All pairs of each wanted record (of the wanted origin, where one is named) of which none is found."""
        known, there = self._records[table].position, set(found)
        there |= {(key, "") for key, _ in there}
        return [
            (key, each)
            for key, origin in wanted
            if key in known and (key, origin) not in there
            for each in self._origins_at[self._records[table].of(column, key)]
            if origin in ("", each)
        ]

    def _in_order(self, found: Pairs) -> Pairs:
        """Each once, in the order of the tables."""
        at = {table: self._records[table].position for table in ("nodes", "arcs", "demands", "storages", "converters", "origins")}

        def ordered(table: str, pairs: Iterable[Pair]) -> tuple[Pair, ...]:
            return tuple(sorted(set(pairs), key=lambda pair: (at[table][pair[0]], at["origins"][pair[1]])))

        supplies = self._records["supplies"].position
        return Pairs(
            ordered("nodes", found.nodes), ordered("arcs", found.arcs), ordered("demands", found.demands),
            ordered("storages", found.storages), ordered("converters", found.converters),
            tuple(sorted(found.supplies, key=lambda key: supplies[key])), found.swaps,
        )  # fmt: skip

    def _asked_ever(self) -> set[str]:
        """Demands that ask or would buy at some time."""
        demands, blocks = self._records["demands"], self._records["demand_blocks"]
        buying = {blocks.of("demand", block) for block in named(blocks, ever(blocks, "width"))}
        return buying | set(named(demands, ever(demands, "quantity")))

    def _sources(self) -> list[Pair]:
        """Where something enters: supplies, opening stocks, inflows."""
        storages = self._records["storages"]
        fed = [(storages.of("node", s), storages.of("inflow_origin", s)) for s in named(storages, ever(storages, "inflow"))]
        return [*(self._source(s) for s in self._able.supplies), *(self._at("storages", pair) for pair in self._stocked()), *fed]

    def _uses(self) -> list[Pair]:
        """Where something may be taken or stored."""
        return [
            self._at(table, pair) for table, pairs in (("demands", self._able.demands), ("storages", self._able.storages)) for pair in pairs
        ]

    def _paying_supplies(self) -> list[Pair]:
        """Where a supply has a floor or a reward."""
        return [self._source(s) for s in self._able.supplies if s in self._must.supplies or s in self._pays.supplies]

    def _stocked(self) -> list[Pair]:
        """Storages and origins with an opening stock."""
        stocks = self._records["opening_stocks"]
        return [(key.split("/")[0], key.split("/")[1]) for key in named(stocks, stocks.number["stock"] > 0.0)]

    def _able_storages(self) -> list[Pair]:
        """Storages with the origins that can come into them: injected, by inflow, or there from the beginning."""
        storages = self._records["storages"]
        injecting = set(named(storages, ever(storages, "most_available")))
        held = set(self._stocked()) | {(s, storages.of("inflow_origin", s)) for s in named(storages, ever(storages, "inflow"))}
        pairs = self._with_origins("storages", "node", named(storages, ever(storages, "most_working_volume")))
        return [pair for pair in pairs if pair[0] in injecting or pair in held]

    def _with_origins(self, table: str, column: str, keys: Iterable[str]) -> list[Pair]:
        return [(key, origin) for key in keys for origin in self._origins_at[self._records[table].of(column, key)]]

    def _at(self, table: str, pair: Pair) -> Pair:
        """The node and origin of a pair of a table with the column `node`."""
        return self._records[table].of("node", pair[0]), pair[1]

    def _source(self, key: str) -> Pair:
        return self._records["supplies"].of("node", key), self._records["supplies"].of("origin", key)


def _flags(number: Mapping[Pair, int], pairs: Iterable[Pair]) -> Flags:
    out = np.zeros(len(number), dtype=bool)
    out[[number[pair] for pair in pairs]] = True
    return out


def _allowed(pairs: Records) -> list[Pair]:
    """(record, origin) pairs that are allowed at some time."""
    return [(key.split("/")[0], key.split("/")[1]) for key in named(pairs, ever(pairs, "allowed"))]
