"""The starter package, and copies of it that a test may spoil."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

import energynet

STARTER = Path(energynet.__file__).parent / "starter"


class Spoiled:
    """A copy of the starter in a directory of its own: its tables as lists of rows, written back at once."""

    def __init__(self, root: Path) -> None:
        shutil.copytree(STARTER / "data", root / "data")
        shutil.copytree(STARTER / "models", root / "models")
        self.data = root / "data" / "six-node"
        self.model = root / "models" / "six-node.yaml"

    def rows(self, table: str) -> list[dict[str, str]]:
        with (self.data / f"{table}.csv").open(newline="") as stream:
            return list(csv.DictReader(stream))

    def write(self, table: str, rows: list[dict[str, str]]) -> None:
        with (self.data / f"{table}.csv").open("w", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)

    def set(self, table: str, row: int, **cells: str) -> None:
        """Set cells of a row, by its number in the file (the header is row 1)."""
        rows = self.rows(table)
        for one in rows:
            for name in cells:
                one.setdefault(name, "")
        rows[row - 2].update(cells)
        self.write(table, rows)

    def add(self, table: str, **cells: str) -> int:
        """A row like the last of the table but for some cells; its number in the file."""
        rows = self.rows(table)
        self.write(table, [*rows, {**rows[-1], **cells}])
        return len(rows) + 2


@pytest.fixture
def starter() -> Path:
    return STARTER


@pytest.fixture
def spoiled(tmp_path: Path) -> Spoiled:
    return Spoiled(tmp_path)
