"""Small charts of comparisons and sweeps, in per cent of their width: the words beside them stand in the page and fit any screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from energynet.report.bind import number

Floats = NDArray[np.float64]
Drawn = dict[str, Any]
QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)


@dataclass(frozen=True)
class Bar:
    """A bar from a middle line to the left (what is less) or to the right (what is more), in per cent of the chart."""

    name: str
    left: float
    width: float
    more: bool
    told: str


def signed_bars(rows: Sequence[tuple[str, float]], digits: int = 3) -> list[Bar]:
    """One bar a row about a common middle; the longest reaches an edge."""
    most = max((abs(value) for _, value in rows), default=0.0) or 1.0
    found = []
    for name, value in rows:
        width = 50.0 * abs(value) / most
        found.append(Bar(name, 50.0 if value >= 0 else 50.0 - width, width, value >= 0, signed(value, digits)))
    return found


def signed(value: float, digits: int = 3) -> str:
    """A difference with its sign."""
    text = number(value, digits)
    return f"+{text}" if value > 0 and text != "0" else text


@dataclass(frozen=True)
class Strip:
    """A distribution on a scale of its own: per cent of the chart for least, 5, 25, 50, 75, 95 per cent and greatest, and for the base."""

    name: str
    at: Sequence[float]
    base: float | None
    low: str
    high: str


def strip(name: str, values: Floats, base: float | None, digits: int = 3) -> Strip:
    """The strip of some values; the scale runs from the least to the greatest of them and the base."""
    quantiles = np.quantile(values, QUANTILES)
    low = min(float(quantiles[0]), base if base is not None else float(quantiles[0]))
    high = max(float(quantiles[-1]), base if base is not None else float(quantiles[-1]))
    span = (high - low) or 1.0
    at = [100.0 * (float(q) - low) / span if high > low else 50.0 for q in quantiles]
    place = None if base is None else (100.0 * (base - low) / span if high > low else 50.0)
    return Strip(name, at, place, number(low, digits), number(high, digits))


def curve(x: Floats, lines: Sequence[Floats], height: float = 100.0, width: float = 300.0) -> list[str]:
    """Lines over one horizontal axis as SVG paths, on the scale of all of them; nothing where there is no number."""
    whole = np.concatenate([line[np.isfinite(line)] for line in lines])
    if not len(whole) or len(x) == 0:
        return ["" for _ in lines]
    low, high = float(whole.min()), float(whole.max())
    span, run = (high - low) or 1.0, float(x.max() - x.min()) or 1.0
    found = []
    for line in lines:
        steps, pen = [], "M"
        for at, value in zip(x, line, strict=True):
            if not np.isfinite(value):
                pen = "M"
                continue
            share = (value - low) / span if high > low else 0.5
            steps.append(f"{pen}{width * (at - x.min()) / run:.2f} {height * (1 - share):.2f}")
            pen = "L"
        found.append("".join(steps))
    return found


def band(x: Floats, low: Floats, high: Floats, ends: tuple[float, float], height: float = 100.0, width: float = 300.0) -> str:
    """What lies between two lines, as a closed SVG path, on a given scale."""
    least, most = ends
    span, run = (most - least) or 1.0, float(x.max() - x.min()) or 1.0

    def point(at: float, value: float) -> str:
        return f"{width * (at - float(x.min())) / run:.2f} {height * (1 - (value - least) / span):.2f}"

    forth = [point(float(a), float(v)) for a, v in zip(x, high, strict=True)]
    back = [point(float(a), float(v)) for a, v in zip(x[::-1], low[::-1], strict=True)]
    return f"M{'L'.join([*forth, *back])}Z"
