"""Ceilings and floors: what was counted, what bound it, and what one more unit would be worth."""

from __future__ import annotations

import numpy as np
import pandas as pd

from energynet.recheck.stocks import counted_by
from energynet.recheck.values import Values
from energynet.results.frames import clean
from energynet.solution import Solution

COLUMNS = ["ceiling", "name", "year", "sense", "counted", "quantity", "missed", "unit", "charge_musd", "usd_per_unit"]
MILLION = 1e6


def ceilings(solution: Solution) -> pd.DataFrame:
    """One row a ceiling or floor and year inside the horizon: what it counts, its bound (of the part inside; empty where it only charges),
    what misses it, the charge, and `usd_per_unit`: what one more unit of the bound would save (a ceiling) or cost (a floor).
    """
    system, program = solution.system, solution.program
    table, values = system["ceilings"], Values(system, program, solution.primal)
    place = {key: k for k, key in enumerate(solution.row_keys("ceiling"))}
    dual, family = solution.duals("ceiling"), next((f for f in program.rows if f.name == "ceiling"), None)
    first = program.family_slice(family)[0] if family else 0
    rows = []
    for ceiling in table:
        whole = counted_by(values, ceiling) * values.weighted
        counted = whole * values.data("ceilings", "valid", ceiling)
        paid = values.data("ceilings", "charged", ceiling) * whole * values.discount / MILLION
        at_most = table.of("sense", ceiling) == "at_most"
        for year, inside in values.years(table.of("year", ceiling)):
            k = place.get((ceiling, year))
            if k is None and not paid[inside].any():
                continue
            bound = np.nan if k is None else float((program.row_upper if at_most else program.row_lower)[first + k])
            rows.append({
                "ceiling": ceiling, "name": table.of("name", ceiling), "year": year, "sense": table.of("sense", ceiling),
                "counted": float(clean(counted[inside].sum())), "quantity": bound, "missed": values.of_year("missed", ceiling, year),
                "unit": table.of("unit", ceiling), "charge_musd": float(paid[inside].sum()),
                "usd_per_unit": 0.0 if k is None else float(clean(np.abs(dual[k]) * MILLION)),
            })  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)
