"""An audit finds every edit: each cell of each table, each entry of the manifest, each saved input, each file; digests forged or not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from network import case, package
from small_cases import model_of
from systems import EVERYTHING

import energynet as en
from energynet.errors import InputFaults, UsageFault
from energynet.model import Model
from energynet.results import audit as auditing
from energynet.results.audit import Audit, audit
from energynet.results.differences import Differences, compare_tables
from energynet.results.files import digest_of_file, files_below
from energynet.results.manifest import sealed
from energynet.results.result import Result
from energynet.results.tables import NAMES
from energynet.results.workbook import write_workbook
from energynet.solver.certificate import Certificate

STARTER = Path(en.__file__).parent / "starter" / "models" / "six-node.yaml"
ONLY_SEALED = ("model_file", "seconds", "solver.iterations", "content.versions", "run", "digest", "files", "certificate")


@pytest.fixture(scope="module", params=["starter", "everything"])
def result(request: pytest.FixtureRequest) -> Result:
    if request.param == "starter":
        return en.load(STARTER).solve(["demand[*].quantity *= 1.3"], "cold_winter")
    options = {"start": "2025-01-01", "end": "2025-02-28", "storage_end": "stocks", "tariffs": "capacity", "unserved": "allowed"}
    return Model(case(**options), package(EVERYTHING)).solve(["supply[sa].maximum *= 0.3"])


@pytest.fixture(scope="module")
def run(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return result.write(tmp_path_factory.mktemp("runs") / "one", ("csv",))


@pytest.fixture
def copy(run: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(run, tmp_path / "copy"))


@pytest.fixture
def known(result: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an audit makes again is made once: the case, the data and the program of the run are as they were."""
    monkeypatch.setattr(auditing, "made_again", lambda *_: (result, Certificate(())))


def edited(value: Any) -> Any:
    """Another value of the same kind."""
    if value is pd.NaT:
        return pd.Timestamp("2025-01-01")
    if isinstance(value, (bool, np.bool_)):
        return not value
    if isinstance(value, (int, np.integer)):
        return value + 1
    if isinstance(value, (float, np.floating)):
        return 1.0 if not np.isfinite(value) else value * (1 + 1e-6) if abs(value) > 1e-3 else value + 0.001
    if isinstance(value, (pd.Timestamp, np.datetime64)):
        return pd.Timestamp(value) + pd.Timedelta(days=1)
    return "edited" if value is None else f"{value}_"


def with_cell(frame: pd.DataFrame, row: int, column: str) -> pd.DataFrame:
    """The table with one cell edited."""
    cells = list(frame[column])
    cells[row] = edited(cells[row])
    dtype = frame[column].dtype if frame[column].dtype.kind in "fiubM" else object
    return frame.assign(**{column: pd.Series(cells, dtype=dtype, index=frame.index)})


def forge(path: Path) -> None:
    """Every digest as the files are now."""
    held = json.loads((path / "manifest.json").read_text())
    files = {name: digest_of_file(file) for name, file in files_below(path).items() if name != "manifest.json"}
    (path / "manifest.json").write_text(json.dumps(sealed(held, files)))


def leaves(value: Any, path: Sequence[str | int] = ()) -> Iterator[tuple[str | int, ...]]:
    """The place of every single value of a manifest."""
    if isinstance(value, (dict, list)) and value:
        for key, below in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(below, (*path, key))
    else:
        yield tuple(path)


def with_leaf(manifest: Mapping[str, Any], place: Sequence[str | int]) -> dict[str, Any]:
    """The manifest with one value edited."""
    copied = json.loads(json.dumps(manifest))
    inside = copied
    for key in place[:-1]:
        inside = inside[key]
    inside[place[-1]] = edited(inside[place[-1]]) if not isinstance(inside[place[-1]], (list, dict)) else ["edited"]
    return dict(copied)


def test_a_sound_run_passes_whole(run: Path) -> None:
    found = audit(run)
    assert found.whole, (found.certificate.failures, found.differences)
    assert len(found.certificate.checks) > 15


def test_every_column_of_every_table(result: Result) -> None:
    """With digests forged: nothing but the computed table itself can tell."""
    columns = 0
    for name in NAMES:
        computed = result.tables[name].head(12)
        for column in computed.columns if len(computed) else ():
            for row in {0, len(computed) // 2, len(computed) - 1}:
                found = Differences()
                compare_tables(found, name, with_cell(computed, row, column), computed)
                assert [(one.column, one.row.split(" ")[1]) for one in found.shown] == [(column, str(row + 1))], (name, column)
            columns += 1
    assert columns > 100


@pytest.mark.parametrize("forged", [False, True], ids=["sealed", "forged"])
@pytest.mark.usefixtures("known")
def test_each_table_file(copy: Path, result: Result, *, forged: bool) -> None:
    """One edit in each Parquet and each CSV, a row less, a row twice, rows in another order: all at once, each file told."""
    expected = set()
    for k, name in enumerate(NAMES):
        table = result.tables[name]
        if not len(table):
            continue
        edits = [with_cell(table, len(table) // 2, table.columns[-1]), table.iloc[1:], pd.concat([table, table.iloc[:1]]), table.iloc[::-1]]
        changed = edits[k % 4 if len(table) > 1 else k % 3]
        changed.to_parquet(copy / f"{name}.parquet", index=False)
        lines = (copy / f"{name}.csv").read_text().splitlines(keepends=True)
        lines[-1] = lines[-1].replace(lines[-1].rstrip("\n")[-1] + "\n", "7x\n")
        (copy / f"{name}.csv").write_text("".join(lines))
        expected |= {f"{name}.parquet", f"{name}.csv"}
    if forged:
        forge(copy)
    found = audit(copy)
    assert not found.holds
    assert expected <= set(found.by_file)
    assert len(found.differences) <= 50 < found.count


@pytest.mark.usefixtures("known")
def test_each_row_deleted_or_doubled(result: Result) -> None:
    for name in NAMES:
        table = result.tables[name]
        for changed in (table.iloc[1:], table.iloc[:-1], pd.concat([table, table.iloc[-1:]])) if len(table) else ():
            found = Differences()
            compare_tables(found, name, changed, table)
            assert found.count >= 2, name
            assert any("times" in one.stored for one in found.shown), name


def test_each_entry_of_the_manifest(run: Path, result: Result) -> None:
    """Its own digest finds each; with that forged, each that follows from the rest of the directory is found all the same."""
    manifest = json.loads((run / "manifest.json").read_text())
    for place in leaves(manifest):
        changed, found = with_leaf(manifest, place), Differences()
        auditing.seal_of_manifest(changed, found)
        assert found.count, place
        if not ".".join(map(str, place)).startswith(ONLY_SEALED):
            found = Differences()
            auditing.compare_manifest(changed, result, found, [])
            assert found.count, place
    for key in manifest:
        less, found = {name: value for name, value in manifest.items() if name != key}, Differences()
        auditing.seal_of_manifest(less, found)
        assert found.count, key


def test_a_falsified_certificate(run: Path, result: Result) -> None:
    """Every figure of every check, though the digest of the manifest is forged; a `where` at which nothing is off says nothing."""
    manifest = json.loads((run / "manifest.json").read_text())
    for k in range(len(manifest["certificate"])):
        for key in ("check", "worst", "unit", "tolerance", "holds"):
            found = Differences()
            auditing.compare_manifest(with_leaf(manifest, ("certificate", k, key)), result, found, [])
            assert found.count, (k, key)
    found = Differences()
    auditing.compare_manifest({**manifest, "certificate": manifest["certificate"][1:]}, result, found, [])
    assert found.count


def test_each_file_edited_or_gone(run: Path, tmp_path: Path) -> None:
    """Digests tell at once which file is not as it was written."""
    manifest = json.loads((run / "manifest.json").read_text())
    assert set(manifest["files"]) == set(files_below(run)) - {"manifest.json"}
    place = Path(shutil.copytree(run, tmp_path / "copy"))
    for damage in (lambda kept: kept[:-1] + bytes([kept[-1] ^ 1]), lambda kept: kept[: len(kept) // 2], None):
        for name in manifest["files"]:
            (place / name).unlink() if damage is None else (place / name).write_bytes(damage((run / name).read_bytes()))
        found = Differences()
        auditing.seals(place, manifest, found)
        assert dict(found.by_file) == dict.fromkeys(manifest["files"], 1)
    for name in manifest["files"]:
        shutil.copy(run / name, place / name)
    for name in ("more.parquet", "inputs/more.txt", "windows/1/program.npz"):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(b"")
        found = Differences()
        auditing.seals(place, manifest, found)
        assert list(found.by_file) == [name]
        (place / name).unlink()
    (place / "report.html").write_text("of the reader")
    found = Differences()
    auditing.seals(place, manifest, found)
    assert not found.count


def test_each_saved_input(copy: Path, result: Result) -> None:
    """With digests forged: an edit in the kept rows is seen beside the package, one in the package by the digest of the data."""
    for name, frame in result.inputs.items():
        for column in frame.columns if len(frame) else ():
            found = Differences()
            kept = frame[[column]].tail(3)
            compare_tables(found, name, with_cell(kept, 0, column), kept)
            assert [one.column for one in found.shown] == [column], (name, column)
    content = result.manifest["content"]
    for name in ("arcs", "demands", "supplies"):  # that the digest of the data covers every table, another test holds
        file = copy / "case" / "data" / f"{name}.csv"
        kept = file.read_text()
        file.write_text("".join(kept.splitlines(keepends=True)[:-1]))
        found = Differences()
        assert auditing.made_again(copy, content, found, [])[0] is None
        assert "case" in found.by_file, name
        file.write_text(kept)


def test_an_edited_case(copy: Path, result: Result) -> None:
    file = next((copy / "case").glob("*.yaml"))
    kept = file.read_text()
    edits = (("month", "day"), ("second_stage: true", "second_stage: false"), ("data: data", f"data: {copy}"), ("title: ", "title: x"))
    for old, new in edits:
        assert old in kept
        file.write_text(kept.replace(old, new, 1))
        found = Differences()
        again, _ = auditing.made_again(copy, result.manifest["content"], found, [])
        if again is not None:
            auditing.compare_manifest(result.manifest, again, found, [])
        assert found.count, new


def test_each_array_of_the_program(copy: Path, result: Result) -> None:
    """With digests forged. An index out of range is told, and nothing is computed with it."""
    solution = result.solution
    assert solution is not None
    with np.load(copy / "program.npz") as stored:
        kept = {name: stored[name] for name in stored.files}
    for name, array in ((name, array) for name, array in kept.items() if array.size):
        changed = array.copy().reshape(-1)
        at = int(np.argmax(np.where(np.isfinite(changed), np.abs(changed), -1.0)))
        changed[at] = np.nan_to_num(changed[at]) * 1.01 + 1 if changed.dtype.kind == "f" else 2_000_000_000
        np.savez(copy / "program.npz", **{**kept, name: changed.reshape(array.shape)})
        found = Differences()
        auditing.compare_programs(copy, solution, found)
        assert found.by_file["program.npz"], name
    families = json.loads((copy / "families.json").read_text())
    for place in list(leaves(families))[::7]:
        (copy / "families.json").write_text(json.dumps(with_leaf(families, place)))
        found = Differences()
        auditing.compare_programs(copy, solution, found)
        assert found.by_file["families.json"], place


def test_an_answer_that_is_none(copy: Path, result: Result) -> None:
    """The primal or dual edited, with digests forged: the certificate is made anew and does not hold, or the vector does not fit."""
    with np.load(copy / "program.npz") as stored:
        kept = {name: stored[name] for name in stored.files}
    primal, dual = kept["primal"].copy(), kept["dual"].copy()
    primal[int(np.argmax(np.abs(primal)))] *= 1.01
    dual[int(np.argmax(np.abs(dual)))] *= 1.01
    for edit in ({"primal": primal}, {"dual": dual}, {"reduced": kept["reduced"].astype(np.float32)}, {"found": np.zeros(3)}):
        np.savez(copy / "program.npz", **{**kept, **edit})
        found = Differences()
        again, certificate = auditing.made_again(copy, result.manifest["content"], found, [])
        assert again is None, edit.keys()
        assert found.by_file["program.npz"], edit.keys()
        assert not certificate.checks or not certificate.holds
    np.savez(copy / "program.npz", **{name: array for name, array in kept.items() if name != "dual"})
    assert auditing.made_again(copy, result.manifest["content"], Differences(), [])[0] is None


@pytest.mark.usefixtures("known")
def test_files_that_cannot_be_read_are_told_with_their_path(copy: Path) -> None:
    for name in ("flows.parquet", "inputs/nodes.parquet", "flows.csv", "families.json", "program.npz"):
        (copy / name).write_bytes((copy / name).read_bytes()[:20] + b"\xff\x00")
    found = audit(copy)
    assert {"flows.parquet", "inputs/nodes.parquet", "flows.csv", "program.npz"} <= set(found.by_file)
    assert any("cannot be read" in one.stored for one in found.differences)
    no_checks = '{"status": "optimal", "objective_musd": 1, "certificate": 3, "content": {}}'
    for text in ("", "[]", "{", '{"status": 1}', no_checks, "[" * 100_000):
        (copy / "manifest.json").write_text(text)
        with pytest.raises(InputFaults, match=r"manifest\.json"):
            audit(copy)


@pytest.mark.usefixtures("known")
def test_a_number_of_the_workbook(copy: Path, result: Result) -> None:
    tables = result.tables
    write_workbook(replace(result, tables={**tables, "costs": with_cell(tables["costs"], 0, "musd")}), copy / "tables.xlsx")
    forge(copy)
    found = audit(copy)
    assert "tables.xlsx, sheet costs" in found.by_file
    assert all(file.startswith("tables.xlsx") for file in found.by_file)
    (copy / "tables.xlsx").write_bytes((copy / "tables.xlsx").read_bytes()[:3000])
    forge(copy)
    assert list(audit(copy).by_file) == ["tables.xlsx"]


@pytest.mark.usefixtures("known")
def test_formats_and_kinds(copy: Path, tmp_path: Path) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(sealed({**manifest, "format": 3}, manifest["files"])))
    with pytest.raises(UsageFault, match="format 3"):
        audit(copy)
    (copy / "manifest.json").write_text(json.dumps({**manifest, "format": 3}))
    assert audit(copy).count
    (copy / "manifest.json").write_text(json.dumps({key: value for key, value in manifest.items() if key != "format"}))
    assert audit(copy).count
    (copy / "manifest.json").write_text(json.dumps({**manifest, "kind": "sweep"}))
    with pytest.raises(UsageFault, match="holds a sweep"):
        audit(copy)


def test_an_old_run_says_what_it_cannot_check(copy: Path) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    old = {key: value for key, value in manifest.items() if key not in ("format", "files", "digest")}
    (copy / "manifest.json").write_text(json.dumps(old))
    shutil.rmtree(copy / "case")
    assert en.open(copy).tables["costs"]["musd"].sum()
    found: Audit = audit(copy)
    assert found.holds
    assert not found.whole
    assert "format 1" in found.unchecked[0]
    with np.load(copy / "program.npz") as stored:
        kept = {name: stored[name] for name in stored.files}
    for name, at, value in (("index", 3, 10**9), ("index", 3, -1), ("start", 1, 10**9), ("cost_0_index", 0, -5)):
        changed = kept[name].copy()
        changed[at] = value
        np.savez(copy / "program.npz", **{**kept, name: changed})
        with pytest.raises(InputFaults, match=r"program\.npz"):
            audit(copy)


@pytest.mark.parametrize("name", ["carry-forward-rolling", "carry-forward-foresight", "rolled-control-stocks", "both-ways-corridor"])
def test_years_one_by_one_and_whole_numbers_are_made_again(name: str, tmp_path: Path) -> None:
    """Each window is laid out again with what the windows before it handed on; whole numbers are fixed where they were found."""
    path = model_of(name).solve().write(tmp_path / "run")
    found = audit(path)
    assert found.whole, (found.certificate.failures, found.differences)
    for file in sorted((path / "windows").glob("*/program.npz"))[:1]:
        with np.load(file) as stored:
            kept = {key: stored[key] for key in stored.files}
        kept["primal"][int(np.argmax(np.abs(kept["primal"])))] *= 1.01
        np.savez(file, **kept)
        forge(path)
        assert not audit(path).holds
