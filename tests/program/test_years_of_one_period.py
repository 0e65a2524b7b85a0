"""A year in one period whose storages end as they began: the period follows itself."""

from __future__ import annotations

import numpy as np
import pytest
from network import case, demand, node, package, solve, supply

from energynet.dataset.changes import parse_change
from energynet.program.layout import Program
from energynet.program.patch import Patch
from energynet.system.system import build_system

YEARS = {"start": "2025-01-01", "end": "2026-12-31", "step": "year", "storage_end": "yearly", "discount_rate": 0.0}
STORE = {
    "id": "st", "name": "st", "node": "n", "working_volume": 100, "volume_unit": "mcm", "injection": 5, "withdrawal": 5,
    "rate_unit": "mcm/d", "inflow": 1, "inflow_origin": "A", "daily_loss": 0.0001,
}  # fmt: skip
TABLES = {"nodes": [node("n")], "supplies": [supply("s", "n", 20, 10)], "demands": [demand("d", "n", 8)], "storages": [STORE]}


@pytest.mark.parametrize("end", ["yearly", "cyclic"])
def test_each_year_ends_as_it_began(end):
    """What flows in each day is given that day; where nothing is kept nothing is lost: 7 of 8 mcm/d are bought."""
    solution = solve(TABLES, **YEARS | {"storage_end": end})
    assert solution.objective == pytest.approx(7 * 730 * 10 * 0.001)


def test_a_changed_loss_reaches_the_one_entry():
    """A scenario that writes new numbers into the arrays gives the program that is laid out anew."""
    data = package(TABLES)
    base = build_system(data, case(**YEARS))
    changed = build_system(data, case(**YEARS), [parse_change("storage[st].daily_loss = 0.001")])
    compiled = Program(base)
    patched, anew = Patch(compiled, base, compiled.lay(base)).program(changed), compiled.lay(changed)
    assert np.array_equal(patched.value, anew.value)
    assert not np.array_equal(anew.value, compiled.lay(base).value)
