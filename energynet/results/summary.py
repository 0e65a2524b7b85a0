"""The summary: what an analyst asks first, one figure a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from energynet.results.frames import SCENARIO, ordered
from energynet.results.shortage import beyond_least_unserved
from energynet.solution import Solution

SUMMED = ("balance", "deliveries", "congestion")
MOST = 5  # lines of which the congestion rent is told


def contract_origins(solution: Solution) -> list[str]:
    """The origins that contracts are about: whose gas the summary follows."""
    return list(dict.fromkeys(solution.system["contracts"].text["origin"])) or list(solution.system["origins"].ids)


def summary(solution: Solution, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """`figure`, `value`, `unit`: objective; served and unserved by carrier; each followed origin by region; where it was full."""
    objective = pd.DataFrame({SCENARIO: [0], "figure": "objective", "value": solution.objective, "unit": "million USD"})
    if solution.program.first:
        objective = pd.concat([objective, _before(solution)], ignore_index=True)
    beyond = {"figure": "unserved beyond the least possible", "value": beyond_least_unserved(solution), "unit": "GWh"}
    whole = {name: tables[name].assign(scenario=0) for name in SUMMED}
    more = [pd.DataFrame({SCENARIO: [0], **beyond}), _built(tables["projects"])]
    return summaries(solution, objective, whole, more).drop(columns=SCENARIO)


def summaries(
    solution: Solution, objective: pd.DataFrame, tables: Mapping[str, pd.DataFrame], more: Sequence[pd.DataFrame] = ()
) -> pd.DataFrame:
    """The summary of each scenario from tables (`SUMMED`) that hold several, and from rows that are known already."""
    full = (
        tables["congestion"]
        .loc[lambda frame: frame["congestion_rent_musd"] > 0.0]
        .sort_values("congestion_rent_musd", ascending=False, kind="stable")
    )
    most = full.groupby(SCENARIO).head(MOST)
    rents = pd.DataFrame({
        SCENARIO: most[SCENARIO], "figure": "congestion rent " + most["name"], "value": most["congestion_rent_musd"], "unit": "million USD",
    })  # fmt: skip
    parts = [objective, _carriers(tables["balance"]), *more, _followed(solution, tables["deliveries"]), rents, _worths(most)]
    frame = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return ordered(frame, ["figure", "value", "unit"])


def _worths(lines: pd.DataFrame) -> pd.DataFrame:
    """What one more and one less unit a day over the year would save and cost at these lines, where it is known and proven."""
    known = lines.loc[lines["worth_proven"].astype(bool)].reset_index(drop=True)
    ways = {"worth_of_more_musd": "one more saves at ", "worth_of_less_musd": "one less costs at "}
    long = known.melt([SCENARIO, "name", "year", "unit"], list(ways), var_name="way", value_name="value", ignore_index=False)
    told = long.dropna(subset="value").sort_index(kind="stable")
    figure = told["way"].map(ways) + told["name"] + " in " + told["year"].astype(str)
    unit = "million USD per " + told["unit"] + "/d"
    return pd.DataFrame({SCENARIO: told[SCENARIO], "figure": figure, "value": told["value"].astype(float), "unit": unit})


def _built(projects: pd.DataFrame) -> pd.DataFrame:
    """What stands of each project in the last year, where anything does."""
    last = projects.loc[(projects["year"] == projects["year"].max()) & (projects["total"] > 0.0)] if len(projects) else projects
    return pd.DataFrame({SCENARIO: 0, "figure": "built " + last["name"].astype(str), "value": last["total"], "unit": last["unit"]})


def _before(solution: Solution) -> pd.DataFrame:
    """What was made least (or largest) before the cost."""
    origin = solution.system.objective.partition(":")[2]
    told = {
        "unserved": ("least unserved", 1.0, "GWh"), "curtailment": ("worst national curtailment", 100.0, "% of firm demand"),
        "income": (f"net income of {origin}", -1.0, "million USD"),
    }  # fmt: skip
    rows = [
        {SCENARIO: 0, "figure": told[name][0], "value": told[name][1] * float(weights @ solution.primal), "unit": told[name][2]}
        for name, weights in solution.program.first.items()
    ]
    return pd.DataFrame(rows, columns=[SCENARIO, "figure", "value", "unit"])


def _carriers(balance: pd.DataFrame) -> pd.DataFrame:
    """Served, unserved and burnt, by carrier."""
    columns = {"served": -1.0, "unserved": 1.0, "fuel_and_losses": -1.0}
    keys = [SCENARIO, "carrier", "unit"]
    sums = balance.loc[balance["per"] == "year"].groupby(keys, as_index=False, sort=True)[list(columns)].sum()
    long = sums.melt(keys, var_name="what", value_name="value")
    order = long["what"].map({name: k for k, name in enumerate(columns)})
    gas = long["unit"] == "mcm"
    value: pd.Series[float] = long["value"].astype(float) * long["what"].map(columns).astype(float) / np.where(gas, 1000.0, 1.0)
    figure = long["carrier"].str.cat(long["what"].str.replace("_", " "), sep=" ")
    frame = pd.DataFrame({SCENARIO: long[SCENARIO], "figure": figure, "value": value, "unit": gas.map({True: "bcm", False: "GWh"})})
    return frame.assign(carrier=long["carrier"], order=order).sort_values([SCENARIO, "carrier", "order"]).drop(columns=["carrier", "order"])


def _followed(solution: Solution, deliveries: pd.DataFrame) -> pd.DataFrame:
    """Each followed origin's gas by region, the most first."""
    countries, origins = solution.system["countries"], contract_origins(solution)
    region: Callable[[str], str] = lambda country: str(countries.of("region", country) or country)  # noqa: E731
    yearly = deliveries.loc[(deliveries["per"] == "year") & deliveries["bcm"].notna() & deliveries["origin"].isin(origins)]
    yearly = yearly.assign(region=yearly["country"].map(region), rank=yearly["origin"].map(origins.index))
    sums = yearly.groupby([SCENARIO, "rank", "origin", "region"], as_index=False, sort=False)[["bcm"]].sum()
    sums = sums.assign(less=-sums["bcm"]).sort_values([SCENARIO, "rank", "less"], kind="stable")
    figure = sums["origin"] + " gas to " + sums["region"]
    return pd.DataFrame({SCENARIO: sums[SCENARIO], "figure": figure, "value": sums["bcm"], "unit": "bcm"})
