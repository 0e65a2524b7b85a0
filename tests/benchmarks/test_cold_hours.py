"""A year of 8,760 hours from cold: the joined bases of blocks against dual simplex from nothing, in one run, CPU seconds."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from energynet.model import load
from energynet.program.linear_program import LinearProgram
from energynet.solver import Session, SolveOptions, solve_program
from energynet.solver.blocks import solve_by_blocks
from energynet.solver.certificate import certify

MODEL = Path(__file__).parents[2] / "models" / "nakhchivan-hub-2025-hourly.yaml"


def cold(program: LinearProgram, way: str) -> tuple[float, float]:
    """CPU seconds and the objective; the answer is certified."""
    session = Session(program, SolveOptions(solver=way))
    started = time.process_time()
    outcome = solve_by_blocks(session, program) if way == "blocks" else session.solve()
    seconds = time.process_time() - started
    certify(program, outcome.primal, outcome.dual, outcome.objective + program.offset).demand()
    return seconds, outcome.objective


@pytest.mark.bench
def test_a_cold_year_of_hours(capsys: pytest.CaptureFixture[str]) -> None:
    model = load(MODEL)
    program = model.program()
    (simplex, objective), (blocks, same) = cold(program, "simplex"), cold(replace(program), "blocks")
    started = time.process_time()
    answer = solve_program(replace(program))
    whole = time.process_time() - started
    with capsys.disabled():
        print(f"\nthe one answer with its single prices, certified: {whole:.1f} s", end="")
        print(f"\n{program.column_count:,} columns: simplex {simplex:.1f} s, blocks {blocks:.1f} s of CPU; ratio {simplex / blocks:.2f}")
    assert same == pytest.approx(objective, rel=1e-9)
    assert answer.objective == pytest.approx(objective + program.offset, rel=1e-9)
    assert simplex / blocks >= 2.0
