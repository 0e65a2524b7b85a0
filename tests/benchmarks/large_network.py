"""A synthetic network of 60 nodes, 110 lossy arcs, 15 storages, 25 supplies and 30 demands, and the same program as raw arrays."""

from __future__ import annotations

import json
import resource
import sys
import time
from typing import Any

import numpy as np
from network import arc, case, demand, node, package, supply

from energynet.model import load
from energynet.program.layout import Program
from energynet.program.linear_program import LinearProgram
from energynet.solver.session import QuietHighs
from energynet.system.system import System, build_system

HORIZONS = {12: "month", 365: "day", 8760: "hour"}
WINTER = (1.5, 1.4, 1.2, 1.0, 0.8, 0.7, 0.6, 0.6, 0.8, 1.0, 1.1, 1.3)


def tables() -> dict[str, list[dict[str, Any]]]:
    rng = np.random.default_rng(7)
    names = [f"n{k:02d}" for k in range(60)]
    around = rng.permutation(60)
    ends = [(int(around[k]), int(around[(k + 1) % 60])) for k in range(60)]
    while len(ends) < 110:
        a, b = (int(x) for x in rng.integers(0, 60, 2))
        ends += [(a, b)] if a != b else []
    between = lambda low, high: round(float(rng.uniform(low, high)), 3)  # noqa: E731
    hourly = [{"profile": "h", "basis": "factor", "hour": h, "value": 0.8 + 0.2 * np.sin(h / 3.82)} for h in range(24)]
    return {
        "nodes": [node(n) for n in names],
        "arcs": [
            arc(f"a{k}", names[a], names[b], between(40, 150), between(0.2, 3), loss=between(0, 0.05)) for k, (a, b) in enumerate(ends)
        ],
        "supplies": [
            supply(f"s{k}", names[n], between(40, 120), between(10, 60), profile="h") for k, n in enumerate(rng.integers(0, 60, 25))
        ],
        "demands": [demand(f"d{k}", names[n], between(10, 60), profile="w;h") for k, n in enumerate(rng.choice(60, 30, replace=False))],
        "demand_blocks": [
            {"demand": f"d{k}", "block": b, "width": 3, "width_unit": "mcm/d", "willingness": 100 - 10 * b, "willingness_unit": "USD/tcm"}
            for k in range(30)
            for b in (1, 2, 3)
        ],
        "profiles": [*({"profile": "w", "basis": "mean_one", "month": m + 1, "value": v} for m, v in enumerate(WINTER)), *hourly],
        "storages": [
            {"id": f"k{k}", "name": "k", "node": names[n], "working_volume": 300, "volume_unit": "mcm", "injection": 40, "withdrawal": 50,
             "rate_unit": "mcm/d", "injection_efficiency": 0.97, "withdrawal_efficiency": 0.97, "daily_loss": 0.001}
            for k, n in enumerate(rng.choice(60, 15, replace=False))
        ],
        "contracts": [
            {"id": f"c{k}", "name": "c", "seller": "x", "buyer": "AA", "origin": "A", "delivery_arc": f"a{k}", "annual_quantity": 4,
             "quantity_unit": "bcm/y", "take_or_pay": 0.5, "contract_price": 10, "seller_cost": 5, "price_unit": "USD/tcm"}
            for k in range(5)
        ],
    }  # fmt: skip


def system_of(periods: int) -> System:
    return build_system(package(tables()), case(start="2025-01-01", end="2025-12-31", step=HORIZONS[periods]))


def system_of_model(path: str) -> System:
    model = load(path)
    return build_system(model.package, model.case)


def hand_over(program: LinearProgram) -> None:
    highs = QuietHighs()
    highs.passModel(
        program.column_count, program.row_count, program.entry_count, 1, 1, 0.0, program.cost, program.lower, program.upper,
        program.row_lower, program.row_upper, program.start, program.index, program.value, np.zeros(program.column_count, np.int32),
    )  # fmt: skip


class Raw:
    """What one who knows the program by heart would write: index and value arrays of one period, tiled with numpy."""

    def __init__(self, laid: LinearProgram) -> None:
        self.laid, self.periods = laid, len(laid.periods)
        n = laid.columns_per_period
        t = 1 if self.periods > 1 else 0
        first, last = laid.start[t * n], laid.start[(t + 1) * n]
        self.counts = np.diff(laid.start[t * n : (t + 1) * n + 1])
        self.local, self.size = laid.index[first:last] - t * laid.rows_per_period, last - first
        self.value = laid.value[first:last].copy()

    def build(self) -> tuple[np.ndarray, ...]:
        laid, periods = self.laid, self.periods
        n, m = laid.columns_per_period, laid.rows_per_period
        horizon = self.local >= m  # rows of the horizon stand still
        index = np.empty((periods, self.size), dtype=np.int32)
        np.add((np.arange(periods, dtype=np.int32) * m)[:, None], self.local[None, :], out=index)
        index[:, horizon] = self.local[horizon]
        value = np.empty((periods, self.size))
        value[:] = self.value
        start = np.concatenate([[0], np.cumsum(np.tile(self.counts, periods))]).astype(np.int32)
        dense = [np.tile(vector[n : 2 * n], periods) for vector in (laid.cost, laid.lower, laid.upper)]
        rows = [np.tile(vector[m : 2 * m], periods) for vector in (laid.row_lower, laid.row_upper)]
        return (start, index.ravel(), value.ravel(), *dense, *rows)


def best(action: Any, times: int) -> float:
    seconds = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def main(size: str, way: str) -> None:
    """Print seconds and peak memory (MB) of one way, for so many periods of the synthetic network or for the model of a file."""
    system = system_of(int(size)) if size.isdigit() else system_of_model(size)
    times = 3 if len(system.horizon) > 1000 else 7
    compiled = Program(system)
    laid = compiled.lay(system)
    if way == "arrays":
        raw = Raw(laid)
        found = {"build": best(raw.build, times), "hand over": best(lambda: hand_over(laid), times)}
    else:
        found = {
            "compile": best(lambda: Program(system), times), "build": best(lambda: compiled.lay(system), times),
            "hand over": best(lambda: hand_over(laid), times),
        }  # fmt: skip
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**found, "columns": laid.column_count, "entries": laid.entry_count, "MB": peak}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
