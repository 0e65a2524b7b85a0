"""Model files: what they say, what they inherit, and every fault with its line."""

from __future__ import annotations

import json
from datetime import date

import pytest

from energynet.dataset import find_model, list_models, load_inputs, read_case
from energynet.dataset.model_file import model_file_schema, write_model_file_schema
from energynet.errors import InputFaults

MODEL = """\
title: A model
data: ../data/six-node
horizon: {start: 2025-01-01, end: 2025-03-31, step: month}
"""


def written(spoiled, text, name="model"):
    file = spoiled.model.parent / f"{name}.yaml"
    file.write_text(text)
    return file


def faults_of(file):
    with pytest.raises(InputFaults) as raised:
        load_inputs(file)
    return {(fault.line, fault.position): fault for fault in raised.value.faults}


def test_reads_the_starter(starter):
    case = read_case(starter / "models" / "six-node.yaml")
    assert case.name == "six-node"
    assert case.data == starter / "data" / "six-node"
    assert (case.horizon.start, case.horizon.end, case.horizon.step) == (date(2025, 1, 1), date(2025, 3, 31), "month")
    assert (case.origins, case.carriers, case.objective, case.changes) == ("tracked", None, "cost", ())
    assert case.options.unserved == "allowed"
    assert list(case.scenarios) == ["cold_winter", "trunk_outage", "dear_sea", "tight_ceiling"]
    assert [change.value for change in case.scenario("cold_winter")] == [1.1]
    with pytest.raises(InputFaults, match="did you mean 'dear_sea'"):
        case.scenario("deer_sea")


def test_every_fault_has_its_line(spoiled):
    file = written(
        spoiled,
        """\
titel: A model
data: ../data/six-nodes
horizon:
  start: 2025-01-01
  end: 2025-02-30
  step: mnoth
carriers: [gas, elektricity]
options:
  treads: 2
  unserved: alowed
  second_stage: "no"
changes:
  - arc[trunk].capasity *= 2
scenarios:
  one:
    - arc[trunk].capacity *= 2:3
    - 5
""",
    )
    faults = faults_of(file)
    expected = {
        (1, 1): ("titel", "is not a key here", "title"),
        (2, 1): ("data", "there is no data package", "six-node"),
        (5, 3): ("horizon.end", "is not a day", None),
        (6, 3): ("horizon.step", "is not one of year, month, day, hour", "month"),
        (9, 3): ("options.treads", "is not a key here", "threads"),
        (10, 3): ("options.unserved", "is not one of allowed, forbidden", "allowed"),
        (11, 3): ("options.second_stage", "boolean", None),
        (13, 5): (None, "is no column of arcs", "capacity"),
        (16, 7): (None, "belongs to a sweep", None),
        (17, 7): ("scenarios.one.1", "string", None),
    }
    assert set(expected) <= set(faults), list(map(str, faults.values()))
    for at, (key, message, hint) in expected.items():
        found = faults[at]
        assert message in found.message, str(found)
        assert found.hint == hint, str(found)
        assert key is None or found.column == key
        assert str(found).startswith(f"{file}:{at[0]}:{at[1]}: ")


def test_faults_that_only_the_data_can_tell(spoiled):
    file = written(spoiled, MODEL + "carriers: [gas, elektricity]\nchanges:\n  - arc[trunc].capacity *= 2\n")
    faults = faults_of(file)
    assert faults[4, 17].hint == "electricity"
    assert faults[6, 5].hint == "trunk"


@pytest.mark.parametrize(
    ("horizon", "message"),
    [
        ("{start: 2025-01-02, end: 2025-03-31, step: month}", "whole number of months"),
        ("{start: 2025-01-01, end: 2025-03-31, step: year}", "calendar years"),
        ("{start: 2025-03-01, end: 2025-01-31, step: month}", "before it starts"),
        ("{start: 2025, end: 2025-01-31}", "is not a day"),
        ("2025", "horizon"),
    ],
)
def test_horizons_that_make_no_steps(spoiled, horizon, message):
    with pytest.raises(InputFaults, match=message):
        read_case(written(spoiled, f"data: ../data/six-node\nhorizon: {horizon}\n"))


def test_a_leap_day_and_hours_are_fine(spoiled):
    for horizon in ("{start: 2024-02-29, end: 2024-02-29, step: hour}", "{start: 2024-01-01, end: 2025-12-31, step: year}"):
        assert read_case(written(spoiled, f"data: ../data/six-node\nhorizon: {horizon}\n")).horizon.start.year == 2024


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("title: a\ntitle: b\n", 2, "duplicate key"),
        ("title: [a\ndata: b\n", 2, "expected"),
        ("- a\n- b\n", 1, "must hold keys and values"),
        ("", 1, "must hold keys and values"),
        ("\ttitle: a\n", 1, "token"),
    ],
)
def test_text_that_is_no_model(spoiled, text, line, message):
    with pytest.raises(InputFaults) as raised:
        read_case(written(spoiled, text))
    (fault,) = raised.value.faults
    assert fault.line == line
    assert message in fault.message


def test_no_is_norway(spoiled):
    case = read_case(written(spoiled, MODEL + "carriers: [NO, on, yes]\n"))
    assert case.carriers == ("NO", "on", "yes")


def test_a_model_extends_another(spoiled):
    written(spoiled, MODEL + "options: {threads: 2}\nchanges:\n  - arc[trunk].capacity *= 2\nscenarios:\n  a: []\n", "parent")
    child = written(
        spoiled,
        "extends: parent\ntitle: Child\nhorizon: {step: day}\noptions: {unserved: forbidden}\n"
        "changes:\n  - arc[trunk].loss = 0.01\nscenarios:\n  b:\n    - arc[trunk].tariff *= 2\n",
        "child",
    )
    case = read_case(child)
    assert (case.title, case.horizon.step, case.horizon.start) == ("Child", "day", date(2025, 1, 1))
    assert (case.options.threads, case.options.unserved) == (2, "forbidden")
    assert [change.column for change in case.changes] == ["capacity", "loss"]
    assert [change.place.line for change in case.changes] == [6, 6]
    assert case.changes[0].place.file.endswith("parent.yaml")
    assert list(case.scenarios) == ["a", "b"]
    assert case.data.name == "six-node"


def test_a_fault_of_a_parent_is_told_in_the_parent(spoiled):
    parent = written(spoiled, MODEL + "origins: traced\n", "parent")
    child = written(spoiled, "extends: parent\n", "child")
    with pytest.raises(InputFaults) as raised:
        read_case(child)
    assert [(fault.file, fault.line, fault.hint) for fault in raised.value.faults] == [(str(parent), 4, "tracked")]


def test_parents_in_a_circle_and_parents_that_are_not_there(spoiled):
    one = written(spoiled, "extends: two\n", "one")
    written(spoiled, "extends: one\n", "two")
    with pytest.raises(InputFaults, match="in a circle"):
        read_case(one)
    with pytest.raises(InputFaults, match="did you mean 'six-node'"):
        read_case(written(spoiled, "extends: six-nodes\n"))


def test_models_are_found_by_path_and_by_name(spoiled):
    models = spoiled.model.parent
    assert find_model(spoiled.model) == spoiled.model
    assert find_model("six-node", models) == spoiled.model
    assert list_models(models) == [spoiled.model]
    with pytest.raises(InputFaults, match="did you mean 'six-node'"):
        find_model("sixnode", models)


def test_the_digest_is_of_what_is_solved(spoiled):
    one = read_case(written(spoiled, MODEL))
    assert read_case(written(spoiled, MODEL.replace("A model", "Another"), "other")).digest == one.digest
    assert read_case(written(spoiled, MODEL + "origins: single\n")).digest != one.digest


def test_the_schema_for_editors_takes_the_starter_and_not_a_misspelt_key(starter):
    jsonschema = pytest.importorskip("jsonschema")
    schema = model_file_schema()
    model = {"data": "d", "horizon": {"start": "2025-01-01", "end": "2025-12-31"}}
    jsonschema.validate(model, schema)
    jsonschema.validate({"extends": "other"}, schema)
    for wrong in (model | {"titel": "x"}, {"title": "x"}, model | {"origins": "traced"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)


def test_the_schema_beside_the_module_is_the_one_that_it_gives(tmp_path):
    import energynet.dataset.model_file as module

    assert json.loads(module.SCHEMA_FILE.read_text()) == model_file_schema()
    assert write_model_file_schema(tmp_path / "schema.json").read_text() == module.SCHEMA_FILE.read_text()
