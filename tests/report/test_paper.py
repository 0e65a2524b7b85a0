"""`energynet report`: files for papers, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import energynet as en
from energynet.cli.main import main
from energynet.errors import UsageFault
from energynet.report.paper import read_ranges, write_paper
from energynet.results.result import Result

STARTER = Path(en.__file__).parent / "starter" / "models" / "six-node.yaml"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return en.open(en.load(STARTER).solve().write(tmp_path_factory.mktemp("runs") / "one", ()))


def test_the_files_are_those_of_the_index(run: Result) -> None:
    written = write_paper(run, ("md", "tex", "csv", "xlsx"))
    assert written == run.path / "report"
    index = json.loads((written / "index.json").read_text())
    there = {path.relative_to(written).as_posix() for path in written.rglob("*") if path.is_file()}
    assert {one["file"] for one in index["files"]} | {"index.json"} == there
    assert {"tables.xlsx", "tables/buyers_FIELD.tex", "tables/sources.md", "tables/all/flows.csv", "tables/all/flows.md"} <= there
    assert not [path for path in written.parent.iterdir() if path.name.startswith(".")]
    again = write_paper(run, ("csv",))
    assert sorted(path.name for path in again.iterdir()) == ["index.json", "tables"]


def test_something_else_is_never_overwritten(run: Result, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("mine")
    with pytest.raises(UsageFault):
        write_paper(run, ("csv",), tmp_path)
    with pytest.raises(UsageFault):
        write_paper(run, ("csv",), tmp_path / "thesis.docx")
    with pytest.raises(UsageFault):
        write_paper(run, ("docx",), tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_failed_report_leaves_nothing(run: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("energynet.report.paper.write_workbook", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_paper(run, ("md", "xlsx"), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_table_of_ranges_is_read_and_anything_else_refused(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text(
        "kind,figure,origin,name,year,value,lowest,highest,unit,words\nflow,a,,A,2025,1,0,2,bcm,w at the same cost\n"
    )
    assert read_ranges(tmp_path / "good.csv")["highest"].tolist() == [2]
    for name, text in (("bad.csv", "a,b\n1,2\n"), ("bad.parquet", "no parquet")):
        (tmp_path / name).write_text(text)
        with pytest.raises(UsageFault):
            read_ranges(tmp_path / name)


def test_the_command(run: Result, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["report", str(run.path), "--format", "svg,csv", "--only", "map_gas,buyers_FIELD", "--out", str(tmp_path / "out")])
    assert ended.value.code == 0
    assert capsys.readouterr().out == ""
    there = sorted(path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.*"))
    assert there == ["figures/buyers_FIELD.svg", "figures/map_gas.svg", "index.json", "tables/buyers_FIELD.csv"]
    assert (tmp_path / "out" / "figures" / "map_gas.svg").read_text(encoding="utf-8").startswith("<?xml")
    with pytest.raises(SystemExit) as ended:
        main(["report", str(run.path), "--format", "svg,doc", "--out", str(tmp_path / "other")])
    assert ended.value.code == 2
    with pytest.raises(SystemExit) as ended:
        main(["report", str(run.path), "--format", "csv", "--only", "buyer", "--out", str(tmp_path / "other")])
    assert ended.value.code == 2
    assert not (tmp_path / "other").exists()
