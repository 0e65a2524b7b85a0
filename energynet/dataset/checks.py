"""Every check of a data package and of a case on it: found all together, raised together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from energynet.dataset.case import Case, data_of, find_model, read_case
from energynet.dataset.case_checks import CASE_CHECKS
from energynet.dataset.inputs import Check, Inputs
from energynet.dataset.network_checks import NETWORK_CHECKS
from energynet.dataset.package import Package, read_package
from energynet.dataset.relation_checks import RELATION_CHECKS
from energynet.dataset.value_checks import VALUE_CHECKS
from energynet.errors import Fault, InputFaults

CHECKS: tuple[Check, ...] = (*RELATION_CHECKS, *VALUE_CHECKS, *NETWORK_CHECKS, *CASE_CHECKS)


def check(package: Package, case: Case | None = None) -> tuple[Fault, ...]:
    """Ask everything of a package, and of a case that is to be solved on it. Returns the warnings.

    Raises InputFaults with every error.
    """
    errors, warnings = package_findings(package)
    if case is not None:
        of_case = _found(Inputs(package, case), (one for one in CHECKS if one.of_case))
        errors, warnings = (*errors, *of_case[0]), (*warnings, *of_case[1])
    if errors:
        raise InputFaults(dict.fromkeys(errors))
    return warnings


def package_findings(package: Package) -> tuple[tuple[Fault, ...], tuple[Fault, ...]]:
    """The errors and the warnings of a package by itself."""
    return _found(Inputs(package), (one for one in CHECKS if not one.of_case))


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
        data = data_of(file)
    else:
        data = case.data
    if data is None:
        raise InputFaults(faults)
    try:
        package = read_package(data)
        warnings = check(package, case)
    except InputFaults as error:
        raise InputFaults(dict.fromkeys([*faults, *error.faults])) from None
    if case is None:
        raise InputFaults(faults)
    return package, case, warnings


def _found(inputs: Inputs, checks: Iterable[Check]) -> tuple[tuple[Fault, ...], tuple[Fault, ...]]:
    errors: list[Fault] = []
    warnings: list[Fault] = []
    for one in checks:
        (errors if one.severity == "error" else warnings).extend(replace(fault, check=fault.check or one.id) for fault in one.find(inputs))
    return tuple(errors), tuple(warnings)
