"""What a table of a data package is: its columns, types, units, keys and references, as data.

A component declares its tables here; the dataset reads and checks any table by its declaration alone,
and `system` turns every number into an array over the periods by the same declaration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from energynet.units import Dimension

Kind = Literal["id", "reference", "text", "number", "integer", "date", "unit", "choice", "flag"]


@dataclass(frozen=True)
class Column:
    """One column. `required` means that a cell may not be empty; otherwise an empty cell reads as `default`.

    A number whose unit stands beside it names that column in `unit`. A money column may be tied to a market
    price: value = number + factor x price, with the price's id in `price` and the factor in `factor`. A reference to profiles names in
    `shapes` the number that they multiply.
    """

    name: str
    kind: Kind
    doc: str
    required: bool = False
    dimension: Dimension = "number"
    unit: str | None = None
    price: str | None = None
    factor: str | None = None
    carrier_by: str | None = None
    table: str | None = None
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    default: float | str | bool | None = None
    dated: bool = True
    many: bool = False
    shapes: str | None = None


@dataclass(frozen=True)
class Table:
    """One table. `singular` is the component's name in a change: `arc[tanap_*].capacity *= 1.1`.

    `key` names the columns that identify a record; in a `dated` table a record may have several rows,
    each valid over a window of days, and only columns with `dated=True` may differ between them.
    `carrier_by` is the column to follow until a carrier is found (a node, an origin, another record).
    """

    name: str
    singular: str
    doc: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("id",)
    dated: bool = False
    carrier_by: str | None = None
    sourced: bool = True
    optional: bool = True

    def column(self, name: str) -> Column:
        """The column of that name; raises KeyError where there is none."""
        return next(column for column in self.all_columns if column.name == name) if name in self.names else self._missing(name)

    def _missing(self, name: str) -> Column:
        raise KeyError(f"table {self.name} has no column {name}")

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """Own columns, then the window of validity, then the evidence that every row carries."""
        window = WINDOW if self.dated else ()
        return self.columns + window + (EVIDENCE if self.sourced else ())

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.all_columns)


def identifier(doc: str) -> Column:
    """The id of a record: lower or upper case letters, digits, `_` and `-`."""
    return Column("id", "id", doc, required=True, dated=False)


def text(name: str, doc: str, *, required: bool = False, dated: bool = False) -> Column:
    """Words for people, or an id that another check follows."""
    return Column(name, "text", doc, required=required, default="", dated=dated)


def reference(name: str, table: str, doc: str, *, required: bool = False, dated: bool = False, many: bool = False) -> Column:
    """A cell that names a record of another table; with `many`, several separated by `;`."""
    return Column(name, "reference", doc, required=required, table=table, default="", dated=dated, many=many)


def profile(shapes: str, doc: str) -> Column:
    """Names of profiles, separated by `;`, that together multiply the number `shapes` of the same row."""
    return Column("profile", "reference", doc, table="profiles", default="", many=True, shapes=shapes)


def choice(name: str, choices: tuple[str, ...], doc: str, *, default: str | None = None, dated: bool = False) -> Column:
    """One of the choices; without a default a cell may not be empty."""
    return Column(name, "choice", doc, required=default is None, choices=choices, default=default, dated=dated)


def flag(name: str, doc: str, *, default: bool = False) -> Column:
    """`yes` or `no`."""
    return Column(name, "flag", doc, default=default, dated=False)


def unit(name: str, doc: str = "unit of the number beside it") -> Column:
    """The unit of one or several numbers of the same row."""
    return Column(name, "unit", doc, default="")


def number(
    name: str,
    dimension: Dimension,
    doc: str,
    *,
    unit: str | None = None,
    required: bool = False,
    default: float | None = None,
    minimum: float | None = 0.0,
    maximum: float | None = None,
    price: str | None = None,
    factor: str | None = None,
    carrier_by: str | None = None,
    dated: bool = True,
) -> Column:
    """A number. `default` None and not required: an empty cell means "no such limit" (NaN in the arrays)."""
    return Column(
        name, "number", doc, required=required, dimension=dimension, unit=unit, price=price, factor=factor,
        carrier_by=carrier_by, minimum=minimum, maximum=maximum, default=default, dated=dated,
    )  # fmt: skip


WINDOW = (
    Column("valid_from", "date", "first day on which the row holds; empty: from the beginning"),
    Column("valid_to", "date", "last day on which the row holds; empty: without end"),
)

CONFIDENCE = ("high", "medium", "low", "assumed")

EVIDENCE = (
    Column(
        "reference",
        "reference",
        "who publishes the numbers of this row; several separated by `;`",
        required=True,
        table="references",
        many=True,
    ),
    Column("confidence", "choice", "how far to trust them; `assumed` where nobody publishes them", required=True, choices=CONFIDENCE),
    Column("note", "text", "what a reader should know: the published figure and its conversion, conflicts", default=""),
)
