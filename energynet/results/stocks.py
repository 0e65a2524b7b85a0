"""Storages, contracts and costs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from energynet.components.contract import point_of
from energynet.results.frames import by_period, carrier_of, clean, summed, unit_of, volumes
from energynet.solution import Solution


def storage(solution: Solution) -> pd.DataFrame:
    """One row a storage and period: stock at the end, injection and withdrawal (volumes), fill (share of the working volume)."""
    system = solution.system
    pairs = [key[0] for key in solution.keys("inventory")]
    named, stock = summed(clean(solution.values("inventory")), pairs)
    ids = [str(key) for key in named]
    _, injected = summed(volumes(solution, "inject"), pairs)
    _, withdrawn = summed(volumes(solution, "withdraw"), pairs)
    storages = system["storages"]
    working = storages.number["working_volume"][:, [storages.position[s] for s in ids]]
    with np.errstate(invalid="ignore", divide="ignore"):
        fill = np.where(working > 0.0, stock / working, 0.0)
    keys = {
        "storage": ids,
        "name": [storages.of("name", s) for s in ids],
        "node": [storages.of("node", s) for s in ids],
        "unit": [unit_of(system, carrier_of(system, "storages", s)) for s in ids],
    }
    return by_period(system, keys, {"inventory": stock, "injection": injected, "withdrawal": withdrawn, "fill": fill})


def contracts(solution: Solution) -> pd.DataFrame:
    """One row a contract and contract year, in units: quantity and take-or-pay of the part inside the horizon, delivered, paid, not taken.

    A contract year stands by itself: nothing is banked from year to year, so `make_up_bank` and `carry_forward` are zero.
    """
    system = solution.system
    table = system["contracts"]
    delivered = volumes(solution, "delivered")
    place = {key[0]: k for k, key in enumerate(solution.keys("delivered"))}
    missed = solution.values("not_taken")
    days = system["period"].number["days_weighted"][:, 0]
    rows = []
    for k, (contract, year) in enumerate(solution.keys("not_taken")):
        kind = table.of("contract_year", contract)
        labels, group = system.horizon.groups[kind]
        inside = group == labels.index(year)
        position = table.position[contract]
        quantity = float((table.number["annual_quantity"][:, position] * days)[inside].sum())
        share = float(table.number["take_or_pay"][inside, position].mean())
        carrier = carrier_of(system, "contracts", contract)
        rows.append(
            {
                "contract": contract,
                "contract_year": year,
                "name": table.of("name", contract),
                "seller": table.of("seller", contract),
                "buyer": table.of("buyer", contract),
                "delivery_point": point_of(system, contract)[1],
                "annual_quantity": quantity,
                "take_or_pay": share * quantity,
                "delivered": float(delivered[inside, place[contract]].sum()),
                "make_up_bank": 0.0,
                "carry_forward": 0.0,
                "not_taken": float(clean(missed[k : k + 1])[0]),
                "unit": unit_of(system, carrier),
            }
        )
    columns = [
        "contract",
        "contract_year",
        "name",
        "seller",
        "buyer",
        "delivery_point",
        "annual_quantity",
        "take_or_pay",
        "delivered",
        "make_up_bank",
        "carry_forward",
        "not_taken",
        "unit",
    ]
    return pd.DataFrame(rows, columns=columns)


def costs(solution: Solution) -> pd.DataFrame:
    """One row a component and item, million USD; adds up to the objective."""
    rows = [
        {"component": item.component, "item": item.item, "musd": float(item.value @ solution.primal[item.index]) + item.constant}
        for item in solution.program.costs
    ]
    return pd.DataFrame(rows, columns=["component", "item", "musd"])


def certificate(solution: Solution) -> pd.DataFrame:
    """One row a check: its worst figure, where, its unit and tolerance, and whether it holds."""
    rows = [
        {"check": one.name, "worst": one.worst, "where": one.where, "unit": one.unit, "tolerance": one.tolerance, "holds": one.holds}
        for one in solution.certificate.checks
    ]
    return pd.DataFrame(rows, columns=["check", "worst", "where", "unit", "tolerance", "holds"])
