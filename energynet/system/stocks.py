"""What must hold of storages: every closing stock can be there, and a storage of hours says over which cycle it is filled and emptied."""

from __future__ import annotations

import numpy as np

from energynet.dataset.package import Package
from energynet.errors import Fault, InputFaults
from energynet.system.system import System

SHORT = 2.0  # days


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


def check_cycles(system: System, package: Package) -> None:
    """Raise InputFaults with one fault a storage of hours that does not say its `cycle`, where one day stands for its month.

    A storage that its rates fill or empty in less than `SHORT` days moves energy within a day. Taken through the seasons, its volume
    would serve one of the days that a representative day stands for.
    """
    if not system.horizon.representative:
        return
    storages, rows = system["storages"], package["storages"]
    volume = storages.number["most_working_volume"]
    rate = np.maximum(storages.number["most_injection"], storages.number["withdrawal"])
    short = np.any((volume > 0.0) & (volume < SHORT * rate), axis=0)
    unsaid = np.array([cycle == "" for cycle in storages.text["cycle"]], dtype=bool)
    faults = []
    for k in np.flatnonzero(short & unsaid).tolist():
        hours = 24.0 * float(np.min((volume[:, k] / rate[:, k])[rate[:, k] > 0.0]))
        message = (
            f"is empty: over representative days {storages.ids[k]}, which is filled or emptied in {hours:g} hours, must say whether its "
            "stock returns each day to where it began (day) or goes through the year (season)"
        )
        row = int(rows.loc[rows["id"] == storages.ids[k], "row"].iloc[0])
        faults.append(package.fault("storages", row, message, column="cycle"))
    if faults:
        raise InputFaults(faults)
