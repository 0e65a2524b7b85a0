"""The hub of Nakhchivan, hour by hour: near what was observed in 2025, and what its links let out in 2030."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from energynet.model import load
from energynet.results.result import Result

MODELS = Path(__file__).parent.parent / "models"


def yearly(result: Result, table: str, **of: str) -> pd.DataFrame:
    frame = result.tables[table]
    frame = frame[frame["per"] == "year"]
    for column, value in of.items():
        frame = frame[frame[column] == value]
    return frame


def test_nakhchivan_in_2025_is_near_what_was_observed() -> None:
    """507.6 GWh: 321.7 from gas, the rest from water and sun, and no power to or from its neighbours."""
    hub = load(MODELS / "nakhchivan-hub-2025.yaml").solve()
    assert hub.certificate.holds
    power = yearly(hub, "balance", country="NX", carrier="electricity").iloc[0]
    assert power["converted"] == pytest.approx(321.7, rel=5e-3)
    assert power["production"] == pytest.approx(125.1 + 60.7, rel=5e-3)
    assert power["served"] == pytest.approx(-507.6, rel=5e-3)
    assert power["imports"] + power["exports"] == pytest.approx(0.0, abs=1.0)
    gas = yearly(hub, "balance", country="NX", carrier="gas").iloc[0]
    assert -gas["converted"] == pytest.approx(321.7 * 0.22, rel=5e-3)


def test_green_power_of_2030_is_sold_in_three_countries_as_far_as_the_line_lets_it(tmp_path: Path) -> None:
    """A day of June: what crosses the border in an hour is within the two lines, and the gas-fired plants of Türkiye give the less."""
    june = "horizon: {start: 2030-06-01, end: 2030-06-30}\noptions: {storage_end: cyclic}\n"
    (tmp_path / "june.yaml").write_text(f"extends: {MODELS / 'nakhchivan-hub-2030.yaml'}\n{june}")
    model = load(tmp_path / "june.yaml")
    tie, hub = model.solve(scenario="export_0"), model.solve(scenario="export_500")
    assert hub.certificate.holds
    green = yearly(hub, "deliveries", origin="NX_GREEN", carrier="electricity").set_index("country")["gwh"]
    assert (green[["TR", "BG", "GR", "NX"]] > 10).all()
    flows = hub.tables["flows"].set_index("arc")
    assert flows.loc["nx_tr_400", "per_day"].max() == pytest.approx(0.5 * 24)
    assert flows.loc["nx_tr_154", "per_day"].max() <= 0.075 * 24 * (1 + 1e-9)
    table = hub.tables["congestion"].set_index("arc")
    assert table.loc["nx_tr_400", "hours_at_limit"] > 100
    assert table.loc["nx_tr_400", "congestion_rent_musd"] > 1
    assert table.loc["nx_tr_154", "congestion_rent_musd"] > 0.1  # its limit is that of the corridor
    into = [yearly(one, "balance", country="TR", carrier="electricity").iloc[0] for one in (tie, hub)]
    burnt = [-yearly(one, "balance", country="TR", carrier="gas").iloc[0]["converted"] for one in (tie, hub)]
    assert into[0]["converted"] - into[1]["converted"] > 50
    assert burnt[0] - burnt[1] == pytest.approx((into[0]["converted"] - into[1]["converted"]) / (0.5 * 10.4585), rel=1e-9)
