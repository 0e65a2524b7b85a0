"""Demand that answers to the price: an elasticity and a reference point turned into blocks of falling willingness to pay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from energynet.system.horizon import Floats
from energynet.system.records import Records

Pieces = tuple[Floats, Floats]  # width of each block as a share of the elastic quantity, and its willingness over the reference price


def derive_elastic(records: Mapping[str, Records]) -> Records:
    r"""The demand blocks, with those of `elasticities` after them; each elastic share leaves the firm quantity, in place.

    $q(p) = \mathit{share} \cdot \mathit{quantity} (p / p_0)^{e}$ between $\mathit{lowest}$ and $\mathit{highest}$ of $p_0$; who would pay
    more than the highest is a block that pays just that. The blocks' ids are `DEMAND/PART.0`, `DEMAND/PART.1`, ...
    """
    elastic, demands, blocks = records["elasticities"], records["demands"], records["demand_blocks"]
    ids, of, widths, worth, present = [], list[str](), [], [], []
    whole = demands.number["quantity"].copy()
    for k, (demand, part) in enumerate(zip(elastic.text["demand"], elastic.text["part"], strict=True)):
        at, shape = demands.position[demand], tuple(float(elastic.number[c][k]) for c in ("lowest", "highest", "blocks"))
        share = elastic.number["share"][:, k] * elastic.present[:, k]
        moved = share * whole[:, at]
        demands.number["quantity"][:, at] -= moved
        width, price = _by_period(elastic.number["elasticity"][:, k], *shape)
        for block in range(width.shape[1]):
            ids.append(f"{demand}/{part}.{block}")  # a part's own name has no point in it, so that no two blocks have one id
            of.append(demand)
            widths.append(moved * width[:, block])
            worth.append(price[:, block] * elastic.number["reference_price"][:, k])
            present.append(elastic.present[:, k])
    if not ids:
        return blocks
    number = {name: _widened(values, len(ids)) for name, values in blocks.number.items()}
    first = len(blocks)
    number["width"][:, first:], number["willingness"][:, first:] = np.column_stack(widths), np.column_stack(worth)
    text = {
        name: np.append(held, np.array(of if name == "demand" else [""] * len(ids), dtype=object)) for name, held in blocks.text.items()
    }
    return replace(
        blocks, ids=(*blocks.ids, *ids), text=text, number=number, present=np.column_stack([blocks.present, *present]), share={}
    )  # fmt: skip


def _widened(values: Floats, more: int) -> Floats:
    """Room for more records: (n,) or (T, n)."""
    extra = np.zeros((*values.shape[:-1], more))
    return np.concatenate([values, extra], axis=-1)


def _by_period(elasticity: Floats, lowest: float, highest: float, blocks: float) -> Pieces:
    """The pieces in every period (T, blocks + 1)."""
    distinct, place = np.unique(elasticity, return_inverse=True)
    found = [pieces(float(e), lowest, highest, round(blocks)) for e in distinct]
    return np.array([width for width, _ in found])[place], np.array([price for _, price in found])[place]


def pieces(elasticity: float, lowest: float, highest: float, blocks: int) -> Pieces:
    """Each block's width and willingness (blocks + 1,) on the curve r -> r^elasticity of the relative price r, from the highest price down.

    Half of the blocks lie above the reference price and half below, so that the whole quantity is taken at it. A block's willingness is the
    mean under the curve, so that the blocks together are worth what the curve is.
    """
    upper = -(-blocks // 2)
    edges = np.concatenate([np.geomspace(highest, 1.0, upper + 1), np.geomspace(1.0, lowest, blocks - upper + 1)[1:]])
    quantity = edges**elasticity
    width = np.diff(quantity)
    area = _area(edges, elasticity)
    mean = np.divide(area, width, out=np.sqrt(edges[1:] * edges[:-1]), where=width > 0.0)
    return np.append(quantity[0], width), np.append(highest, mean)


def _area(edges: NDArray[np.float64], elasticity: float) -> Floats:
    """The area under the curve of willingness over each block: the integral of r d(r^e)."""
    if abs(elasticity + 1.0) < 1e-9:
        return np.asarray(np.log(edges[:-1] / edges[1:]))
    power = elasticity + 1.0
    return np.asarray(elasticity / power * np.diff(edges**power))
