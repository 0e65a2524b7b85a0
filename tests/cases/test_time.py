"""A period's datum is the mean of what holds in it: a month as one period against its days, and no mean is multiplied by another."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from energynet.program.layout import Program
from energynet.recheck import PARTS
from energynet.recheck.money import objective
from energynet.recheck.values import Values
from tests.network import arc, demand, node, solve, supply, system
from tests.small_cases import model_of
from tests.systems import EVERYTHING

OF_PERIODS = {("storages", "stock_days"), ("storages", "retention")}


@pytest.mark.parametrize(("name", "musd"), [("outage-and-capacity", 485.0), ("price-and-exchange", 77.0), ("efficiency", 22.56)])
def test_a_month_is_its_days(name, musd):
    for step in ("month", "day"):
        assert model_of(f"{name}-by-{step}").solve().objective == pytest.approx(musd, rel=1e-9)


def _dated(row, column, first, second, day=16):
    """Two rows of one record, the second from a day of January on."""
    return [{**row, column: first, "valid_to": f"2025-01-{day - 1:02}"}, {**row, column: second, "valid_from": f"2025-01-{day:02}"}]


def _both(tables, **spec):
    return [solve(tables, step=step, **spec) for step in ("month", "day")]


def test_a_cost_follows_a_price_by_its_share_on_the_days_of_both():
    """Factor x market price x share of time: 0.2 x 100 for ten days, then 0.8 x 500 for 21."""
    row = supply("s", "n", 20, 0, price="p")
    tables = {
        "nodes": [node("n")], "demands": [demand("d", "n", 10, 2000)], "supplies": _dated(row, "price_factor", 0.2, 0.8, 11),
        "prices": _dated({"id": "p", "name": "p", "carrier": "gas", "unit": "USD/tcm"}, "value", 100, 500, 11),
    }  # fmt: skip
    for solution in _both(tables):
        assert solution.objective == pytest.approx((0.2 * 100 * 10 + 0.8 * 500 * 21) * 10 * 0.001)


def test_a_price_counts_on_the_days_on_which_something_can_be_bought():
    """No gas at all while it is dear: what is bought is bought at the price of the other days."""
    dear = {**supply("s", "n", 10, 900), "availability": 0, "valid_to": "2025-01-15"}
    cheap = {**supply("s", "n", 10, 100), "availability": 1, "valid_from": "2025-01-16"}
    for solution in _both({"nodes": [node("n")], "demands": [demand("d", "n", 10, 2000)], "supplies": [dear, cheap]}):
        assert solution.objective == pytest.approx(0.001 * 10 * (15 * 2000 + 16 * 100))


def test_a_product_of_a_part_of_a_year_is_sold_whole_and_used_and_paid_on_its_days():
    units = {"maximum_unit": "mcm/d", "charge_unit": "USD/tcm"}
    sold = {"id": "y", "name": "y", "arc": "a", "duration": "year", "maximum": 20, "charge": 1, **units}
    tables = {
        "nodes": [node("f"), node("m")], "arcs": [arc("a", "f", "m", 50)], "supplies": [supply("s", "f", 50, 0)],
        "demands": [demand("d", "m", 30, 1000)], "capacity_products": [{**sold, "valid_from": "2025-01-16"}],
    }  # fmt: skip
    for solution in _both(tables, tariffs="capacity"):
        bought = solution.primal[-1]
        assert bought == pytest.approx(20.0)
        assert solution.objective == pytest.approx(0.001 * (30 * 31 - 20 * 16) * 1000 + 0.001 * 20 * 16)


def test_an_outage_by_a_change_falls_on_its_days():
    rows = _dated(supply("s", "n", 10, 0), "maximum", 10, 20)
    tables = {"nodes": [node("n")], "demands": [demand("d", "n", 20, 1000)], "supplies": rows}
    for solution in _both(tables, changes=["supply[s].availability @ 2025-01-16..2025-01-31 = 0"]):
        assert solution.objective == pytest.approx(0.001 * 1000 * (10 * 15 + 20 * 16))


def test_a_stock_is_bounded_by_the_volume_at_the_end_of_a_period():
    store = {"id": "c", "name": "c", "node": "n", "volume_unit": "mcm", "injection": 50, "withdrawal": 50, "rate_unit": "mcm/d"}
    tables = {"nodes": [node("n")], "storages": _dated(store, "working_volume", 100, 200), "supplies": [supply("s", "n", 5, 1)],
              "demands": [demand("d", "n", 1)]}  # fmt: skip
    assert system(tables)["storages"].number["working_volume"].item() == 200.0


@pytest.mark.parametrize("spec", [{"step": "month"}, {"step": "year", "end": "2025-12-31"}, {"days": "representative", "step": "hour"}])
def test_a_term_of_the_program_holds_one_number_of_the_data(spec):
    """Besides the length, weight and discount of a period, every monomial has at most one factor that a date can change."""
    made = system(EVERYTHING, **{"end": "2026-02-28", "tariffs": "capacity", **spec})
    compiled = Program(made)
    seen = 0
    for block in (compiled.period, compiled.horizon):
        sides = (block.matrix, block.upper, block.row_lower, block.row_upper)
        held = [*sides, *block.totals.values(), *block.costs.values(), *block.stages.values(), *block.first.values()]
        for _, evaluator in held:
            for shape, *_ in evaluator._groups:
                dated = [
                    (table.rsplit(":", 1)[-1], column) for table, column, _ in shape
                    if table.rsplit(":", 1)[-1] != "period" and (table.rsplit(":", 1)[-1], column) not in OF_PERIODS
                    and made[table.rsplit(":", 1)[-1]].number[column].ndim == 2
                ]  # fmt: skip
                assert len(dated) <= 1, shape
                seen += len(dated)
    assert seen > 50


class Dated(np.ndarray):
    """A number of the data by period: it is not multiplied by another, nor divided."""

    def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
        both = [one for one in inputs if isinstance(one, Dated)]
        if ufunc in (np.multiply, np.divide, np.power) and len(both) > 1:
            raise AssertionError("two numbers of the data that dates can change are multiplied")
        plain = [np.asarray(one) if isinstance(one, Dated) else one for one in inputs]
        result = getattr(ufunc, method)(*plain, **keywords)
        return result.view(Dated) if isinstance(result, np.ndarray) and result.dtype == float else result


def test_the_recheck_multiplies_no_two_numbers_of_the_data(monkeypatch):
    plain = Values.data

    def watched(self, table, column, key):
        found = plain(self, table, column, key)
        return found.view(Dated) if self.system[table].number[column].ndim == 2 else found

    monkeypatch.setattr(Values, "data", watched)
    solution = solve(EVERYTHING, end="2025-03-31", tariffs="capacity")
    values = Values(solution.system, solution.program, solution.primal)
    for part in PARTS.values():
        part(values)
    objective(values)
    with pytest.raises(AssertionError):
        values.data("supplies", "maximum", "sa") * values.data("supplies", "availability", "sa")


NUMBER = st.integers(1, 9)
DAY = st.integers(2, 31)


def _drawn(data, row, **scales):
    """Rows of one record over January: each column changes once, on a day of its own, between numbers in steps of its scale."""
    days = {column: data.draw(DAY) for column in scales}
    values = {column: (data.draw(NUMBER) * scale, data.draw(NUMBER) * scale) for column, scale in scales.items()}
    edges = sorted({1, *days.values()})
    return [
        {**row, **{column: pair[first >= days[column]] for column, pair in values.items()}, "valid_from": f"2025-01-{first:02}",
         "valid_to": f"2025-01-{last - 1:02}"}
        for first, last in zip(edges, [*edges[1:], 32], strict=True)
    ]  # fmt: skip


@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.data())
def test_a_month_with_one_flow_is_its_days(data):
    """The line is all that limits, and gas is worth more than it costs: each day it is full, so a month lets through what its days do.

    Where neither what the line lets through nor what is booked of it changes, a month costs what its days do, whatever prices, rates,
    shares and charges change. (The tariff is paid beyond the booking: where both change, a month cannot tell which days paid which.)
    """
    steady = data.draw(st.booleans())
    line = {**arc("a", "f", "m", 15), "tariff_unit": "EUR/tcm"}
    limits = {} if steady else {"capacity": 3.0, "availability": 0.1}
    booking = {"id": "b", "name": "b", "arc": "a", "booked": 0.05, "booked_unit": "mcm/d", "charge_unit": "EUR/tcm"}
    tables = {
        "nodes": [node("f"), node("m")], "exchange_rates": _drawn(data, {"id": "EUR"}, usd=0.2),
        "prices": _drawn(data, {"id": "p", "name": "p", "carrier": "gas", "unit": "EUR/tcm"}, value=5.0),
        "supplies": _drawn(data, {**supply("s", "f", 500, 0, cost_unit="EUR/tcm"), "price": "p"}, price_factor=0.1, cost=1.0),
        "arcs": _drawn(data, line, tariff=1.0, entry_tariff=0.5, loss=0.01, **limits),
        "bookings": _drawn(data, booking, charge=1.0, **({} if steady else {"booked": 0.01})),
        "demands": [demand("d", "m", 100, 5000)],
    }  # fmt: skip
    month, days = _both(tables)
    assert month.values("flow").sum() * 31 == pytest.approx(days.values("flow").sum(), rel=1e-9)
    charges = [solution.system["arcs"].number["booking_charge"].sum() for solution in (month, days)]
    assert charges[0] * 31 == pytest.approx(charges[1], rel=1e-9)
    if steady:
        assert month.objective == pytest.approx(days.objective, rel=1e-9)
