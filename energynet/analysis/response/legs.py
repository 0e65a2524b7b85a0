"""A line of change from its text, and the manifest that names what was followed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from energynet.analysis.response.line import Leg
from energynet.dataset.case import Case
from energynet.dataset.changes import Change
from energynet.dataset.design import Range, parse_vary, written
from energynet.dataset.package import Package
from energynet.dataset.resolve import resolve
from energynet.errors import Fault, InputFaults, UsageFault
from energynet.results.manifest import content_of, name_of

if TYPE_CHECKING:
    from energynet.analysis.response.answer import Response

KIND = "response"


def legs_of(vary: str, case: Case, package: Package) -> tuple[Leg, ...]:
    """The legs of a line, e.g. `demand[tr_market].quantity *= 0.8:1.2`; several joined by `together`.

    Raises InputFaults with everything wrong in the text, UsageFault where the case is not one linear program.
    """
    if case.options.contract_years == "rolling":
        raise UsageFault("a rolling horizon is many programs, one after the other, and the exact response follows one")
    if case.objective != "cost":
        raise UsageFault(f"the exact response follows the least cost; this case puts {case.objective} before it")
    found, faults = parse_vary(vary), list[Fault]()
    for one in found:
        if not isinstance(one.amount, Range):
            message = "is no line: the exact response takes a range without a step, first:last"
            faults.append(one.template.place.fault(message, value=one.name, check="vary"))
        try:
            resolve(one.template, package, case)
        except InputFaults as error:
            faults += error.faults
    if faults:
        raise InputFaults(faults)
    return tuple(Leg(one.name, one.amount.first, one.amount.last, one.change) for one in found if isinstance(one.amount, Range))


def manifest_of(response: Response, case: Case, package: Package, changes: Sequence[Change], scenario: str | None) -> dict[str, Any]:
    """What was followed and how it went. `run` names the content."""
    line = response.line
    along = [f"{leg.name} from {written(leg.first)} to {written(leg.last)}" for leg in line.legs]
    content = {"kind": KIND, **content_of(case, package, changes, scenario), "along": along}
    kinds = [point.kind for point in response.points]
    certificate = [
        {"check": check.name, "worst": check.worst, "where": check.where, "unit": check.unit, "tolerance": check.tolerance,
         "holds": check.holds}
        for check in response.certificate.checks
    ]  # fmt: skip
    return {
        "kind": KIND,
        "run": name_of(content),
        "title": case.title,
        "content": content,
        "horizon": {"start": str(case.horizon.start), "end": str(case.horizon.end), "step": case.horizon.step,
                    "periods": len(line.middle.periods)},
        "size": {"columns": line.middle.column_count, "rows": line.middle.row_count, "entries": line.middle.entry_count},
        "solves": response.solves,
        "points": {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)},
        "without": [{"from": line.legs[0].value(one.first), "to": line.legs[0].value(one.last), "words": list(one.words)}
                    for one in response.without],
        "seconds": {name: round(value, 4) for name, value in response.seconds.items()},
        "certificate": certificate,
    }  # fmt: skip
