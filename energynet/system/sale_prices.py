"""Whether everything that a seller could sell has a price: what the objective `income:ORIGIN` needs."""

from __future__ import annotations

import numpy as np

from energynet.components.contract import active
from energynet.components.priority import earner, market_of
from energynet.dataset.package import Package
from energynet.errors import Fault, InputFaults
from energynet.system.system import System


def check_sale_prices(system: System, package: Package) -> None:
    """Raise InputFaults with a fault for a demand that could take the seller's gas at no known price, or a contract without a market."""
    origin, prices, faults = earner(system), system["sale_prices"], list[Fault]()
    file = package.files.get("sale_prices", "sale_prices")
    for demand in [d for d, of in system.pairs.demands if origin and of == origin]:
        there = system["demands"].present[:, system["demands"].position[demand]] > 0.0
        priced = prices.present[:, prices.position[demand]] if demand in prices.position else np.zeros(len(there))
        if (priced[there] < 1.0).any():
            message = f"has no price at which {origin} is sold in every period: the objective needs one"
            faults.append(Fault(file, message, column="demand", value=demand, check="sale_price"))
    for contract in active(system):
        if origin and system["contracts"].of("origin", contract) == origin and not market_of(system, contract):
            rows = package["contracts"]
            message = "its buyer's country has no demand, or several, with a sale price: what its gas would fetch is not known"
            file, row = package.files.get("contracts", "contracts"), int(rows.loc[rows["id"] == contract, "row"].iloc[0])
            faults.append(Fault(file, message, row=row, column="buyer", value=contract, check="sale_price"))
    if faults:
        raise InputFaults(faults)
