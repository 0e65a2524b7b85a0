"""Reading and checking a package of some 20,000 rows."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest

import energynet
from energynet.dataset import check, read_package

STARTER = Path(energynet.__file__).parent / "starter" / "data" / "six-node"
SHARED = ("carriers", "calorific_values", "origins", "countries", "prices", "exchange_rates", "references", "profiles", "tiers")
LEFT_OUT = ("observed", "assumptions")
NAMED = {"id", "arc", "supply", "storage", "demand", "node", "from_node", "to_node", "corridor", "ceiling"}
NAMED |= {"delivery_arc", "delivery_demand", "hand_over_node", "receipt_node"}
COPIES = 400


@pytest.fixture(scope="module")
def big(tmp_path_factory) -> Path:
    """The six nodes many times over, each copy with names of its own."""
    folder = tmp_path_factory.mktemp("big")
    for file in STARTER.glob("*.csv"):
        if file.stem in LEFT_OUT:
            continue
        with file.open(newline="") as stream:
            header, *rows = csv.reader(stream)
        named = [name in NAMED or (file.stem in ("ceiling_terms", "permissions") and name == "target") for name in header]
        with (folder / file.name).open("w", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(header)
            for copy in range(1 if file.stem in SHARED else COPIES):
                mark = "" if file.stem in SHARED else f"_{copy}"
                for row in rows:
                    writer.writerow([cell + mark if own and cell else cell for cell, own in zip(row, named, strict=True)])
    return folder


@pytest.mark.bench
def test_reading_and_checking_a_big_package(big, capsys):
    rows = sum(len(frame) for frame in read_package(big).tables.values())
    best_read = best_check = float("inf")
    for _ in range(5):
        start = time.process_time()
        package = read_package(big)
        middle = time.process_time()
        assert check(package) == ()
        best_read, best_check = min(best_read, middle - start), min(best_check, time.process_time() - middle)
    with capsys.disabled():
        print(f"\n{rows} rows: read in {best_read:.2f} s, checked in {best_check:.2f} s")
    assert rows > 19_000
    assert best_read < 0.75
    assert best_check < 0.5
