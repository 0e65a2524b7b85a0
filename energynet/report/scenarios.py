"""A sweep, or an exact response, read from its directory for a page: figures by scenario beside those of the base."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from energynet.errors import Fault, InputFaults
from energynet.results.naming import followed, names_of
from energynet.results.result import Result
from energynet.results.store import open_run

Floats = NDArray[np.float64]
LEAST = 0.0005  # bcm or TWh: a figure that varies less does not vary
FIXED = ("scenario", "name", "changes", "status", "objective_musd", "reason", "seconds", "rebuilt")


def kind_of(path: Path) -> str:
    """What a directory holds: `run`, `sweep` or `response`. Raises InputFaults where it holds none of them."""
    file = path / "manifest.json"
    if not file.is_file():
        raise InputFaults([Fault(str(path), "holds no run, sweep or response: it has no manifest.json", check="run")])
    kind = str(json.loads(file.read_text(encoding="utf-8")).get("kind", "run"))
    if kind not in ("run", "sweep", "response"):
        raise InputFaults([Fault(str(path), f"holds a {kind}, of which there is no page", check="run")])
    return kind


@dataclass(frozen=True)
class Outcome:
    """One figure in every solved scenario, in their order, and in the base."""

    key: str
    name: str
    unit: str
    digits: int
    values: Floats
    base: float | None

    @property
    def spread(self) -> float:
        return float(np.ptp(self.values)) if len(self.values) else 0.0


@dataclass(frozen=True)
class Sweep:
    """`scenarios` are the rows of the design; `solved` those with a solution, by which all figures are ordered."""

    path: Path
    manifest: Mapping[str, Any]
    scenarios: pd.DataFrame
    base: Result

    @classmethod
    def read(cls, path: Path) -> Sweep:
        """Raises InputFaults where no scenario was solved yet."""
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        if not any((path / "scenarios").glob("part-*.parquet")):
            raise InputFaults([Fault(str(path), "holds a sweep without a finished part: give its command again", check="sweep")])
        frame = pd.read_parquet(path / "scenarios").sort_values("scenario").reset_index(drop=True)
        return cls(path, manifest, frame, open_run(path / "base"))

    @cached_property
    def solved(self) -> pd.DataFrame:
        return self.scenarios.loc[self.scenarios["status"] == "optimal"].reset_index(drop=True)

    @cached_property
    def factors(self) -> dict[str, Floats]:
        """The changes that vary, by name without their value; those that take one value only are left out."""
        named = [str(c) for c in self.solved if c not in FIXED and pd.api.types.is_numeric_dtype(self.solved[c])]
        return {name: self.solved[name].to_numpy(dtype=float) for name in named if self.solved[name].nunique() > 1}

    def has(self, table: str) -> bool:
        return any((self.path / table).glob("part-*.parquet"))

    def _read(self, table: str, columns: list[str], **more: Any) -> pd.DataFrame:  # noqa: ANN401
        return pd.read_parquet(self.path / table, columns=["scenario", *columns], **more)

    def _wide(self, sums: pd.Series[Any]) -> pd.DataFrame:
        """A series by scenario and keys as a table: scenarios down in the order of `solved`, keys across, zero where there is no row."""
        keys = [name for name in sums.index.names if name != "scenario"]
        return sums.unstack(keys).reindex(self.solved["scenario"]).fillna(0.0)

    @cached_property
    def cost(self) -> Outcome:
        return Outcome(
            "objective", "Cost of the network", "million USD", 1, self.solved["objective_musd"].to_numpy(float), self.base.objective
        )

    def deliveries(self, origin: str) -> list[Outcome]:
        """What each country got of an origin, bcm or TWh, the largest first."""
        if not self.has("deliveries"):
            return []
        columns = ["origin", "country", "per", "bcm", "gwh"]
        rows = self._read("deliveries", columns, filters=[("per", "==", "year"), ("origin", "==", origin)])
        own = self.base.tables["deliveries"].loc[lambda f: (f["per"] == "year") & (f["origin"] == origin)]
        sums, base = (self._amounts(frame, keys) for frame, keys in ((rows, ["scenario", "country"]), (own, ["country"])))
        unit = "bcm" if own["bcm"].notna().any() or rows["bcm"].notna().any() else "TWh"
        names = names_of(self.base.inputs, "countries")
        table = self._wide(sums)
        found = [
            Outcome(f"{origin}-{key}", names.get(str(key), str(key)), unit, 3, table[key].to_numpy(float), float(base.get(key, 0.0)))
            for key in dict.fromkeys([*base.index, *table.columns]) if key in table
        ]  # fmt: skip
        return sorted(found, key=lambda one: -float(np.median(one.values)))

    def others(self, most: int) -> list[Outcome]:
        """What countries got of the origins that are not followed: those that vary most, the widest first."""
        if not self.has("deliveries"):
            return []
        countries, origins = names_of(self.base.inputs, "countries"), names_of(self.base.inputs, "origins")
        rows = self._read("deliveries", ["origin", "country", "per", "bcm", "gwh"], filters=[("per", "==", "year")])
        rows = rows.loc[~rows["origin"].isin(self.followed)]
        own = self.base.tables["deliveries"].loc[lambda f: (f["per"] == "year") & ~f["origin"].isin(self.followed)]
        gas = set(rows.loc[rows["bcm"].notna(), "origin"])
        table, base = self._wide(self._amounts(rows, ["scenario", "origin", "country"])), self._amounts(own, ["origin", "country"])
        found = [
            Outcome(
                f"{origin}-{country}", f"{countries.get(country, country)} from {origins.get(origin, origin)}",
                "bcm" if origin in gas else "TWh", 3, table[origin, country].to_numpy(float), float(base.get((origin, country), 0.0)),
            )
            for origin, country in ((str(one[0]), str(one[1])) for one in table.columns.to_list())
        ]  # fmt: skip
        moving = [one for one in found if one.spread > LEAST]
        return sorted(moving, key=lambda one: -one.spread)[:most]

    @staticmethod
    def _amounts(frame: pd.DataFrame, keys: list[str]) -> pd.Series[Any]:
        amount = frame["bcm"].where(frame["bcm"].notna(), frame["gwh"] / 1000.0)
        return frame.assign(amount=amount).groupby(keys)["amount"].sum()

    def prices(self, unit: str) -> list[Outcome]:
        """Mean price at each demand over time."""
        if not self.has("prices"):
            return []
        rows = self._read("prices", ["demand", "unit", "days", "weight", "price"], filters=[("unit", "==", unit), ("demand", "!=", "")])
        own = self.base.tables["prices"].loc[lambda f: (f["demand"] != "") & (f["unit"] == unit)]
        names = names_of(self.base.inputs, "demands")
        table, base = self._wide(_mean(rows, ["scenario", "demand"])), _mean(own, ["demand"])
        found = [
            Outcome(f"price-{key}", names.get(str(key), str(key)), unit, 1, table[key].to_numpy(float), float(base[key]))
            for key in base.index if key in table
        ]  # fmt: skip
        return sorted(found, key=lambda one: -one.spread)

    @cached_property
    def unserved(self) -> Outcome | None:
        """Firm demand that was not served, GWh or mcm added up by unit; nothing where all was served in all scenarios."""
        if not self.has("unserved"):
            return None
        rows = self._read("unserved", ["volume", "unit"])
        if rows.empty or rows["unit"].nunique() != 1:
            return None
        sums = rows.groupby("scenario")["volume"].sum().reindex(self.solved["scenario"]).fillna(0.0)
        return Outcome(
            "unserved",
            "Not served",
            str(rows["unit"].iloc[0]),
            1,
            sums.to_numpy(float),
            float(self.base.tables["unserved"]["volume"].sum()),
        )

    @cached_property
    def moved(self) -> pd.DataFrame:
        """Mean flow of every arc less the base's, units a day: scenarios down in the order of `solved`, arcs across."""
        if not self.has("flows"):
            return pd.DataFrame(index=self.solved["scenario"])
        base = _mean(self.base.tables["flows"], ["arc"], "per_day")
        rows = self._read("flows", ["arc", "days", "weight", "per_day"])
        table = self._wide(_mean(rows, ["scenario", "arc"], "per_day"))
        return table.reindex(columns=base.index).fillna(0.0) - base

    @cached_property
    def followed(self) -> list[str]:
        return followed(self.base.inputs)


def _mean(rows: pd.DataFrame, keys: list[str], value: str = "price") -> pd.Series[Any]:
    time = rows["days"] * rows["weight"]
    sums = rows.assign(amount=rows[value] * time, time=time).groupby(keys)[["amount", "time"]].sum()
    return sums["amount"] / sums["time"]


@dataclass(frozen=True)
class Response:
    """An exact response: `points` along the line in order, and the figures at each of them."""

    manifest: Mapping[str, Any]
    along: str
    points: pd.DataFrame
    figures: pd.DataFrame

    @classmethod
    def read(cls, path: Path) -> Response:
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        points = pd.read_parquet(path / "breakpoints.parquet")
        along = str(points.columns[list(points.columns).index("kind") + 1])
        return cls(manifest, along, points.sort_values("point"), pd.read_parquet(path / "response.parquet"))

    @property
    def at(self) -> Floats:
        """Values of the change at the points."""
        return self.points[self.along].to_numpy(dtype=float)

    @property
    def kinks(self) -> Floats:
        """Where the cost bends."""
        return self.points.loc[self.points["kind"] == "kink", self.along].to_numpy(dtype=float)

    def curves(self, kind: str) -> list[tuple[str, str, str, Floats]]:
        """Key, name, unit and values at the points of each figure of a kind; years added up."""
        rows = self.figures.loc[self.figures["kind"] == kind]
        keys = ["figure", "origin", "name", "unit"]
        table = rows.groupby([*keys, "point"])["volume"].sum().unstack("point").reindex(columns=self.points["point"]).fillna(0.0)
        return [
            (f"{origin}-{figure}", f"{name} of {origin}" if origin else str(name), str(unit), values)
            for (figure, origin, name, unit), values in zip(table.index, table.to_numpy(dtype=float), strict=True)
        ]


def response_beside(sweep: Sweep) -> Response | None:
    """An exact response of the same model and data along the sweep's only factor, that stands in the same directory as the sweep."""
    if len(sweep.factors) != 1:
        return None
    factor, content = next(iter(sweep.factors)), sweep.manifest["content"]
    for path in sorted(sweep.path.resolve().parent.iterdir()):
        if not (path / "breakpoints.parquet").is_file() or kind_of(path) != "response":
            continue
        found = Response.read(path)
        same = all(found.manifest["content"].get(key) == content.get(key) for key in ("model_digest", "data_digest", "changes", "scenario"))
        if same and found.along == factor:
            return found
    return None
