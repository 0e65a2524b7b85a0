"""Golden rows, one file a constraint family: a small system in, the exact rows out. No solver.

The files were read by eye against the equations. To write them anew after a meant change: `pytest --rewrite-golden` (then read the diff).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from network import system
from systems import PLANNED, TWO_WAY_POWER

from energynet.program.layout import Program
from energynet.program.linear_program import Family, LinearProgram

GOLDEN = Path(__file__).parent.parent / "golden"
HORIZON = {"start": "2025-02-28", "end": "2025-03-01", "step": "day", "storage_end": "free"}


@pytest.fixture(scope="module")
def programs() -> list[LinearProgram]:
    changes = ["demand[d].quantity = 40 mcm/d"]
    more = ({}, {"tariffs": "capacity"}, {"objective": "income:A"}, {"objective": "curtailment"})
    made = [system(PLANNED, **HORIZON, changes=changes, **options) for options in more]
    made.append(system(TWO_WAY_POWER, start="2025-03-01", end="2025-03-31"))
    return [Program(one).lay(one) for one in made]


def written(program: LinearProgram, family: Family) -> str:
    """The rows of a family: bound <= terms <= bound, numbers to 12 digits, terms by name."""
    terms: dict[int, list[tuple[str, float]]] = {}
    for j in range(program.column_count):
        for k in range(program.start[j], program.start[j + 1]):
            terms.setdefault(int(program.index[k]), []).append((program.column_name(j), float(program.value[k])))
    first, stride, count = program.family_slice(family)
    periods = 1 if family.horizon else len(program.periods)
    lines = []
    for row in sorted(first + t * stride + k for t in range(periods) for k in range(count)):
        low, high = program.row_lower[row], program.row_upper[row]
        left = "" if np.isinf(low) else f"{low:.12g} <= " if low != high else f"{low:.12g} == "
        right = "" if np.isinf(high) or low == high else f" <= {high:.12g}"
        body = " ".join(f"{value:+.12g} {name}" for name, value in sorted(terms.get(row, [])))
        lines.append(f"{program.row_name(row)}: {left}{body}{right}")
    return "\n".join(lines) + "\n"


def test_rows_are_as_read_by_eye(programs: list[LinearProgram], request: pytest.FixtureRequest) -> None:
    rewrite = request.config.getoption("--rewrite-golden")
    found: dict[str, str] = {}
    for program in programs:  # a family is read in the first program that has it
        found |= {family.name: written(program, family) for family in program.rows if family.name not in found}
    if rewrite:
        for name, text in found.items():
            (GOLDEN / f"{name}.txt").write_text(text)
    assert sorted(found) == sorted(path.stem for path in GOLDEN.glob("*.txt"))
    for name, text in found.items():
        assert text == (GOLDEN / f"{name}.txt").read_text(), name
