"""Projects: capacity that could be built, from a year on, at an annuity. Table: `projects` (`energynet.components.project_tables`)."""

from __future__ import annotations

from collections.abc import Callable

from energynet.components.scope import Expression, HorizonScope, PeriodScope

YEAR = "calendar"


def grown(scope: PeriodScope, component: str, measure: str = "capacity") -> Callable[[str], Expression]:
    """What projects add to a record in this period: its `capacity` (arc, corridor, converter, supply), or of a storage its `volume`,
    `available_injection` or `available_withdrawal`; units a day or units, and plain zero where no project expands the record. Each unit of
    a project that adds capacity adds one.
    """
    expansions = scope.network["expansions"]
    share = scope.data("expansions", measure) if measure != "capacity" else dict.fromkeys(expansions, 1.0)
    installed = scope.horizon_variable("installed", YEAR) if len(expansions) else {}
    of: dict[str, list[tuple[str, str]]] = {}
    for key in expansions:
        project, kind, target = key.split("/")
        if kind == component:
            of.setdefault(target, []).append((key, project))

    def sum_of(target: str) -> Expression:
        return sum(share[key] * installed[(project,)] for key, project in of.get(target, ())) if target in of else 0.0

    return sum_of


def horizon(scope: HorizonScope) -> None:
    """What is built in each calendar year, what then stands, and what it costs; a year partly inside the horizon pays its share."""
    projects, years = scope.network["projects"], scope.years(YEAR)
    pairs = [(p, y) for p in projects for y in years]
    limit, step, inherited = (scope.mean("projects", column, YEAR) for column in ("open", "step", "inherited"))
    alive = scope.mean("vintages", "alive", YEAR)

    def ceiling_of_project(project: str, year: str) -> Expression:
        r"""Ceiling. $\mathit{added}_{p,y}, \mathit{installed}_{p,y} \le \mathit{maximum}_p$, zero before its first year"""
        return limit[project, year]

    added = scope.variable("added", pairs, upper=ceiling_of_project, unit="capacity")
    installed = scope.variable("installed", pairs, upper=ceiling_of_project, unit="capacity")

    def installed_rule(project: str, year: str) -> Expression:
        r"""What stands. $\mathit{installed}_{p,y} = \sum_{v \le y} \mathit{alive}_{p,v,y} \, \mathit{added}_{p,v} +
        \mathit{inherited}_{p,y}$: what was built in years up to this one, within the lifetime
        """
        built = sum(alive[f"{project}/{v}", year] * added[project, v] for v in years if v <= year)
        return installed[project, year] - built == inherited[project, year]

    scope.constrain("installed", pairs, installed_rule, unit="capacity")
    stepped = [(p, y) for p, y in pairs if projects.limited("step", p)]
    steps = scope.variable("steps", stepped, unit="whole")

    def whole_steps_rule(project: str, year: str) -> Expression:
        r"""Whole steps. $\mathit{added}_{p,y} = \mathit{step}_p \cdot \mathit{steps}_{p,y}$, a whole number of them"""
        return added[project, year] - step[project, year] * steps[project, year] == 0.0

    scope.constrain("whole_steps", stepped, whole_steps_rule, unit="capacity")
    _order(scope, installed)
    annuity, upkeep = (scope.sum("projects", column, YEAR) for column in ("daily_annuity", "daily_upkeep"))
    for p, y in pairs:
        scope.cost("annuity", annuity[p, y] * installed[p, y])
        scope.cost("fixed operation and maintenance", upkeep[p, y] * installed[p, y])


def _order(scope: HorizonScope, installed: object) -> None:
    projects, years = scope.network["projects"], scope.years(YEAR)
    most = scope.mean("projects", "maximum", YEAR)
    stands: Callable[[str, str], Expression] = lambda p, y: installed[p, y]  # type: ignore[index]  # noqa: E731
    later = [(p, y) for p in projects if projects.of("after", p) in projects.position for y in years]

    def after_rule(project: str, year: str) -> Expression:
        r"""Order. $\mathit{installed}_{p,y} / \mathit{maximum}_p \le \mathit{installed}_{q,y} / \mathit{maximum}_q$ where $p$ comes after
        $q$
        """
        first = projects.of("after", project)
        return most[first, year] * stands(project, year) - most[project, year] * stands(first, year) <= 0.0

    scope.constrain("after", later, after_rule, unit="capacity")
