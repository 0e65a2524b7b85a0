"""A run's files against themselves: balances, bounds, costs and the certificate computed anew, without a solver and without the data."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from energynet.results.frames import NOISE
from energynet.results.store import ARRAYS, FAMILIES, MANIFEST, WINDOWS, open_run, stored_program
from energynet.solver.certificate import Certificate, Check, certify, worst_of

FLOW = 1e-6
OF_FLOWS = ("rows", "bounds", "objective", "cost table")
TABLE = 1e-9  # of the figure
TERMS = ("production", "imports", "exports", "storage_change", "fuel_and_losses", "converted", "swaps", "served")


def audit(path: Path | str) -> Certificate:
    """All checks of a run directory. Raises InputFaults where files are missing or cannot be read."""
    where = Path(path)
    run = open_run(where)
    manifest = json.loads((where / MANIFEST).read_text())
    missing = [name for name in (ARRAYS, FAMILIES) if not (where / name).is_file()]
    if missing:
        return Certificate(tuple(Check(f"file {name}", np.inf, str(where / name), "", 0.0) for name in missing))
    program, held = stored_program(where)
    checks = list(certify(program, held["primal"], held["dual"], float(manifest["objective_musd"])).checks)
    parts = sorted((where / WINDOWS).iterdir()) if (where / WINDOWS).is_dir() else []
    if parts:  # each window, or each objective in turn, is an optimum by itself; the whole keeps its limits, and its costs add up
        checks = [check for check in checks if check.name in OF_FLOWS]
        checks += [replace(check, name=f"parts: {check.name}") for check in worst_of([(part.name, _window(part)) for part in parts])]
    checks.append(_reduced(program.cost, held, program))
    balance, costs = run.tables["balance"], run.tables["costs"]
    sums = balance[list(TERMS)].sum(axis=1).abs()
    scale = max(float(balance[list(TERMS)].abs().to_numpy().max(initial=0.0)), 1.0)
    checks.append(Check("table balance", float(sums.max()) if len(sums) else 0.0, "countries", "units", FLOW * max(1.0, scale * 1e-3)))
    gap = abs(float(costs["musd"].sum()) - float(manifest["objective_musd"]))
    checks.append(Check("table costs", gap / max(abs(float(manifest["objective_musd"])), 1.0), "objective", "of the objective", TABLE))
    checks += [_flows(run.tables["flows_by_origin"], run.tables["flows"], program, held["primal"])]
    checks.append(_deliveries(run.tables["deliveries"], balance))
    return Certificate(tuple(checks))


def _window(part: Path) -> Certificate:
    program, held = stored_program(part)
    return certify(program, held["primal"], held["dual"], float(held["objective"]))


def _reduced(cost: np.ndarray, held: dict[str, np.ndarray], program: object) -> Check:
    from energynet.program.linear_program import LinearProgram

    assert isinstance(program, LinearProgram)
    matrix = program.matrix()
    worst = np.abs(cost - matrix.T @ held["dual"] - held["reduced"]).max(initial=0.0)
    return Check("stored reduced costs", float(worst), "", "million USD a unit", 1e-6)


def _flows(by_origin: pd.DataFrame, flows: pd.DataFrame, program: object, primal: np.ndarray) -> Check:
    """The tables of flows against the primal, and against each other."""
    from energynet.program.linear_program import LinearProgram

    assert isinstance(program, LinearProgram)
    family = next((f for f in program.columns if f.name == "flow"), None)
    if family is None:
        return Check("table flows", 0.0, "", "units/d", FLOW)
    first, stride, count = program.family_slice(family)
    values = np.concatenate([primal[first + t * stride : first + t * stride + count] for t in range(len(program.periods))])
    values = np.where(np.abs(values) < NOISE, 0.0, values)
    worst = float(np.abs(by_origin["per_day"].to_numpy() - values).max(initial=0.0)) if len(by_origin) == len(values) else np.inf
    whole = by_origin.groupby(["arc", "period"])["per_day"].sum()
    told = flows.set_index(["arc", "period"])["per_day"]
    between = float((whole - told.reindex(whole.index)).abs().fillna(np.inf).max()) if len(whole) else 0.0
    return Check("table flows", max(worst, between), "", "units/d", FLOW)


def _deliveries(deliveries: pd.DataFrame, balance: pd.DataFrame) -> Check:
    """What all origins delivered against what each country used, by year."""
    yearly = deliveries.loc[deliveries["per"] == "year"]
    got = (yearly["contract"] + yearly["beyond_contract"]).groupby([yearly["country"], yearly["carrier"], yearly["year"]]).sum()
    used = balance.loc[balance["per"] == "year"].set_index(["country", "carrier", "year"])["served"]
    worst = float((got + used.reindex(got.index)).abs().fillna(np.inf).max()) if len(got) else 0.0
    return Check("table deliveries", worst, "", "units", FLOW * max(1.0, float(used.abs().max()) * 1e-3 if len(used) else 1.0))
