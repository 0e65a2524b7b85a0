"""Random networks of two-way power lines: what must not change the optimum, and what must leave nothing against physics."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from network import node, solve
from systems import POWER_CARRIERS, POWER_ORIGINS, power_demand, power_line, power_supply

Tables = dict[str, Any]
NODES, ORIGINS = "uvwx", ("P", "Q", "R")
ENDS = (("u", "v"), ("v", "w"), ("w", "x"), ("x", "u"), ("u", "w"))


def network(seed: int, *, tariffs: bool = True, permissions: bool = True) -> Tables:
    """Four places in a ring with a diagonal; each line two-way, some with losses, some with a corridor; three origins with buyers apart."""
    dice = np.random.default_rng(seed)
    arcs: list[dict[str, Any]] = []
    corridors = []
    for k, ends in enumerate(ENDS):
        capacity = dice.uniform(5, 20, 2).round(2)
        more: dict[str, Any] = {"loss": round(float(dice.choice([0.0, 0.02, 0.06])), 3)}
        if dice.random() < 0.4:
            more["corridor"] = f"c{k}"
            about = {"id": f"c{k}", "name": f"c{k}", "carrier": "electricity", "ratio": 1.0, "capacity_unit": "GWh/d"}
            corridors.append({**about, "capacity": round(0.8 * float(capacity.max()), 2)})
        arcs += power_line(f"l{k}", ends, (float(capacity[0]), float(capacity[1])), round(float(tariffs * dice.uniform(0, 2)), 2), **more)
    supplies = [
        power_supply(
            f"s{k}", NODES[int(dice.integers(4))], round(float(dice.uniform(10, 40)), 1), round(float(dice.uniform(1, 60)), 1), origin
        )
        for k, origin in enumerate(ORIGINS * 2)
    ]
    demands = [power_demand(f"d{at}{k}", at, round(float(dice.uniform(2, 12)), 1), 500.0 + k) for at in NODES for k in range(2)]
    rules = [
        {"id": f"r{one['id']}", "component": "demand", "target": one["id"], "origin": str(dice.choice(ORIGINS)), "rule": "only"}
        for one in demands
        if permissions and dice.random() < 0.6
    ]
    return {
        "carriers": POWER_CARRIERS, "origins": [{"id": "A", "name": "A", "carrier": "gas"}, *POWER_ORIGINS],
        "nodes": [node(at, carrier="electricity", latitude=40 + k, longitude=45 + k % 2) for k, at in enumerate(NODES)],
        "arcs": arcs, "supplies": supplies, "demands": demands,
        **({"corridors": corridors} if corridors else {}), **({"permissions": rules} if rules else {}),
    }  # fmt: skip


SEEDS = range(12)


@pytest.mark.parametrize("seed", SEEDS)
def test_names_of_origins_may_be_swapped(seed: int) -> None:
    tables = network(seed)
    other = dict(zip(ORIGINS, ("R", "P", "Q"), strict=True))
    swapped = copy.deepcopy(tables)
    for row in (*swapped["supplies"], *swapped.get("permissions", ())):
        row["origin"] = other[row["origin"]]
    assert solve(swapped).objective == pytest.approx(solve(tables).objective, rel=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_line_may_be_two_of_half_its_capacity(seed: int) -> None:
    tables = network(seed)
    halves = copy.deepcopy(tables)
    halves["arcs"] = [
        {**row, "id": f"{row['id']}_{half}", "line": f"{row['line']}_{half}", "capacity": row["capacity"] / 2}
        | ({"corridor": f"{row['corridor']}_{half}"} if row.get("corridor") else {})
        for row in halves["arcs"]
        for half in (1, 2)
    ]
    if "corridors" in halves:
        halves["corridors"] = [
            {**row, "id": f"{row['id']}_{h}", "capacity": row["capacity"] / 2} for row in halves["corridors"] for h in (1, 2)
        ]
    assert solve(halves).objective == pytest.approx(solve(tables).objective, rel=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_forward_and_backward_are_only_names(seed: int) -> None:
    tables = network(seed)
    turned = copy.deepcopy(tables)
    for row in turned["arcs"]:
        row["direction"] = "backward" if row["direction"] == "forward" else "forward"
    turned["arcs"].reverse()
    assert solve(turned).objective == pytest.approx(solve(tables).objective, rel=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_without_permissions_origins_cost_nothing(seed: int) -> None:
    """Where any buyer takes any origin and no tariff is paid, three origins are one: a program of one origin has no netting at all."""
    tables = network(seed, tariffs=False, permissions=False)
    one = copy.deepcopy(tables)
    for row in one["supplies"]:
        row["origin"] = "P"
    assert solve(tables).objective == pytest.approx(solve(one).objective, rel=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_where_power_is_worth_something_nothing_is_against_physics(seed: int) -> None:
    """Every cost and price is above zero: no line carries both ways at once, whatever origins cross on it."""
    solution = solve(network(seed))
    assert solution.certificate.physical
    assert not solution.certificate.found


def test_origins_do_cross_in_these_networks() -> None:
    """The tests above are about something: in most of the networks opposite flows are netted."""
    crossed = [float(solve(network(seed)).values("netted").sum()) > 1.0 for seed in SEEDS]
    assert sum(crossed) >= len(crossed) // 2
