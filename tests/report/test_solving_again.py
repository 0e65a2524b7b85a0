"""The page solves itself again: in a browser, what it answers is what Python answers, and it is proven there too."""

from __future__ import annotations

import json

import numpy as np
import pytest

from energynet.report.page import write_report
from energynet.report.what_if import what_if
from energynet.report.what_if_page import HERE
from energynet.solver import certify

POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'wasm-unsafe-eval' blob:; worker-src blob:;"
POSITIONS = [
    {"demand/XC/gas": 1.37},
    {"capacity/Trunk/gas": 1.8, "demand/XC/gas": 1.5, "demand/XD/gas": 1.5},
    {"price/market": 0.76},  # below 0.75 the blocks of a demand would no longer fall in their willingness
    {"price/market": 1.9, "capacity/Bridge/gas": 0.9, "demand/XB/electricity": 0.7},
]


@pytest.fixture(scope="module")
def found(six_node_run, assets):
    return what_if(six_node_run)


@pytest.fixture(scope="module")
def page(found, six_node_run, browser, tmp_path_factory):
    opened = browser.open(write_report(six_node_run, tmp_path_factory.mktemp("page") / "page.html"))
    opened.run((HERE / "js/certificate.js").read_text(encoding="utf-8"))  # beside the worker's own, to be tried on wrong answers
    opened.wait("energynetWhatIf.desk")
    opened.run("energynetWhatIf.desk.ready()")
    return opened


def answer_at(page, factors):
    asked = json.dumps({"kind": "solve", "factors": factors})
    script = f"energynetWhatIf.desk.call({asked}).then((a) => ({{...a, primal: [...a.primal ?? []], dual: [...a.dual ?? []]}}))"
    return page.run(script)


def factors_of(found, position):
    assert set(position) <= {slider.key for slider in found.sliders}
    return [position.get(slider.key, 1.0) for slider in found.sliders]


@pytest.mark.parametrize("position", POSITIONS, ids=", ".join)
def test_every_position_is_solved_as_python_solves_it(page, found, six_nodes, position):
    changes = [change for slider in found.sliders if slider.key in position for change in slider.at(position[slider.key])]
    solution = six_nodes.solve(changes).solution
    told = answer_at(page, factors_of(found, position))
    assert told["status"] == "optimal"
    assert told["oneAnswer"]
    assert told["objective"] == pytest.approx(solution.objective, rel=1e-7)
    np.testing.assert_allclose(told["primal"], solution.primal, atol=1e-6)
    ours = certify(solution.program, np.array(told["primal"]), np.array(told["dual"]), told["objective"])
    assert [one["check"] for one in told["certificate"]] == [one.name for one in ours.checks]
    for theirs, one in zip(told["certificate"], ours.checks, strict=True):
        assert theirs["holds"]
        assert one.holds
        assert theirs["tolerance"] == one.tolerance
        assert theirs["unit"] == one.unit


def test_the_base_is_found_again_without_a_step_of_the_first_stage(page, found):
    told = answer_at(page, [1.0] * len(found.sliders))
    np.testing.assert_allclose(told["primal"], found.base.primal, atol=1e-9)
    np.testing.assert_allclose(told["dual"], found.base.dual, atol=1e-9)


def test_an_answer_does_not_depend_on_the_way_there(page, found):
    there = factors_of(found, POSITIONS[3])
    first = answer_at(page, there)
    answer_at(page, factors_of(found, POSITIONS[1]))
    again = answer_at(page, there)
    np.testing.assert_allclose(first["primal"], again["primal"], atol=1e-9)
    np.testing.assert_allclose(first["dual"], again["dual"], atol=1e-9)


FAULTS = {
    "rows": "answer.primal[0] += 1",
    "bounds": "answer.primal[0] = -1",
    "dual signs of rows": "answer.dual[slack] = 0.01",
    "complementary rows": "answer.dual[slack] = -0.01",
    "reduced costs": "answer.dual = answer.dual.map((y) => -y)",
    "duality gap": "answer.dual = answer.dual.map((y) => 0.9 * y)",
    "objective": "answer.objective += 1",
    "cost table": "packed.header.costs.forEach((one) => { one[3] = one[2]; })",
}


@pytest.mark.parametrize("check", FAULTS)
def test_the_certificate_of_the_page_sees_a_wrong_answer(page, found, check):
    ones = json.dumps([1.0] * len(found.sliders))
    checks = page.run(f"""(async () => {{
        const own = energynetWhatIf, packed = structuredClone(own.desk.packed);
        const answer = await own.desk.call({{kind: "solve", factors: {ones}}});
        const program = own.programAt(packed, {ones});
        const activity = own.activity(program, packed.header.size[1], answer.primal);
        const slack = activity.findIndex((a, i) => program.row_lower[i] === -Infinity && a < program.row_upper[i] - 1);
        {FAULTS[check]};
        return own.certify(packed, program, answer.primal, answer.dual, answer.objective);
    }})()""")
    failed = [one["check"] for one in checks if not one["holds"]]
    assert check in failed


def moved(page, key, found, value):
    """Move a slider and wait for what comes of it."""
    k = next(k for k, slider in enumerate(found.sliders) if slider.key == key)
    page.run(f"""(() => {{ document.getElementById("what-if-status").textContent = "Solving …";
        const input = document.getElementById("slider-{k}");
        input.value = {value}; input.dispatchEvent(new Event("input", {{bubbles: true}})); }})()""")
    page.wait("!energynetWhatIf.desk.busy && !/Solving/.test(document.getElementById('what-if-status').textContent)")
    return k


def status(page):
    return page.run("document.getElementById('what-if-status').textContent")


def test_a_slider_says_what_it_is_and_what_happened(page, found, six_nodes):
    k = moved(page, "demand/XC/gas", found, 120)
    slider = found.sliders[k]
    assert "Solved in" in status(page)
    assert "certified" in status(page)
    objective = float(page.run("document.getElementById('what-if-form').dataset.objective"))
    assert objective == pytest.approx(six_nodes.solve(slider.at(1.2)).objective, rel=1e-7)
    words = page.run(f"document.getElementById('slider-{k}-words').textContent")
    assert words == f"120 %, {1.2 * slider.base:.2f} bcm"
    assert page.run(f"document.getElementById('slider-{k}').getAttribute('aria-valuetext')") == words
    command = page.run("document.getElementById('what-if-command').textContent")
    assert command == "energynet solve six-node --set '" + slider.at(1.2)[0] + "'"
    assert not page.run("document.getElementById('what-if-reset').disabled")
    page.run("document.getElementById('what-if-status').textContent = 'Solving …'; document.getElementById('what-if-reset').click()")
    page.wait("/At the base/.test(document.getElementById('what-if-status').textContent)")
    assert page.run(f"document.getElementById('slider-{k}').value") == "100"
    assert page.run("document.getElementById('what-if-answer').hidden")


def leaves(value):
    """All numbers of a nested list."""
    return np.array([np.nan if value is None else value] if not isinstance(value, list) else [x for one in value for x in leaves(one)])


def test_at_the_base_the_page_draws_the_numbers_of_the_run(page):
    page.run("energynetWhatIf.desk.ready()")
    solved, stored = page.run("[energynetWhatIf.desk.solvedBase, energynet.stored]")
    for figure in ("flow", "capacity", "delivered", "unserved", "price", "netback", "inventory", "balance"):
        np.testing.assert_allclose(leaves(solved[figure]), leaves(stored[figure]), rtol=1e-8, atol=1e-8, err_msg=figure)
    assert [one[:2] for one in solved["costs"]] == [one[:2] for one in stored["costs"]]
    np.testing.assert_allclose([one[2] for one in solved["costs"]], [one[2] for one in stored["costs"]], atol=1e-8)


def test_a_moved_slider_draws_what_python_would_write(page, found, six_nodes):
    """Demand beyond what can be served: flows, deliveries, shortages, stocks, balances and costs, and a cell of a table."""
    k = moved(page, "demand/XC/gas", found, 150)
    tables = six_nodes.solve(found.sliders[k].at(1.5)).tables
    view, data = page.run("[energynet.view, energynet.data]")
    assert not view["solved"]
    assert view["one_answer"]
    flows = tables["flows_by_origin"].pivot_table(index=["arc", "origin"], columns="period", values="per_day", sort=False)
    keys = [(data["arcs"][arc]["id"], data["origins"][origin]["id"]) for arc, origin in data["arc_origins"]]
    np.testing.assert_allclose(view["flow"], flows.loc[keys].to_numpy(), atol=1e-6)
    short = tables["unserved"].groupby("demand")["volume"].sum()
    assert short.sum() > 1.0
    told = {one["id"]: sum(row) for one, row in zip(data["demands"], view["unserved"], strict=True)}
    for demand, volume in told.items():
        assert volume == pytest.approx(short.get(demand, 0.0), abs=1e-5)
    stock = tables["storage"].pivot_table(index="storage", columns="period", values="inventory", sort=False)
    np.testing.assert_allclose(view["inventory"], stock.loc[[one["id"] for one in data["storages"]]].to_numpy(), atol=1e-5)
    balance = tables["balance"].loc[lambda t: t["per"] == "period"]
    for (country, carrier), rows in zip(data["places"], view["balance"], strict=True):
        there = balance.loc[(balance["country"] == country) & (balance["carrier"] == carrier), data["terms"]]
        np.testing.assert_allclose(np.array(rows).T, there.to_numpy(), atol=1e-5)
    got = tables["deliveries"].loc[lambda t: t["per"] == "period"]
    assert leaves(view["delivered"]).sum() == pytest.approx((got["contract"] + got["beyond_contract"]).sum(), rel=1e-9)
    costs = {(row.component, row.item): row.musd for row in tables["costs"].itertuples()}
    for component, item, musd in view["costs"]:
        assert musd == pytest.approx(costs[component, item], abs=1e-6)
    assert sum(one[2] for one in view["costs"]) == pytest.approx(view["objective"], rel=1e-9)
    priced = {one["id"]: k for k, one in enumerate(data["demands"])}
    pairs = {(data["demands"][d]["id"], data["origins"][o]["id"]): k for k, (d, o) in enumerate(data["demand_origins"])}
    when = {one["label"]: t for t, one in enumerate(data["periods"])}
    for row in tables["netbacks"].itertuples():  # the way is the same, whichever of the optimal prices each has
        t, needed = when[row.period], (row.netback + row.fuel) / row.netback
        left = view["price"][priced[row.destination]][t] - row.tariffs - row.bookings
        assert view["netback"][pairs[row.destination, row.origin]][t] == pytest.approx(left / needed, rel=1e-6, abs=1e-6)
    shown = page.run("document.getElementById('view-note').textContent")
    assert found.sliders[k].label in shown
    moved(page, "demand/XC/gas", found, 100)
    assert page.run("document.getElementById('view-note').hidden")


def test_a_slider_moves_by_the_keyboard(page, found):
    page.run("document.getElementById('what-if-status').textContent = 'Solving …'; document.getElementById('slider-0').focus()")
    page.press("ArrowRight")
    page.wait("/Solved in/.test(document.getElementById('what-if-status').textContent)")
    assert page.run("document.getElementById('slider-0').value") == "101"
    page.press("Tab")
    assert "Back to the base" in page.run("document.activeElement.getAttribute('aria-label')")
    page.press("Enter")
    page.wait("/At the base/.test(document.getElementById('what-if-status').textContent)")


def test_a_position_that_no_flows_can_keep_is_told(page, found):
    moved(page, "capacity/Trunk/gas", found, 30)
    assert "no flows keep all limits at once" in status(page)
    moved(page, "capacity/Trunk/gas", found, 100)


def test_the_page_asks_nobody_and_complains_of_nothing(page):
    assert [address.split(":")[0] for address in page.requests] == ["file"]
    assert page.complaints == []
