"""Runs: written whole or not at all, read back the same, audited from their files alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import energynet as en
from energynet.errors import InputFaults, UsageFault
from energynet.results.audit import audit
from energynet.results.exports import harmless
from energynet.results.result import Result

STARTER = Path(en.__file__).parent / "starter" / "models" / "six-node.yaml"


@pytest.fixture(scope="module")
def result() -> Result:
    return en.load(STARTER).solve()


@pytest.fixture(scope="module")
def run(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return result.write(tmp_path_factory.mktemp("runs") / "one", ("csv", "xlsx"))


def test_a_run_is_read_back(result: Result, run: Path) -> None:
    again = en.open(run)
    assert (again.status, again.objective) == (result.status, result.objective)
    assert again.certificate.holds
    for name, table in result.tables.items():
        pd.testing.assert_frame_equal(again.tables[name], table, check_dtype=False)


def test_a_run_keeps_the_rows_that_it_used(result: Result, tmp_path: Path) -> None:
    model = en.load(STARTER)
    run = en.open(model.solve(["demand[*].quantity *= 0.99"], "cold_winter").write(tmp_path / "run", ()))
    periods = run.inputs["periods"]
    assert list(periods["period"]) == list(dict.fromkeys(run.tables["balance"].query("per == 'period'")["period"]))
    assert periods["days"].sum() == 90.0
    assert list(run.inputs["changes"]["by"]) == ["scenario"] * (len(run.inputs["changes"]) - 1) + ["command"]
    assert run.inputs["changes"]["change"].iloc[-1] == "demand[*].quantity *= 0.99"
    assert set(run.inputs["nodes"]["id"]) == set(model.package["nodes"]["id"])
    last = np.datetime64(periods["start"].iloc[-1]) + np.timedelta64(31, "D")
    for name, table in run.inputs.items():
        if "valid_from" in table and len(table):
            assert not (table["valid_from"] >= last).any(), name
            assert not (table["valid_to"] < periods["start"].iloc[0]).any(), name
    assert audit(run.path).holds


def test_a_sound_run_passes_its_audit(run: Path) -> None:
    found = audit(run)
    assert found.whole, (found.certificate.failures, found.differences)


def test_an_altered_number_fails_the_audit(run: Path, tmp_path: Path) -> None:
    for name, column in (
        ("costs", "musd"),
        ("balance", "served"),
        ("flows", "per_day"),
        ("flows_by_origin", "per_day"),
        ("deliveries", "beyond_contract"),
    ):
        copy = tmp_path / name
        shutil.copytree(run, copy)
        table = pd.read_parquet(copy / f"{name}.parquet")
        row = table[column].abs().idxmax()
        table.loc[row, column] = table.loc[row, column] * 1.001 + 0.01
        table.to_parquet(copy / f"{name}.parquet", index=False)
        assert not audit(copy).holds, name


def test_an_altered_primal_fails_the_audit(run: Path, tmp_path: Path) -> None:
    copy = tmp_path / "primal"
    shutil.copytree(run, copy)
    with np.load(copy / "program.npz") as stored:
        arrays = {name: stored[name] for name in stored.files}
    arrays["primal"][int(np.argmax(arrays["primal"]))] += 0.5
    np.savez(copy / "program.npz", **arrays)
    assert not audit(copy).holds


def test_another_content_is_never_overwritten(result: Result, run: Path) -> None:
    other = en.load(STARTER).solve(["demand[*].quantity *= 0.99"])
    before = (run / "manifest.json").read_text()
    with pytest.raises(UsageFault):
        other.write(run)
    assert (run / "manifest.json").read_text() == before
    assert result.write(run) == run
    assert not [path for path in run.parent.iterdir() if path.name.startswith(".")]


def test_something_else_is_never_overwritten(result: Result, tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("mine")
    with pytest.raises(UsageFault):
        result.write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["precious.txt"]


def test_a_failed_write_leaves_nothing(result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("energynet.results.store.export", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        result.write(tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_no_run_there(tmp_path: Path) -> None:
    with pytest.raises(InputFaults):
        en.open(tmp_path)


def test_the_manifest_names_its_content(run: Path, result: Result) -> None:
    manifest = json.loads((run / "manifest.json").read_text())
    assert manifest["run"] == result.manifest["run"]
    assert {"model_digest", "data_digest", "changes", "versions"} <= set(manifest["content"])
    assert en.load(STARTER).solve(["demand[*].quantity *= 0.99"]).manifest["run"] != manifest["run"]


def test_a_cell_that_reads_as_a_formula_is_text(result: Result, tmp_path: Path) -> None:
    run = result.write(tmp_path / "run", ("xlsx",))
    frame = pd.DataFrame({"name": ["=1+1", "@x", "fine", "-3"], "value": [-1.0, 2.0, 3.0, 4.0]})
    assert harmless(frame)["name"].tolist() == ["'=1+1", "'@x", "fine", "'-3"]
    assert harmless(frame)["value"].tolist() == [-1.0, 2.0, 3.0, 4.0]
    book = pd.read_excel(run / "tables.xlsx", sheet_name=None, engine="calamine")
    assert next(iter(book)) == "contents"
    assert len(book["flows"]) == len(pd.read_parquet(run / "flows.parquet"))
