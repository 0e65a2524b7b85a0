"""Reading: types, defaults, order, digest, workbooks, the descriptor."""

from __future__ import annotations

import csv
import json
import random
import shutil

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from energynet.components.catalogue import TABLES
from energynet.dataset import read_package, record_ids
from energynet.dataset.package_schema import write_descriptor
from energynet.dataset.workbook import write_workbook
from energynet.errors import InputFaults

SIX = "data/six-node"


def contents(package):
    return {name: frame.drop(columns="row") for name, frame in package.tables.items()}


def assert_same(one, other):
    assert one.digest == other.digest
    for name, frame in contents(one).items():
        assert_frame_equal(frame, contents(other)[name])


def test_every_declared_table_is_there_with_its_columns_and_types(starter):
    package = read_package(starter / SIX)
    assert list(package.tables) == list(TABLES)
    for name, table in TABLES.items():
        frame = package[name]
        assert list(frame.columns) == [*table.names, "row"]
        assert len(frame) > 0, f"the starter uses every table, but {name} is empty"
        for column in table.all_columns:
            kind = {"number": "f", "date": "M", "flag": "b"}.get(column.kind, "O")
            assert frame[column.name].dtype.kind == kind, (name, column.name)
            if column.kind == "date":
                assert frame[column.name].dtype == np.dtype("datetime64[s]")


def test_cells_are_typed_and_empty_ones_take_their_default(starter):
    package = read_package(starter / SIX)
    arcs = package["arcs"].set_index("id")
    assert arcs.loc["hub_south", "capacity"] == 146.0
    assert arcs.loc["hub_south", "availability"] == 1.0
    assert arcs.loc["hub_south", "profile"] == ("works",)
    assert arcs.loc["north_hub", "profile"] == ()
    assert arcs.loc["hub_south", "corridor"] == ""
    assert bool(package["corridors"]["backhaul"].iat[0]) is True
    assert np.isnan(package["supplies"].set_index("id").loc["wind_farm", "swing"])
    assert package["storage_stocks"]["date"].iat[0] == pd.Timestamp(2025, 1, 1)
    assert package["supplies"]["reference"].iat[0] == ("made_up",)
    assert package.timezone == "UTC"
    assert package.name == "six-node"


def test_windows_of_a_record_are_in_order(starter):
    supplies = read_package(starter / SIX)["supplies"]
    mine = supplies[supplies["id"] == "field_gas"]
    assert list(mine["cost"]) == [20.0, 25.0, 20.0]
    assert list(mine["row"]) == [2, 3, 4]


def test_ids_of_records(starter):
    package = read_package(starter / SIX)
    assert record_ids(TABLES["arc_segments"], package["arc_segments"]) == ["trunk/1", "trunk/2"]
    assert record_ids(TABLES["storage_stocks"], package["storage_stocks"])[0] == "cavern/2025-01-01/FIELD"
    assert record_ids(TABLES["profiles"], package["profiles"])[0] == "heating/1//"


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_the_order_of_rows_and_columns_changes_nothing(starter, tmp_path_factory, seed):
    generator = random.Random(seed)
    folder = tmp_path_factory.mktemp("shuffled") / "six-node"
    shutil.copytree(starter / SIX, folder)
    for file in folder.glob("*.csv"):
        with file.open(newline="") as stream:
            header, *rows = csv.reader(stream)
        generator.shuffle(rows)
        order = generator.sample(range(len(header)), len(header))
        with file.open("w", newline="") as stream:
            csv.writer(stream).writerows([row[at] for at in order] for row in [header, *rows])
    assert_same(read_package(starter / SIX), read_package(folder))


def test_one_other_cell_is_another_digest(spoiled, starter):
    seen = {read_package(starter / SIX).digest}
    for table, row, cells in (
        ("arcs", 2, {"capacity": "65.0001"}),
        ("arcs", 2, {"note": "x"}),
        ("storage_stocks", 2, {"fill": "0.4"}),
        ("corridors", 2, {"backhaul": "no"}),
    ):
        spoiled.set(table, row, **cells)
        digest = read_package(spoiled.data).digest
        assert digest not in seen
        seen.add(digest)


def test_ways_of_writing_csv_that_mean_the_same(spoiled, starter):
    for file in spoiled.data.glob("*.csv"):
        text = file.read_text()
        quoted = "\r\n".join(",".join(f'" {cell} "' for cell in line.split(",")) for line in text.splitlines() if '"' not in line)
        if '"' not in text:
            file.write_bytes(b"\xef\xbb\xbf" + quoted.encode() + b"\r\n\r\n , \r\n")
    assert_same(read_package(starter / SIX), read_package(spoiled.data))


def test_a_workbook_is_the_same_package(starter, tmp_path):
    pytest.importorskip("python_calamine")
    book, again = tmp_path / "six-node.xlsx", tmp_path / "again.xlsx"
    write_workbook(starter / SIX, book)
    write_workbook(starter / SIX, again)
    assert book.read_bytes() == again.read_bytes()
    package = read_package(book)
    assert_same(read_package(starter / SIX), package)
    assert (package.name, package.timezone) == ("six-node", "UTC")


def test_faults_of_a_workbook_name_its_sheet(spoiled, tmp_path):
    pytest.importorskip("python_calamine")
    spoiled.set("arcs", 3, capacity_unit="mcm/day")
    book = tmp_path / "book.xlsx"
    write_workbook(spoiled.data, book)
    with pytest.raises(InputFaults) as raised:
        read_package(book)
    assert [(fault.file, fault.row) for fault in raised.value.faults] == [(f"{book}[arcs]", 3)]
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"no workbook")
    with pytest.raises(InputFaults, match="cannot be read as a workbook"):
        read_package(broken)


def test_the_descriptor_is_the_one_that_the_declarations_give(spoiled, starter):
    write_descriptor(spoiled.data)
    assert (spoiled.data / "datapackage.json").read_text() == (starter / SIX / "datapackage.json").read_text()
    content = json.loads((spoiled.data / "datapackage.json").read_text())
    assert {resource["name"] for resource in content["resources"]} == set(TABLES)


def test_a_broken_descriptor_is_a_fault(spoiled):
    (spoiled.data / "datapackage.json").write_text('{"name": ')
    with pytest.raises(InputFaults, match=r"datapackage\.json:1:10: cannot be read as JSON"):
        read_package(spoiled.data)


@pytest.mark.filterwarnings("ignore")
def test_frictionless_finds_the_starter_valid_and_a_spoiled_one_not(spoiled):
    frictionless = pytest.importorskip("frictionless")
    file = spoiled.data / "datapackage.json"
    with frictionless.system.use_context(trusted=True):
        assert frictionless.validate(str(file)).valid
        spoiled.set("nodes", 2, latitude="91")
        assert not frictionless.validate(str(file)).valid


def test_a_package_may_leave_out_what_it_does_not_use(spoiled):
    for name in ("swaps", "ceilings", "ceiling_terms", "observed", "assumptions", "routes"):
        (spoiled.data / f"{name}.csv").unlink()
    (spoiled.data / "datapackage.json").unlink()  # it would list them
    spoiled.set("permissions", 2, rule="ban", origin="FIELD")
    package = read_package(spoiled.data)
    assert len(package["swaps"]) == 0
    assert package["swaps"]["fee"].dtype == np.float64
