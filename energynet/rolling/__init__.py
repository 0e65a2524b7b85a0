"""The horizon rolled from contract year to contract year, or from calendar year to calendar year: a buyer or builder who plans one year
at a time.

A window runs from the boundary of any contract's year until every contract year that is open there has ended. There its stocks are those
of the data (`storage_end: stocks`, for which every such day needs a stock row of each storage), those with which the calendar year began
(`yearly`), or free. What was decided
before the boundary stands in the window as fixed columns, back to where the open years began, so that every annual row counts
it; the part up to the next boundary is kept, and banks, stocks and what was built are handed on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from energynet.components.contract import active
from energynet.dataset.case import Case
from energynet.dataset.changes import Change
from energynet.dataset.package import Package
from energynet.program.layout import Program
from energynet.program.linear_program import Family, LinearProgram
from energynet.recheck import recheck
from energynet.recheck.physical import physical
from energynet.recheck.values import Values
from energynet.rolling.joined import joined_checks, joined_duals, shared
from energynet.solution import Part, Solution
from energynet.solver import Certificate, Result, SolveOptions, solve_program
from energynet.solver.certificate import worst_of
from energynet.system.banks import Bank, Carried, first_year, terms_of
from energynet.system.system import System, build_system

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Answer = Callable[[str, LinearProgram], Result]  # a certified optimum of a window's program, by the label of its first kept period


@dataclass(frozen=True)
class Window:
    """Periods of the whole horizon: `first` to `last` are solved, those before `begin` stand fixed, and those before `keep` are kept."""

    first: int
    begin: int
    keep: int
    last: int


def windows(system: System, *, by_year: bool = False, yearly: bool = False) -> list[Window]:
    """The windows of a horizon, from the contract years of the contracts that are valid in it, and `by_year` from calendar years too.
    `yearly`: what storages hold is the same at both ends of each calendar year, so that windows are made of whole ones.
    """
    horizon, contracts = system.horizon, system["contracts"]
    kinds = dict.fromkeys(contracts.of("contract_year", contract) for contract in active(system))
    if by_year or yearly:
        kinds["calendar"] = None
    count = len(horizon)
    groups = [horizon.groups[kind][1] for kind in kinds] or [np.zeros(count, dtype=np.int64)]
    begins = sorted({0, *(int(t) for group in groups for t in np.flatnonzero(np.diff(group)) + 1)})
    years_end = np.array([*(np.flatnonzero(np.diff(horizon.year)) + 1), count])
    found = []
    for begin, keep in zip(begins, [*begins[1:], count], strict=True):
        open_years = [np.flatnonzero(group == group[begin]) for group in groups]
        last = max(int(years[-1]) for years in open_years) + 1
        if yearly:
            last = int(years_end[np.searchsorted(years_end, last)])
        found.append(Window(min(int(years[0]) for years in open_years), begin, keep, last))
    return found


def solve_rolling(
    package: Package, case: Case, changes: Sequence[Change] = (), scenario: str | None = None, options: SolveOptions | None = None
) -> Solution:
    """Solve and certify window after window, and join what is kept. Raises as `solve_system`."""
    started = time.perf_counter()
    solution = roll_along(package, case, changes, scenario, lambda _, program: solve_program(program, options))
    return replace(solution, seconds={"windows": time.perf_counter() - started - solution.seconds["recheck"], **solution.seconds})


def roll_along(package: Package, case: Case, changes: Sequence[Change], scenario: str | None, answer: Answer) -> Solution:
    """The joined solution of all windows, each answered by `answer`: by solving it, or with what is known of it from before.

    Raises CertificateFailure where the whole does not hold, and what `answer` raises.
    """
    roll = _Roll(package, case, changes, scenario, answer)
    for window in windows(roll.system, by_year=case.options.years == "rolled", yearly=case.options.storage_end == "yearly"):
        roll.solve(window)
    return roll.joined()


class _Roll:
    """The state of a roll: values by (family, key) and period so far, and the banks of the contracts."""

    def __init__(self, package: Package, case: Case, changes: Sequence[Change], scenario: str | None, answer: Answer) -> None:
        self.case, self.answer = case, answer
        self._inputs = (package, changes, scenario)
        self.system = self._build(case, None)
        self.program = Program(self.system).lay(self.system)
        self.primal = np.zeros(self.program.column_count)
        self.dual = np.zeros(self.program.row_count)
        banked = active(self.system) if case.options.contract_years == "rolling" else ()
        self.banks: dict[str, Bank] = {contract: Bank() for contract in banked}
        self.used: dict[tuple[str, str], tuple[float, float]] = {}
        self.parts: list[tuple[Part, Certificate]] = []
        self.iterations = 0

    def _build(self, case: Case, carried: Carried | None) -> System:
        package, changes, scenario = self._inputs
        return build_system(package, case, changes, scenario, carried)

    def solve(self, window: Window) -> None:
        horizon = self.system.horizon
        days = [edge.astype("datetime64[D]").item() for edge in (horizon.covers_from[window.first], horizon.covers_to[window.last - 1])]
        spec = self.case.horizon.model_copy(update={"start": days[0], "end": days[1] - timedelta(days=1)})
        self._offer(window)
        carried = Carried(self._stocks(window.first), self.used, self._built(window), int(horizon.year[0]))
        system = self._build(replace(self.case, horizon=spec), carried)
        laid = Program(system).lay(system)
        columns = shared(laid.columns, self.program.columns)
        fixed = self._with_past(laid, columns, window)
        label = horizon.labels[window.begin]
        result = self.answer(label, fixed)
        self.parts.append((Part.of(label, result), result.certificate))
        self.iterations += result.iterations
        self._keep(result, laid, columns, window)
        self._settle(window)

    def _stocks(self, first: int) -> Mapping[tuple[str, str], float] | None:
        """Stocks at the beginning of a period, from the end of the one before; None at the beginning of the horizon."""
        if first == 0:
            return None
        family = next((f for f in self.program.columns if f.name == "inventory"), None)
        if family is None:
            return {}
        at = (first - 1) * self.program.columns_per_period + family.first
        return {(key[0], key[1]): max(float(self.primal[at + k]), 0.0) for k, key in enumerate(family.keys)}

    def _built(self, window: Window) -> Mapping[tuple[str, str], float]:
        """What was built in the calendar years that have ended, by project and year."""
        family = next((f for f in self.program.columns if f.name == "added"), None)
        if family is None:
            return {}
        first = self.program.family_slice(family)[0]
        ended = [(k, key) for k, key in enumerate(family.keys) if self._ended(key[-1], window)]
        return {(key[0], key[1]): float(self.primal[first + k]) for k, key in ended}

    def _with_past(self, laid: LinearProgram, columns: list[tuple[Family, Family, Integers]], window: Window) -> LinearProgram:
        """The window's program with the periods before its beginning fixed at what was decided."""
        lower, upper = laid.lower.copy(), laid.upper.copy()
        row_lower, row_upper = laid.row_lower.copy(), laid.row_upper.copy()
        for t in range(window.first, window.begin):
            for mine, whole, place in columns:
                if not mine.horizon:
                    at = (t - window.first) * laid.columns_per_period + mine.first
                    there = np.flatnonzero(place >= 0)
                    known = self.primal[t * self.program.columns_per_period + whole.first + place[there]]
                    lower[at + there] = upper[at + there] = known
        for family in laid.columns:
            if family.horizon:
                at = laid.family_slice(family)[0]
                over = [at + k for k, key in enumerate(family.keys) if self._ended(key[-1], window)]
                lower[over] = upper[over] = 0.0
        settled = self._settled_rows(laid, lower < upper, window)
        row_lower[settled], row_upper[settled] = -np.inf, np.inf
        return replace(laid, lower=lower, upper=upper, row_lower=row_lower, row_upper=row_upper)

    def _settled_rows(self, laid: LinearProgram, free: NDArray[np.bool_], window: Window) -> NDArray[np.int64]:
        """Rows with nothing left to decide: of periods before the beginning where all columns are fixed, and of years that have ended."""
        matrix = laid.matrix()
        open_rows = np.asarray(abs(matrix) @ free.astype(np.float64)) > 0.0
        past = np.arange((window.begin - window.first) * laid.rows_per_period)
        ended = [np.zeros(0, dtype=np.int64)]
        for family in laid.rows:
            if family.horizon:
                first, _, _ = laid.family_slice(family)
                ended.append(np.array([first + k for k, key in enumerate(family.keys) if self._ended(key[-1], window)], dtype=np.int64))
        return np.concatenate([past[~open_rows[past]], *ended])

    def _ended(self, label: str, window: Window) -> bool:
        """Whether a calendar year or gas year has ended when the window begins."""
        for labels, group in self.system.horizon.groups.values():
            if label in labels:
                return bool(np.flatnonzero(group == labels.index(label))[-1] < window.begin)
        return False

    def _keep(self, result: Result, laid: LinearProgram, columns: list[tuple[Family, Family, Integers]], window: Window) -> None:
        """Write down what the window decided for its kept periods and for its years, by the names of the whole program. The duals of the
        periods are joined when all windows are there.
        """
        rows = shared(laid.rows, self.program.rows)
        for families, mine, whole, values, found in (
            (columns, laid.columns_per_period, self.program.columns_per_period, self.primal, result.primal),
            (rows, laid.rows_per_period, self.program.rows_per_period, self.dual, result.dual),
        ):
            for own, full, place in families:
                there = np.flatnonzero(place >= 0)
                if own.horizon:
                    at = (window.last - window.first) * mine + own.first
                    kept = np.array([k for k in there if not self._ended(own.keys[k][-1], window)], dtype=np.int64)
                    values[len(self.program.periods) * whole + full.first + place[kept]] = found[at + kept]
                    continue
                for t in range(window.begin, window.keep):
                    values[t * whole + full.first + place[there]] = found[(t - window.first) * mine + own.first + there]

    def _years(
        self, window: Window, *, open_at: int | None = None, ended_by: int | None = None
    ) -> Iterator[tuple[str, str, NDArray[np.bool_]]]:
        """(contract, year, its periods): the contract years that contain a period, or that end with the kept part."""
        horizon = self.system.horizon
        for contract in self.banks:
            labels, group = horizon.groups[self.system["contracts"].of("contract_year", contract)]
            for g, label in enumerate(labels):
                inside = group == g
                last = int(np.flatnonzero(inside)[-1])
                if (open_at is not None and inside[open_at]) or (ended_by is not None and window.begin <= last < ended_by):
                    yield contract, label, inside

    def _offer(self, window: Window) -> None:
        """What the banks hold for the contract years that are open at the beginning of a window."""
        for contract, label, inside in self._years(window, open_at=window.begin):
            terms = terms_of(self.system["contracts"], contract, inside, self.program.days)
            if (contract, label) not in self.used:
                self.used[contract, label] = self.banks[contract].available(first_year(label), terms)

    def _settle(self, window: Window) -> None:
        """Hand on the banks of the contract years that end with the kept part; what is prepaid and made up in one year cancels."""
        for contract, label, inside in self._years(window, ended_by=window.keep):
            terms = terms_of(self.system["contracts"], contract, inside, self.program.days)
            places = [self._horizon_place(name, contract, label) for name in ("not_taken", "make_up")]
            both = min((float(self.primal[at]) for at in places if at is not None), default=0.0) if None not in places else 0.0
            for at in places:
                if at is not None:
                    self.primal[at] -= both
            not_taken, make_up = (0.0 if at is None else float(self.primal[at]) for at in places)
            family = next(f for f in self.program.columns if f.name == "delivered")
            at = family.first + family.keys.index((contract,))
            rates = self.primal[: len(inside) * self.program.columns_per_period].reshape(len(inside), -1)[:, at]
            delivered = float((rates * self.program.days)[inside].sum())
            self.banks[contract] = self.banks[contract].after(first_year(label), terms, delivered, not_taken, make_up)

    def _horizon_place(self, name: str, *key: str) -> int | None:
        for family in self.program.columns:
            if family.name == name and key in family.keys:
                return len(self.program.periods) * self.program.columns_per_period + family.first + family.keys.index(key)
        return None

    def joined(self) -> Solution:
        """The kept parts as one solution of the whole horizon: each of its rows checked again, and its duals, which are those of the
        windows, held against it.
        """
        started = time.perf_counter()
        system = self._build(self.case, Carried(None, self.used))
        program = Program(system).lay(system)
        objective = float(program.cost @ self.primal) + program.offset
        values = Values(system, program, self.primal)
        again = recheck(values, objective)
        parts = tuple(part for part, _ in self.parts)
        dual = joined_duals(program, self.primal, self.dual, parts)
        held = joined_checks(program, self.primal, dual, parts)
        checks = (*worst_of([(part.label, certificate) for part, certificate in self.parts]), *held, *again)
        certificate = Certificate(checks, physical(values, dual))
        certificate.demand()
        return Solution(
            status="optimal", objective=objective, system=system, program=program, primal=self.primal, dual=dual,
            reduced=np.asarray(program.cost - program.matrix().T @ dual), certificate=certificate,
            seconds={"recheck": time.perf_counter() - started}, iterations=self.iterations,
            parts=parts,
        )  # fmt: skip
