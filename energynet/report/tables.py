"""The tables of the page: what stands in each cell, and the expression by which it is redrawn."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from energynet.report.bind import Evaluator, Expression, number, percent


@dataclass(frozen=True)
class Head:
    """The head of a column; a column of numbers is set to the right."""

    words: str
    unit: str = ""
    numeric: bool = True
    title: str = ""


@dataclass(frozen=True)
class Cell:
    """`bind` is what the page's scripts read it by; `stored` marks a figure that only the run's own solution has."""

    text: str
    bind: str = ""
    sort: str = ""
    numeric: bool = False
    stored: bool = False
    link: str = ""
    strong: bool = False
    bar: str = ""


@dataclass(frozen=True)
class Table:
    """One table. `sparse`: rows are hidden whose `first` number, or `all` of whose numbers, are zero. `foot` are rows of totals."""

    key: str
    caption: str
    heads: Sequence[Head]
    rows: Sequence[Sequence[Cell]]
    foot: Sequence[Sequence[Cell]] = ()
    note: str = ""
    sparse: str = ""
    more: Sequence[Table] = field(default_factory=tuple)

    def empty(self, row: Sequence[Cell]) -> bool:
        """Whether a row of a sparse table is to be hidden."""
        bound = [cell for cell in row if cell.bind][: 1 if self.sparse == "first" else None]
        return bool(self.sparse and bound) and all(float(cell.sort or 0) == 0.0 for cell in bound)


class Cells:
    """Makes cells from expressions over one view."""

    def __init__(self, data: Mapping[str, Any], view: Mapping[str, Any]) -> None:
        self.data, self.view = data, view
        self.read = Evaluator(data, view)

    def of(self, expression: Expression, digits: int = 0, *, share: bool = False, strong: bool = False, bar: bool = False) -> Cell:
        """A number by its expression."""
        value = self.read(expression)
        bound = json.dumps({"e": expression, "d": digits, **({"p": 1} if share else {})}, separators=(",", ":"))
        text = percent(value, digits) if share else number(value, digits)
        shown = "0" if value is None else f"{round(value, digits + (2 if share else 0)):.12g}"
        width = f"{min(max(value or 0.0, 0.0), 1.0) * 100:.0f}" if bar else ""
        return Cell(text, bound, shown, numeric=True, strong=strong, bar=width)


def words(text: object, *, strong: bool = False, link: str = "", title: bool = False) -> Cell:
    """A cell of words."""
    shown = "" if text is None or text != text else str(text)
    return Cell(shown[:1].upper() + shown[1:] if title else shown, strong=strong, link=link)


def figure(value: float | None, digits: int = 0, *, stored: bool = True) -> Cell:
    """A number of the run's own solution that the page does not redraw."""
    sort = "" if value is None else f"{value:.9g}"
    return Cell(number(value, digits), sort=sort, numeric=True, stored=stored)


def share(value: float | None, digits: int = 0) -> Cell:
    """A share of the run's own solution."""
    return Cell(percent(value, digits), sort="" if value is None else f"{value:.9g}", numeric=True, stored=True)


def records(frame: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """The rows of a table as dictionaries."""
    return [{str(name): cell for name, cell in row.items()} for row in frame.to_dict("records")]


def positions(rows: Iterable[Any], chosen: Any) -> list[int]:  # noqa: ANN401
    """The positions of the rows that a function chooses."""
    return [k for k, row in enumerate(rows) if chosen(row)]
