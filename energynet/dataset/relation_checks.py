"""Checks of what rows say about rows of other tables: carriers that fit, delivery points, targets by name, observations, ranges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from energynet.components.catalogue import SINGULAR, TABLES
from energynet.dataset.changes import parse_change
from energynet.dataset.edit import edited
from energynet.dataset.inputs import Check, Inputs, numbers
from energynet.dataset.project_checks import PROJECT_CHECKS
from energynet.dataset.resolve import resolve
from energynet.errors import Fault, InputFaults, nearest
from energynet.units import Dimension, UnitFault

ONE_CARRIER = (  # table, and two of its references that must be of one carrier
    ("arcs", "from_node", "to_node"),
    ("arcs", "from_node", "corridor"),
    ("converters", "to_node", "origin"),
    ("supplies", "node", "origin"),
    ("contracts", "origin", "delivery_arc"),
    ("contracts", "origin", "delivery_demand"),
    ("swaps", "origin", "hand_over_node"),
    ("swaps", "origin", "receipt_node"),
    ("swaps", "origin", "partner_origin"),
    ("storage_stocks", "storage", "origin"),
    ("storages", "node", "inflow_origin"),
)
TWO_ENDS = (("arcs", "from_node", "to_node"), ("converters", "from_node", "to_node"), ("swaps", "hand_over_node", "receipt_node"))
OBSERVED_IN = {
    "flow": "arcs", "supply": "supplies", "demand": "demands", "storage_end": "storages", "conversion": "converters", "price": "prices",
}  # fmt: skip


def one_carrier(inputs: Inputs) -> Iterator[Fault]:
    """What is linked is of one carrier."""
    for table, one, other in ONE_CARRIER:
        frame = inputs[table]
        left = inputs.carriers.by_key(TABLES[table].column(one).table or "")
        right = inputs.carriers.by_key(TABLES[table].column(other).table or "")
        for at, (a, b) in enumerate(zip(frame[one], frame[other], strict=True)):
            if left.get(a) and right.get(b) and left[a] != right[b]:
                yield from inputs.faults(table, [at], other, f"is of {right[b]}, but {one} {a!r} is of {left[a]}")


def two_ends(inputs: Inputs) -> Iterator[Fault]:
    """A link has two different ends."""
    for table, one, other in TWO_ENDS:
        frame = inputs[table]
        same = (frame[one].to_numpy() == frame[other].to_numpy()) & (frame[one].to_numpy() != "")
        yield from inputs.faults(table, np.flatnonzero(same), other, f"is {one} too")


def one_arc_each_way(inputs: Inputs) -> Iterator[Fault]:
    """Where a carrier nets opposite flows, a line has one arc each way: of more, nothing says which would be netted with which."""
    frame, carriers, of_node = inputs["arcs"], inputs["carriers"], inputs.carriers.by_key("nodes")
    netting = {carrier for carrier, nets in zip(carriers["id"], carriers["netting"], strict=True) if nets}
    first: dict[tuple[str, ...], dict[str, int]] = {}  # by ends and what makes a line: the first row of each arc
    columns = (frame[name] for name in ("id", "from_node", "to_node", "corridor", "line"))
    for at, (arc, start, end, corridor, line) in enumerate(zip(*columns, strict=True)):
        if of_node.get(start) in netting:
            first.setdefault((start, end, corridor, "" if corridor else line), {}).setdefault(arc, at)
    for (start, end, corridor, line), ahead in first.items():
        back = first.get((end, start, corridor, line), {})
        if back and max(len(ahead), len(back)) > 1:
            column = "corridor" if corridor else "line"
            many = f"{len(ahead)} from {start!r} to {end!r} and {len(back)} back"
            message = f"is the {column} of {many}, whose opposite flows are netted: give each pair of directions a {column} of its own"
            yield from inputs.faults("arcs", ahead.values(), column, message)


def one_delivery_point(inputs: Inputs) -> Iterator[Fault]:
    """A contract is delivered at an arc or at a demand."""
    frame = inputs["contracts"]
    points = (frame["delivery_arc"].to_numpy() != "").astype(int) + (frame["delivery_demand"].to_numpy() != "").astype(int)
    message = "{id} needs one delivery point: an arc or a demand"
    yield from inputs.faults("contracts", np.flatnonzero(points != 1), "delivery_arc", message, value=False)


def inflows_are_somebodys(inputs: Inputs) -> Iterator[Fault]:
    """A natural inflow has an origin."""
    frame = inputs["storages"]
    nobodys = (frame["inflow"].to_numpy() > 0.0) & (frame["inflow_origin"].to_numpy() == "")
    yield from inputs.faults("storages", np.flatnonzero(nobodys), "inflow_origin", "is empty, but {id} has an inflow", value=False)


def charges_fit(inputs: Inputs) -> Iterator[Fault]:
    """A ceiling has a bound or a charge, and its charge is for a unit of what it counts."""
    frame = inputs["ceilings"]
    bound, charge, penalty = (frame[column].to_numpy() for column in ("quantity", "charge", "penalty"))
    neither = np.flatnonzero(np.isnan(bound) & ~(charge != 0.0))
    yield from inputs.faults("ceilings", neither, "quantity", "is empty, and so is the charge", value=False)
    for at, (written, unit) in enumerate(zip(frame["charge_unit"], frame["unit"], strict=True)):
        if not written and not (charge[at] != 0.0 or penalty[at] > 0.0):
            continue
        try:
            inputs.package.units.parse(written, "charge", "")
        except UnitFault as found:
            yield from inputs.faults("ceilings", [at], "charge_unit", found.message)
            continue
        if written.partition("/")[2] != unit:
            yield from inputs.faults("ceilings", [at], "charge_unit", f"is not for a unit of what is counted, which is {unit!r}")


def ceilings_count(inputs: Inputs) -> Iterator[Fault]:
    """A ceiling without terms adds up nothing, and would bound and charge nothing."""
    counted = inputs["ceilings"]["id"].isin(inputs["ceiling_terms"]["ceiling"]).to_numpy()
    yield from inputs.faults("ceilings", np.flatnonzero(~counted), "id", "has no row in ceiling_terms: it adds up nothing")


def targets_exist(inputs: Inputs) -> Iterator[Fault]:
    """Names that are not references of one table: tier sets, targets of permissions and of ceilings."""
    sets = set(inputs["tiers"]["tier_set"])
    yield from _unknown(inputs, "demands", "tier_set", {cell: cell in sets | {""} for cell in inputs["demands"]["tier_set"]}, "tiers", sets)
    for table in ("permissions", "ceiling_terms"):
        frame = inputs[table]
        for component in sorted(set(frame["component"]) - {""}):
            aimed, mine = SINGULAR[component].name, frame["component"].to_numpy() == component
            ids = set(inputs.ids(aimed))
            globs = table == "permissions"
            known = {cell: cell in ids or (globs and bool(inputs.matching(aimed, cell).any())) for cell in set(frame["target"][mine])}
            yield from _unknown(inputs, table, "target", known, aimed, ids, mine)


def _unknown(
    inputs: Inputs, table: str, column: str, known: Mapping[str, bool], where: str, ids: set[str], mine: np.ndarray | None = None
) -> Iterator[Fault]:
    frame = inputs[table]
    for at, cell in enumerate(frame[column]):
        if cell and (mine is None or mine[at]) and not known[cell]:
            row = int(frame["row"].to_numpy()[at])
            yield inputs.package.fault(table, row, f"is not in the table {where}", column=column, value=cell, hint=nearest(cell, ids))


def observations_fit(inputs: Inputs) -> Iterator[Fault]:
    """What was observed exists in the network, and its unit is a volume (of a price: money)."""
    frame = inputs["observed"]
    countries = inputs["countries"]
    places = set(countries["id"]) | set(countries["region"]) - {""}
    origins = inputs.carriers.by_key("origins")
    ids = {table: set(inputs.ids(table)) for table in OBSERVED_IN.values()}
    for quantity, target, origin, unit, row in zip(*(frame[name] for name in ("quantity", "target", "origin", "unit", "row")), strict=True):
        table = OBSERVED_IN.get(quantity)
        allowed = ids[table] if table else places
        for part in target.split("+"):
            if quantity and part not in allowed:
                message = f"is not in the table {table or 'countries'}"
                yield inputs.package.fault("observed", row, message, column="target", value=part, hint=nearest(part, allowed))
        of = inputs.carriers.by_key(table).get(target.split("+")[0]) if table else origins.get(origin)
        if quantity and unit and of:
            yield from _observed_unit(inputs, row, unit, "money" if quantity == "price" else "volume", of, quantity)


def _observed_unit(inputs: Inputs, row: int, unit: str, dimension: Dimension, carrier: str, quantity: str) -> Iterator[Fault]:
    """A conversion may be told by its input or by its output."""
    told: list[UnitFault] = []
    for one in inputs.package.units.carriers if quantity == "conversion" else (carrier,):
        try:
            inputs.package.units.parse(unit, dimension, one)
        except UnitFault as found:
            told.append(found)
        else:
            return
    for one_told in told[:1]:
        yield inputs.package.fault("observed", row, one_told.message, column="unit", value=unit, hint=one_told.hint)


def ranges_are_changes(inputs: Inputs) -> Iterator[Fault]:
    """The two ends of an assumption's range are changes that fit the data."""
    frame = inputs["assumptions"]
    for column in ("low", "high"):
        for cell, row in zip(frame[column], frame["row"], strict=True):
            for text in filter(None, (part.strip() for part in cell.split(";"))):
                try:
                    change = parse_change(text)
                    resolve(change, inputs.package)
                    edited(inputs.package, [change])
                except InputFaults as error:
                    for fault in error.faults:
                        more = {"column": column, "value": fault.value, "hint": fault.hint}
                        yield inputs.package.fault("assumptions", int(row), fault.message, **more)


RELATION_CHECKS = (
    *PROJECT_CHECKS,
    Check("one-carrier", "error", "what is linked is of one carrier", one_carrier),
    Check("two-ends", "error", "a link has two different ends", two_ends),
    Check("one-arc-each-way", "error", "a line whose opposite flows are netted has one arc each way", one_arc_each_way),
    Check("one-delivery-point", "error", "a contract is delivered at an arc or at a demand", one_delivery_point),
    Check(
        "inflows-are-somebodys", "error", "a natural inflow has an origin", inflows_are_somebodys, numbers=numbers("storages", "inflow")
    ),
    Check(
        "charges-fit", "error", "a ceiling has a bound or a charge, which is for a unit of what it counts", charges_fit,
        numbers=numbers("ceilings", "quantity", "charge", "penalty"),
    ),
    Check("ceilings-count", "error", "a ceiling has terms that it adds up", ceilings_count),
    Check("targets-exist", "error", "tier sets, and targets of permissions and ceilings, exist", targets_exist),
    Check("observations-fit", "error", "what was observed exists, and its unit fits", observations_fit),
    Check("ranges-are-changes", "error", "the range of an assumption is written as changes that fit the data", ranges_are_changes),
)  # fmt: skip
