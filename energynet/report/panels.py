"""Small pictures of the same kind side by side: supply by origin in every country, and the stock of every storage."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from energynet.report.bind import Evaluator, number
from energynet.report.markets import demands_in, pairs_of

Floats = NDArray[np.float64]
Drawn = dict[str, Any]
COLOURS = 8
GAP = 0.12  # between two bars, of a period's width
SEEN = 1e-6


def colours(data: Mapping[str, Any]) -> list[int]:
    """A colour for every origin, counted within its carrier; those that contracts are about come first."""
    order = sorted(range(len(data["origins"])), key=lambda k: (k not in data["followed"], k))
    seen: dict[str, int] = {}
    found = [0] * len(order)
    for k in order:
        carrier = data["origins"][k]["carrier"]
        found[k] = seen.get(carrier, 0) % COLOURS
        seen[carrier] = seen.get(carrier, 0) + 1
    return found


def stacks(data: Mapping[str, Any], view: Mapping[str, Any], carrier: str) -> Drawn:
    """Panels of one carrier: a country's deliveries by origin, bar upon bar, and above them what was not served."""
    read, about, colour = Evaluator(data, view), data["carriers"][carrier], colours(data)
    panels: list[tuple[float, str, list[Drawn], Floats]] = []
    for country in dict.fromkeys(data["nodes"][row["node"]]["country"] for row in data["demands"] if row["carrier"] == carrier):
        demands = demands_in(data, country, carrier)
        layers: list[Drawn] = []
        for origin, row in enumerate(data["origins"]):
            rows = pairs_of(data, demands, [origin])
            if row["carrier"] == carrier and rows:
                layers.append({"from": "delivered", "rows": rows, "css": f"o{colour[origin]}", "origin": origin})
        layers.append({"from": "unserved", "rows": demands, "css": "short", "origin": -1})
        values = np.array([read.array(layer["from"])[layer["rows"]].sum(axis=0) for layer in layers])
        panels.append((float(values.sum()), country, layers, values))
    panels.sort(key=lambda panel: -panel[0])
    used = {layer["origin"] for _, _, layers, values in panels for layer, row in zip(layers, values, strict=True) if row.sum() > SEEN}
    order = sorted((k for k in used if k >= 0), key=lambda k: (k not in data["followed"], k))
    return {
        "name": f"{about['name']}, {about['unit']} a period", "short": -1 in used,
        "legend": [{"name": data["origins"][k]["name"], "colour": colour[k]} for k in order],
        "panels": [_stack(data, about, *panel) for panel in panels if panel[0] > SEEN],
    }  # fmt: skip


def _stack(
    data: Mapping[str, Any], about: Mapping[str, Any], whole: float, country: str, layers: Sequence[Mapping[str, Any]], values: Floats
) -> Drawn:
    top = float(values.sum(axis=0).max()) or 1.0
    base, drawn = np.zeros(values.shape[1]), []
    for layer, row in zip(layers, values, strict=True):
        drawn.append({"css": layer["css"], "d": bars(base / top, (base + row) / top)})
        base = base + row
    scale = 1.0 / about["per_large"]
    bound = {"scale": scale, "large": about["large"], "layers": [[layer["from"], layer["rows"]] for layer in layers]}
    return {
        "name": data["countries"][country]["name"].split(" (")[0],
        "total": f"{number(whole * scale, 2)} {about['large']}", "top": number(top, 0),
        "layers": drawn, "layers_json": json.dumps(bound, separators=(",", ":")), **_span(data),
    }  # fmt: skip


def _span(data: Mapping[str, Any]) -> Drawn:
    periods = data["periods"]
    return {"count": len(periods), "first": periods[0]["label"], "last": periods[-1]["label"] if len(periods) > 1 else ""}


def bars(low: Floats, high: Floats) -> str:
    """Bars between shares of the height, one a period of width 1, in a box 100 high; as `js/panels.js` has it."""
    parts = []
    for t, (a, b) in enumerate(zip(low.tolist(), high.tolist(), strict=True)):
        if b - a > 1e-4:
            parts.append(f"M{t + GAP / 2:.2f} {100 - 100 * a:.2f}V{100 - 100 * b:.2f}h{1 - GAP:.2f}V{100 - 100 * a:.2f}z")
    return "".join(parts)


def curves(data: Mapping[str, Any], view: Mapping[str, Any]) -> list[Drawn]:
    """One panel a storage, the largest first: its stock against its working volume."""
    read = Evaluator(data, view)
    found = []
    for k, row in enumerate(data["storages"]):
        stock = read.array("inventory")[k]
        top = row["working_volume"] or float(stock.max())
        if not top:
            continue
        about = data["carriers"][row["carrier"]]
        line, area = curve(stock / top)
        full = f"{number(100 * stock[-1] / top)}\u202f% at the end"
        found.append(
            {
                "k": k, "name": row["name"], "total": full, "top": f"{number(top)} {about['unit']}", "line": line, "area": area,
                "words": f"{row['name']}: stock of a working volume of {number(top)} {about['unit']}, {full}", "size": top, **_span(data),
                "count": max(len(data["periods"]) - 1, 1),
            }
        )  # fmt: skip
    return sorted(found, key=lambda one: -one["size"])


def curve(share: Floats) -> tuple[str, str]:
    """The line through shares of the height, and the area under it."""
    values = share if len(share) > 1 else np.repeat(share, 2)
    line = "M" + "L".join(f"{t} {100 - 100 * value:.2f}" for t, value in enumerate(values.tolist()))
    return line, f"{line}V100H0z"
