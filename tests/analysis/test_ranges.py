"""Ranges at equal cost, and what assumptions decide."""

from __future__ import annotations

import pandas as pd
import pytest
from network import arc, demand, node, solve, supply

from energynet.analysis.assumptions import effects
from energynet.analysis.ranges import ranges
from energynet.solution import Solution

DAY = {"start": "2025-01-01", "end": "2025-01-01", "step": "day"}
TWO = {
    "nodes": [node("f"), node("x", "BB"), node("y", "CC")],
    "arcs": [arc("fx", "f", "x", 50, 5), arc("fy", "f", "y", 50, 5)],
    "supplies": [supply("s", "f", 10, 20), supply("bx", "x", 50, 40, "B"), supply("by", "y", 50, 40, "B")],
    "demands": [demand("dx", "x", 8), demand("dy", "y", 7)],
}


def ends(solution: Solution, kind: str, tolerance: float = 0.0) -> dict[tuple[str, str], tuple[float, float]]:
    frame = ranges(solution, tolerance)
    frame = frame[frame["kind"] == kind]
    return {(row.figure, row.origin): (1000 * row.lowest, 1000 * row.highest) for row in frame.itertuples()}


def test_the_split_between_equal_markets_is_a_range() -> None:
    """10 of the cheap gas over markets of 8 and 7 at one price: 3 to 8, and 2 to 7."""
    solution = solve(TWO, **DAY)
    found = ends(solution, "delivery")
    assert found["BB", "A"] == pytest.approx((3, 8))
    assert found["CC", "A"] == pytest.approx((2, 7))
    assert ends(solution, "flow")["fx", ""] == pytest.approx((3, 8))


def test_a_tolerance_widens_a_range_by_what_it_buys() -> None:
    """The answer costs 10 x 25 + 5 x 40 = 450; gas of B in place of A's costs 15 more: 1 % is 4.5 and buys 0.3."""
    found = ends(solve(TWO, **DAY), "delivery", 0.01)
    assert found["BB", "A"] == pytest.approx((2.7, 8))
    assert found["BB", "B"] == pytest.approx((0, 5.3))


def test_a_range_is_said_in_words() -> None:
    frame = ranges(solve(TWO, **DAY)).set_index(["kind", "figure", "origin"])
    assert frame.loc[("delivery", "BB", "A"), "words"].endswith("could be anything from 0.00 to 0.01 at the same cost")


def test_a_bound_that_is_not_proven_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from energynet.errors import CertificateFailure
    from energynet.solver.session import Session

    honest = Session.solve

    def lying(self: Session) -> object:
        outcome = honest(self)
        return replace(outcome, primal=outcome.primal * 1.001, objective=outcome.objective * 1.001)

    solution = solve(TWO, **DAY)
    monkeypatch.setattr(Session, "solve", lying)
    with pytest.raises(CertificateFailure):
        ranges(solution)


def test_assumptions_move_figures() -> None:
    table = pd.DataFrame(
        [{"id": "a", "statement": "s", "low": "supply[s].maximum *= 0.5", "high": "supply[s].maximum *= 1.2; supply[s].cost *= 1"}]
    )

    def figures(changes: tuple[str, ...]) -> dict[str, float]:
        solution = solve(TWO, **DAY, changes=changes)
        return {"cheap": float(solution.values("flow").sum())}

    found = effects(table, figures).set_index("end")
    assert found["cheap"].to_dict() == pytest.approx({"low": -5.0, "high": 2.0})
