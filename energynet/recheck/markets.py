"""Supplies, demands and contracts, re-evaluated."""

from __future__ import annotations

import numpy as np

from energynet.components.contract import active, point_of
from energynet.recheck.projects import grown
from energynet.recheck.values import Floats, Rows, Values, above, over


def supplies(values: Values) -> Rows:
    """Steps, minimum, annual limits and swing."""
    table, curve = values.system["supplies"], values.system["supply_steps"]
    by_supply: dict[str, list[tuple[str, ...]]] = {}
    for key in values.keys("supply"):
        by_supply.setdefault(key[0], []).append(key)
    rows: Rows = []
    for supply, keys in by_supply.items():
        added, whole = grown(values, "supply", supply), values.sum("supply", keys)
        for _, step in keys:
            stepped = f"{supply}/{step}" in curve.position
            at = ("supply_steps", "width", f"{supply}/{step}") if stepped else ("supplies", "available", supply)
            most = values.data(*at) + added * values.data(at[0], "available_share", at[2])
            rows.append((f"supply[{supply},{step}]", above(values.of("supply", supply, step), most)))
        rows.append((f"supply_minimum[{supply}]", above(values.data("supplies", "available_minimum", supply), whole)))
        present = table.present[:, table.position[supply]] > 0.0
        for year, inside in values.years("calendar"):
            total = (whole * values.weighted)[inside].sum(axis=0)
            for column, sign in (("annual_maximum", 1.0), ("annual_minimum", -1.0)):
                limit = values.data("supplies", column, supply)
                if (inside & present).any():
                    beside = added if column == "annual_maximum" else 0.0
                    bound = ((np.nan_to_num(limit) + beside) * values.weighted)[inside].sum(axis=0)
                    limited = ~np.isnan(limit[inside & present]).any(axis=0)
                    rows.append((f"{column}[{supply},{year}]", over(np.where(limited, sign * (total - bound), 0.0))))
            swing = values.data("supplies", "swing", supply)
            mean = total / values.weighted[inside].sum(axis=0)
            rows.append((f"swing[{supply},{year}]", above(whole[inside], swing[inside] * mean)))
    return rows


def demands(values: Values) -> Rows:
    """Firm demand met or cut within its tiers; taken by origin; blocks; permissions."""
    system, rows = values.system, list[tuple[str, Floats]]()
    for (demand,) in values.keys("served"):
        quantity = values.data("demands", "quantity", demand)
        tiers = [key for key in values.keys("unserved") if key[0] == demand]
        blocks = [key for key in values.keys("bought") if key[0] == demand]
        met = values.of("served", demand) + values.sum("unserved", tiers)
        used = values.of("served", demand) + values.sum("bought", blocks)
        origins = [key for key in values.keys("taken") if key[0] == demand]
        rows.append((f"demand[{demand}]", np.abs(met - quantity)))
        rows.append((f"taken[{demand}]", np.abs(values.sum("taken", origins) - used)))
        for key in tiers:
            share = 0.0 if system.forbid_unserved else values.data("demand_tiers", "share", "/".join(key))
            rows.append((f"unserved[{','.join(key)}]", above(values.of("unserved", *key), share * quantity)))
        for key in blocks:
            rows.append(
                (f"bought[{','.join(key)}]", above(values.of("bought", *key), values.data("demand_blocks", "width", "/".join(key))))
            )
        for key in origins:
            permitted = values.data("demand_origins", "permitted", "/".join(key))
            rows.append((f"permission[{','.join(key)}]", above(values.of("taken", *key), permitted)))
    return rows


def contracts(values: Values) -> Rows:
    """Delivery within what passes the point, daily and annual quantities, take-or-pay, and swaps."""
    system, rows = values.system, list[tuple[str, Floats]]()
    table = system["contracts"]
    points: dict[tuple[str, str, str], list[str]] = {}
    for contract in active(system):
        points.setdefault(point_of(system, contract), []).append(contract)
    for (kind, place, origin), members in points.items():
        passing = values.of("flow" if kind == "arc" else "taken", place, origin)
        rows.append((f"delivery[{place},{origin}]", above(values.sum("delivered", [(c,) for c in members]), passing)))
    for contract in active(system):
        delivered = values.of("delivered", contract)
        rows.append((f"daily_maximum[{contract}]", above(delivered, values.data("contracts", "daily_most", contract))))
        present = table.present[:, table.position[contract]]
        rows.append((f"not_valid[{contract}]", np.where(values.present("contracts", contract) > 0.0, 0.0, delivered)))
        least = values.data("contracts", "daily_least", contract)
        rows.append((f"daily_minimum[{contract}]", above(least, delivered + values.of("shortfall", contract))))
        for year, inside in values.years(table.of("contract_year", contract)):
            if not present[inside].any():
                continue
            total = (delivered * values.weighted)[inside].sum(axis=0)
            paid = values.of_year("not_taken", contract, year)
            made_up = values.of_year("make_up", contract, year)
            owed, most, credit, bank = (
                (values.data("contracts", column, contract) * values.weighted)[inside].sum(axis=0)
                for column in ("annual_least", "annual_most", "carry_forward", "make_up")
            )
            rows.append((f"annual_quantity[{contract},{year}]", over(total - most)))
            rows.append((f"take_or_pay[{contract},{year}]", over(owed - credit - total + made_up - paid)))
            if not system.foresight:
                rows.append((f"make_up[{contract},{year}]", over(made_up - bank)))
    for (swap,) in values.keys("swapped"):
        rows.append((f"swapped[{swap}]", above(values.of("swapped", swap), values.data("swaps", "maximum", swap))))
    return rows
