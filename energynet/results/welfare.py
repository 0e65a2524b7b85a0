"""Welfare by country and role: what each pays and what each earns beyond its cost, adding up to the objective."""

from __future__ import annotations

import numpy as np
import pandas as pd

from energynet.errors import CertificateFailure
from energynet.program.linear_program import Family
from energynet.results.frames import country_of
from energynet.solution import Solution
from energynet.system.system import System

ROLES = {
    "arc": "network", "converter": "plant", "supply": "producer", "demand": "consumer", "storage": "storage operator",
    "contract": "contract party", "swap": "swap party", "ceiling": "ceiling", "project": "investor", "balance": "network",
    "capacity_product": "network", "priority": "priority",
}  # fmt: skip
SAME = 1e-9  # of the sum of all terms


def welfare(solution: Solution) -> pd.DataFrame:
    """One row a country and role, million USD: what it pays (positive) less what it earns above its cost (negative).

    Every limit times its dual and every bound times its reduced cost belongs to one country and role: a consumer pays its price for
    what it gets, a producer earns the price less its cost, a line the difference of prices less its cost, and what is booked is
    paid by the shippers of the line's country. All rows add up to the objective. Raises CertificateFailure where they do not.
    """
    program, terms = solution.program, dict[tuple[str, str], float]()
    activity = solution.dual * np.asarray(program.matrix() @ solution.primal)
    for families, values in ((program.rows, activity), (program.columns, solution.reduced * solution.primal)):
        for family in families:
            first, stride, count = program.family_slice(family)
            periods = 1 if family.horizon else len(program.periods)
            at = first + stride * np.arange(periods)[:, None] + np.arange(count)[None, :]
            for k, value in enumerate(values[at].sum(axis=0).tolist()):
                if value:
                    place = (_country(solution.system, family, family.keys[k]), ROLES[family.component])
                    terms[place] = terms.get(place, 0.0) + value
    for country, charge in _sunk(solution).items():
        terms[country, "network"] = terms.get((country, "network"), 0.0) + charge
    _demand_identity(terms, solution.objective)
    rows = [{"country": country, "role": role, "musd": value} for (country, role), value in sorted(terms.items())]
    return pd.DataFrame(rows, columns=["country", "role", "musd"])


def _demand_identity(terms: dict[tuple[str, str], float], objective: float) -> None:
    gap = abs(sum(terms.values()) - objective)
    if gap > SAME * max(sum(map(abs, terms.values())), 1.0):
        raise CertificateFailure(f"the welfare table misses the objective by {gap:.3g} million USD", None)


def _country(system: System, family: Family, key: tuple[str, ...]) -> str:
    """The country that a row or column belongs to; empty for a ceiling, which is nobody's."""
    component, record = family.component, key[0]
    if component == "ceiling":
        return ""
    if component == "project":
        return _of_project(system, record)
    if component == "balance":
        return country_of(system, record)
    if component == "contract":
        if family.name == "delivery":
            return country_of(system, _node(system, key[0] + "s", key[1]))
        return str(system["contracts"].of("buyer", record))
    if component == "priority":
        return _of_priority(system, family, key)
    if component == "capacity_product":
        arc = record if record in system["arcs"].position else str(system["capacity_products"].of("arc", record))
        return country_of(system, _node(system, "arcs", arc))
    if component == "supply":
        return str(system["supplies"].of("source_country", record) or country_of(system, system["supplies"].of("node", record)))
    if record in system["corridors"].position and component == "arc" and record not in system["arcs"].position:
        record = next(arc for arc in system["arcs"] if system["arcs"].of("corridor", arc) == record)
    return country_of(system, _node(system, component + "s", record))


def _of_project(system: System, project: str) -> str:
    """The country of the first that a project expands."""
    first = next((key.split("/")[1:] for key in system["expansions"] if key.startswith(f"{project}/")), None)
    return country_of(system, _node(system, {"supply": "supplies"}.get(first[0], first[0] + "s"), first[1])) if first else ""


def _of_priority(system: System, family: Family, key: tuple[str, ...]) -> str:
    """The country of a limit that comes before the cost: of own gas beyond a booking the line's; the worst curtailment is nobody's."""
    if family.name == "own_beyond":
        return country_of(system, _node(system, "arcs", key[0]))
    return key[0] if family.name == "curtailment" else ""


def _node(system: System, table: str, record: str) -> str:
    column = {"arcs": "from_node", "converters": "from_node", "swaps": "hand_over_node"}.get(table, "node")
    return str(system[table].of(column, record))


def _sunk(solution: Solution) -> dict[str, float]:
    """What is paid whatever flows, million USD: the booked capacity of each country's lines."""
    system, found = solution.system, dict[str, float]()
    arcs, money = system["arcs"], system["period"].number["money"][:, 0]
    for arc, k in arcs.position.items():
        charge = float(arcs.number["booking_charge"][:, k] @ money)
        if charge:
            country = country_of(system, arcs.of("from_node", arc))
            found[country] = found.get(country, 0.0) + charge
    return found
