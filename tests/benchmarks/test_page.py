"""How long a reader waits: the page of the reference case, its first answer, and the next ones."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from browser import Browser, chromium

from energynet.model import load
from energynet.report import bundled
from energynet.report.page import write_report
from energynet.results.store import open_run

pytestmark = [
    pytest.mark.bench,
    pytest.mark.skipif(chromium() is None or bool(bundled.missing()), reason="no Chromium, or no solver for the page"),
]
MODELS = Path(__file__).parent.parent.parent / "models"
MOVES = ("demand/TR/gas", "capacity/TANAP/gas", "price/ttf_year", "demand/IT/gas", "capacity/TAP/gas")


def test_the_reference_case_answers_in_under_three_seconds(tmp_path):
    result = load(MODELS / "corridor-2025.yaml").solve()
    native = result.solution.seconds["first stage"]
    run = open_run(result.write(tmp_path / "run"))
    began = time.perf_counter()
    file = write_report(run)
    written = time.perf_counter() - began
    with Browser(tmp_path / "browser") as browser:
        page = browser.open(file)
        page.wait("window.energynetWhatIf.desk")
        keys = page.run("energynetWhatIf.desk.sliders.map((one) => one.key)")
        waits = []
        for key in MOVES:
            began = time.perf_counter()
            page.run(f"""(() => {{ document.getElementById("what-if-status").textContent = "Solving …";
                const input = document.getElementById("slider-{keys.index(key)}");
                input.value = 110; input.dispatchEvent(new Event("input", {{bubbles: true}})); }})()""")
            page.wait("/Solved in/.test(document.getElementById('what-if-status').textContent)")
            waits.append(time.perf_counter() - began)
    print(f"\npage {file.stat().st_size / 1e6:.1f} MB, written in {written:.1f} s; waits {', '.join(f'{one:.2f}' for one in waits)} s; "
          f"native first stage from cold {native:.2f} s")  # fmt: skip
    assert file.stat().st_size < 6e6
    assert waits[0] < 3.0
    assert max(waits[1:]) < 3.0
