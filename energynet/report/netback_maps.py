"""What the page needs to trace netbacks at a new solution: the ways of every origin, their costs, and where each begins."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from energynet.results.frames import Floats
from energynet.results.terms import fuel_terms
from energynet.solution import Solution

Entry = tuple[int, int, Floats]  # row, column within a period, weight by period (T,)
ABSENT = -1


def netback_maps(solution: Solution) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """As in `energynet.results.netbacks`: the links [origin, from, to, column, arc or -1] of flows and swaps; what of each is lost on
    the way (`lost_*`, a map onto links); what a unit sent pays (`link_tariff`, T x links); of each arc the column of what is beyond its
    booking, or -1, and its charge (`arc_charge`, T x arcs); and the places [origin, node] where gas begins with their map (`begun_*`).
    """
    system = solution.system
    first = {family.name: family.first for family in solution.program.columns if not family.horizon}
    nodes, origins, arcs = list(system["nodes"]), list(system["origins"]), list(system["arcs"])
    node, origin, arc = ({key: k for k, key in enumerate(keys)} for keys in (nodes, origins, arcs))
    links, tariffs, lost = [], [], list[Entry]()
    table = system["arcs"]
    for k, ((of, carried), burnt) in enumerate(zip(solution.keys("flow"), fuel_terms(solution), strict=True)):
        ends = node[table.of("from_node", of)], node[table.of("to_node", of)]
        links.append([origin[carried], *ends, first["flow"] + k, arc[of]])
        tariffs.append(np.sum([table.number[name][:, table.position[of]] for name in ("tariff", "entry_tariff", "exit_tariff")], axis=0))
        lost += [(k, first[variable] + at, share) for variable, at, share in burnt]
    swaps = system["swaps"]
    for k, (swap,) in enumerate(solution.keys("swapped")):
        at = swaps.position[swap]
        ends = node[swaps.of("hand_over_node", swap)], node[swaps.of("receipt_node", swap)]
        lost.append((len(links), first["swapped"] + k, swaps.number["fee"][:, at]))
        links.append([origin[swaps.of("origin", swap)], *ends, first["swapped"] + k, ABSENT])
        tariffs.append(swaps.number["cost"][:, at])
    beyond = {key: first["beyond"] + k for k, (key,) in enumerate(solution.keys("beyond"))}
    starts, begun = _begun(solution, first, node, origin)
    taken = [[origin[one], node[system["demands"].of("node", demand)]] for demand, one in solution.keys("taken")]
    header = {"nodes": len(nodes), "starts": starts, "taken": taken}
    arrays: dict[str, NDArray[Any]] = {
        "links": np.array(links, dtype=np.int32).ravel(), "link_tariff": _by_period(tariffs, system.periods),
        "arc_beyond": np.array([beyond.get(key, ABSENT) for key in arcs], dtype=np.int32),
        "arc_charge": table.number["booking_charge"].ravel(), **_map("lost", lost, system.periods), **_map("begun", begun, system.periods),
    }  # fmt: skip
    return header, arrays


def _begun(solution: Solution, first: dict[str, int], node: dict[str, int], origin: dict[str, int]) -> tuple[list[list[int]], list[Entry]]:
    """Where gas or power begins its way [origin, node], and the map of what begins there: supplies, storages and plants."""
    system, ones = solution.system, np.ones(solution.system.periods)
    found: list[tuple[int, int, int, Floats]] = []
    for k, (supply, _) in enumerate(solution.keys("supply")):
        of = system["supplies"]
        found.append((origin[of.of("origin", supply)], node[of.of("node", supply)], first["supply"] + k, ones))
    for k, (storage, one) in enumerate(solution.keys("withdraw")):
        found.append((origin[one], node[system["storages"].of("node", storage)], first["withdraw"] + k, ones))
    converters = system["converters"]
    for k, (converter, _) in enumerate(solution.keys("convert")):
        made = converters.number["yield"][:, converters.position[converter]]
        place = origin[converters.of("origin", converter)], node[converters.of("to_node", converter)]
        found.append((*place, first["convert"] + k, made))
    starts = list(dict.fromkeys((one, at) for one, at, _, _ in found))
    return [list(start) for start in starts], [(starts.index((one, at)), column, weight) for one, at, column, weight in found]


def _map(name: str, entries: list[Entry], periods: int) -> dict[str, NDArray[Any]]:
    return {
        f"{name}_row": np.array([row for row, _, _ in entries], dtype=np.int32),
        f"{name}_column": np.array([column for _, column, _ in entries], dtype=np.int32),
        f"{name}_weight": _by_period([weight for _, _, weight in entries], periods),
    }


def _by_period(columns: Iterable[Floats], periods: int) -> Floats:
    """Series (T,) one after the other within each period."""
    return np.array(list(columns), dtype=np.float64).reshape(-1, periods).T.ravel()
