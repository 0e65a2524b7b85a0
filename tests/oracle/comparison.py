"""The answer of the package under test against the second reader, by the names of the variables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from oracle.from_tables import program
from oracle.linear import Linear, Name

import energynet as en
from energynet.errors import Infeasible, Unbounded

CLOSE = 1e-9
FEASIBLE = 2e-6


@dataclass
class Comparison:
    """`faults` says in words where the two do not agree."""

    theirs: str
    ours: str
    faults: list[str] = field(default_factory=list)


def named(solution) -> dict[Name, tuple[int, float]]:
    """Each column of a solution and its value by variable, key and period."""
    program, found = solution.program, {}
    for family in program.columns:
        first, stride, _ = program.family_slice(family)
        for k, key in enumerate(family.keys):
            name = _same_key(family.name, key)
            if family.horizon:
                found[family.name, name, None] = (first + k, float(solution.primal[first + k]))
                continue
            for t in range(len(program.periods)):
                at = first + stride * t + k
                found[family.name, name, t] = (at, float(solution.primal[at]))
    return found


def _same_key(name: str, key: tuple[str, ...]) -> tuple[str, ...]:
    """The key of a block of an elastic part is the demand, the part, and a number; `part.number` in the package."""
    return (key[0], *key[1].split(".")) if name == "bought" else key


def compare(path: Path, changes: Sequence[str] = (), scenario: str | None = None, *, ours: Path | None = None) -> Comparison:
    """Solve a model by both and hold each answer against the other's program. `ours` is another model, for the second reader alone."""
    lp = program(ours or path, changes, scenario)
    try:
        model = en.load(path)
        solution = model.solution(changes, scenario)
    except (Infeasible, Unbounded) as error:
        answer = lp.solve()
        word = type(error).__name__.lower()
        return Comparison(word, answer.status, [] if answer.status == word else [f"{word} there, {answer.status} here"])
    return held_together(lp, solution, model.program(changes, scenario))


def held_together(lp: Linear, solution, their_program) -> Comparison:
    """Both directions: their flows in our program, and ours in theirs; and the objectives."""
    theirs = named(solution)
    _, worst, where, objectives = lp.held_against({name: value for name, (_, value) in theirs.items()})
    found = Comparison(f"{solution.objective!r}", "")
    size = max(1e-3, abs(solution.objective))
    if worst > FEASIBLE:
        found.faults.append(f"their flows break {where} by {worst:.3g} here")
    if abs(objectives["cost"] - solution.objective) > CLOSE * size:
        dearest = dearest_difference(lp, theirs, solution)
        found.faults.append(f"their flows cost {objectives['cost']!r} here and {solution.objective!r} there: most of it {dearest}")
    answer = lp.solve()
    if answer.status != "optimal":
        found.ours = answer.status
        found.faults.append(f"{answer.status} here")
        return found
    found.ours = f"{answer.objectives['cost']!r}"
    for name, value in answer.objectives.items():
        if abs(value - objectives[name]) > 10 * CLOSE * max(1e-3, abs(value)):
            found.faults.append(f"least {name} is {value!r} here, {objectives[name]!r} there")
    found.faults += ours_in_theirs(lp, answer, theirs, their_program)
    return found


def dearest_difference(lp: Linear, theirs: dict[Name, tuple[int, float]], solution) -> str:
    """The variable whose costs differ most between the two programs, at the values of theirs."""
    cost = solution.program.cost
    gaps = {name: (lp.cost[lp.columns[name]] - cost[at]) * value for name, (at, value) in theirs.items() if name in lp.columns}
    name = max(gaps, key=lambda name: abs(gaps[name]))
    return f"{gaps[name]:.6g} of {name}, costing {lp.cost[lp.columns[name]]!r} here and {cost[theirs[name][0]]!r} there"


def ours_in_theirs(lp: Linear, answer, theirs: dict[Name, tuple[int, float]], their_program) -> list[str]:
    """Our flows in their program; where ours use what theirs left out, once more without it: then it must cost the same."""
    missing = [at for name, at in lp.columns.items() if name not in theirs]
    x = answer.x
    if missing and np.abs(x[missing]).max() > FEASIBLE:
        again = lp.solve(dict.fromkeys(missing, 0.0))
        if again.status != "optimal" or abs(again.objectives["cost"] - answer.objectives["cost"]) > CLOSE * max(
            1e-3, abs(answer.objectives["cost"])
        ):
            at = missing[int(np.abs(x[missing]).argmax())]
            return [f"{list(lp.columns)[at]} was left out there, and moves the objective"]
        x = again.x
    point = np.zeros(their_program.column_count)
    for name, (at, value) in theirs.items():
        point[at] = x[lp.columns[name]] if name in lp.columns else value
    activity = their_program.matrix() @ point
    faults = []
    for value, low, high, name_of in (
        (activity, their_program.row_lower, their_program.row_upper, their_program.row_name),
        (point, their_program.lower, their_program.upper, their_program.column_name),
    ):
        limit = np.maximum(1.0, np.where(np.isfinite(high), np.abs(high), 0.0))
        beyond = np.maximum(low - value, value - high) / limit
        if len(beyond) and beyond.max() > FEASIBLE:
            faults.append(f"our flows break {name_of(int(beyond.argmax()))} by {beyond.max():.3g} there")
    cost = float(their_program.cost @ point) + their_program.offset
    if abs(cost - answer.objectives["cost"]) > 10 * CLOSE * max(1e-3, abs(cost)):
        faults.append(f"our flows cost {cost!r} there and {answer.objectives['cost']!r} here")
    return faults
