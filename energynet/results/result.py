"""What a solve gives: status, objective, tables and certificate; the same for a run read back from its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from energynet.results.tables import Tables
from energynet.solution import Solution
from energynet.solver.certificate import Certificate

if TYPE_CHECKING:
    from energynet.dataset.case import Case
    from energynet.dataset.changes import Change
    from energynet.dataset.package import Package


@dataclass(frozen=True)
class Result:
    """`objective` in million USD; `tables` by name (pandas); `manifest` says what was solved, with what, how long. `solution` is None
    for a run read back. `inputs` are the rows of the data package that the run used, by table; empty for a run that kept none. `source`
    is the case and the data package that it was made from, which are written with it; None for a run read back.
    """

    status: str
    objective: float
    tables: Mapping[str, pd.DataFrame]
    certificate: Certificate
    manifest: Mapping[str, Any]
    solution: Solution | None = None
    path: Path | None = field(default=None, compare=False)
    inputs: Mapping[str, pd.DataFrame] = field(default_factory=dict, compare=False)
    source: tuple[Case, Package] | None = field(default=None, compare=False, repr=False)

    @classmethod
    def of(cls, case: Case, package: Package, solution: Solution, *, changes: Sequence[Change] = (), scenario: str | None = None) -> Result:
        """The result of a solution of a case on its data."""
        from energynet.results.inputs import inputs_of
        from energynet.results.manifest import manifest_of

        made = manifest_of(case, package, solution, changes, scenario)
        used = inputs_of(case, package, solution.system.horizon, changes, scenario)
        return cls(solution.status, solution.objective, Tables(solution), solution.certificate, made, solution, None, used, (case, package))

    def write(self, directory: Path | str | None = None, formats: Sequence[str] = ("csv",)) -> Path:
        """Write the run: Parquet always, and CSV or Excel as asked; whole or not at all. Returns its directory.

        Without a directory: `results/MODEL/RUN`, the run named by its content. Raises UsageFault where another content is there.
        """
        from energynet.results.store import write_run

        return write_run(self, None if directory is None else Path(directory), formats)
