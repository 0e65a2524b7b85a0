"""The page opened in a browser: no complaint, no request, and the numbers of the run's own tables in map, diagram and tables."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from energynet.errors import InputFaults
from energynet.report import bundled
from energynet.report.against import against
from energynet.report.bind import number
from energynet.report.page import page, write_report
from energynet.report.view import data_of, read_run, view_of
from energynet.results.result import Result
from energynet.results.store import open_run

MODELS = Path(__file__).parent.parent.parent / "models"
EVIL = "<script>alert(1)</script>&\"'"


@pytest.fixture(scope="module")
def reference(tmp_path_factory) -> Result:
    """The reference case, without the ranges of its prices, which take half of its time."""
    from energynet.model import load

    folder = tmp_path_factory.mktemp("reference")
    text = (MODELS / "corridor-2025.yaml").read_text().replace("../data", str(MODELS.parent / "data"))
    (folder / "corridor.yaml").write_text(text + "options:\n  price_ranges: none\n")
    return open_run(load(folder / "corridor.yaml").solve(["demand[tr_market].quantity *= 1.01"]).write(folder / "run", ()))


@pytest.fixture(scope="module")
def opened(reference, browser, assets, tmp_path_factory):
    """Its page in the browser."""
    file = write_report(reference, tmp_path_factory.mktemp("pages") / "reference.html")
    found = browser.open(file)
    found.file = file
    return found


def numbers(opened, table: str, column: int) -> dict[str, float]:
    """A column of numbers of a table of the page, by the words of its first cell."""
    rows = opened.run(
        f"[...document.querySelectorAll('#t-{table} tbody tr:not([hidden])')]"
        f".map(row => [row.cells[0].textContent, row.cells[{column}].textContent])"
    )
    return {name: float(text.replace(",", "").replace("\u2212", "-").replace("\u202f%", "").replace("–", "nan")) for name, text in rows}


def test_the_page_asks_for_nothing_and_complains_of_nothing(opened):
    assert opened.complaints == []
    assert opened.requests == [opened.file.resolve().as_uri()]


def test_the_page_is_small_and_opens_at_once(opened):
    assert opened.file.stat().st_size < 6e6
    told = opened.run("(() => { const n = performance.getEntriesByType('navigation')[0]; return n.loadEventEnd - n.startTime; })()")
    assert told < 2000 * (1 + os.getloadavg()[0])  # milliseconds, of a machine that may be busy


def test_the_buyers_are_those_of_the_deliveries(opened, reference):
    yearly = reference.tables["deliveries"].loc[lambda t: (t["per"] == "year") & (t["origin"] == "AZ") & t["bcm"].notna()]
    names = dict(zip(reference.inputs["countries"]["id"], reference.inputs["countries"]["name"], strict=True))
    told = yearly.groupby(yearly["country"].map(names))["bcm"].sum()
    shown = numbers(opened, "buyers-AZ", 1)
    assert set(shown) == set(told.index[told >= 0.0005])
    for country, bcm in shown.items():
        assert bcm == pytest.approx(told[country], abs=5.1e-4)
    total = opened.run("document.querySelector('#t-buyers-AZ tfoot td').textContent")
    assert float(total) == pytest.approx(told.sum(), abs=5.1e-4)


def test_the_balance_is_that_of_the_table(opened, reference):
    heads = opened.run("[...document.querySelectorAll('#t-balance-gas thead .sort')].map(one => one.textContent)")
    names = dict(zip(reference.inputs["countries"]["id"], reference.inputs["countries"]["name"], strict=True))
    told = reference.tables["balance"].loc[lambda t: (t["per"] == "year") & (t["carrier"] == "gas")].set_index("country")
    for head, column in (("Production", "production"), ("Imports", "imports"), ("Exports", "exports"), ("Served", "served")):
        shown = numbers(opened, "balance-gas", heads.index(head))
        assert len(shown) == len(told)
        for country, volume in told[column].items():
            assert shown[names[country]] == pytest.approx(volume / 1000, abs=5.1e-4)


@pytest.mark.parametrize("period", [-1, 0, 7])
def test_the_map_shows_the_flows_of_the_table(opened, reference, period):
    opened.run(f"energynet.setWhen({period})")
    shown = opened.run(
        "Object.fromEntries([...document.querySelectorAll('.map.flows .arc')].map(one => [energynet.data.arcs[one.dataset.arc].id, "
        "[Number(one.dataset.rate), Number(one.style.getPropertyValue('--w')), one.getAttribute('class')]]))"
    )
    flows = reference.tables["flows"]
    if period >= 0:
        told = flows.loc[flows["period"] == flows["period"].unique()[period]].set_index("arc")["per_day"]
    else:
        told = flows.groupby("arc")["volume"].sum() / 365.0
    assert set(told.index) <= set(shown)
    gas = flows.loc[flows["carrier"] == "gas", "per_day"].max()
    for arc, (rate, width, css) in shown.items():
        assert rate == pytest.approx(told.get(arc, 0.0), rel=1e-6, abs=1e-6)
        if rate > 1e-6 and arc.startswith(("scp_", "tanap_", "tap_")):
            assert width == pytest.approx(max(1.4, 15.0 * rate / gas), abs=0.01)
        assert ("none" in css) == (rate <= 1e-6)


def test_the_diagram_ends_in_the_deliveries(opened, reference):
    opened.run("energynet.setWhen(-1)")
    links = opened.run("[...energynet.sankey(0).links]")
    size = dict(opened.run("[...energynet.sankey(0).size]"))
    yearly = reference.tables["deliveries"].loc[lambda t: (t["per"] == "year") & (t["origin"] == "AZ") & t["bcm"].notna()]
    for country, bcm in yearly.groupby("country")["bcm"].sum().items():
        assert size[f"c:{country}"] / 1000 == pytest.approx(bcm, rel=1e-6)
    flows = reference.tables["flows"].groupby("line")["volume"].sum()
    into = sum(volume for ends, volume in links if ends == "l:TANAP|l:TAP")
    assert into == pytest.approx(reference.tables["flows"].loc[lambda t: t["arc"] == "tap_kipoi", "volume"].sum(), rel=1e-3)
    assert size["l:SCP"] < flows["SCP"]  # its two sections carry the same gas, which is counted once
    names = opened.run("[...document.querySelectorAll('#sankey text')].map(one => one.textContent)")
    assert any(name.startswith("TANAP ") for name in names)
    assert any(name.startswith("Italy ") for name in names)


def test_the_first_paint_is_what_the_scripts_draw(opened, reference):
    """Python's numbers, widths and diagram stand in the markup before any script; the scripts find the same."""
    text = page(reference, sliders=False)
    for name in ("t-buyers-AZ", "t-lines-gas", "t-prices-gas", "t-storages"):
        first = text.split(f'id="{name}"')[1].split("</table>")[0]
        shown = opened.run(f"document.querySelector('#{name}').textContent")
        for cell in [part.split(">")[1].split("<")[0] for part in first.split("data-bind=")[1:80]]:
            assert cell in shown
    opened.run("energynet.setWhen(-1)")
    drawn = opened.run("[...document.querySelectorAll('#sankey .ribbons path')].map(one => one.getAttribute('d'))")
    written = [part.split('"')[0] for part in text.split('<g class="ribbons">')[1].split("</g>")[0].split('d="')[1:]]
    assert len(drawn) == len(written)
    assert sum(one == other for one, other in zip(drawn, written, strict=True)) > 0.9 * len(drawn)  # the rest differ in a last digit


def test_another_solution_is_drawn_and_said_so(opened, reference):
    opened.run(
        "(() => { const view = structuredClone(energynet.stored); view.solved = false; view.one_answer = false; view.name = 'What if';"
        " view.flow = view.flow.map(row => row.map(one => one / 2)); view.delivered = view.delivered.map(row => row.map(one => one / 2));"
        " view.objective = 5; view.netback = null; view.certificate = view.certificate.slice(0, 1); energynet.draw(view); })()"
    )
    half = numbers(opened, "buyers-AZ", 1)["Italy"]
    words = opened.run("document.getElementById('view-note').textContent")
    cost = opened.run("document.querySelector('#t-costs tfoot td:last-child').textContent")
    own = opened.run("[...document.querySelectorAll('#t-contracts .stored, #t-welfare .stored')].map(one => one.textContent)")
    checks = opened.run("document.getElementById('t-certificate').tBodies[0].rows.length")
    opened.run("energynet.draw(energynet.stored)")
    assert half == pytest.approx(numbers(opened, "buyers-AZ", 1)["Italy"] / 2, abs=1e-3)
    assert "What if" in words
    assert "one of several" in words
    assert cost == "5.0"
    assert set(own) == {"–"}
    assert checks == 1
    assert opened.run("document.getElementById('t-certificate').tBodies[0].rows.length") == len(reference.certificate.checks)
    assert numbers(opened, "contracts", 5) == pytest.approx(
        dict(zip(reference.tables["contracts"]["name"], reference.tables["contracts"]["delivered"] / 1000, strict=True)), abs=5.1e-4
    )
    assert opened.run("document.getElementById('view-note').hidden")
    assert opened.complaints == []


@pytest.mark.parametrize(("width", "dark"), [(1400, False), (390, True)])
def test_no_serious_fault_of_access(six_node_run, browser, assets, tmp_path, width, dark):
    tester = bundled.ASSETS / "testing" / "axe.js"
    if not tester.is_file():
        pytest.skip("no checker of access in this installation (make assets)")
    shown = browser.open(write_report(six_node_run, tmp_path / "page.html"), width=width, dark=dark)
    shown.run("document.querySelectorAll('main details').forEach((one, k) => { one.open = k % 4 === 0; })")
    shown.run(tester.read_text(encoding="utf-8") + "; 0")
    found = shown.run("axe.run(document, {resultTypes: ['violations']}).then(told => told.violations)")
    serious = [(one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] in ("serious", "critical")]
    assert serious == []
    assert shown.run("document.documentElement.scrollWidth <= innerWidth")


def test_keys_move_along_the_lines_of_the_map(opened):
    opened.run("document.querySelector('.map.flows .arc[tabindex=\"0\"]').focus()")
    before = opened.run("document.activeElement.dataset.arc")
    opened.press("ArrowRight")
    after = opened.run("document.activeElement.dataset.arc")
    assert before != after
    assert opened.run("document.activeElement.getAttribute('aria-label')").endswith(("used", "no limit"))
    assert not opened.run("document.getElementById('tip').hidden")


def renamed(run: Path, folder: Path) -> Result:
    """A run whose names are an attempt to be markup."""
    copy = folder / "renamed"
    shutil.copytree(run, copy)
    for table in ("nodes", "countries", "demands", "arcs", "origins", "storages", "references", "contracts"):
        file = copy / "inputs" / f"{table}.parquet"
        if file.is_file():
            frame = pd.read_parquet(file)
            for column in ("name", "line", "note", "title", "publisher"):
                if column in frame:
                    frame[column] = EVIL
            frame.to_parquet(file, index=False)
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps({**manifest, "title": EVIL}))
    return open_run(copy)


def test_names_are_never_markup(six_node_run, browser, tmp_path):
    file = write_report(renamed(six_node_run.path, tmp_path), tmp_path / "page.html", sliders=False)
    assert "<script>alert" not in file.read_text()
    shown = browser.open(file)
    shown.run("document.querySelectorAll('.arc').forEach(one => one.dispatchEvent(new PointerEvent('pointermove')))")
    assert shown.complaints == []
    assert shown.run("document.querySelector('h1').textContent") == EVIL
    assert shown.run("[...document.scripts].filter(one => one.textContent.startsWith('alert')).length") == 0
    assert EVIL in shown.run("document.getElementById('tip').textContent")


def test_a_page_without_its_libraries_says_so_and_still_draws(six_node_run, browser, tmp_path, monkeypatch):
    monkeypatch.setattr(bundled, "missing", lambda: "the chart library is not here: no network")
    text = page(six_node_run, sliders=False)
    assert "This page is static: the chart library is not here: no network" in text
    assert "echarts" not in text.casefold().split("<footer")[0].replace("window.echarts", "")
    file = tmp_path / "static.html"
    file.write_text(text)
    shown = browser.open(file)
    assert shown.complaints == []
    assert shown.run("document.querySelectorAll('.arc.u1, .arc.u2, .arc.u3, .arc.u4, .arc.u5').length") > 0


def test_the_page_is_the_same_each_time(six_node_run):
    assert page(six_node_run) == page(open_run(six_node_run.path))


def test_an_old_run_says_what_it_lacks(six_node_run, tmp_path):
    copy = tmp_path / "old"
    shutil.copytree(six_node_run.path, copy)
    shutil.rmtree(copy / "inputs")
    with pytest.raises(InputFaults, match="solve the model again"):
        write_report(open_run(copy))
    assert not (copy / "report.html").exists()


def test_what_differs_from_a_base_run(six_nodes, six_node_run, tmp_path):
    changed = open_run(six_nodes.solve(["demand[*].quantity *= 0.9"]).write(tmp_path / "less", ()))
    run = read_run(changed)
    tables = {one.key: one for one in against(run, six_node_run, data_of(run))}
    figures = {row[0].text: row for row in tables["against-figures"].rows}
    moved = changed.objective - six_node_run.objective
    assert [cell.text for cell in figures["objective"][-1:]] == [number(moved, 2)]

    def delivered(result: Result) -> pd.Series[float]:
        yearly = result.tables["deliveries"].loc[lambda t: (t["per"] == "year") & t["bcm"].notna()]
        return yearly.groupby(["origin", "country"])["bcm"].sum()

    told = (delivered(changed) - delivered(six_node_run).reindex(delivered(changed).index, fill_value=0.0)).abs()
    gas = [row for row in tables["against-deliveries"].rows if row[2].text == "bcm"]
    assert len(gas) == (told > 0.0005).sum()
    assert max(abs(float(row[-1].sort)) for row in gas) == pytest.approx(told.max(), rel=1e-6)
    same = against(run, changed, data_of(run))
    assert all(one.note == "Nothing moved." for one in same)
    assert "Against the base run" in page(changed, base=six_node_run, sliders=False)


def test_a_long_run_is_shown_by_month(six_node_run):
    """Volumes are added up, rates and prices are means over time, a stock is the last one."""
    run = read_run(six_node_run)
    first = {"label": "first", "start": "2025-01-01", "days": 59.0, "weight": 1.0}
    coarse = replace(run, periods=[first, {**run.periods[2], "label": "last"}], when=np.array([0, 0, 1]))
    fine, view = view_of(run, data_of(run)), view_of(coarse, data_of(coarse))
    for name, weights in (("flow", (31.0, 28.0)), ("price", (31.0, 28.0)), ("capacity", (31.0, 28.0)), ("delivered", None)):
        for one, other in zip(view[name], fine[name], strict=True):
            sums = other[0] + other[1] if weights is None else (other[0] * weights[0] + other[1] * weights[1]) / 59.0
            assert one == pytest.approx([sums, other[2]], rel=1e-8), name
    assert [row[0] for row in view["inventory"]] == [row[1] for row in fine["inventory"]]
    months = read_run(six_node_run)
    assert [period["label"] for period in months.periods] == list(six_node_run.inputs["periods"]["period"])


def test_every_reference_of_the_page_is_there(six_node_run):
    text = page(six_node_run, sliders=False)
    named = {part.split('"')[0] for part in text.split('href="#')[1:]}
    assert {name for name in named if name.startswith("ref-")}
    assert [name for name in sorted(named) if f'id="{name}"' not in text] == []


def test_the_reference_case_is_solved_again_in_the_page(opened, reference):
    """Three sliders moved at once: the page's objective against Python's, of the case with the same changes."""
    from energynet.model import load
    from energynet.solver import Session, SolveOptions

    opened.wait("window.energynetWhatIf.desk")
    listed = opened.run("energynetWhatIf.desk.sliders.map(({key, changes}) => [key, changes])")
    moves = {"demand/TR/gas": 1.08, "capacity/TANAP/gas": 0.9, "price/ttf_year": 1.25}
    factors = [moves.get(key, 1.0) for key, _ in listed]
    changes = [change.replace("{}", str(moves[key])) for key, texts in listed if key in moves for change in texts]
    assert set(moves) <= {key for key, _ in listed}
    asked = f"desk.call({{kind: 'solve', factors: {factors}}})"
    told = opened.run(
        f"(async () => {{ const desk = energynetWhatIf.desk; await desk.ready(); const answer = await {asked};"
        " return {objective: answer.objective, certified: answer.certified, oneAnswer: answer.oneAnswer}; })()"
    )
    assert told["certified"]
    assert told["oneAnswer"]
    program = load(reference.manifest["model_file"]).program(["demand[tr_market].quantity *= 1.01", *changes])
    found = Session(program, SolveOptions(solver="ipm")).solve()
    assert told["objective"] == pytest.approx(found.objective + program.offset, rel=1e-7)
