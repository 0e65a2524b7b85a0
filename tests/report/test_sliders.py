"""Sliders: what they do to the program is measured, and one that does not act along a line is not offered."""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import replace

import numpy as np
import pytest

from energynet.errors import Fault, InputFaults
from energynet.program.layout import Program
from energynet.report.candidates import candidates
from energynet.report.packing import pack
from energynet.report.sliders import NOTHING, Slider, offered, predicted
from energynet.report.view_maps import maps_of
from energynet.report.what_if import NotOffered, _vectors, what_if

BASE = {"limit": np.array([10.0, 20.0, np.inf]), "shape": np.array([1.0])}


def slider(key: str) -> Slider:
    return Slider(key, "demand", "gas", key, 1.0, "bcm", 0.5, 1.5, (f"{key} {{}}",))


def laid(effects):
    """A program of three limits on which named factors act as `effects` say: each a function of (limits, factor)."""

    def lay(changes):
        out = {name: values.copy() for name, values in BASE.items()}
        for change in changes:
            name, factor = change.split()
            effects[name](out, float(factor))
        return out

    return lay


def add(place, slope):
    def effect(out, factor):
        out["limit"][place] += slope * (factor - 1.0)

    return effect


def kinked(out, factor):
    out["limit"][0] += max(0.0, factor - 1.2)


def freed(out, factor):
    out["limit"][1] = np.inf if factor > 1.0 else out["limit"][1]


def reshaped(out, factor):
    out["shape"] += 1.0


def forbidden(out, factor):
    raise InputFaults([Fault("arcs", "is booked beyond its capacity")])


def product(out, factor):
    out["limit"][1] *= factor


@pytest.mark.parametrize(
    ("effect", "reason"),
    [
        (kinked, "not a straight line"), (freed, "appears or disappears"), (reshaped, "other rows and columns"),
        (forbidden, "booked beyond"), (lambda out, factor: None, NOTHING),
    ],
)  # fmt: skip
def test_what_does_not_act_along_a_line_is_refused(effect, reason):
    effects = {"good": add(0, 4.0), "bad": effect}
    found = offered([slider("good"), slider("bad")], BASE, laid(effects), fixed=("shape",))
    assert [one.key for one in found.sliders] == ["good"]
    assert [one.key for one, _ in found.refused] == ["bad"]
    assert reason in found.refused[0][1]


def test_sliders_whose_effects_do_not_add_up_are_not_offered_together():
    effects = {"first": product, "alone": add(0, 1.0), "second": product}
    found = offered([slider(key) for key in effects], BASE, laid(effects))
    assert [one.key for one in found.sliders] == ["first", "alone"]
    assert "depends on another" in found.refused[0][1]


def test_a_slope_is_per_unit_of_the_factor():
    found = offered([slider("good")], BASE, laid({"good": add(1, 4.0)})).sliders[0]
    there, slope = found.moves["limit"]
    assert there.tolist() == [1]
    assert slope == pytest.approx([4.0])
    assert predicted([found], [0.75], BASE)["limit"].tolist() == [10.0, 19.0, np.inf]


def test_the_sliders_of_a_case_say_what_laying_it_anew_gives(six_nodes):
    """Factors that were not tried in measuring, all at once: every number of the program, and what the page takes of the data."""
    solved = six_nodes.solve().solution
    compiled = Program(solved.system)

    def lay(changes):
        system = six_nodes.system(changes)
        return _vectors(system, compiled.lay(system))

    base = _vectors(solved.system, solved.program)
    found = offered(candidates(solved), base, lay, fixed=("shape", "given"))
    assert {one.group for one in found.sliders} == {"demand", "capacity", "price"}
    factors = [one.between(0.13 + 0.7 * k / len(found.sliders)) for k, one in enumerate(found.sliders)]
    told = predicted(found.sliders, factors, base)
    laid_anew = lay([change for one, factor in zip(found.sliders, factors, strict=True) for change in one.at(factor)])
    for name, values in laid_anew.items():
        np.testing.assert_allclose(told[name], values, rtol=1e-11, atol=1e-11, err_msg=name)


def test_the_maps_give_the_tables(six_nodes):
    """Of another solution than the base, with demand that is not served."""
    result = six_nodes.solve(["demand[*].quantity *= 1.5"])
    solution, tables = result.solution, result.tables
    header, arrays = maps_of(solution)
    program, count = solution.program, solution.program.columns_per_period

    def figure(name, rows):
        row, column, weight = (arrays[f"{name}_{part}"] for part in ("row", "column", "weight"))
        out = np.zeros((solution.system.periods, rows))
        for t in range(solution.system.periods):
            values = np.where(column < 0, 1.0, solution.primal[t * count + column])
            np.add.at(out[t], row, weight.reshape(-1, len(row))[t] * values)
        return out

    days = program.days[:, None]
    assert len(tables["unserved"])
    flows = tables["flows_by_origin"].set_index(["arc", "origin"])["per_day"]
    np.testing.assert_allclose(figure("flow", len(header["flow"])).ravel(), flows.to_numpy(), atol=1e-9)
    short = figure("unserved", len(header["unserved"])) * days
    assert short.sum() == pytest.approx(tables["unserved"]["volume"].sum())
    stock = figure("inventory", len(header["inventory"]))
    np.testing.assert_allclose(stock.ravel(), tables["storage"]["inventory"].to_numpy(), atol=1e-9)
    told = (figure("balance", len(header["balance"]) * len(header["terms"])) * days).reshape(-1, len(header["terms"]))
    balance = tables["balance"].loc[lambda t: t["per"] == "period"]
    np.testing.assert_allclose(told, balance[header["terms"]].to_numpy(), atol=1e-8)


def test_a_packed_block_is_read_back_as_it_was():
    arrays = {"x": np.array([1.5, np.inf, -np.inf]), "k": np.arange(3, dtype=np.int32), "b": np.array([1, 2], dtype=np.uint8)}
    text = pack({"name": "é"}, arrays)
    assert text == pack({"name": "é"}, arrays)
    content = gzip.decompress(base64.b64decode(text))
    length = int.from_bytes(content[:4], "little")
    header = json.loads(content[4 : 4 + length])
    assert header["name"] == "é"
    for name, kind, first, count in header["arrays"]:
        start = 4 + length + first
        assert start % 8 == 0
        read = np.frombuffer(content[start:], dtype=f"<{kind}", count=count)
        assert read.tolist() == arrays[name].tolist()
    with pytest.raises(ValueError, match="int64"):
        pack({}, {"wrong": np.arange(3)})


def test_a_page_says_why_it_does_not_solve_itself(six_nodes, six_node_run, assets, monkeypatch):
    from energynet.report import bundled
    from energynet.report import what_if as room

    def refused(result):
        with pytest.raises(NotOffered) as told:
            what_if(result)
        return str(told.value)

    def with_content(**changed):
        return replace(six_node_run, manifest={**six_node_run.manifest, "content": {**six_node_run.manifest["content"], **changed}})

    assert "have changed since the run was solved" in refused(with_content(data_digest="0"))
    gone = replace(with_content(model="none-of-this-name"), manifest={**with_content(model="none").manifest, "model_file": "gone.yaml"})
    assert "cannot be read any more" in refused(gone)
    assert "is not the one that this run solved" in refused(with_content(changes=["demand[north_market].quantity *= 1.01"]))
    monkeypatch.setattr(room, "MOST_COLUMNS", 10)
    assert "too large for a browser" in refused(six_node_run)
    monkeypatch.setattr(bundled, "missing", lambda: "no solver here")
    assert refused(six_node_run) == "no solver here"
