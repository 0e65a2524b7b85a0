"""The second reader against a rolled horizon: each window by itself, with what the windows before it decided, and then the whole.

Which of several equal answers a window keeps is decided by the package under test; so what it kept is taken as it is, and each window must
be an optimum of the program that the tables make of it. The banks of the contracts are kept here once more, from the quantities alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from oracle.accounts import summed
from oracle.comparison import CLOSE, FEASIBLE, Comparison, named
from oracle.from_tables import Builder, build
from oracle.linear import Name

import energynet as en


@dataclass
class Bank:
    """What a contract may still take of gas paid for, and by what earlier gas lowers its minimum: units by the year they stem from."""

    make_up: dict[int, float] = field(default_factory=dict)
    credit: dict[int, float] = field(default_factory=dict)

    @staticmethod
    def usable(vintages: dict[int, float], year: int, years: int) -> float:
        return sum(units for of, units in vintages.items() if of < year <= of + years)

    @staticmethod
    def use(vintages: dict[int, float], amount: float, year: int, years: int) -> None:
        """Take an amount from the oldest that is still usable."""
        for of in sorted(vintages):
            if of < year <= of + years:
                taken = min(vintages[of], amount)
                vintages[of] -= taken
                amount -= taken


class Handed:
    """What the windows so far hand on: the banks by contract, and what they offered to each contract year."""

    def __init__(self, whole: Builder, values: dict[Name, float]) -> None:
        self.whole, self.values = whole, values
        self.banks = {c: Bank() for c in whole.keys("contracts")}
        self.offered: dict[tuple[str, str], tuple[float, float]] = {}
        self.rolling = whole.options.get("contract_years") == "rolling"

    def years(self, c: str) -> dict[str, list[int]]:
        return self.whole.years(self.whole.data.cell("contracts", c, "contract_year") or "calendar")

    def _terms(self, c: str, inside: list[int]) -> tuple[int, int, float, float, float]:
        d, b = self.whole.data, self.whole

        def of_quantity(column: str) -> float:
            share, quantity = b.of("contracts", column), b.of("contracts", "annual_quantity")
            return summed(b, inside, "contracts", c, lambda row, at: share(row, at) * quantity(row, at))

        quantity = summed(b, inside, "contracts", c, b.of("contracts", "annual_quantity"))
        make_up, credit = (int(d.constant("contracts", c, column)) for column in ("make_up_years", "carry_forward_years"))
        return make_up, credit, of_quantity("take_or_pay"), quantity, of_quantity("carry_forward_limit")

    def offer(self, begin: int) -> None:
        """What the contract years that are open in a period may use."""
        for c, bank in self.banks.items() if self.rolling else ():
            for label, inside in self.years(c).items():
                if begin in inside and (c, label) not in self.offered:
                    year, (make_up, credit, _, _, limit) = int(label[:4]), self._terms(c, inside)
                    most = min(bank.usable(bank.credit, year, credit), limit)
                    self.offered[c, label] = (bank.usable(bank.make_up, year, make_up), most)

    def settle(self, begin: int, keep: int) -> None:
        """Close the contract years that end before a period."""
        for c, bank in self.banks.items() if self.rolling else ():
            for label, inside in self.years(c).items():
                if not begin <= inside[-1] < keep or (c, label) not in self.offered:
                    continue
                year, (for_make_up, for_credit, least, quantity, _) = int(label[:4]), self._terms(c, inside)
                delivered = sum(self.whole.periods[t].days * self.values.get(("delivered", (c,), t), 0.0) for t in inside)
                not_taken, made_up = (self.values.get((name, (c, label), None), 0.0) for name in ("not_taken", "make_up"))
                own, credit = delivered - made_up, self.offered[c, label][1]
                bank.use(bank.make_up, made_up, year, for_make_up)
                bank.use(bank.credit, min(max(least - own, 0.0), credit), year, for_credit)
                bank.make_up[year] = not_taken
                bank.credit[year] = max(own - quantity, 0.0)


def compare_rolled(path: Path) -> Comparison:
    """Each window of a rolled model, and the whole."""
    solution = en.load(path).solution()
    whole = build(path)
    joined = {name: value for name, (_, value) in named(solution).items()}
    labels = [period.label for period in whole.periods]
    begins = [labels.index(part.label) for part in solution.parts]
    handed, found = Handed(whole, joined), Comparison(f"{solution.objective!r}", "")
    for part, begin, keep in zip(solution.parts, begins, [*begins[1:], len(labels)], strict=True):
        first, last = labels.index(part.program.periods[0]), labels.index(part.program.periods[-1])
        handed.offer(begin)
        window = build(path, within=(whole.periods[first].first, whole.periods[last].moments[-1].day), handed=_before(whole, handed, first))
        fixed = _past(window, joined, first, begin)
        answer = window.lp.solve(fixed=fixed)
        found.ours += f" {answer.objectives.get('cost')!r}"
        if answer.status != "optimal":
            found.faults.append(f"the window from {part.label} is {answer.status} here")
        elif abs(answer.objectives["cost"] - part.objective) > CLOSE * max(1e-3, abs(part.objective)):
            found.faults.append(f"the window from {part.label} costs {answer.objectives['cost']!r} here, {part.objective!r} there")
        handed.settle(begin, keep)
    again = build(path, handed=_before(whole, handed, 0)).lp
    _, worst, where, objectives = again.held_against(joined)
    if worst > FEASIBLE:
        found.faults.append(f"the joined flows break {where} by {worst:.3g} here")
    if abs(objectives["cost"] - solution.objective) > CLOSE * max(1e-3, abs(solution.objective)):
        found.faults.append(f"the joined flows cost {objectives['cost']!r} here and {solution.objective!r} there")
    return found


def _before(whole: Builder, handed: Handed, first: int) -> dict:
    """What a window from a period on begins with: stocks, banks, and the year to which money is discounted."""
    stocks = None
    if first > 0:
        stocks = {key: max(value, 0.0) for (name, key, t), value in handed.values.items() if name == "inventory" and t == first - 1}
    year = whole.periods[first].first.year
    built = {(key[0], int(key[1])): value for (name, key, _), value in handed.values.items() if name == "added" and int(key[1]) < year}
    return {"stocks": stocks, "bank": dict(handed.offered), "built": built, "base_year": whole.start.year}


def _past(window: Builder, joined: dict[Name, float], first: int, begin: int) -> dict[int, float]:
    """The columns of a window that are decided: its periods before `begin`, and its years that have ended by then."""
    ended = {window.periods[t].group(kind) for kind in ("calendar", "gas") for t in range(begin - first)}
    ended -= {window.periods[t].group(kind) for kind in ("calendar", "gas") for t in range(begin - first, len(window.periods))}
    fixed = {}
    for (name, key, t), column in window.lp.columns.items():
        if t is not None and t < begin - first:
            fixed[column] = joined.get((name, key, t + first), 0.0)
        elif t is None and key[-1] in ended:
            fixed[column] = 0.0
    return fixed
