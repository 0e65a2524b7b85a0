"""Names and places of a run, from the input tables that it keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from energynet.errors import UsageFault
from energynet.results.naming import names_of
from energynet.results.result import Result

Point = tuple[float, float]  # degrees east, degrees north


@dataclass(frozen=True)
class Places:
    """Names by id, and where nodes lie and lines run. An id that has no name stands for itself."""

    inputs: Mapping[str, pd.DataFrame]

    @classmethod
    def of(cls, result: Result) -> Places:
        """Raises UsageFault where a run keeps no input tables: it was written by an earlier version."""
        if not result.inputs:
            raise UsageFault(f"{result.path or 'the run'} keeps no names and places: solve the model again")
        return cls(result.inputs)

    def names(self, table: str) -> dict[str, str]:
        """Short names of a table's records by id."""
        return names_of(self.inputs, table)

    @cached_property
    def countries(self) -> dict[str, str]:
        return self.names("countries")

    @cached_property
    def origins(self) -> dict[str, str]:
        return self.names("origins")

    @cached_property
    def carriers(self) -> dict[str, str]:
        return self.names("carriers")

    @cached_property
    def demands(self) -> dict[str, str]:
        return self.names("demands")

    @cached_property
    def points(self) -> dict[str, Point]:
        """Where each node lies."""
        rows = self.inputs["nodes"].drop_duplicates("id")
        return {str(k): (float(x), float(y)) for k, x, y in zip(rows["id"], rows["longitude"], rows["latitude"], strict=True)}

    @cached_property
    def country_of(self) -> dict[str, str]:
        """The country of each node."""
        rows = self.inputs["nodes"].drop_duplicates("id")
        return dict(zip(rows["id"].astype(str), rows["country"].astype(str), strict=True))

    def way(self, arc: str, from_node: str, to_node: str) -> list[Point]:
        """The points that a line runs through, from its first node to its last."""
        between = self._routes.get(arc, [])
        return [self.points[from_node], *between, self.points[to_node]]

    @cached_property
    def _routes(self) -> dict[str, list[Point]]:
        ordered = self.inputs["routes"].sort_values(["arc", "sequence"])
        return {
            str(arc): [(float(x), float(y)) for x, y in zip(part["longitude"], part["latitude"], strict=True)]
            for arc, part in ordered.groupby("arc")
        }
