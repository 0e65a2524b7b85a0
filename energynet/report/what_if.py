"""The page solves itself again: the linear program as the page carries it, the sliders, and how its figures follow from a solution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from energynet.dataset.case import Case
from energynet.dataset.changes import Change, parse_change
from energynet.dataset.checks import load_inputs
from energynet.dataset.model_file import HorizonSpec, Step
from energynet.dataset.package import Package
from energynet.errors import InputFaults
from energynet.program.layout import Program
from energynet.program.linear_program import Family, LinearProgram
from energynet.report import bundled
from energynet.report.candidates import candidates
from energynet.report.netback_maps import netback_maps
from energynet.report.packing import pack
from energynet.report.sliders import Offered, Slider, offered
from energynet.report.view_maps import capacities, maps_of
from energynet.results.result import Result
from energynet.solution import Solution
from energynet.solver import Session, SolveOptions, certify
from energynet.solver.prices import HAIR, single_duals
from energynet.solver.second_stage import choose
from energynet.system.lost_load import check_values
from energynet.system.stocks import check_stocks
from energynet.system.system import System, build_system

MOST_COLUMNS = 40_000  # a program of more takes a browser too long
COARSER: Mapping[Step, tuple[Step, ...]] = {"hour": ("month", "year"), "day": ("month", "year"), "month": ("year",), "year": ()}
BOUNDS = ("lower", "upper", "row_lower", "row_upper")
MOVED = ("cost_value", "cost_constant", *BOUNDS, "value", "capacity")  # what a slider may move


class NotOffered(Exception):
    """Why a page cannot solve itself again, in words for its reader."""


@dataclass(frozen=True)
class WhatIf:
    """What a page needs to solve itself again: `packed` for its scripts, and the same in Python; `note` says where it is another form."""

    note: str
    packed: str
    base: Solution
    sliders: tuple[Slider, ...]
    refused: tuple[tuple[Slider, str], ...]


def what_if(result: Result) -> WhatIf:
    """The program of a run, as a page can solve it. Raises NotOffered with the reason where it cannot be had."""
    if bundled.missing():
        raise NotOffered(bundled.missing())
    inputs = _inputs(result)
    note, case, system, compiled = _form(inputs)
    inputs = replace(inputs, case=case)
    program = compiled.lay(system)
    if len(program.whole):
        raise NotOffered("it has decisions in whole numbers (a contract's make-up), which have no prices at a new solution")
    if not note and not _same_program(result, program):
        raise NotOffered("the program laid from the model and data as they are now is not the one that this run solved")
    base, basis = _solved(system, program)
    found = _sliders(inputs, base, compiled)
    packed = _packed(note, base, basis, found, result)
    return WhatIf(note, packed, base, found.sliders, found.refused)


@dataclass(frozen=True)
class _Inputs:
    package: Package
    case: Case
    scenario: str | None
    changes: tuple[Change, ...]

    def system(self, more: Sequence[str] = (), case: Case | None = None) -> System:
        changes = (*self.changes, *(parse_change(text) for text in more))
        return build_system(self.package, case or self.case, changes, self.scenario)


def _inputs(result: Result) -> _Inputs:
    """The model and data of a run, if they are still those that it was solved with."""
    content = result.manifest["content"]
    file = Path(result.manifest.get("model_file", ""))
    try:
        package, case, _ = load_inputs(file if file.is_file() else content["model"])
    except InputFaults as faults:
        raise NotOffered(f"the model {content['model']} or its data cannot be read any more: {faults.faults[0].message}") from None
    if case.options.contract_years == "rolling":
        raise NotOffered("its contract years are solved one after the other, each on what the one before left, not as one program")
    if case.digest != content["model_digest"] or package.digest != content["data_digest"]:
        raise NotOffered(f"the model {content['model']} or its data have changed since the run was solved: solve it again")
    return _Inputs(package, case, content["scenario"], tuple(parse_change(text) for text in content["changes"]))


def _form(inputs: _Inputs) -> tuple[str, Case, System, Program]:
    """The finest form that a browser can solve quickly: the case itself, else by month, else by year; and a note where it is another."""
    spec = inputs.case.horizon
    for horizon in (spec, *_coarser(spec)):
        case = replace(inputs.case, horizon=horizon)
        system = inputs.system(case=case)
        compiled = Program(system)
        columns = system.periods * compiled.period.column_count + compiled.horizon.column_count
        if columns <= MOST_COLUMNS:
            return _note(spec, horizon), case, system, compiled
    raise NotOffered(f"it is too large for a browser, by {spec.step} and in coarser steps")


def _coarser(spec: HorizonSpec) -> Iterator[HorizonSpec]:
    """The same days in longer periods, as far as they make whole ones."""
    for step in COARSER[spec.step]:
        with suppress(ValueError):
            yield HorizonSpec(start=spec.start, end=spec.end, step=step)


def _note(spec: HorizonSpec, other: HorizonSpec) -> str:
    if other is spec:
        return ""
    return (
        f"The run is solved by {spec.step}, which is too large for a browser. Here the same case is solved by {other.step}: what is drawn "
        f"after a move is that form, and it is compared with that form’s own base, not with the run."
    )


def _same_program(result: Result, program: LinearProgram) -> bool:
    from energynet.results.programs import stored_program

    if result.path is None:
        return True
    stored, _ = stored_program(result.path)
    names = (*BOUNDS, "cost", "value", "start", "index")
    pairs = [(getattr(stored, name), getattr(program, name)) for name in names]
    return all(len(one) == len(other) and np.allclose(one, other, rtol=1e-12, atol=1e-12, equal_nan=True) for one, other in pairs)


def _solved(system: System, program: LinearProgram) -> tuple[Solution, tuple[NDArray[np.uint8], NDArray[np.uint8]]]:
    """The base as the page starts from it: the answer of all stages, and the basis that has its duals."""
    session = Session(program, SolveOptions(solver="simplex"))
    first = session.solve()
    if first.status != "optimal":
        raise NotOffered(f"its base could not be solved again: {first.status}")
    first = single_duals(session, program)
    if first.status != "optimal":
        raise NotOffered(f"the prices of its base could not be found again: {first.status}")
    held = session.highs.getBasis()
    basis = (_statuses(held.col_status), _statuses(held.row_status))
    last, *_ = choose(session, program, first)
    if last.status != "optimal":
        raise NotOffered(f"the one answer of its base could not be found again: {last.status}")
    objective = float(program.cost @ last.primal) + program.offset
    certificate = certify(program, last.primal, first.dual, objective)
    certificate.demand()
    return Solution("optimal", objective, system, program, last.primal, first.dual, first.reduced, certificate), basis


def _statuses(found: Sequence[Any]) -> NDArray[np.uint8]:
    return np.array([int(one) for one in found], dtype=np.uint8)


def _vectors(system: System, program: LinearProgram) -> dict[str, NDArray[np.float64]]:
    """Every number that a slider may move, and those that none may."""
    names = [(family.name, family.keys) for family in (*program.columns, *program.rows)]
    shape = np.array([hash(str(names)) % 2**31, *program.start, *program.index], dtype=np.float64)
    arcs, segments, converters, swaps = (system[name] for name in ("arcs", "arc_segments", "converters", "swaps"))
    costs = [arcs.number[name] for name in ("tariff", "entry_tariff", "exit_tariff", "booking_charge")]
    given = (arcs.number["loss"], segments.number["loss"], converters.number["yield"], *costs, swaps.number["fee"], swaps.number["cost"])
    return {
        "cost_value": np.concatenate([np.zeros(0), *(item.value for item in program.costs)]),
        "cost_constant": np.array([item.constant for item in program.costs]),
        **{name: getattr(program, name) for name in (*BOUNDS, "value")},
        "capacity": capacities(arcs.number),
        "shape": shape,
        "given": np.concatenate([program.fuel, program.haul, *(np.ravel(one) for one in given)]),
    }


def _sliders(inputs: _Inputs, base: Solution, compiled: Program) -> Offered:
    def lay(changes: Sequence[str]) -> Mapping[str, NDArray[np.float64]]:
        system = inputs.system(changes)
        check_values(system, inputs.package)
        check_stocks(system, inputs.package)
        return _vectors(system, compiled.lay(system))

    return offered(candidates(base), _vectors(base.system, base.program), lay, fixed=("shape", "given"))


def _packed(note: str, base: Solution, basis: tuple[NDArray[np.uint8], NDArray[np.uint8]], found: Offered, result: Result) -> str:
    program, horizon = base.program, base.system.horizon
    view, maps = maps_of(base)
    netback, ways = netback_maps(base)
    sliders, moves = _listed(found.sliders)
    lengths = np.cumsum([0, *(len(item.index) for item in program.costs)]).tolist()
    header = {
        "note": note, "hair": HAIR, "run": result.manifest["run"], "objective": base.objective, "own_form": not note,
        "size": [program.column_count, program.row_count], "stride": [program.columns_per_period, program.rows_per_period],
        "periods": [
            {"label": label, "start": str(start)[:10], "days": float(days)}
            for label, start, days in zip(horizon.labels, horizon.start, program.days, strict=True)
        ],
        "columns": [_family(family) for family in program.columns], "rows": [_family(family) for family in program.rows],
        "costs": [[item.component, item.item, *lengths[k : k + 2]] for k, item in enumerate(program.costs)],
        "view": view, "netback": netback, "sliders": sliders,
    }  # fmt: skip
    vectors = _vectors(base.system, program)
    arrays = {
        **{name: vectors[name] for name in MOVED}, "cost_index": np.concatenate([np.zeros(0, np.int32), *(i.index for i in program.costs)]),
        "start": program.start, "index": program.index, "days": program.days, "fuel": program.fuel, "haul": program.haul,
        "names": program.column_weights(), "row_names": program.row_weights(), "basis_columns": basis[0], "basis_rows": basis[1],
        **maps, **ways, **moves,
    }  # fmt: skip
    return pack(header, {name: _flat(array) for name, array in arrays.items()})


def _flat(array: NDArray[Any]) -> NDArray[Any]:
    kind = array.dtype if array.dtype in (np.uint8, np.float64) else np.int32
    return np.ascontiguousarray(array, dtype=kind).ravel()


def _family(family: Family) -> dict[str, Any]:
    return {
        "name": family.name, "keys": [",".join(key) for key in family.keys], "first": family.first, "horizon": family.horizon,
        "unit": family.unit,
    }  # fmt: skip


def _listed(sliders: Sequence[Slider]) -> tuple[list[dict[str, Any]], dict[str, NDArray[Any]]]:
    """The sliders for the header, with where their moves stand in `move_index` and `move_slope`."""
    listed, index, slope, done = [], [np.zeros(0, np.int32)], [np.zeros(0)], 0
    for slider in sliders:
        moves = {}
        for name, (there, slopes) in slider.moves.items():
            moves[name] = [done, done + len(there)]
            index.append(there)
            slope.append(slopes)
            done += len(there)
        about = {name: getattr(slider, name) for name in ("key", "group", "carrier", "label", "base", "unit", "low", "high")}
        listed.append({**about, "changes": list(slider.changes), "moves": moves})
    return listed, {"move_index": np.concatenate(index), "move_slope": np.concatenate(slope)}
