"""Checks of a case on a package: its names, its changes, and what its days need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from energynet.components.catalogue import TABLES
from energynet.components.contract_tables import GAS_YEAR_FIRST_MONTH
from energynet.dataset.changes import Change
from energynet.dataset.inputs import Check, Flags, Inputs
from energynet.dataset.resolve import resolve
from energynet.dataset.structure import windows
from energynet.errors import Fault, InputFaults, nearest
from energynet.schema import Column
from energynet.units import UnitFault

Days = NDArray[np.datetime64]
DAY = np.timedelta64(1, "D")
LEAP_YEAR = np.timedelta64(366, "D")
PAID = ("money", "investment", "upkeep", "charge")
PRICED = ("supplies", "demand_blocks", "elasticities", "sale_prices", "contracts")  # tables whose rows may follow a price


def carriers_known(inputs: Inputs) -> Iterator[Fault]:
    """The carriers of a case are carriers of its data."""
    case = inputs.case
    if case is None:
        return
    known = list(inputs["carriers"]["id"])
    for at, carrier in enumerate(case.carriers or ()):
        if carrier not in known:
            message = f"is no carrier of {inputs.package.name}"
            yield case.place("carriers", at).fault(message, column="carriers", value=carrier, hint=nearest(carrier, known, 0.4))


def objective_fits(inputs: Inputs) -> Iterator[Fault]:
    """The origin whose income is made largest is one of the data, and what comes before the cost is met in one program."""
    case = inputs.case
    if case is None or case.objective == "cost":
        return
    place, origin = case.place("objective"), case.objective.partition(":")[2]
    known = list(inputs["origins"]["id"])
    if origin and origin not in known:
        message = f"there is no origin {origin} in {inputs.package.name}"
        yield place.fault(message, column="objective", value=case.objective, hint=nearest(origin, known, 0.3))
    for option, needed in (("contract_years", "separate"), ("years", "together")):
        if (chosen := getattr(case.options, option)) != needed:
            yield place.fault(f"is met in one program: it cannot be with {option}: {chosen}", column="objective", value=case.objective)
    if origin and case.origins == "single":
        yield place.fault("is of one origin, and origins: single keeps none apart", column="objective", value=case.objective)


def changes_fit(inputs: Inputs) -> Iterator[Fault]:
    """Every change of a case and of its scenarios matches something, in a unit that fits, and touches what is solved. One that is inherited
    from a model of other years may touch nothing here.
    """
    if inputs.case is None:
        return
    changes: list[Change] = [*inputs.case.changes]
    for more in inputs.case.scenarios.values():
        changes += more
    for change in changes:
        try:
            resolve(change, inputs.package, inputs.case if Path(change.place.file) == inputs.case.path else None)
        except InputFaults as error:
            yield from error.faults


def projects_known(inputs: Inputs) -> Iterator[Fault]:
    """Each project that a case names is one of its data."""
    case, known = inputs.case, list(inputs["projects"]["id"])
    for at, pattern in enumerate(case.projects if case is not None else ()):
        if case is not None and not any(fnmatchcase(key, pattern) for key in known):
            message = f"matches no project of {inputs.package.name}"
            yield case.place("projects", at).fault(message, column="projects", value=pattern, hint=nearest(pattern, known, 0.4))


def years_can_be_weighed(inputs: Inputs) -> Iterator[Fault]:
    """Over more than one year money needs a discount rate, and years solved one after the other need stocks where they meet."""
    case = inputs.case
    if case is None or inputs.horizon is None:
        return
    first, last = inputs.horizon
    if last - first >= LEAP_YEAR and case.options.discount_rate is None:
        message = "is missing: over more than one year money is discounted at a rate that the model says (0: not at all)"
        yield case.place("options", "discount_rate").fault(message, column="options.discount_rate")
    for option, chosen in (("years", "rolled"), ("contract_years", "rolling")):
        if getattr(case.options, option) == chosen and case.options.storage_end == "cyclic" and len(inputs["storages"]):
            message = f"does not go with {option}: {chosen}, which solves each year by itself"
            yield case.place("options", "storage_end").fault(message, column="options.storage_end", value="cyclic", hint="yearly")


def prices_cover(inputs: Inputs) -> Iterator[Fault]:
    """The prices and the exchange rates that are used have a value on every day solved on which they are used."""
    if inputs.horizon is None:
        return
    first, last = inputs.horizon
    used: dict[str, list[tuple[np.datetime64, np.datetime64]]] = {}
    currencies: set[str] = set()
    for name, table in TABLES.items():
        frame, mine = inputs[name], _of_case(inputs, name) & inputs.valid(name, first, last)
        if name in PRICED:
            begin, end = windows(frame)
            for at in np.flatnonzero(mine & (frame["price_factor"].to_numpy() != 0.0) & (frame["price"].to_numpy() != "")).tolist():
                used.setdefault(str(frame["price"].iat[at]), []).append((max(begin[at], first), min(end[at], last)))
        if name == "prices":
            continue
        for column in table.columns:
            if column.dimension in PAID and column.unit:
                currencies |= _currencies(inputs, name, column, mine)
    priced = np.isin(inputs["prices"]["id"].to_numpy(), list(used)) & inputs.valid("prices", first, last)
    currencies |= _currencies(inputs, "prices", TABLES["prices"].column("value"), priced)
    yield from _gaps(inputs, "prices", used)
    yield from _gaps(inputs, "exchange_rates", {currency: [(first, last)] for currency in currencies - {"USD"}})


def stocks_given(inputs: Inputs) -> Iterator[Fault]:
    """The stock of every storage is known at the beginning of the horizon; where the case asks for closing stocks, also after its last day
    and after each year that is solved by itself.
    """
    if inputs.case is None or inputs.horizon is None or inputs.case.options.storage_end in ("cyclic", "yearly"):
        return
    first, last = inputs.horizon
    stocks = inputs["storage_stocks"]
    asked = [(first, first, "opening")]
    if inputs.case.options.storage_end == "stocks":
        asked += [(day - DAY, day, "closing") for day in _years_end(inputs, first, last)]
        asked.append((last, last + DAY, "closing"))
    for held, day, what in asked:
        known = set(stocks["storage"][stocks["date"].to_numpy().astype("datetime64[D]") == day])
        needs = inputs.valid("storages", held, held) & _of_case(inputs, "storages")
        if inputs.case.horizon.days == "representative":
            needs &= inputs["storages"]["cycle"].to_numpy() != "day"
        missing = np.flatnonzero(needs & ~inputs["storages"]["id"].isin(known).to_numpy())
        yield from inputs.faults("storages", missing, "id", f"has no {what} stock: storage_stocks lacks {day}")


def _years_end(inputs: Inputs, first: np.datetime64, last: np.datetime64) -> list[np.datetime64]:
    """The days inside the horizon on which something ends that is solved by itself: what begins with a calendar year, or with the year of a
    contract, ends when all years that are then open have ended.
    """
    case, months = inputs.case, set[int]()
    if case is None:
        return []
    if case.options.years == "rolled":
        months.add(1)
    if case.options.contract_years == "rolling":
        kinds = inputs["contracts"]["contract_year"].to_numpy()[inputs.valid("contracts", first, last) & _of_case(inputs, "contracts")]
        months |= {GAS_YEAR_FIRST_MONTH if kind == "gas" and case.horizon.step != "year" else 1 for kind in kinds}
    years = range(case.horizon.start.year, case.horizon.end.year + 2)
    starts = [[np.datetime64(f"{year}-{month:02d}-01", "D") for year in years] for month in months]
    begun = {first, *(day for days in starts for day in days if first < day <= last)} if starts else set()
    ends = {max(min((day for day in days if day > begin), default=last + DAY) for days in starts) for begin in begun}
    return sorted(day for day in ends if day <= last)


def stocks_used(inputs: Inputs) -> Iterator[Fault]:
    """A stock at the beginning of the horizon is one from which the case starts."""
    if inputs.case is None or inputs.horizon is None:
        return
    rule, stocks = inputs.case.options.storage_end, inputs["storage_stocks"]
    begins = stocks["date"].to_numpy().astype("datetime64[D]") == inputs.horizon[0]
    if rule in ("cyclic", "yearly"):
        message = f"is a stock at the beginning of the days solved, from which nothing starts with storage_end: {rule}"
        yield from inputs.faults("storage_stocks", np.flatnonzero(begins & _of_case(inputs, "storage_stocks")), "date", message)


def _of_case(inputs: Inputs, table: str) -> Flags:
    """Which rows are of a carrier of the case (n,); those of no carrier are."""
    chosen = inputs.case.carriers if inputs.case is not None else None
    if chosen is None:
        return np.ones(len(inputs[table]), dtype=bool)
    return np.array([carrier in ("", *chosen) for carrier in inputs.carriers.by_row(table)], dtype=bool)


def _currencies(inputs: Inputs, table: str, column: Column, mine: Flags) -> set[str]:
    """Currencies of the numbers other than nothing and zero in those rows."""
    frame = inputs[table]
    number = frame[column.name].to_numpy()
    chosen = mine & ~np.isnan(number) & (number != 0.0)
    carriers = np.array(inputs.carriers.by_row(table), dtype=object)
    found = set()
    for text, carrier in set(zip(frame[column.unit or ""].to_numpy()[chosen], carriers[chosen], strict=True)):
        try:
            found.add(inputs.package.units.parse(text, column.dimension, carrier).currency or "USD")
        except UnitFault:
            continue
    return found


def _gaps(inputs: Inputs, table: str, used: Mapping[str, list[tuple[np.datetime64, np.datetime64]]]) -> Iterator[Fault]:
    """A fault for the first days on which a record is used, inside the horizon, and has no row."""
    begin, end = windows(inputs[table])
    ids = inputs[table]["id"].to_numpy()
    for key in sorted(used):
        mine = np.flatnonzero(ids == key)
        mine = mine[np.argsort(begin[mine])]
        found = (_first_gap(begin[mine], end[mine], *days) for days in sorted(used[key]))
        gap = next((days for days in found if days is not None), None)
        if len(mine) and gap is not None:
            message = f"has no value from {gap[0]} to {gap[1]}, inside the horizon"
            yield from inputs.faults(table, mine[-1:], "id", message)


def _first_gap(begin: Days, end: Days, first: np.datetime64, last: np.datetime64) -> tuple[np.datetime64, np.datetime64] | None:
    """The first days from `first` to `last` that no window covers; the windows by their beginning."""
    day = first
    for start, stop in zip(begin, end, strict=True):
        if start > day:
            break
        day = max(day, stop + DAY if stop < last else last + DAY)
    after = begin[begin > day]
    return (day, min(last, after.min() - DAY) if len(after) else last) if day <= last else None


CASE_CHECKS = (
    Check("carriers-known", "error", "the carriers of a model are carriers of its data", carriers_known, of_case=True),
    Check("objective-fits", "error", "an objective names an origin of the data, and is met in one program", objective_fits, of_case=True),
    Check("changes-fit", "error", "every change matches something, in a unit that fits", changes_fit, of_case=True),
    Check("projects-known", "error", "the projects that a model names are in its data", projects_known, of_case=True),
    Check("years-can-be-weighed", "error", "several years have a discount rate", years_can_be_weighed, of_case=True),
    Check(
        "prices-cover", "error", "prices and exchange rates have a value on every day solved", prices_cover, of_case=True,
        given=frozenset(
            (table.name, column.name)
            for table in TABLES.values()
            for column in table.columns
            if column.dimension in PAID or (column.name == "price_factor" and table.name in PRICED)
        ),
    ),
    Check("stocks-used", "error", "a stock at the beginning of the days solved is one from which they start", stocks_used, of_case=True),
    Check("stocks-given", "error", "stocks are known at both ends of the days solved", stocks_given, of_case=True),
)  # fmt: skip
