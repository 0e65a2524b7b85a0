"""The colours of every figure and page, told apart by people with any colour vision (Okabe and Ito 2008), and in greys by their order."""

from __future__ import annotations

FIRM, FREE = "#0072B2", "#9CC9E3"  # bound by contract, and beyond it
PAYS, EARNS = "#D55E00", "#0072B2"
LOADS = ((0.0, "#9ECAE1"), (0.25, "#6BAED6"), (0.5, "#3182BD"), (0.75, "#08519C"), (0.999999, "#D55E00"))  # from this share of capacity on
INK, SOFT, RULE = "#1A1A1A", "#595959", "#D0D0D0"
LAND, LAND_INSIDE, SEA, BORDER = "#F1EFEA", "#E6E2D8", "#DFE9F0", "#BDB7AA"
MISSING = "#D55E00"


def load_colour(share: float) -> str:
    """The colour of a line that is used to this share of its capacity."""
    return next(colour for least, colour in reversed(LOADS) if share >= least or least == 0.0)
