"""The second reader: a model file and its CSV files as rows of text and numbers, with changes written into the rows.

Nothing here comes from the package under test but the file format. A number keeps its unit until a day is known: a currency has a rate a
day, and a year has 365 or 366 days.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from fnmatch import fnmatchcase
from pathlib import Path

from ruamel.yaml import YAML

FIRST, LAST = date.min, date.max
ONE_DAY = timedelta(days=1)
KEYS = {
    "arc_segments": ("arc", "segment"), "ceiling_terms": ("ceiling", "component", "target", "origin"), "demand_blocks": ("demand", "block"),
    "elasticities": ("demand", "part"), "sale_prices": ("demand",), "tiers": ("tier_set", "tier"), "supply_steps": ("supply", "step"),
    "profiles": ("profile", "month", "day", "hour"), "storage_curves": ("storage", "direction", "fill"),
    "storage_stocks": ("storage", "date", "origin"), "storage_targets": ("storage", "date"), "routes": ("arc", "sequence"),
}  # fmt: skip
# What each number means and where its unit stands. Dimensions: rate, yearly, volume, money, capacity, investment, upkeep, charge, plain.
NUMBERS = {
    "carriers": "energy_per_unit", "calorific_values": "energy_per_unit", "exchange_rates": "usd",
    "arcs": "capacity:rate:capacity_unit availability minimum:rate:capacity_unit loss tariff:money:tariff_unit "
            "entry_tariff:money:tariff_unit exit_tariff:money:tariff_unit",
    "arc_segments": "width:rate:width_unit loss",
    "corridors": "capacity:rate:capacity_unit availability ratio",
    "bookings": "booked:rate:booked_unit charge:money:charge_unit",
    "capacity_products": "maximum:rate:maximum_unit charge:money:charge_unit multiplier",
    "contracts": "annual_quantity:yearly:quantity_unit take_or_pay annual_maximum make_up_years carry_forward_years carry_forward_limit "
                 "daily_minimum daily_maximum shortfall_penalty:money:price_unit contract_price:money:price_unit "
                 "seller_cost:money:price_unit price_factor",
    "swaps": "maximum:rate:quantity_unit fee cost:money:cost_unit",
    "ceilings": "quantity charge:charge:charge_unit penalty:charge:charge_unit",
    "ceiling_terms": "weight",
    "converters": "capacity:rate:capacity_unit availability minimum:rate:capacity_unit efficiency cost:money:cost_unit",
    "demands": "quantity:yearly:quantity_unit value_of_lost_load:money:value_unit peak_day:rate:peak_unit",
    "demand_blocks": "width:rate:width_unit willingness:money:willingness_unit price_factor",
    "elasticities": "share elasticity reference_price:money:price_unit price_factor lowest highest blocks",
    "sale_prices": "value:money:unit price_factor",
    "tiers": "share value_factor",
    "prices": "value:money:unit",
    "profiles": "value",
    "projects": "first_year maximum:capacity:capacity_unit step:capacity:capacity_unit hours capital_cost:investment:cost_unit "
                "fixed_cost:upkeep:fixed_cost_unit fixed_share construction_years lifetime rate",
    "storages": "working_volume:volume:volume_unit injection:rate:rate_unit withdrawal:rate:rate_unit availability injection_efficiency "
                "withdrawal_efficiency daily_loss inflow:rate:rate_unit injection_cost:money:cost_unit withdrawal_cost:money:cost_unit",
    "storage_curves": "fill rate", "storage_stocks": "fill", "storage_targets": "fill penalty:money:penalty_unit",
    "supplies": "maximum:rate:quantity_unit minimum:rate:quantity_unit availability annual_maximum:yearly:annual_unit "
                "annual_minimum:yearly:annual_unit swing cost:money:cost_unit price_factor",
    "supply_steps": "share cost:money:cost_unit",
    "nodes": "", "origins": "",
}  # fmt: skip
EMPTY_MEANS = {  # what an empty cell stands for, where it is not "no such number"
    "availability": 1.0, "minimum": 0.0, "loss": 0.0, "entry_tariff": 0.0, "exit_tariff": 0.0, "ratio": 1.0, "multiplier": 1.0,
    "annual_maximum@contracts": 1.0, "make_up_years": 0.0, "carry_forward_years": 0.0, "carry_forward_limit": 0.0, "daily_minimum": 0.0,
    "shortfall_penalty": 0.0, "price_factor": 0.0, "charge@ceilings": 0.0, "cost@swaps": 0.0, "lowest": 0.5, "highest": 2.0,
    "blocks": 10.0, "fixed_cost": 0.0, "fixed_share": 0.0, "construction_years": 0.0, "injection_efficiency": 1.0,
    "withdrawal_efficiency": 1.0, "daily_loss": 0.0, "inflow": 0.0, "injection_cost": 0.0, "withdrawal_cost": 0.0,
}  # fmt: skip
SINGULAR = {"supplies": "supply", "elasticities": "elasticity"}
CHANGE = re.compile(r"\s*(\w+)\s*\[\s*(.*?)\s*\]\s*\.\s*(\w+)\s*(?:@\s*([\d.-]+)\s*)?(\*=|\+=|=)\s*([-+\d.eE]+)\s*(.*?)\s*")
NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")


@dataclass
class Row:
    """One line of a CSV file. `numbers` holds each number as a sum of (value, unit); a missing column is no number."""

    cells: dict[str, str]
    first: date = FIRST
    last: date = LAST
    numbers: dict[str, list[tuple[float, str]]] = field(default_factory=dict)

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


class Table:
    """The rows of one table, by key; `key` joins the columns of a compound key by `/`."""

    def __init__(self, name: str, rows: list[Row]) -> None:
        self.name, self.rows = name, rows
        self.columns = [part.split(":") for part in NUMBERS.get(name, "").split()]
        self.kind = {part[0]: (part[1] if len(part) > 1 else "plain", part[2] if len(part) > 1 else "") for part in self.columns}

    def key(self, row: Row) -> str:
        return "/".join(row[column] for column in KEYS.get(self.name, ("id",)))

    def by_key(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(self.key(row), []).append(row)
        return found


def read_table(file: Path, name: str) -> Table:
    """Read one CSV file; a file that is not there is a table without rows."""
    table = Table(name, [])
    if not file.exists():
        return table
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for cells in csv.DictReader(lines):
            row = Row({str(column): (cell or "").strip() for column, cell in cells.items() if column is not None})
            row.first = date.fromisoformat(row["valid_from"]) if row["valid_from"] else FIRST
            row.last = date.fromisoformat(row["valid_to"]) if row["valid_to"] else LAST
            for column, (_, unit) in table.kind.items():
                text = row[column]
                default = EMPTY_MEANS.get(
                    f"{column}@{name}", None if name == "supplies" and column == "annual_maximum" else EMPTY_MEANS.get(column)
                )
                if text:
                    row.numbers[column] = [(float(text), row[unit] if unit else "")]
                elif default is not None:
                    row.numbers[column] = [(default, row[unit] if unit and default else "")]
            table.rows.append(row)
    return table


def read_model(path: Path) -> dict:
    """A model file over the one that it extends: mappings by key, changes one after the other, anything else replaced."""
    content = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    content["beside"] = path.parent if "data" in content else None
    parent = content.pop("extends", None)
    if parent is None:
        return content
    merged = read_model(path.parent / (parent if parent.endswith((".yaml", ".yml")) else f"{parent}.yaml"))
    for key, value in content.items():
        if key in ("horizon", "options", "scenarios"):
            merged[key] = {**merged.get(key, {}), **value}
        elif key == "changes":
            merged[key] = [*merged.get(key, []), *value]
        elif value is not None:
            merged[key] = value
    return merged


def read_package(folder: Path) -> dict[str, Table]:
    return {name: read_table(folder / f"{name}.csv", name) for name in (*NUMBERS, "permissions", "countries")}


def apply_change(tables: dict[str, Table], text: str) -> None:
    """Write a change into the rows: the same as the CSV file edited by hand. Rows that lie partly in its window are cut at the window."""
    match = CHANGE.fullmatch(text)
    assert match, text
    component, pattern, column, window, operator, value, unit = match.groups()
    table = next(t for t in tables.values() if SINGULAR.get(t.name, t.name.removesuffix("s")) == component)
    begin, end = FIRST, LAST
    if window:
        days = [date.fromisoformat(day) for day in window.split("..")]
        begin, end = days[0], days[-1]
    rows: list[Row] = []
    for row in table.rows:
        if not fnmatchcase(table.key(row), pattern) or row.last < begin or row.first > end:
            rows.append(row)
            continue
        for first, last in _cut(row.first, row.last, begin, end):
            part = Row(row.cells, first, last, {name: list(terms) for name, terms in row.numbers.items()})
            if begin <= first and last <= end:
                terms = part.numbers.get(column, [])
                if operator == "=":
                    part.numbers[column] = [(float(value), unit)]
                elif operator == "*=":
                    part.numbers[column] = [(number * float(value), own) for number, own in terms]
                else:
                    part.numbers[column] = [*terms, (float(value), unit)] if terms else []
            if not part.numbers.get(column, True):
                del part.numbers[column]
            rows.append(part)
    table.rows = rows


def _cut(first: date, last: date, begin: date, end: date) -> list[tuple[date, date]]:
    """The days from first to last in up to three parts: before the window, in it, after it."""
    parts = []
    if first < begin:
        parts.append((first, begin - ONE_DAY))
    parts.append((max(first, begin), min(last, end)))
    if last > end:
        parts.append((end + ONE_DAY, last))
    return parts


def select(tables: dict[str, Table], model: dict) -> None:
    """Only the carriers and projects of the model, and one origin a carrier where it says so."""
    wanted = model.get("projects", [])
    tables["projects"].rows = [row for row in tables["projects"].rows if any(fnmatchcase(row["id"], glob) for glob in wanted)]
    if model.get("carriers"):
        _only_carriers(tables, model["carriers"])
    if model.get("origins", "tracked") == "single":
        one = {row["id"]: f"any_{row['carrier']}" for row in tables["origins"].rows}
        for table in tables.values():
            for row in table.rows:
                for column in ("origin", "inflow_origin"):
                    if row[column] and table.name != "permissions":
                        row.cells[column] = one[row[column]]
        kept = {f"any_{row['carrier']}": Row({"id": f"any_{row['carrier']}", "carrier": row["carrier"]}) for row in tables["origins"].rows}
        tables["origins"].rows = list(kept.values())
        tables["permissions"].rows, tables["swaps"].rows = [], []


REFERS = {  # what a row of each table stands on, besides its node
    "arcs": (("from_node", "nodes"), ("to_node", "nodes")), "converters": (("from_node", "nodes"), ("to_node", "nodes")),
    "supplies": (("node", "nodes"),), "demands": (("node", "nodes"),), "storages": (("node", "nodes"),),
    "arc_segments": (("arc", "arcs"),), "bookings": (("arc", "arcs"),), "capacity_products": (("arc", "arcs"),),
    "contracts": (("origin", "origins"),), "swaps": (("origin", "origins"),), "supply_steps": (("supply", "supplies"),),
    "demand_blocks": (("demand", "demands"),), "elasticities": (("demand", "demands"),), "sale_prices": (("demand", "demands"),),
    "storage_curves": (("storage", "storages"),), "storage_stocks": (("storage", "storages"),),
    "storage_targets": (("storage", "storages"),),
}  # fmt: skip


def _only_carriers(tables: dict[str, Table], carriers: list[str]) -> None:
    for name in ("nodes", "origins", "corridors", "projects", "prices"):
        tables[name].rows = [row for row in tables[name].rows if row["carrier"] in carriers]
    for name, columns in REFERS.items():
        for column, other in columns:
            there = {row["id"] for row in tables[other].rows}
            tables[name].rows = [row for row in tables[name].rows if row[column] in there]
