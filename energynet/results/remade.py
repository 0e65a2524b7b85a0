"""A run made again from its directory alone: its case, its data and what the solver told, without a solve."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from energynet.dataset.case import Case, read_case
from energynet.dataset.changes import Change, parse_change
from energynet.dataset.package import Package, load_package
from energynet.dataset.resolve import resolve
from energynet.dataset.written import DATA
from energynet.errors import Fault, InputFaults
from energynet.program.layout import Program
from energynet.program.linear_program import LinearProgram
from energynet.results.files import read_arrays, unreadable
from energynet.results.programs import ARRAYS, STAGE
from energynet.results.store import CASE, WINDOWS
from energynet.rolling import roll_along
from energynet.solution import Solution, solution_of
from energynet.solver import Result as Found
from energynet.solver import SolveOptions
from energynet.solver.known import Known, taken_up
from energynet.solver.stages import STAGES
from energynet.system.checks import check_system
from energynet.system.system import build_system


def stored_case(where: Path) -> tuple[Case, Package]:
    """The case and the data package that a run was made from, as they stand in its directory. Raises InputFaults."""
    folder = where / CASE
    files = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    if len(files) != 1:
        raise InputFaults([Fault(str(folder), f"holds {len(files)} model files in place of one", check="run")])
    case = read_case(files[0])
    if case.data.resolve() != (folder / DATA).resolve():
        raise InputFaults([Fault(str(files[0]), "names other data than those of the run", value=str(case.data), check="run")])
    package, faults = load_package(case.data)
    if faults:
        raise InputFaults(faults)
    return case, package


def stored_changes(content: Mapping[str, Any], package: Package) -> tuple[Change, ...]:
    """The changes that a manifest names, as read and matched with the data. Raises InputFaults."""
    texts = content.get("changes")
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise InputFaults([Fault("manifest.json", "holds no list of changes", column="content.changes", check="run")])
    changes = tuple(parse_change(text) for text in texts)
    for change in changes:
        resolve(change, package)
    return changes


def solution_again(where: Path, case: Case, package: Package, changes: tuple[Change, ...], scenario: str | None) -> Solution:
    """The solution of the case with the primal and dual that the run kept, its certificate made anew.

    Raises InputFaults where these cannot be read or do not fit, CertificateFailure where they are no optimum.
    """
    system = build_system(package, case, changes, scenario)
    check_system(system, package)
    if case.options.contract_years == "rolling" or case.options.years == "rolled":
        return roll_along(package, case, changes, scenario, lambda label, program: _answer(where / WINDOWS / label, program))
    program = Program(system).lay(system)
    options = SolveOptions(price_ranges=case.options.price_ranges)
    return solution_of(system, _answer(where, program, where / WINDOWS), options)


def _answer(folder: Path, program: LinearProgram, turns: Path | None = None) -> Found:
    """What the files of a folder make of a program; `turns` holds the answers of the objectives that come before its cost."""
    before = [_known((turns or folder) / f"{k}_{name}" / ARRAYS, program) for k, name in enumerate(program.first, start=1)]
    return taken_up(program, _known(folder / ARRAYS, program), before)


def _known(file: Path, program: LinearProgram) -> Known:
    held = read_arrays(file)
    stages = {name: held[f"{STAGE}{name}"] for name in STAGES if f"{STAGE}{name}" in held}
    columns, rows = (program.column_count,), (program.row_count,)
    sizes: dict[str, tuple[int, ...]] = {"primal": columns, "dual": rows, "reduced": columns, "found": (), "bound": ()}
    sizes |= {f"{STAGE}{name}": rows for name in (STAGES if stages else ())}  # all stages or none
    for name, shape in sizes.items():
        if name not in held or held[name].shape != shape or held[name].dtype != np.float64:
            raise unreadable(file, f"its array {name} does not fit the program")
    return Known(held["primal"], held["dual"], held["reduced"], float(held["found"]), float(held["bound"]), stages)
