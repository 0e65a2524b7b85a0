"""The corridor to 2035 and 20 bcm to Europe, by year: what is built pays, what is asked for is reached, and each answer is certified."""

from __future__ import annotations

from pathlib import Path

import pytest

from energynet.model import Model, load

MODELS = Path(__file__).parent.parent / "models"


def by_year(folder: Path, name: str, horizon: str) -> Model:
    file = folder / "by_year.yaml"
    file.write_text(f"extends: {MODELS / name}\nhorizon: {{{horizon}step: year}}\n")
    return load(file)


def test_what_is_built_to_2031_pays(tmp_path: Path) -> None:
    """Nothing stands before its first year; what is added is worth its annuity over the years to come; all demand is served."""
    plan = by_year(tmp_path, "corridor-2035.yaml", "start: 2028-01-01, end: 2031-12-31, ").solve()
    assert plan.certificate.holds
    assert plan.tables["unserved"].empty
    table = plan.tables["projects"]
    first = plan.solution.system["projects"] if plan.solution else None
    assert first is not None
    for name, rows in table.groupby("project"):
        year = first.number["first_year"][first.position[str(name)]]
        assert (rows.loc[rows["year"] < year, "total"] == 0.0).all()
        begun = rows[(rows["year"] >= year) & (rows["total"] > 1e-6) & (rows["added"] > 1e-6)]
        assert (begun["value_over_annuity_from_here"] > 1 - 1e-6).all(), name
    stands = table[table["year"] == 2031].set_index("project")["total"]
    assert stands["scpfx"] > 1
    assert stands["nx_solar_500"] == pytest.approx(12)


def test_twenty_bcm_take_more_of_tap_and_tanap(tmp_path: Path) -> None:
    """The lines that stand carry 17.9 bcm to Europe at most: TAP 12.7, Malkoclar 3.65, Kipoi 1.56."""
    model = by_year(tmp_path, "europe-20bcm-2027.yaml", "")
    plan = model.solve(scenario="memorandum")
    assert plan.certificate.holds
    flows = plan.tables["flows_by_origin"].loc[lambda t: t["origin"] == "AZ"].groupby("arc")["volume"].sum()
    outward = sum(flows.get(arc, 0.0) for arc in ("tap_kipoi", "tr_malkoclar", "tr_kipoi")) - flows.get("malkoclar_tr", 0.0)
    assert outward == pytest.approx(20_000, rel=1e-6)
    stands = plan.tables["projects"].set_index("project")["total"]
    assert stands["tap_20"] * 0.365 == pytest.approx(20 - 12.7 - 3.65 - 4.28 * 0.365, abs=0.02)
    assert stands["tanap_24"] > 0
    assert plan.objective > model.solve(scenario="as_it_is").objective
