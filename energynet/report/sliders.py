"""Sliders of the page: which inputs a reader may move, and exactly what each does to the linear program.

A slider multiplies inputs by a factor s, in the words of the changes: `demand[...].quantity *= s`. The program is laid at the ends of its
range and between, and every entry is compared: an entry v is affine in s when v(s) = v(1) + (s - 1) slope. A slider that moves an entry
in any other way, that makes another set of rows and columns, or that acts on what another slider moves too, so that their effects do
not add up, is not offered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from energynet.errors import InputFaults

Floats = NDArray[np.float64]
Vectors = Mapping[str, Floats]
Lay = Callable[[Sequence[str]], Vectors]  # changes in addition to the run's own -> every vector that a slider may move
SAME = 1e-9  # relative beyond 1: how far an entry may be from its line
TELLING = 1e-7  # relative: how near a ratio of changes comes to that of the slider that made it
NOTHING = "it changes nothing in this case"
NARROWED = 4  # times that an end of a range is halved towards 1 where the data do not allow it
JOINT = (0.0, 0.381966)  # where in their ranges all sliders are tried together


@dataclass(frozen=True)
class Slider:
    """A factor on some inputs. `changes` hold `{}` in place of the factor; `base` is what factor 1 stands for, in `unit`.

    `moves[vector]` are the entries that the factor moves and their slopes.
    """

    key: str
    group: str
    carrier: str
    label: str
    base: float
    unit: str
    low: float
    high: float
    changes: tuple[str, ...]
    moves: Mapping[str, tuple[NDArray[np.int32], Floats]] = field(default_factory=dict, compare=False)

    def at(self, factor: float) -> list[str]:
        """Its changes at a factor."""
        return [change.format(f"{factor:.12g}") for change in self.changes]

    def between(self, part: float) -> float:
        """The factor at a part of the range, with few digits, so that a change can name it exactly."""
        return round(self.low + part * (self.high - self.low), 6)


@dataclass(frozen=True)
class Offered:
    """The sliders that hold, and those that do not with the reason of each."""

    sliders: tuple[Slider, ...]
    refused: tuple[tuple[Slider, str], ...]


def offered(candidates: Sequence[Slider], base: Vectors, lay: Lay, fixed: Sequence[str] = ()) -> Offered:
    """Measure every candidate against the program. Those that move nothing, or not along a line, are refused.

    `fixed` names the vectors that none may move: the pattern of the matrix, and what the page takes as given. All are first tried
    together, in a few layouts; one by one only where that leaves a doubt. The range of a slider is narrowed to what the data allow.
    """
    candidates = _allowed(candidates, lay)
    together = _together(candidates, base, lay, fixed)
    if together is not None:
        moving = tuple(slider for slider in together if slider.moves)
        if _wrong_together(moving, base, lay) is None:
            return Offered(moving, tuple((slider, NOTHING) for slider in together if not slider.moves))
    return _one_by_one(candidates, base, lay, fixed)


def _allowed(candidates: Sequence[Slider], lay: Lay) -> Sequence[Slider]:
    """The candidates, with ends of their ranges that the checks of the data refuse halved towards 1 until they are allowed."""
    ends = ([change for one in candidates for change in one.at(one.low)], [change for one in candidates for change in one.at(one.high)])
    if all(_lays(changes, lay) for changes in ends):
        return candidates
    return [replace(one, low=_narrowed(one, one.low, lay), high=_narrowed(one, one.high, lay)) for one in candidates]


def _narrowed(slider: Slider, end: float, lay: Lay) -> float:
    for _ in range(NARROWED):
        if _lays(slider.at(end), lay):
            break
        end = round(0.5 * (1.0 + end), 6)
    return end


def _lays(changes: Sequence[str], lay: Lay) -> bool:
    try:
        lay(changes)
    except InputFaults:
        return False
    return True


def _together(candidates: Sequence[Slider], base: Vectors, lay: Lay, fixed: Sequence[str]) -> list[Slider] | None:
    """The candidates with their slopes from two layouts in which each has a factor of its own; None where that does not tell them apart.

    An entry that one slider moves along a line changes by slope (s - 1), so that the ratio of its two changes is that slider's own.
    """
    steps = [(_step(one, 0.618034 * k + 0.11), _step(one, 0.414214 * k + 0.37)) for k, one in enumerate(candidates)]
    try:
        found = [
            lay([change for one, step in zip(candidates, steps, strict=True) for change in one.at(1.0 + step[part])]) for part in (0, 1)
        ]  # fmt: skip
    except InputFaults:
        return None
    ratios = np.array([one / other for one, other in steps])
    moves: list[dict[str, tuple[NDArray[np.int32], Floats]]] = [{} for _ in candidates]
    for name, start in base.items():
        if not all(laid[name].shape == start.shape for laid in found):
            return None
        there = np.flatnonzero(~(_equal(start, found[0][name]) & _equal(start, found[1][name])))
        if not len(there):
            continue
        with np.errstate(invalid="ignore", divide="ignore"):
            first, second = (laid[name][there] - start[there] for laid in found)
            gap = np.abs(first[:, None] / second[:, None] / ratios[None, :] - 1.0)
        whose = np.argmin(np.where(np.isnan(gap), np.inf, gap), axis=1)
        if name in fixed or not (gap[np.arange(len(there)), whose] <= TELLING).all():
            return None
        for k in np.unique(whose).tolist():
            own = whose == k
            moves[k][name] = (there[own].astype(np.int32), first[own] / steps[k][0])
    return [replace(one, moves=found_moves) for one, found_moves in zip(candidates, moves, strict=True)]


def _step(slider: Slider, part: float) -> float:
    """A step from the base towards the upper end of a range, with few digits."""
    return round((slider.high - 1.0) * (0.35 + 0.6 * (part % 1.0)), 6)


def _one_by_one(candidates: Sequence[Slider], base: Vectors, lay: Lay, fixed: Sequence[str]) -> Offered:
    kept: list[Slider] = []
    refused: list[tuple[Slider, str]] = []
    for candidate in candidates:
        measured, reason = _measured(candidate, base, lay, fixed)
        if reason:
            refused.append((candidate, reason))
        else:
            kept.append(measured)
    while kept and (wrong := _wrong_together(kept, base, lay)) is not None:
        culprits = _culprits(kept, base, lay, wrong)
        refused += [(slider, reason) for slider, reason in culprits]
        gone = {slider.key for slider, _ in culprits}
        kept = [slider for slider in kept if slider.key not in gone]
    return Offered(tuple(kept), tuple(refused))


def _measured(candidate: Slider, base: Vectors, lay: Lay, fixed: Sequence[str]) -> tuple[Slider, str]:
    """The slider with its slopes, read at the upper end of its range; or why there are none."""
    try:
        found = lay(candidate.at(candidate.high))
    except InputFaults as faults:
        return candidate, f"the data do not allow it: {faults.faults[0].message}"
    if not _same_shape(base, found):
        return candidate, "it makes another set of rows and columns"
    moves = {}
    for name, start in base.items():
        there = np.flatnonzero(~_equal(start, found[name]))
        if len(there) and name in fixed:
            return candidate, "it makes other rows and columns, or moves what the page takes as given"
        if len(there):
            with np.errstate(invalid="ignore"):
                slope = (found[name][there] - start[there]) / (candidate.high - 1.0)
            if not np.isfinite(slope).all():
                return candidate, "a limit appears or disappears"
            moves[name] = (there.astype(np.int32), slope)
    return replace(candidate, moves=moves), "" if moves else NOTHING


def predicted(sliders: Sequence[Slider], factors: Sequence[float], base: Vectors) -> dict[str, Floats]:
    """Every vector with the sliders at these factors, by their slopes."""
    out = {name: values.copy() for name, values in base.items()}
    for slider, factor in zip(sliders, factors, strict=True):
        for name, (there, slope) in slider.moves.items():
            out[name][there] += (factor - 1.0) * slope
    return out


def _wrong_together(sliders: Sequence[Slider], base: Vectors, lay: Lay) -> dict[str, NDArray[np.int64]] | None:
    """Entries that are not where the slopes say with all sliders moved at once, each to a place of its own; None where all are."""
    for part in JOINT:
        factors = [slider.between((part + 0.618034 * k * part) % 1.0) for k, slider in enumerate(sliders)]
        wrong = _off(sliders, factors, base, lay)
        if wrong is not None:
            return wrong
    return None


def _off(sliders: Sequence[Slider], factors: Sequence[float], base: Vectors, lay: Lay) -> dict[str, NDArray[np.int64]] | None:
    try:
        found = lay([change for slider, factor in zip(sliders, factors, strict=True) for change in slider.at(factor)])
    except InputFaults:
        return {}
    if not _same_shape(base, found):
        return {}
    told = predicted(sliders, factors, base)
    wrong = {name: np.flatnonzero(~_near(told[name], found[name])) for name in base}
    return None if all(len(there) == 0 for there in wrong.values()) else wrong


def _culprits(sliders: Sequence[Slider], base: Vectors, lay: Lay, wrong: Mapping[str, NDArray[np.int64]]) -> list[tuple[Slider, str]]:
    """Those that leave their line by themselves; where none does, the last of those that act on the entries that were off."""
    touching = [
        s for s in sliders if not wrong or any(np.isin(there, wrong[name]).any() for name, (there, _) in s.moves.items())
    ] or list(sliders)  # fmt: skip
    alone = [s for s in touching if any(_off([s], [s.between(part)], base, lay) is not None for part in JOINT)]
    if alone:
        return [(slider, "its effect is not a straight line") for slider in alone]
    return [(touching[-1], "its effect depends on another slider")]


def _same_shape(one: Vectors, other: Vectors) -> bool:
    return all(one[name].shape == other[name].shape for name in one)


def _equal(one: Floats, other: Floats) -> NDArray[np.bool_]:
    return np.asarray((one == other) | (np.isnan(one) & np.isnan(other)))


def _near(one: Floats, other: Floats) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        close = np.abs(one - other) <= SAME * np.maximum(1.0, np.abs(other))
    return np.asarray(_equal(one, other) | close)
