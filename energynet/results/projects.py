"""Projects: what was built when, what it costs, and what one more unit of each would be worth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import scipy.sparse as sp

from energynet.program.linear_program import LinearProgram
from energynet.results.frames import Floats, clean
from energynet.results.worths import Worth, Worths
from energynet.solution import Solution
from energynet.solver.derivative import Direction

BUILDING = ("installed", "whole_steps", "after")  # rows that say what stands

COLUMNS = [
    "project", "name", "component", "carrier", "year", "added", "total", "maximum", "unit", "annuity_musd", "worth_of_more_musd",
    "worth_of_less_musd", "annuity_of_more_musd", "value_over_annuity", "value_over_annuity_from_here", "proven",
]  # fmt: skip


def capacity(solution: Solution, component: str, table: str, column: str, measure: str = "capacity") -> Floats:
    """A capacity of each record of a table with what projects added to it (T, n)."""
    return np.asarray(solution.system[table].number[column] + added(solution, component, table, measure))


def added(solution: Solution, component: str, table: str, measure: str = "capacity") -> Floats:
    """What projects added to each record of a table (T, n)."""
    system = solution.system
    whole = np.zeros((system.periods, len(system[table])))
    expansions, group = system["expansions"], system.horizon.groups["calendar"]
    place = {key: k for k, key in enumerate(solution.keys("installed"))}
    stands = clean(solution.values("installed"))
    for key, k in expansions.position.items():
        project, kind, target = key.split("/")
        if kind == component:
            by_year = np.array([stands[place[project, label]] for label in group[0]])
            whole[:, system[table].position[target]] += expansions.number[measure][:, k] * by_year[group[1]]
    return whole


def projects(solution: Solution) -> pd.DataFrame:
    """One row a project and year, built or not, million USD. `worth_of_more_musd`: what one more unit of it would save in the year;
    `worth_of_less_musd`: what one unit less of what stands would cost, empty where nothing stands; `annuity_of_more_musd`: what one more
    would cost. The last column weighs what one more unit would save over this year and the later ones of the horizon in which what is
    built now still stands, against its cost. `proven`: these are one-sided derivatives. All money is discounted to the first year.
    """
    system, program = solution.system, solution.program
    table, pairs = system["projects"], solution.keys("installed")
    if not pairs:
        return pd.DataFrame(columns=COLUMNS)
    stands, added = clean(solution.values("installed")), dict(zip(solution.keys("added"), clean(solution.values("added")), strict=True))
    family = next(f for f in program.columns if f.name == "installed")
    first, _, count = program.family_slice(family)
    columns = sp.csc_matrix(sp.diags(_in_use(program)) @ program.matrix()[:, first : first + count])
    worths = Worths(solution)
    cost = program.cost[first : first + count]
    rows = []
    for k, (project, year) in enumerate(pairs):
        at = table.position[project]
        onwards = [j for j, (p, y) in enumerate(pairs) if p == project and int(year) <= int(y) < int(year) + table.number["lifetime"][at]]
        one = _worth(worths, columns[:, [k]], standing=float(stands[k]) > 0.0)
        ahead = _worth(worths, sp.csc_matrix(columns[:, onwards].sum(axis=1)), standing=False)
        unit = str(system["carriers"].of("unit", table.of("carrier", project)))
        rows.append({
            "project": project, "name": table.of("name", project), "component": table.of("component", project),
            "carrier": table.of("carrier", project), "year": int(year), "added": float(added[project, year]), "total": float(stands[k]),
            "maximum": float(np.nanmax(table.number["open"][system.horizon.year == int(year), at])),
            "unit": unit if system.of_volume(project) else f"{unit}/d", "annuity_musd": float(cost[k] * stands[k]),
            "worth_of_more_musd": one.more, "worth_of_less_musd": one.less, "annuity_of_more_musd": float(cost[k]),
            "value_over_annuity": _ratio(one.more, cost[k]), "value_over_annuity_from_here": _ratio(ahead.more, cost[onwards].sum()),
            "proven": one.proven and ahead.proven,
        })  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def _in_use(program: LinearProgram) -> Floats:
    """1 for a row in which capacity is used (of a period, or the annual ceiling of a supply), 0 for one that says what is built (rows,)."""
    use = np.ones(program.row_count)
    horizon = len(program.periods) * program.rows_per_period
    for family in program.rows:
        if family.horizon and family.name in BUILDING:
            use[horizon + family.first : horizon + family.first + len(family.keys)] = 0.0
    return use


def _worth(worths: Worths, column: sp.csc_matrix, *, standing: bool) -> Worth:
    """What one unit more and one less of a column (rows, 1) would save and cost; none can be taken from what does not stand."""
    more = Direction.of_limits(worths.program, -np.asarray(column.todense(), dtype=np.float64).ravel())
    return worths.of(more, more.turned() if standing else None)


def _ratio(value: float, cost: float) -> float:
    return float(value / cost) if cost > 0.0 else np.inf if value > 0.0 else 0.0
