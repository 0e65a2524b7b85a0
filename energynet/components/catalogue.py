"""Every table of a data package, by name."""

from __future__ import annotations

from energynet.components import (
    arc_tables,
    carrier,
    contract_tables,
    converter_tables,
    demand_tables,
    evidence,
    market,
    project_tables,
    storage_tables,
    supply_tables,
)
from energynet.schema import Table

ROOMS = (
    carrier, market, arc_tables, converter_tables, supply_tables, demand_tables, storage_tables, contract_tables, project_tables, evidence,
)  # fmt: skip
TABLES: dict[str, Table] = {table.name: table for room in ROOMS for table in room.TABLES}
SINGULAR: dict[str, Table] = {table.singular: table for table in TABLES.values()}
