"""A data package and a case written as files that read back as the same: every row at its number, every value to its last digit."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from energynet.components.catalogue import TABLES
from energynet.dataset.case import Case
from energynet.dataset.package import Package
from energynet.dataset.reading import DESCRIPTOR

DATA = "data"  # the folder of the package beside the model file


def write_case(case: Case, package: Package, folder: Path) -> Path:
    """Write the case as one model file without parents, and its data package in `data/` beside it. Returns the model file.

    The files read back with the digests of the case and of the package.
    """
    folder.mkdir(parents=True)
    write_package(package, folder / DATA)
    return write_model(case, folder / f"{case.name}.yaml")


def write_model(case: Case, file: Path) -> Path:
    """Write a case as a model file whose data are in `data/` beside it."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 1_000_000  # no text is broken over lines
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        yaml.dump({"title": case.title, "data": DATA, **case.content()}, stream)
    return file


def write_package(package: Package, folder: Path) -> None:
    """Write a package as a folder of CSV files. A row stands at the number that it had, so that lines between may be empty."""
    folder.mkdir(parents=True)
    kept = [name for name, table in TABLES.items() if len(package[name]) or not table.optional]
    for name in kept:
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            _write_table(package[name], list(TABLES[name].names), csv.writer(stream, lineterminator="\n"))
    about = {
        "name": package.name, "title": package.title, "timezone": package.timezone,
        "resources": [{"name": name, "path": f"{name}.csv"} for name in kept],
    }  # fmt: skip
    (folder / DESCRIPTOR).write_text(json.dumps(about, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _write_table(frame: pd.DataFrame, names: list[str], writer: Any) -> None:  # noqa: ANN401
    writer.writerow(names)
    order, written = np.argsort(frame["row"].to_numpy(), kind="stable"), 1
    columns = [[_text(cell) for cell in frame[name].array] for name in names]
    for at, row in zip(order, frame["row"].to_numpy()[order], strict=True):
        for _ in range(int(row) - written - 1):
            writer.writerow([])
        writer.writerow([column[at] for column in columns])
        written = max(written + 1, int(row))


def _text(cell: Any) -> str:  # noqa: ANN401
    """A typed cell as it is written in a CSV file."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, tuple):
        return ";".join(cell)
    if isinstance(cell, (bool, np.bool_)):
        return "yes" if cell else "no"
    if pd.isna(cell):
        return ""
    if isinstance(cell, (float, np.floating)):
        return repr(float(cell)).removesuffix(".0")
    return str(np.datetime64(cell, "D"))
