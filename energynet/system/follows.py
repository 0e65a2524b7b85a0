"""Which tables follow from which: what a change of some of them leaves as it was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from energynet.components.catalogue import TABLES
from energynet.dataset.changes import Change
from energynet.dataset.edit import OF_UNITS

FOLLOWERS: dict[str, tuple[str, ...]] = {  # table: those of whose numbers some are made of its own
    "nodes": ("arcs",), "bookings": ("arcs",), "corridors": ("arc_origins",),
    "arcs": ("arc_origins", "arc_segments", "corridors", "expansions", "vintages"),
    "supplies": ("supply_steps", "expansions"), "converters": ("expansions",), "storages": ("expansions",),
    "demands": ("demand_blocks", "demand_origins"), "demand_blocks": ("demand_origins",), "elasticities": ("demands", "demand_blocks"),
    "projects": ("arcs", "supplies", "converters", "storages", "expansions", "vintages"),
    "prices": tuple(name for name, table in TABLES.items() if any(column.price for column in table.columns)),
}  # fmt: skip


def moved_between(changes: Sequence[Change], others: Sequence[Change]) -> set[str] | None:
    """The tables whose rows may not be the same after two lists of changes; None: any."""
    found = {
        change.table.name for change in (*changes, *others)
        if [c for c in changes if c.table is change.table] != [c for c in others if c.table is change.table]
    }  # fmt: skip
    return None if found & set(OF_UNITS) else found


def followers(tables: Iterable[str]) -> set[str]:
    """The tables and all that follow from them."""
    found, new = set[str](), set(tables)
    while new:
        found |= new
        new = {name for table in new for name in FOLLOWERS.get(table, ())} - found
    return found
