"""What a directory of results holds: a run, a sweep or a response, its manifest, and its tables as files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from energynet.errors import Fault, InputFaults
from energynet.results.files import read_json, read_table

MANIFEST, BASE, INPUTS, SCENARIOS = "manifest.json", "base", "inputs", "scenarios"
Kind = Literal["run", "sweep", "response"]


@dataclass(frozen=True)
class Saved:
    """`files` holds the Parquet files of each table; in a sweep every table has a first column `scenario`."""

    path: Path
    kind: Kind
    manifest: Mapping[str, Any]
    files: Mapping[str, tuple[Path, ...]]

    def table(self, name: str) -> pd.DataFrame:
        """A table whole; empty where there is none of that name."""
        parts = [read_table(file) for file in self.files.get(name, ())]
        full = [part for part in parts if len(part)] or parts[:1]
        return pd.concat(full, ignore_index=True) if full else pd.DataFrame()

    @property
    def base(self) -> Saved:
        """The run of a sweep without the sweep's changes. Raises InputFaults where it is not there."""
        return open_saved(self.path / BASE)

    @property
    def name(self) -> str:
        """How a run is called among others: the name of its directory."""
        return self.path.resolve().name

    def inputs(self) -> Mapping[str, pd.DataFrame]:
        """The rows of the data package that a run used, by table; empty where it kept none."""
        return {file.stem: read_table(file) for file in sorted((self.path / INPUTS).glob("*.parquet"))}


def open_saved(path: Path | str) -> Saved:
    """A directory of results. Raises InputFaults where it is none, or a sweep of which nothing is there yet."""
    where = Path(path)
    if not (where / MANIFEST).is_file():
        raise InputFaults([Fault(str(where), "holds no results: it has no manifest.json", check="run")])
    manifest = read_json(where / MANIFEST)
    kind: Kind = manifest.get("kind", "run")
    if kind == "sweep":
        folders = [folder for folder in sorted(where.iterdir()) if folder.is_dir() and folder.name not in (BASE, INPUTS)]
        files = {folder.name: tuple(sorted(folder.glob("part-*.parquet"))) for folder in folders}
        files = {name: parts for name, parts in files.items() if parts}
        if SCENARIOS not in files:
            raise InputFaults([Fault(str(where), "is a sweep of which no scenario is solved yet", check="run")])
    else:
        files = {file.stem: (file,) for file in sorted(where.glob("*.parquet"))}
    return Saved(where, kind, manifest, files)
