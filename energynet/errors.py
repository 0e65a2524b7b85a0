"""The one family of errors that a user can meet, each with the exit status of the command that it ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import ClassVar


class EnergynetError(Exception):
    """Any error that is the input's, the model's or the solver's, and not a fault of the program."""

    exit_status: ClassVar[int] = 4


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in one place of the input.

    A place in a table is a `row` (the header of a CSV file is row 1) and a `column`; a place in a model file is a
    `line` and a `position` in it (both from 1), and `column` then holds the key. `message` reads on after the value:
    `'bcm/yr' is not a rate unit`. `hint` is the nearest valid name. `check` is the id of the check that found it.
    """

    file: str
    message: str
    row: int | None = None
    line: int | None = None
    position: int | None = None
    column: str | None = None
    value: str | None = None
    hint: str | None = None
    check: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f":row {self.row}"
        if self.line is not None:
            place += f":{self.line}:{self.position or 1}"
        parts = [place]
        if self.column:
            parts.append(f"column {self.column}" if self.line is None and self.row is not None else self.column)
        said = self.message if self.value is None else f"{self.value!r} {self.message}"
        parts.append(said + (f" (did you mean {self.hint!r}?)" if self.hint else ""))
        return ": ".join(parts)


class InputFaults(EnergynetError):
    """Everything that is wrong in the input, all at once."""

    exit_status: ClassVar[int] = 2

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        count = len(self.faults)
        return "\n".join([f"{count} fault{'' if count == 1 else 's'} in the input", *map(str, self.faults)])


class UsageFault(EnergynetError):
    """The command or the call was used in a way that has no meaning."""

    exit_status: ClassVar[int] = 2


class Infeasible(EnergynetError):
    """No solution keeps all rows; `explanation` holds the rows that are at odds, in words."""

    exit_status: ClassVar[int] = 3

    def __init__(self, message: str, explanation: Sequence[str] = ()) -> None:
        self.message = message
        self.explanation: tuple[str, ...] = tuple(explanation)
        super().__init__(message, self.explanation)

    def __str__(self) -> str:
        return "\n".join([self.message, *self.explanation])


class Unbounded(EnergynetError):
    """The cost can fall without end."""

    exit_status: ClassVar[int] = 3


class SolverFailure(EnergynetError):
    """The solver gave no answer, and no reason that the input could mend."""


class TimeLimit(EnergynetError):
    """The solver ran out of the time that it was given."""


class CertificateFailure(EnergynetError):
    """A solution, or a stored run, does not hold what its certificate asks; `certificate` says where."""

    def __init__(self, message: str, certificate: object = None) -> None:
        self.message = message
        self.certificate = certificate
        super().__init__(message, certificate)

    def __str__(self) -> str:
        return self.message


def nearest(name: str, allowed: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The allowed name that is most like `name`, upper and lower case aside; None where none is like it."""
    by_folded = {candidate.casefold(): candidate for candidate in sorted(allowed, reverse=True)}
    found = get_close_matches(name.casefold(), list(by_folded), n=1, cutoff=cutoff)
    return by_folded[found[0]] if found else None
