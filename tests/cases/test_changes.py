"""Changes and data that would have had no effect, or more than they may have: each is refused, and acts where it says."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

import energynet as en
from energynet.errors import InputFaults
from tests.network import arc, case, demand, node, package, solve, supply, the
from tests.small_cases import CASES, model_of, path_of


@pytest.mark.parametrize(
    ("name", "table", "said"),
    [
        ("ceiling-without-terms", "ceilings", "adds up nothing"),
        ("opening-stock-cyclic", "storage_stocks", "from which nothing starts with storage_end: cyclic"),
        ("opening-stock-yearly", "storage_stocks", "from which nothing starts with storage_end: yearly"),
        ("factor-above-one", "supplies", "takes availability to 1.7, and the most allowed is 1"),
    ],
)
def test_what_would_have_no_effect_or_too_much_is_refused_with_its_row(name: str, table: str, said: str) -> None:
    with pytest.raises(InputFaults) as told:
        model_of(name)
    (fault,) = told.value.faults
    assert said in fault.message
    assert Path(fault.file).stem == table
    assert fault.row == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("supply[x].maximum *= 1e400", "is too large to be a number"),
        ("supply[x].maximum *= inf", "is not a number"),
        ("supply[x].maximum *= ٣", "is not a number"),
        ("supply[x].maximum @ 2026-01-01..2026-02-01 = 0", "its window is outside of the days solved"),
        ("carrier[gas].temperature_c += 1", "no equation reads temperature_c"),
        ("demand[d].peak_day = 100 MW", "no equation reads peak_day"),
    ],
)
def test_a_change_without_effect_is_refused(change: str, said: str) -> None:
    model = model_of("change-overflow")
    with pytest.raises(InputFaults, match=said):
        model.solve([change])


def test_a_table_that_the_package_lists_is_there(tmp_path: Path) -> None:
    shutil.copytree(CASES / "change-overflow", tmp_path / "copy")
    data = tmp_path / "copy" / "data"
    (data / "datapackage.json").write_text(
        '{"name": "x", "resources": [{"name": "permissions", "path": "permissions.csv"}]}', encoding="utf-8"
    )
    with pytest.raises(InputFaults, match="is listed here, but there is no such file"):
        en.load(tmp_path / "copy" / "models" / path_of("change-overflow").name)


@pytest.mark.parametrize("cell", ["1e400", "inf", "nan", "١٠"])
def test_a_cell_that_is_no_finite_number_is_refused(tmp_path: Path, cell: str) -> None:
    with pytest.raises(InputFaults, match="number"):
        package({**LATE, "supplies": [{**supply("s", "f", 10, 20), "maximum": cell}]}, tmp_path)


LATE = {
    "nodes": [node("f"), node("m", "BB")],
    "arcs": [arc("pipe", "f", "m", 10, 5, valid_from="2025-07-01")],
    "supplies": [supply("s", "f", 20, 20)],
    "demands": [demand("d", "m", 10)],
}


def test_a_capacity_rewritten_does_not_open_the_line_before_its_first_day() -> None:
    """The line begins in July: a change of its capacity gives it 12 from then on, and nothing before."""
    made = solve(LATE, start="2025-01-01", end="2025-12-31", changes=["arc[pipe].capacity = 12 mcm/d"])
    capacity = made.system["arcs"].number["capacity"][:, 0]
    np.testing.assert_allclose(capacity, [0.0] * 6 + [12.0] * 6)


def test_a_window_outside_of_the_row_is_refused_with_the_row() -> None:
    model = en.Model(case(end="2025-12-31"), package(LATE))
    with pytest.raises(InputFaults, match=r"outside of the days on which the row holds.*arcs.csv:row 2"):
        model.system(["arc[pipe].capacity @ 2025-01-01..2025-03-31 = 12 mcm/d"])


def test_a_contract_delivers_only_inside_its_window() -> None:
    """A contract of December without a daily maximum takes nothing in the months before, however well it pays then."""
    contract = {
        "id": "k", "name": "k", "seller": "x", "buyer": "BB", "origin": "A", "delivery_demand": "d", "annual_quantity": 5,
        "quantity_unit": "mcm/d", "take_or_pay": 0, "contract_price": 0, "seller_cost": 50, "price_unit": "USD/tcm",
        "valid_from": "2025-12-01",
    }  # fmt: skip
    tables = {**LATE, "arcs": [arc("pipe", "f", "m", 10, 5)], "contracts": [contract]}
    made = solve(tables, start="2025-01-01", end="2025-12-31")
    delivered = [the(made, "delivered", "k", period=t) for t in range(12)]
    assert delivered == pytest.approx([0.0] * 11 + [5.0])


def test_an_exchange_rate_changed_is_the_rate_edited(tmp_path: Path) -> None:
    """The reference case with the euro dearer by a fifth, by a change and by the file."""
    root = Path(__file__).parents[2]
    for folder in ("models", "data"):
        shutil.copytree(root / folder, tmp_path / folder)
    file = tmp_path / "data" / "southern-gas-corridor" / "exchange_rates.csv"
    lines = [line.split(",") for line in file.read_text(encoding="utf-8").splitlines()]
    at = lines[0].index("usd")
    for cells in lines[1:]:
        if cells[0] == "EUR":
            cells[at] = repr(float(cells[at]) * 1.2)
    file.write_text("\n".join(",".join(cells) for cells in lines) + "\n", encoding="utf-8")
    changed = en.load(root / "models" / "corridor-2025.yaml").program(["exchange_rate[EUR].usd *= 1.2"])
    edited = en.load(tmp_path / "models" / "corridor-2025.yaml").program()
    assert changed.columns == edited.columns
    for name in ("cost", "value", "upper", "row_lower", "row_upper"):
        np.testing.assert_allclose(getattr(changed, name), getattr(edited, name), rtol=1e-12, atol=1e-12)
