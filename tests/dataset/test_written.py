"""A package and a case that are written read back as the same, to the last digit and row number."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from network import package
from systems import EVERYTHING

import energynet as en
from energynet.dataset.case import read_case
from energynet.dataset.package import Package, read_package
from energynet.dataset.written import write_case, write_package

STARTER = Path(en.__file__).parent / "starter" / "models" / "six-node.yaml"
REFERENCE = Path(__file__).parents[2] / "data" / "southern-gas-corridor"


@pytest.mark.parametrize("name", ["everything", "reference"])
def test_a_package_reads_back_as_the_same(name: str, tmp_path: Path) -> None:
    one: Package = package(EVERYTHING) if name == "everything" else read_package(REFERENCE)
    write_package(one, tmp_path / "data")
    again = read_package(tmp_path / "data")
    assert (again.digest, again.name, again.title, again.timezone) == (one.digest, one.name, one.title, one.timezone)
    for table, frame in one.tables.items():
        pd.testing.assert_frame_equal(again[table], frame)


def test_rows_keep_their_numbers_over_empty_lines(tmp_path: Path) -> None:
    package(EVERYTHING, tmp_path / "one")
    file = tmp_path / "one" / "countries.csv"
    lines = file.read_text().splitlines()
    file.write_text("\n".join([lines[0], "", lines[3], "", "", *lines[1:3]]) + "\n")
    one = read_package(tmp_path / "one")
    assert sorted(one["countries"]["row"]) == [3, 6, 7]
    write_package(one, tmp_path / "two")
    pd.testing.assert_frame_equal(read_package(tmp_path / "two")["countries"], one["countries"])


def test_a_case_reads_back_as_the_same(tmp_path: Path) -> None:
    model = en.load(STARTER)
    file = write_case(model.case, model.package, tmp_path / "case")
    again = read_case(file)
    assert (again.digest, again.name, again.title) == (model.case.digest, model.case.name, model.case.title)
    assert (again.changes, again.scenarios) == (model.case.changes, model.case.scenarios)
    assert en.load(file).solve().objective == model.solve().objective
