"""Horizons of hours, computed by hand: representative days and what they weigh, a battery, a lake with inflow, prices by the hour."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from network import arc, case, demand, node, package, solve, supply, system, the

from energynet.dataset.model_file import HorizonSpec
from energynet.results.tables import Tables
from energynet.system.system import build_system

DAY = {"start": "2025-01-01", "end": "2025-01-01", "step": "hour"}
YEAR = {"start": "2025-01-01", "end": "2025-12-31", "step": "hour", "days": "representative"}
POWER = {"nodes": [node("p", carrier="electricity")]}
MW = {"quantity_unit": "MW", "cost_unit": "USD/MWh"}
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def power(key: str, maximum: float, cost: float, **more: object) -> dict[str, object]:
    return dict(supply(key, "p", maximum, cost, "P", **MW, **more))


def load(quantity: float, **more: object) -> dict[str, object]:
    return dict(demand("d", "p", quantity, 5000, quantity_unit="MW", value_unit="USD/MWh", **more))


def by_hour(name: str, values: list[float], basis: str = "factor") -> list[dict[str, object]]:
    return [{"profile": name, "basis": basis, "hour": h, "value": v} for h, v in enumerate(values)]


NIGHT = by_hour("night", [1.0 if h < 12 else 0.0 for h in range(24)])


def battery(**more: object) -> dict[str, object]:
    given = {"working_volume": 60, "volume_unit": "MWh", "injection": 10, "withdrawal": 10, "rate_unit": "MW"}
    return {"id": "b", "name": "b", "node": "p", **given, "injection_efficiency": 0.9, "withdrawal_efficiency": 0.9, **more}


def test_a_battery_over_a_day() -> None:
    """Power at 10 in the first twelve hours, at 100 after; 10 MW wanted. The battery takes 60 MWh / 0.9 at 10 and gives 60 x 0.9 = 54 MWh
    in place of power at 100: 120 MWh wanted at night, 66 left by day.
    """
    tables = {**POWER, "profiles": NIGHT, "supplies": [power("cheap", 100, 10, profile="night"), power("dear", 100, 100)]}
    solution = solve({**tables, "demands": [load(10)], "storages": [battery()]}, **DAY)
    assert solution.objective == pytest.approx(((120 + 60 / 0.9) * 10 + 66 * 100) * 1e-6)
    assert solution.values("inventory").max() == pytest.approx(0.06)
    # a GWh more at noon would come from the dear source; what fills the battery is worth 10 / 0.9 in stock, and 81 at most by day
    assert solution.duals("taken")[13, 0] * solution.unit_value()[13] == pytest.approx(100)


@pytest.mark.parametrize("cycle", ["day", "season"])
def test_a_representative_day_stands_for_its_month(cycle: str) -> None:
    """The same day in each month: the cost of a day 365 times. A battery that returns each day to where it began counts the one day;
    one whose stock goes through the year moves a month's charge at once, and its 60 MWh then serve one day of the month only.
    """
    tables = {**POWER, "profiles": NIGHT, "supplies": [power("cheap", 100, 10, profile="night"), power("dear", 100, 100)]}
    tables |= {"demands": [load(10)], "storages": [battery(cycle=cycle)]}
    solution = solve(tables, **YEAR)
    without, gain = (120 * 10 + 120 * 100) * 365, 54 * 100 - 60 / 0.9 * 10
    assert solution.objective == pytest.approx((without - gain * (365 if cycle == "day" else 12)) * 1e-6, rel=1e-9)


def test_weights_add_up_to_the_year() -> None:
    """Monthly shape, an annual limit of 0.6 of what is wanted, and prices as in the year by months."""
    winter = [1.5, 1.4, 1.2, 1.0, 0.8, 0.7, 0.6, 0.6, 0.8, 1.0, 1.1, 1.3]
    tables = {
        "nodes": [node("f"), node("m", "BB")],
        "arcs": [arc("a", "f", "m", 14, 5, loss=0.02), arc("a2", "f", "m", 9, 9, valid_from="2025-01-16")],
        "profiles": [{"profile": "w", "basis": "mean_one", "month": m + 1, "value": v} for m, v in enumerate(winter)],
        "supplies": [supply("s", "f", 30, 20, annual_maximum=2.19, annual_unit="bcm/y"), supply("t", "f", 30, 40)],
        "demands": [demand("d", "m", 10, profile="w")],
    }
    months, hours = solve(tables, start="2025-01-01", end="2025-12-31"), solve(tables, **YEAR)
    assert len(hours.program.periods) == 288
    assert hours.program.days.sum() == pytest.approx(365)
    assert hours.objective == pytest.approx(months.objective, rel=1e-9)
    for name in ("flows", "prices", "deliveries", "balance", "congestion", "netbacks"):
        assert len(Tables(hours)[name]) > 0
    volume = [Tables(one)["flows"].groupby("arc")["volume"].sum() for one in (months, hours)]
    assert volume[1].to_dict() == pytest.approx(volume[0].to_dict())
    yearly = [Tables(one)["deliveries"].query("per == 'year'")["bcm"].sum() for one in (months, hours)]
    assert yearly[1] == pytest.approx(yearly[0])
    priced = [(one.duals("taken") * one.unit_value()[:, None])[:, 0] for one in (months, hours)]
    assert priced[1].reshape(12, 24) == pytest.approx(np.repeat(priced[0][:, None], 24, axis=1))
    limits = [Tables(one)["congestion"].set_index("arc")["congestion_rent_musd"] for one in (months, hours)]
    assert limits[1].to_dict() == pytest.approx(limits[0].to_dict())
    shown = Tables(hours)["flows"]
    assert (shown["per_day"] * shown["days"] * shown["weight"]).tolist() == pytest.approx(shown["volume"].tolist())


def test_a_date_inside_a_month_counts_by_its_days() -> None:
    """A line from 16 January on: in each hour of the January day 16/31 of it; an outage of ten days of January takes 10/31."""
    tables = {"nodes": [node("f"), node("m")], "arcs": [arc("a", "f", "m", 31, valid_from="2025-01-16")]}
    tables |= {"supplies": [supply("s", "f", 90, 20)], "demands": [demand("d", "m", 31)]}
    made = build_system(package(tables), case(**YEAR, changes=["supply[s].availability @ 2025-01-11..2025-01-20 = 0"]))
    assert made["arcs"].number["capacity"][:24, 0] == pytest.approx(16)
    assert made["arcs"].number["capacity"][24:, 0] == pytest.approx(31)
    assert made["supplies"].number["availability"][:25, 0] == pytest.approx([21 / 31] * 24 + [1.0])


def test_a_representative_hour_is_the_mean_of_its_days() -> None:
    """A shape of every hour of the year: the day's hour is the mean over the days of the month."""
    value = lambda month, day, hour: (month * 31 + day + hour / 7) % 5  # noqa: E731
    shape = [
        {"profile": "s", "basis": "factor", "month": m + 1, "day": d + 1, "hour": h, "value": value(m, d, h)}
        for m in range(12)
        for d in range(DAYS[m])
        for h in range(24)
    ]
    tables = {**POWER, "profiles": shape, "supplies": [power("s", 10, 1, profile="s")], "demands": [load(1)]}
    made, whole = system(tables, **YEAR), system(tables, start="2025-01-01", end="2025-12-31", step="hour")
    found = made["supplies"].number["availability"][:, 0]
    assert found[24 + 5] == pytest.approx(np.mean([value(1, d, 5) for d in range(28)]))
    assert found @ made["period"].number["days_weighted"][:, 0] == pytest.approx(whole["supplies"].number["availability"][:, 0].sum() / 24)


def test_a_left_out_leap_day_is_as_the_day_before() -> None:
    shape = [{"profile": "s", "basis": "factor", "month": m + 1, "day": d + 1, "value": 1.0 + d} for m in range(12) for d in range(DAYS[m])]
    tables = {**POWER, "profiles": shape, "supplies": [power("s", 10, 1, profile="s")], "demands": [load(1)]}
    made = system(tables, start="2024-02-28", end="2024-03-01", step="day")
    assert made["supplies"].number["availability"][:, 0].tolist() == [28, 28, 1]


def test_a_lake_gives_its_inflow_and_spills_the_rest() -> None:
    """10 MWh flow in each hour for four hours, 0 before; 6 MW can be given at 0.5 of what is drawn, 30 MWh can be held: 48 MWh would be
    drawn if the rate allowed. It draws 12 an hour at most, which is more than comes in: nothing is spilled. At 2 MW it draws 4 an hour:
    of 40 MWh it gives 16 and holds the rest within 30; at 1 MW it draws 2 an hour, holds 30, and must spill 2.
    """
    shape = by_hour("melt", [1.0] * 4 + [0.0] * 20)
    lake = {"id": "l", "name": "l", "node": "p", "working_volume": 30, "volume_unit": "MWh", "injection": 0, "rate_unit": "MW",
            "withdrawal_efficiency": 0.5, "inflow": 10, "inflow_origin": "P", "profile": "melt"}  # fmt: skip
    told = {}
    for rate in (6, 2, 1):
        tables = {**POWER, "profiles": shape, "supplies": [power("dear", 100, 80)], "demands": [load(10)]}
        solution = solve({**tables, "storages": [{**lake, "withdrawal": rate}]}, **DAY)
        balance = Tables(solution)["balance"].query("per == 'year'").iloc[0]
        told[rate] = (solution.values("withdraw").sum() / 24 * 1000, solution.values("spill").sum() / 24 * 1000)
        assert balance["production"] == pytest.approx(0.24 - solution.values("withdraw").sum() / 24 + (0.04 - told[rate][1] / 1000) * 0.5)
        assert balance["production"] + balance["storage_change"] == pytest.approx(0.24)
    assert told[6] == pytest.approx((20, 0))
    assert told[2] == pytest.approx((20, 0))
    assert told[1] == pytest.approx((19, 2))
    assert the(solution, "spill", "l", period=12) == pytest.approx(0)


def test_a_price_follows_its_hours() -> None:
    """50 EUR/MWh, twice that in the evening, half of it else, at 1.1: what a supply asks, hour by hour."""
    shape = by_hour("evening", [2.0 if h >= 16 else 0.5 for h in range(24)], "mean_one")
    tables = {
        **POWER, "profiles": shape, "exchange_rates": [{"id": "EUR", "usd": 1.1}],
        "prices": [{"id": "x", "name": "x", "carrier": "electricity", "value": 50, "unit": "EUR/MWh", "profile": "evening"}],
        "supplies": [power("s", 100, 3, price="x", price_factor=1)], "demands": [load(10)],
    }  # fmt: skip
    solution = solve(tables, **DAY)
    assert (solution.duals("taken")[:, 0] * solution.unit_value()).tolist() == pytest.approx([3 + 27.5] * 16 + [3 + 110] * 8)


def test_a_quadratic_loss_by_segments() -> None:
    """Losses of 0.0001 x flow^2 MW on a line of 400 MW, cut into slices of 100 MW with the slope of each: 0.01, 0.03, 0.05, 0.07. 294 MW
    are wanted: 300 sent lose 1 + 3 + 5 = 9, so 291 arrive; the rest needs 3 / 0.93 in the fourth.
    """
    slices = [
        {"arc": "a", "segment": k + 1, "width": 100 if k < 3 else None, "width_unit": "MW", "loss": 0.0001 * (200 * k + 100)}
        for k in range(4)
    ]
    tables = {
        "nodes": [node("p", carrier="electricity"), node("q", "BB", "electricity")],
        "arcs": [arc("a", "p", "q", 400, 1, capacity_unit="MW", tariff_unit="USD/MWh")], "arc_segments": slices,
        "supplies": [power("s", 500, 20)],
        "demands": [demand("d", "q", 294, 5000, quantity_unit="MW", value_unit="USD/MWh")],
    }  # fmt: skip
    solution = solve(tables, **DAY)
    sent = 300 + 3 / 0.93
    assert the(solution, "flow", "a", "P") == pytest.approx(sent * 0.024)
    assert solution.objective == pytest.approx(sent * 24 * 21e-6)
    assert (solution.duals("taken")[:, 0] * solution.unit_value()).tolist() == pytest.approx([21 / 0.93] * 24)


@pytest.mark.parametrize(
    ("more", "said"), [({"step": "day"}, "made of hours"), ({"step": "hour", "start": date(2025, 1, 2)}, "whole number of months")]
)
def test_representative_days_are_hours_of_whole_months(more: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        HorizonSpec(**{"start": date(2025, 1, 1), "end": date(2025, 12, 31), "days": "representative", **more})
