"""Years that are solved by themselves, and storages over representative days: each case at its right value, or refused by its row."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from energynet.errors import InputFaults
from energynet.rolling import windows
from energynet.system.system import build_system
from tests.network import case, demand, node, package, supply
from tests.small_cases import model_of

SOLVED = {
    "battery-representative-day": 1.488,
    "battery-all-hours": 1.488,
    "rolled-control-stocks": 43.8,
    "rolled-control-no-storage": 43.8,
    "rolled-without-closing-stock": 43.8,  # each year ends free
}


@pytest.mark.parametrize("name", SOLVED)
def test_right_value(name: str) -> None:
    assert model_of(name).solve().objective == pytest.approx(SOLVED[name], rel=1e-9)


def test_a_battery_that_does_not_say_its_cycle_is_refused() -> None:
    with pytest.raises(InputFaults) as found:
        model_of("battery-representative-season").solve()
    [fault] = found.value.faults
    assert (fault.file.split("/")[-1], fault.row, fault.column) == ("storages.csv", 2, "cycle")
    assert "4 hours" in fault.message


def test_a_year_without_its_closing_stock_is_refused() -> None:
    with pytest.raises(InputFaults) as found:
        model_of("rolled-stocks-two-years-apart")
    [fault] = found.value.faults
    assert fault.file.endswith("storages.csv")
    assert (fault.row, fault.value) == (2, "s")
    assert "storage_stocks lacks 2026-01-01" in fault.message


TANK = {
    "id": "s", "name": "s", "node": "m", "working_volume": 9, "volume_unit": "mcm", "injection": 1, "withdrawal": 1, "rate_unit": "mcm/d",
}  # fmt: skip


@pytest.mark.parametrize("kinds", [("calendar",), ("gas",), ("calendar", "gas")])
@pytest.mark.parametrize("step", ["month", "year"])
def test_the_days_that_need_a_stock_are_those_on_which_windows_end(kinds: tuple[str, ...], step: str) -> None:
    """The check reads the tables, the windows the periods: both find the same days."""
    from energynet.dataset.checks import check

    contract = {"name": "c", "seller": "x", "buyer": "AA", "origin": "A", "delivery_demand": "d", "annual_quantity": 3.65}
    contract |= {"quantity_unit": "bcm/y", "take_or_pay": 0.5, "seller_cost": 90, "contract_price": 100, "price_unit": "USD/tcm"}
    stocks = [{"storage": "s", "date": day, "origin": "A", "fill": 0} for day in ("2025-01-01", "2028-01-01")]
    tables = {
        "nodes": [node("m")], "supplies": [supply("a", "m", 50, 30)], "demands": [demand("d", "m", 10)], "storages": [TANK],
        "storage_stocks": stocks, "contracts": [{"id": kind, "contract_year": kind, **contract} for kind in kinds],
    }  # fmt: skip
    given = {"end": "2027-12-31", "step": step, "contract_years": "rolling", "storage_end": "stocks", "discount_rate": 0.0}
    made, rolled = package(tables), case(**given)
    with pytest.raises(InputFaults) as found:
        check(made, rolled)
    system = build_system(made, rolled)
    ends = {system.horizon.covers_to[window.last - 1].astype("datetime64[D]") for window in windows(system)}
    asked = {np.datetime64(fault.message.split()[-1]) for fault in found.value.faults if "storage_stocks lacks" in fault.message}
    assert asked == ends - {np.datetime64(date(2028, 1, 1))}
    months = {10 if kind == "gas" and step == "month" else 1 for kind in kinds}
    assert {day.astype(date).month for day in asked} == months


def test_a_rolled_horizon_that_ends_where_it_began_is_refused() -> None:
    """Each year is solved by itself, so that the first cannot follow the last."""
    from energynet.dataset.checks import check

    tables = {"nodes": [node("m")], "supplies": [supply("a", "m", 50, 30)], "demands": [demand("d", "m", 10)], "storages": [TANK]}
    for option in ({"years": "rolled"}, {"contract_years": "rolling"}):
        with pytest.raises(InputFaults, match="solves each year by itself"):
            check(package(tables), case(storage_end="cyclic", **option))
