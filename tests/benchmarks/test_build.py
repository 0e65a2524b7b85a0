"""Build and hand-over of a program against raw arrays that one who knows it by heart would tile, in one run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
MOST = {12: 400.0, 365: 10.0, 8760: 3.0}  # of the time of raw arrays: a guard far above what is measured; the figures are printed


def measured(periods: int, way: str) -> dict[str, float]:
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    run = subprocess.run(
        [sys.executable, str(HERE / "large_network.py"), str(periods), way],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    return dict(json.loads(run.stdout))


@pytest.mark.bench
@pytest.mark.parametrize("periods", [12, 365, 8760])
def test_build_and_hand_over(periods: int, capsys: pytest.CaptureFixture[str]) -> None:
    ours, raw = measured(periods, "energynet"), measured(periods, "arrays")
    mine = ours["compile"] + ours["build"] + ours["hand over"]
    limit = raw["build"] + raw["hand over"]
    with capsys.disabled():
        print(
            f"\n{periods:5d} periods, {ours['columns']:,} columns, {ours['entries']:,} entries: compile {ours['compile']:.3f} s, "
            f"build {ours['build']:.3f} s, hand over {ours['hand over']:.3f} s; raw {limit:.3f} s; ratio {mine / limit:.2f}, "
            f"peak {ours['MB']:.0f} MB"
        )
    assert mine / limit < MOST[periods]
