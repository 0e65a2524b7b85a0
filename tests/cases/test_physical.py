"""What an optimum may do and a line, a pipe or a storage may not: measured in volume and money, and told."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from network import arc, demand, node, solve, supply
from small_cases import model_of, path_of
from systems import POWER_CARRIERS, POWER_ORIGINS, power_demand, power_line, power_supply

import energynet as en
from energynet.cli.solve import solve as solve_command
from energynet.recheck.physical import ABOVE, BOTH_WAYS, IN_AND_OUT, KINDS, OUT_OF_ORDER
from energynet.results.tables import Tables
from energynet.solution import Solution
from energynet.solver.certificate import Certificate, Finding

POWER = {
    "carriers": POWER_CARRIERS,
    "origins": [{"id": "A", "name": "A", "carrier": "gas"}, *POWER_ORIGINS],
    "nodes": [node("x", carrier="electricity"), node("y", "BB", carrier="electricity")],
}


def of(certificate: Certificate, kind: str) -> Finding:
    """The one finding of a kind that is not zero; that no other kind has one."""
    found = certificate.found
    assert [one.name for one in found] == [kind]
    assert certificate.holds
    return found[0]


@pytest.mark.parametrize("name", ["both-ways", "both-ways-corridor"])
def test_power_that_goes_both_ways_at_once_is_told(name: str) -> None:
    """100 MW must run, 88 and 10 are used: 2 MW burn on the way. b = 1.4 / 0.0975 MW go back, and with them b and what b loses there."""
    back = 1.4 / 0.0975 * 24 / 1000
    found = of(model_of(name).solution().certificate, BOTH_WAYS)
    assert (found.carrier, found.unit) == ("electricity", "GWh")
    assert found.volume == pytest.approx(back, rel=1e-6)
    assert found.worst == pytest.approx(found.volume / 24, rel=1e-6) or found.worst <= found.volume
    assert found.lost == pytest.approx(0.1 * back, rel=1e-6)
    assert found.where.startswith("ab, ba@2025-01-01")


def test_charging_and_discharging_at_once_is_told() -> None:
    """100 MW must run and 95 are used: the battery burns 120 MWh a day, and can only by giving what it takes in the same hour."""
    found = of(model_of("charge-and-discharge").solution().certificate, IN_AND_OUT)
    assert found.where.startswith("bat@2025-01-01")
    assert found.lost == pytest.approx(0.19 * found.volume, rel=1e-9)
    assert 0.09 < found.lost <= 0.12 + 1e-9


def test_a_dear_segment_before_a_cheap_one_is_told() -> None:
    """20 mcm/d must run, 9 and 10.5 are used: 0.5 burn, so 10 of 11 go through the segment of 5 %. Gas is worth -50 USD/tcm there."""
    found = of(model_of("segments-out-of-order").solution().certificate, OUT_OF_ORDER)
    assert found.volume == pytest.approx(10.5 / 0.95 * 31, rel=1e-6)
    assert found.lost == pytest.approx(0.05 * found.volume, rel=1e-6)
    assert found.musd == pytest.approx(-50.0 * found.lost / 1000.0, rel=1e-6)
    assert (found.where, found.worst) == ("ab@2025-01", pytest.approx(found.volume))


def test_forward_and_backward_above_a_capacity_is_told() -> None:
    """Gas of two owners crosses in a pipe of 10 mcm/d, 8 one way and 7 the other: 5 more than it can carry."""
    tables = {
        "nodes": [node("x"), node("y", "BB")],
        "arcs": [arc("xy", "x", "y", 10), arc("yx", "y", "x", 10)],
        "supplies": [supply("a", "x", 20, 5), supply("b", "y", 20, 9, "B")],
        "demands": [demand("d", "y", 8), demand("e", "x", 7)],
        "permissions": [
            {"id": "only_a", "component": "demand", "target": "d", "origin": "A", "rule": "only"},
            {"id": "only_b", "component": "demand", "target": "e", "origin": "B", "rule": "only"},
        ],
    }
    certificate = solve(tables).certificate
    assert certificate.holds
    found = {one.name: one for one in certificate.found}
    assert set(found) == {BOTH_WAYS, ABOVE}
    assert found[BOTH_WAYS].volume == pytest.approx(7 * 31)
    assert found[ABOVE].volume == pytest.approx(5 * 31)
    assert (found[BOTH_WAYS].lost, found[BOTH_WAYS].where) == (0.0, "xy, yx@2025-01")


def test_arcs_that_go_the_same_way_on_one_line_are_told_together() -> None:
    """Gas of two owners crosses in a pipe of two strings of 6 and 4 mcm/d, 8 one way and 7 the other; 2 % are lost on the way back."""
    tables = {
        "nodes": [node("x"), node("y", "BB")],
        "arcs": [arc("xy1", "x", "y", 6, line="L"), arc("xy2", "x", "y", 4, line="L"), arc("yx", "y", "x", 10, loss=0.02, line="L")],
        "supplies": [supply("a", "x", 20, 5), supply("b", "y", 20, 9, "B")],
        "demands": [demand("d", "y", 8), demand("e", "x", 6.86)],
        "permissions": [
            {"id": "only_a", "component": "demand", "target": "d", "origin": "A", "rule": "only"},
            {"id": "only_b", "component": "demand", "target": "e", "origin": "B", "rule": "only"},
        ],
    }
    found = {one.name: one for one in solve(tables).certificate.found}
    assert {name: (one.volume, one.lost, one.where) for name, one in found.items()} == {
        BOTH_WAYS: (pytest.approx(7 * 31), pytest.approx(0.02 * 7 * 31), "xy1, xy2, yx@2025-01"),
        ABOVE: (pytest.approx(5 * 31), 0.0, "xy1, xy2, yx@2025-01"),
    }


def test_where_there_is_none_every_kind_says_zero() -> None:
    tables = {**POWER, "arcs": power_line("l", ("x", "y"), (10, 10), loss=0.05), "supplies": [power_supply("p", "x", 20, 5, "P")]}
    physical = solve({**tables, "demands": [power_demand("d", "y", 5)]}).certificate.physical
    assert [(one.name, one.carrier) for one in physical] == [(kind, "electricity") for kind in KINDS]
    assert all((one.worst, one.volume, one.lost, one.musd, one.where) == (0.0, 0.0, 0.0, 0.0, "") for one in physical)


def test_the_table_the_run_and_the_screen_say_it(tmp_path: Path) -> None:
    done = CliRunner().invoke(solve_command, [str(path_of("both-ways")), "--out", str(tmp_path / "run")])
    assert done.exit_code == 0, done.output
    assert "warning: both ways on one line at once (electricity): 0.3446 GWh" in done.output
    run = en.open(tmp_path / "run")
    told = of(run.certificate, BOTH_WAYS)
    table = run.tables["certificate"]
    rows = table.loc[table["section"] == "physical"].set_index("check")
    assert set(rows.index) == set(KINDS)
    assert rows.loc[BOTH_WAYS, ["volume", "lost", "musd", "where"]].tolist() == [told.volume, told.lost, told.musd, told.where]
    assert rows["holds"].to_dict() == {kind: kind != BOTH_WAYS for kind in KINDS}
    assert table.loc[table["section"] == "optimality", "holds"].all()


def crossing(forward: float, backward: float, **line: float) -> Solution:
    """Power of P is used at y alone and that of Q at x alone, across one line of 20 and 15 GWh/d."""
    tables = {
        **POWER, "arcs": power_line("l", ("x", "y"), (20, 15), 0.1, **line),
        "supplies": [power_supply("p", "x", 100, 5, "P"), power_supply("q", "y", 100, 5, "Q")],
        "demands": [power_demand("d", "y", forward), power_demand("e", "x", backward)],
        "permissions": [
            {"id": "only_p", "component": "demand", "target": "d", "origin": "P", "rule": "only"},
            {"id": "only_q", "component": "demand", "target": "e", "origin": "Q", "rule": "only"},
        ],
    }  # fmt: skip
    return solve(tables)


@pytest.mark.parametrize(
    ("forward", "backward", "served"), [(30, 12, 42), (34, 12, 32 + 12), (12, 12, 24), (18, 40, 18 + 30), (36, 16, 35 + 16)]
)
def test_capacity_counts_the_net_flow(forward: float, backward: float, served: float) -> None:
    """What is sent less what cancels is within 20 GWh/d forward and 15 backward; what cancels is within both, so at most 15."""
    solution = crossing(forward, backward)
    assert solution.values("taken").sum() == pytest.approx(served)
    assert not solution.certificate.found


def test_losses_count_the_net_flow() -> None:
    """20 GWh/d of P for y and 12 of Q for x: 12 cancel, so 8 / 0.95 are carried, and 0.05 of them are lost."""
    solution = crossing(20, 12, loss=0.05)
    flows = Tables(solution)["flows"].set_index("arc").loc[["l_forward", "l_backward"]]
    assert flows["per_day"].tolist() == pytest.approx([12 + 8 / 0.95, 12])
    assert flows["net_per_day"].tolist() == pytest.approx([8 / 0.95, 0])
    assert flows["fuel"].sum() == pytest.approx(31 * 0.05 * 8 / 0.95)
    assert flows["utilisation"].tolist() == pytest.approx([8 / 0.95 / 20, 0])
    assert not solution.certificate.found
