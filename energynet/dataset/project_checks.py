"""Checks of projects: what they expand, what they are counted in, what comes first."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from energynet.components.catalogue import SINGULAR
from energynet.dataset.inputs import Check, Flags, Inputs, numbers
from energynet.errors import Fault, nearest


def parts_of(target: str) -> list[str]:
    """The ids and globs of a project's target."""
    return [part.strip() for part in target.split(";") if part.strip()]


def expandable(inputs: Inputs, component: str) -> Flags:
    """Which rows of the component's table some project expands (n,)."""
    frame, table = inputs["projects"], SINGULAR[component].name
    found = np.zeros(len(inputs[table]), dtype=bool)
    for target in frame["target"].to_numpy()[frame["component"].to_numpy() == component]:
        for part in parts_of(target):
            found |= inputs.matching(table, part)
    return found


def targets_there(inputs: Inputs) -> Iterator[Fault]:
    """Every part of a target matches something, of the project's carrier."""
    frame = inputs["projects"]
    for at, (component, target, carrier) in enumerate(zip(frame["component"], frame["target"], frame["carrier"], strict=True)):
        if component not in SINGULAR:
            continue
        table = SINGULAR[component].name
        carriers = np.array(inputs.carriers.by_row(table), dtype=object)
        for part in parts_of(target):
            found = inputs.matching(table, part)
            row = int(frame["row"].to_numpy()[at])
            if not found.any():
                hint = nearest(part, inputs.ids(table))
                yield inputs.package.fault("projects", row, f"matches nothing in the table {table}", column="target", value=part, hint=hint)
            wrong = sorted(set(carriers[found]) - {carrier, ""})
            if wrong:
                message = f"is of {wrong[0]}, but the project is of {carrier}"
                yield inputs.package.fault("projects", row, message, column="target", value=part)


def counted_alike(inputs: Inputs) -> Iterator[Fault]:
    """Only a storage is counted in working volume; its cost is for a unit of the same kind; what is tied is tied one way."""
    frame, units = inputs["projects"], inputs.package.units
    of_storage = frame["component"].to_numpy() == "storage"
    for at, (capacity, cost, fixed) in enumerate(zip(frame["capacity_unit"], frame["cost_unit"], frame["fixed_cost_unit"], strict=True)):
        volume = units.of_volume(capacity)
        if volume and not of_storage[at]:
            yield from inputs.faults("projects", [at], "capacity_unit", "is a volume, but only a storage is counted in one")
        for column, unit in (("cost_unit", cost), ("fixed_cost_unit", fixed)):
            if unit and capacity and units.of_volume(unit) != volume:
                message = f"is for a {'rate' if volume else 'volume'}, but the capacity is a {'volume' if volume else 'rate'}"
                yield from inputs.faults("projects", [at], column, message)
        if frame["proportional"].iat[at] and not volume:
            yield from inputs.faults("projects", [at], "capacity_unit", "is no volume, in which a proportional storage is counted")
    tied = ~np.isnan(frame["hours"].to_numpy())
    both = tied & (frame["proportional"].to_numpy() == True)  # noqa: E712
    yield from inputs.faults("projects", np.flatnonzero(both), "hours", "is given, but the project is proportional")
    yield from inputs.faults("projects", np.flatnonzero(tied & ~of_storage), "hours", "is for storages only")


def curves_keep(inputs: Inputs) -> Iterator[Fault]:
    """A storage with rate curves grows in proportion, so that its curves keep their form."""
    frame, curved = inputs["projects"], set(inputs["storage_curves"]["storage"])
    ids = np.array(inputs.ids("storages"), dtype=object)
    for at, (component, target, kept) in enumerate(zip(frame["component"], frame["target"], frame["proportional"], strict=True)):
        if component == "storage" and not kept:
            found = {str(key) for part in parts_of(target) for key in ids[inputs.matching("storages", part)]} & curved
            if found:
                message = f"is not set, but {sorted(found)[0]} has rate curves: they keep their form where volume and rates grow alike"
                yield from inputs.faults("projects", [at], "proportional", message, value=False)


def order_ends(inputs: Inputs) -> Iterator[Fault]:
    """No project comes after itself, in a circle."""
    frame = inputs["projects"]
    after = dict(zip(frame["id"], frame["after"], strict=True))
    for at, project in enumerate(frame["id"]):
        seen, here = {project}, after[project]
        while here and here not in seen:
            seen.add(here)
            here = after.get(here, "")
        if here == project:
            yield from inputs.faults("projects", [at], "after", "leads back to this project, in a circle")


def years_are_whole(inputs: Inputs) -> Iterator[Fault]:
    """A first year is a calendar year."""
    year = inputs["projects"]["first_year"].to_numpy()
    yield from inputs.faults("projects", np.flatnonzero(year != np.floor(year)), "first_year", "is no calendar year")


PROJECT_CHECKS = (
    Check("project-targets", "error", "what projects expand exists, and is of their carrier", targets_there),
    Check("project-units", "error", "the units of a project's capacity and costs fit", counted_alike, numbers=numbers("projects", "hours")),
    Check("project-curves", "error", "a storage with rate curves grows in proportion", curves_keep),
    Check("project-order", "error", "no project comes after itself", order_ends),
    Check(
        "project-years",
        "error",
        "the first year of a project is a calendar year",
        years_are_whole,
        numbers=numbers("projects", "first_year"),
    ),
)
