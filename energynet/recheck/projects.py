"""Projects, re-evaluated: what stands in each year, its ceiling and order, and what it adds to each of its targets."""

from __future__ import annotations

from fnmatch import fnmatchcase

import numpy as np

from energynet.recheck.values import Floats, Rows, Values, above

YEAR = "calendar"
DAY = 24.0
WHOLE = 1e-6  # of a step


def standing(values: Values, project: str) -> Floats:
    """Capacity of a project that stands in each period (T,): all that was built in years up to its own, within the lifetime."""
    table = values.system["projects"]
    k, total = table.position[project], values.data("projects", "inherited", project).copy()
    year = values.system.horizon.year
    for key in values.keys("added"):
        if key[0] == project:
            age = year - int(key[1])
            total += values.of_year("added", *key) * values.aligned((age >= 0) & (age < table.number["lifetime"][k]))
    return np.asarray(total)


def grown(values: Values, component: str, record: str, measure: str = "capacity") -> Floats:
    """What all projects add to a record (T,): capacity, or of a storage its working volume, or what is there of injection or withdrawal."""
    table, total = values.system["projects"], values.zero
    for project, k in table.position.items():
        if table.text["component"][k] == component and any(
            fnmatchcase(record, part.strip()) for part in str(table.text["target"][k]).split(";")
        ):
            total = total + standing(values, project) * _share(values, project, record, measure)
    return total


def grown_corridor(values: Values, corridor: str) -> Floats:
    """What projects add to the steel that arcs share (T,): each project once."""
    arcs, table, total = values.system["arcs"], values.system["projects"], values.zero
    for project, k in table.position.items():
        parts = [part.strip() for part in str(table.text["target"][k]).split(";")]
        members = [arc for arc in arcs if arcs.of("corridor", arc) == corridor and any(fnmatchcase(arc, part) for part in parts)]
        if table.text["component"][k] == "arc" and members:
            total = total + standing(values, project)
    return total


def _share(values: Values, project: str, record: str, measure: str) -> Floats | float:
    """Units that one unit of the project adds."""
    table = values.system["projects"]
    if measure == "capacity":
        return 1.0
    volume = values.system.of_volume(project)
    if table.of("proportional", project):
        key = f"{project}/storage/{record}"
        return 1.0 if measure == "volume" else values.data("expansions", f"available_{measure}", key)
    hours = float(table.number["hours"][table.position[project]])
    there = 1.0 if measure == "volume" else values.data("storages", "available_share", record)
    if (measure == "volume") == volume:
        return there
    if np.isnan(hours):
        return 0.0
    return there * (DAY / hours if volume else hours / DAY)


def projects(values: Values) -> Rows:
    """The ceiling from the first year on, whole steps, and the order."""
    table, rows = values.system["projects"], list[tuple[str, Floats]]()
    year = values.system.horizon.year
    for project, k in table.position.items():
        stands, most = standing(values, project), values.data("projects", "maximum", project)
        counted = values.zero
        for key in values.keys("installed"):
            if key[0] == project:
                counted = counted + values.of_year("installed", *key) * values.aligned(year == int(key[1]))
        rows.append((f"installed[{project}]", np.abs(stands - counted)))
        rows.append((f"maximum[{project}]", above(stands, np.where(values.aligned(year >= table.number["first_year"][k]), most, 0.0))))
        step = values.data("projects", "step", project)
        if not np.isnan(step).all():
            added = [values.of_year("added", *key) / np.nanmax(step, axis=0) for key in values.keys("added") if key[0] == project]
            rows.append((f"whole_steps[{project}]", np.maximum(np.abs(np.array(added) - np.round(added)) - WHOLE, 0.0)))
        first = table.of("after", project)
        if first in table.position:
            rows.append((f"after[{project}]", above(stands * values.data("projects", "maximum", first), standing(values, first) * most)))
    return rows


def yearly_costs(values: Values) -> list[Floats]:
    """Annuities, and fixed operation and maintenance, million USD by project and period."""
    table, found = values.system["projects"], list[Floats]()
    horizon = values.system.horizon
    for project, k in table.position.items():
        rate, life, building = (float(table.number[name][k]) for name in ("rate", "lifetime", "construction_years"))
        paid = np.arange(int(building)) + 0.5
        capital = values.data("projects", "capital_cost", project)
        grown_to = float(np.mean((1.0 + rate) ** paid)) if building == int(building) and building > 0.0 else _growth(rate, building)
        worth = float(np.sum((1.0 + rate) ** -np.arange(1.0, life + 1.0))) if life == int(life) else _worth(rate, life)
        annuity = capital * grown_to / worth
        upkeep = values.data("projects", "fixed_cost", project) + float(table.number["fixed_share"][k]) * capital
        years = values.weighted / values.aligned(horizon.days_of_year)
        found.append((annuity + upkeep) * standing(values, project) * years * values.discount)
    return found


def _growth(rate: float, building: float) -> float:
    """Interest over a building time that is no whole number of years."""
    return ((1.0 + rate) ** building - 1.0) / (rate * building) * (1.0 + rate) ** 0.5 if rate > 0.0 and building > 0.0 else 1.0


def _worth(rate: float, life: float) -> float:
    """What one million a year over a lifetime that is no whole number of years is worth at its beginning."""
    return (1.0 - (1.0 + rate) ** -life) / rate if rate > 0.0 else life
