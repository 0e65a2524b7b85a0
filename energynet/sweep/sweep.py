"""A sweep: its scenarios solved here one by one, or all of them to a directory, by as many workers as there are."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from energynet.dataset.changes import Change
from energynet.dataset.design import Design
from energynet.errors import EnergynetError, UsageFault
from energynet.results.manifest import content_of, name_of
from energynet.results.result import Result
from energynet.results.tables import NAMES, Tables
from energynet.solver.certificate import Certificate
from energynet.sweep.engine import Engine, Setting
from energynet.sweep.order import nearest_order
from energynet.sweep.part import OPTIMAL, Part, Scenario, Written, outcome_of
from energynet.sweep.store import BASE, KIND, Store
from energynet.sweep.workers import cluster, here, processes

DEFAULT_TABLES = ("summary", "balance", "flows", "deliveries", "congestion", "prices", "unserved", "costs")
ROOT = Path("results")
PARTS, LEAST, MOST = 64, 4, 100  # parts that a sweep is cut into, and the least and most scenarios of one

Progress = Callable[[int, int, int], None]  # scenarios done, of how many, without a solution


@dataclass(frozen=True)
class SweepResult:
    """The result of one scenario. Without a solution `status` and `reason` say why, `objective` is NaN and there are no tables."""

    scenario: int
    changes: tuple[Change, ...]
    status: str
    objective: float
    tables: Mapping[str, pd.DataFrame]
    certificate: Certificate
    reason: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Done:
    """What `Sweep.write` did: where the sweep is, how its scenarios ended by status, and how many were solved now."""

    path: Path
    counts: Mapping[str, int]
    solved_now: int
    seconds: float

    @property
    def failed(self) -> int:
        """Scenarios without a solution."""
        return sum(count for status, count in self.counts.items() if status != OPTIMAL)


@dataclass(frozen=True)
class Sweep:
    """The scenarios of a design on one model. Iterating solves them here, one after the other, each from the basis of the base."""

    setting: Setting
    design: Design
    common: tuple[Change, ...] = ()
    scenario: str | None = None
    base: Callable[[], Result] | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return len(self.design)

    def __iter__(self) -> Iterator[SweepResult]:
        engine = Engine(self.setting)
        engine.begin()
        for number in range(len(self.design)):
            changes = self.design.changes(number)
            found = outcome_of(engine, changes)
            tables: Mapping[str, pd.DataFrame] = {} if found.solution is None else Tables(found.solution)
            certificate = Certificate(()) if found.solution is None else found.solution.certificate
            yield SweepResult(number, changes, found.status, found.objective, tables, certificate, found.reason, found.seconds)

    def write(
        self, out: Path | str | None = None, *, jobs: int = 1, scheduler: str | None = None, tables: Sequence[str] = DEFAULT_TABLES,
        nearest: bool = False, progress: Progress | None = None,
    ) -> Done:  # fmt: skip
        """Solve all scenarios to a directory, by default `results/MODEL/sweep-HASH`, named by the content; what is there is kept.

        `jobs` processes, or the Dask cluster at `scheduler`, share the work. With `nearest`, scenarios that are alike are solved one
        after the other, each from the basis of the one before. Raises UsageFault where the directory holds anything else,
        SolverFailure where workers die again and again.
        """
        unknown = [name for name in tables if name not in NAMES]
        if unknown:
            raise UsageFault(f"there is no table {unknown[0]!r}: {', '.join(NAMES)}")
        started = time.perf_counter()
        content = self._content(tuple(name for name in NAMES if name in tables), nearest=nearest)
        path = Path(out) if out is not None else ROOT / self.setting.case.name / f"sweep-{name_of(content)}"
        store = Store(path, self._manifest(content))
        with store.locked():
            store.open()
            setting = self._prepared(store, content)
            done = store.done()
            parts = [part for part in self._parts(content) if part.number not in done]
            solved = self._run(store, setting, parts, jobs, scheduler, progress)
            counts = store.counts()
            seconds = round(time.perf_counter() - started, 2)
            store.say({"complete": True, "scenarios": len(self), **counts, "seconds": seconds})
        return Done(path, counts["counts"], solved, seconds)

    def _run(
        self, store: Store, setting: Setting, parts: list[Part], jobs: int, scheduler: str | None, progress: Progress | None
    ) -> int:  # fmt: skip
        left = sum(len(part.scenarios) for part in parts)
        done, failed, solved = len(self) - left, 0, 0
        if progress is not None:
            progress(done, len(self), failed)
        if scheduler is not None:
            written: Iterator[Written] = cluster(setting, parts, scheduler)
        else:
            written = here(setting, parts) if jobs == 1 or len(parts) < 2 else processes(setting, parts, jobs)
        for part in written:
            store.write(part)
            solved += len(part.statuses)
            failed += sum(status != OPTIMAL for status in part.statuses)
            if progress is not None:
                progress(done + solved, len(self), failed)
        return solved

    def _prepared(self, store: Store, content: Mapping[str, Any]) -> Setting:
        """The setting with the basis of the base; the base itself is written as a run where it has an answer."""
        if self.base is not None and not (store.path / BASE).exists():
            try:
                self.base().write(store.path / BASE, formats=())
            except EnergynetError as error:
                store.say({"base": str(error)})
        setting = replace(self.setting, token=name_of(content))
        return replace(setting, basis=Engine(setting).basis())

    def _content(self, tables: tuple[str, ...], *, nearest: bool) -> dict[str, Any]:
        """What names a sweep: the same content is the same sweep."""
        values = np.nan_to_num(self.design.values, nan=np.inf)
        design = hashlib.sha256(values.tobytes() + "\n".join([*self.design.names, "", *self.design.labels]).encode()).hexdigest()
        return {
            **content_of(self.setting.case, self.setting.package, self.common, self.scenario), "design": list(self.design.names),
            "design_digest": design, "scenarios": len(self), "tables": list(tables), "order": "nearest" if nearest else "fixed",
        }  # fmt: skip

    def _manifest(self, content: dict[str, Any]) -> dict[str, Any]:
        case = self.setting.case
        horizon = {"start": str(case.horizon.start), "end": str(case.horizon.end), "step": case.horizon.step}
        return {"kind": KIND, "run": name_of(content), "title": case.title, "content": content, "horizon": horizon}

    def _parts(self, content: Mapping[str, Any]) -> list[Part]:
        """The scenarios cut into parts: always the same ones, however many workers there are."""
        count, chain = len(self), content["order"] == "nearest"
        size = min(max(-(-count // PARTS), LEAST), MOST)
        order = nearest_order(self.design.values) if chain else np.arange(count)
        return [
            Part(number, tuple(self._scenario(int(k)) for k in order[first : first + size]), tuple(content["tables"]), chain)
            for number, first in enumerate(range(0, count, size))
        ]

    def _scenario(self, number: int) -> Scenario:
        design = self.design
        label = design.labels[number] if design.labels else None
        return Scenario(number, label, design.changes(number), tuple(zip(design.names, design.values[number].tolist(), strict=True)))
