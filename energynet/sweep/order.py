"""An order of scenarios in which each is like the one before."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

GREEDY = 10_000  # scenarios up to which the nearest one is looked for; beyond, they are sorted


def nearest_order(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """A path through the rows of a design (scenarios, changes), from each to the nearest one left, every change scaled to its spread."""
    filled = np.where(np.isnan(values), np.nanmean(values, axis=0), values)
    spread = np.ptp(filled, axis=0)
    points = (filled - filled.min(axis=0)) / np.where(spread > 0.0, spread, 1.0)
    if len(points) > GREEDY:
        return np.lexsort(points.T[::-1])
    left = np.ones(len(points), dtype=bool)
    path = np.zeros(len(points), dtype=np.int64)
    here = int(np.argmin(points.sum(axis=1)))
    for step in range(len(points)):
        path[step], left[here] = here, False
        if step + 1 < len(points):
            distance = ((points - points[here]) ** 2).sum(axis=1)
            here = int(np.argmin(np.where(left, distance, np.inf)))
    return path
