"""The result tables: sums that must hold, and figures computed by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from network import arc, demand, node, solve, supply
from systems import EVERYTHING

from energynet.results.tables import NAMES, Tables
from energynet.solution import Solution

YEAR = {"start": "2025-01-01", "end": "2025-12-31", "storage_end": "stocks"}
COLUMNS = {
    "summary": {"figure", "value", "unit"},
    "balance": {"country", "carrier", "period", "year", "production", "imports", "exports", "storage_change", "fuel_and_losses", "served"},
    "flows": {
        "arc",
        "period",
        "from_node",
        "to_node",
        "per_day",
        "capacity_per_day",
        "unit",
        "volume",
        "utilisation",
        "fuel",
        "congestion_price",
    },
    "flows_by_origin": {"arc", "origin", "period", "per_day", "unit", "volume"},
    "borders": {"border", "month", "exit_country", "entry_country", "bcm", "gwh", "capacity_per_day"},
    "deliveries": {"origin", "country", "carrier", "period", "year", "contract", "beyond_contract", "demand", "share_of_demand", "route"},
    "congestion": {"arc", "year", "periods_at_limit", "congestion_rent_musd", "worth_of_more_musd", "worth_of_less_musd", "worth_proven"},
    "contracts": {
        "contract",
        "contract_year",
        "annual_quantity",
        "take_or_pay",
        "delivered",
        "make_up_bank",
        "carry_forward",
        "not_taken",
        "unit",
    },
    "netbacks": {"origin", "destination", "period", "price", "tariffs", "fuel", "netback", "unit"},
    "welfare": {"country", "role", "musd"},
    "sensitivity": {"component", "record", "column", "value", "unit_more_musd", "unit_less_musd", "percent_more_musd", "percent_less_musd"},
    "prices": {"node", "origin", "period", "price", "unit", "unique", "lowest", "highest", "demand"},
    "storage": {"storage", "period", "inventory", "injection", "withdrawal", "fill", "unit"},
    "unserved": {"demand", "tier", "period", "volume", "unit", "share"},
    "projects": {"project", "year", "added", "total", "unit", "worth_of_more_musd", "worth_of_less_musd", "annuity_of_more_musd"},
    "ceilings": {"ceiling", "year", "sense", "counted", "quantity", "missed", "unit", "charge_musd", "usd_per_unit"},
    "costs": {"component", "item", "musd"},
    "certificate": {"check", "worst", "where", "unit", "tolerance", "holds"},
}
TERMS = ["production", "imports", "exports", "storage_change", "fuel_and_losses", "converted", "swaps", "served"]


@pytest.fixture(scope="module")
def solution() -> Solution:
    return solve(EVERYTHING, **YEAR)


@pytest.fixture(scope="module")
def tables(solution: Solution) -> Tables:
    return Tables(solution)


def test_every_table_has_its_columns(tables: Tables) -> None:
    assert set(NAMES) == set(COLUMNS)
    for name, columns in COLUMNS.items():
        assert columns <= set(tables[name].columns), name


def test_national_balances_close(tables: Tables) -> None:
    sums = tables["balance"][TERMS].sum(axis=1)
    assert sums.abs().max() < 1e-8


def test_years_are_the_sum_of_their_periods(tables: Tables) -> None:
    for name, key, figures in (
        ("balance", ["country", "carrier"], TERMS),
        ("deliveries", ["origin", "country", "carrier"], ["contract", "beyond_contract", "gwh"]),
    ):
        frame = tables[name]
        periods = frame[frame["per"] == "period"].groupby([*key, "year"])[figures].sum()
        years = frame[frame["per"] == "year"].set_index([*key, "year"])[figures]
        pd.testing.assert_frame_equal(periods, years.loc[periods.index], check_dtype=False, rtol=1e-12, atol=1e-9)


def test_costs_add_up_to_the_objective(solution: Solution, tables: Tables) -> None:
    assert tables["costs"]["musd"].sum() == pytest.approx(solution.objective, rel=1e-12)


def test_deliveries_are_what_was_taken(solution: Solution, tables: Tables) -> None:
    yearly = tables["deliveries"].loc[lambda frame: frame["per"] == "year"]
    taken = (solution.values("taken") * solution.system["period"].number["days_weighted"]).sum()
    assert (yearly["contract"] + yearly["beyond_contract"]).sum() == pytest.approx(taken)
    lacking = tables["balance"].loc[lambda frame: frame["per"] == "year"].set_index(["country", "carrier"])["unserved"]
    asked = yearly.groupby(["country", "carrier"])["demand"].first()
    shares = yearly.groupby(["country", "carrier"])["share_of_demand"].sum()
    assert (shares - (1.0 - lacking.loc[asked.index] / asked)).abs().max() < 1e-9


def test_flows_by_origin_add_up(tables: Tables) -> None:
    whole = tables["flows_by_origin"].groupby(["arc", "period"])["volume"].sum()
    assert (tables["flows"].set_index(["arc", "period"])["volume"] - whole).abs().max() < 1e-9


LINE = {
    "nodes": [node("f"), node("h"), node("m", "BB")],
    "supplies": [supply("s", "f", 20, 20), supply("own", "m", 20, 100, "B")],
    "arcs": [arc("one", "f", "h", 50, 5, line="Long line", loss=0.1), arc("two", "h", "m", 9, 3, line="Short line", border_point="Border")],
    "demands": [demand("d", "m", 12)],
}


def test_figures_of_a_line_by_hand() -> None:
    """10 sent, 1 burnt, 9 over the border (full), 3 from the market's own dear source: its price is 100; gas costs 25/0.9 + 3 there."""
    tables = Tables(solve(LINE))
    flows = tables["flows"].set_index("arc")
    assert flows.loc["one", ["per_day", "fuel", "utilisation"]].tolist() == pytest.approx([10, 31, 0.2])
    assert flows.loc["two", ["volume", "congestion_price"]].tolist() == pytest.approx([279, 100 - (25 / 0.9 + 3)])
    border = tables["borders"].iloc[0]
    assert [border["border"], border["exit_country"], border["entry_country"]] == ["Border", "AA", "BB"]
    assert [border["bcm"], border["gwh"], border["capacity_per_day"]] == pytest.approx([0.279, 2790, 9])
    prices = tables["prices"]
    assert prices.loc[prices["demand"] == "d", "price"].iloc[0] == pytest.approx(100)
    at = prices[prices["demand"] == ""].set_index(["node", "origin"])["price"]
    assert [at["f", "A"], at["h", "A"]] == pytest.approx([20, 25 / 0.9])
    delivered = tables["deliveries"].loc[lambda frame: frame["per"] == "year"].set_index("origin")
    assert delivered.loc["A", "route"] == "Long line > Short line"
    assert delivered["share_of_demand"].to_dict() == pytest.approx({"A": 0.75, "B": 0.25})
    rent = tables["congestion"].set_index("arc").loc["two"]
    assert rent["congestion_rent_musd"] == pytest.approx(9 * 31 * 0.001 * (97 - 25 / 0.9))
    assert rent["periods_at_limit"] == 1
    balance = tables["balance"].loc[lambda frame: frame["per"] == "year"].set_index("country")
    assert balance.loc["AA", ["production", "exports", "fuel_and_losses"]].tolist() == pytest.approx([310, -279, -31])
    assert balance.loc["BB", ["production", "imports", "served"]].tolist() == pytest.approx([93, 279, -372])


@pytest.mark.parametrize(("value", "beyond"), [(1000, 0.0), (30, 4 * 10.0)])
def test_a_shortage_that_need_not_be_is_reported(value: float, beyond: float) -> None:
    """Gas costs 20 and 60, 6 and 4 a day, for a demand of 10: at a value of 30 the dear gas is left, 4 mcm of 10 GWh each."""
    day = {"start": "2025-01-01", "end": "2025-01-01", "step": "day"}
    tables = {
        "nodes": [node("m")],
        "supplies": [supply("a", "m", 6, 20), supply("b", "m", 4, 60)],
        "demands": [demand("d", "m", 10, value)],
    }
    figures = Tables(solve(tables, **day))["summary"].set_index("figure")["value"]
    assert figures["unserved beyond the least possible"] == pytest.approx(beyond)
