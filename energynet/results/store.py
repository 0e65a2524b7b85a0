"""Run directories: every table as Parquet, the whole program and solution beside them, written whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from energynet.errors import Fault, InputFaults, UsageFault
from energynet.program.linear_program import CostItem, Family, LinearProgram
from energynet.results.exports import FORMATS, export
from energynet.results.inputs import StoredInputs, write_inputs
from energynet.results.manifest import same_content
from energynet.results.result import Result
from energynet.results.tables import NAMES
from energynet.solution import Solution
from energynet.solver.certificate import Certificate, Check, Finding

MANIFEST, ARRAYS, FAMILIES = "manifest.json", "program.npz", "families.json"
WINDOWS = "windows"
ROOT = Path("results")
VECTORS = ("cost", "lower", "upper", "row_lower", "row_upper", "start", "index", "value", "fuel", "haul", "days")


def write_run(result: Result, directory: Path | None, formats: Sequence[str]) -> Path:
    """Write a run beside its place, then move it there. Raises UsageFault where a run of another content stands there."""
    wrong = [name for name in formats if name not in FORMATS]
    if wrong:
        raise UsageFault(f"there is no format {wrong[0]!r}: {', '.join(FORMATS)}")
    if result.solution is None:
        raise UsageFault("only a run that was solved here can be written")
    target = directory or ROOT / str(result.manifest["content"]["model"]) / str(result.manifest["run"])
    solution = result.solution
    return write_directory(target, result.manifest, lambda draft: _write(result, solution, draft, formats))


def write_directory(target: Path, manifest: Mapping[str, Any], fill: Callable[[Path], None]) -> Path:
    """A directory that `fill` writes beside its place, with its manifest, then moved there. Raises UsageFault where another content is."""
    _refuse_other(target, manifest)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        fill(draft)
        (draft / MANIFEST).write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
        draft.chmod(0o755)
        if target.exists():
            shutil.rmtree(target)
        draft.replace(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target


def _refuse_other(target: Path, manifest: Mapping[str, Any]) -> None:
    if not target.exists():
        return
    there = target / MANIFEST
    if not there.is_file():
        if any(target.iterdir()):
            raise UsageFault(f"{target} holds something else than a run; nothing was written")
        return
    if not same_content(json.loads(there.read_text()), manifest):
        raise UsageFault(f"{target} holds a run of another content; nothing was written")


def _write(result: Result, solution: Solution, draft: Path, formats: Sequence[str]) -> None:
    for name in NAMES:
        result.tables[name].to_parquet(draft / f"{name}.parquet", index=False)
    _write_program(draft, solution.program, {"primal": solution.primal, "dual": solution.dual, "reduced": solution.reduced})
    for part in solution.parts:
        folder = draft / WINDOWS / part.label
        folder.mkdir(parents=True)
        held = {"primal": part.primal, "dual": part.dual, "objective": np.array(part.objective)}
        _write_program(folder, part.program, held)
    write_inputs(result.inputs, draft)
    export(result, draft, formats)


def _write_program(folder: Path, program: LinearProgram, held: Mapping[str, Any]) -> None:
    arrays: dict[str, Any] = {name: getattr(program, name) for name in VECTORS}
    for k, item in enumerate(program.costs):
        arrays[f"cost_{k}_index"], arrays[f"cost_{k}_value"] = item.index, item.value
    np.savez(folder / ARRAYS, **held, **arrays)
    families = {
        "periods": list(program.periods), "columns": [vars(f) for f in program.columns], "rows": [vars(f) for f in program.rows],
        "columns_per_period": program.columns_per_period, "rows_per_period": program.rows_per_period, "offset": program.offset,
        "costs": [[item.component, item.item, item.constant] for item in program.costs],
    }  # fmt: skip
    (folder / FAMILIES).write_text(json.dumps(families))


class StoredTables(Mapping[str, pd.DataFrame]):
    """The tables of a run directory, each read when it is first asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in NAMES:
            raise KeyError(name)
        if name not in self._read:
            self._read[name] = pd.read_parquet(self._path / f"{name}.parquet")
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


def open_run(path: Path | str) -> Result:
    """A run read back, without solving. Raises InputFaults where there is none."""
    where = Path(path)
    if not (where / MANIFEST).is_file():
        raise InputFaults([Fault(str(where), "is no run: it has no manifest.json", check="run")])
    manifest = json.loads((where / MANIFEST).read_text())
    names = ("check", "worst", "where", "unit", "tolerance")
    checks = tuple(Check(*(one[name] for name in names)) for one in manifest["certificate"])
    physical = tuple(Finding(**one) for one in manifest.get("physical", ()))
    tables, inputs = StoredTables(where), StoredInputs(where)
    return Result(manifest["status"], manifest["objective_musd"], tables, Certificate(checks, physical), manifest, None, where, inputs)


def stored_program(path: Path) -> tuple[LinearProgram, dict[str, np.ndarray]]:
    """The linear program of a run, or of one of its windows, and its `primal`, `dual` and `reduced` or `objective`."""
    families = json.loads((path / FAMILIES).read_text())
    with np.load(path / ARRAYS) as arrays:
        held = {name: arrays[name] for name in arrays.files}
    costs = tuple(
        CostItem(component, item, held[f"cost_{k}_index"], held[f"cost_{k}_value"], constant)
        for k, (component, item, constant) in enumerate(families["costs"])
    )
    program = LinearProgram(
        periods=tuple(families["periods"]), columns=_families(families["columns"]), rows=_families(families["rows"]),
        columns_per_period=families["columns_per_period"], rows_per_period=families["rows_per_period"], offset=families["offset"],
        costs=costs, **{name: held[name] for name in VECTORS},
    )  # fmt: skip
    return program, {name: held[name] for name in ("primal", "dual", "reduced", "objective") if name in held}


def _families(stored: list[dict[str, Any]]) -> tuple[Family, ...]:
    return tuple(Family(**{**one, "keys": tuple(tuple(key) for key in one["keys"])}) for one in stored)
