"""Run directories: tables as Parquet, the program and its solution, the case and its data; written whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from energynet.dataset.written import write_case
from energynet.errors import Fault, InputFaults, UsageFault
from energynet.results.exports import FORMATS, export
from energynet.results.files import digest_of_file, files_below, read_json, read_table, unreadable
from energynet.results.inputs import StoredInputs, write_inputs
from energynet.results.manifest import same_content, sealed
from energynet.results.programs import write_program
from energynet.results.result import Result
from energynet.results.tables import NAMES
from energynet.solution import Solution
from energynet.solver.certificate import Certificate, Check, Finding

MANIFEST = "manifest.json"
WINDOWS, CASE = "windows", "case"
ROOT = Path("results")


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
    """A directory that `fill` writes beside its place, with its manifest and in it the digest of each file, then moved there.

    Raises UsageFault where another content is.
    """
    _refuse_other(target, manifest)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        fill(draft)
        whole = sealed(manifest, {name: digest_of_file(file) for name, file in files_below(draft).items()})
        (draft / MANIFEST).write_text(json.dumps(whole, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
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
    if not same_content(read_json(there), manifest):
        raise UsageFault(f"{target} holds a run of another content; nothing was written")


def _write(result: Result, solution: Solution, draft: Path, formats: Sequence[str]) -> None:
    for name in NAMES:
        result.tables[name].to_parquet(draft / f"{name}.parquet", index=False)
    write_program(draft, solution.program, solution)
    for part in solution.parts:
        folder = draft / WINDOWS / part.label
        folder.mkdir(parents=True)
        write_program(folder, part.program, part)
    write_inputs(result.inputs, draft)
    if result.source is not None:
        write_case(*result.source, draft / CASE)
    export(result, draft, formats)


class StoredTables(Mapping[str, pd.DataFrame]):
    """The tables of a run directory, each read when it is first asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in NAMES:
            raise KeyError(name)
        if name not in self._read:
            self._read[name] = read_table(self._path / f"{name}.parquet")
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
    manifest = read_json(where / MANIFEST)
    try:
        checks = tuple(
            Check(str(one["check"]), float(one["worst"]), str(one["where"]), str(one["unit"]), float(one["tolerance"]))
            for one in manifest["certificate"]
        )
        physical = tuple(Finding(**one) for one in manifest.get("physical", ()))
        status, objective, _ = str(manifest["status"]), float(manifest["objective_musd"]), dict(manifest["content"])
    except (KeyError, TypeError, ValueError) as error:
        raise unreadable(where / MANIFEST, f"it says no {error}") from error
    return Result(status, objective, StoredTables(where), Certificate(checks, physical), manifest, None, where, StoredInputs(where))
