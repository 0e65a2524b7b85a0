"""Ids that could run into each other when parts are joined: every record, column and row has a name of its own."""

from __future__ import annotations

from network import arc, demand, node, solve, supply

PARTS = ("a", "a1", "1", "2")


def test_no_two_records_have_one_id() -> None:
    """Parts `a` and `a1` of twelve blocks, and parts and blocks of the same numbers, keep all of their blocks and their worth."""
    elastic = {"demand": "d", "share": 0.1, "elasticity": -0.5, "reference_price": 50, "price_unit": "USD/tcm", "blocks": 12}
    solution = solve(
        {
            "nodes": [node("f"), node("m")],
            "arcs": [arc("fm", "f", "m", 100)],
            "supplies": [supply("s", "f", 100, 10)],
            "demands": [demand("d", "m", 10)],
            "demand_blocks": [
                {"demand": "d", "block": k, "width": 1, "width_unit": "mcm/d", "willingness": 30 - k, "willingness_unit": "USD/tcm"}
                for k in (1, 2)
            ],
            "elasticities": [{**elastic, "part": part} for part in PARTS],
        },
        demand="elastic",
    )
    for name, records in solution.system.records.items():
        assert len(set(records.ids)) == len(records.ids), name
    assert len(set(solution.keys("bought"))) == 4 * 13 + 2
    names = [solution.program.column_name(k) for k in range(solution.program.column_count)]
    assert len(set(names)) == len(names)
    bought = dict(zip(solution.keys("bought"), solution.values("bought")[0], strict=True))
    taken = [sum(volume for (_, block), volume in bought.items() if block.startswith(f"{part}.")) for part in PARTS]
    assert max(taken) - min(taken) < 1e-9  # all parts are alike
