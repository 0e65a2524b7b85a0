"""Random data packages and models with every kind of row: dated rows in all tables, odd dates, many units, changes.

A package is made from a seed alone. Gas nodes stand in a tree with chords, power nodes beside them; at every node someone buys what is too
much, and demand may go unserved, so that most packages have an answer. `aligned` packages change only where a period begins: there the
mean of a product is the product of means.
"""

from __future__ import annotations

import csv
import itertools
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from oracle.random_rows import PARTS

from energynet.dataset.package_schema import write_descriptor

GAS = 10.5  # GWh in one mcm
RATES = {  # units of a rate by carrier, and how many of each are one unit of the carrier a day
    "gas": {"mcm/d": 1.0, "bcm/y": 0.365, "GWh/d": GAS, "MW": GAS * 1000 / 24, "bcm/y[zero]": 0.365 * 0.94, "TWh/y": GAS * 0.365},
    "electricity": {"GWh/d": 1.0, "MW": 1000 / 24, "TWh/y": 0.365, "MWh/h": 1000 / 24},
}
MONEY = {
    "gas": {"USD/tcm": 1.0, "EUR/MWh": 0.09, "USD/MMBtu": 0.028, "EUR/tcm[zero]": 1.0},
    "electricity": {"USD/MWh": 1.0, "EUR/MWh": 0.9, "USD/kWh": 1e-3},
}
HORIZONS = (
    ("2025-01-01", "2025-03-31", "month"), ("2024-01-01", "2024-03-31", "month"), ("2025-08-01", "2025-11-30", "month"),
    ("2024-12-01", "2025-02-28", "month"), ("2025-01-01", "2025-12-31", "year"), ("2024-01-01", "2025-12-31", "year"),
    ("2025-09-25", "2025-10-06", "day"), ("2025-02-01", "2025-03-31", "representative"), ("2025-03-04", "2025-03-04", "hour"),
)  # fmt: skip


class Maker:
    """The tables of one package, and the random numbers that they are made with."""

    def __init__(self, seed: int, *, aligned: bool = False) -> None:
        self.random, self.aligned = Random(seed), aligned
        first, last, self.step = self.random.choice(HORIZONS)
        self.start, self.end = date.fromisoformat(first), date.fromisoformat(last)
        self.several = self.end.year > self.start.year
        self.storage_end = self.random.choice(("stocks", "stocks", "free", "cyclic", "yearly"))
        self.tables: dict[str, list[dict[str, Any]]] = {}
        self.gas = [f"n{k}" for k in range(self.random.randint(3, 5))]
        self.power = [f"p{k}" for k in range(self.random.randint(1, 3))]
        self.zone = dict.fromkeys(self.gas, "gas") | dict.fromkeys(self.power, "electricity")

    def number(self, low: float, high: float, digits: int = 3) -> float:
        return round(self.random.uniform(low, high), digits)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def maybe(self, share: float, cell: Any) -> Any:
        """The cell, or nothing."""
        return cell if self.chance(share) else None

    def day(self) -> date:
        """A day in the horizon, or near it; where all is `aligned`, the first day of a period."""
        day = self.start + timedelta(self.random.randint(-2, (self.end - self.start).days + 2))
        return self.edge(day) if self.aligned else day

    def edge(self, day: date) -> date:
        """The first day of the period of a day."""
        if self.step == "day":
            return day
        return day.replace(day=1, month=1) if self.step == "year" else day.replace(day=1)

    def later(self, day: date) -> date:
        """A day some time after, as `day`."""
        if self.aligned:
            return self.edge(day + timedelta(370 if self.step == "year" else 35))
        return day + timedelta(self.random.randint(1, 12))

    def put(self, table: str, text: str = "", **cells: Any) -> None:
        """A row: `text` holds constant cells as `column=cell column=cell`."""
        constant = dict(part.split("=", 1) for part in text.split())
        self.tables.setdefault(table, []).append({**constant, **{column: cell for column, cell in cells.items() if cell is not None}})

    def dated(self, table: str, moving: str, text: str = "", *, gaps: bool = False, spread: float = 0.4, **cells: Any) -> None:
        """One to three rows of a record, whose `moving` numbers differ; with `gaps` there may be days without a row."""
        own = {**dict(part.split("=", 1) for part in text.split()), **{column: cell for column, cell in cells.items() if cell is not None}}
        cuts = sorted({self.day() for _ in range(self.random.choice((0, 1, 1, 2)))})
        for first, after in itertools.pairwise([None, *cuts, None]):
            row = dict(own)
            for column in moving.split():
                if column in row and first is not None:
                    row[column] = round(float(row[column]) * self.random.uniform(1 - spread, 1.0), 6)
            begin = self.later(first) if gaps and first is not None and self.chance(0.4) else first
            last = after - timedelta(1) if after else None
            if not (begin and last and begin > last):
                self.put(table, **row, valid_from=begin, valid_to=last)

    def rate(self, column: str, amount: float, carrier: str, unit: str = "") -> dict[str, Any]:
        """A rate in some unit, and its unit."""
        written = self.random.choice(list(RATES[carrier]))
        return {column: round(amount * RATES[carrier][written], 6), unit or f"{column}_unit": written}

    def money(self, column: str, amount: float, carrier: str, unit: str = "") -> dict[str, Any]:
        """The same of a price or cost."""
        written = self.random.choice(list(MONEY[carrier]))
        return {column: round(amount * MONEY[carrier][written], 6), unit or f"{column}_unit": written}


def write_package(folder: Path, seed: int, *, aligned: bool = False) -> Path:
    """Write the package and its model file of a seed; the path of the model file."""
    m = Maker(seed, aligned=aligned)
    for part in PARTS:
        part(m)
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    for name, rows in m.tables.items():
        evidence = {} if name == "references" else {"reference": "r", "confidence": "assumed"}
        columns = list(dict.fromkeys(column for row in rows for column in {**row, **evidence}))
        with (data / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows({**row, **evidence} for row in rows)
    write_descriptor(data, name=f"random-{seed}", title="made from a seed")
    (folder / "model.yaml").write_text(model_text(m), encoding="utf-8")
    return folder / "model.yaml"


def model_text(m: Maker) -> str:
    """The model file: options of all kinds, and changes of every operator."""
    pick = m.random.choice
    objective = pick(("cost", "cost", "cost", "unserved", "curtailment", "income:A"))
    options = {
        "storage_end": m.storage_end, "demand": pick(("firm", "elastic")), "tariffs": pick(("volume", "capacity")),
        "price_ranges": "none", "discount_rate": 0.05 if m.several or m.chance(0.3) else None,
    }  # fmt: skip
    a, b = sorted((m.day(), m.day()))
    window = f"{a}..{b - timedelta(1) if m.aligned and b > a else b}"
    trunk = m.tables["arcs"][0]["id"]
    lines = [
        f"supply[s1].availability @ {window} = {m.number(0.2, 1)}", f"demand[d_n*].quantity *= {m.number(0.7, 1.2)}",
        "arc[g*].tariff += 0.5 USD/tcm", f"arc[{trunk}].capacity @ {window} *= 0.7", f"price[hub].value @ {window} += 2 EUR/MWh",
        f"storage[st].injection_cost @ {window} = 2 USD/tcm",
    ]  # fmt: skip
    if m.several and m.storage_end in ("stocks", "free") and objective == "cost":
        options["contract_years"] = pick(("separate", "foresight"))
    changes = [line for line in lines if m.chance(0.35)]
    step = "hour, days: representative" if m.step == "representative" else m.step
    origins = "tracked" if objective.startswith("income") else pick(("tracked", "tracked", "single"))
    text = [f"title: random\ndata: data\nhorizon: {{start: {m.start}, end: {m.end}, step: {step}}}\norigins: {origins}"]
    text.append(f"objective: {objective}")
    if m.chance(0.4) and objective == "cost":
        text.append(f"projects: {pick(('[loop, field]', '[plant, cells]', '[loop, field, plant, cells, cavern]'))}")
    text.append("options:\n" + "\n".join(f"  {key}: {value}" for key, value in options.items() if value is not None))
    if changes:
        text.append("changes:\n" + "\n".join(f"  - {line}" for line in changes))
    return "\n".join(text) + "\n"
