"""Leaving out columns against keeping all of them: random networks with floors, rewards and circles have the same objective either way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from network import arc, case, demand, node, package, supply

from energynet.errors import EnergynetError
from energynet.program.layout import Program
from energynet.solver import SolveOptions, solve_program
from energynet.system.pairs import Pairs
from energynet.system.system import System, build_system

PLACES = ("n0", "n1", "n2", "n3")
TARIFF, LOSS = st.sampled_from([0, 1, 3, -2]), st.sampled_from([0, 0, 0.1])
Row = dict[str, Any]


def everything(system: System) -> Pairs:
    """All pairs of every record with every origin of its carrier, with nothing left out but demands that never ask."""
    at = {n: system["origins"].where("carrier", system["nodes"].of("carrier", n)) for n in system["nodes"]}

    def of(table: str, column: str) -> tuple[tuple[str, str], ...]:
        return tuple((key, o) for key in system[table] for o in at[system[table].of(column, key)])

    asking = {d for k, d in enumerate(system["demands"]) if system["demands"].number["quantity"][:, k].max() > 0.0}
    return Pairs(
        tuple((n, o) for n, origins in at.items() for o in origins), of("arcs", "from_node"),
        tuple(pair for pair in of("demands", "node") if pair[0] in asking), of("storages", "node"), of("converters", "from_node"),
        system["supplies"].ids, system["swaps"].ids,
    )  # fmt: skip


def outcome(system: System) -> str | float:
    try:
        return solve_program(Program(system).lay(system), SolveOptions(second_stage=False, solver="simplex")).objective
    except EnergynetError as error:
        return type(error).__name__


@st.composite
def networks(draw: st.DrawFn) -> dict[str, list[Row]]:
    """Four nodes of gas and one of power; arcs any way round, some with a floor, a loss or a negative tariff; what else may ask or pay."""
    arcs, some = list[Row](), draw(st.lists(st.permutations(PLACES), min_size=2, max_size=7))
    for k, (source, target, *_) in enumerate(some):
        floor = draw(st.sampled_from([0, 0, 0, 0, 2]))
        arcs.append(dict(arc(f"a{k}", source, target, draw(st.sampled_from([0, 6, 10])), draw(TARIFF), loss=draw(LOSS), minimum=floor)))
    supplies = [
        dict(
            supply(
                f"s{k}", draw(st.sampled_from(PLACES)), 8, draw(st.sampled_from([5, 2, -4])), o, minimum=draw(st.sampled_from([0, 0, 1]))
            )
        )
        for k, o in enumerate(draw(st.lists(st.sampled_from("AB"), min_size=1, max_size=2)))
    ]
    markets = draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=2, unique=True))
    demands = [dict(demand(f"d{k}", n, draw(st.sampled_from([0, 3])))) for k, n in enumerate(markets)]
    tables: dict[str, list[Row]] = {
        "nodes": [*(dict(node(key)) for key in PLACES), dict(node("p", carrier="electricity"))],
        "arcs": arcs,
        "supplies": supplies,
        "demands": demands,
    }
    if draw(st.booleans()):
        plant = {"from_node": draw(st.sampled_from(PLACES)), "to_node": "p", "origin": "P", "capacity": 20, "capacity_unit": "GWh/d"}
        more = {"minimum": draw(st.sampled_from([0, 5])), "efficiency": 0.5, "cost": 1, "cost_unit": "USD/MWh"}
        tables["converters"] = [{"id": "v", "name": "v", **plant, **more}]
    if draw(st.booleans()):
        tables["demands"].append(dict(demand("dp", "p", 5, quantity_unit="GWh/d", value_unit="USD/MWh")))
    if draw(st.booleans()):
        rates = {"working_volume": 50, "volume_unit": "mcm", "injection": 2, "withdrawal": 2, "rate_unit": "mcm/d"}
        tables["storages"] = [{"id": "w", "name": "w", "node": draw(st.sampled_from(PLACES)), **rates}]
        tables["storage_targets"] = [{"storage": "w", "date": "2025-01-03", "fill": 0.1, "penalty": 20, "penalty_unit": "USD/tcm"}]
    if draw(st.booleans()):
        sense, charge = draw(st.sampled_from(["at_least", "at_most"])), draw(st.sampled_from([0, -9000, 9000]))
        quantity = draw(st.sampled_from([-200, 300]))
        tables["ceilings"] = [
            {"id": "c", "name": "c", "sense": sense, "quantity": quantity, "unit": "mcm", "charge": charge, "charge_unit": "USD/mcm"}
        ]
        term = {"ceiling": "c", "component": "arc", "target": "a0", "weight": draw(st.sampled_from([1, -1]))}
        tables["ceiling_terms"] = [term, {**term, "component": "arc", "target": "a1", "origin": draw(st.sampled_from(["", "A"]))}]
    if draw(st.booleans()):
        given = {"seller": "s", "buyer": "AA", "origin": draw(st.sampled_from("AB")), "delivery_arc": "a0", "annual_quantity": 1}
        terms = {"quantity_unit": "bcm/y", "take_or_pay": 0.8, "contract_price": 10, "seller_cost": 30, "price_unit": "USD/tcm"}
        tables["contracts"] = [{"id": "k", "name": "k", **given, **terms}]
    if draw(st.booleans()):
        ends = draw(st.permutations(PLACES))
        swap = {"hand_over_node": ends[0], "receipt_node": ends[1], "origin": "A", "partner_origin": "B", "maximum": 3}
        tables["swaps"] = [{"id": "x", "name": "x", **swap, "quantity_unit": "mcm/d", "fee": draw(LOSS), "cost": 0, "cost_unit": "USD/tcm"}]
    if draw(st.booleans()):
        rule = {"component": "arc", "target": "a0", "origin": "A", "rule": draw(st.sampled_from(["ban", "only"]))}
        tables["permissions"] = [{"id": "r", **rule}]
    return tables


@settings(max_examples=9, deadline=None, derandomize=True)
@given(networks())
def test_what_is_left_out_moves_nothing(tables: dict[str, list[Row]]) -> None:
    system = build_system(package(tables), case(start="2025-01-01", end="2025-01-02", step="day"))
    kept, whole = outcome(system), outcome(replace(system, pairs=everything(system)))
    if isinstance(kept, str) or isinstance(whole, str):
        assert kept == whole
    else:
        assert abs(kept - whole) <= 1e-9 * max(1.0, abs(whole))
    assert all(set(getattr(system.pairs, name)) <= set(getattr(everything(system), name)) for name in Pairs.__dataclass_fields__)
