"""The outlines of countries that maps are drawn on."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
from numpy.typing import NDArray

from energynet.report import bundled

SOURCE = "Base map: Natural Earth 1:50m, public domain."


def missing() -> str:
    """Why there is no base map, in words; empty where it is here."""
    return f"No base map: {bundled.missing()}." if bundled.missing() else ""


@cache
def outlines() -> tuple[tuple[str, tuple[NDArray[np.float64], ...]], ...]:
    """The ISO code of each country (empty where it has none) and its rings of longitude and latitude, (points, 2) each."""
    if missing():
        return ()
    features = json.loads(bundled.asset("map.json"))["features"]
    return tuple(
        (one["properties"]["iso"] or "", tuple(np.array(ring) for polygon in one["geometry"]["coordinates"] for ring in polygon))
        for one in features
    )
