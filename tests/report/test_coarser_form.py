"""Runs that a browser cannot solve as they are: another form of the same case, said in the page, or the reason why there is none."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from energynet.model import load
from energynet.report import view
from energynet.report import what_if as room
from energynet.report.page import write_report
from energynet.report.what_if import NotOffered, what_if
from energynet.report.what_if_page import part_of
from energynet.results.store import open_run


@pytest.fixture(scope="module")
def daily(six_nodes, tmp_path_factory):
    """The small model day by day, and its run."""
    file = six_nodes.case.path.with_name("daily.yaml")
    file.write_text("extends: six-node.yaml\nhorizon: {step: day}\noptions: {price_ranges: none}\n")
    return open_run(load(file).solve().write(tmp_path_factory.mktemp("runs") / "daily"))


def test_a_run_that_is_too_large_is_solved_by_month(daily, six_nodes, assets, browser, tmp_path, monkeypatch):
    monkeypatch.setattr(room, "MOST_COLUMNS", 500)
    found = what_if(daily)
    assert "by day" in found.note
    assert "by month" in found.note
    assert found.base.objective == pytest.approx(six_nodes.solve().objective, rel=1e-9)
    page = browser.open(write_report(daily, tmp_path / "daily.html"))
    assert found.note in page.run("document.getElementById('what-if').textContent")
    page.wait("window.energynetWhatIf.desk")
    k = next(k for k, slider in enumerate(found.sliders) if slider.key == "demand/XC/gas")
    page.run(f"(() => {{ const input = document.getElementById('slider-{k}'); input.value = 110;"
             " input.dispatchEvent(new Event('input', {bubbles: true})); })()")  # fmt: skip
    page.wait("/Solved in/.test(document.getElementById('what-if-status').textContent)")
    solved = six_nodes.solve(found.sliders[k].at(1.1))
    drawn, data = page.run("[energynet.view, energynet.data]")
    assert drawn["objective"] == pytest.approx(solved.objective, rel=1e-7)
    assert len(drawn["flow"][0]) == len(data["periods"]) == 90
    got = solved.tables["deliveries"].loc[lambda t: t["per"] == "period"]
    assert sum(map(sum, drawn["delivered"])) == pytest.approx((got["contract"] + got["beyond_contract"]).sum(), rel=1e-9)
    page.run("document.getElementById('what-if-reset').click()")
    page.wait("energynet.view === energynet.stored || energynet.view.solved")
    assert page.complaints == []


def test_a_run_that_is_shown_by_month_is_drawn_by_month(daily, assets, browser, tmp_path, monkeypatch):
    """The program by day in a page of months: what it draws at the base are the page's own figures."""
    monkeypatch.setattr(view, "MOST_PERIODS", 60)
    page = browser.open(write_report(daily, tmp_path / "daily.html"))
    page.wait("window.energynetWhatIf.desk")
    page.run("energynetWhatIf.desk.ready()")
    assert page.run("energynetWhatIf.desk.packed.header.periods.length") == 90
    solved, stored = page.run("[energynetWhatIf.desk.solvedBase, energynet.stored]")
    for figure in ("flow", "capacity", "delivered", "unserved", "price", "netback", "inventory", "balance"):
        assert np.shape(stored[figure])[-1] == 3
        told, shown = (np.array(one[figure], dtype=float) for one in (solved, stored))  # None is NaN
        np.testing.assert_allclose(told, shown, rtol=1e-7, atol=1e-7, err_msg=figure)


def test_years_that_hand_on_and_whole_numbers_are_not_offered(six_node_run, assets, monkeypatch):
    package, case, warnings = room.load_inputs(six_node_run.manifest["model_file"])

    def told(**options):
        other = replace(case, options=case.options.model_copy(update=options))
        monkeypatch.setattr(room, "load_inputs", lambda file: (package, other, warnings))
        with pytest.raises(NotOffered) as why:
            what_if(six_node_run)
        return str(why.value)

    assert "contract years are solved one after the other" in told(contract_years="rolling")
    monkeypatch.setattr(room, "_form", lambda inputs: ("", case, None, WholeNumbers()))
    assert "whole numbers" in told()
    section = part_of(six_node_run).section
    assert "This page does not solve itself again: it has decisions in whole numbers" in section
    assert "<form" not in section


class WholeNumbers:
    """A program with one column that must be whole."""

    whole = (0,)

    def lay(self, system):
        return self


def test_a_page_without_sliders_says_so(six_node_run, tmp_path):
    text = write_report(six_node_run, tmp_path / "page.html", sliders=False).read_text(encoding="utf-8")
    assert "it was written without its solver" in text
    assert "energynet-wasm" not in text
    assert json.dumps("energynet-program") not in text
