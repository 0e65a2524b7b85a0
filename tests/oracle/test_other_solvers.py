"""Random systems against solvers of other hands: networkx on pure networks, GLOP of OR-tools on everything."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from network import arc, demand, node, program, solve, supply

from energynet.results.result import Result  # noqa: F401  (imported once here, so that no example pays for it)
from energynet.results.tables import Tables
from energynet.solution import solve_system

DAY = {"start": "2025-01-01", "end": "2025-01-01", "step": "day"}
QUARTER = {"start": "2025-01-01", "end": "2025-03-31", "step": "month"}
FEW = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
LOST = 500


@st.composite
def networks(draw: st.DrawFn) -> dict[str, Any]:
    """A ring of nodes with chords, supplies and demands: whole numbers everywhere."""
    size = draw(st.integers(2, 7))
    nodes = [f"n{k}" for k in range(size)]
    ends = [(k, (k + 1) % size) for k in range(size)] if size > 2 else [(0, 1)]
    ends += draw(st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)).filter(lambda e: e[0] != e[1]), max_size=8))
    whole = st.integers(1, 20)
    arcs = [arc(f"a{k}", nodes[a], nodes[b], draw(whole), draw(st.integers(0, 30))) for k, (a, b) in enumerate(ends)]
    supplies = [supply(f"s{k}", draw(st.sampled_from(nodes)), draw(whole), draw(whole)) for k in range(draw(st.integers(1, 4)))]
    demands = [demand(f"d{k}", draw(st.sampled_from(nodes)), draw(whole), LOST) for k in range(draw(st.integers(1, 4)))]
    return {"nodes": [node(n) for n in nodes], "arcs": arcs, "supplies": supplies, "demands": demands}


@st.composite
def markets(draw: st.DrawFn) -> dict[str, Any]:
    """The same with losses, two origins, a storage, tiers, an elastic block and a contract."""
    tables = draw(networks())
    share = st.floats(0, 1).map(lambda x: round(x, 3))
    for one in tables["arcs"]:
        one["loss"] = 0.1 * draw(share)
    for one in tables["supplies"]:
        one["origin"] = draw(st.sampled_from(["A", "B"]))
    tables["profiles"] = [{"profile": "w", "basis": "factor", "month": m, "value": 0.2 + 0.8 * draw(share)} for m in (1, 2, 3)]
    first = tables["demands"][0]
    first |= {"profile": "w", "tier_set": "t"}
    tables["tiers"] = [
        {"tier_set": "t", "tier": "a", "share": 0.25, "value_factor": 1},
        {"tier_set": "t", "tier": "b", "share": 0.75, "value_factor": 2},
    ]
    tables["demand_blocks"] = [
        {
            "demand": first["id"],
            "block": 1,
            "width": 3,
            "width_unit": "mcm/d",
            "willingness": draw(st.integers(1, 60)),
            "willingness_unit": "USD/tcm",
        }
    ]
    tables["storages"] = [
        {"id": "k", "name": "k", "node": first["node"], "working_volume": 200, "volume_unit": "mcm", "injection": 5, "withdrawal": 6,
         "rate_unit": "mcm/d", "injection_efficiency": 0.98, "withdrawal_efficiency": 0.97, "daily_loss": 0.001}
    ]  # fmt: skip
    tables["contracts"] = [
        {"id": "c", "name": "c", "seller": "x", "buyer": "AA", "origin": "A", "delivery_demand": first["id"], "annual_quantity": 2,
         "quantity_unit": "bcm/y", "take_or_pay": 0.8, "contract_price": draw(st.integers(0, 60)), "seller_cost": draw(st.integers(0, 60)),
         "price_unit": "USD/tcm"}
    ]  # fmt: skip
    return tables


@FEW
@given(networks())
def test_pure_networks_cost_what_the_network_simplex_says(tables: dict[str, Any]) -> None:
    graph = nx.DiGraph()
    total = sum(int(d["quantity"]) for d in tables["demands"])
    graph.add_node("source", demand=-total)
    graph.add_node("sink", demand=total)
    for k, one in enumerate(tables["arcs"]):  # a node in the middle of each arc: parallel arcs stay apart
        graph.add_edge(one["from_node"], f"mid{k}", capacity=int(one["capacity"]), weight=int(one["tariff"]))
        graph.add_edge(f"mid{k}", one["to_node"])
    for one in tables["supplies"]:
        graph.add_edge("source", one["id"], capacity=int(one["maximum"]), weight=int(one["cost"]))
        graph.add_edge(one["id"], one["node"])
    for one in tables["demands"]:
        graph.add_edge(one["node"], one["id"], capacity=int(one["quantity"]))
        graph.add_edge("source", one["id"], capacity=int(one["quantity"]), weight=LOST)
        graph.add_edge(one["id"], "sink", capacity=int(one["quantity"]))
    cost, _ = nx.network_simplex(graph)
    assert solve(tables, **DAY).objective == pytest.approx(cost * 0.001, rel=1e-9, abs=1e-12)


@FEW
@given(markets())
def test_the_whole_program_costs_what_another_solver_says(tables: dict[str, Any]) -> None:
    from ortools.linear_solver import pywraplp

    laid = program(tables, **QUARTER)
    solver = pywraplp.Solver.CreateSolver("GLOP")
    bound = lambda x: solver.infinity() if x == np.inf else -solver.infinity() if x == -np.inf else float(x)  # noqa: E731
    columns = [solver.NumVar(bound(lo), bound(hi), "") for lo, hi in zip(laid.lower, laid.upper, strict=True)]
    matrix = sp.csc_matrix((laid.value, laid.index, laid.start), shape=(laid.row_count, laid.column_count)).tocsr()
    for i in range(laid.row_count):
        row = solver.Constraint(bound(laid.row_lower[i]), bound(laid.row_upper[i]))
        for at in range(matrix.indptr[i], matrix.indptr[i + 1]):
            row.SetCoefficient(columns[matrix.indices[at]], float(matrix.data[at]))
    for column, cost in zip(columns, laid.cost, strict=True):
        solver.Objective().SetCoefficient(column, float(cost))
    assert solver.Solve() == pywraplp.Solver.OPTIMAL
    assert solve(tables, **QUARTER).objective == pytest.approx(solver.Objective().Value() + laid.offset, rel=1e-7, abs=1e-9)


@FEW
@given(markets())
def test_tables_of_any_system_are_sound(tables: dict[str, Any]) -> None:
    """Balances add up to zero, nothing flows beyond its capacity, prices lie below lost load, costs add up; the certificate holds."""
    from network import system

    solution = solve_system(system(tables, **QUARTER))
    made = Tables(solution)
    parts = made["balance"].drop(columns="unserved").select_dtypes("number").drop(columns=["year", "days", "weight"], errors="ignore")
    assert parts.sum(axis=1).abs().max() < 1e-6
    assert (made["flows"]["per_day"] <= made["flows"]["capacity_per_day"] + 1e-7).all()
    served = made["prices"].loc[made["prices"]["demand"] != "", "price"]
    assert (served <= 2 * LOST + 1e-6).all()
    assert made["costs"]["musd"].sum() == pytest.approx(solution.objective, rel=1e-9, abs=1e-9)
    assert solution.certificate.holds
