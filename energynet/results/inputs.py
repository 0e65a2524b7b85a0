"""What a run was made from, kept beside its tables: the rows of the data package that it used, its periods and its changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from energynet.components.catalogue import TABLES
from energynet.results.files import read_table

if TYPE_CHECKING:
    from energynet.dataset.case import Case
    from energynet.dataset.changes import Change
    from energynet.dataset.package import Package
    from energynet.system.horizon import Horizon

FOLDER = "inputs"
PERIODS, CHANGES = "periods", "changes"
NAMES = (*TABLES, PERIODS, CHANGES)


def inputs_of(
    case: Case, package: Package, horizon: Horizon, changes: Sequence[Change], scenario: str | None
) -> Mapping[str, pd.DataFrame]:
    """The tables of a data package as far as a case takes them, each with the rows that are valid inside the horizon.

    Values stand in the units of their rows, before any change; several references of a row are joined by `;`. Beside them `periods`
    (`period`, `start`, `days`, `weight`) and `changes` (`by`: model, scenario or command; `change`), in the order in which they act.
    """
    from energynet.dataset.select import selected

    tables = selected(package.tables, carriers=case.carriers, single=case.origins == "single")
    found = {name: _plain(_valid(tables[name], horizon)) for name in TABLES}
    found[PERIODS] = pd.DataFrame(
        {
            "period": list(horizon.labels), "start": horizon.start.astype("datetime64[ms]"), "days": horizon.days,
            "weight": horizon.weight,
        }
    )  # fmt: skip
    of_scenario = case.scenario(scenario)[len(case.changes) :]
    acting = [(by, one.text) for by, some in (("model", case.changes), ("scenario", of_scenario), ("command", changes)) for one in some]
    found[CHANGES] = pd.DataFrame(acting, columns=["by", "change"], dtype=object)
    return found


def _valid(frame: pd.DataFrame, horizon: Horizon) -> pd.DataFrame:
    """The rows whose window of days meets the horizon; an open end has no limit."""
    if not {"valid_from", "valid_to"} <= set(frame.columns) or frame.empty:
        return frame
    first, last = horizon.start[0].astype("datetime64[D]"), (horizon.end[-1] - 1).astype("datetime64[D]")
    begins, ends = (frame[name].to_numpy().astype("datetime64[D]") for name in ("valid_from", "valid_to"))
    kept = np.flatnonzero((np.isnat(begins) | (begins <= last)) & (np.isnat(ends) | (ends >= first)))
    return frame.iloc[kept].reset_index(drop=True)


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Cells that a file can hold: several names as one text."""
    out = frame.copy()
    for name in out.columns[[pd.api.types.is_object_dtype(dtype) for dtype in out.dtypes]]:
        out[name] = [";".join(cell) if isinstance(cell, tuple) else cell for cell in out[name]]
    return out


def write_inputs(inputs: Mapping[str, pd.DataFrame], directory: Path) -> None:
    """One Parquet file a table that has rows, in `inputs/`."""
    if not inputs:
        return
    folder = directory / FOLDER
    folder.mkdir()
    for name, frame in inputs.items():
        if len(frame):
            frame.to_parquet(folder / f"{name}.parquet", index=False)


class StoredInputs(Mapping[str, pd.DataFrame]):
    """The inputs of a run directory, each read when it is first asked for; a table without a file has no rows."""

    def __init__(self, path: Path) -> None:
        self._folder = path / FOLDER
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in NAMES or not self._folder.is_dir():
            raise KeyError(name)
        if name not in self._read:
            file = self._folder / f"{name}.parquet"
            self._read[name] = read_table(file) if file.is_file() else pd.DataFrame(columns=_columns(name))
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES if self._folder.is_dir() else ())

    def __len__(self) -> int:
        return len(NAMES) if self._folder.is_dir() else 0


def _columns(name: str) -> list[str]:
    if name == PERIODS:
        return ["period", "start", "days", "weight"]
    return ["by", "change"] if name == CHANGES else [*TABLES[name].names, "row"]
