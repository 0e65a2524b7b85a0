"""`energynet sweep` as a user calls it: exit status, what it says, and where it says it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import energynet
from energynet.cli.main import main

MODEL = str(Path(energynet.__file__).parent / "starter" / "models" / "six-node.yaml")


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["sweep", MODEL, *arguments])
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def test_a_sweep_says_how_it_ended(capsys, tmp_path):
    design = tmp_path / "design.csv"
    design.write_text("name,supply[field_gas].minimum = mcm/d,supply[field_gas].maximum = mcm/d\nas it is,,\ntoo much,500,500\n")
    where = ["--out", str(tmp_path / "s"), "--design", str(design), "--tables", "flows,costs"]
    status, out, err = call(capsys, *where, "--json")
    assert status == 5
    assert json.loads(out)["counts"] == {"optimal": 1, "infeasible": 1}
    assert "1 scenario has no solution" in err
    status, out, err = call(capsys, *where)
    assert status == 5
    assert "1 optimal" in out
    assert "2 of 2 scenarios are there already" in err
    assert sorted(entry.name for entry in (tmp_path / "s").iterdir() if entry.is_dir()) == ["base", "costs", "flows", "scenarios"]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ([], "changes that vary or a design"),
        (["--vary", "demand[*].quantity *= 0.8:1.2"], "is a range without a step: write 0.8:1.2:STEP"),
        (["--vary", "demand[*].quantity *= 0.8:1.2", "--sample", "sobl:8"], "did you mean 'sobol'"),
        (["--vary", "demnd[*].quantity *= 1:2:1"], "did you mean 'demand'"),
        (["--design", "nowhere.csv"], "does not exist"),
        (["--vary", "demand[*].quantity *= 1:2:1", "--tables", "flow"], "there is no table 'flow'"),
    ],
)
def test_what_makes_no_sweep_is_told(capsys, tmp_path, arguments, word):
    status, out, err = call(capsys, *arguments, "--out", str(tmp_path / "s"))
    assert (status, out) == (2, "")
    assert word in err
    assert not (tmp_path / "s").exists()
