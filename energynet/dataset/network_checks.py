"""Checks of reach: nodes that nothing reaches, demand that no supply can reach, by origin, permissions and dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from energynet.components.catalogue import SINGULAR
from energynet.dataset.inputs import Check, Flags, Inputs, Integers
from energynet.dataset.project_checks import expandable
from energynet.dataset.structure import OPEN_END, OPEN_START, windows
from energynet.errors import Fault, nearest

ENDS = (("arcs", "from_node"), ("arcs", "to_node"), ("converters", "from_node"), ("converters", "to_node"), ("supplies", "node"))


@dataclass(frozen=True)
class Network:
    """Nodes and origins by position; `fits` (nodes, origins) tells which origin can be at which node at all."""

    inputs: Inputs
    nodes: Mapping[str, int]
    origins: Mapping[str, int]
    fits: Flags

    def node(self, table: str, column: str) -> Integers:
        """Position of the node in each row (n,); a misspelt one is taken for the nearest, -1 where there is none."""
        cells = self.inputs[table][column]
        meant = {cell: cell if cell in self.nodes else nearest(cell, self.nodes) or "" for cell in set(cells)}
        return np.array([self.nodes.get(meant[cell], -1) for cell in cells], dtype=np.int64)

    def origin(self, table: str, column: str = "origin") -> Integers:
        """Position of the origin in each row (n,)."""
        return np.array([self.origins.get(cell, -1) for cell in self.inputs[table][column]], dtype=np.int64)

    def reached(self, first: np.datetime64, last: np.datetime64) -> Flags:
        """Where gas or power of each origin can come by what holds on some day of a window (nodes, origins)."""
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import breadth_first_order

        pairs = [self._sources(first, last), self._arcs(first, last), self._converters(first, last), self._swaps(first, last)]
        start = np.concatenate([pair[0] for pair in pairs])
        end = np.concatenate([pair[1] for pair in pairs])
        size = self.fits.size
        start = np.where(start < 0, size, start)
        graph = csr_array((np.ones(len(start), dtype=np.int8), (start, end)), shape=(size + 1, size + 1))
        seen = np.zeros(size + 1, dtype=bool)
        seen[breadth_first_order(graph, size, return_predecessors=False)] = True
        return np.asarray(seen[:size].reshape(self.fits.shape) & self.fits)

    def allowed(self, component: str, first: np.datetime64, last: np.datetime64) -> Flags:
        """Which origins arcs or demands may take, by the permissions that hold all through a window (rows, origins)."""
        table = SINGULAR[component].name
        rules = self.inputs["permissions"]
        begin, end = windows(rules)
        allowed = np.ones((len(self.inputs[table]), len(self.origins)), dtype=bool)
        carrier = self.inputs.carriers.by_key("origins")
        of = np.array([carrier.get(one, "") for one in self.origins], dtype=object)
        holds = (rules["component"].to_numpy() == component) & (begin <= first) & (end >= last)
        for target, origins, rule in zip(*(rules[name][holds] for name in ("target", "origin", "rule")), strict=True):
            named = np.array([one in origins for one in self.origins], dtype=bool)
            banned = named if rule == "ban" else ~named & np.isin(of, of[named])
            allowed[np.ix_(self.inputs.matching(table, target), banned)] = False
        return allowed

    def _sources(self, first: np.datetime64, last: np.datetime64) -> tuple[Integers, Integers]:
        """From nowhere (-1) to the node and origin of every supply, every stock and every natural inflow."""
        supplies, stocks = self.inputs["supplies"], self.inputs["storage_stocks"]
        gives = self.inputs.valid("supplies", first, last) & (~(supplies["maximum"].to_numpy() <= 0.0) | expandable(self.inputs, "supply"))
        of_storage = dict(zip(self.inputs["storages"]["id"], self.node("storages", "node"), strict=True))
        held = np.array([of_storage.get(key, -1) for key in stocks["storage"]], dtype=np.int64)
        stocked, flows_in = stocks["fill"].to_numpy() > 0.0, self.inputs["storages"]["inflow"].to_numpy() > 0.0
        node = np.concatenate([self.node("supplies", "node")[gives], held[stocked], self.node("storages", "node")[flows_in]])
        own = (self.origin("supplies")[gives], self.origin("storage_stocks")[stocked], self.origin("storages", "inflow_origin")[flows_in])
        origin = np.concatenate(own)
        known = (node >= 0) & (origin >= 0)
        state = node[known] * len(self.origins) + origin[known]
        return np.full(len(state), -1, dtype=np.int64), state

    def _arcs(self, first: np.datetime64, last: np.datetime64) -> tuple[Integers, Integers]:
        arcs = self.inputs["arcs"]
        start, end = self.node("arcs", "from_node"), self.node("arcs", "to_node")
        wide = ~(arcs["capacity"].to_numpy() <= 0.0) | expandable(self.inputs, "arc")
        open_ = self.inputs.valid("arcs", first, last) & wide & (start >= 0) & (end >= 0)
        allowed = self.allowed("arc", first, last) & open_[:, None] & self.fits[start]
        arc, origin = np.nonzero(allowed)
        return start[arc] * len(self.origins) + origin, end[arc] * len(self.origins) + origin

    def _converters(self, first: np.datetime64, last: np.datetime64) -> tuple[Integers, Integers]:
        converters = self.inputs["converters"]
        start, end, into = self.node("converters", "from_node"), self.node("converters", "to_node"), self.origin("converters")
        runs = ~(converters["capacity"].to_numpy() <= 0.0) | expandable(self.inputs, "converter")
        runs &= self.inputs.valid("converters", first, last)
        runs &= (start >= 0) & (end >= 0) & (into >= 0)
        converter, origin = np.nonzero(self.fits[start] & runs[:, None])
        count = len(self.origins)
        return start[converter] * count + origin, end[converter] * count + into[converter]

    def _swaps(self, first: np.datetime64, last: np.datetime64) -> tuple[Integers, Integers]:
        """Own gas comes where the partner gives, and the partner's where it is handed over."""
        start, end = self.node("swaps", "hand_over_node"), self.node("swaps", "receipt_node")
        own, partner = self.origin("swaps"), self.origin("swaps", "partner_origin")
        runs = self.inputs.valid("swaps", first, last) & (start >= 0) & (end >= 0) & (own >= 0) & (partner >= 0)
        start, end, own, partner = start[runs], end[runs], own[runs], partner[runs]
        count = len(self.origins)
        return np.concatenate([start * count + own, end * count + partner]), np.concatenate([end * count + own, start * count + partner])


def network_of(inputs: Inputs) -> Network | None:
    """The network of a package, within the carriers of the case; None where names are so wrong that nothing can be said."""
    carriers = inputs.case.carriers if inputs.case is not None else None
    nodes, origins = inputs["nodes"], inputs["origins"]
    of_node, of_origin = nodes["carrier"].to_numpy(), origins["carrier"].to_numpy()
    fits = of_node[:, None] == of_origin[None, :]
    if carriers is not None:
        fits &= np.isin(of_node, list(carriers))[:, None]
    place = [{str(key): at for at, key in enumerate(table["id"])} for table in (nodes, origins)]
    network = Network(inputs, place[0], place[1], np.asarray(fits, dtype=bool))
    sound = fits.size > 0 and fits.shape == (len(place[0]), len(place[1]))
    return network if sound and all((network.node(*end) >= 0).all() for end in ENDS) else None


def nodes_reached(inputs: Inputs) -> Iterator[Fault]:
    """Something reaches every node, whatever the dates."""
    network = network_of(inputs)
    if network is not None:
        lonely = ~network.reached(OPEN_START, OPEN_END).any(axis=1)
        message = "is reached by nothing: no supply, stock, arc, converter or swap"
        yield from inputs.faults("nodes", np.flatnonzero(lonely), "id", message)


def demands_reached(inputs: Inputs) -> Iterator[Fault]:
    """Some supply can reach every demand, by arcs, converters and swaps, with an origin that it may take."""
    network = network_of(inputs)
    if network is not None:
        rows = np.flatnonzero(~inputs["demands"]["id"].duplicated().to_numpy())
        cut = rows[_cut_off(network, rows, OPEN_START, OPEN_END)]
        yield from inputs.faults("demands", cut, "id", "cannot be reached by any supply")


def demands_reached_in_time(inputs: Inputs) -> Iterator[Fault]:
    """The same by what holds on the days of the horizon, for each window of a demand."""
    network = network_of(inputs)
    if network is None or inputs.horizon is None:
        return
    begin, end = windows(inputs["demands"])
    first, last = np.maximum(begin, inputs.horizon[0]), np.minimum(end, inputs.horizon[1])
    carrier = np.array(inputs.carriers.by_row("demands"), dtype=object)
    chosen = inputs.case.carriers if inputs.case is not None and inputs.case.carriers is not None else tuple(set(carrier))
    asked = (first <= last) & (inputs["demands"]["quantity"].to_numpy() > 0.0) & np.isin(carrier, list(chosen))
    for from_day, to_day in sorted(set(zip(first[asked], last[asked], strict=True))):
        rows = np.flatnonzero(asked & (first == from_day) & (last == to_day))
        cut = rows[_cut_off(network, rows, from_day, to_day)]
        message = f"cannot be reached by any supply from {from_day} to {to_day}, inside the horizon"
        yield from inputs.faults("demands", cut, "id", message)


def _cut_off(network: Network, rows: Integers, first: np.datetime64, last: np.datetime64) -> Flags:
    """Which of the demands in those rows no origin that they may take can reach."""
    reached = network.reached(first, last)
    node = network.node("demands", "node")[rows]
    may = network.allowed("demand", first, last)[rows]
    return np.asarray((node >= 0) & ~(reached[node] & may).any(axis=1))


NETWORK_CHECKS = (
    Check("nodes-reached", "error", "something reaches every node", nodes_reached),
    Check("demands-reached", "error", "some supply can reach every demand", demands_reached),
    Check("demands-reached-in-time", "error", "some supply can reach every demand in time", demands_reached_in_time, of_case=True),
)
