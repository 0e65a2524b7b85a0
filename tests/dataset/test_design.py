"""Changes that vary: lists, ranges, grids, what moves together, samples and design files; and what is told where they have no meaning."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from energynet.dataset.changes import parse_change
from energynet.dataset.design import Distribution, Range, Values, grid, parse_vary
from energynet.dataset.design_file import read_design
from energynet.dataset.sample import Sample, draw, parse_sample
from energynet.errors import InputFaults, UsageFault


@pytest.mark.parametrize(
    ("text", "name", "amount"),
    [
        ("demand[a].quantity *= 0.8:1.2:0.1", "demand[a].quantity *=", Values((0.8, 0.9, 1.0, 1.1, 1.2))),
        ("demand[a].quantity*=1.2:0.8:-0.2", "demand[a].quantity *=", Values((1.2, 1.0, 0.8))),
        ("arc[t_*].capacity = {20, 24.5} bcm/y", "arc[t_*].capacity = bcm/y", Values((20.0, 24.5))),
        ("price[p].value += -5:5:5 EUR/MWh", "price[p].value += EUR/MWh", Values((-5.0, 0.0, 5.0))),
        ("supply[s].availability @ 2025-01-11..2025-01-20 = 0:1", "supply[s].availability @ 2025-01-11..2025-01-20 =", Range(0.0, 1.0)),
        ("demand[a].quantity *= normal(1, 0.05)", "demand[a].quantity *=", Distribution("normal", (1.0, 0.05))),
        ("demand[a].quantity *= 1.1", "demand[a].quantity *=", Values((1.1,))),
        ("arc[a].capacity = 1:2:0.4 bcm/y", "arc[a].capacity = bcm/y", Values((1.0, 1.4, 1.8))),
    ],
)
def test_one_change_that_varies(text, name, amount):
    (vary,) = parse_vary(text)
    assert (vary.name, vary.amount) == (name, amount)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("demand[a].quantity *= 0.8:1.2:-0.1", "never ends", None),
        ("demand[a].quantity *= 0.8:1.2:0", "never ends", None),
        ("demand[a].quantity *= 0:1:1e-9", "values: more than", None),
        ("demand[a].quantity *= {1, two}", "is no number in the list", None),
        ("demand[a].quantity *= normel(1, 0.1)", "is no distribution", "normal"),
        ("demand[a].quantity *= normal(1)", "it reads normal(mean", None),
        ("demand[a].quantity *= uniform(1.2, 0.8)", "has no width", None),
        ("demand[a].quantity *= lots", "is no number, list", None),
        ("demand[a].quantity *= -0.1:1.2:0.1", "cannot turn a sign", None),
        ("supply[a].availability = {0.5, 1.5}", "is out of bounds", None),
        ("demand[a].quantity *= {1, 2} together demand[b].quantity *= {1, 2, 3}", "joins 2 and 3 values", None),
        ("demnd[a].quantity *= {1, 2} together demand[b].quantty *= {1, 2}", "is no component", "demand"),
        ("demnd[a].quantity *= {1, 2} together demand[b].quantty *= {1, 2}", "is no column of demands", "quantity"),
    ],
)
def test_what_cannot_vary_so_is_told(text, message, hint):
    with pytest.raises(InputFaults) as raised:
        parse_vary(text)
    found = [fault for fault in raised.value.faults if message in fault.message]
    assert found, str(raised.value)
    assert found[0].hint == hint


def test_a_grid_holds_every_combination_and_what_is_together_moves_together():
    design = grid(
        [
            parse_vary("demand[a].quantity *= {1, 2} together demand[b].quantity *= {2, 1} together demand[c].quantity *= 3"),
            parse_vary("price[p].value += {0, 5, 9} EUR/MWh"),
        ]
    )
    assert design.names == ("demand[a].quantity *=", "demand[b].quantity *=", "demand[c].quantity *=", "price[p].value += EUR/MWh")
    assert design.values.tolist() == [[1, 2, 3, 0], [1, 2, 3, 5], [1, 2, 3, 9], [2, 1, 3, 0], [2, 1, 3, 5], [2, 1, 3, 9]]
    assert [change.text for change in design.changes(4)] == [
        "demand[a].quantity *= 2", "demand[b].quantity *= 1", "demand[c].quantity *= 3", "price[p].value += 5 EUR/MWh",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["demand[a].quantity *= 0.8:1.2"], "is a range without a step: write 0.8:1.2:STEP"),
        (["demand[a].quantity *= uniform(1, 2)"], "needs a sample"),
        (["demand[a].quantity *= {1, 2}", "demand[a].quantity *= {3, 4}"], "is varied twice"),
        (["demand[a].quantity *= 0:1000:1", "demand[b].quantity *= 0:1000:1"], "has 1,002,001 scenarios"),
    ],
)
def test_a_grid_that_is_none_is_told(texts, message):
    with pytest.raises(InputFaults, match=message):
        grid([parse_vary(text) for text in texts])


@given(first=st.integers(-50, 50), count=st.integers(0, 40), step=st.sampled_from(["0.05", "0.1", "0.3", "7", "1e-3"]))
def test_a_range_ends_on_its_last_step(first, count, step):
    """Steps add up in decimals: the last value is the one that was written, whatever binary fractions would say."""
    from decimal import Decimal

    last = Decimal(first) + count * Decimal(step)
    (vary,) = parse_vary(f"price[p].value += {first}:{last}:{step} EUR/MWh")
    assert isinstance(vary.amount, Values)
    assert len(vary.amount.values) == count + 1
    assert vary.amount.values[-1] == float(str(last))


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=0.0, max_value=1e12))
def test_the_text_of_a_varied_change_reads_back_as_it(value):
    (vary,) = parse_vary("arc[t_*].capacity @ 2025-01-11..2025-01-20 = 1:2 bcm/y[tr]")
    change = vary.change(value)
    assert parse_change(change.text) == change
    assert change.value == value


@pytest.mark.parametrize("spec", ["sobol:64", "latin:50:seed=3"])
def test_a_sample_fills_its_ranges_evenly_and_is_the_same_again(spec):
    groups = [
        parse_vary("demand[a].quantity *= 0.8:1.2 together demand[b].quantity *= 10:20"),
        parse_vary("price[p].value += {1, 2} EUR/MWh"),
        parse_vary("arc[a].capacity = normal(24, 2, 20, 28) bcm/y"),
    ]
    design = draw(groups, parse_sample(spec))
    count = len(design)
    first, second, listed, normal = design.values.T
    assert sorted(np.floor((first - 0.8) / 0.4 * count).astype(int)) == list(range(count))  # one in each slice
    np.testing.assert_allclose(second, 10 + (first - 0.8) / 0.4 * 10, rtol=1e-8)  # the same quantile
    assert (listed == 1).sum() == (listed == 2).sum() == count // 2
    assert normal.min() > 20
    assert normal.max() < 28
    assert abs(normal.mean() - 24) < 0.1
    assert np.array_equal(draw(groups, parse_sample(spec)).values, design.values)
    other = draw(groups, Sample(parse_sample(spec).method, count, seed=99))
    assert not np.array_equal(other.values, design.values)


@pytest.mark.parametrize(
    ("text", "mean", "deviation"),
    [
        ("normal(1, 0.05)", 1.0, 0.05),
        ("uniform(0, 12)", 6.0, 12**0.5),
        ("triangular(0, 3, 6)", 3.0, 1.5**0.5),
        ("lognormal(2, 0.1)", 2.01003, 0.2015),
    ],
)
def test_distributions_have_their_moments(text, mean, deviation):
    drawn = draw([parse_vary(f"price[p].value += {text} USD/MWh")], Sample("latin", 4000)).values[:, 0]
    assert drawn.mean() == pytest.approx(mean, rel=1e-3)
    assert drawn.std() == pytest.approx(deviation, rel=5e-3)


@pytest.mark.parametrize("text", ["sobol", "sobl:64", "sobol:0", "sobol:64:seed=x", "latin:2000000"])
def test_what_is_no_sample_is_told(text):
    with pytest.raises(UsageFault):
        parse_sample(text)


def test_a_drawn_value_that_does_not_fit_its_column_is_told():
    with pytest.raises(InputFaults, match="is out of bounds"):
        draw([parse_vary("supply[a].availability = normal(0.9, 0.3)")], Sample("latin", 50))


def test_a_design_file(tmp_path):
    file = tmp_path / "design.csv"
    file.write_text("name,demand[a].quantity *=,arc[t].capacity = bcm/y,price[p].value +=\ncold,1.1,,5 EUR/MWh\n\nmild,0.9,24,\n")
    design = read_design(file)
    assert design.names == ("demand[a].quantity *=", "arc[t].capacity = bcm/y", "price[p].value += EUR/MWh")
    assert design.labels == ("cold", "mild")
    assert [[change.text for change in design.changes(k)] for k in range(2)] == [
        ["demand[a].quantity *= 1.1", "price[p].value += 5 EUR/MWh"], ["demand[a].quantity *= 0.9", "arc[t].capacity = 24 bcm/y"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no header"),
        ("demand[a].quantity *=\n", "holds no scenario"),
        ("demand[a].quantity *=,arc[t].capacity = bcm/y\n1\n", "row 2: has 1 cells where the header has 2"),
        ("demand\n1\n", "row 1: 'demand' is no change without its value"),
        ("demand[a].quantty *=\n1\n", "did you mean 'quantity'"),
        ("demand[a].quantity *=\n1\nmuch\n", "row 3: column demand[a].quantity *=: 'much' is no number"),
        ("arc[t].capacity =\n1 bcm/y\n2 mcm/d\n", "row 3: column arc[t].capacity =: '2 mcm/d' is in mcm/d, the column in bcm/y"),
        ("demand[a].quantity *=\n-1\n", "cannot turn a sign"),
    ],
)
def test_what_is_wrong_in_a_design_file_is_told(tmp_path, text, said):
    file = tmp_path / "design.csv"
    file.write_text(text)
    with pytest.raises(InputFaults) as raised:
        read_design(file)
    assert said in str(raised.value)
    assert str(file) in str(raised.value)
