"""Every check of a data package and of a case on it: found all together, raised together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from energynet.dataset.case import Case, data_of, find_model, read_case
from energynet.dataset.case_checks import CASE_CHECKS
from energynet.dataset.changes import Change
from energynet.dataset.edit import edited, touched
from energynet.dataset.inputs import Check, Inputs
from energynet.dataset.network_checks import NETWORK_CHECKS
from energynet.dataset.package import Package, load_package
from energynet.dataset.period_checks import PERIOD_CHECKS
from energynet.dataset.relation_checks import RELATION_CHECKS
from energynet.dataset.select import selected
from energynet.dataset.value_checks import VALUE_CHECKS
from energynet.errors import Fault, InputFaults

OF_PACKAGE: tuple[Check, ...] = (*RELATION_CHECKS, *VALUE_CHECKS)
OF_NETWORK: tuple[Check, ...] = (*NETWORK_CHECKS, *CASE_CHECKS)  # asked of what the case takes of the package
CHECKS = (*OF_PACKAGE, *OF_NETWORK, *PERIOD_CHECKS)


def check(package: Package, case: Case | None = None) -> tuple[Fault, ...]:
    """Ask everything of a package, and of a case that is to be solved on it. Returns the warnings.

    Raises InputFaults with every error.
    """
    errors, warnings = findings(package, case)
    if errors:
        raise InputFaults(errors)
    return warnings


def findings(package: Package, case: Case | None = None) -> tuple[tuple[Fault, ...], tuple[Fault, ...]]:
    """The errors and the warnings of a package, and of a case on it."""
    told: dict[str, dict[Fault, None]] = {"error": {}, "warning": {}}
    with np.errstate(invalid="ignore"):  # cells that could not be read are NaN here, and told already
        for checks, inputs in ((OF_PACKAGE, Inputs(package, case)), (OF_NETWORK, Inputs(_of_case(package, case), case))):
            for one in checks:
                if case is not None or not one.of_case:
                    told[one.severity].update(dict.fromkeys(replace(fault, check=fault.check or one.id) for fault in one.find(inputs)))
    if case is not None and not told["error"]:
        for changes in (case.changes, *(case.scenario(name) for name in case.scenarios)):
            try:
                edited_and_checked(package, case, changes)
            except InputFaults as found:
                told["error"].update(dict.fromkeys(found.faults))
    if case is not None and not told["error"]:
        told["warning"].update(dict.fromkeys(warnings_of(package, case, case.changes)))
    return tuple(told["error"]), tuple(told["warning"])


def warnings_of(package: Package, case: Case, changes: Sequence[Change]) -> tuple[Fault, ...]:
    """What a user is told about a case with these changes, though it can be solved. Raises InputFaults as `edited_and_checked`."""
    changed = edited_and_checked(package, case, changes)
    inputs = Inputs(_of_case(changed, case), case)
    return tuple(replace(fault, check=one.id) for one in PERIOD_CHECKS for fault in one.find(inputs))


def edited_and_checked(package: Package, case: Case, changes: Sequence[Change]) -> Package:
    """The package with the changes made to its rows. Raises InputFaults where a number does not pass what it must pass in the data.

    Only what the changed numbers decide is asked again. Whether a supply reaches every demand is not: a change may cut somebody off.
    """
    days = np.datetime64(case.horizon.start, "D"), np.datetime64(case.horizon.end, "D")
    changed = edited(package, changes, days)
    there = set(touched(package, changed))
    moved = frozenset((change.table.name, change.column) for change in changes if change.table.name in there)
    given = frozenset(number for number in moved if _appears(package, changed, *number))
    faults: dict[Fault, None] = {}
    for checks, inputs in ((OF_PACKAGE, Inputs(changed, case)), (CASE_CHECKS, Inputs(_of_case(changed, case), case))):
        for one in checks:
            reads = (one.numbers & moved) | (one.given & given)
            by = "; ".join(dict.fromkeys(change.text for change in changes if (change.table.name, change.column) in reads))
            for fault in one.find(inputs) if reads else ():
                faults[replace(fault, check=fault.check or one.id, message=f"{fault.message} (by the change {by})")] = None
    if faults:
        raise InputFaults(faults)
    return changed


def _appears(package: Package, changed: Package, table: str, column: str) -> bool:
    """Whether a number that is empty or zero in the package is not so in the changed one."""
    before, after = (set(held[table]["row"][np.abs(held[table][column].to_numpy()) > 0.0]) for held in (package, changed))
    return not after <= before


def _of_case(package: Package, case: Case | None) -> Package:
    """The package with the carriers of the case only; whole where the case names none, or one that is not there."""
    if case is None or case.carriers is None or not set(case.carriers) <= set(package["carriers"]["id"]):
        return package
    return replace(package, tables=selected(package.tables, carriers=case.carriers))


def load_inputs(model: Path | str) -> tuple[Package, Case, tuple[Fault, ...]]:
    """The data package and the case of a model given by name or path, checked; and the warnings.

    Raises InputFaults with everything that is wrong in the model file and in the data.
    """
    file = find_model(model)
    case: Case | None = None
    faults: tuple[Fault, ...] = ()
    try:
        case = read_case(file)
    except InputFaults as error:
        faults = error.faults
    data = data_of(file) if case is None else case.data
    if data is None:
        raise InputFaults(faults)
    package, broken = load_package(data)
    errors, warnings = findings(package, case)
    faults = (*faults, *broken, *errors)
    if faults or case is None:
        raise InputFaults(dict.fromkeys(faults))
    return package, case, warnings
