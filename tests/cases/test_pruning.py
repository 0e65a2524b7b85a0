"""What no source reaches or no use asks for, and still decides the cost or whether there is an answer: the cases by hand."""

from __future__ import annotations

import numpy as np
import pytest
from small_cases import model_of

import energynet as en
from energynet.errors import Infeasible

FLOORS = {
    "minimum-flow-dead-end": "minimum_flow[ac]@2025-01-01",
    "minimum-converter-dead-end": "minimum_conversion[cv]@2025-01-01",
    "floor-on-closed-arc": "ceiling[fl,2025]",
    "floor-into-dead-end": "ceiling[fl,2025]",
}


@pytest.mark.parametrize("name", FLOORS)
def test_a_floor_that_nothing_can_meet_is_infeasible_and_named(name: str) -> None:
    with pytest.raises(Infeasible) as found:
        model_of(name).solution()
    assert any(line.startswith(FLOORS[name]) for line in found.value.explanation), found.value.explanation


def test_a_circle_that_pays_is_run() -> None:
    result = model_of("cycle-of-negative-cost").solve()
    assert result.objective == pytest.approx(-0.02, rel=1e-12)
    netbacks = result.tables["netbacks"]
    assert netbacks["tariffs"].tolist() == [pytest.approx(1.0)]  # of what was taken, and not of what runs in a circle


def test_where_nobody_asks_nothing_flows() -> None:
    assert model_of("nobody-asks").solution().objective == 0.0


def test_where_nobody_asks_and_a_floor_is_set_there_is_no_answer() -> None:
    with pytest.raises(Infeasible) as found:
        model_of("nobody-asks").solution(["supply[s].minimum = 1 GWh/d"])
    assert found.value.explanation[0].startswith("supply_minimum[s]@2025-01-01")


def test_an_outage_of_the_only_supply_leaves_all_unserved() -> None:
    solution = model_of("nothing-supplied").solution(["supply[g].availability = 0"])
    assert solution.objective == pytest.approx(60e-3 * 24 * 3000 * 1e-3, rel=1e-12)


def test_an_annual_floor_of_a_supply_that_is_out_is_not_forgotten() -> None:
    model: en.Model = model_of("nothing-supplied")
    with pytest.raises(Infeasible):
        model.solution(["supply[g].annual_minimum = 1 GWh/y", "supply[g].availability = 0"])


def test_a_price_without_an_end_to_its_range_is_not_the_only_one() -> None:
    prices = model_of("price-without-range-end").solve().tables["prices"]
    endless = ~np.isfinite(prices[["lowest", "highest"]]).all(axis=1)
    assert endless.any()
    assert not prices.loc[endless, "unique"].any()
