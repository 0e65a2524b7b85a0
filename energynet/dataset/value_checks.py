"""Checks of numbers that only have a meaning together: ladders, shares, curves, shapes, bounds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from energynet.components.catalogue import TABLES
from energynet.dataset.inputs import OF_MONEY, Check, Floats, Inputs, numbers, snapshots
from energynet.errors import Fault

SHARES = 1e-6  # how far shares may be from adding up to one
MEAN = 0.005  # how far the mean of a profile may be from one
DAYS_OF_MONTH = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.float64)
BOUNDS = (  # table, the lower of two columns, the higher, and the unit column that they share
    ("arcs", "minimum", "capacity"),
    ("supplies", "minimum", "maximum"),
    ("supplies", "annual_minimum", "annual_maximum"),
    ("converters", "minimum", "capacity"),
    ("contracts", "daily_minimum", "daily_maximum"),
    ("contracts", "take_or_pay", "annual_maximum"),
    ("projects", "step", "maximum"),
)
SHAPED = tuple(  # table, column and greatest value of each number that a profile multiplies and that has one
    (table.name, target, table.column(target).maximum)
    for table in TABLES.values()
    for target in (column.shapes for column in table.columns)
    if target and table.column(target).maximum is not None
)


def _ladder(
    inputs: Inputs, table: str, parent: str, step: str, column: str, value: Floats, *, sign: float, strict: bool
) -> Iterator[Fault]:
    """Faults where `sign` x value falls (or, `strict`, does not rise) from one step to the next."""
    frame = inputs[table]
    positions, groups = snapshots(frame, parent)
    order = np.lexsort((frame[step].to_numpy()[positions], groups))
    positions, groups = positions[order], groups[order]
    lower, upper = positions[:-1], positions[1:]
    rise = sign * (value[upper] - value[lower])
    slack = 1e-9 * np.maximum(1.0, np.abs(value[lower]))
    wrong = (groups[:-1] == groups[1:]) & ((rise <= slack) if strict else (rise < -slack))
    direction = "fall" if sign < 0 else "rise"
    for below, above in sorted(set(zip(lower[wrong].tolist(), upper[wrong].tolist(), strict=True))):
        row = int(frame["row"].to_numpy()[below])
        yield from inputs.faults(table, [above], column, f"does not {direction}: {value[above]:g} after {value[below]:g} in row {row}")


def _numbered(inputs: Inputs, table: str, parent: str, step: str) -> Iterator[Fault]:
    """Steps are numbered 1, 2, ... without a gap."""
    frame = inputs[table]
    positions, groups = snapshots(frame, parent)
    order = np.lexsort((frame[step].to_numpy()[positions], groups))
    positions, groups = positions[order], groups[order]
    start = np.concatenate([[True], groups[1:] != groups[:-1]]) if len(groups) else np.zeros(0, dtype=bool)
    place = np.arange(len(groups)) - np.maximum.accumulate(np.where(start, np.arange(len(groups)), 0)) + 1
    number = frame[step].to_numpy()[positions]
    told = np.isin(groups, groups[np.isnan(number)])  # a step that cannot be read is told already
    wrong = positions[(number != place) & ~told]
    yield from inputs.faults(table, sorted(set(wrong.tolist())), step, "is out of its order: steps are numbered 1, 2, ... without a gap")


def _shares(inputs: Inputs, table: str, parent: str, column: str) -> Iterator[Fault]:
    frame = inputs[table]
    positions, groups = snapshots(frame, parent)
    if len(positions) == 0:
        return
    total = np.bincount(groups, weights=frame[column].to_numpy()[positions])
    for group in np.flatnonzero(np.abs(total - 1.0) > SHARES):
        if (groups == group).any():
            at = int(positions[groups == group].min())
            of = frame[parent].iat[at]
            yield from inputs.faults(table, [at], column, f"shares of {of} add up to {total[group]:.6g}, not to 1", value=False)


def blocks_fall(inputs: Inputs) -> Iterator[Fault]:
    """Each block is worth less than the one before."""
    value = inputs.money("demand_blocks", "willingness")
    yield from _ladder(inputs, "demand_blocks", "demand", "block", "willingness", value, sign=-1.0, strict=True)
    yield from _numbered(inputs, "demand_blocks", "demand", "block")


def steps_rise(inputs: Inputs) -> Iterator[Fault]:
    """No step is cheaper than the one before, and they make up the whole."""
    value = inputs.money("supply_steps", "cost")
    yield from _ladder(inputs, "supply_steps", "supply", "step", "cost", value, sign=1.0, strict=False)
    yield from _numbered(inputs, "supply_steps", "supply", "step")
    yield from _shares(inputs, "supply_steps", "supply", "share")


def segments_rise(inputs: Inputs) -> Iterator[Fault]:
    """No segment loses less than the one before; only the last is without end."""
    frame = inputs["arc_segments"]
    value = frame["loss"].to_numpy()
    yield from _ladder(inputs, "arc_segments", "arc", "segment", "loss", value, sign=1.0, strict=False)
    yield from _numbered(inputs, "arc_segments", "arc", "segment")
    positions, groups = snapshots(frame, "arc")
    if len(positions):
        segment = np.nan_to_num(frame["segment"].to_numpy()[positions], nan=-np.inf)
        last = np.full(groups.max() + 1, -np.inf)
        np.maximum.at(last, groups, segment)
        endless = np.isnan(frame["width"].to_numpy()[positions]) & (segment < last[groups])
        at = sorted(set(positions[endless].tolist()))
        yield from inputs.faults("arc_segments", at, "width", "is empty, but only the last may be", value=False)


def tiers_add_up(inputs: Inputs) -> Iterator[Fault]:
    """The shares of a set add up to one."""
    yield from _shares(inputs, "tiers", "tier_set", "share")


def parts_fit(inputs: Inputs) -> Iterator[Fault]:
    """The shares of a demand that answer to the price add up to no more than all of it."""
    positions, groups = snapshots(inputs["elasticities"], "demand")
    total = np.bincount(groups, weights=inputs["elasticities"]["share"].to_numpy()[positions]) if len(positions) else np.zeros(0)
    for group in np.flatnonzero(total > 1.0 + SHARES):
        at = int(positions[groups == group].min())
        of = inputs["elasticities"]["demand"].iat[at]
        yield from inputs.faults("elasticities", [at], "share", f"elastic shares of {of} add up to {total[group]:.6g}", value=False)


def stocks_fit(inputs: Inputs) -> Iterator[Fault]:
    """The stocks of all origins in a storage on one day are no more than its working volume."""
    frame = inputs["storage_stocks"]
    group = frame.groupby(["storage", "date"], sort=False)
    total = group["fill"].transform("sum").to_numpy()
    for at in np.flatnonzero((total > 1.0 + SHARES) & (group.cumcount(ascending=False).to_numpy() == 0)):
        message = f"the origins add up to {total[at]:.6g} of the working volume"
        yield from inputs.faults("storage_stocks", [int(at)], "fill", message, value=False)


def curves_concave(inputs: Inputs) -> Iterator[Fault]:
    """A curve has two points or more, is concave, and falls towards an empty storage (withdrawal) or a full one (injection)."""
    frame = inputs["storage_curves"]  # sorted by storage, direction and fill
    fill, rate, inject = frame["fill"].to_numpy(), frame["rate"].to_numpy(), frame["direction"].to_numpy() == "inject"
    curve = frame.groupby(["storage", "direction"], sort=False)
    lone = np.flatnonzero(curve["fill"].transform("size").to_numpy() == 1)
    yield from inputs.faults("storage_curves", lone, "fill", "is the only point of its curve: a curve has two or more")
    number = curve.ngroup().to_numpy()
    joined = number[1:] == number[:-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where(joined, np.diff(rate) / np.diff(fill), np.nan)
    rises = np.flatnonzero((slope > 1e-9) & inject[1:]) + 1
    yield from inputs.faults("storage_curves", rises, "rate", "rises with the stock, but injection falls towards a full storage")
    falls = np.flatnonzero((slope < -1e-9) & ~inject[1:]) + 1
    yield from inputs.faults("storage_curves", falls, "rate", "falls as the stock rises, but withdrawal falls towards an empty storage")
    below = np.flatnonzero(np.diff(slope) > 1e-9) + 1
    yield from inputs.faults("storage_curves", below, "rate", "lies below the line between its neighbours: not concave")


def bounds_in_order(inputs: Inputs) -> Iterator[Fault]:
    """A minimum is no more than its maximum."""
    for table, low, high in BOUNDS:
        frame = inputs[table]
        wrong = np.flatnonzero(frame[low].to_numpy() > frame[high].to_numpy() * (1 + 1e-12))
        for at in wrong:
            yield from inputs.faults(table, [int(at)], low, f"is more than {high}, {frame[high].to_numpy()[at]:g}")


def profiles_whole(inputs: Inputs) -> Iterator[Fault]:
    """A profile says the same kind of thing in each row, leaves no gap, and keeps the mean that it promises."""
    frame = inputs["profiles"]
    for name, rows in frame.groupby("profile", sort=True):
        at = int(rows.index[0])
        given = ~np.isnan(rows[["month", "day", "hour"]].to_numpy())
        if not (given == given[0]).all():
            other = int(rows.index[np.flatnonzero((given != given[0]).any(axis=1))[0]])
            yield from inputs.faults("profiles", [other], "profile", "must fill the same of month, day and hour in all its rows")
            continue
        if rows["basis"].nunique() > 1:
            yield from inputs.faults("profiles", [at], "basis", f"{name} must have one basis in all its rows", value=False)
        missing = _missing(rows[["month", "day", "hour"]].to_numpy(), given[0])
        if missing:
            yield from inputs.faults("profiles", [at], "profile", f"lacks {missing}")
            continue
        weight = np.ones(len(rows))
        if given[0][0] and not given[0][1]:
            weight = DAYS_OF_MONTH[rows["month"].to_numpy().astype(int) - 1]
        mean = float(np.average(rows["value"].to_numpy(), weights=weight))
        if rows["basis"].iat[0] == "mean_one" and abs(mean - 1.0) > MEAN:
            yield from inputs.faults("profiles", [at], "value", f"{name} has a day-weighted mean of {mean:.5g}, not 1", value=False)


def shapes_fit(inputs: Inputs) -> Iterator[Fault]:
    """A profile does not take a number beyond what its column allows: no factor above 1 where all of a capacity is there."""
    greatest: dict[tuple[str, ...], float] = {(): 1.0}
    for table, column, most in SHAPED:
        frame = inputs[table]
        named = frame["profile"].to_numpy()
        for names in set(named) - set(greatest):
            greatest[names] = _greatest(inputs, names)
        peak = frame[column].to_numpy() * np.array([greatest[names] for names in named], dtype=np.float64)
        for at in np.flatnonzero(peak > (most or 0.0) * (1 + SHARES)):
            message = f"takes {column} to {peak[at]:.6g}, and the most allowed is {most:g}"
            yield from inputs.faults(table, [int(at)], "profile", message)


def _greatest(inputs: Inputs, names: tuple[str, ...]) -> float:
    """The greatest product of the named profiles in any hour."""
    frame = inputs["profiles"]
    product = np.ones((12, 31, 24))
    for name in names:
        rows = frame[frame["profile"] == name]
        value = np.full(product.shape, np.nan)
        for month, day, hour, factor in zip(*(rows[column] for column in ("month", "day", "hour", "value")), strict=True):
            value[_cells(month, 1), _cells(day, 1), _cells(hour, 0)] = factor
        product = product * value
    return float(np.nanmax(product, initial=0.0))


def _cells(number: float, first: int) -> slice:
    return slice(None) if np.isnan(number) else slice(int(number) - first, int(number) - first + 1)


def _missing(keys: Floats, given: np.ndarray) -> str:
    """What a profile leaves out, in words; 29 February may be left out."""
    present = {tuple(int(part) for part in row[given]) for row in keys}
    months = range(1, 13) if given[0] else (0,)
    wanted = []
    for month in months:
        days = range(1, (int(DAYS_OF_MONTH[month - 1]) if month else 31) + 1) if given[1] else (0,)
        wanted += [(month, day, hour) for day in days for hour in (range(24) if given[2] else (-1,))]
    lacking = [key for key in wanted if tuple(part for part, one in zip(key, given, strict=True) if one) not in present]
    if not lacking:
        return ""
    named = [f"{word} {part}" for word, part, one in zip(("month", "day", "hour"), lacking[0], given, strict=True) if one]
    return " ".join(named) + (f" and {len(lacking) - 1} more" if len(lacking) > 1 else "")


VALUE_CHECKS = (
    Check(
        "blocks-fall", "error", "the blocks of an elastic demand fall in willingness to pay", blocks_fall,
        numbers=numbers("demand_blocks", "willingness", "price_factor") | numbers("prices", "value") | OF_MONEY,
    ),
    Check(
        "steps-rise", "error", "the steps of a supply rise in cost and add up to the whole", steps_rise,
        numbers=numbers("supply_steps", "cost", "share") | OF_MONEY,
    ),
    Check(
        "segments-rise", "error", "the segments of an arc rise in loss; only the last is without end", segments_rise,
        numbers=numbers("arc_segments", "loss", "width"),
    ),
    Check("tiers-add-up", "error", "the tiers of a set add up to one", tiers_add_up, numbers=numbers("tiers", "share")),
    Check(
        "parts-fit", "error", "elastic parts are no more than the whole demand", parts_fit, numbers=numbers("elasticities", "share")
    ),
    Check("stocks-fit", "error", "stocks fit into their storage", stocks_fit, numbers=numbers("storage_stocks", "fill")),
    Check("curves-concave", "error", "rate curves of storages are concave", curves_concave, numbers=numbers("storage_curves", "rate")),
    Check(
        "bounds-in-order", "error", "a minimum is no more than its maximum", bounds_in_order,
        numbers=frozenset((table, column) for table, *pair in BOUNDS for column in pair),
    ),
    Check("profiles-whole", "error", "profiles have no gaps and keep their mean", profiles_whole),
    Check(
        "shapes-fit", "error", "a number times its profile is no more than its column allows", shapes_fit,
        numbers=frozenset((table, column) for table, column, _ in SHAPED),
    ),
)  # fmt: skip
