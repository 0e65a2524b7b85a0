"""National balances as what they are: sums of columns of the program, each times a weight. The tables and the report page use the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from energynet.results.frames import Floats, country_of, weighted_days
from energynet.solution import Solution


@dataclass(frozen=True)
class Term:
    """`weight` (T,) times the key at `position` of a variable (units/d) is a volume in a column of the balance of a node's country.

    Where `variable` is empty the weight is the volume itself: what flows whatever is decided.
    """

    node: str
    column: str
    variable: str
    position: int
    weight: Floats


def fuel_terms(solution: Solution) -> list[list[tuple[str, int, Floats]]]:
    """For each arc and origin, in the order of `flow`: variable, position, and the share (T,) that is fuel and losses; what is netted loses
    nothing.
    """
    arcs, segments = solution.system["arcs"], solution.system["arc_segments"]
    pairs = [(key[0], key[1]) for key in solution.keys("flow")]
    split: dict[tuple[str, str], list[tuple[str, int, Floats]]] = {}
    for k, (arc, origin, segment) in enumerate(solution.keys("haul")):
        split.setdefault((arc, origin), []).append(("haul", k, segments.number["loss"][:, segments.position[f"{arc}/{segment}"]]))
    spared = {key: k for k, key in enumerate(solution.keys("spared"))}
    found = []
    for k, pair in enumerate(pairs):
        loss = arcs.number["loss"][:, arcs.position[pair[0]]]
        whole = [("flow", k, loss), *([("spared", spared[pair], -loss)] if pair in spared else [])]
        found.append(split.get(pair, whole))
    return found


def balance_terms(solution: Solution) -> Iterator[Term]:
    """Every term of the national balances. What comes is positive, what goes is negative; fuel of a line is its sender's."""
    system, days = solution.system, weighted_days(solution.system)[:, 0]
    yield from _of_arcs(solution, days)
    for k, (supply, _) in enumerate(solution.keys("supply")):
        kind = "imports" if system["supplies"].of("kind", supply) == "import" else "production"
        yield Term(system["supplies"].of("node", supply), kind, "supply", k, days)
    for variable, sign in (("withdraw", 1.0), ("inject", -1.0)):
        for k, (storage, _) in enumerate(solution.keys(variable)):
            yield Term(system["storages"].of("node", storage), "storage_change", variable, k, sign * days)
    yield from _of_inflow(solution, days)
    converters = system["converters"]
    for k, (converter, _) in enumerate(solution.keys("convert")):
        made = converters.number["yield"][:, converters.position[converter]]
        yield Term(converters.of("from_node", converter), "converted", "convert", k, -days)
        yield Term(converters.of("to_node", converter), "converted", "convert", k, made * days)
    for k, (swap,) in enumerate(solution.keys("swapped")):
        for end in ("hand_over_node", "receipt_node"):  # own against the partner's origin: nothing for the place as a whole
            yield Term(system["swaps"].of(end, swap), "swaps", "swapped", k, 0.0 * days)
    for variable, column, sign in (("taken", "served", -1.0), ("unserved", "unserved", 1.0)):
        for k, key in enumerate(solution.keys(variable)):
            yield Term(system["demands"].of("node", key[0]), column, variable, k, sign * days)


def _of_inflow(solution: Solution, days: Floats) -> Iterator[Term]:
    """Water that came to a reservoir and was not spilled is produced there, and left in it until it is withdrawn."""
    storages = solution.system["storages"]
    for k, (storage,) in enumerate(solution.keys("spill")):
        node, at = storages.of("node", storage), storages.position[storage]
        efficiency, came = (storages.number[column][:, at] for column in ("withdrawal_efficiency", "inflow_given"))
        for column, sign in (("production", 1.0), ("storage_change", -1.0)):
            yield Term(node, column, "", 0, sign * days * came)
            yield Term(node, column, "spill", k, -sign * days * efficiency)


def _of_arcs(solution: Solution, days: Floats) -> Iterator[Term]:
    arcs = solution.system["arcs"]
    for k, line in enumerate(solution.keys("netted")):  # only origins cross there: no import and no export of the place as a whole
        for arc in line:
            yield from _across(solution, arc, "netted", k, -days)
    for k, ((arc, _), burnt) in enumerate(zip(solution.keys("flow"), fuel_terms(solution), strict=True)):
        source = arcs.of("from_node", arc)
        yield from (Term(source, "fuel_and_losses", variable, at, -share * days) for variable, at, share in burnt)
        for variable, at, weight in (("flow", k, days), *((name, place, -share * days) for name, place, share in burnt)):
            yield from _across(solution, arc, variable, at, weight)


def _across(solution: Solution, arc: str, variable: str, position: int, weight: Floats) -> Iterator[Term]:
    """What leaves one country by an arc and comes to another."""
    arcs = solution.system["arcs"]
    source, target = arcs.of("from_node", arc), arcs.of("to_node", arc)
    if country_of(solution.system, source) != country_of(solution.system, target):
        yield Term(source, "exports", variable, position, -weight)
        yield Term(target, "imports", variable, position, weight)
