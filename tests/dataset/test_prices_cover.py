"""A price must have a value on every day on which something follows it, and on no other."""

from __future__ import annotations

from typing import Any

import pytest
from network import case, demand, node, package, supply

from energynet.dataset.case_checks import prices_cover
from energynet.dataset.inputs import Inputs

QUARTER = case(start="2025-01-01", end="2025-03-31")


def faults(prices: list[dict[str, Any]], **use: Any) -> list[str]:
    hub = [{"id": "hub", "name": "hub", "carrier": "gas", "value": 300, "unit": "USD/tcm", **row} for row in prices]
    tables = {
        "nodes": [node("m")], "supplies": [supply("s", "m", 9, 0, price="hub", price_factor=1.0, **use)], "demands": [demand("d", "m", 5)],
        "prices": hub,
    }  # fmt: skip
    return [fault.message for fault in prices_cover(Inputs(package(tables), QUARTER))]


@pytest.mark.parametrize(
    ("prices", "use", "gap"),
    [
        ([{}], {}, None),
        ([{"valid_from": "2025-02-01"}], {}, "from 2025-01-01 to 2025-01-31"),
        ([{"valid_from": "2025-02-01"}], {"valid_from": "2025-02-01"}, None),
        ([{"valid_from": "2025-02-01"}], {"valid_from": "2025-01-20"}, "from 2025-01-20 to 2025-01-31"),
        ([{"valid_to": "2025-02-10"}], {"valid_to": "2025-02-12"}, "from 2025-02-11 to 2025-02-12"),
        ([{"valid_to": "2025-01-31"}, {"valid_from": "2025-02-05"}], {}, "from 2025-02-01 to 2025-02-04"),
        ([{"valid_to": "2025-01-31"}, {"valid_from": "2025-02-01"}], {}, None),
    ],
)
def test_a_gap_counts_where_the_price_is_used(prices: list[dict[str, Any]], use: dict[str, Any], gap: str | None) -> None:
    assert faults(prices, **use) == ([] if gap is None else [f"has no value {gap}, inside the horizon"])
