"""Colours for what stands beside one another, told apart by people with any colour vision (after Okabe and Ito 2008, and Tol)."""

from __future__ import annotations

from collections.abc import Iterable

CATEGORIES = (
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8C8C8C", "#F0E442", "#332288", "#AA4499", "#882255", "#117733",
)  # fmt: skip


def categories(keys: Iterable[str]) -> dict[str, str]:
    """A colour for each key, in the order of the keys; beyond twelve they begin again."""
    return {key: CATEGORIES[k % len(CATEGORIES)] for k, key in enumerate(dict.fromkeys(keys))}
