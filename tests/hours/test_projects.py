"""Projects, computed by hand: one that just pays and one that just does not, whole steps, years, discounting, lifetimes, storages."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from network import arc, case, demand, node, package, solve, supply, system
from systems import PLANNED

from energynet.dataset.checks import check
from energynet.errors import InputFaults
from energynet.program.layout import Program
from energynet.recheck import recheck
from energynet.recheck.values import Values
from energynet.results.tables import Tables
from energynet.rolling import solve_rolling
from energynet.solution import Solution, solve_laid
from energynet.system.expansion import yearly_cost

YEAR = {"start": "2025-01-01", "end": "2025-12-31", "step": "year"}
SAVED = (100 - 20 - 5) * 365 * 0.001  # million USD a year for one more mcm/d of line: 27.375
RECOVERY = 0.08 / (1 - 1.08**-20)  # 0.10185


def project(annuity: float, **more: Any) -> dict[str, Any]:
    """A line whose annuity is so many million USD for one mcm/d a year."""
    given = {"carrier": "gas", "component": "arc", "target": "a", "first_year": 2025, "maximum": 9, "capacity_unit": "mcm/d"}
    cost = {"capital_cost": annuity / RECOVERY, "cost_unit": "MUSD/(mcm/d)", "lifetime": 20, "rate": 0.08}
    return {"id": "p", "name": "p", **given, **cost, **more}


def market(*projects: dict[str, Any], wanted: float = 9, **more: Any) -> dict[str, Any]:
    """9 wanted; gas at 20 behind a line of 4 at 5, other gas at 100."""
    return {
        "nodes": [node("f"), node("m", "BB")], "arcs": [arc("a", "f", "m", 4, 5)],
        "supplies": [supply("near", "f", 50, 20), supply("far", "m", 50, 100, "B")], "demands": [demand("d", "m", wanted, 5000)],
        "projects": list(projects), **more,
    }  # fmt: skip


def table(solution: Solution, *columns: str) -> list[Any]:
    frame = Tables(solution)["projects"]
    return frame[list(columns)].to_numpy().tolist()


@pytest.mark.parametrize(("share", "built"), [(0.99, 5.0), (1.01, 0.0)])
def test_one_just_pays_and_one_just_does_not(share: float, built: float) -> None:
    solution = solve(market(project(share * SAVED)), **YEAR)
    [[added, total, annuity, worth, ratio]] = table(solution, "added", "total", "annuity_musd", "worth_of_more_musd", "value_over_annuity")
    assert (added, total) == pytest.approx((built, built))
    assert annuity == pytest.approx(built * share * SAVED)
    if not built:
        assert (worth, ratio) == pytest.approx((SAVED, 1 / share))
    assert solution.objective == pytest.approx((4 * 25 + 5 * 100) * 0.365 - built * SAVED * (1 - share))
    assert Tables(solution)["costs"]["musd"].sum() == pytest.approx(solution.objective)
    assert Tables(solution)["welfare"]["musd"].sum() == pytest.approx(solution.objective)
    assert Tables(solution)["flows"]["capacity_per_day"].iloc[0] == pytest.approx(4 + built)


def test_at_its_ceiling_one_more_would_be_worth_more_than_it_costs() -> None:
    solution = solve(market(project(SAVED / 2, maximum=3)), **YEAR)
    assert table(solution, "total", "value_over_annuity") == [[pytest.approx(3), pytest.approx(2)]]


def test_more_of_a_field_is_worth_what_its_yearly_ceiling_holds_back() -> None:
    """A field of 4 with a ceiling of 4 a day over the year; 3 more of it save 80 each, of gas at 100 in place of 20."""
    field = supply("near", "f", 4, 20, annual_maximum=1.46, annual_unit="bcm/y")
    tables = market(project(80 * 0.365 / 2, component="supply", target="near", maximum=3))
    tables |= {"arcs": [arc("a", "f", "m", 50)], "supplies": [field, supply("far", "m", 50, 100, "B")]}
    solution = solve(tables, **YEAR)
    [found] = table(solution, "total", "worth_of_more_musd", "value_over_annuity")
    assert found == pytest.approx([3, 29.2, 2])


@pytest.mark.parametrize(("annuity", "whole"), [(20.0, 4.0), (10.0, 6.0)])
def test_whole_steps_against_any_size(annuity: float, whole: float) -> None:
    """5 are missing. In steps of 2 the third is half used: it saves 27.4 a year and costs two annuities."""
    assert table(solve(market(project(annuity)), **YEAR), "total") == [[pytest.approx(5)]]
    solution = solve(market(project(annuity, step=2)), **YEAR)
    assert table(solution, "total") == [[pytest.approx(whole)]]
    assert solution.objective == pytest.approx((4 * 25 + 5 * 100) * 0.365 - min(whole, 5) * SAVED + whole * annuity)
    assert "whole numbers" in [one.name for one in solution.certificate.checks]


FOUR = {"start": "2025-01-01", "end": "2028-12-31", "step": "year", "discount_rate": 0.1}


def test_years_first_year_lifetime_and_discounting() -> None:
    """From 2026 on, for two years: built in 2026, and again in 2028. Each year's money is discounted to 2025; 2028 has 366 days."""
    solution = solve(market(project(20, first_year=2026, lifetime=2, capital_cost=20 * (1 - 1.08**-2) / 0.08)), **FOUR)
    assert table(solution, "year", "added", "total") == [[2025, 0, 0], [2026, 5, 5], [2027, 0, 5], [2028, 5, 5]]
    days = (365, 365, 365, 366)
    without = [(4 * 25 + 5 * 100) * d * 0.001 for d in days]
    gain = [0.0, *(5 * (75 * d * 0.001 - 20) for d in days[1:])]
    assert solution.objective == pytest.approx(sum((w - g) / 1.1**k for k, (w, g) in enumerate(zip(without, gain, strict=True))))
    priced = (solution.duals("taken")[:, 0] * solution.unit_value()).tolist()  # where just as much is built as is needed, at full cost
    assert priced == pytest.approx([100, *(20 + 5 + 20 / (d * 0.001) for d in days[1:])])
    assert Tables(solution)["projects"]["annuity_musd"].tolist() == pytest.approx([0, *(5 * 20 / 1.1**k for k in (1, 2, 3))])


def shrinking() -> dict[str, Any]:
    """9 wanted in 2025, 4 from 2026 on, which the line carries as it is."""
    tables = market(project(15))
    wanted, later = tables["demands"][0], {**tables["demands"][0], "quantity": 4, "valid_from": "2026-01-01"}
    return {**tables, "demands": [{**wanted, "valid_to": "2025-12-31"}, later]}


def test_years_together_or_one_after_the_other() -> None:
    """In 2025 alone a line pays (27.4 a year against 15); over two years it does not (27.4 against 30). Who plans a year at a time
    builds, and pays in 2026 for what nobody needs.
    """
    two = {"start": "2025-01-01", "end": "2026-12-31", "step": "year", "discount_rate": 0.0}
    together = solve(shrinking(), **two)
    rolled = solve_rolling(package(shrinking()), case(**two, years="rolled"))
    assert table(together, "added", "total") == [[0, 0], [0, 0]]
    assert table(rolled, "added", "total") == [[5, 5], [0, 5]]
    assert together.objective == pytest.approx((4 * 25 + 5 * 100 + 4 * 25) * 0.365)
    assert rolled.objective == pytest.approx(together.objective + 5 * (30 - SAVED))
    assert rolled.certificate.holds
    ratio = [row[0] for row in table(together, "value_over_annuity_from_here")]
    assert ratio == pytest.approx([SAVED / 30, 0])


def test_building_takes_years_of_interest() -> None:
    """Half paid half a year before it runs, half a year and a half before; 10 %; the annuity of ten years; 2 % of the cost for upkeep."""
    made = system(market(project(1, capital_cost=100, rate=0.1, lifetime=10, construction_years=2, fixed_share=0.02)), **YEAR)
    annuity, upkeep = yearly_cost(made["projects"])
    worth = sum(1.1**-k for k in range(1, 11))
    assert annuity[0, 0] == pytest.approx(100 * (1.1**0.5 + 1.1**1.5) / 2 / worth)
    assert upkeep[0, 0] == pytest.approx(2)


def test_one_comes_after_the_other() -> None:
    """The second, cheaper one may stand in no greater share than the first: 3 of 6 need 2 of 4."""
    first, second = project(26, maximum=4), project(5, maximum=6)
    solution = solve(market({**first, "id": "q"}, {**second, "after": "q"}), **YEAR)
    assert table(solution, "project", "total") == [["p", pytest.approx(3)], ["q", pytest.approx(2)]]


def test_a_supply_grows_beside_its_ceiling_and_with_its_profile() -> None:
    """Half of what is added is there (a profile of 0.5): 4 added give 2 a day on top of the 1 that the annual ceiling leaves."""
    tables = market(wanted=9)
    tables |= {
        "supplies": [
            supply("near", "m", 4, 20, annual_maximum=0.365, annual_unit="bcm/y", profile="half"),
            supply("far", "m", 50, 100, "B"),
        ],
        "profiles": [{"profile": "half", "basis": "factor", "month": m + 1, "value": 0.5} for m in range(12)],
        "projects": [project(10, component="supply", target="near", maximum=4)],
    }
    solution = solve(tables, **YEAR)
    given = dict(zip([key[0] for key in solution.keys("supply")], solution.values("supply")[0], strict=True))
    assert given == pytest.approx({"near": 4, "far": 5})  # (4 + 4) x 0.5 a day; the ceiling of 1 + 4 a day does not bind


def power(**more: Any) -> dict[str, Any]:
    """Power at 10 in the first twelve hours, at 110 after; 10 MW wanted; a battery may be built of 10 MW and 4 hours."""
    mw = {"quantity_unit": "MW", "cost_unit": "USD/MWh", "origin": "P"}
    night = [{"profile": "night", "basis": "factor", "hour": h, "value": float(h < 12)} for h in range(24)]
    store = {"id": "b", "name": "b", "node": "p", "working_volume": 0, "volume_unit": "MWh", "injection": 0, "withdrawal": 0,
             "rate_unit": "MW", "injection_efficiency": 0.8, "cycle": "day"}  # fmt: skip
    cells = {"id": "c", "name": "c", "carrier": "electricity", "component": "storage", "target": "b", "first_year": 2025, "lifetime": 10,
             "rate": 0.0, "hours": 4, **more}  # fmt: skip
    return {
        "nodes": [node("p", carrier="electricity")], "profiles": night, "storages": [store], "projects": [cells],
        "supplies": [supply("cheap", "p", 100, 10, profile="night", **mw), supply("dear", "p", 100, 110, **mw)],
        "demands": [demand("d", "p", 10, 5000, quantity_unit="MW", value_unit="USD/MWh")],
    }  # fmt: skip


@pytest.mark.parametrize(("unit", "cost_unit", "size"), [("MW", "USD/kW", 10.0), ("MWh", "USD/kWh", 40.0)])
@pytest.mark.parametrize(("pays", "built"), [(0.99, True), (1.01, False)])
def test_a_battery_tied_to_its_hours(unit: str, cost_unit: str, size: float, pays: float, built: bool) -> None:
    """A MW of 4 hours gives 4 MWh at 110 for 5 MWh at 10, each day: 390 USD, 142,350 a year; ten annuities of that are 1,423.5 USD/kW."""
    value = 390 * 365 * 10 / 1000 * (1 if unit == "MW" else 0.25)
    tables = power(maximum=size, capacity_unit=unit, capital_cost=pays * value, cost_unit=cost_unit)
    solution = solve(tables, start="2025-01-01", end="2025-12-31", step="hour", days="representative")
    if built:
        assert Tables(solution)["storage"]["inventory"].max() == pytest.approx(0.04)
        assert solution.values("withdraw").max() == pytest.approx(0.24)
    else:
        assert table(solution, "total", "value_over_annuity") == [[pytest.approx(0, abs=1e-9), pytest.approx(1 / pays)]]


def coupled(sun: float) -> dict[str, Any]:
    """20 mcm/d of gas for plants (half of its energy becomes power) and for a market that else buys at 100; 40 GWh/d of power wanted."""
    gwh = {"quantity_unit": "GWh/d", "cost_unit": "USD/MWh"}
    return {
        "nodes": [node("g"), node("m", "BB"), node("p", carrier="electricity")], "arcs": [arc("a", "g", "m", 50, 5)],
        "supplies": [supply("field", "g", 20, 20), supply("far", "m", 50, 100, "B"), supply("sun", "p", sun, 0, "P", **gwh)],
        "demands": [demand("d", "m", 30, 5000), demand("e", "p", 40, 5000, quantity_unit="GWh/d", value_unit="USD/MWh")],
        "converters": [{"id": "v", "name": "v", "from_node": "g", "to_node": "p", "origin": "P", "capacity": 60, "capacity_unit": "GWh/d",
                        "efficiency": 0.5, "cost": 1, "cost_unit": "USD/MWh"}],
    }  # fmt: skip


def test_sun_frees_gas_only_where_plants_run() -> None:
    """A GWh of sun burns 1 / (0.5 x 10) mcm less, which is exported in place of gas at 100; beyond the 40 GWh wanted it frees nothing."""
    day = {"start": "2025-01-01", "end": "2025-01-01", "step": "day"}
    burnt, sold = {}, {}
    for sun in (10, 11, 40, 41):
        solution = solve(coupled(sun), **day)
        burnt[sun], sold[sun] = solution.values("convert").sum(), solution.values("flow").sum()
    assert burnt == pytest.approx({10: 6, 11: 5.8, 40: 0, 41: 0}, abs=1e-9)
    assert sold == pytest.approx({10: 14, 11: 14.2, 40: 20, 41: 20})
    solution = solve(coupled(10), **day)
    k = solution.row_keys("taken").index(("e",))
    assert solution.duals("taken")[0, k] * solution.unit_value()[0] == pytest.approx(1 + (100 - 5) / 5)


def test_the_parts_of_a_plan_are_checked_again() -> None:
    """Every project is built or not as the recheck says too; what is moved is seen."""
    made = system(PLANNED, start="2025-01-01", end="2025-12-31", storage_end="stocks")
    laid = Program(made).lay(made)
    solution = solve_laid(made, laid)
    assert table(solution, "total") != [[0.0]] * 5
    for name in ("installed", "added"):
        moved = solution.primal.copy()
        family = next(f for f in laid.columns if f.name == name)
        moved[laid.family_slice(family)[0]] += 0.01
        checks = recheck(Values(made, laid, moved), solution.objective)
        assert not all(one.holds for one in checks), name


def test_dearer_money_scales_a_plan_and_twice_of_everything_costs_twice() -> None:
    tables = market(project(20, maximum=3, fixed_cost=1, fixed_cost_unit="MUSD/(mcm/d)/y"))
    base = solve(tables, **YEAR)
    dear = {**tables, "arcs": [arc("a", "f", "m", 4, 15)], "demands": [demand("d", "m", 9, 15000)]}
    dear |= {"supplies": [supply("near", "f", 50, 60), supply("far", "m", 50, 300, "B")]}
    dear |= {"projects": [project(60, maximum=3, fixed_cost=3, fixed_cost_unit="MUSD/(mcm/d)/y")]}
    assert solve(dear, **YEAR).objective == pytest.approx(3 * base.objective)
    large = {**tables, "arcs": [arc("a", "f", "m", 8, 5)], "demands": [demand("d", "m", 18, 5000)]}
    large |= {"projects": [{**tables["projects"][0], "maximum": 6}]}
    assert solve(large, **YEAR).objective == pytest.approx(2 * base.objective)


SPOILED = [
    ({"target": "b"}, "matches nothing in the table arcs"),
    ({"carrier": "electricity", "capacity_unit": "MW", "cost_unit": "USD/kW"}, "is of gas"),
    ({"capacity_unit": "bcm"}, "only a storage"),
    ({"cost_unit": "USD/tcm"}, "is for a volume"),
    ({"cost_unit": "MUSD/(mcm/d)/y"}, "capital cost"),
    ({"hours": 4}, "for storages only"),
    ({"after": "p"}, "in a circle"),
    ({"first_year": 2025.5}, "no calendar year"),
    ({"step": 20}, "more than maximum"),
]


@pytest.mark.parametrize(("more", "said"), SPOILED, ids=lambda value: value if isinstance(value, str) else "")
def test_faults_of_projects_are_told(more: dict[str, Any], said: str) -> None:
    with pytest.raises(InputFaults, match=said):
        check(package(market(project(20, **more))))


def test_what_a_plan_needs_is_asked_for() -> None:
    made = package(market(project(20)))
    with pytest.raises(InputFaults, match="discount"):
        check(made, case(**{**FOUR, "discount_rate": None}))
    with pytest.raises(InputFaults, match="matches no project"):
        check(made, case(**YEAR, projects=("q*",)))
    assert np.isclose(solve(market(project(20)), **YEAR, projects=()).objective, (4 * 25 + 5 * 100) * 0.365)
