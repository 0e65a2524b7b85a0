"""Flows: by arc, by origin, at borders, and where they were at their limit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from energynet.results.frames import (
    SCENARIO,
    Floats,
    by_period,
    by_year,
    carrier_of,
    clean,
    country_of,
    energy_of,
    grouped,
    money_unit,
    ordered,
    scenario_of,
    summed,
    unit_of,
    volumes,
    weighted_days,
)
from energynet.results.projects import added
from energynet.results.terms import fuel_terms
from energynet.results.worths import of_arcs
from energynet.solution import Solution
from energynet.system.system import System

CONGESTION = [
    "arc", "name", "carrier", "year", "load_factor", "periods_at_limit", "hours_at_limit", "congestion_rent_musd", "worth_of_more_musd",
    "worth_of_less_musd", "worth_proven", "unit",
]  # fmt: skip
BORDERS = ["border", "carrier", "exit_country", "entry_country", "month", "unit", "bcm", "gwh", "capacity_per_day"]
FULL = 1e-6  # a flow within this share of its capacity is at its limit


def available(solution: Solution) -> Floats:
    """The capacity of each arc that is there, with what projects added, units a day (T, arcs)."""
    arcs = solution.system["arcs"]
    return arcs.number["available"] + added(solution, "arc", "arcs") * arcs.number["available_share"]


def arc_fuel(solution: Solution) -> tuple[list[tuple[str, str]], Floats]:
    """Fuel and losses of each arc and origin, units a day (T, pairs), in the order of `flow`."""
    held = {name: clean(solution.values(name)) for name in ("flow", "haul", "spared")}
    fuel = np.zeros_like(held["flow"])
    for k, terms in enumerate(fuel_terms(solution)):
        for variable, at, share in terms:
            fuel[:, k] += held[variable][:, at] * share
    return [(key[0], key[1]) for key in solution.keys("flow")], fuel


def netted(solution: Solution, ids: Sequence[str]) -> Floats:
    """What of each arc's flow is netted against the opposite direction of its line, units a day (T, arcs)."""
    values, place = clean(solution.values("netted")), {arc: k for k, line in enumerate(solution.keys("netted")) for arc in line}
    out = np.zeros((len(values), len(ids)))
    for k, arc in enumerate(ids):
        if arc in place:
            out[:, k] = values[:, place[arc]]
    return out


def flows(solution: Solution) -> pd.DataFrame:
    """One row an arc and period: rate sent, rate that the line carries after netting, capacity, volume sent, utilisation, fuel (volume),
    and what the limit costs.
    """
    system = solution.system
    arcs = system["arcs"]
    pairs, fuel = arc_fuel(solution)
    named, rate = summed(clean(solution.values("flow")), [arc for arc, _ in pairs])
    ids = [str(arc) for arc in named]
    _, burnt = summed(fuel, [arc for arc, _ in pairs])
    columns = [arcs.position[arc] for arc in ids]
    capacity = available(solution)[:, columns]
    net = rate - netted(solution, ids)
    with np.errstate(invalid="ignore", divide="ignore"):
        utilisation = np.where(capacity > 0.0, net / capacity, 0.0)
    price = sum(_worth(solution, ids, net)) * solution.unit_value()[:, None]
    keys = {
        "arc": ids, "name": [arcs.of("name", a) for a in ids], "line": [arcs.of("line", a) for a in ids],
        "carrier": [carrier_of(system, "arcs", a) for a in ids], "from_node": [arcs.of("from_node", a) for a in ids],
        "to_node": [arcs.of("to_node", a) for a in ids], "unit": [unit_of(system, carrier_of(system, "arcs", a)) for a in ids],
        "price_unit": [money_unit(system, carrier_of(system, "arcs", a)) for a in ids],
    }  # fmt: skip
    days = weighted_days(system)
    values = {
        "per_day": rate, "net_per_day": net, "capacity_per_day": capacity, "volume": rate * days, "utilisation": utilisation,
        "fuel": burnt * days, "congestion_price": price,
    }  # fmt: skip
    return by_period(system, keys, values)


def _worth(solution: Solution, ids: list[str], rate: Floats) -> tuple[Floats, Floats]:
    """What one more unit a day would save in each period, million USD: of an arc's own capacity (which limits what it carries, and what
    is netted), and of what it shares in its corridor where it flows, each (T, arcs). `rate` is what each carries.
    """
    arcs, corridors = solution.system["arcs"], solution.system["corridors"]
    own, common = clean(-solution.duals("capacity")), clean(-solution.duals("corridor"))
    netting, at = clean(-solution.duals("netting_limit")), {arc: k for k, arc in enumerate(ids)}
    for k, (arc,) in enumerate(solution.row_keys("netting_limit")):
        own[:, at[arc]] += netting[:, k]
    place = {corridor: k for k, (corridor,) in enumerate(solution.row_keys("corridor"))}
    shared = np.zeros_like(own)
    for k, arc in enumerate(ids):
        corridor = arcs.of("corridor", arc)
        if corridor in place:
            taken = 1.0 if arcs.of("direction", arc) == "forward" else corridors.number["ratio"][:, corridors.position[corridor]]
            shared[:, k] = common[:, place[corridor]] * taken * (rate[:, k] > 0.0)
    return own, shared


def flows_by_origin(solution: Solution) -> pd.DataFrame:
    """One row an arc, origin and period."""
    system = solution.system
    pairs = solution.keys("flow")
    keys = {
        "arc": [arc for arc, _ in pairs], "origin": [origin for _, origin in pairs],
        "unit": [unit_of(system, carrier_of(system, "arcs", arc)) for arc, _ in pairs],
    }  # fmt: skip
    return by_period(system, keys, {"per_day": clean(solution.values("flow")), "volume": volumes(solution, "flow")})


def borders(solution: Solution) -> pd.DataFrame:
    """One row a border point, direction, carrier and month: what arrives on the other side, less what is netted on a line, and the capacity
    (mean of the month).
    """
    system = solution.system
    arcs = system["arcs"]
    pairs, fuel = arc_fuel(solution)
    arrived = (clean(solution.values("flow")) - fuel) * weighted_days(system)
    whole, volume = summed(arrived, [arc for arc, _ in pairs])
    ids = [str(arc) for arc in whole]
    volume -= netted(solution, ids) * weighted_days(system)
    crossing = [k for k, a in enumerate(ids) if country_of(system, arcs.of("from_node", a)) != country_of(system, arcs.of("to_node", a))]
    places = [_border(system, ids[k]) for k in crossing]
    days, columns = weighted_days(system), [arcs.position[ids[k]] for k in crossing]
    found, volume = summed(volume[:, crossing], places)
    _, capacity = summed(available(solution)[:, columns] * days, places)
    months, group = _months(system)
    total, mean = grouped(volume, group, len(months)).T, (grouped(capacity, group, len(months)) / grouped(days, group, len(months))).T
    keys = np.array(found, dtype=object).reshape(len(found), 5)
    frame = {
        name: np.repeat(keys[:, k], len(months)) for k, name in enumerate(("border", "carrier", "exit_country", "entry_country", "unit"))
    }
    gas = np.array([unit == "mcm" for unit in keys[:, 4]], dtype=bool)[:, None]
    energy = np.array([energy_of(system, carrier) for carrier in keys[:, 1]], dtype=float)[:, None]
    frame |= {"month": np.tile(months, len(found)), "bcm": np.where(gas, total / 1000.0, np.nan).ravel(), "gwh": (total * energy).ravel()}
    frame["capacity_per_day"] = mean.ravel()
    scenario = scenario_of(system, group)
    return ordered(pd.DataFrame(frame if scenario is None else {SCENARIO: np.tile(scenario, len(found)), **frame}), BORDERS)


def _border(system: System, arc: str) -> tuple[str, ...]:
    """Border point, carrier, the countries on both sides, and unit of an arc."""
    arcs, carrier = system["arcs"], carrier_of(system, "arcs", arc)
    ends = (country_of(system, arcs.of("from_node", arc)), country_of(system, arcs.of("to_node", arc)))
    return (arcs.of("border_point", arc) or arcs.of("name", arc), carrier, *ends, unit_of(system, carrier))


def _months(system: System) -> tuple[np.ndarray, np.ndarray]:
    """The label of each month in order of time, and the month of each period (T,); a scenario has months of its own."""
    start = system.horizon.start.astype("datetime64[M]")
    scenario = np.zeros(len(start), dtype=np.int64) if system.horizon.scenario is None else system.horizon.scenario
    _, first, group = np.unique(np.column_stack([scenario, start.astype(np.int64)]), axis=0, return_index=True, return_inverse=True)
    return start[first].astype(str).astype(object), group.ravel()


def congestion(solution: Solution) -> pd.DataFrame:
    """One row an arc and year, of what it carries after netting. `worth_of_more_musd`: what one more unit a day over the year would save;
    `worth_of_less_musd`: what one less would cost (empty where there is no answer with less). Both are one-sided derivatives where
    `worth_proven`; empty for many scenarios.
    """
    system = solution.system
    arcs = system["arcs"]
    named, rate = summed(clean(solution.values("flow")), [arc for arc, _ in solution.keys("flow")])
    ids = [str(arc) for arc in named]
    rate = rate - netted(solution, ids)
    columns = [arcs.position[arc] for arc in ids]
    capacity = available(solution)[:, columns]
    days = weighted_days(system)
    own, shared = _worth(solution, ids, rate)
    full = ((capacity > 0.0) & (rate >= capacity * (1.0 - FULL))).astype(float)
    keys = {
        "arc": ids, "name": [arcs.of("name", a) for a in ids], "carrier": [carrier_of(system, "arcs", a) for a in ids],
        "unit": [unit_of(system, carrier_of(system, "arcs", a)) for a in ids],
    }  # fmt: skip
    values = {
        "volume": rate * days, "capacity": capacity * days, "periods_at_limit": full, "hours_at_limit": full * days * 24.0,
        "congestion_rent_musd": own * capacity + shared * rate,
    }  # fmt: skip
    frame = by_year(system, keys, values).assign(**{name: told.ravel() for name, told in of_arcs(solution, ids, rate).items()})
    frame["worth_proven"] = frame["worth_proven"] > 0.0
    with np.errstate(invalid="ignore", divide="ignore"):
        frame["load_factor"] = np.where(frame["capacity"] > 0.0, frame["volume"] / frame["capacity"], 0.0)
    frame["periods_at_limit"] = frame["periods_at_limit"].round().astype(int)
    return ordered(frame, CONGESTION)
