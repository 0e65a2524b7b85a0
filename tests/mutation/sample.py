"""Mutation testing of a fixed sample: 200 small faults, one at a time, in the rooms between the data and the printed cell.

`make mutants` runs it. mutmut plants the faults and picks the tests that run through each; which rooms and which tests take part stands in
pyproject.toml. The sample is the mutants whose names have the smallest hashes, so that it is the same on every machine for the same code.
Mutants that change nothing that could be observed are named in `equivalent.txt`, each with its reason, and are left out of the score.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
EQUIVALENT = Path(__file__).with_name("equivalent.txt")
SAMPLE = 200
LEAST = 0.9  # of the sample killed
KILLED = {"1", "3", "24", "36", "152", "255", "-24", "-9", "-11"}  # a test failed, or the mutant ran out of time or crashed


def all_mutants() -> list[str]:
    """Plant the faults under `mutants/` and list their names."""
    from mutmut import __main__ as mutmut

    (ROOT / "mutants").mkdir(exist_ok=True)
    mutmut.set_mutant_under_test("mutant_generation")
    mutmut.copy_src_dir()
    mutmut.copy_also_copy_files()
    mutmut.setup_source_paths()
    mutmut.create_mutants(os.cpu_count() or 1)
    return sorted(exit_codes())


def exit_codes() -> dict[str, str]:
    """The exit code of the tests of each mutant; `None` where it was not tried."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "mutants").rglob("*.py.meta")):
        found |= {name: str(code) for name, code in json.loads(path.read_text())["exit_code_by_key"].items()}
    return found


def sampled(names: list[str]) -> list[str]:
    return sorted(sorted(names, key=lambda name: hashlib.sha256(name.encode()).hexdigest())[:SAMPLE])


def equivalent() -> set[str]:
    lines = EQUIVALENT.read_text().splitlines()
    return {line.split()[0] for line in lines if line.strip() and not line.startswith("#")}


def main() -> int:
    """Try the sample, print the score and the survivors; 1 where too few were killed."""
    os.chdir(ROOT)
    names = sampled(all_mutants())
    children = os.environ.get("MUTANTS_PROCESSES", str(os.cpu_count() or 1))
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", children, *names]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    codes = exit_codes()
    tried = [name for name in names if codes[name] != "None" and name not in equivalent()]
    if not tried:
        print(ended.stdout[-4000:], ended.stderr[-4000:], sep="\n")
        return 1
    survivors = [name for name in tried if codes[name] not in KILLED]
    share = 1.0 - len(survivors) / len(tried)
    for name in survivors:
        shown = subprocess.run([sys.executable, "-m", "mutmut", "show", name], check=False, capture_output=True, text=True).stdout
        print(f"survived (exit {codes[name]}): {shown}")
    print(f"{len(tried)} mutants tried, {len(tried) - len(survivors)} killed, {100 * share:.1f} % (asked: {100 * LEAST:.0f} %)")
    return 0 if share >= LEAST and len(tried) >= 0.9 * SAMPLE else 1


if __name__ == "__main__":
    sys.exit(main())
