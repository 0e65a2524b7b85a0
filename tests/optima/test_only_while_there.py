"""What belongs to something that is there only for some days counts on these days: ceilings, blocks of a demand, money of a date."""

from __future__ import annotations

import pytest
from network import demand, node, solve, supply

JANUARY = {"start": "2025-01-01", "end": "2025-01-31", "step": "month"}


def test_a_ceiling_counts_only_the_days_on_which_it_is_valid():
    """From 16 January 5 mcm/d of the cheap supply at most: the 80 mcm of its 16 days are held against what is given in these, 5 of 10."""
    solution = solve(
        {
            "nodes": [node("n")],
            "supplies": [supply("cheap", "n", 20, 10), supply("dear", "n", 20, 50)],
            "demands": [demand("d", "n", 10)],
            "ceilings": [{"id": "c", "name": "c", "sense": "at_most", "quantity": 1825, "unit": "mcm", "valid_from": "2025-01-16"}],
            "ceiling_terms": [{"ceiling": "c", "component": "supply", "target": "cheap", "weight": 1}],
        },
        **JANUARY,
    )
    assert solution.objective == pytest.approx(31 * (5 * 10 + 5 * 50) * 0.001)


def test_a_block_buys_nothing_before_its_demand_is_there():
    """A demand that begins on 16 January buys 1 mcm/d, and a block of 10 mcm/d at 100 USD/tcm: for 16 days."""
    block = {"demand": "d", "block": 1, "width": 10, "width_unit": "mcm/d", "willingness": 100, "willingness_unit": "USD/tcm"}
    solution = solve(
        {
            "nodes": [node("n")],
            "supplies": [supply("s", "n", 20, 10)],
            "demands": [demand("d", "n", 1, valid_from="2025-01-16")],
            "demand_blocks": [block],
        },
        **JANUARY,
    )
    assert solution.objective == pytest.approx(16 * (1 * 10 + 10 * (10 - 100)) * 0.001)


def test_the_penalty_of_a_target_is_converted_when_it_is_missed():
    """50 mcm are missing at the end of February, when a euro is worth 2 USD: 50 mcm x 10 EUR/tcm."""
    store = {"id": "st", "name": "st", "node": "n", "working_volume": 100, "volume_unit": "mcm", "rate_unit": "mcm/d"}
    solution = solve(
        {
            "nodes": [node("n")],
            "supplies": [supply("s", "n", 20, 500)],
            "demands": [demand("d", "n", 1)],
            "storages": [{**store, "injection": 5, "withdrawal": 5}],
            "storage_targets": [{"storage": "st", "date": "2025-03-01", "fill": 0.5, "penalty": 10, "penalty_unit": "EUR/tcm"}],
            "exchange_rates": [{"id": "EUR", "usd": 1, "valid_to": "2025-01-31"}, {"id": "EUR", "usd": 2, "valid_from": "2025-02-01"}],
        },
        start="2025-01-01",
        end="2025-02-28",
    )
    assert solution.objective == pytest.approx(59 * 500 * 0.001 + 50 * 20 * 0.001)
