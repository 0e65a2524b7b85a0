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
HUB = str(ROOT / "models" / "nakhchivan-hub-2025-hourly.yaml")
MOST = {"12": 100.0, "365": 5.0, "8760": 1.5, HUB: 1.5}  # of the time of raw arrays, the compile apart


def measured(size: str, way: str) -> dict[str, float]:
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    run = subprocess.run(
        [sys.executable, str(HERE / "large_network.py"), size, way],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    return dict(json.loads(run.stdout))


@pytest.mark.bench
@pytest.mark.parametrize("size", MOST)
def test_build_and_hand_over(size: str, capsys: pytest.CaptureFixture[str]) -> None:
    ours, raw = measured(size, "energynet"), measured(size, "arrays")
    mine, limit = ours["build"] + ours["hand over"], raw["build"] + raw["hand over"]
    with capsys.disabled():
        print(
            f"\n{Path(size).stem}: {ours['columns']:,} columns, {ours['entries']:,} entries, peak {ours['MB']:.0f} MB; "
            f"build {ours['build']:.3f} s, hand over {ours['hand over']:.3f} s, raw {limit:.3f} s: ratio {mine / limit:.2f}, "
            f"with the compile ({ours['compile']:.3f} s) {(mine + ours['compile']) / limit:.2f}"
        )
    assert mine / limit < MOST[size]
