"""Tables on the terminal: fitted to its width with small bars, or plain text, one line a row, where there is no terminal."""

from __future__ import annotations

import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

Rows = list[Sequence[str]]
Shares = Sequence[float]

GAP = 2  # columns between two columns of a table
NARROW = 60  # columns: a terminal below this has no bars
LEAST_WIDE = 44  # a wrapped column narrower than this stands under its row instead
SHORT_NAME, LEAST_NAME = 24, 12
HELD = "\ue000"  # a space that a line is not broken at
EIGHTHS = " ▏▎▍▌▋▊▉█"
FILLS = ("█", "░")  # the first and the second part of a bar in two parts: told apart without colour
STYLES = ("cyan", "yellow")


def print_rows(title: str, head: Sequence[str], rows: Rows, bars: Sequence[Shares] | None = None, wide: int | None = None) -> None:
    """A table under a title; nothing where there are no rows.

    `bars` gives each row one or two shares of a full bar (0 to 1, together at most 1), drawn after the first column of numbers, or none.
    `wide` is the column that takes what width is left and is wrapped. Control characters in cells are shown as such and never sent.
    """
    if not rows:
        return
    title, head, rows = visible(title), [visible(name) for name in head], [[visible(str(cell)) for cell in row] for row in rows]
    if fitted():
        _fitted(title, head, rows, bars, wide)
    else:
        _plain(title, head, rows)


def fitted() -> bool:
    """Whether standard output is a terminal that tables can be fitted to."""
    return sys.stdout.isatty() and os.environ.get("TERM", "") != "dumb"


def visible(text: str) -> str:
    """Text without control characters: what a data file holds cannot steer a terminal."""
    return "".join("�" if unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp") else letter for letter in text)


def bar(shares: Shares, width: int, *, blocks: bool = True) -> list[str]:
    """One or two shares of a full bar as pieces of text, together `width` columns at most; to an eighth of a column with `blocks`."""
    cells, pieces = 0.0, []
    for fill, share in zip(FILLS if blocks else ("#", "-"), shares, strict=False):
        first, last = round(cells), cells + width * max(share, 0.0)
        cells = last
        if blocks and fill == "█" and len(shares) == 1:
            whole, part = divmod(round(8 * last), 8)
            pieces.append(fill * whole + (EIGHTHS[part] if part else ""))
        else:
            pieces.append(fill * (min(round(last), width) - first))
    return pieces


def _plain(title: str, head: Sequence[str], rows: Rows) -> None:
    widths = [max(columns_of(row[k]) for row in [head, *rows]) for k in range(len(head))]
    numbers = [is_number(rows, k) for k in range(len(head))]
    click.echo(f"\n{title}")
    for row in [head, *rows]:
        click.echo("  " + "  ".join(_set(cell, width, number) for cell, width, number in zip(row, widths, numbers, strict=True)).rstrip())


def _set(cell: str, width: int, right: bool) -> str:
    space = " " * (width - columns_of(cell))
    return space + cell if right else cell + space


def columns_of(text: str) -> int:
    """Columns that a text takes: two for a wide letter, none for an accent that combines."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def is_number(rows: Rows, column: int) -> bool:
    """Whether a column holds numbers only."""
    return all(not row[column] or row[column][0] in "-0123456789" for row in rows) and any(row[column] for row in rows)


@dataclass(frozen=True)
class Layout:
    """Widths of the columns as they are printed; `bar` is the width of a bar and `after` the column that it follows; `below` says that the
    wide column stands under its row, over the whole width.
    """

    widths: Sequence[int]
    bar: int
    after: int
    below: bool


def layout(head: Sequence[str], rows: Rows, width: int, *, bars: bool, wide: int | None) -> Layout:
    """How a table fits into `width` columns: the wide column goes under its row, long names are wrapped, then bars go."""
    natural = [max(columns_of(row[k]) for row in [head, *rows]) for k in range(len(head))]
    numbers = [is_number(rows, k) for k in range(len(head))]
    after = numbers.index(True) if bars and True in numbers and width >= NARROW else -1
    bar_width = (8 if width < 100 else 12 if width < 160 else 20) if after >= 0 else 0
    others = [n for k, n in enumerate(natural) if k != wide]
    fixed = sum(others) + GAP * len(others) + (bar_width + GAP if bar_width else 0)
    below = wide is not None and width - fixed < min(natural[wide], LEAST_WIDE)
    if wide is not None:
        natural[wide] = width - 2 * GAP if below else min(natural[wide], width - fixed - 1)
    names = [k for k in range(len(head)) if not numbers[k] and k != wide]
    over = _narrow(natural, names, fixed - width, SHORT_NAME)
    if over > 0 and bar_width:
        bar_width, after, over = 0, -1, over - bar_width - GAP
    _narrow(natural, names, over, LEAST_NAME)
    return Layout(natural, bar_width, after, below)


def _narrow(widths: list[int], columns: Sequence[int], over: int, least: int) -> int:
    """Take what is too much from the widest of the columns, none below the least; what is still too much."""
    for k in sorted(columns, key=lambda k: -widths[k]):
        cut = min(max(over, 0), max(widths[k] - least, 0))
        widths[k], over = widths[k] - cut, over - cut
    return over


def _fitted(title: str, head: Sequence[str], rows: Rows, bars: Sequence[Shares] | None, wide: int | None) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(width=shutil.get_terminal_size().columns, highlight=False, soft_wrap=True)
    blocks = (console.encoding or "").lower().startswith("utf")
    fit = layout(head, rows, console.width, bars=bars is not None, wide=wide)
    numbers = [is_number(rows, k) for k in range(len(head))]
    shown = [k for k in range(len(head)) if not (fit.below and k == wide)]
    total = sum(fit.widths[k] for k in shown) + GAP * (len(shown) - 1) + (fit.bar + GAP if fit.bar else 0)

    def put(row: Sequence[str], pieces: Shares | None, style: str) -> None:
        cells = {k: wrapped(console, row[k], fit.widths[k]) for k in shown}
        for line in range(max(map(len, cells.values()))):
            out = Text(" ")
            for k in shown:
                cell = cells[k][line] if line < len(cells[k]) else ""
                out.append(_set(cell, fit.widths[k], numbers[k]) + " " * GAP, style)
                if k == fit.after:
                    drawn = _bar(pieces if line == 0 else None, fit.bar, blocks=blocks)
                    out.append_text(drawn).append(" " * (fit.bar + GAP - len(drawn)))
            out.rstrip()
            console.print(out, soft_wrap=True)
        if fit.below and wide is not None and style != "bold":
            for text in wrapped(console, row[wide], fit.widths[wide]):
                console.print(Text("   " + text, "dim"), soft_wrap=True)

    console.print(Text("\n" + title, "bold"))
    put(head, None, "bold")
    console.print(Text(" " + ("─" if blocks else "-") * min(total, console.width - 2), "dim"))
    for place, row in enumerate(rows):
        put(row, None if bars is None else bars[place], "")


def wrapped(console: Console, text: str, width: int) -> list[str]:
    """Lines of at most `width` columns, between words: a number keeps its `%`, a way its `>`."""
    from rich.text import Text

    held = re.sub(r" (?=[%>])", HELD, text)
    return [line.plain.rstrip().replace(HELD, " ") for line in Text(held).wrap(console, width)] or [""]


def _bar(shares: Shares | None, width: int, *, blocks: bool) -> Text:
    from rich.text import Text

    return Text.assemble(*zip(bar(shares or (), width, blocks=blocks), STYLES, strict=False))
