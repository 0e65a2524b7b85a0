"""Pages of several runs, of a sweep and of an exact response: their figures are those of the files, and data are text in them."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest

from energynet.cli.main import main
from energynet.errors import InputFaults, UsageFault
from energynet.report.charts import curve, signed_bars, strip
from energynet.report.comparison import comparison, write_comparison
from energynet.report.differences import differences, flows, input_rows
from energynet.report.response_page import write_response_page
from energynet.report.scenarios import Response, Sweep, kind_of, response_beside
from energynet.report.sweep_page import ends, sweep_page, write_sweep_page
from energynet.results.store import open_run

FACTOR = "demand[*_market].quantity *="
VALUES = (0.9, 1.0, 1.1)
EVIL = "<script>alert(1)</script>"
TABLES = ("deliveries", "flows", "prices", "unserved")


@pytest.fixture(scope="module")
def runs(six_nodes, tmp_path_factory):
    """The base and the same with more demand and a thinner trunk."""
    folder = tmp_path_factory.mktemp("two")
    changes = ["demand[*_market].quantity *= 1.1", "arc[trunk].capacity *= 0.9"]
    return [open_run(six_nodes.solve(some).write(folder / name, ())) for name, some in (("a", []), ("b", changes))]


@pytest.fixture(scope="module")
def swept(six_nodes, runs, tmp_path_factory):
    """A directory as a sweep writes it: three scenarios of one factor in two parts, and one without a solution."""
    folder = tmp_path_factory.mktemp("sweeps") / "sweep-1"
    results = [six_nodes.solve([f"{FACTOR} {value}"]) for value in VALUES]
    rows = [
        {"scenario": k, "changes": f"{FACTOR} {value} {EVIL if k == 0 else ''}", FACTOR: value, "status": "optimal",
         "objective_musd": result.objective, "reason": "", "seconds": 0.1, "rebuilt": False}
        for k, (value, result) in enumerate(zip(VALUES, results, strict=True))
    ]  # fmt: skip
    rows.append({**rows[0], "scenario": 3, FACTOR: 9.0, "status": "infeasible", "objective_musd": np.nan, "reason": EVIL})
    parts = {"scenarios": [pd.DataFrame(rows[:2]), pd.DataFrame(rows[2:])]}
    for name in TABLES:
        each = [result.tables[name].assign(scenario=k) for k, result in enumerate(results)]
        parts[name] = [pd.concat(each[:2]), each[2]]
    for name, some in parts.items():
        (folder / name).mkdir(parents=True)
        for k, frame in enumerate(some):
            frame.to_parquet(folder / name / f"part-{k:05d}.parquet", index=False)
    six_nodes.solve().write(folder / "base", ())
    content = {**runs[0].manifest["content"], "scenarios": 4}
    manifest = {"kind": "sweep", "run": "x", "title": EVIL, "content": content, "complete": True}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


@pytest.fixture(scope="module")
def response(swept, runs):
    """An exact response beside the sweep, along its factor, with a bend that no scenario has."""
    folder = swept.parent / "response-1"
    folder.mkdir()
    points = pd.DataFrame(
        {"point": [0, 1, 2], "kind": ["start", "kink", "end"], FACTOR: [0.9, 1.03, 1.1], "objective_musd": [900.0, 1030.0, 1240.0],
         "slope_before": [np.nan, 1000.0, 3000.0], "slope_after": [1000.0, 3000.0, np.nan], "words": ["", EVIL, ""], "certified": True}
    )  # fmt: skip
    points.to_parquet(folder / "breakpoints.parquet")
    about = {"kind": "delivery", "figure": "XC", "origin": "FIELD", "name": "North", "year": 2025, "unit": "bcm"}
    pd.DataFrame([{"point": k, FACTOR: 0.0, **about, "volume": v} for k, v in enumerate((4.0, 4.5, 4.5))]).to_parquet(
        folder / "response.parquet"
    )
    content = {**runs[0].manifest["content"], "along": [FACTOR]}
    (folder / "manifest.json").write_text(json.dumps({"kind": "response", "title": EVIL, "content": content}))
    return folder


def test_differences_are_those_of_the_tables(runs) -> None:
    found = {rows.key: rows for rows in differences(runs)}
    one, two = (run.tables["deliveries"].loc[lambda t: (t["per"] == "year") & (t["origin"] == "FIELD")] for run in runs)
    told = dict(zip(found["buyers-FIELD"].names, found["buyers-FIELD"].values.tolist(), strict=True))
    names = dict(zip(runs[0].inputs["countries"]["id"], runs[0].inputs["countries"]["name"], strict=True))
    for country in set(one["country"]) | set(two["country"]):
        both = [float(t.loc[t["country"] == country, "bcm"].sum()) for t in (one, two)]
        assert told[names[country]] == pytest.approx(both)
    costs = dict(zip(found["costs"].names, found["costs"].values.tolist(), strict=True))
    assert costs["objective"] == pytest.approx([run.objective for run in runs])
    items = np.array([values for name, values in costs.items() if name != "objective"])
    assert items.sum(axis=0) == pytest.approx(costs["objective"])
    moved = flows(runs)
    volume = [float(run.tables["flows"].loc[lambda t: t["arc"] == "trunk", "volume"].sum()) / 90.0 for run in runs]
    assert moved.loc["trunk"].tolist() == pytest.approx(volume)


def test_the_data_that_set_two_runs_apart_are_named(runs) -> None:
    assert input_rows(*runs) == []
    rows = runs[1].inputs["arcs"].copy()
    rows.loc[rows["id"] == "trunk", "capacity"] = 1.5
    other = type(runs[1])(**{**vars(runs[1]), "inputs": {**runs[1].inputs, "arcs": rows.iloc[:-1]}})
    found = input_rows(runs[0], other)
    assert any(one["row"].startswith("trunk") and one["column"] == "capacity" and one["after"] == "1.5" for one in found)
    assert sum(one["before"] == "a row" for one in found) == 1


def test_the_page_of_a_comparison(runs, browser, tmp_path) -> None:
    file = write_comparison(runs, tmp_path / "two.html")
    opened = browser.open(file, width=390)
    assert opened.complaints == []
    assert opened.requests == [file.resolve().as_uri()]
    assert opened.run("document.documentElement.scrollWidth") <= 390
    find = "[...document.querySelectorAll('#t-costs tbody tr')].find(r => r.cells[0].textContent === 'objective')"
    told = [float(cell.replace(",", "")) for cell in opened.run(f"[...{find}.cells].slice(1, 4).map(cell => cell.textContent)")]
    assert told == pytest.approx([runs[0].objective, runs[1].objective, runs[1].objective - runs[0].objective], abs=0.11)
    css = opened.run("document.querySelector('.differences .arc.up, .differences .arc.down') !== null")
    assert css
    with pytest.raises(UsageFault):
        write_comparison(runs[:1])


def test_the_page_of_a_sweep(swept, browser, tmp_path) -> None:
    file = write_sweep_page(swept, tmp_path / "sweep.html")
    opened = browser.open(file, width=390)
    assert opened.complaints == []
    assert opened.requests == [file.resolve().as_uri()]
    assert opened.run("document.documentElement.scrollWidth") <= 390
    assert opened.run("document.querySelectorAll('#t-scenarios tbody tr').length") == 4
    north = opened.run("[...document.querySelectorAll('#d-buyers-FIELD tbody tr')][0].innerText").split("\t")
    sweep = Sweep.read(swept)
    values = sweep.deliveries("FIELD")[0].values
    figures = [float(cell) for cell in north if re.fullmatch(r"\d+\.\d{3}", cell.strip())]
    assert figures[:5] == pytest.approx(np.quantile(values, [0.0, 0.05, 0.5, 0.95, 1.0]), abs=5.1e-4)
    wide = opened.run("document.querySelector('.differences .widest').textContent")
    opened.run("(() => { const s = document.getElementById('scenario'); s.value = '1'; s.dispatchEvent(new Event('change')); })()")
    assert opened.run("document.querySelector('.differences .widest').textContent") == "nothing moved"
    assert wide.startswith("widest")


def test_a_sweep_is_read_as_its_files_say(swept, runs) -> None:
    sweep = Sweep.read(swept)
    assert len(sweep.scenarios) == 4
    assert sweep.factors[FACTOR].tolist() == list(VALUES)
    assert sweep.cost.values[1] == pytest.approx(runs[0].objective)
    assert sweep.moved.iloc[1].abs().max() < 1e-9
    assert sweep.moved.iloc[2].abs().max() > 0.1
    price = sweep.prices("USD/tcm")
    assert all(one.values[1] == pytest.approx(one.base) for one in price)
    low, high = ends(sweep.factors[FACTOR])
    assert (low.tolist(), high.tolist()) == ([True, False, False], [False, False, True])


def test_the_exact_response_stands_beside_its_sweep(swept, response) -> None:
    found = response_beside(Sweep.read(swept))
    assert found is not None
    assert found.kinks.tolist() == [1.03]
    page = sweep_page(Sweep.read(swept))
    assert "The cost bends at 1.03" in page
    assert f"M{300 * 0.13 / 0.2:.2f} 0V100" in page
    text = write_response_page(response).read_text(encoding="utf-8")
    assert "the cost bends at 1 place (1.03)" in text
    assert Response.read(response).curves("delivery")[0][3].tolist() == [4.0, 4.5, 4.5]


def test_data_are_text_in_every_page(swept, response, runs) -> None:
    rows = runs[0].inputs["countries"].assign(name=EVIL)
    evil = [type(run)(**{**vars(run), "inputs": {**run.inputs, "countries": rows}}) for run in runs]
    for text in (sweep_page(Sweep.read(swept)), write_response_page(response).read_text(encoding="utf-8"), comparison(evil)):
        assert EVIL not in text
        assert "&lt;script&gt;alert(1)" in text


def test_charts_are_shares_of_their_width() -> None:
    bars = signed_bars([("a", 2.0), ("b", -1.0)])
    assert [(bar.left, bar.width, bar.more, bar.told) for bar in bars] == [(50.0, 50.0, True, "+2.000"), (25.0, 25.0, False, "−1.000")]
    drawn = strip("x", np.array([0.0, 1.0, 2.0, 3.0, 4.0]), 8.0)
    assert (drawn.at[0], drawn.at[3], drawn.at[-1], drawn.base) == (0.0, 25.0, 50.0, 100.0)
    assert curve(np.array([0.0, 1.0, 3.0]), [np.array([1.0, 3.0, 2.0])], width=300) == ["M0.00 100.00L100.00 0.00L300.00 50.00"]


def test_the_command_knows_what_it_is_given(swept, runs, tmp_path) -> None:
    def call(*arguments: str) -> int:
        with pytest.raises(SystemExit) as ended:
            main(["report", *arguments, "--out", str(tmp_path / "page.html")])
        return int(ended.value.code or 0)

    assert call(str(swept)) == 0
    assert "a sweep" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert call(str(runs[0].path), str(runs[1].path)) == 0
    assert "Comparison of 2 runs" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert call(str(swept), str(runs[0].path)) == 2
    assert call(str(runs[0].path), str(runs[1].path), "--format", "svg") == 2
    (tmp_path / "empty").mkdir()
    assert call(str(tmp_path / "empty")) == 2
    with pytest.raises(InputFaults):
        kind_of(tmp_path / "empty")
