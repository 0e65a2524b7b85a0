"""What the page draws, as plain lists: the shape that README.md of this room describes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from energynet.dataset.package import units_of
from energynet.errors import Fault, InputFaults
from energynet.results.markets import BALANCE
from energynet.results.programs import FAMILIES
from energynet.results.result import Result

Floats = NDArray[np.float64]
Rows = list[dict[str, Any]]
MOST_PERIODS = 120  # a run of more periods is shown by month
UNSAFE = "<>&\u2028\u2029"
DIGITS = 9  # significant digits of a number in the page


@dataclass(frozen=True)
class Run:
    """A run read back, in the order that the page counts in. `when[t]` is the page's period of the run's period t."""

    result: Result
    periods: Rows
    when: NDArray[np.int64]
    run_days: Floats  # days x weight of the run's periods
    families: Mapping[str, Sequence[tuple[str, ...]]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return len(self.periods)

    @cached_property
    def days(self) -> Floats:
        """Days x weight of the page's periods (T,)."""
        return np.asarray(np.bincount(self.when, weights=self.run_days, minlength=self.count), dtype=np.float64)

    def table(self, name: str) -> pd.DataFrame:
        return self.result.tables[name]

    def rows(self, name: str) -> Rows:
        """The rows of a table of the inputs, the first one of every id."""
        frame = self.result.inputs[name]
        once = frame.drop_duplicates("id") if "id" in frame else frame
        return [{str(key): cell for key, cell in row.items()} for row in once.to_dict("records")]

    @cached_property
    def position(self) -> Mapping[str, int]:
        """The run's periods by label."""
        return {str(label): t for t, label in enumerate(self.result.inputs["periods"]["period"])}

    @cached_property
    def busiest(self) -> str:
        """The carrier of most arcs with a flow."""
        flows = self.table("flows")
        moved = flows[flows["volume"] > 0.0].groupby("carrier")["arc"].nunique()
        return str(moved.idxmax()) if len(moved) else ""

    def spread(self, frame: pd.DataFrame, keys: Sequence[Sequence[str]], columns: Sequence[str], value: str) -> Floats:
        """A column of a long table as (keys, run periods), zero where there is no row."""
        place = {tuple(key): k for k, key in enumerate(keys)}
        out = np.zeros((len(keys), len(self.when)))
        rows = [place.get(key, -1) for key in frame[list(columns)].astype(str).itertuples(index=False, name=None)]
        at, when = np.asarray(rows, dtype=np.int64), frame["period"].astype(str).map(self.position).to_numpy(dtype=np.int64)
        kept = at >= 0
        np.add.at(out, (at[kept], when[kept]), frame[value].to_numpy(dtype=float)[kept])
        return out

    def total(self, volumes: Floats) -> Floats:
        """Volumes (k, run periods) added up over the page's periods."""
        out = np.zeros((len(volumes), self.count))
        np.add.at(out.T, self.when, volumes.T)
        return out

    def mean(self, rates: Floats) -> Floats:
        """Rates or prices (k, run periods) as means over time of the page's periods."""
        return self.total(rates * self.run_days) / self.days

    def last(self, stocks: Floats) -> Floats:
        """Stocks (k, run periods) at the end of the page's periods."""
        ends = np.zeros(self.count, dtype=np.int64)
        ends[self.when] = np.arange(len(self.when))
        return np.asarray(stocks[:, ends])


def read_run(result: Result) -> Run:
    """A run with what the page needs of it. Raises InputFaults where the run kept none of its inputs."""
    where = result.path
    if where is None or not result.inputs or not (where / FAMILIES).is_file():
        message = "holds no inputs/, so that a report of it would have no places and no sources: solve the model again"
        raise InputFaults([Fault(str(where), message, check="run")])
    stored = json.loads((where / FAMILIES).read_text(encoding="utf-8"))["columns"]
    families = {one["name"]: [tuple(key) for key in one["keys"]] for one in stored}
    frame = result.inputs["periods"]
    run_days = (frame["days"] * frame["weight"]).to_numpy(dtype=float)
    months = frame["start"].dt.strftime("%Y-%m")
    labels = frame["period"].astype(str) if len(frame) <= MOST_PERIODS else months
    named = list(dict.fromkeys(labels))
    when = labels.map({label: k for k, label in enumerate(named)}).to_numpy(dtype=np.int64)
    first = np.unique(when, return_index=True)[1]
    days = np.bincount(when, weights=frame["days"].to_numpy(dtype=float))
    weighted = np.bincount(when, weights=run_days)
    periods = [
        {"label": label, "start": str(frame["start"].iloc[first[k]])[:10], "days": float(days[k]), "weight": float(weighted[k] / days[k])}
        for k, label in enumerate(named)
    ]
    return Run(result, periods, when, run_days, families)


def data_of(run: Run) -> dict[str, Any]:
    """What never changes: sets and names. Positions in place of ids, as README.md says."""
    manifest = run.result.manifest
    content = manifest["content"]
    nodes, arcs, demands, origins, storages = (run.rows(name) for name in ("nodes", "arcs", "demands", "origins", "storages"))
    node = {row["id"]: k for k, row in enumerate(nodes)}
    tables = {"arcs": arcs, "demands": demands, "origins": origins}
    place = {name: {row["id"]: k for k, row in enumerate(rows)} for name, rows in tables.items()}
    carrier = [str(row["carrier"]) for row in nodes]

    def at(row: Mapping[str, Any], column: str = "node") -> int:
        return node[row[column]]

    return {
        "title": manifest["title"] or content["model"], "run": manifest["run"], "model": content["model"], "scenario": content["scenario"],
        "changes": content["changes"], "horizon": manifest["horizon"], "periods": run.periods, "carriers": carriers_of(run),
        "countries": {row["id"]: {"name": row["name"], "region": row["region"]} for row in run.rows("countries")},
        "nodes": [{name: row[name] for name in ("id", "name", "carrier", "country")} for row in nodes],
        "origins": [{name: row[name] for name in ("id", "name", "carrier")} for row in origins],
        "arcs": [
            {
                "id": row["id"], "name": row["name"], "line": row["line"] or row["name"], "carrier": carrier[at(row, "from_node")],
                "from": at(row, "from_node"), "to": at(row, "to_node"),
            }
            for row in arcs
        ],
        "arc_origins": [[place["arcs"][arc], place["origins"][origin]] for arc, origin in run.families.get("flow", ())],
        "demands": [{"id": row["id"], "name": row["name"], "node": at(row), "carrier": carrier[at(row)]} for row in demands],
        "demand_origins": [[place["demands"][one], place["origins"][origin]] for one, origin in run.families.get("taken", ())],
        "storages": [
            {
                "id": row["id"], "name": row["name"], "node": at(row), "carrier": carrier[at(row)],
                "working_volume": _volume(run, row, carrier[at(row)]),
            }
            for row in storages
        ],
        "places": [list(key) for key in places_of(run)], "terms": list(BALANCE), "followed": followed(run, place["origins"]),
    }  # fmt: skip


def carriers_of(run: Run) -> dict[str, dict[str, Any]]:
    """How each carrier is counted and written."""
    found = {}
    for row in sorted(run.rows("carriers"), key=lambda row: row["id"] != run.busiest):
        gas = row["unit"] == "mcm"
        found[str(row["id"])] = {
            "name": row["name"], "unit": row["unit"], "rate": f"{row['unit']}/d", "price": "USD/tcm" if gas else "USD/MWh",
            "gwh": float(row["energy_per_unit"]), "large": "bcm" if gas else "TWh", "per_large": 1000.0,
        }  # fmt: skip
    return found


def places_of(run: Run) -> list[tuple[str, str]]:
    """Countries and carriers of the balance, as the table has them."""
    frame = run.table("balance")
    return list(dict.fromkeys(frame[["country", "carrier"]].astype(str).itertuples(index=False, name=None)))


def followed(run: Run, place: Mapping[str, int]) -> list[int]:
    """The origins that contracts with a quantity are about; where there is none, those of the busiest carrier, the largest first."""
    contracts, bound = run.result.inputs["contracts"], run.table("contracts")
    live = set(bound.loc[bound["annual_quantity"] > 0.0, "contract"])
    named = [str(row["origin"]) for row in contracts.to_dict("records") if row["id"] in live and row["origin"] in place]
    if named:
        return [place[origin] for origin in dict.fromkeys(named)]
    yearly = run.table("deliveries").loc[lambda frame: frame["per"] == "year"]
    volume = yearly[yearly["carrier"] == run.busiest].groupby("origin")["gwh"].sum().sort_values(ascending=False)
    return [place[str(origin)] for origin in volume.index] or list(place.values())


def _volume(run: Run, row: Mapping[str, Any], carrier: str) -> float | None:
    units = units_of(run.result.inputs)
    return _number(float(row["working_volume"]) * units.parse(str(row["volume_unit"]), "volume", carrier).factor)


def view_of(run: Run, data: Mapping[str, Any]) -> dict[str, Any]:
    """The run's own solution."""
    arcs, demands, storages = ([row["id"] for row in data[name]] for name in ("arcs", "demands", "storages"))
    flow_keys, taken_keys = run.families.get("flow", ()), run.families.get("taken", ())
    volume = run.total(run.spread(run.table("flows_by_origin"), flow_keys, ("arc", "origin"), "volume"))
    flows, prices, netbacks = run.table("flows"), run.table("prices"), run.table("netbacks")
    each = [(one,) for one in arcs], [(one,) for one in demands], [(one,) for one in storages]
    taken = run.spread(netbacks, taken_keys, ("destination", "origin"), "volume")
    worth = run.spread(netbacks.assign(worth=netbacks["netback"] * netbacks["volume"]), taken_keys, ("destination", "origin"), "worth")
    delivered = run.total(taken)
    with np.errstate(invalid="ignore", divide="ignore"):
        netback = run.total(worth) / np.where(delivered > 0.0, delivered, np.nan)
    balance = run.table("balance").loc[lambda frame: frame["per"] == "period"]
    terms = [run.total(run.spread(balance, data["places"], ("country", "carrier"), term)) for term in BALANCE]
    return {
        "name": "as solved", "solved": True, "one_answer": bool(run.result.manifest["content"]["options"].get("second_stage", True)),
        "objective": run.result.objective, "flow": _lists(volume / run.days),
        "capacity": _lists(run.mean(run.spread(flows, each[0], ("arc",), "capacity_per_day"))),
        "delivered": _lists(delivered), "unserved": _lists(run.total(run.spread(run.table("unserved"), each[1], ("demand",), "volume"))),
        "price": _lists(run.mean(run.spread(prices[prices["demand"] != ""], each[1], ("demand",), "price"))), "netback": _lists(netback),
        "inventory": _lists(run.last(run.spread(run.table("storage"), each[2], ("storage",), "inventory"))),
        "balance": [_lists(rows) for rows in np.stack(terms, axis=1)] if len(data["places"]) else [],
        "costs": [[row["component"], row["item"], _number(row["musd"])] for row in run.table("costs").to_dict("records")],
        "netted": _lists(run.mean(run.spread(flows.assign(netted=flows["per_day"] - flows["net_per_day"]), each[0], ("arc",), "netted"))),
        "certificate": [
            {"check": one.name, "worst": one.worst, "where": one.where, "unit": one.unit, "tolerance": one.tolerance, "holds": one.holds}
            for one in run.result.certificate.checks
        ],
    }  # fmt: skip


def _records(frame: pd.DataFrame) -> Rows:
    return [{str(name): cell for name, cell in row.items()} for row in frame.to_dict("records")]


def _lists(values: Floats) -> list[list[float | None]]:
    return [[_number(value) for value in row] for row in values.tolist()]


def _number(value: float) -> float | None:
    """A number short enough for a page: 9 significant digits; nothing where there is none."""
    if not np.isfinite(value):
        return None
    short = float(f"{value:.{DIGITS}g}")
    return int(short) if short == int(short) and abs(short) < 1e15 else short


def embedded(value: object) -> str:
    """JSON that may stand inside a script element: no character in it can end the element or begin a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return "".join(f"\\u{ord(one):04x}" if one in UNSAFE else one for one in text)
