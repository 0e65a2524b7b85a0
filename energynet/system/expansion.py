"""What projects would add to what, what they cost a day, and what earlier years left standing."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

import numpy as np

from energynet.system.derive import derived
from energynet.system.horizon import Floats, Horizon
from energynet.system.records import Records

TARGETS = {"arc": "arcs", "supply": "supplies", "converter": "converters", "storage": "storages"}
MEASURES = ("capacity", "volume", "injection", "withdrawal")
MOST = {"arcs": ("capacity",), "supplies": ("maximum",), "converters": ("capacity",), "storages": ("working_volume", "injection")}
COUNTED_AS = {"maximum": "capacity", "working_volume": "volume"}
HOURS = 24.0


def targets_of(projects: Records, project: str, records: Mapping[str, Records]) -> list[str]:
    """The ids that a project expands, in the order of their table."""
    patterns = [part.strip() for part in projects.of("target", project).split(";")]
    table = records[TARGETS[projects.of("component", project)]]
    return [key for key in table if any(fnmatchcase(key, pattern) for pattern in patterns)]


def derive_projects(
    records: Mapping[str, Records], horizon: Horizon, volumes: Mapping[str, bool], built: Mapping[tuple[str, str], float]
) -> dict[str, Records]:
    """`expansions`: what one unit of a project adds to each of its targets, keyed project/component/target: `capacity` (units/d), or of a
    storage `volume` (units), `injection`, `withdrawal` (units/d), each (T, n). `vintages`, keyed project/year: `alive`, whether what was
    built then stands in each period (T, n).

    Each project gets `open` (its maximum from its first year on), `daily_annuity` and `daily_upkeep` (million USD a unit and day,
    discounted) and `inherited` (what was built before the horizon and stands), each (T, n). Each table that can grow gets the
    most that it could be with all its projects, as `most_capacity` and so on. `volumes` tells which projects are counted in working volume.
    """
    projects, periods = records["projects"], len(horizon)
    shape = (periods, len(projects))
    number = projects.number
    for column in ("maximum", "step", "capital_cost", "fixed_cost"):
        number[column] = np.broadcast_to(number[column], shape).copy()
    number["open"] = np.where(horizon.year[:, None] >= number["first_year"][None, :], number["maximum"], 0.0)
    money = records["period"].number["discount"] / horizon.days_of_year[:, None]
    annuity, upkeep = yearly_cost(projects)
    number["annuity"], number["upkeep"] = annuity, upkeep
    number["daily_annuity"], number["daily_upkeep"] = annuity * money, upkeep * money
    number["inherited"] = np.zeros(shape)
    for (project, year), amount in built.items():
        k = projects.position.get(project)
        if k is not None:
            number["inherited"][:, k] += amount * _alive(horizon, int(year), float(number["lifetime"][k]))
    expansions = _expansions(records, volumes, periods)
    _most(records, expansions)
    years = horizon.groups["calendar"][0]
    ids = [f"{project}/{year}" for project in projects for year in years]
    alive = [_alive(horizon, int(key.split("/")[1]), float(number["lifetime"][projects.position[key.split("/")[0]]])) for key in ids]
    vintages = derived("vintages", ids, {"alive": np.array(alive).T.reshape(periods, len(ids))}, periods)
    return {"expansions": expansions, "vintages": vintages}


def yearly_cost(projects: Records) -> tuple[Floats, Floats]:
    """Annuity, and fixed operation and maintenance, of a unit of capacity: million USD a year, each (T, n).

    The capital is spent evenly over the construction years, each half a year before its end, with interest up to the first day of
    operation; the annuity pays it back over the lifetime.
    """
    number = projects.number
    rate, life, building = number["rate"], number["lifetime"], number["construction_years"]
    with np.errstate(divide="ignore", invalid="ignore"):
        recovery = np.where(rate > 0.0, rate / (1.0 - (1.0 + rate) ** -life), 1.0 / life)
        growth = np.where((building > 0.0) & (rate > 0.0), ((1.0 + rate) ** building - 1.0) / (rate * building) * np.sqrt(1.0 + rate), 1.0)
    cost = number["capital_cost"]
    return np.asarray(cost * growth * recovery), np.asarray(number["fixed_cost"] + number["fixed_share"] * cost)


def _alive(horizon: Horizon, built: int, lifetime: float) -> Floats:
    """1 in the periods of the calendar years of operation of what was built in a year, else 0 (T,)."""
    age = horizon.year - built
    return np.asarray((age >= 0) & (age < lifetime), dtype=np.float64)


def _expansions(records: Mapping[str, Records], volumes: Mapping[str, bool], periods: int) -> Records:
    projects = records["projects"]
    ids: list[str] = []
    parts: dict[str, list[Floats]] = {measure: [] for measure in MEASURES}

    def add(project: str, component: str, target: str, **measures: Floats | float) -> None:
        ids.append(f"{project}/{component}/{target}")
        for measure in MEASURES:
            parts[measure].append(np.broadcast_to(np.asarray(measures.get(measure, 0.0), dtype=np.float64), (periods,)))

    arcs = records["arcs"]
    for project in projects:
        component, targets = projects.of("component", project), targets_of(projects, project, records)
        for target in targets:
            if component == "storage":
                add(project, component, target, **_of_storage(projects, records["storages"], project, target, in_volume=volumes[project]))
            else:
                add(project, component, target, capacity=1.0)
        if component == "arc":
            for corridor in dict.fromkeys(arcs.of("corridor", arc) for arc in targets):
                if corridor:
                    add(project, "corridor", corridor, capacity=1.0)
    number = {measure: np.array(columns).T.reshape(periods, len(ids)) for measure, columns in parts.items()}
    return derived("expansions", ids, number, periods)


def _of_storage(projects: Records, storages: Records, project: str, storage: str, *, in_volume: bool) -> dict[str, Floats | float]:
    """What one unit of a storage project adds: working volume and rates in proportion, or tied by its hours, or one of them alone."""
    k = storages.position[storage]
    if projects.of("proportional", project):
        volume = storages.number["working_volume"][:, k]
        with np.errstate(divide="ignore", invalid="ignore"):
            rates = {way: np.where(volume > 0.0, storages.number[way][:, k] / volume, 0.0) for way in ("injection", "withdrawal")}
        return {"volume": 1.0, **rates}
    hours = float(projects.number["hours"][projects.position[project]])
    if in_volume:
        rate = HOURS / hours if np.isfinite(hours) else 0.0
        return {"volume": 1.0, "injection": rate, "withdrawal": rate}
    return {"volume": hours / HOURS if np.isfinite(hours) else 0.0, "injection": 1.0, "withdrawal": 1.0}


def _most(records: Mapping[str, Records], expansions: Records) -> None:
    """`most_` and the column: what a record could be with all that its projects may add (T, n)."""
    projects = records["projects"]
    for name, columns in MOST.items():
        table = records[name]
        for column in columns:
            most = table.number[column].copy()
            for key, k in expansions.position.items():
                project, component, target = key.split("/")
                if TARGETS.get(component) == name:
                    share = expansions.number[COUNTED_AS.get(column, column)][:, k]
                    most[:, table.position[target]] += share * projects.number["open"][:, projects.position[project]]
            table.number[f"most_{column}"] = most
