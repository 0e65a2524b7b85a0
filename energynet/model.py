"""A model: a case and its data package, ready to be solved as it stands or with changes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from energynet.dataset.case import Case
from energynet.dataset.changes import Change, parse_change
from energynet.dataset.checks import load_inputs, warnings_of
from energynet.dataset.design import Design, Group, grid, parse_vary
from energynet.dataset.design_file import read_design
from energynet.dataset.package import Package
from energynet.dataset.resolve import resolve
from energynet.dataset.sample import draw, parse_sample
from energynet.errors import Fault, InputFaults, UsageFault
from energynet.program.layout import Program
from energynet.program.linear_program import LinearProgram
from energynet.rolling import solve_rolling
from energynet.solution import Solution, solve_system
from energynet.solver import SolveOptions
from energynet.system.checks import check_system
from energynet.system.system import System, build_system

if TYPE_CHECKING:
    import networkx as nx
    import pyomo.environ as pyo

    from energynet.analysis.response.answer import Response
    from energynet.results.result import Result
    from energynet.sweep.sweep import Sweep

Changes = Sequence[str | Change]


@dataclass(frozen=True)
class Model:
    """A case with its data. Nothing here changes: each solve builds its own arrays."""

    case: Case
    package: Package

    def system(self, changes: Changes = (), scenario: str | None = None) -> System:
        """The sets and arrays of the case with these changes. Raises InputFaults."""
        system = build_system(self.package, self.case, self.read_changes(changes), scenario)
        check_system(system, self.package)
        return system

    def warnings(self, changes: Changes = (), scenario: str | None = None) -> tuple[Fault, ...]:
        """Where the means over the periods may not stand for what happens inside them, with the step that would be exact. Raises
        InputFaults.
        """
        return warnings_of(self.package, self.case, (*self.case.scenario(scenario), *self.read_changes(changes)))

    def program(self, changes: Changes = (), scenario: str | None = None) -> LinearProgram:
        """The linear program as arrays."""
        system = self.system(changes, scenario)
        return Program(system).lay(system)

    def solution(self, changes: Changes = (), scenario: str | None = None, *, time_limit: float | None = None) -> Solution:
        """Solve and certify. Raises InputFaults, Infeasible, Unbounded, TimeLimit, SolverFailure or CertificateFailure."""
        started = time.perf_counter()
        system = self.system(changes, scenario)
        if self.case.options.contract_years == "rolling" or self.case.options.years == "rolled":
            return solve_rolling(self.package, self.case, self.read_changes(changes), scenario, self._options(time_limit))
        solved = solve_system(system, self._options(time_limit))
        return replace(solved, seconds={"system": time.perf_counter() - started - sum(solved.seconds.values()), **solved.seconds})

    def solve(self, changes: Changes = (), scenario: str | None = None, *, time_limit: float | None = None) -> Result:
        """Solve and certify one case: its status, objective (million USD), tables and certificate. Raises as `solution`."""
        from energynet.results.result import Result

        solution = self.solution(changes, scenario, time_limit=time_limit)
        return Result.of(self.case, self.package, solution, changes=self.read_changes(changes), scenario=scenario)

    def response(self, vary: str, changes: Changes = (), scenario: str | None = None, *, time_limit: float | None = None) -> Response:
        """The exact response along one line of change, e.g. `demand[tr_market].quantity *= 0.8:1.2`, each breakpoint certified.

        Several changes move side by side where `together` joins them. Raises UsageFault where the line is none of right-hand sides and
        bounds, and what `solution` raises.
        """
        from energynet.analysis.response.answer import respond
        from energynet.analysis.response.legs import legs_of, manifest_of

        base, legs = self.read_changes(changes), legs_of(vary, self.case, self.package)
        options = self._options(time_limit)
        found = respond(legs, lambda moved: self.system((*base, *moved), scenario), options)
        return replace(found, manifest=manifest_of(found, self.case, self.package, base, scenario))

    def sweep(
        self, vary: Sequence[str] = (), *, design: str | Path | Design | None = None, sample: str | None = None, changes: Changes = (),
        scenario: str | None = None, time_limit: float | None = None,
    ) -> Sweep:  # fmt: skip
        """Many scenarios: iterate over their results, or `write` them to a directory.

        `vary` are changes with lists, ranges or distributions in place of their values: every combination, or with `sample` (such as
        `sobol:64`) as many as it says; `design` is a design file or a Design. All scenarios have `changes` and those of `scenario`.
        Prices have no range here. Raises InputFaults or UsageFault.
        """
        from energynet.sweep.engine import Setting
        from energynet.sweep.sweep import Sweep

        made = self._design(vary, design, sample)
        given = self.read_changes(changes)
        self.read_changes([replace(one.template, value=1.0) for one in made.varies])
        options = replace(self._options(time_limit), price_ranges="none")
        setting = Setting(self.package, self.case, (*self.case.scenario(scenario), *given), options)
        return Sweep(setting, made, given, scenario, lambda: self.solve(given, scenario, time_limit=time_limit))

    @staticmethod
    def _design(vary: Sequence[str], design: str | Path | Design | None, sample: str | None) -> Design:
        """The scenarios, from exactly one source."""
        if bool(vary) == (design is not None):
            raise UsageFault("a sweep takes changes that vary or a design, and not both")
        if sample is not None and design is not None:
            raise UsageFault("a sample is drawn from changes that vary: a design has its scenarios already")
        if design is not None:
            return design if isinstance(design, Design) else read_design(design)
        groups, faults = list[Group](), list[Fault]()
        for text in vary:
            try:
                groups.append(parse_vary(text))
            except InputFaults as found:
                faults += found.faults
        if faults:
            raise InputFaults(faults)
        return grid(groups) if sample is None else draw(groups, parse_sample(sample))

    def pyomo(self, changes: Changes = (), scenario: str | None = None) -> pyo.ConcreteModel:
        """The same program as an ordinary Pyomo ConcreteModel over the whole horizon."""
        from energynet.program.full import full_model

        return full_model(self.system(changes, scenario))

    def graph(self) -> nx.MultiDiGraph:
        """The network as a graph: nodes and arcs with the cells of their tables as attributes; a converter is an edge too."""
        import networkx as nx

        graph = nx.MultiDiGraph(name=self.case.name)
        for row in self.package["nodes"].to_dict("records"):
            graph.add_node(row["id"], **{str(name): cell for name, cell in row.items() if name != "id"})
        for table in ("arcs", "converters"):
            for row in self.package[table].to_dict("records"):
                cells = {str(name): cell for name, cell in row.items()}
                graph.add_edge(cells["from_node"], cells["to_node"], key=f"{cells['id']}@{cells['row']}", component=table, **cells)
        return graph

    def _options(self, time_limit: float | None) -> SolveOptions:
        given = self.case.options
        limit = given.time_limit if time_limit is None else time_limit
        return SolveOptions(threads=given.threads, time_limit=limit, second_stage=given.second_stage, price_ranges=given.price_ranges)

    def read_changes(self, changes: Changes) -> tuple[Change, ...]:
        """Changes as read and matched with the data. Raises InputFaults with every fault at once."""
        read: list[Change] = []
        faults: list[Fault] = []
        for change in changes:
            try:
                read.append(parse_change(change) if isinstance(change, str) else change)
                resolve(read[-1], self.package, self.case)
            except InputFaults as found:
                faults += found.faults
        if faults:
            raise InputFaults(faults)
        return tuple(read)


def load(path: str | Path) -> Model:
    """Read a model file, by path or by its name in `models/`, and its data package, and check both. Raises InputFaults."""
    package, case, _ = load_inputs(path)
    return Model(case, package)
