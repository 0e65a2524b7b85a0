"""What a scenario writes is what a build from nothing writes: for every number of every component."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from energynet.components.catalogue import SINGULAR
from energynet.dataset.changes import FIXED, parse_change
from energynet.errors import InputFaults
from energynet.program.layout import Program
from energynet.program.patch import Patch
from energynet.system.alike import OF_SETS
from energynet.system.checks import OF_VALUES
from energynet.system.lost_load import check_values
from energynet.system.system import Reading, changed_system
from tests.network import case, package
from tests.systems import EVERYTHING

NUMBERS = [
    (name, column.name)
    for name, table in SINGULAR.items()
    for column in table.columns
    if column.kind == "number" and column.name not in table.key and table.name in EVERYTHING and table.name not in FIXED
    if column.default is not None or any(column.name in row for row in EVERYTHING[table.name])  # not empty
]


SHARES = {  # numbers that add up to one: one rises by what the other falls
    ("supply_step", "share"): ("supply_step[sb/1].share -= 0.01", "supply_step[sb/2].share += 0.01"),
    ("tier", "share"): ("tier[t/interruptible].share -= 0.01", "tier[t/protected].share += 0.01"),
}


def texts(component, column, factor=0.97):
    """The column of all records, by another value."""
    return [text.replace("-= ", "+= -") for text in SHARES.get((component, column), [f"{component}[*].{column} *= {factor}"])]


class Everything:
    def __init__(self):
        self.package = package(EVERYTHING)
        self.case = case(end="2026-02-28", storage_end="free")
        self.reading = Reading(self.package, self.case)
        self.base = changed_system(self.reading)
        self.compiled = Program(self.base)
        self.patch = Patch(self.compiled, self.base, self.compiled.lay(self.base))


@pytest.fixture(scope="module")
def everything():
    return Everything()


def same(one, other):
    for field in dataclasses.fields(one):
        here, there = getattr(one, field.name), getattr(other, field.name)
        if isinstance(here, np.ndarray):
            np.testing.assert_array_equal(here, there, err_msg=field.name)
        elif field.name == "costs":
            for mine, its in zip(here, there, strict=True):
                assert (mine.component, mine.item, mine.constant) == (its.component, its.item, its.constant)
                np.testing.assert_array_equal(mine.index, its.index)
                np.testing.assert_array_equal(mine.value, its.value)
        else:
            assert here == there, field.name


def changed(everything, *texts, like=None):
    return changed_system(everything.reading, [parse_change(text) for text in texts], like=like)


@pytest.mark.parametrize(("component", "column"), NUMBERS, ids=[".".join(pair) for pair in NUMBERS])
def test_every_number_reaches_the_arrays(everything, component, column):
    """One number by another value: exactly the arrays that a whole layout makes."""
    system = changed(everything, *texts(component, column), like=everything.base)
    assert system.pairs == changed(everything, *texts(component, column)).pairs
    if system.pairs is everything.base.pairs:
        same(everything.patch.program(system), everything.compiled.lay(system))


def test_no_number_is_held_by_the_compiled_form(everything):
    """All numbers by other values, but those that the algebra reads as they stand: a compilation from nothing has the same arrays."""
    found = [texts(c, column) for c, column in NUMBERS if (SINGULAR[c].name, column) not in OF_SETS]
    system = changed(everything, *(text for one in found for text in one), like=everything.base)
    assert system.pairs is everything.base.pairs
    same(everything.patch.program(system), Program(system).lay(system))


def test_what_takes_away_what_exists_is_rebuilt(everything):
    """Every number at zero: sets are taken from the base only where a compilation from nothing has the same rows and columns."""
    kept = 0
    for component, column in NUMBERS:
        try:
            system = changed(everything, f"{component}[*].{column} *= 0", like=everything.base)
        except InputFaults:  # a number that may not be zero
            continue
        if system.pairs is everything.base.pairs:
            kept += 1
            with np.errstate(divide="ignore", invalid="ignore"):
                same(everything.patch.program(system), Program(system).lay(system))
    assert 0 < kept < len(NUMBERS) / 2


def test_most_numbers_are_written_and_not_rebuilt(everything):
    written = 0
    for component, column in NUMBERS:
        system = changed(everything, *texts(component, column), like=everything.base)
        written += system.pairs is everything.base.pairs
    assert written >= 0.9 * len(NUMBERS)


class Watched(dict):
    """Numbers of a table that say which column is read."""

    def __init__(self, name, numbers, read):
        super().__init__(numbers)
        self.name, self.read = name, read

    def __getitem__(self, column):
        self.read.add((self.name, column))
        return super().__getitem__(column)


def test_values_of_lost_load_are_compared_again_where_a_number_is_another(everything):
    """The check reads no number that would not be noticed; of what is wanted only the sign counts, which is of the sets."""
    read = set()
    records = {
        name: dataclasses.replace(table, number=Watched(name, table.number, read)) for name, table in everything.base.records.items()
    }
    check_values(dataclasses.replace(everything.base, records=records), everything.package)
    assert read - {("demands", "quantity")} <= OF_VALUES
    assert ("supplies", "cost") in read
