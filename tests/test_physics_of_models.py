"""What the shipped models do against physics: zero for power of the hub, and for the rest the figures that are known and explained in
docs/results.md. A new case of it, or one more, fails here.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from energynet.components.arc import lines_of
from energynet.model import load
from energynet.recheck.physical import ABOVE, BOTH_WAYS, IN_AND_OUT
from energynet.results.result import Result
from energynet.solution import Solution

MODELS = Path(__file__).parent.parent / "models"
YEAR = "horizon: {step: year}\n"
HUB = "horizon: {{start: {0}-01, end: {0}-{1}}}\noptions: {{storage_end: cyclic, price_ranges: none}}\n"
Figures = dict[tuple[str, str], tuple[float, float, float]]  # by kind and carrier: volume, what was lost, million USD

KNOWN: dict[tuple[str, str, str | None], Figures] = {
    ("corridor-2025-annual", "", None): {(BOTH_WAYS, "gas"): (1576.828, 0, 0), (ABOVE, "gas"): (654.078, 0, 9.276)},
    ("exporter-2025", YEAR, None): {(BOTH_WAYS, "gas"): (1851.828, 0, 0), (ABOVE, "gas"): (1164.078, 0, 16.509)},
    ("europe-20bcm-2027", YEAR, "memorandum"): {(BOTH_WAYS, "gas"): (6286.345, 0, 0), (ABOVE, "gas"): (456.582, 0, 6.647)},
    ("corridor-2035-annual", "", None): {
        (BOTH_WAYS, "electricity"): (2495.103, 50.1986, 1.8189), (ABOVE, "electricity"): (1056.828, 0, 2.2276),
        (BOTH_WAYS, "gas"): (21924.16, 0, 0), (ABOVE, "gas"): (11586.37, 0, 133.933),
    },
    ("nakhchivan-hub-2025", HUB.format("2025-06", "30"), None): {},
    ("nakhchivan-hub-2030", HUB.format("2030-06", "30"), "export_0"): {},
    ("nakhchivan-hub-2030", HUB.format("2030-06", "30"), "export_1000"): {},
    ("nakhchivan-hub-2030", HUB.format("2030-06", "30"), "export_1000_zangezur"): {},
    ("nakhchivan-hub-2030-plan", HUB.format("2030-06", "30"), "with_zangezur"): {},
}  # fmt: skip


def against_physics(result: Result) -> Figures:
    assert result.certificate.holds
    return {(one.name, one.carrier): (one.volume, one.lost, one.musd) for one in result.certificate.found}


def crossing_itself(solution: Solution) -> list[tuple[str, str]]:
    """Lines on which one origin goes both ways in one period: it would pay for going round in a circle."""
    sent = dict(zip(solution.keys("flow"), solution.values("flow").T, strict=True))
    return [
        (one, origin)
        for ahead, back in lines_of(solution.system["arcs"])
        for one in ahead
        for other in back
        for origin in solution.system["origins"]
        if (one, origin) in sent and (other, origin) in sent and ((sent[one, origin] > 1e-6) & (sent[other, origin] > 1e-6)).any()
    ]


@pytest.mark.parametrize(("name", "cut", "scenario"), KNOWN, ids=lambda part: str(part).partition("\n")[0])
def test_what_a_model_does_against_physics_is_what_is_known(name: str, cut: str, scenario: str | None, tmp_path: Path) -> None:
    (tmp_path / "cut.yaml").write_text(f"extends: {MODELS / name}.yaml\n{cut}")
    result = load(tmp_path / "cut.yaml").solve(scenario=scenario)
    known = KNOWN[name, cut, scenario]
    found = against_physics(result)
    assert found.keys() == known.keys()
    for key, figures in known.items():
        assert found[key] == pytest.approx(figures, rel=1e-3, abs=1e-6), key
    assert result.solution is not None
    assert crossing_itself(result.solution) == []


def test_the_reference_case_crosses_gas_of_different_owners() -> None:
    """Four lines whose backhaul is paid for, and a store that gives one origin while it takes another: all by month."""
    result = load(MODELS / "corridor-2025.yaml").solve()
    known = {
        (IN_AND_OUT, "gas"): (313.1325, 3.131325, 1.433577),
        (BOTH_WAYS, "gas"): (1127.241, 0, 0),
        (ABOVE, "gas"): (981.8723, 0, 40.03056),
    }
    found = against_physics(result)
    assert found.keys() == known.keys()
    for key, figures in known.items():
        assert found[key] == pytest.approx(figures, rel=1e-3), key
    assert result.solution is not None
    assert crossing_itself(result.solution) == []
    table = result.tables["certificate"]
    told = table[(table["section"] == "physical") & ~table["holds"]].set_index("check")
    assert told.loc[IN_AND_OUT, ["volume", "lost", "musd"]].tolist() == pytest.approx(known[IN_AND_OUT, "gas"], rel=1e-3)
