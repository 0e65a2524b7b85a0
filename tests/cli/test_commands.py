"""The commands as a user calls them: in a process of their own, by exit status, standard output and standard error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from energynet.cli.main import main


def call(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NO_COLOR": "1"}
    command = [sys.executable, "-c", "from energynet.cli.main import main; main()", *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh start, as `init` makes it."""
    there = tmp_path_factory.mktemp("work") / "case"
    made = call("init", str(there), cwd=there.parent)
    assert made.returncode == 0, made.stderr
    return there


def test_init_check_list(case: Path) -> None:
    assert call("check", "six-node", cwd=case).returncode == 0
    assert call("check", "data/six-node", cwd=case).returncode == 0
    listed = call("list", "--json", cwd=case)
    assert [row["model"] for row in json.loads(listed.stdout)] == ["six-node"]
    again = call("init", str(case), cwd=case.parent)
    assert (again.returncode, again.stdout) == (2, "")


def test_solve_and_audit(case: Path) -> None:
    solved = call("solve", "six-node", "--out", "run", cwd=case)
    assert solved.returncode == 0, solved.stderr
    for words in ("Who got how much", "At what price", "What was full", "What was short", "objective"):
        assert words in solved.stdout
    assert (case / "run" / "deliveries.csv").is_file()
    audited = call("audit", "run", cwd=case)
    assert audited.returncode == 0, audited.stdout
    assert "FAILS" not in audited.stdout


def test_json_is_data_on_standard_output(case: Path) -> None:
    solved = call("solve", "six-node", "--scenario", "cold_winter", "--set", "demand[*].quantity *= 0.9", "--json", cwd=case)
    data = json.loads(solved.stdout)
    assert data["status"] == "optimal"
    assert Path(case / data["run"] / "manifest.json").is_file()
    assert "certified" in solved.stderr


def test_bad_input_is_status_2_and_writes_nothing(case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(path for path in case.rglob("*"))
    monkeypatch.chdir(case)
    for arguments in (
        ("solve", "six-nod"),
        ("solve", "six-node", "--set", "demand[nowhere].quantity *= 2", "--out", "bad"),
        ("solve", "six-node", "--set", "demand[*].quantity = 3 furlongs", "--out", "bad"),
        ("solve", "six-node", "--scenario", "warm", "--out", "bad"),
        ("solve", "six-node", "--format", "dbf", "--out", "bad"),
        ("solve",),
        ("solv", "six-node"),
    ):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        said = capsys.readouterr()
        assert ended.value.code == 2, arguments
        assert said.out == ""
        assert said.err
        assert "Traceback" not in said.err
    assert sorted(path for path in case.rglob("*")) == before


def test_infeasible_is_status_3(case: Path) -> None:
    text = (case / "models" / "six-node.yaml").read_text().replace("unserved: allowed", "unserved: forbidden")
    (case / "models" / "strict.yaml").write_text(text)
    ended = call("solve", "strict", "--set", "supply[*].maximum *= 0.3", "--set", "supply[*].minimum *= 0", cwd=case)
    assert ended.returncode == 3, ended.stderr
    assert "must be" in ended.stderr
    (case / "models" / "strict.yaml").unlink()


def test_out_of_time_is_status_4(case: Path) -> None:
    assert call("solve", "six-node", "--time-limit", "0.000001", cwd=case).returncode == 4


def test_help_imports_nothing_heavy(case: Path) -> None:
    code = (
        "import sys\nfrom energynet.cli.main import main\ntry:\n    main(['--help'])\nexcept SystemExit as end:\n    assert not end.code\n"
        "heavy = {'pyomo', 'pandas', 'numpy', 'highspy', 'scipy', 'networkx', 'pyarrow', 'pydantic', 'rich'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=case, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
