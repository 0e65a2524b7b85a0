"""Ranges at equal cost, and what assumptions decide."""

from __future__ import annotations

import pandas as pd
import pytest
from network import arc, demand, node, solve, supply

from energynet.analysis.assumptions import effects
from energynet.analysis.equal_cost import delivered, equal_cost

DAY = {"start": "2025-01-01", "end": "2025-01-01", "step": "day"}
TWO = {
    "nodes": [node("f"), node("x", "BB"), node("y", "CC")],
    "arcs": [arc("fx", "f", "x", 50, 5), arc("fy", "f", "y", 50, 5)],
    "supplies": [supply("s", "f", 10, 20), supply("bx", "x", 50, 40, "B"), supply("by", "y", 50, 40, "B")],
    "demands": [demand("dx", "x", 8), demand("dy", "y", 7)],
}


def test_the_split_between_equal_markets_is_a_range() -> None:
    """10 of the cheap gas over markets of 8 and 7 at one price: 3 to 8, and 2 to 7; the sum stands."""
    solution = solve(TWO, **DAY)
    found = equal_cost(solution, delivered(solution, "A", by="country"))
    assert (found["BB"].lowest * 1000, found["BB"].highest * 1000) == pytest.approx((3, 8))
    assert (found["CC"].lowest * 1000, found["CC"].highest * 1000) == pytest.approx((2, 7))
    whole = equal_cost(solution, delivered(solution, "A"))
    assert (whole["test"].lowest, whole["test"].highest) == pytest.approx((0.01, 0.01))


def test_assumptions_move_figures() -> None:
    table = pd.DataFrame(
        [{"id": "a", "statement": "s", "low": "supply[s].maximum *= 0.5", "high": "supply[s].maximum *= 1.2; supply[s].cost *= 1"}]
    )

    def figures(changes: tuple[str, ...]) -> dict[str, float]:
        solution = solve(TWO, **DAY, changes=changes)
        return {"cheap": float(solution.values("flow").sum())}

    found = effects(table, figures).set_index("end")
    assert found["cheap"].to_dict() == pytest.approx({"low": -5.0, "high": 2.0})
