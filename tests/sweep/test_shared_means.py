"""A scenario takes from its base the means that no change moves, and only those: its numbers are those of a system of its own."""

from __future__ import annotations

import pytest

from energynet.dataset.changes import parse_change
from energynet.system.alike import different
from energynet.system.system import Reading, changed_system
from tests.network import case, package
from tests.sweep.test_patch import NUMBERS, texts
from tests.systems import EVERYTHING


def _halved(rows):
    """Each row in two that hold the same, so that every month of January is cut."""
    return [half for row in rows for half in ({**row, "valid_to": "2025-01-15"}, {**row, "valid_from": "2025-01-16"})]


@pytest.mark.parametrize("spec", [{}, {"demand": "elastic"}, {"tariffs": "capacity"}], ids=str)
def test_each_number_reaches_all_that_follows_from_it(spec):
    reading = Reading(package({**EVERYTHING, "corridors": _halved(EVERYTHING["corridors"])}),
                      case(end="2025-02-28", **spec))  # fmt: skip
    assert reading.stretches.split
    base = changed_system(reading)
    for component, column in NUMBERS:
        changes = [parse_change(text) for text in texts(component, column)]
        shared, own = changed_system(reading, changes, like=base), changed_system(reading, changes)
        assert not different(own.records, shared.records), (component, column)
        back = changed_system(reading, (), like=shared)
        assert not different(base.records, back.records), (component, column)
