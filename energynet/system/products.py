"""What the program needs of two or more numbers that may change: worked out in each stretch, before any mean is taken."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from energynet.components.arc import netting_lines
from energynet.system.derive import MONEY
from energynet.system.horizon import Floats, Horizon
from energynet.system.records import Records

AVAILABLE = {  # table: rates that are there by their availability, and the name of what is there of each
    "arcs": {"capacity": "available", "minimum": "available_minimum", "most_capacity": "most_available"},
    "corridors": {"capacity": "available"},
    "supplies": {"maximum": "available", "minimum": "available_minimum", "most_maximum": "most_available"},
    "converters": {"capacity": "available", "minimum": "available_minimum", "most_capacity": "most_available"},
    "storages": {"injection": "available_injection", "withdrawal": "available_withdrawal", "most_injection": "most_available"},
}
OF_QUANTITY = {
    "take_or_pay": "annual_least", "annual_maximum": "annual_most", "daily_minimum": "daily_least", "daily_maximum": "daily_most",
    "carry_forward_limit": "most_credit",
}  # fmt: skip
RATES = ("injection", "withdrawal")


def product(one: Floats, other: Floats) -> Floats:
    """The product; the first itself where the other is 1 throughout or one is 0, so that no array is held twice."""
    return one if (other == 1.0).all() or not one.any() else one * other


def derive_products(records: Mapping[str, Records], horizon: Horizon) -> None:
    """All of them, in place, in each stretch of `horizon`.

    `available` is a rate times its availability, `available_share` the availability on the days on which a record is valid. `permitted` is
    what an origin may use of an arc or a demand take of it, NaN where it is free.
    """
    for table, columns in AVAILABLE.items():
        held = records[table].number
        for column, name in columns.items():
            held[name] = product(held[column], held["availability"])
        held["available_share"] = product(held["availability"], records[table].present)
    _of_blocks(records)
    _of_steps(records)
    _of_permissions(records)
    _of_storages(records)
    _of_contracts(records)
    _of_horizon(records, horizon)


def _of_blocks(records: Mapping[str, Records]) -> None:
    """A block buys on the days on which its demand is there: `width` (units/d), in place."""
    blocks, demands = records["demand_blocks"], records["demands"]
    of = [demands.position[demand] for demand in blocks.text["demand"]]
    blocks.number["width"] = product(blocks.number["width"], demands.present[:, of])


def _of_steps(records: Mapping[str, Records]) -> None:
    """Of each step of a supply: `width` (units/d), and `available_share`."""
    steps, supplies = records["supply_steps"], records["supplies"]
    of = [supplies.position[supply] for supply in steps.text["supply"]]
    share = steps.number["share"] * steps.present
    steps.number["width"] = share * supplies.number["available"][:, of]
    steps.number["available_share"] = share * supplies.number["available_share"][:, of]


def _of_permissions(records: Mapping[str, Records]) -> None:
    demands, blocks = records["demands"], records["demand_blocks"]
    asked = demands.number["quantity"].copy()
    np.add.at(asked.T, [demands.position[demand] for demand in blocks.text["demand"]], blocks.number["width"].T)
    most = {"arc_origins": (records["arcs"], _of_both_ways(records)), "demand_origins": (demands, asked)}
    for name, (table, whole) in most.items():
        allowed = records[name].number["allowed"]
        permitted = np.full_like(allowed, np.nan)
        for k in np.flatnonzero((allowed < 1.0).any(axis=0)).tolist():
            permitted[:, k] = allowed[:, k] * whole[:, table.position[records[name].ids[k].split("/")[0]]]
        records[name].number["permitted"] = permitted
    of = [records["arcs"].position[key.split("/")[0]] for key in records["arc_origins"]]
    arcs, corridors = records["arc_origins"].number, records["corridors"].number
    arcs["permitted_share"] = product(records["arcs"].number["available_share"][:, of], arcs["allowed"])
    corridors["backward_share"] = product(corridors["available_share"], corridors["ratio"])


def _of_both_ways(records: Mapping[str, Records]) -> Floats:
    """The most that an origin could use of each arc (T, n): its capacity, and on a netted line that of the opposite direction too."""
    arcs = records["arcs"]
    alone, most = arcs.number["most_available"], arcs.number["most_available"].copy()
    for line in netting_lines(records):
        one, other = (arcs.position[arc] for arc in line)
        most[:, one] += alone[:, other]
        most[:, other] += alone[:, one]
    return most


def _of_storages(records: Mapping[str, Records]) -> None:
    """`injection_per_volume`: the rate that is there over the working volume, a day; and what projects add to rates that are there."""
    storages, expansions = records["storages"], records["expansions"]
    number, volume = storages.number, storages.number["working_volume"]
    number["inflow_given"] = product(number["inflow"], number["withdrawal_efficiency"])
    for rate in RATES:
        with np.errstate(divide="ignore", invalid="ignore"):
            number[f"{rate}_per_volume"] = np.where(volume > 0.0, number[f"available_{rate}"] / volume, 0.0)
        there = expansions.number[rate].copy()
        for key, k in expansions.position.items():
            _, component, target = key.split("/")
            if component == "storage":
                there[:, k] *= number["available_share"][:, storages.position[target]]
        expansions.number[f"available_{rate}"] = there


def _of_contracts(records: Mapping[str, Records]) -> None:
    """What shares of the annual quantity are, units a day."""
    number = records["contracts"].number
    for share, name in OF_QUANTITY.items():
        number[name] = number["annual_quantity"] * number[share]
    number["daily_most"] = np.where(records["contracts"].present > 0.0, number["daily_most"], 0.0)  # nothing outside of its window


def _of_horizon(records: Mapping[str, Records], horizon: Horizon) -> None:
    """What rows and costs of the horizon are made of, with the discount of each day.

    `annual_price` of a contract and `missed_cost` of a ceiling: million USD a unit. `bound` of a ceiling: its quantity by the days of its
    own year; `valid`, whether it counts. Of a capacity product: `for_sale`, the most on the days on which it is valid; `valid`, whether
    it is; and what one unit of it costs a day, `daily_charge` (USD/tcm or USD/MWh x units/d) and discounted, `paid` (million USD).
    """
    contracts, ceilings, products = records["contracts"], records["ceilings"], records["capacity_products"]
    thousandth = records["period"].number["thousandth"]
    contracts.number["annual_price"] = contracts.number["contract_price"] * thousandth
    number = ceilings.number
    number["charged"] = product(number["charge"], ceilings.present)
    number["valid"] = ceilings.present
    number["missed_cost"] = number["penalty"] * thousandth * MONEY
    of_gas_year = np.array([kind == "gas" for kind in ceilings.text["year"]], dtype=bool)
    length = np.where(of_gas_year, horizon.days_of_gas_year[:, None], horizon.days_of_year[:, None])
    number["bound"] = number["quantity"] * ceilings.present / length
    number = products.number
    number["for_sale"], number["valid"] = number["maximum"], products.present
    number["price"] = number["charge"] * number["multiplier"]
    number["daily_charge"] = product(number["price"], products.present)
    number["paid"] = number["daily_charge"] * thousandth
