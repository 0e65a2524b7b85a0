"""Samples: scenarios drawn from ranges, lists and distributions by a Sobol sequence or a Latin hypercube."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import numpy as np

from energynet.dataset.design import MOST, Amount, Design, Distribution, Floats, Group, Range, Values, design_of
from energynet.errors import UsageFault, nearest

Method = Literal["sobol", "latin"]
METHODS: tuple[Method, ...] = ("sobol", "latin")
SPEC = re.compile(r"([A-Za-z_]+):(\d+)(?::seed=(\d+))?")
EXAMPLE = "a sample reads METHOD:SCENARIOS or METHOD:SCENARIOS:seed=NUMBER, e.g. sobol:64 or latin:100:seed=7"
DIGITS = 10  # significant digits of a drawn value


@dataclass(frozen=True)
class Sample:
    """How many scenarios are drawn, how, and from which seed: the same three give the same scenarios."""

    method: Method
    count: int
    seed: int = 1


def parse_sample(text: str) -> Sample:
    """Read `sobol:64:seed=1`. Raises UsageFault."""
    match = SPEC.fullmatch(text.strip())
    if match is None:
        raise UsageFault(f"{text!r} is no sample: {EXAMPLE}")
    method, count, seed = match[1].casefold(), int(match[2]), int(match[3] or 1)
    if method not in METHODS:
        hint = nearest(method, METHODS)
        raise UsageFault(f"{match[1]!r} is no way to sample: {', '.join(METHODS)}{f' (did you mean {hint!r}?)' if hint else ''}")
    if not 0 < count <= MOST:
        raise UsageFault(f"a sample has 1 to {MOST:,} scenarios, not {count:,}")
    return Sample(cast("Method", method), count, seed)


def draw(groups: Sequence[Group], sample: Sample) -> Design:
    """The scenarios of a sample. A group is one dimension: what moves together has the same quantile.

    A range is drawn from evenly, a list value by value, all alike likely. Raises InputFaults where a drawn value does not fit its column.
    """
    quantiles = _quantiles(len(groups), sample)
    columns = [_at(vary.amount, quantiles[:, k]) for k, group in enumerate(groups) for vary in group]
    return design_of([vary for group in groups for vary in group], _rounded(np.array(columns).T))


def _quantiles(dimensions: int, sample: Sample) -> Floats:
    """Points of the unit cube (count, dimensions), its faces left out."""
    from scipy.stats import qmc

    generator = np.random.default_rng(sample.seed)
    if sample.method == "latin":
        points = qmc.LatinHypercube(dimensions, seed=generator).random(sample.count)
    else:
        powers = math.ceil(math.log2(sample.count)) if sample.count > 1 else 0
        points = qmc.Sobol(dimensions, scramble=True, seed=generator).random_base2(powers)[: sample.count]
    return np.clip(_floats(points), 2.0**-31, 1.0 - 2.0**-31)


def _at(amount: Amount, quantile: Floats) -> Floats:
    """Values at quantiles (count,)."""
    if isinstance(amount, Values):
        return _floats(np.take(_floats(amount.values), (quantile * len(amount.values)).astype(int)))
    if isinstance(amount, Range):
        return amount.first + quantile * (amount.last - amount.first)
    return _inverse(amount, quantile)


def _inverse(of: Distribution, quantile: Floats) -> Floats:
    from scipy import stats

    at: Any = of.parameters
    if of.name == "uniform":
        return _floats(at[0] + quantile * (at[1] - at[0]))
    if of.name == "triangular":
        return _floats(stats.triang.ppf(quantile, (at[1] - at[0]) / (at[2] - at[0]), at[0], at[2] - at[0]))
    if of.name == "lognormal":
        return _floats(stats.lognorm.ppf(quantile, at[1], 0.0, at[0]))
    if len(at) == 2:
        return _floats(stats.norm.ppf(quantile, at[0], at[1]))
    return _floats(stats.truncnorm.ppf(quantile, (at[2] - at[0]) / at[1], (at[3] - at[0]) / at[1], at[0], at[1]))


def _floats(values: Any) -> Floats:  # noqa: ANN401
    return np.asarray(values, dtype=np.float64)


def _rounded(values: Floats) -> Floats:
    """To DIGITS significant digits, so that a text of the value is short and reads back as the same number."""
    return np.array([[float(f"{value:.{DIGITS}g}") for value in row] for row in values.tolist()], dtype=np.float64).reshape(values.shape)
