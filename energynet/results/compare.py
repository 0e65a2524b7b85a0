"""What changed between runs, or over a sweep, and which inputs were different."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from energynet.errors import UsageFault
from energynet.results.figures import KEYS, figures
from energynet.results.saved import SCENARIOS, Saved

SAME = 1e-9  # relative, and at least of one unit
QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
ASIDE = ("row", "note", "reference", "confidence")  # about a row, not of it
TOLD = ("scenario", "name", "changes", "status", "objective_musd", "reason", "seconds")  # of a scenario, beside its varied changes
INPUT = ["run", "kind", "input", "first", "other"]
CHANGED = ["run", *KEYS, "unit", "first", "other", "difference", "percent"]


def compare(runs: Sequence[Saved]) -> dict[str, pd.DataFrame]:
    """`inputs` and `figures` of two or more runs, each against the first; of one sweep `inputs`, `figures` over its scenarios, and how many
    scenarios ended how (`scenarios`). Raises UsageFault where there is nothing to compare.
    """
    if len(runs) == 1 and runs[0].kind == "sweep":
        return _sweep(runs[0])
    if len(runs) < 2 or any(run.kind != "run" for run in runs):
        raise UsageFault("compare takes two or more runs, or one sweep")
    first, others = runs[0], runs[1:]
    names = [run.name for run in others]
    if len(set(names)) < len(names):
        names = [str(run.path) for run in others]
    return {
        "inputs": pd.concat([_inputs(first, run, name) for run, name in zip(others, names, strict=True)], ignore_index=True),
        "figures": pd.concat([_changed(first, run, name) for run, name in zip(others, names, strict=True)], ignore_index=True),
    }


def _changed(first: Saved, other: Saved, name: str) -> pd.DataFrame:
    """The figures of a run beside those of the first, where they are not the same: the greatest difference first, kind by kind."""
    one, two = (figures(run.table).rename(columns={"value": side}) for run, side in ((first, "first"), (other, "other")))
    both = one.merge(two, on=[*KEYS, "unit"], how="outer").fillna({"first": 0.0, "other": 0.0})
    difference = both["other"] - both["first"]
    size = np.maximum(1.0, np.maximum(both["first"].abs(), both["other"].abs()))
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = np.where(both["first"] != 0.0, 100.0 * difference / both["first"].abs(), np.nan)
    both = both.assign(run=name, difference=difference, percent=percent, by=difference.abs())[difference.abs() > SAME * size]
    order = {what: k for k, what in enumerate(("objective", "cost", "delivery", "flow", "price", "unserved", "congestion"))}
    both = both.assign(rank=both["what"].map(order)).sort_values(["rank", "by"], ascending=[True, False], kind="stable")
    return both[CHANGED].reset_index(drop=True)


def _inputs(first: Saved, other: Saved, name: str) -> pd.DataFrame:
    """What is not the same of what decides an answer: model, options, scenario, changes, versions, and every cell of the data."""
    one, two = (dict(run.manifest["content"]) for run in (first, other))
    rows: list[tuple[str, str, str, str, str]] = []
    for key in dict.fromkeys((*one, *two)):
        if one.get(key) == two.get(key):
            continue
        if isinstance(one.get(key), Mapping) and isinstance(two.get(key), Mapping):
            parts = [part for part in dict.fromkeys((*one[key], *two[key])) if one[key].get(part) != two[key].get(part)]
            rows += [(name, key, part, _said(one[key].get(part)), _said(two[key].get(part))) for part in parts]
        elif key == "changes":
            rows += [(name, "change", text, _holds(text in one[key]), _holds(text in two[key])) for text in _either(one[key], two[key])]
        else:
            rows.append((name, key, "", _said(one.get(key)), _said(two.get(key))))
    if one.get("data_digest") != two.get("data_digest") or one.get("model_digest") != two.get("model_digest"):
        rows += [(name, "data", *cell) for cell in _cells(first.inputs(), other.inputs())]
    return pd.DataFrame(rows, columns=INPUT)


def _either(one: Sequence[str], two: Sequence[str]) -> list[str]:
    """Changes that only one of two lists holds."""
    return [text for text in dict.fromkeys((*one, *two)) if (text in one) != (text in two)]


def _holds(there: bool) -> str:
    return "yes" if there else "no"


def _said(value: Any) -> str:  # noqa: ANN401
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _cells(one: Mapping[str, pd.DataFrame], two: Mapping[str, pd.DataFrame]) -> list[tuple[str, str, str]]:
    """Every cell of the data that is not the same, as (`table[row].column`, before, after); whole rows that only one has."""
    found: list[tuple[str, str, str]] = []
    for table in sorted({*one, *two} - {"periods", "changes"}):
        before, after = (_rows(side.get(table, pd.DataFrame())) for side in (one, two))
        for key in dict.fromkeys((*before, *after)):
            if key not in after or key not in before:
                found.append((f"{table}[{key}]", "" if key not in before else "a row", "" if key not in after else "a row"))
                continue
            cells = [column for column in before[key] if column not in ASIDE and before[key][column] != after[key].get(column)]
            found += [(f"{table}[{key}].{column}", before[key][column], after[key].get(column, "")) for column in cells]
    return found


def _rows(frame: pd.DataFrame) -> dict[str, dict[str, str]]:
    """The rows of an input table by their id and window; cells as text. Rows that share both are numbered."""
    if frame.empty:
        return {}
    keys = [c for c in frame.columns if c in ("id", "valid_from") or (c not in ASIDE and frame[c].dtype == object and "id" not in frame)]
    found: dict[str, dict[str, str]] = {}
    for row in frame.astype(object).where(frame.notna(), "").astype(str).to_dict("records"):
        label = ",".join(part.removesuffix(" 00:00:00") for part in (str(row[key]) for key in keys) if part)
        number = 2
        while label in found:
            label = f"{label.split('#')[0]}#{number}"
            number += 1
        found[label] = {str(column): str(cell) for column, cell in row.items()}
    return found


def _sweep(sweep: Saved) -> dict[str, pd.DataFrame]:
    """A sweep against its base: quantiles of every figure over the scenarios that were solved, and the input that it moves with most."""
    scenarios = sweep.table(SCENARIOS).sort_values("scenario", ignore_index=True)
    varied = [str(column) for column in scenarios if column not in TOLD and pd.api.types.is_numeric_dtype(scenarios[column])]
    solved = scenarios[scenarios["status"] == "optimal"]
    long = figures(sweep.table, ["scenario"])
    wide = long.pivot_table(index="scenario", columns=[*KEYS, "unit"], values="value", aggfunc="sum")
    wide = wide.reindex(solved["scenario"]).fillna(0.0)
    base = figures(sweep.base.table).set_index([*KEYS, "unit"])["value"].groupby(level=[0, 1, 2, 3, 4]).sum()
    table = wide.quantile(list(QUANTILES)).T
    table.columns = pd.Index(_names())
    table = table.assign(mean=wide.mean(), base=base.reindex(table.index).fillna(0.0))
    table = table.join(_moves(wide, solved.set_index("scenario")[varied])).reset_index()
    table = table[(table["highest"] - table["lowest"]).abs() > SAME * np.maximum(1.0, table["highest"].abs())]
    inputs = pd.DataFrame(
        [(column, float(solved[column].min()), float(solved[column].median()), float(solved[column].max()), int(solved[column].nunique()))
         for column in varied],
        columns=["change", "lowest", "median", "highest", "values"],
    )  # fmt: skip
    ended = scenarios.groupby(["status", "reason"], dropna=False, as_index=False).agg(scenarios=("scenario", "size"))
    order = [*KEYS, "unit", "base", "mean", *_names(), "moves_with", "correlation"]
    return {"inputs": inputs, "figures": table[order].reset_index(drop=True), "scenarios": ended}


def _names() -> list[str]:
    named = {0.0: "lowest", 0.5: "median", 1.0: "highest"}
    return [named.get(q, f"p{100 * q:02.0f}") for q in QUANTILES]


def _moves(wide: pd.DataFrame, inputs: pd.DataFrame) -> pd.DataFrame:
    """For every figure the varied change whose values it is ranked like most (Spearman), and how much; empty where nothing moves."""
    ranks, of = wide.rank().to_numpy(), inputs.rank().to_numpy()
    ranks, of = (part - part.mean(axis=0) if len(part) else part for part in (ranks, of))
    with np.errstate(divide="ignore", invalid="ignore"):
        both = (ranks.T @ of) / np.sqrt((ranks**2).sum(axis=0)[:, None] * (of**2).sum(axis=0)[None, :])
    both = np.nan_to_num(both)
    if both.shape[1] == 0:
        return pd.DataFrame({"moves_with": "", "correlation": np.nan}, index=wide.columns)
    best = np.abs(both).argmax(axis=1)
    value = both[np.arange(len(both)), best]
    names = np.where(value == 0.0, "", np.array(list(inputs.columns), dtype=object)[best])
    return pd.DataFrame({"moves_with": names, "correlation": value}, index=wide.columns)
