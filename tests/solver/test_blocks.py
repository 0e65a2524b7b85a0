"""A long horizon solved from the joined bases of its blocks: the same optimum, certified, whatever couples the blocks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from network import demand, node, supply, system
from systems import PLANNED

from energynet.program.layout import Program
from energynet.program.linear_program import WHOLE, LinearProgram
from energynet.solver import Session, SolveOptions, solve_program
from energynet.solver.blocks import Blocks, solve_by_blocks

HOURS = {"start": "2025-01-30", "end": "2025-02-01", "step": "hour"}


def laid(storage_end: str, **more: Any) -> LinearProgram:
    made = system(PLANNED, **HOURS, storage_end=storage_end, **more)
    program = Program(made).lay(made)
    return replace(program, columns=tuple(replace(f, unit="capacity") if f.unit == WHOLE else f for f in program.columns))


@pytest.mark.parametrize(("storage_end", "length"), [("free", 24), ("cyclic", 17)])
def test_the_optimum_is_that_of_the_whole(storage_end: str, length: int) -> None:
    """Stocks, annual limits, swing, contracts, ceilings and projects all reach over the blocks."""
    program = laid(storage_end)
    whole = solve_program(program, SolveOptions(solver="simplex", second_stage=False))
    joined = solve_by_blocks(Session(program, SolveOptions(solver="blocks")), program, length)
    assert joined.status == "optimal"
    assert joined.objective + program.offset == pytest.approx(whole.objective, rel=1e-9)
    assert solve_program(program, SolveOptions(solver="blocks", second_stage=False)).certificate.holds


def test_flows_and_prices_are_those_of_the_whole() -> None:
    """The blocks are solved with every limit let out, the whole as it is and then let out: one answer, and one price of each row."""
    program = laid("free")
    whole, joined = (solve_program(program, SolveOptions(solver=way)) for way in ("simplex", "blocks"))
    np.testing.assert_allclose(joined.primal, whole.primal, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(joined.dual, whole.dual, rtol=1e-9, atol=1e-9)
    assert "prices" in whole.seconds
    assert "prices" not in joined.seconds


def test_a_start_that_is_worth_little_is_given_up() -> None:
    program = laid("free")
    session = Session(program, SolveOptions(solver="blocks"))
    given_up, whole = solve_by_blocks(session, program, most=0), Session(program, SolveOptions(solver="simplex")).solve()
    assert given_up.iterations == whole.iterations
    assert np.array_equal(given_up.primal, whole.primal)
    assert np.array_equal(session.highs.getLp().col_cost_, program.cost)


def test_blocks_that_are_worth_the_same_share_a_yearly_limit() -> None:
    """The cheap gas of a year lasts for 230 of 365 days, all alike: the joined bases use as much, and little is left to mend."""
    tables = {
        "nodes": [node("m", "AA")], "demands": [demand("market", "m", 30)],
        "supplies": [supply("cheap", "m", 40, 20, annual_maximum=6.9, annual_unit="bcm/y"), supply("dear", "m", 40, 70, "B")],
    }  # fmt: skip
    made = system(tables, start="2025-01-01", end="2025-12-31", step="day")
    program = Program(made).lay(made)
    joined = solve_by_blocks(Session(program, SolveOptions(solver="blocks")), program, length=5)
    assert joined.objective + program.offset == pytest.approx(6.9 * 20 + (365 * 0.03 - 6.9) * 70, rel=1e-9)
    assert joined.iterations <= 15


def test_blocks_without_an_answer_are_told_as_the_whole_is() -> None:
    """More is wanted than can come, and nothing may go unserved."""
    program = laid("free", unserved="forbidden", changes=["demand[d].quantity = 5000 mcm/d"])
    assert solve_by_blocks(Session(program, SolveOptions(solver="blocks")), program).status == "infeasible"


def test_every_entry_of_a_block_is_one_of_the_program() -> None:
    """The entries of all blocks are those of the program but what a stock hands from block to block, which comes from the block's end."""
    program = laid("cyclic")
    blocks = Blocks(program, 24)
    count = sum(len(blocks._block(a, b)[0].value) for a, b in blocks.all)
    assert count + len(blocks.horizon.value) == program.entry_count
