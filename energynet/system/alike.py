"""How two systems of one reading differ: in which numbers, and whether in what exists."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from energynet.system.records import Records

Numbers = frozenset[tuple[str, str]]  # (table, column)
OF_SETS: Numbers = frozenset({("contracts", "make_up_years"), ("contracts", "carry_forward_years"), ("ceiling_terms", "weight")})


def different(one: Mapping[str, Records], other: Mapping[str, Records]) -> Numbers:
    """The numbers, by table and column, that are not the same in both."""
    found = set()
    for name, records in one.items():
        there = other[name].number
        for column, values in records.number.items():
            if values is not there[column] and not np.array_equal(values, there[column], equal_nan=True):
                found.add((name, column))
    return frozenset(found)


def shared(records: Mapping[str, Records], like: Mapping[str, Records]) -> Numbers:
    """Put the arrays of `like` in the place of those that are the same, so that what differs is told by the rest; which that is."""
    changed = different(like, records)
    for name, table in like.items():
        own = records[name].number
        own.update({column: values for column, values in table.number.items() if (name, column) not in changed and column in own})
    return changed


def same_sets(one: Mapping[str, Records], other: Mapping[str, Records], changed: Numbers) -> bool:
    """Whether the same columns and rows exist for both, which differ in the changed numbers.

    What exists depends on which records there are, on which of their numbers are given, above or below zero, and on the few in `OF_SETS`,
    which the algebra reads as they stand. So it is the same where those are; it may be the same elsewhere too.
    """
    if any(records.ids != other[name].ids for name, records in one.items()):
        return False
    for name, column in changed:
        here, there = one[name].number[column], other[name].number[column]
        if (name, column) in OF_SETS or not np.array_equal(np.sign(here), np.sign(there), equal_nan=True):
            return False
    return True
