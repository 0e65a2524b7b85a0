"""The linear program of a run, or of one of its windows, as files: its arrays, the names of its rows and columns, and its solution."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from energynet.program.linear_program import CostItem, Family, LinearProgram
from energynet.results.files import read_arrays, read_json, unreadable
from energynet.solution import Part, Solution

ARRAYS, FAMILIES = "program.npz", "families.json"
VECTORS = ("cost", "lower", "upper", "row_lower", "row_upper", "start", "index", "value", "fuel", "haul", "days")
TOLD = ("primal", "dual", "reduced", "objective", "found", "bound")  # what a solve told of the program
STAGE = "dual_least_"  # and the duals of each stage after the cost, under this and the name of the stage


def write_program(folder: Path, program: LinearProgram, told: Solution | Part) -> None:
    """Write a program and what the solve `told` of it, in two files of a folder."""
    np.savez_compressed(folder / ARRAYS, **arrays_of(program, told))
    (folder / FAMILIES).write_text(json.dumps(families_of(program), ensure_ascii=False), encoding="utf-8")


def arrays_of(program: LinearProgram, told: Solution | Part) -> dict[str, Any]:
    """The arrays of a program, and what a solve told of it, by name."""
    arrays: dict[str, Any] = {name: np.asarray(getattr(told, name)) for name in TOLD}
    arrays |= {name: getattr(program, name) for name in VECTORS}
    arrays |= {f"{STAGE}{name}": dual for name, dual in told.stages.items()}
    for k, item in enumerate(program.costs):
        arrays[f"cost_{k}_index"], arrays[f"cost_{k}_value"] = item.index, item.value
    return arrays


def families_of(program: LinearProgram) -> dict[str, Any]:
    """What names the rows and columns of a program, as plain values."""
    return {
        "periods": list(program.periods), "columns": [vars(f) for f in program.columns], "rows": [vars(f) for f in program.rows],
        "columns_per_period": program.columns_per_period, "rows_per_period": program.rows_per_period, "offset": program.offset,
        "costs": [[item.component, item.item, item.constant] for item in program.costs],
    }  # fmt: skip


def stored_program(path: Path) -> tuple[LinearProgram, dict[str, np.ndarray]]:
    """The linear program of a run, or of one of its windows, and what the solve told of it (`TOLD`, as far as it was kept).

    Raises InputFaults where a file is missing, cannot be read, or holds what is no program.
    """
    families, held = read_json(path / FAMILIES), read_arrays(path / ARRAYS)
    try:
        costs = tuple(
            CostItem(component, item, held[f"cost_{k}_index"], held[f"cost_{k}_value"], constant)
            for k, (component, item, constant) in enumerate(families["costs"])
        )
        vectors: dict[str, Any] = {name: held[name] for name in VECTORS}
        program = LinearProgram(
            periods=tuple(families["periods"]), columns=_families(families["columns"]), rows=_families(families["rows"]),
            columns_per_period=families["columns_per_period"], rows_per_period=families["rows_per_period"],
            offset=float(families["offset"]), costs=costs, **vectors,
        )  # fmt: skip
        wrong = _out_of_range(program, held)
    except (KeyError, TypeError, ValueError) as error:
        raise unreadable(path / ARRAYS, f"it holds no program: {error}") from error
    if wrong:
        raise unreadable(path / ARRAYS, wrong)
    return program, {name: held[name] for name in TOLD if name in held}


def _families(stored: list[dict[str, Any]]) -> tuple[Family, ...]:
    return tuple(Family(**{**one, "keys": tuple(tuple(key) for key in one["keys"])}) for one in stored)


def _out_of_range(program: LinearProgram, held: Mapping[str, np.ndarray]) -> str:
    """What makes arrays no linear program, in words; empty where they are one. Nothing is computed from an index before it is looked at."""
    columns, rows, entries = len(program.cost), len(program.row_lower), len(program.value)
    lengths = {
        "lower": columns, "upper": columns, "fuel": columns, "haul": columns, "row_upper": rows, "index": entries, "start": columns + 1,
        "days": len(program.periods), "primal": columns, "reduced": columns, "dual": rows,
    }  # fmt: skip
    for name, length in lengths.items():
        if name in held and held[name].shape != (length,):
            return f"array {name} has the shape {held[name].shape} in place of {(length,)}"
    if any(not np.issubdtype(held[name].dtype, np.number) for name in held):
        return "an array holds no numbers"
    start, inside = program.start, np.concatenate([item.index for item in program.costs] or [np.zeros(0, dtype=np.int64)])
    for name, index, most in (("index", program.index, rows), ("cost index", inside, columns)):
        if not np.issubdtype(index.dtype, np.integer) or (len(index) and not 0 <= index.min() <= index.max() < most):
            return f"array {name} points outside of the program"
    if not np.issubdtype(start.dtype, np.integer) or start[0] != 0 or start[-1] != entries or (np.diff(start) < 0).any():
        return "array start does not rise from 0 to the number of entries"
    sides = (program.columns, program.columns_per_period, columns), (program.rows, program.rows_per_period, rows)
    for families, per_period, count in sides:
        horizon = count - len(program.periods) * per_period
        if horizon < 0 or any(not 0 <= f.first <= (horizon if f.horizon else per_period) - len(f.keys) for f in families):
            return "its families of rows and columns do not fit its arrays"
    return ""
