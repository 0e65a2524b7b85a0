"""How every figure looks: one width, one type, units on every axis; the same data gives the same bytes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from energynet.report.palette import INK, RULE, SOFT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 7.2  # inches: the text of an A4 page
TITLE, NOTE, LEGEND = 0.28, 0.2, 0.19  # inches, above and below the axes; a row of a legend
FONT = "DejaVu Sans"
STYLE: dict[str, Any] = {
    "font.family": FONT, "font.size": 8.0, "axes.titlesize": 8.0, "axes.labelsize": 8.0, "xtick.labelsize": 7.0, "ytick.labelsize": 7.0,
    "legend.fontsize": 7.0, "axes.titlelocation": "left", "axes.edgecolor": SOFT, "axes.labelcolor": INK, "text.color": INK,
    "xtick.color": SOFT, "ytick.color": SOFT, "xtick.labelcolor": INK, "ytick.labelcolor": INK, "axes.linewidth": 0.6,
    "axes.spines.top": False, "axes.spines.right": False, "axes.grid": False, "grid.color": RULE, "grid.linewidth": 0.5,
    "axes.axisbelow": True, "xtick.major.width": 0.6, "ytick.major.width": 0.6, "xtick.major.size": 2.5, "ytick.major.size": 2.5,
    "legend.frameon": False, "figure.facecolor": "white", "savefig.facecolor": "white", "text.parse_math": False, "text.usetex": False,
    "svg.hashsalt": "energynet", "svg.fonttype": "path", "pdf.fonttype": 42, "pdf.compression": 6, "hatch.linewidth": 0.5,
    "axes.unicode_minus": True, "axes.formatter.use_mathtext": False, "timezone": "UTC", "path.simplify": True,
}  # fmt: skip


@contextmanager
def styled() -> Iterator[None]:
    """Everything drawn inside has this style, whatever the settings of the machine are."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)  # type: ignore[arg-type,unused-ignore]
        yield


def new_figure(title: str, height: float, note: str = "") -> Figure:
    """An empty figure with its title, and a note under it in small type; `height` in inches."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    low = NOTE / height if note else 0.0
    engine = ConstrainedLayoutEngine(w_pad=0.04, h_pad=0.04, hspace=0.04, wspace=0.03, rect=(0.0, low, 1.0, 1.0 - TITLE / height - low))
    figure = Figure(figsize=(WIDTH, height), layout=engine)
    _words(figure, title, note)
    return figure


def picture_grid(
    title: str, count: int, note: str = "", *, across: int = 4, row: float = 1.12, legend: float = 0.25
) -> tuple[Figure, list[Axes]]:
    """A figure of small pictures, `across` beside one another, with room for a legend above (inches); the figure and its axes."""
    from matplotlib.figure import Figure

    down, across = -(-count // across), min(across, count)
    top, bottom = TITLE + legend + 0.2, (NOTE if note else 0.0) + 0.3
    height = top + down * row + bottom
    figure = Figure(figsize=(WIDTH, height))
    figure.subplots_adjust(
        left=0.42 / WIDTH, right=1.0 - 0.12 / WIDTH, top=1.0 - top / height, bottom=bottom / height, hspace=0.3, wspace=0.32
    )
    axes = list(figure.subplots(down, across, squeeze=False).flat)
    for k, one in enumerate(axes):
        one.set_visible(k < count)
        one.tick_params(labelbottom=k + across >= count)
    _words(figure, title, note)
    return figure, axes[:count]


def _words(figure: Figure, title: str, note: str) -> None:
    width, height = figure.get_size_inches()
    head = figure.text(0.07 / width, 1.0 - 0.06 / height, drawable(title), ha="left", va="top", fontsize=9.5, fontweight="bold")
    foot = figure.text(0.07 / width, 0.05 / height, drawable(note), ha="left", va="bottom", fontsize=6.5, color=SOFT)
    for text in (head, foot):
        text.set_in_layout(False)


def legend_above(figure: Figure, handles: Sequence[Any], columns: int = 5) -> None:
    """A legend between the title and the axes."""
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    top = 1.0 - TITLE / float(figure.get_size_inches()[1])
    engine = figure.get_layout_engine()
    if isinstance(engine, ConstrainedLayoutEngine):
        left, low, width, high = engine.get()["rect"]
        rows = -(-len(handles) // columns)
        engine.set(rect=(left, low, width, high - rows * LEGEND / float(figure.get_size_inches()[1])))
    figure.legend(
        handles=list(handles), loc="upper left", bbox_to_anchor=(0.0, 0.0, 1.0, top), ncols=min(max(len(handles), 1), columns),
        handlelength=1.0, columnspacing=1.2, borderaxespad=0.2,
    )  # fmt: skip


def drawable(text: object) -> str:
    """Text that the typeface can show, on one line: a letter that it lacks, or a control character, is shown as a sign for it."""
    known = _letters()
    kept = ("�" if ord(c) not in known or unicodedata.category(c).startswith("C") else c for c in unicodedata.normalize("NFC", str(text)))
    return "".join(kept)


@cache
def _letters() -> frozenset[int]:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    return frozenset(get_font(findfont(FontProperties(family=FONT))).get_charmap())  # type: ignore[attr-defined,unused-ignore]


def shortened(text: str, most: int = 34) -> str:
    """A long name, cut."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def name_rows(axes: Axes, names: Sequence[str]) -> None:
    """Rows of horizontal bars named from the top down."""
    axes.set_yticks(range(len(names)), [drawable(shortened(name)) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(visible=True, axis="x")


def beside(axes: Axes, words: str, end: float, row: int) -> None:
    """A text at the end of a horizontal bar."""
    axes.annotate(drawable(words), (end, row), xytext=(4, 0), textcoords="offset points", va="center", fontsize=6.6)


def thousands(axes: Axes, which: str = "x") -> None:
    """Numbers on an axis with commas."""
    from matplotlib.ticker import FuncFormatter

    formatter = FuncFormatter(lambda value, _: f"{value:,.10g}".replace("-", "−"))
    (axes.xaxis if which == "x" else axes.yaxis).set_major_formatter(formatter)


def dates(axes: Axes, frame: pd.DataFrame, most: int = 6) -> None:
    """A time axis over the periods of a table, from the first's start to the last's end."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    first, last = span(frame)
    axes.set_xlim(first, last)
    locator = AutoDateLocator(minticks=2, maxticks=most, tz="UTC")  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, tz="UTC"))  # type: ignore[no-untyped-call]
    axes.xaxis.get_offset_text().set_fontsize(6.5)


def small_axes(axes: Axes, frame: pd.DataFrame) -> None:
    """The axes of a small picture over time: few figures on either."""
    from matplotlib.ticker import MaxNLocator

    dates(axes, frame, 4)
    first, last = axes.get_xlim()
    ticks = axes.xaxis.get_majorticklocs()
    kept = [tick for tick in ticks if first <= tick <= first + 0.88 * (last - first)]  # a name at the end would meet the next picture's
    axes.set_xticks(kept, axes.xaxis.get_major_formatter().format_ticks(list(ticks))[: len(kept)])
    thousands(axes, "y")
    axes.yaxis.set_major_locator(MaxNLocator(3))


def day_numbers(starts: pd.Series[Any]) -> np.ndarray:
    """Days since 1970, as a time axis counts them."""
    return np.asarray(starts.to_numpy().astype("datetime64[s]").astype(np.float64) / 86400.0)


def span(frame: pd.DataFrame) -> tuple[float, float]:
    """The first and the last moment of a table's periods, in days since 1970."""
    start = day_numbers(frame["start"])
    return float(start.min()), float((start + frame["days"].to_numpy()).max())


def figure_text(value: float, digits: int = 2) -> str:
    """A number beside a bar: a minus that is one, commas, and not more digits than it needs."""
    if value != 0.0 and abs(value) < 0.5 * 10**-digits:
        return ("−" if value < 0 else "") + f"<{10**-digits:g}"
    return f"{value:,.{digits}f}".replace("-", "−")
