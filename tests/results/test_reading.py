"""Reading results: SQL, comparison of runs and of a sweep, and the IAMC format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from network import arc, case, demand, node, package, supply

from energynet.cli.main import energynet
from energynet.dataset.changes import parse_change
from energynet.errors import InputFaults, UsageFault
from energynet.results.compare import compare
from energynet.results.forms import FORMS, as_text, write_form
from energynet.results.iamc import iamc
from energynet.results.query import query
from energynet.results.result import Result
from energynet.results.saved import Saved, open_saved
from energynet.solution import solve_system
from energynet.system.system import build_system

SPEC = {"start": "2025-01-01", "end": "2025-12-31", "step": "year"}
TABLES: dict[str, Any] = {
    "nodes": [node("f"), node("m", "BB")],
    "arcs": [arc("pipe", "f", "m", 12, 5, name="=pipe")],
    "supplies": [supply("field", "f", 40, 20), supply("ship", "m", 50, 70, "B")],
    "demands": [demand("market", "m", 15)],
}
GROWN = "demand[market].quantity *= 1.2"


def write(folder: Path, tables: dict[str, Any], changes: tuple[str, ...] = ()) -> Path:
    data, chosen = package(tables), case(**SPEC)
    read = tuple(parse_change(text) for text in changes)
    solution = solve_system(build_system(data, chosen, read))
    return Result.of(chosen, data, solution, changes=read).write(folder, ["csv"])


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The case, the case with more demand, and the case with another tariff in its data."""
    folder = tmp_path_factory.mktemp("runs")
    dearer = {**TABLES, "arcs": [arc("pipe", "f", "m", 12, 6, name="=pipe")]}
    return {
        "base": write(folder / "base", TABLES), "grown": write(folder / "grown", TABLES, (GROWN,)),
        "dearer": write(folder / "dearer", dearer),
    }  # fmt: skip


@pytest.fixture(scope="module")
def sweep(runs: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep of the base and the grown case, and of one without an answer, as its directory is laid out."""
    folder = tmp_path_factory.mktemp("sweep")
    (folder / "base").symlink_to(runs["base"])
    for name in ("summary", "balance", "flows", "deliveries", "congestion", "prices", "unserved", "costs"):
        (folder / name).mkdir()
        for number, run in enumerate(("base", "grown")):
            frame = pd.read_parquet(runs[run] / f"{name}.parquet")
            frame.insert(0, "scenario", np.int64(number))
            frame.to_parquet(folder / name / f"part-{number:05d}.parquet", index=False)
    (folder / "scenarios").mkdir()
    ended = ((0, 1.0, "optimal", 1.0, ""), (1, 1.2, "optimal", 2.0, ""), (2, 9.0, "infeasible", np.nan, "no"))
    rows = [(k, f"demand[market].quantity *= {v}", v, status, cost, why, 0.1) for k, v, status, cost, why in ended]
    columns = ["scenario", "changes", "demand[market].quantity *=", "status", "objective_musd", "reason", "seconds"]
    pd.DataFrame(rows, columns=columns).to_parquet(folder / "scenarios" / "part-00000.parquet", index=False)
    content = json.loads((runs["base"] / "manifest.json").read_text())["content"]
    (folder / "manifest.json").write_text(json.dumps({"kind": "sweep", "title": "a sweep", "content": content}))
    return folder


def values(frame: pd.DataFrame, what: str) -> dict[str, Any]:
    return frame[frame["what"] == what].set_index("figure").to_dict("index")


def test_runs_are_asked_in_sql(runs: dict[str, Path]) -> None:
    frame = query(open_saved(runs["base"]), "select origin, bcm from deliveries where per = 'year' order by origin")
    assert frame["origin"].tolist() == ["A", "B"]
    assert frame["bcm"].tolist() == pytest.approx([0.365 * 12, 0.365 * 3])
    inputs = query(open_saved(runs["base"]), "select id, tariff from input_arcs")
    assert inputs.to_dict("records") == [{"id": "pipe", "tariff": 5.0}]


def test_a_table_that_is_not_there_is_told_with_the_nearest(runs: dict[str, Path]) -> None:
    with pytest.raises(UsageFault, match="there is no table 'delivery' \\(did you mean 'deliveries'"):
        query(open_saved(runs["base"]), "select * from delivery")


def test_a_sweep_is_asked_with_its_scenarios_and_its_base(sweep: Path) -> None:
    asked = "select s.status, sum(d.bcm) as bcm from scenarios s left join deliveries d using (scenario) group by all order by status"
    assert query(open_saved(sweep), asked)["status"].tolist() == ["infeasible", "optimal"]
    assert len(query(open_saved(sweep), "select * from base_deliveries")) > 0


def test_what_a_change_of_demand_moved_and_that_it_was_the_change(runs: dict[str, Path]) -> None:
    """Demand of 18 in place of 15: 3 more by ship, 1.095 bcm at 70 USD."""
    found = compare([open_saved(runs["base"]), open_saved(runs["grown"])])
    assert found["inputs"].to_dict("records") == [{"run": "grown", "kind": "change", "input": GROWN, "first": "no", "other": "yes"}]
    assert values(found["figures"], "delivery")["B to BB"]["difference"] == pytest.approx(1.095)
    assert values(found["figures"], "delivery")["B to BB"]["percent"] == pytest.approx(100.0)
    assert values(found["figures"], "objective")["objective"]["difference"] == pytest.approx(1.095 * 70)
    assert "A to BB" not in values(found["figures"], "delivery")


def test_a_cell_of_the_data_that_is_not_the_same_is_named(runs: dict[str, Path]) -> None:
    inputs = compare([open_saved(runs["base"]), open_saved(runs["dearer"])])["inputs"].set_index("kind")
    assert inputs.loc["data", ["input", "first", "other"]].tolist() == ["arcs[pipe].tariff", "5.0", "6.0"]


def test_a_sweep_is_compared_by_quantiles_and_by_what_moves_it(sweep: Path) -> None:
    found = compare([open_saved(sweep)])
    ship = values(found["figures"], "delivery")["B to BB"]
    assert (ship["lowest"], ship["median"], ship["highest"]) == pytest.approx((1.095, 1.6425, 2.19))
    assert (ship["base"], ship["moves_with"], ship["correlation"]) == pytest.approx((1.095, "demand[market].quantity *=", 1.0))
    assert found["scenarios"].set_index("status")["scenarios"].to_dict() == {"infeasible": 1, "optimal": 2}


def test_one_run_is_nothing_to_compare(runs: dict[str, Path]) -> None:
    with pytest.raises(UsageFault):
        compare([open_saved(runs["base"])])
    with pytest.raises(InputFaults):
        open_saved(runs["base"].parent)


def check_iamc(frame: pd.DataFrame) -> None:
    assert frame.columns.tolist() == ["model", "scenario", "region", "variable", "unit", "2025"]
    assert not frame.duplicated(["model", "scenario", "region", "variable", "unit"]).any()


def test_the_format_of_the_consortium(runs: dict[str, Path], sweep: Path) -> None:
    one = iamc(open_saved(runs["grown"]))
    check_iamc(one)
    by = one.set_index(["region", "variable"])["2025"]
    assert by["AA", "Gas|Production"] == pytest.approx(4.38)
    assert by["BB", "Gas|Demand Served"] == pytest.approx(6.57)
    assert by["BB", "Gas|Demand Served|From B"] == pytest.approx(2.19)
    assert by["World", "Price|market"] == pytest.approx(70)
    assert set(one["scenario"]) == {GROWN}
    many = iamc(open_saved(sweep))
    check_iamc(many)
    assert sorted(set(many["scenario"])) == ["0: demand[market].quantity *= 1.0", "1: demand[market].quantity *= 1.2"]


def test_text_of_the_data_is_no_formula_and_no_markup(tmp_path: Path) -> None:
    frame = pd.DataFrame({"name": ["=1+1", "@x", "-y", "a|b", "50 % & more_"], "value": [1.0, np.nan, 2.5, 3.0, 4.0]})
    assert as_text(frame, "csv").splitlines()[1:4] == ["'=1+1,1.0", "'@x,", "'-y,2.5"]
    assert "| a\\|b | 3.000 |" in as_text(frame, "md")
    assert r"50 \% \& more\_ & 4.000 \\" in as_text(frame, "tex")
    book = write_form(frame, tmp_path / "t", "xlsx")
    from python_calamine import CalamineWorkbook

    assert CalamineWorkbook.from_path(book).get_sheet_by_name("table").to_python()[1][0] == "=1+1"


def invoke(*arguments: str) -> Any:
    done = CliRunner().invoke(energynet, list(arguments))
    assert done.exit_code == 0, done.output + str(done.exception)
    return done


def test_the_commands(runs: dict[str, Path], sweep: Path, tmp_path: Path) -> None:
    base, grown = str(runs["base"]), str(runs["grown"])
    sql = "select arc, name, sum(volume) as mcm from flows group by all"
    assert invoke("query", base, sql, "--to", "csv").stdout.splitlines() == ["arc,name,mcm", "pipe,'=pipe,4380.0"]
    assert json.loads(invoke("query", base, sql, "--json").stdout)[0]["mcm"] == pytest.approx(4380)
    assert "4,380.000" in invoke("query", base, sql).stdout
    invoke("query", base, sql, "--to", "parquet,xlsx", "--out", str(tmp_path / "flows"))
    assert {file.name for file in tmp_path.iterdir()} == {"flows.parquet", "flows.xlsx"}
    told = invoke("compare", base, grown, "--out", str(tmp_path / "c.xlsx")).stdout
    assert GROWN in told
    assert "delivery: 1 changed" in told
    assert "moves with" in invoke("compare", str(sweep)).stdout
    assert json.loads(invoke("compare", str(sweep), "--json").stdout)["scenarios"]
    invoke("export", base, "--to", "iamc", "--out", str(tmp_path / "i.csv"))
    check_iamc(pd.read_csv(tmp_path / "i.csv"))
    invoke("export", base, "--to", "xlsx", "--out", str(tmp_path / "all.xlsx"))
    invoke("export", str(sweep), "--to", "csv", "--out", str(tmp_path / "csv"))
    assert "scenario" in pd.read_csv(tmp_path / "csv" / "deliveries.csv").columns
    from energynet.cli.query import FORMS as OFFERED

    assert set(OFFERED) == set(FORMS)
    wrong = CliRunner().invoke(energynet, ["query", base, sql, "--to", "xlsx"])
    assert isinstance(wrong.exception, UsageFault)


def test_saved_results_say_what_they_are(runs: dict[str, Path], sweep: Path) -> None:
    kinds: list[Saved] = [open_saved(runs["base"]), open_saved(sweep)]
    assert [one.kind for one in kinds] == ["run", "sweep"]
    assert kinds[1].base.kind == "run"
