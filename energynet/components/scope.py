"""What a component is given: the data and sets of a system, and a place for its variables, rows, costs and balance terms.

The same algebra runs in two scopes: one period with the data as symbols, which is compiled and laid along the horizon, and
every period of an ordinary Pyomo model with the data as numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

Expression = Any  # a Pyomo expression, or a number
Key = tuple[str, ...]


class Network(Protocol):
    """The sets of a system that the algebra reads; `energynet.system.System` is one."""

    @property
    def pairs(self) -> Any: ...  # noqa: ANN401

    @property
    def records(self) -> Mapping[str, Any]: ...

    @property
    def forbid_unserved(self) -> bool: ...

    @property
    def foresight(self) -> bool: ...

    @property
    def capacity_tariffs(self) -> bool: ...

    @property
    def objective(self) -> str: ...

    def __getitem__(self, table: str) -> Any: ...  # noqa: ANN401


class PeriodScope(Protocol):
    """One period. All quantities are units a day unless a docstring says otherwise."""

    component: str

    @property
    def network(self) -> Network: ...

    @property
    def variables(self) -> Mapping[str, Mapping[Any, Expression]]: ...

    def data(self, table: str, column: str) -> Mapping[str, Expression]:
        """The datum of each record in this period, in base units."""

    @property
    def days(self) -> Expression:
        """Length of the period, days."""

    @property
    def days_weighted(self) -> Expression:
        """Days of the period and of all that it stands for: a rate times this is a volume."""

    @property
    def money(self) -> Expression:
        """Million USD for one USD/tcm (USD/MWh) on one unit a day over the period and all that it stands for, discounted."""

    @property
    def thousandth(self) -> Expression:
        """Million USD for one USD/tcm (USD/MWh) on one unit, discounted."""

    def variable(
        self, name: str, keys: Sequence[Key], *, upper: Callable[..., Expression] | None = None, unit: str = "units/d"
    ) -> Mapping[Any, Expression]:
        """Non-negative variables, by key; `upper` gives the bound of a key."""

    def previous(self, name: str, opening: tuple[str, str] | None = None, *, in_day: bool = False) -> Mapping[Any, Expression]:
        """A variable of the period before, by key. `opening` is the table and column of its value before the first period; else 0.

        `in_day`: before the first hour of a representative day stands its last.
        """

    def horizon_variable(self, name: str, year: str) -> Mapping[Any, Expression]:
        """A variable of the horizon, declared in `horizon`, in the year (or quarter, month: see `years`) of this period."""

    def constrain(self, name: str, keys: Sequence[Key], rule: Callable[..., Expression], *, unit: str = "units/d") -> None:
        """Rows, one a key; `rule` gives a Pyomo relation."""

    def inject(self, node: str, origin: str, expression: Expression) -> None:
        """Add to what arrives at a node, less what leaves; a pair that does not exist is an error."""

    def arrivals(self) -> Mapping[tuple[str, str], Sequence[Expression]]:
        """What all components injected so far."""

    def cost(self, item: str, expression: Expression) -> None:
        """Add to the objective, million USD."""

    def second_stage(self, name: str, expression: Expression) -> None:
        """Add to the objective `fuel` or `haul` of the second stage."""

    def before(self, name: str, expression: Expression) -> None:
        """Add to an objective that is made least before the cost: `unserved` (GWh), `curtailment` (share), `income` (less million USD)."""

    def total(self, name: str, keys: Sequence[Key], rule: Callable[..., Expression]) -> None:
        """What the horizon's rows may add up over periods: units in this period, and all that it stands for."""


class HorizonScope(Protocol):
    """The rows and columns of the horizon, each keyed by a record and a year."""

    component: str

    @property
    def network(self) -> Network: ...

    @property
    def variables(self) -> Mapping[str, Mapping[Any, Expression]]: ...

    def years(self, kind: str) -> Sequence[str]:
        """Labels of the years in the horizon, `calendar` or `gas`; or of its `quarter`s, `month`s or `period`s."""

    def sum(self, table: str, column: str, year: str) -> Mapping[tuple[str, str], Expression]:
        """A rate added up over the days of each year that lie in the horizon: units, by (record, year)."""

    def mean(self, table: str, column: str, year: str) -> Mapping[tuple[str, str], Expression]:
        """The mean of a datum over the days of each year that lie in the horizon, by (record, year)."""

    def limited(self, table: str, column: str, year: str) -> Sequence[tuple[str, str]]:
        """The (record, year) pairs for which the column has a number."""

    def days(self, year: str) -> Mapping[str, Expression]:
        """Days of each year that lie in the horizon, weights counted."""

    def total(self, name: str, key: Key, year: str, label: str) -> Expression:
        """A total of the period, added up over the periods of that year."""

    def variable(
        self, name: str, keys: Sequence[Key], *, upper: Callable[..., Expression] | None = None, unit: str = "units"
    ) -> Mapping[Any, Expression]:
        """Non-negative horizon variables; the last part of a key is the year. `unit` `whole`: they are whole numbers."""

    def constrain(self, name: str, keys: Sequence[Key], rule: Callable[..., Expression], *, unit: str = "units") -> None:
        """Horizon rows; the last part of a key is the year."""

    def cost(self, item: str, expression: Expression) -> None:
        """Add to the objective, million USD."""

    def before(self, name: str, expression: Expression) -> None:
        """Add to an objective that is made least before the cost, as in a period."""
