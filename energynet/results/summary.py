"""The summary: what an analyst asks first, one figure a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from energynet.results.shortage import beyond_least_unserved
from energynet.solution import Solution


def contract_origins(solution: Solution) -> list[str]:
    """The origins that contracts are about: whose gas the summary follows."""
    return list(dict.fromkeys(solution.system["contracts"].text["origin"])) or list(solution.system["origins"].ids)


def summary(solution: Solution, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """`figure`, `value`, `unit`: objective; served and unserved by carrier; each followed origin by region; where it was full."""
    rows: list[dict[str, object]] = [{"figure": "objective", "value": solution.objective, "unit": "million USD"}]
    rows += _before(solution)
    yearly = tables["balance"].loc[lambda frame: frame["per"] == "year"]
    for (carrier, unit), part in yearly.groupby(["carrier", "unit"], sort=True):
        gas = unit == "mcm"
        scale, written = (1000.0, "bcm") if gas else (1.0, "GWh")
        for column, sign in (("served", -1.0), ("unserved", 1.0), ("fuel_and_losses", -1.0)):
            rows.append(
                {"figure": f"{carrier} {column.replace('_', ' ')}", "value": sign * float(part[column].sum()) / scale, "unit": written}
            )
    rows.append({"figure": "unserved beyond the least possible", "value": beyond_least_unserved(solution), "unit": "GWh"})
    rows += _built(tables["projects"])
    rows += _followed(solution, tables["deliveries"])
    full = tables["congestion"].loc[lambda frame: frame["congestion_rent_musd"] > 0.0].nlargest(5, "congestion_rent_musd")
    rows += [
        {"figure": f"congestion rent {name}", "value": rent, "unit": "million USD"}
        for name, rent in zip(full["name"], full["congestion_rent_musd"], strict=True)
    ]
    return pd.DataFrame(rows, columns=["figure", "value", "unit"])


def _built(projects: pd.DataFrame) -> list[dict[str, object]]:
    """What stands of each project in the last year, where anything does."""
    last = projects.loc[(projects["year"] == projects["year"].max()) & (projects["total"] > 0.0)] if len(projects) else projects
    return [
        {"figure": f"built {name}", "value": float(total), "unit": unit}
        for name, total, unit in zip(last["name"], last["total"], last["unit"], strict=True)
    ]


def _before(solution: Solution) -> list[dict[str, object]]:
    """What was made least (or largest) before the cost."""
    origin = solution.system.objective.partition(":")[2]
    told = {
        "unserved": ("least unserved", 1.0, "GWh"), "curtailment": ("worst national curtailment", 100.0, "% of firm demand"),
        "income": (f"net income of {origin}", -1.0, "million USD"),
    }  # fmt: skip
    return [
        {"figure": told[name][0], "value": told[name][1] * float(weights @ solution.primal), "unit": told[name][2]}
        for name, weights in solution.program.first.items()
    ]


def _followed(solution: Solution, deliveries: pd.DataFrame) -> list[dict[str, object]]:
    countries = solution.system["countries"]
    region: Callable[[str], str] = lambda country: str(countries.of("region", country) or country)  # noqa: E731
    rows: list[dict[str, object]] = []
    yearly = deliveries.loc[(deliveries["per"] == "year") & deliveries["bcm"].notna()]
    for origin in contract_origins(solution):
        own = yearly.loc[yearly["origin"] == origin]
        by_region = own.groupby(own["country"].map(region), sort=False)["bcm"].sum().sort_values(ascending=False)
        rows += [{"figure": f"{origin} gas to {name}", "value": float(value), "unit": "bcm"} for name, value in by_region.items()]
    return rows
