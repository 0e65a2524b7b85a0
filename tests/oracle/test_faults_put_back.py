"""Faults that were mended, put back: the comparison with the second reader must find each.

The first is put back into the code. The others give the package under test the data as it would take them with the fault, and the second
reader the data as they are.
"""

from __future__ import annotations

import shutil

import pytest
from oracle.comparison import compare
from small_cases import path_of

from energynet.system.stretches import Stretches


def edited(case, folder, table, old, new):
    """A copy of a case with a text in one table replaced; its model file."""
    whole = shutil.copytree(path_of(case).parents[1], folder / "copy")
    replace(whole / "data" / f"{table}.csv", old, new)
    return whole / "models" / path_of(case).name


def replace(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("case", ["price-and-exchange-by-month", "outage-and-capacity-by-month", "efficiency-by-month"])
def test_products_of_means(case, monkeypatch):
    """Periods are no longer cut on the days on which data change."""
    assert not compare(path_of(case)).faults
    monkeypatch.setattr(Stretches, "cut", lambda self, days: self)
    assert compare(path_of(case)).faults


@pytest.mark.parametrize(
    ("case", "table", "old", "new"),
    [
        pytest.param("outage-and-capacity-by-month", "arcs", "ab,ab,a,b,10,", "ab,ab,a,b,20,", id="a change beyond its row"),
        pytest.param("price-and-exchange-by-month", "exchange_rates", "EUR,2,", "EUR,1,", id="a change of an exchange rate without effect"),
        pytest.param("minimum-flow-dead-end", "arcs", "GWh/d,4,", "GWh/d,,", id="a floor that is left out"),
        pytest.param("cycle-of-negative-cost", "arcs", "d,c,10,", "d,c,0,", id="a circle that pays, left out"),
    ],
)
def test_data_taken_otherwise(case, table, old, new, tmp_path):
    assert compare(path_of(case)).faults == []
    assert compare(edited(case, tmp_path, table, old, new), ours=path_of(case)).faults


def test_a_contract_outside_of_its_window(tmp_path):
    """By month, a contract of the second half of the year, for twice what its buyer can take in a day; each unit delivered earns 5 USD/tcm.

    With the fault it has the same quantity in the year (2 mcm/d on 184 days), but may deliver it on all 365 days.
    """
    right, wrong = (
        edited("negative-contract-price", tmp_path / name, "contracts", "c,c,S,XA,F,d,1.0,mcm/d,0.5,-5,0,", f"c,c,S,XA,F,d,{cells}")
        for name, cells in (("right", "2.0,mcm/d,0.5,5,10,"), ("wrong", f"{2 * 184 / 365!r},mcm/d,0.5,5,10,"))
    )
    for path in (right, wrong):
        replace(path, "step: year", "step: month")
    contracts = right.parents[1] / "data" / "contracts.csv"
    replace(contracts, ",confidence", ",confidence,valid_from")
    replace(contracts, ",assumed", ",assumed,2025-07-01")
    agreed = compare(right)
    assert agreed.faults == []
    found = compare(wrong, ours=right)
    assert found.faults
    assert float(found.theirs) == pytest.approx(float(agreed.theirs) - 181 * 5e-3)
