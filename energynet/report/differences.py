"""How runs differ: figures of each beside the first, and the changes and rows of the data that set them apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from energynet.report.tables import records
from energynet.results.naming import followed, names_of
from energynet.results.result import Result

LEAST = 0.0005  # bcm, TWh, USD/tcm, USD/MWh or million USD: a smaller difference is none
MOST_ROWS = 200


@dataclass(frozen=True)
class Rows:
    """One table of differences: a name, and a value in each run (rows, runs); `unit` and `digits` for all of them."""

    key: str
    caption: str
    unit: str
    names: Sequence[str]
    values: np.ndarray
    digits: int = 3
    note: str = ""

    def apart(self, run: int = 1) -> list[tuple[str, float]]:
        """Names and differences of a run to the first, the largest first, those that differ only."""
        found = [(name, float(values[run] - values[0])) for name, values in zip(self.names, self.values, strict=True)]
        least = max(LEAST, 0.5 * 10.0**-self.digits)  # what would be written as zero is no difference
        return sorted(((name, value) for name, value in found if abs(value) >= least), key=lambda one: -abs(one[1]))


def differences(results: Sequence[Result]) -> list[Rows]:
    """The tables of a comparison, in the order of a reader's questions; a figure that a run does not have counts as zero."""
    return [rows for make in (_buyers, _mixes, _prices, _rents, _costs, _served) for rows in make(results) if len(rows.names)]


def _table(results: Sequence[Result], of: Callable[[Result], Mapping[str, float]]) -> tuple[list[str], np.ndarray]:
    found = [of(result) for result in results]
    keys = list(dict.fromkeys(key for one in found for key in one))
    values = np.array([[one.get(key, 0.0) for one in found] for key in keys]).reshape(len(keys), len(results))
    order = sorted(range(len(keys)), key=lambda k: -float(np.abs(values[k]).max()))
    return [keys[k] for k in order], values[order]


def _names(results: Sequence[Result], table: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for result in results:
        found = {**names_of(result.inputs, table), **found}
    return found


def _yearly(result: Result) -> pd.DataFrame:
    rows = result.tables["deliveries"].loc[lambda frame: frame["per"] == "year"]
    return rows.assign(amount=rows["bcm"].where(rows["bcm"].notna(), rows["gwh"] / 1000.0))


def _carriers(results: Sequence[Result]) -> dict[str, str]:
    """The unit of large volumes by carrier."""
    return {str(row["id"]): "bcm" if row["unit"] == "mcm" else "TWh" for result in results for row in records(result.inputs["carriers"])}


def _buyers(results: Sequence[Result]) -> Iterator[Rows]:
    countries, origins, units = _names(results, "countries"), _names(results, "origins"), _carriers(results)
    for origin in dict.fromkeys(origin for result in results for origin in followed(result.inputs)):
        carriers = [str(c) for result in results for c in _yearly(result).loc[lambda f, o=origin: f["origin"] == o, "carrier"]]
        if not carriers:
            continue

        def of(result: Result, origin: str = origin) -> Mapping[str, float]:
            own = _yearly(result).loc[lambda frame: frame["origin"] == origin]
            return {str(key): float(value) for key, value in own.groupby("country")["amount"].sum().items()}

        keys, values = _table(results, of)
        caption = f"{origins.get(origin, origin)}: deliveries by buyer"
        yield Rows(f"buyers-{origin}", caption, units[carriers[0]], [countries.get(key, key) for key in keys], values)


def _mixes(results: Sequence[Result]) -> Iterator[Rows]:
    countries, origins, units = _names(results, "countries"), _names(results, "origins"), _carriers(results)
    for carrier, unit in units.items():

        def of(result: Result, carrier: str = carrier) -> Mapping[str, float]:
            own = _yearly(result).loc[lambda frame: frame["carrier"] == carrier]
            keyed = own["country"].astype(str) + "\x00" + own["origin"].astype(str)
            return {str(key): float(value) for key, value in own.groupby(keyed)["amount"].sum().items()}

        keys, values = _table(results, of)
        parts = [key.split("\x00") for key in keys]
        names = [f"{countries.get(country, country)} from {origins.get(origin, origin)}" for country, origin in parts]
        name = _names(results, "carriers").get(carrier, carrier)
        yield Rows(f"mix-{carrier}", f"{name}: deliveries by country and origin", unit, names, values)


def _prices(results: Sequence[Result]) -> Iterator[Rows]:
    demands = _names(results, "demands")
    units = dict.fromkeys(str(unit) for result in results for unit in result.tables["prices"]["unit"])
    for unit in units:

        def of(result: Result, unit: str = unit) -> Mapping[str, float]:
            rows = result.tables["prices"].loc[lambda frame: (frame["demand"] != "") & (frame["unit"] == unit)]
            time = rows["days"] * rows["weight"]
            sums = pd.DataFrame({"demand": rows["demand"], "money": rows["price"] * time, "time": time}).groupby("demand").sum()
            return {str(key): float(value) for key, value in (sums["money"] / sums["time"]).items()}

        keys, values = _table(results, of)
        note = "Means over time of what one more unit would cost. Where a price is one of several, a difference may be one too."
        key = f"prices-{unit.replace('/', '-').lower()}"
        yield Rows(key, f"Prices by demand, {unit}", unit, [demands.get(k, k) for k in keys], values, 1, note)


def _rents(results: Sequence[Result]) -> Iterator[Rows]:
    def of(result: Result) -> Mapping[str, float]:
        sums = result.tables["congestion"].groupby("name")["congestion_rent_musd"].sum()
        return {str(key): float(value) for key, value in sums.items() if abs(value) >= LEAST}

    keys, values = _table(results, of)
    yield Rows("rents", "Congestion rent by line", "million USD", keys, values, 1)


def _costs(results: Sequence[Result]) -> Iterator[Rows]:
    def of(result: Result) -> Mapping[str, float]:
        rows = result.tables["costs"]
        items = {f"{r['component']}: {r['item']}": float(r["musd"]) for r in records(rows)}
        return {**items, "objective": result.objective}

    keys, values = _table(results, of)
    yield Rows("costs", "Costs by item", "million USD", keys, values, 1, "What is received is negative.")


def _served(results: Sequence[Result]) -> Iterator[Rows]:
    demands = _names(results, "demands")

    def of(result: Result) -> Mapping[str, float]:
        rows = result.tables["unserved"]
        keyed = [f"{demands.get(str(d), str(d))}, {unit}" for d, unit in zip(rows["demand"], rows["unit"], strict=True)]
        sums = rows["volume"].groupby(np.array(keyed, dtype=object)).sum()
        return {str(key): float(value) for key, value in sums.items()}

    keys, values = _table(results, of)
    yield Rows("unserved", "Firm demand that was not served", "units of the carrier", keys, values, 1)


def flows(results: Sequence[Result]) -> pd.DataFrame:
    """Mean flow of every arc in each run, units a day: index `arc`, one column a run; zero where a run does not have it."""
    found = []
    for k, result in enumerate(results):
        rows = result.tables["flows"]
        time = rows["days"] * rows["weight"]
        sums = pd.DataFrame({"arc": rows["arc"], "volume": rows["volume"], "time": time}).groupby("arc").sum()
        found.append((sums["volume"] / sums["time"]).rename(k))
    return pd.concat(found, axis=1).fillna(0.0)


def input_rows(first: Result, other: Result) -> list[dict[str, Any]]:
    """Rows of the data that stand in one run and not in the other, or with other figures: table, row, column, both values."""
    found: list[dict[str, Any]] = []
    for name in first.inputs:
        one, two = first.inputs[name], other.inputs.get(name)
        if two is None or name in ("references", "assumptions", "observed", "changes", "periods"):
            continue
        found += _cells(name, one, two)
        if len(found) > MOST_ROWS:
            break
    return found[:MOST_ROWS]


def _cells(name: str, one: pd.DataFrame, two: pd.DataFrame) -> Iterator[dict[str, Any]]:
    from energynet.components.catalogue import TABLES

    table = TABLES[name]
    keys = [column for column in (*table.key, "valid_from") if column in one and column in two]
    columns = [str(c) for c in one if c in two and c not in keys and c not in ("row", "reference", "confidence", "note")]
    sides = [{tuple(str(row[key]) for key in keys): row for row in records(frame)} for frame in (one, two)]
    for key in dict.fromkeys([*sides[0], *sides[1]]):
        before, after = sides[0].get(key), sides[1].get(key)
        told = " ".join(part for part in key if part and part != "NaT")
        if before is None or after is None:
            yield {
                "table": name,
                "row": told,
                "column": "",
                "before": "" if before is None else "a row",
                "after": "a row" if before is None else "",
            }
            continue
        for column in columns:
            if str(before[column]) != str(after[column]):
                yield {"table": name, "row": told, "column": column, "before": _told(before[column]), "after": _told(after[column])}


def _told(cell: object) -> str:
    if cell is None or (isinstance(cell, float) and np.isnan(cell)) or cell is pd.NaT:
        return "empty"
    return f"{cell:,.6g}" if isinstance(cell, float) else str(cell) or "empty"
