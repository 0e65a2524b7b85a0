"""Storages, contracts and costs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from energynet.components.contract import point_of
from energynet.results.frames import by_period, carrier_of, clean, summed, unit_of, volumes
from energynet.results.projects import capacity as capacity_of
from energynet.solution import Solution
from energynet.system.banks import Bank, first_year, terms_of

OPTIMALITY, PHYSICAL = "optimality", "physical"
CERTIFICATE = ["section", "check", "carrier", "worst", "where", "unit", "tolerance", "holds", "volume", "lost", "musd"]


def storage(solution: Solution) -> pd.DataFrame:
    """One row a storage and period: stock at the end, injection and withdrawal (volumes), fill (share of the working volume)."""
    system = solution.system
    pairs = [key[0] for key in solution.keys("inventory")]
    named, stock = summed(clean(solution.values("inventory")), pairs)
    ids = [str(key) for key in named]
    _, injected = summed(volumes(solution, "inject"), pairs)
    _, withdrawn = summed(volumes(solution, "withdraw"), pairs)
    storages = system["storages"]
    working = capacity_of(solution, "storage", "storages", "working_volume", "volume")[:, [storages.position[s] for s in ids]]
    with np.errstate(invalid="ignore", divide="ignore"):
        fill = np.where(working > 0.0, stock / working, 0.0)
    keys = {
        "storage": ids,
        "name": [storages.of("name", s) for s in ids],
        "node": [storages.of("node", s) for s in ids],
        "unit": [unit_of(system, carrier_of(system, "storages", s)) for s in ids],
    }
    return by_period(system, keys, {"inventory": stock, "injection": injected, "withdrawal": withdrawn, "fill": fill})


CONTRACTS = [
    "contract", "contract_year", "name", "seller", "buyer", "delivery_point", "annual_quantity", "take_or_pay", "delivered", "make_up",
    "make_up_bank", "carry_forward", "not_taken", "unit",
]  # fmt: skip


def contracts(solution: Solution) -> pd.DataFrame:
    """One row a contract and contract year, in units: quantity and take-or-pay of the part inside the horizon, delivered, of it make-up,
    paid and not taken; and the banks at the end of the year, as far as they can still be used.
    """
    system, banks = solution.system, dict[str, Bank]()
    table, days = system["contracts"], system["period"].number["days_weighted"][:, 0]
    delivered = volumes(solution, "delivered")
    place = {key[0]: k for k, key in enumerate(solution.keys("delivered"))}
    missed = dict(zip(solution.keys("not_taken"), clean(solution.values("not_taken")).ravel().tolist(), strict=True))
    taken = dict(zip(solution.keys("make_up"), clean(solution.values("make_up")).ravel().tolist(), strict=True))
    rows = []
    for contract, year in solution.keys("not_taken"):
        labels, group = system.horizon.groups[table.of("contract_year", contract)]
        inside = group == labels.index(year)
        terms = terms_of(table, contract, inside, days)
        volume, made_up = float(delivered[inside, place[contract]].sum()), taken.get((contract, year), 0.0)
        bank = banks.get(contract, Bank()).after(first_year(year), terms, volume, missed[contract, year], made_up)
        banks[contract] = bank
        about = {name: table.of(name, contract) for name in ("name", "seller", "buyer")}
        figures = {
            "annual_quantity": terms.quantity, "take_or_pay": terms.minimum, "delivered": volume, "make_up": made_up,
            "make_up_bank": sum(units for _, units in bank.make_up), "carry_forward": sum(units for _, units in bank.credit),
            "not_taken": missed[contract, year], "unit": unit_of(system, carrier_of(system, "contracts", contract)),
        }  # fmt: skip
        rows.append({"contract": contract, "contract_year": year, **about, "delivery_point": point_of(system, contract)[1], **figures})
    return pd.DataFrame(rows, columns=CONTRACTS)


def costs(solution: Solution) -> pd.DataFrame:
    """One row a component and item, million USD; adds up to the objective."""
    rows = [
        {"component": item.component, "item": item.item, "musd": float(item.value @ solution.primal[item.index]) + item.constant}
        for item in solution.program.costs
    ]
    return pd.DataFrame(rows, columns=["component", "item", "musd"])


def certificate(solution: Solution) -> pd.DataFrame:
    """One row a check (section `optimality`): its worst figure, where, its unit and tolerance, and whether it holds. One row for each kind
    of flow that physics does not know and each carrier (section `physical`): its worst place and period, and over all of them `volume`,
    what was `lost` by it and its worth.
    """
    rows = [
        (OPTIMALITY, one.name, "", one.worst, one.where, one.unit, one.tolerance, one.holds, np.nan, np.nan, np.nan)
        for one in solution.certificate.checks
    ]
    rows += [
        (PHYSICAL, one.name, one.carrier, one.worst, one.where, one.unit, 0.0, one.volume == 0.0, one.volume, one.lost, one.musd)
        for one in solution.certificate.physical
    ]
    return pd.DataFrame(rows, columns=CERTIFICATE)
