"""Labels that do not lie over another: eight places about each point, the freest taken, the most important label first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from energynet.report.figures.style import drawable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.transforms import Bbox

PLACES = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
REACH = (5.0, 10.0, 16.0)  # points from the dot: near places are tried before far ones


@dataclass(frozen=True)
class Label:
    """A text about a point of the axes, in data units."""

    text: str
    at: tuple[float, float]
    size: float = 6.5
    bold: bool = False


def place_labels(axes: Axes, labels: Sequence[Label], lines: NDArray[np.float64]) -> list[str]:
    """Draw the labels in their order, each where it covers no other and the least of `lines` (points, in data units: (n, 2)).

    A label for which no free place is found is left out. Returns those that were drawn.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.patheffects import withStroke
    from matplotlib.transforms import Bbox as Box

    figure = axes.figure
    canvas: Any = FigureCanvasAgg(figure)  # type: ignore[arg-type,unused-ignore]
    canvas.draw()
    renderer, scale = canvas.get_renderer(), canvas.figure.dpi / 72.0
    frame = axes.get_window_extent(renderer)
    drawn_lines = axes.transData.transform(lines) if len(lines) else np.zeros((0, 2))
    dots = axes.transData.transform(np.array([label.at for label in labels])) if labels else np.zeros((0, 2))
    taken: list[Bbox] = []
    shown: list[str] = []
    for label, dot in zip(labels, dots, strict=True):
        text = axes.text(
            *label.at, drawable(label.text), fontsize=label.size, fontweight="bold" if label.bold else "normal", zorder=10,
            path_effects=[withStroke(linewidth=1.8, foreground="white", alpha=0.85)], clip_on=True,
        )  # fmt: skip
        size = text.get_window_extent(renderer)
        best: tuple[float, Bbox] | None = None
        for reach in REACH:
            for rank, (x, y) in enumerate(PLACES):
                box = _box(dot, (x, y), reach * scale, size.width, size.height)
                if any(box.overlaps(other) for other in taken) or not _inside(box, frame):
                    continue
                cost = 3.0 * _count(box, dots) + _count(box, drawn_lines) / 3.0 + 0.1 * rank + 0.12 * reach
                if best is None or cost < best[0]:
                    best = (cost, box)
        if best is None:
            text.remove()
            continue
        box = best[1]
        text.set_position(tuple(axes.transData.inverted().transform((box.x0, box.y0))))
        text.set_verticalalignment("bottom")
        taken.append(Box.from_extents(box.x0 - 1, box.y0 - 1, box.x1 + 1, box.y1 + 1))
        shown.append(label.text)
    return shown


def _box(dot: NDArray[np.float64], side: tuple[int, int], reach: float, width: float, height: float) -> Bbox:
    from matplotlib.transforms import Bbox as Box

    x, y = side
    diagonal = 0.7 if x and y else 1.0
    left = dot[0] + x * reach * diagonal - (width if x < 0 else width / 2 if x == 0 else 0.0)
    low = dot[1] + y * reach * diagonal - (height if y < 0 else height / 2 if y == 0 else 0.0)
    return Box.from_bounds(left, low, width, height)


def _inside(box: Bbox, frame: Bbox) -> bool:
    return bool(box.x0 >= frame.x0 + 1 and box.x1 <= frame.x1 - 1 and box.y0 >= frame.y0 + 1 and box.y1 <= frame.y1 - 1)


def _count(box: Bbox, points: NDArray[np.float64]) -> int:
    inside = (points[:, 0] > box.x0) & (points[:, 0] < box.x1) & (points[:, 1] > box.y0) & (points[:, 1] < box.y1)
    return int(inside.sum())


def dodged(wanted: Sequence[float], gap: float) -> list[float]:
    """Places in rising order nearest to those wanted, none nearer than `gap` to the next: blocks that touch are centred together."""
    blocks: list[tuple[float, int]] = []  # first place, members
    sums: list[float] = []
    for place in wanted:
        blocks.append((place, 1))
        sums.append(place)
        while len(blocks) > 1 and blocks[-2][0] + blocks[-2][1] * gap > blocks[-1][0]:
            (_, few), (_, more) = blocks[-2], blocks[-1]
            total = sums[-2] + sums[-1] - few * more * gap
            count = few + more
            blocks[-2:] = [(total / count, count)]
            sums[-2:] = [total]
    return [first + k * gap for first, count in blocks for k in range(count)]
