"""The cases on real data: they are sound, they solve, and the reference year comes out near what was observed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from energynet.model import load
from energynet.results.result import Result

MODELS = Path(__file__).parent.parent / "models"
OBSERVED_2025 = {"Europe": (12.8, 0.10), "Türkiye": (9.6, 0.10), "Georgia": (2.3, 0.05), "Syria": (0.5, 0.10)}  # bcm, and how near
BUYERS_2025 = {"TR", "GE", "SY", "IT", "GR", "BG", "RO", "HU", "RS", "SI", "HR"}  # those that buy regularly
BUYERS_2026 = BUYERS_2025 | {"DE", "AT", "MK"}


@pytest.fixture(scope="module")
def reference() -> Result:
    return load(MODELS / "corridor-2025.yaml").solve()


def delivered(result: Result) -> pd.Series[float]:
    table = result.tables["deliveries"]
    return table.loc[(table["origin"] == "AZ") & (table["per"] == "year")].set_index("country")["bcm"]


def test_deliveries_come_near_the_observed(reference: Result) -> None:
    assert reference.solution is not None
    countries = reference.solution.system["countries"]
    by_region = delivered(reference).groupby(lambda country: countries.of("region", country)).sum()
    for region, (observed, near) in OBSERVED_2025.items():
        assert by_region[region] == pytest.approx(observed, rel=near), region


def test_the_trunk_carries_no_more_than_its_dated_capacity(reference: Result) -> None:
    flows = reference.tables["flows"]
    assert (flows["per_day"] <= flows["capacity_per_day"] * (1 + 1e-9) + 1e-9).all()
    trunk = flows.groupby("arc")["volume"].sum() / 1000
    assert trunk["tanap_east"] == pytest.approx(17.0, rel=0.03)
    assert trunk["tap_kipoi"] == pytest.approx(11.4, rel=0.03)
    assert trunk["scp_georgia"] == pytest.approx(22.933, rel=0.03)


def test_all_firm_demand_is_served(reference: Result) -> None:
    assert reference.tables["unserved"].empty


def test_renewables_free_gas_in_nakhchivan(reference: Result) -> None:
    """One GWh of sun and water less burns 1 / (0.4346 x 10.4585) mcm more gas in the plants."""
    model = load(MODELS / "corridor-2025.yaml")
    dark = model.solve(["supply[nx_solar].availability = 0"])

    def burnt(result: Result) -> float:
        balance = result.tables["balance"].loc[lambda t: (t["country"] == "NX") & (t["carrier"] == "gas") & (t["per"] == "year")]
        return -float(balance["converted"].iloc[0])

    assert burnt(dark) - burnt(reference) == pytest.approx(60.7 / (0.4346 * 10.4585), rel=5e-3)


def test_power_of_nakhchivan_and_its_neighbour_is_what_was_observed(reference: Result) -> None:
    balance = reference.tables["balance"].loc[lambda t: (t["carrier"] == "electricity") & (t["per"] == "year")].set_index("country")
    assert balance.loc["NX", "converted"] == pytest.approx(321.7, rel=5e-3)
    assert balance.loc["NX", "production"] == pytest.approx(125.1 + 60.7, rel=5e-3)
    assert balance.loc["NX", "served"] == pytest.approx(-507.6, rel=5e-3)
    prices = reference.tables["prices"].set_index("demand")["price"]
    assert prices["tr_power"].mean() == pytest.approx(55.4 * 1.13, rel=0.03)  # the day-ahead price


def test_a_twh_less_on_the_mainlands_plants_is_exported_as_gas() -> None:
    """1 TWh frees 1000 / (0.4346 x 10.4585) = 220 mcm, and all of it leaves the country."""
    model = load(MODELS / "corridor-2025-annual.yaml")

    def abroad(result: Result) -> float:
        table = result.tables["balance"].loc[lambda t: (t["country"] == "AZ") & (t["carrier"] == "gas") & (t["per"] == "year")]
        return -float(table["exports"].iloc[0])

    freed = abroad(model.solve(["demand[az_power].quantity = 19800 GWh/y"])) - abroad(model.solve())
    assert freed == pytest.approx(1000 / (0.4346 * 10.4585), rel=1e-3)


@pytest.mark.parametrize(("name", "buyers"), [("corridor-2025", BUYERS_2025), ("corridor-2026", BUYERS_2026)])
def test_the_buyers(name: str, buyers: set[str], reference: Result) -> None:
    result = reference if name == "corridor-2025" else load(MODELS / f"{name}.yaml").solve()
    got = delivered(result)
    assert buyers <= set(got[got > 0.001].index)


@pytest.mark.parametrize("path", sorted(MODELS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_case_is_sound(path: Path) -> None:
    model = load(path)
    assert model.system().pairs.arcs


@pytest.mark.parametrize("name", ["corridor-2024", "corridor-2025-annual"])
def test_other_cases_solve(name: str) -> None:
    result = load(MODELS / f"{name}.yaml").solve()
    assert result.certificate.holds
    assert result.tables["unserved"].empty


def test_one_carrier_and_one_origin(tmp_path: Path) -> None:
    """Gas alone, and all origins as one: smaller programs of the same package; without labels nothing is banned, so it costs no more."""
    text = f"extends: {MODELS / 'corridor-2025-annual.yaml'}\n"
    (tmp_path / "gas.yaml").write_text(text + "carriers: [gas]\n")
    (tmp_path / "single.yaml").write_text(text + "origins: single\n")
    gas, single = load(tmp_path / "gas.yaml").solve(), load(tmp_path / "single.yaml").solve()
    assert set(gas.tables["balance"]["carrier"]) == {"gas"}
    assert set(single.tables["deliveries"]["origin"]) == {"any_gas", "any_electricity"}
    assert single.certificate.holds


def test_an_exporter_earns_more_than_at_least_cost_and_cuts_no_customer(reference: Result) -> None:
    exporter = load(MODELS / "exporter-2025.yaml").solve()
    assert exporter.objective > reference.objective
    assert exporter.tables["unserved"].empty
    assert delivered(exporter)["IT"] > delivered(reference)["IT"]
    assert exporter.tables["welfare"]["musd"].sum() == pytest.approx(exporter.objective, rel=1e-9)


def test_capacity_costs_more_than_its_yearly_price_on_the_same_flows(reference: Result) -> None:
    """Short products pay multipliers: the network is dearer than with tariffs by volume at full use, and every country is still served."""
    bought = load(MODELS / "corridor-2025-capacity.yaml").solve()
    assert bought.objective > reference.objective
    assert bought.tables["unserved"].empty
