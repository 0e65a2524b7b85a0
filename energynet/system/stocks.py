"""Whether every closing stock can be there: some supply or opening stock of its origin must reach its storage."""

from __future__ import annotations

from energynet.dataset.package import Package
from energynet.errors import Fault, InputFaults
from energynet.system.system import System


def check_stocks(system: System, package: Package) -> None:
    """Raise InputFaults with one fault a closing stock whose origin nothing brings to its storage."""
    rows, there = package["storage_stocks"], set(system.pairs.storages)
    closing, end = system["closing_stocks"], system.horizon.covers_to[-1].astype("datetime64[D]")
    faults = []
    for key, k in closing.position.items():
        storage, origin = key.split("/")
        if closing.number["stock"][:, k].any() and (storage, origin) not in there:
            asked = (rows["storage"] == storage) & (rows["date"] == end) & (rows["origin"].isin([origin]) | origin.startswith("any_"))
            row = int(rows.loc[asked, "row"].iloc[0])
            message = f"a closing stock of this origin cannot be in {storage}: nothing brings it there in this case"
            file = package.files.get("storage_stocks", "storage_stocks")
            faults.append(Fault(file, message, row=row, column="origin", value=origin, check="closing_stock"))
    if faults:
        raise InputFaults(faults)
