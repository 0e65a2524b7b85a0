"""A sweep is its scenarios solved one by one: in any order, by any number of workers, whatever lies between."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from concurrent.futures.process import BrokenProcessPool

import numpy as np
import pandas as pd
import pytest

from energynet.dataset.design import Design
from energynet.errors import InputFaults, UsageFault
from energynet.model import Model
from energynet.results.store import open_run
from energynet.results.tables import NAMES
from energynet.sweep.engine import Engine
from energynet.sweep.order import nearest_order
from energynet.sweep.sweep import DEFAULT_TABLES
from energynet.sweep.workers import _submitted
from tests.contracts.test_years import market
from tests.network import case, package
from tests.sweep.sweeps import VARY, same_tables, tables


def test_a_sweep_equals_solves_one_by_one(model, swept):
    """From the basis of the base, or from nothing: the same objective, flows, costs and prices, and all that follows from them."""
    path, done = swept
    found = tables(path)
    assert done.counts == {"optimal": 12}
    design = model.sweep(VARY).design
    assert found["scenarios"]["changes"].tolist() == ["; ".join(c.text for c in design.changes(k)) for k in range(12)]
    for number in (0, 5, 10, 11):
        alone = model.solve(design.changes(number))
        row = found["scenarios"].loc[number]
        assert row["objective_musd"] == pytest.approx(alone.objective, rel=1e-9)
        for name in NAMES:
            if name in ("certificate", "summary"):
                continue
            mine = found[name].loc[lambda frame, n=number: frame["scenario"] == n].drop(columns="scenario").reset_index(drop=True)
            worths = [column for column in mine.columns if column.startswith("worth_of_")]
            assert mine[worths].isna().all(axis=None)  # small programs for each: a scenario is solved by itself for them
            left = {"prices": ["lowest", "highest", "unique"], "deliveries": ["route"]}.get(name, [])
            left = [*left, *(column for column in mine.columns if column.startswith("worth_"))]
            mine, its = (frame.drop(columns=left) for frame in (mine, alone.tables[name]))
            pd.testing.assert_frame_equal(mine, its.astype(mine.dtypes), rtol=1e-9, atol=1e-9)


def test_the_order_of_scenarios_leaves_no_trace(model):
    """The same bits, whatever was solved before."""
    sweep = model.sweep(VARY)
    forward, backward = Engine(sweep.setting), Engine(sweep.setting)
    numbers = list(range(len(sweep)))
    one = {k: forward.solve(sweep.design.changes(k)).solution for k in numbers}
    other = {k: backward.solve(sweep.design.changes(k)).solution for k in reversed(numbers)}
    for k in numbers:
        assert np.array_equal(one[k].primal, other[k].primal)
        assert np.array_equal(one[k].dual, other[k].dual)


def test_results_one_after_the_other(model, swept):
    results = list(model.sweep(VARY))
    assert [one.scenario for one in results] == list(range(12))
    assert all(one.certificate.holds for one in results)
    np.testing.assert_array_equal([one.objective for one in results], tables(swept[0])["scenarios"]["objective_musd"])
    assert results[3].tables["deliveries"]["gwh"].sum() > 0


def test_from_scenario_to_like_scenario_the_flows_are_the_same(model, swept, tmp_path):
    """`nearest` starts elsewhere: objective, flows and their prices agree to 1e-9."""
    model.sweep(VARY).write(tmp_path / "near", tables=["flows"], nearest=True)
    here, there = tables(swept[0]), tables(tmp_path / "near")
    columns = ["scenario", "arc", "period", "per_day", "volume", "fuel", "congestion_price"]
    pd.testing.assert_frame_equal(here["flows"][columns], there["flows"][columns], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(here["scenarios"]["objective_musd"], there["scenarios"]["objective_musd"], rtol=1e-9)


def test_an_order_of_likeness():
    values = np.array([[0.0, 5.0], [1.0, 1.0], [0.0, np.nan], [0.9, 1.0]])
    assert sorted(nearest_order(values)) == [0, 1, 2, 3]
    path = nearest_order(np.array([[3.0], [0.0], [2.0], [1.0]]))
    assert path.tolist() == [1, 3, 2, 0]
    assert sorted(nearest_order(np.zeros((12_000, 1)))) == list(range(12_000))


def test_a_scenario_without_a_solution_is_a_row_and_one_with_other_rows_is_rebuilt(model, tmp_path):
    """No way out for what must run: infeasible, with the limits at odds. A line at zero: other columns, compiled for itself."""
    must_run = "supply[field_gas].minimum = {10, 500} mcm/d together supply[field_gas].maximum = {90, 500} mcm/d"
    done = model.sweep([must_run, "demand[isle_market].quantity *= {1, 0}"]).write(tmp_path / "s")
    rows = tables(tmp_path / "s")["scenarios"]
    assert rows["status"].tolist() == ["optimal", "optimal", "infeasible", "infeasible"]
    assert done.failed == 2
    assert rows["rebuilt"].tolist()[:2] == [False, True]
    assert "supply" in rows["reason"][2]
    assert rows["reason"][0] == ""
    assert np.isnan(rows["objective_musd"][2])
    alone = model.solve(["supply[field_gas].minimum = 10 mcm/d", "demand[isle_market].quantity *= 0"])
    assert rows["objective_musd"][1] == pytest.approx(alone.objective, rel=1e-12)
    flows = tables(tmp_path / "s")["flows"]
    assert set(flows["scenario"]) == {0, 1}
    its = alone.tables["flows"]
    mine = flows.loc[flows["scenario"] == 1]
    assert mine["arc"].tolist() == its["arc"].tolist()
    np.testing.assert_allclose(mine["per_day"], its["per_day"], atol=1e-9)
    manifest = json.loads((tmp_path / "s" / "manifest.json").read_text())
    assert manifest["kind"] == "sweep"
    assert manifest["counts"] == {"optimal": 2, "infeasible": 2}
    assert manifest["rebuilt"] == 1


@pytest.mark.parametrize("rule", ["rolling", "foresight"])
def test_contract_years_that_hand_on_are_swept_too(rule, tmp_path):
    """Gas paid for in the year before is made up: by the rolled windows, or with whole numbers, as alone."""
    model = Model(case(end="2026-12-31", step="year", contract_years=rule), package(market([90, 500], [5, 10])))
    model.sweep(["demand[d].quantity *= {1, 0.9}"]).write(tmp_path / "s", tables=["contracts", "costs"])
    found = tables(tmp_path / "s")
    for number, times in enumerate((1.0, 0.9)):
        alone = model.solve([f"demand[d].quantity *= {times}"])
        assert found["scenarios"]["objective_musd"][number] == pytest.approx(alone.objective, rel=1e-9)
        mine = found["contracts"].loc[found["contracts"]["scenario"] == number]
        np.testing.assert_allclose(mine["not_taken"], alone.tables["contracts"]["not_taken"], atol=1e-9)


def test_values_of_lost_load_are_checked_in_every_scenario(model):
    """A value below what supply costs is refused alone, and so it is in a sweep."""
    outcomes = list(model.sweep(["demand[*].value_of_lost_load *= {1, 0.001}"]))
    assert [one.status for one in outcomes] == ["optimal", "bad_input"]
    assert "a shortage would be cheaper" in outcomes[1].reason


def test_the_base_is_a_run(model, swept):
    base = open_run(swept[0] / "base")
    assert base.objective == pytest.approx(model.solve().objective, rel=1e-12)


def test_goes_on_where_it_stopped_and_refuses_anything_else(model, swept, tmp_path):
    path = tmp_path / "s"
    first = model.sweep(VARY).write(path, tables=["flows"])
    (path / "scenarios" / "part-00001.parquet").unlink()
    again = model.sweep(VARY).write(path, tables=["flows"])
    assert (first.solved_now, again.solved_now) == (12, 4)
    assert model.sweep(VARY).write(path, tables=["flows"]).solved_now == 0
    for other, word in (
        (model.sweep(VARY[:2]), "another design"),
        (model.sweep(VARY, changes=["demand[*].quantity *= 1.01"]), "other changes"),
    ):
        with pytest.raises(UsageFault, match=word):
            other.write(path, tables=["flows"])
    with pytest.raises(UsageFault, match="other tables"):
        model.sweep(VARY).write(path, tables=["prices"])
    with pytest.raises(UsageFault, match="holds a run"):
        model.sweep(VARY).write(swept[0] / "base")
    with pytest.raises(UsageFault, match="no table"):
        model.sweep(VARY).write(path, tables=["flow"])


def test_scenarios_that_ran_out_of_time_are_tried_again_with_the_new_limit(model, tmp_path):
    """In the same process, where the engine of the sweep is kept."""
    path = tmp_path / "s"
    assert model.sweep(VARY[:1], time_limit=1e-9).write(path, tables=["flows"]).counts == {"time_limit": 3}
    again = model.sweep(VARY[:1]).write(path, tables=["flows"])
    assert (again.counts, again.solved_now) == ({"optimal": 3}, 3)
    assert set(tables(path)["flows"]["scenario"]) == {0, 1, 2}


def test_two_commands_do_not_write_to_one_directory(model, tmp_path):
    fcntl = pytest.importorskip("fcntl")
    path = tmp_path / "s"
    path.mkdir()
    with (path / ".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(UsageFault, match="another command is writing"):
            model.sweep(VARY).write(path)


def test_two_processes_of_which_one_is_killed_write_what_one_does(model, swept, tmp_path):
    """SIGKILL to a process while the sweep goes on: nothing is lost and nothing is another."""
    import psutil

    killed = []

    def kill():
        while not killed:
            for child in psutil.Process().children():
                if "spawn_main" in " ".join(child.cmdline()):
                    os.kill(child.pid, signal.SIGKILL)
                    killed.append(child.pid)
                    return
            time.sleep(0.01)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    done = model.sweep(VARY).write(tmp_path / "k", tables=NAMES, jobs=2)
    assert killed
    assert done.counts == {"optimal": 12}
    same_tables(swept[0], tmp_path / "k")


def test_a_pool_that_breaks_while_it_starts_a_process_is_a_broken_one():
    class Closed:
        def submit(self, *_):
            raise OSError("handle is closed")

    with pytest.raises(BrokenProcessPool, match="handle"):
        _submitted(Closed(), None, None)


@pytest.mark.parametrize(
    ("arguments", "error", "word"),
    [
        ({"vary": []}, UsageFault, "changes that vary or a design"),
        ({"vary": ["demand[*].quantity *= 1:2"], "design": "x.csv"}, UsageFault, "and not both"),
        ({"design": "x.csv", "sample": "sobol:4"}, UsageFault, "has its scenarios already"),
        ({"vary": ["demand[town].quantity *= 1:2:1", "arc[hub_nort].capacity *= {1, 2}"]}, InputFaults, "did you mean 'hub_north'"),
        ({"vary": ["arc[hub_north].capacity = 0:2:1"]}, InputFaults, "needs a unit"),
        ({"vary": ["arc[hub_north].capacity = 1:2:1 bcm/yr"]}, InputFaults, "did you mean 'bcm/y'"),
    ],
)  # fmt: skip
def test_a_sweep_that_is_none_is_told(model, arguments, error, word):
    with pytest.raises(error, match=word):
        model.sweep(**arguments)


def test_a_design_from_python(model):
    design = model.sweep(VARY[:1]).design
    chosen = Design(design.varies, design.values[[2]])
    (result,) = model.sweep(design=chosen)
    assert result.changes[0].text == "demand[*].quantity *= 1.05"
    assert set(DEFAULT_TABLES) <= set(result.tables)
