"""Colours side by side, told apart by people with any colour vision (after Okabe and Ito 2008); the first eight are those of the page."""

from __future__ import annotations

from collections.abc import Iterable

CATEGORIES = (
    "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#8ecae6", "#8b8b8b", "#6a4c93", "#c4b454", "#aa4499", "#882255", "#117733", "#332288",
)  # fmt: skip


def categories(keys: Iterable[str]) -> dict[str, str]:
    """A colour for each key, in the order of the keys; beyond twelve they begin again."""
    return {key: CATEGORIES[k % len(CATEGORIES)] for k, key in enumerate(dict.fromkeys(keys))}
