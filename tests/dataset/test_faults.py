"""Every kind of fault, planted alone and all together: each is told, with file, row, column, value and the nearest name."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from energynet.components.catalogue import TABLES
from energynet.dataset import check, load_inputs, read_case, read_package
from energynet.errors import InputFaults
from tests.dataset.conftest import Spoiled

# what is spoiled: table, row (0: a new one like the last), cells, and what must be told: row, column, part of the message, hint
PLANTED = {
    "number": ("arcs", 2, {"capacity": "many"}, "capacity", "is not a number", None),
    "comma": ("arcs", 2, {"capacity": "65,5"}, "capacity", "is not a number", "65.5"),
    "negative": ("demands", 3, {"quantity": "-1"}, "quantity", "less than 0", None),
    "per cent": ("arc_segments", 2, {"loss": "1.5"}, "loss", "more than 0.999", "0.015"),
    "empty": ("nodes", 3, {"name": ""}, "name", "may not be", None),
    "choice": ("nodes", 2, {"kind": "feild"}, "kind", "is not one of", "field"),
    "flag": ("corridors", 2, {"backhaul": "TRUE"}, "backhaul", "neither yes nor no", "yes"),
    "day": ("arcs", 2, {"valid_to": "31.01.2025"}, "valid_to", "is not a day", None),
    "no such day": ("prices", 2, {"valid_to": "2025-02-29"}, "valid_to", "is not a day", None),
    "id": ("origins", 0, {"id": "not an id", "carrier": "gas"}, "id", "is not an id", "not_an_id"),
    "whole": ("supply_steps", 3, {"step": "1.5"}, "step", "whole number", None),
    "unit": ("arcs", 2, {"capacity_unit": "mcm/day"}, "capacity_unit", "is not a rate unit", "mcm/d"),
    "unit of another carrier": ("converters", 2, {"capacity_unit": "mcm/d"}, "capacity_unit", "counted in GWh", "GWh/d"),
    "unit missing": ("demands", 3, {"quantity_unit": ""}, "quantity_unit", "is empty, but quantity needs", None),
    "currency": ("arcs", 6, {"tariff_unit": "CHF/MWh"}, "tariff_unit", "no exchange rate", None),
    "state": ("supplies", 5, {"quantity_unit": "mcm/d[zeroo]"}, "quantity_unit", "no calorific value", "mcm/d[zero]"),
    "reference": ("arcs", 6, {"to_node": "sooth"}, "to_node", "is not in the table nodes", "south"),
    "reference of many": ("demands", 2, {"profile": "heating;wint"}, "profile", "is not in the table profiles", "wind"),
    "source": ("bookings", 2, {"reference": "made_ap"}, "reference", "is not in the table references", "made_up"),
    "key twice": ("tiers", 0, {}, "tier_set/tier", "is the key of row 3", None),
    "overlap": ("prices", 3, {"valid_from": "2025-02-15"}, "valid_from", "is valid too", None),
    "empty window": ("supplies", 3, {"valid_to": "2025-01-15"}, "valid_to", "before valid_from", None),
    "static": ("supplies", 4, {"name": "Another"}, "name", "differs from row 2", None),
    "ladder": ("demand_blocks", 3, {"willingness": "400"}, "willingness", "does not fall", None),
    "ladder gap": ("demand_blocks", 3, {"block": "3"}, "block", "out of its order", None),
    "steps fall": ("supply_steps", 3, {"cost": "-1"}, "cost", "does not rise", None),
    "steps add up": ("supply_steps", 2, {"share": "0.5"}, "share", "add up to 0.9", None),
    "segments fall": ("arc_segments", 3, {"loss": "0.005"}, "loss", "does not rise", None),
    "segment endless": ("arc_segments", 2, {"width": ""}, "width", "only the last may be", None),
    "tiers": ("tiers", 2, {"share": "0.5"}, "share", "add up to 1.25", None),
    "tier set": ("demands", 2, {"tier_set": "custumers"}, "tier_set", "is not in the table tiers", "customers"),
    "curve not concave": ("storage_curves", 6, {"rate": "0.4"}, "rate", "not concave", None),
    "injection rises": ("storage_curves", 2, {"rate": "0.5"}, "rate", "rises with the stock", None),
    "withdrawal falls": ("storage_curves", 7, {"rate": "0.5"}, "rate", "falls as the stock rises", None),
    "stocks too big": ("storage_stocks", 0, {"date": "2025-01-01", "origin": "SEA", "fill": "0.6"}, "fill", "add up to 1.1", None),
    "stock missing": ("storage_stocks", 2, {"date": "2025-01-02"}, "id", "no opening stock", None),
    "profile mean": ("profiles", 2, {"value": "2.5"}, "value", "day-weighted mean", None),
    "profile gap": ("profiles", 13, {"month": ""}, "profile", "must fill the same of", None),
    "profile lacks": ("profiles", 13, {"profile": "other"}, "profile", "lacks month 12", None),
    "price gap": ("prices", 3, {"valid_from": "2025-03-03"}, "id", "no value from 2025-03-01 to 2025-03-02", None),
    "rate gap": ("exchange_rates", 3, {"valid_from": "2025-03-31"}, "id", "no value from 2025-03-01 to 2025-03-30", None),
    "bounds": ("supplies", 2, {"minimum": "91"}, "minimum", "is more than maximum", None),
    "two carriers": ("supplies", 5, {"origin": "GRID"}, "origin", "is of electricity", None),
    "loop": ("arcs", 6, {"to_node": "hub"}, "to_node", "is from_node too", None),
    "two delivery points": ("contracts", 2, {"delivery_demand": "north_market"}, "delivery_arc", "needs one delivery point", None),
    "permission": ("permissions", 2, {"target": "isle_markt"}, "target", "is not in the table demands", "isle_market"),
    "ceiling": ("ceiling_terms", 2, {"target": "see_gas"}, "target", "is not in the table supplies", "sea_gas"),
    "observed": ("observed", 3, {"target": "trank"}, "target", "is not in the table arcs", "trunk"),
    "observed unit": ("observed", 2, {"unit": "bcm/y"}, "unit", "is not a volume unit", None),
    "range": ("assumptions", 2, {"low": "supply[sea_gass].price_factor = 1"}, "low", "matches no supply", "sea_gas"),
    "node unreached": ("nodes", 0, {"id": "far", "carrier": "gas"}, "id", "is reached by nothing", None),
    "demand unreached": ("permissions", 2, {"rule": "ban", "origin": "FIELD;SEA"}, "id", "cannot be reached by any supply", None),
    "demand unreached in time": ("swaps", 2, {"valid_from": "2025-04-01"}, "id", "from 2025-01-01 to 2025-03-31", None),
}

TOLD_ELSEWHERE = ("stock missing", "injection rises", "demand unreached", "demand unreached in time", "profile gap", "profile lacks")


def plant(spoiled, name):
    """Plant a fault; the row that it must be told at, where the row is the one spoiled."""
    table, row, cells, *_ = PLANTED[name]
    if row:
        spoiled.set(table, row, **cells)
        return table, row
    return table, spoiled.add(table, **cells)


def told(spoiled):
    with pytest.raises(InputFaults) as raised:
        load_inputs(spoiled.model)
    return raised.value.faults


def test_the_starter_has_no_fault(starter):
    package = read_package(starter / "data" / "six-node")
    assert check(package) == ()
    assert check(package, read_case(starter / "models" / "six-node.yaml")) == ()


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_told(spoiled, name):
    table, row = plant(spoiled, name)
    *_, column, message, hint = PLANTED[name]
    faults = told(spoiled)
    found = [fault for fault in faults if message in fault.message and fault.column == column]
    assert found, "\n".join(map(str, faults))
    if name not in TOLD_ELSEWHERE:
        assert any(fault.file.endswith(f"{table}.csv") and fault.row == row for fault in found), str(found)
    assert hint is None or any(fault.hint == hint for fault in found)
    assert all(fault.check for fault in found)


@pytest.mark.parametrize("column", ["corridor", "line"])
def test_two_arcs_one_way_and_one_back_are_told_where_opposite_flows_are_netted(spoiled, column):
    """Nothing says which two would be netted: left alone, none were, and the line lost and filled up by what only changes hands."""
    north = spoiled.rows("arcs")[2]
    assert north["corridor"], "the starter's line to the north"
    corridor = north["corridor"] if column == "corridor" else ""
    for row in (4, 5):
        spoiled.set("arcs", row, corridor=corridor)
    more = spoiled.add("arcs", **{**north, "id": "hub_north_2", "corridor": corridor})
    load_inputs(spoiled.model)  # gas is not netted: each flow counts
    spoiled.set("carriers", 2, netting="yes")
    found = [fault for fault in told(spoiled) if fault.check == "one-arc-each-way"]
    assert [(Path(fault.file).name, fault.row, fault.column) for fault in found] == [("arcs.csv", row, column) for row in (4, more, 5)]
    assert [fault.value for fault in found] == [corridor or north["line"]] * 3
    assert "2 from 'hub' to 'north' and 1 back" in found[0].message
    for row in (4, 5):
        spoiled.set("arcs", row, line="North 1", corridor="")
    load_inputs(spoiled.model)


def test_many_faults_are_told_together(spoiled):
    """Faults in different tables, of cells and of meaning, in the data and in the model file."""
    chosen = ["number", "reference", "currency", "ladder", "tiers", "profile mean", "observed", "price gap"]
    for name in chosen:
        plant(spoiled, name)
    text = spoiled.model.read_text().replace("demand[*_market]", "demand[*_marked]")
    spoiled.model.write_text(text)
    faults = told(spoiled)
    for name in chosen:
        message = PLANTED[name][4]
        assert any(message in fault.message for fault in faults), name
    assert any(fault.line and "matches no demand" in fault.message for fault in faults)


@pytest.mark.parametrize("seed", range(12))
def test_any_set_of_faults_is_told_whole(spoiled, seed):
    """A random set of faults in different tables: each is told, whatever the others are."""
    generator = random.Random(seed)
    names = [name for name in PLANTED if "unreached" not in name]
    chosen: dict[str, str] = {}
    for name in generator.sample(names, 12):
        chosen.setdefault(PLANTED[name][0], name)
    for name in chosen.values():
        plant(spoiled, name)
    faults = told(spoiled)
    missing = [name for name in chosen.values() if not any(PLANTED[name][4] in fault.message for fault in faults)]
    assert not missing, "\n".join(map(str, faults))


def test_columns_and_tables_must_be_known(spoiled):
    text = (spoiled.data / "arcs.csv").read_text().replace("capacity,", "capasity,", 1)
    (spoiled.data / "arcs.csv").write_text(text)
    (spoiled.data / "node.csv").write_text("id\n")
    (spoiled.data / "origins.csv").unlink()
    faults = told(spoiled)
    assert any(fault.value == "capasity" and fault.hint == "capacity" and fault.row == 1 for fault in faults)
    assert any(fault.value == "capacity" and "missing from the header" in fault.message for fault in faults)
    assert any(fault.value == "node" and fault.hint == "nodes" for fault in faults)
    assert any("'origins' is missing" in fault.message for fault in faults)


def test_rows_of_another_length_and_files_that_are_no_csv(spoiled):
    with (spoiled.data / "tiers.csv").open("a") as stream:
        stream.write("\na,b\n")
    (spoiled.data / "routes.csv").write_bytes(b"\xff\xfe\x00")
    faults = told(spoiled)
    assert any(fault.row == 5 and "2 cells, but the header has" in fault.message for fault in faults)
    assert any("cannot be read as CSV" in fault.message for fault in faults)


def test_a_fault_reads_as_a_place_and_what_is_wrong(spoiled):
    spoiled.set("arcs", 2, capacity_unit="bcm/yr")
    with pytest.raises(InputFaults) as raised:
        read_package(spoiled.data)
    words = str(raised.value)
    assert words.startswith("1 fault in the input\n")
    assert words.endswith("arcs.csv:row 2: column capacity_unit: 'bcm/yr' is not a rate unit (did you mean 'bcm/y'?)")
    assert raised.value.exit_status == 2


def test_a_package_that_is_not_there(tmp_path):
    with pytest.raises(InputFaults, match="does not exist"):
        read_package(tmp_path / "nowhere")
    (tmp_path / "file.txt").write_text("")
    with pytest.raises(InputFaults, match="neither a folder"):
        read_package(tmp_path / "file.txt")


CHECKED_KINDS = ("number", "date", "choice", "flag", "unit", "reference", "id")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_nonsense_in_any_checked_cell_is_told_where_it_stands(tmp_path_factory, data):
    spoiled = Spoiled(tmp_path_factory.mktemp("nonsense"))
    table = data.draw(st.sampled_from([name for name in TABLES if (spoiled.data / f"{name}.csv").is_file()]))
    rows = spoiled.rows(table)
    columns = [column.name for column in TABLES[table].all_columns if column.kind in CHECKED_KINDS and column.name in rows[0]]
    column = data.draw(st.sampled_from(columns))
    row = data.draw(st.integers(2, len(rows) + 1))
    spoiled.set(table, row, **{column: "?!"})
    faults = told(spoiled)
    found = {(Path(fault.file).stem, fault.row, fault.column, fault.value) for fault in faults}
    assert (table, row, column, "?!") in found, "\n".join(map(str, faults))
