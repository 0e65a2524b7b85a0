"""Places that flow can come to and go on from: states, each a node with an origin, and links between them, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import breadth_first_order, connected_components

Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Graph:
    """`start` and `end` are the states of each link (links,); there are `size` states."""

    size: int
    start: Integers
    end: Integers

    def starts(self, links: Flags) -> Flags:
        """The states in which one of the flagged links (links,) starts."""
        return _marked(self.size, self.start[links])

    def ends(self, links: Flags) -> Flags:
        """The states in which one of them ends."""
        return _marked(self.size, self.end[links])

    def only(self, kept: Flags) -> Graph:
        """The links between states that are kept (size,)."""
        inside = kept[self.start] & kept[self.end]
        return Graph(self.size, self.start[inside], self.end[inside])

    def after(self, first: Flags) -> Flags:
        """The states of `first` (size,) and all that can be reached from them."""
        return _spread(self.size, self.start, self.end, first)

    def before(self, last: Flags) -> Flags:
        """The states of `last` (size,) and all from which they can be reached."""
        return _spread(self.size, self.end, self.start, last)

    def circles(self) -> Integers:
        """The number of the circle that each state lies on (size,), -1 on none: all states of one can be reached from each other."""
        matrix = sp.csr_array((np.ones(len(self.start), dtype=np.int32), (self.start, self.end)), shape=(self.size, self.size))
        _, label = connected_components(matrix, directed=True, connection="strong")
        joined = np.bincount(label, minlength=self.size)[label] > 1
        joined[self.start[self.start == self.end]] = True
        return np.where(joined, label, -1).astype(np.int64)


def _marked(size: int, states: Integers) -> Flags:
    out = np.zeros(size, dtype=bool)
    out[states] = True
    return out


def _spread(size: int, start: Integers, end: Integers, first: Flags) -> Flags:
    """Everything that can be reached from the first states along the links."""
    begin = np.flatnonzero(first)
    ends = np.concatenate([np.full(len(begin), size), start]), np.concatenate([begin, end])
    matrix = sp.csr_array((np.ones(len(ends[0]), dtype=np.int32), ends), shape=(size + 1, size + 1))
    seen = np.zeros(size + 1, dtype=bool)
    seen[breadth_first_order(matrix, size, return_predecessors=False)] = True
    return np.asarray(seen[:size])
