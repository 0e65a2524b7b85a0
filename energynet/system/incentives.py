"""What may pay for its own sake, or must run: what flows there can be worth something, or be asked for, though nobody takes it.

A column has a *floor* where a limit says that it, or a sum with it, is to be above zero. It has a *reward* where more of it lowers the cost
or eases a limit. Only signs of numbers are looked at, so that the answer is the same for all numbers of the same signs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from energynet.system.records import Records

Flags = NDArray[np.bool_]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Incentives:
    """`arcs` and `demands` hold (record, origin) pairs, with an empty origin for all; the others hold ids."""

    arcs: frozenset[Pair]
    converters: frozenset[str]
    supplies: frozenset[str]
    demands: frozenset[Pair] = field(default_factory=frozenset)

    def of_arc(self, arc: str, origin: str) -> bool:
        return (arc, "") in self.arcs or (arc, origin) in self.arcs

    def of_demand(self, demand: str, origin: str) -> bool:
        return (demand, "") in self.demands or (demand, origin) in self.demands


def ever(table: Records, *columns: str) -> Flags:
    """Whether the product of the columns is above zero in any period (n,)."""
    return np.asarray((np.prod([table.number[column] for column in columns], axis=0) > 0.0).any(axis=0))


def named(table: Records, flags: Flags) -> list[str]:
    """The ids of the records with a flag, in the order of the table."""
    return [key for key, yes in zip(table.ids, flags, strict=True) if yes]


def floors(records: Mapping[str, Records]) -> Incentives:
    """Minimum flows, least outputs, minimum and annual minimum of supplies, and what floors of a year add up."""
    arcs, converters, supplies, ceilings = (records[name] for name in ("arcs", "converters", "supplies", "ceilings"))
    yearly = np.asarray((supplies.number["annual_minimum"] > 0.0).any(axis=0))
    quantity = ceilings.number["quantity"]
    at_least = np.array([sense == "at_least" for sense in ceilings.text["sense"]], dtype=bool)
    missed_at_zero = np.where(at_least, (quantity > 0.0).any(axis=0), (quantity < 0.0).any(axis=0))
    summed = _terms(records, dict.fromkeys(named(ceilings, missed_at_zero), (1.0, -1.0)))
    return Incentives(
        summed.arcs | {(arc, "") for arc in named(arcs, ever(arcs, "available_minimum"))},
        summed.converters | set(named(converters, ever(converters, "available_minimum"))),
        summed.supplies | set(named(supplies, ever(supplies, "available_minimum") | yearly)),
        summed.demands,
    )


def rewards(records: Mapping[str, Records]) -> Incentives:
    """Negative costs and charges, what floors add up or ceilings take off, deliveries of contracts, virtual backhaul, sales to plants."""
    arcs, converters, supplies, steps = (records[name] for name in ("arcs", "converters", "supplies", "supply_steps"))
    paid = np.any([arcs.number[column].min(axis=0, initial=0.0) < 0.0 for column in ("tariff", "entry_tariff", "exit_tariff")], axis=0)
    cheap = supplies.number["cost"].min(axis=0, initial=0.0) < 0.0
    below = steps.number["cost"].min(axis=0, initial=0.0) < 0.0
    summed = _terms(records, _eased(records["ceilings"]))
    priced = {records["demands"].of("node", demand) for demand in records["sale_prices"]}
    return Incentives(
        summed.arcs | {(arc, "") for arc in (*named(arcs, paid), *_carrying_backhaul(records))} | _delivery_points(records["contracts"]),
        summed.converters
        | set(named(converters, converters.number["cost"].min(axis=0, initial=0.0) < 0.0))
        | {key for key, node in zip(converters.ids, converters.text["from_node"], strict=True) if node in priced},
        summed.supplies | set(named(supplies, cheap)) | {of for of, yes in zip(steps.text["supply"], below, strict=True) if yes},
    )


def _eased(ceilings: Records) -> dict[str, tuple[float, ...]]:
    """For each ceiling or floor the signs of a weight with which more of a term is good: it helps to hold the limit, or lowers a charge."""
    quantity, charge = ceilings.number["quantity"], ceilings.number["charge"]
    found: dict[str, tuple[float, ...]] = {}
    for k, (key, sense) in enumerate(zip(ceilings.ids, ceilings.text["sense"], strict=True)):
        good = set[float]()
        if not np.isnan(quantity[:, k]).all():
            good.add(1.0 if sense == "at_least" else -1.0)
        good |= {-float(sign) for sign in np.unique(np.sign(charge[:, k])) if sign}
        found[key] = tuple(good)
    return found


def _terms(records: Mapping[str, Records], wanted: Mapping[str, tuple[float, ...]]) -> Incentives:
    """The terms of those ceilings whose weight has one of those signs."""
    terms = records["ceiling_terms"]
    found: dict[str, set[Pair]] = {component: set() for component in ("supply", "arc", "converter", "demand", "contract")}
    columns = (terms.text[name] for name in ("ceiling", "component", "target", "origin"))
    for ceiling, component, target, origin, weight in zip(*columns, terms.number["weight"], strict=True):
        if float(np.sign(weight)) in wanted.get(ceiling, ()):
            found[component].add((target, origin))
    named = {component: frozenset(target for target, _ in pairs) for component, pairs in found.items()}
    return Incentives(frozenset(found["arc"]), named["converter"], named["supply"], frozenset(found["demand"]))


def _delivery_points(contracts: Records) -> set[Pair]:
    """Arcs at which contracts deliver: of their origin, what is delivered may be no more than what flows."""
    asking = [c for c in named(contracts, ever(contracts, "annual_quantity")) if contracts.of("delivery_arc", c)]
    return {(contracts.of("delivery_arc", c), contracts.of("origin", c)) for c in asking}


def _carrying_backhaul(records: Mapping[str, Records]) -> set[str]:
    """Forward arcs of corridors in which the backward flow is virtual: never more than what flows forward."""
    arcs, corridors = records["arcs"], records["corridors"]
    virtual = {key for key in corridors if corridors.of("backhaul", key)}
    members = zip(arcs.ids, arcs.text["corridor"], arcs.text["direction"], strict=True)
    return {arc for arc, corridor, direction in members if corridor in virtual and direction == "forward"}
