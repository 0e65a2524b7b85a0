"""Places on paper: an equal-area projection, the land behind the network, and the course of every arc."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from energynet.report import bundled

Floats = NDArray[np.float64]
Point = tuple[float, float]
WIDTH = 1000.0  # units of the drawing that the widest network takes
MARGIN = 0.06  # of the width, left free around the places
STEPS = 12  # points of a curve between two places of a route
BEND = 0.13  # how far an arc without a route stands off the straight line, of its length
NEAR = 0.5  # units: points of a coast nearer than this are one


@dataclass(frozen=True)
class Window:
    """The part of the drawing that a figure shows."""

    left: float
    top: float
    width: float
    height: float

    @property
    def box(self) -> str:
        return f"{self.left:.1f} {self.top:.1f} {self.width:.1f} {self.height:.1f}"

    def holds(self, points: Floats) -> bool:
        """Whether the box around the points meets the window."""
        (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
        beyond = left > self.left + self.width or right < self.left or top > self.top + self.height or bottom < self.top
        return not bool(beyond)


@dataclass(frozen=True)
class Projection:
    """Lambert's azimuthal equal-area projection about a point; y goes down, as on a screen."""

    longitude: float
    latitude: float
    scale: float = 1.0

    def __call__(self, longitude: Floats, latitude: Floats) -> Floats:
        """Degrees to units of the drawing (n, 2)."""
        away, north, centre = np.radians(np.asarray(longitude) - self.longitude), np.radians(latitude), math.radians(self.latitude)
        cosine = math.sin(centre) * np.sin(north) + math.cos(centre) * np.cos(north) * np.cos(away)
        factor = self.scale * np.sqrt(2.0 / (1.0 + cosine))
        x = factor * np.cos(north) * np.sin(away)
        y = factor * (math.cos(centre) * np.sin(north) - math.sin(centre) * np.cos(north) * np.cos(away))
        return np.column_stack([x, -y])


def projection_of(nodes: Sequence[Mapping[str, Any]]) -> Projection:
    """The projection about the middle of the places, in which they are WIDTH wide."""
    longitude, latitude = _degrees(nodes)
    middle = Projection(float((longitude.min() + longitude.max()) / 2), float((latitude.min() + latitude.max()) / 2))
    places = middle(longitude, latitude)
    span = max(float(np.ptp(places[:, 0])), float(np.ptp(places[:, 1])), 1e-3)
    return Projection(middle.longitude, middle.latitude, WIDTH * (1 - 2 * MARGIN) / span)


def _degrees(nodes: Sequence[Mapping[str, Any]]) -> tuple[Floats, Floats]:
    return (np.array([float(row[name]) for row in nodes]) for name in ("longitude", "latitude"))  # type: ignore[return-value]


def places(nodes: Sequence[Mapping[str, Any]], projection: Projection) -> Floats:
    """The nodes in units of the drawing (n, 2)."""
    return projection(*_degrees(nodes))


def window_of(points: Floats, narrowest: float = 0.45, widest: float = 0.72) -> Window:
    """A window around points, with a margin; its height is a sensible part of its width."""
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    span = max(right - left, (bottom - top) / widest, WIDTH * 0.2)
    width = span * (1 + 2 * MARGIN + 0.02)
    height = min(max((bottom - top) * (1 + 2 * MARGIN) + width * 0.04, narrowest * width), widest * width * 1.1)
    return Window(float((left + right - width) / 2), float((top + bottom - height) / 2), float(width), float(height))


def land(projection: Projection, windows: Sequence[Window]) -> list[tuple[str, str]]:
    """Countries that a window shows: their ISO code (or nothing) and their outline as an SVG path. Empty without the base map."""
    if bundled.missing():
        return []
    found = []
    for country in json.loads(bundled.asset("map.json"))["features"]:
        rings = [np.array(ring, dtype=float) for polygon in country["geometry"]["coordinates"] for ring in polygon]
        drawn = [projection(ring[:, 0], ring[:, 1]) for ring in rings]
        path = "".join(_ring(points) for points in drawn if any(window.holds(points) for window in windows))
        if path:
            found.append((str(country["properties"]["iso"] or ""), path))
    return found


def _ring(points: Floats) -> str:
    """A closed outline, in steps from point to point (a shorter text than places)."""
    whole = np.round(points * 10).astype(int)
    kept = [whole[0]]
    for point in whole[1:-1]:
        if np.abs(point - kept[-1]).max() >= NEAR * 10:
            kept.append(point)
    if len(kept) < 3 or np.ptp(np.array(kept), axis=0).max() < 12:
        return ""
    steps = np.diff(np.array(kept), axis=0)
    first = f"M{kept[0][0] / 10:g} {kept[0][1] / 10:g}l"
    return first + " ".join(f"{x / 10:g} {y / 10:g}" for x, y in steps.tolist()) + "z"


def courses(arcs: Sequence[Mapping[str, Any]], at: Floats, routes: Mapping[str, Sequence[Point]], projection: Projection) -> list[Floats]:
    """The course of every arc as points of the drawing: through its route, or a bow to the right of its way; parallel ones bend more."""
    seen: dict[tuple[int, int], int] = {}
    found = []
    for arc in arcs:
        first, last = at[arc["from"]], at[arc["to"]]
        through = routes.get(str(arc["id"]))
        if through:
            middle = projection(np.array([lon for lon, _ in through]), np.array([lat for _, lat in through]))
            found.append(smooth(np.vstack([first, middle, last])))
            continue
        ends = (int(arc["from"]), int(arc["to"]))
        seen[ends] = seen.get(ends, 0) + 1
        found.append(bow(first, last, BEND * seen[ends]))
    return found


def bow(first: Floats, last: Floats, bend: float) -> Floats:
    """A quadratic curve whose middle stands `bend` of its length to the right of the way."""
    along = last - first
    control = (first + last) / 2 + 2 * bend * np.array([-along[1], along[0]]) * 0.5
    t = np.linspace(0.0, 1.0, STEPS + 1)[:, None]
    return np.asarray((1 - t) ** 2 * first + 2 * t * (1 - t) * control + t**2 * last)


def smooth(points: Floats) -> Floats:
    """A curve through all points (centripetal turns are not needed for routes: Catmull and Rom's uniform curve)."""
    ends = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0.0, 1.0, STEPS // 2 + 1)[:-1, None]
    parts = []
    for k in range(len(points) - 1):
        a, b, c, d = ends[k : k + 4]
        parts.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.vstack([*parts, points[-1:]])


def path_of(points: Floats) -> str:
    """A line through points as an SVG path."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points.tolist())


def middle_of(points: Floats) -> tuple[float, float, float]:
    """The point half way along a course, and its direction there in degrees."""
    steps = np.diff(points, axis=0)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    half, k = float(lengths.sum()) * 0.55, 0
    while k < len(lengths) - 1 and half > lengths[k]:
        half -= lengths[k]
        k += 1
    share = half / lengths[k] if lengths[k] > 0 else 0.0
    x, y = (points[k] + steps[k] * share).tolist()
    return x, y, math.degrees(math.atan2(steps[k, 1], steps[k, 0]))


def routes_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Point]]:
    """Longitude and latitude of the points between the ends of each arc, in order."""
    found: dict[str, list[Point]] = {}
    for row in sorted(rows, key=lambda row: (row["arc"], row["sequence"])):
        found.setdefault(str(row["arc"]), []).append((float(row["longitude"]), float(row["latitude"])))
    return found
