"""Names on a map that do not lie over each other: eight places about each point, the most important name first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from energynet.report.geography import Window

Floats = NDArray[np.float64]
NARROW, WIDE = "fijlrtıI.,'·:;|!() ", "mwMW@%"
COVERED = 9.0  # points of lines that a lesser name may cover before it is better left out
CANDIDATES = (  # side of the name (start, middle, end) and the way to it, the best place first
    ("start", 1.0, 0.0), ("end", -1.0, 0.0), ("middle", 0.0, -1.0), ("middle", 0.0, 1.0),
    ("start", 0.8, -0.8), ("start", 0.8, 0.8), ("end", -0.8, -0.8), ("end", -0.8, 0.8),
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """A name that is to stand beside a point; `strong` names are a little larger."""

    key: int
    text: str
    x: float
    y: float
    radius: float
    strong: bool = False


@dataclass(frozen=True)
class Placed:
    """Where a name stands: the point of its text, and its side."""

    key: int
    text: str
    x: float
    y: float
    anchor: str
    strong: bool


def width_of(text: str, size: float) -> float:
    """About how wide a text is in a plain sans-serif face."""
    return size * sum(0.34 if one in NARROW else 0.92 if one in WIDE else 0.68 if one.isupper() else 0.56 for one in text)


def place(wanted: Sequence[Wanted], size: float, window: Window, lines: Floats, dots: Floats) -> list[Placed]:
    """Names in order of importance, each at the first of its best places that is free; a name without such a place is left out.

    `lines` (n, 2) are points of the network that a name had better not cover, `dots` (m, 2) those that it must not.
    """
    taken: list[tuple[float, float, float, float]] = []
    found = []
    for one in wanted:
        height = size * (1.15 if one.strong else 1.0)
        width = width_of(one.text, height)
        best: tuple[float, Placed, tuple[float, float, float, float]] | None = None
        for rank, (anchor, dx, dy) in enumerate(CANDIDATES):
            x = one.x + dx * (one.radius + size * 0.3)
            y = one.y + dy * (one.radius + size * 0.75)
            left = x if anchor == "start" else x - width if anchor == "end" else x - width / 2
            box = (left - size * 0.1, y - height * 0.58, left + width + size * 0.1, y + height * 0.58)
            if not _inside(box, window) or any(_meet(box, other) for other in taken) or _covered(box, dots, one):
                continue
            cost = _count(box, lines) + 0.35 * rank
            if best is None or cost < best[0]:
                best = (cost, Placed(one.key, one.text, x, y, anchor, one.strong), box)
        if best is not None and (one.strong or best[0] < COVERED):
            found.append(best[1])
            taken.append(best[2])
    return found


def _inside(box: tuple[float, float, float, float], window: Window) -> bool:
    left, top, right, bottom = box
    room = 2.0
    across = left >= window.left + room and right <= window.left + window.width - room
    return across and top >= window.top + room and bottom <= window.top + window.height - room


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _within(box: tuple[float, float, float, float], points: Floats) -> NDArray[np.bool_]:
    x, y = points[:, 0], points[:, 1]
    return (x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3])


def _count(box: tuple[float, float, float, float], points: Floats) -> float:
    return float(_within(box, points).sum()) if len(points) else 0.0


def _covered(box: tuple[float, float, float, float], dots: Floats, one: Wanted) -> bool:
    room = 0.7 * one.radius
    wide = (box[0] - room, box[1] - room, box[2] + room, box[3] + room)
    return bool((_within(wide, dots) & (np.abs(dots - np.array((one.x, one.y))).max(axis=1) > 1e-6)).any())
