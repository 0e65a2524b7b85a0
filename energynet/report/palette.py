"""The colours of the figures, those of the page in light: told apart by people with any colour vision, and in greys by their order."""

from __future__ import annotations

FIRM, FREE = "#0072b2", "#9cc9e3"  # bound by contract, and beyond it
PAYS, EARNS = "#d55e00", "#0072b2"
LOADS = ((0.0, "#a9cbe0"), (0.25, "#6ca6cc"), (0.5, "#2f7db3"), (0.75, "#0d4a7c"), (0.95, "#d55e00"))  # from this share of capacity on
INK, SOFT, RULE = "#1A1A1A", "#595959", "#D0D0D0"
LAND, LAND_INSIDE, SEA, BORDER = "#F1EFEA", "#E6E2D8", "#DFE9F0", "#BDB7AA"
MISSING = "#d55e00"


def load_colour(share: float) -> str:
    """The colour of a line that is used to this share of its capacity."""
    return next(colour for least, colour in reversed(LOADS) if share >= least or least == 0.0)
