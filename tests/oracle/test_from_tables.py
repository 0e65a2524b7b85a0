"""The package against the second reader: objective and flows of each in the program of the other.

By default the starter, the small cases, one shipped model and a sample of random packages; `make oracle` runs all shipped models and 200
random packages.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from oracle.comparison import compare
from oracle.csv_package import read_model
from oracle.random_packages import write_package
from oracle.rolled import compare_rolled
from small_cases import CASES, path_of

import energynet
from energynet.errors import InputFaults

ROOT = Path(__file__).parents[2]
STARTER = Path(energynet.__file__).parent / "starter" / "models" / "six-node.yaml"
LARGE = pytest.mark.oracle
SHIPPED = [
    "corridor-2025", "corridor-2024", "corridor-2026", "corridor-2025-capacity", "corridor-2025-elastic", "exporter-2025",
    "corridor-2035-annual", "nakhchivan-hub-2025",
]  # fmt: skip
SCENARIOS = [
    *(("europe-20bcm-2027", name) for name in ("as_it_is", "memorandum", "memorandum_old_gas", "nothing_built")),
    *(("nakhchivan-hub-2030", name) for name in ("export_0", "export_500", "export_1000", "export_1000_zangezur")),
    *(("nakhchivan-hub-2030-plan", name) for name in ("without_zangezur", "with_zangezur")),
]
SAMPLE, ALL = 6, 200


def agree(path: Path, scenario: str | None = None) -> None:
    options = read_model(path).get("options", {})
    rolled = options.get("contract_years") == "rolling" or options.get("years") == "rolled"
    found = compare_rolled(path) if rolled else compare(path, scenario=scenario)
    assert not found.faults, "\n".join([f"{found.theirs} there, {found.ours} here", *found.faults])


@pytest.mark.parametrize("scenario", [None, "cold_winter", "trunk_outage", "dear_sea", "tight_ceiling"])
def test_the_starter(scenario):
    agree(STARTER, scenario)


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.iterdir() if (path / "models").is_dir()))
def test_small_cases(case):
    """A case that is refused has no answer to compare; which those are is held by the tests of the cases."""
    try:
        agree(path_of(case))
    except InputFaults:
        pytest.skip("refused")


def test_a_shipped_model():
    agree(ROOT / "models" / "corridor-2025-annual.yaml")


@LARGE
@pytest.mark.parametrize("model", SHIPPED)
def test_shipped_models(model):
    agree(ROOT / "models" / f"{model}.yaml")


@LARGE
@pytest.mark.parametrize(("model", "scenario"), SCENARIOS)
def test_scenarios_of_shipped_models(model, scenario):
    agree(ROOT / "models" / f"{model}.yaml", scenario)


@LARGE
def test_a_rolled_model():
    """Each window with what the windows before it decided, and the joined flows in the program of the whole horizon."""
    agree(ROOT / "models" / "corridor-2025-2030.yaml")


@pytest.mark.parametrize("aligned", [True, False], ids=["changes between periods", "changes inside periods"])
@pytest.mark.parametrize("seed", [*range(SAMPLE), *(pytest.param(seed, marks=LARGE) for seed in range(SAMPLE, ALL // 2))])
def test_random_packages(seed, aligned, tmp_path):
    """A change whose window lies beside all of its rows is refused by the package; the generator does not avoid it."""
    path = write_package(tmp_path, seed, aligned=aligned)
    try:
        agree(path)
    except InputFaults as refused:
        if not all("changes nothing" in str(fault) for fault in refused.faults):
            raise
        pytest.skip("a change beside its rows is refused")
