"""How rows with windows of validity become one number a period."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from energynet.system.horizon import Dates, Floats, Horizon

Integers = NDArray[np.int64]


def overlap(horizon: Horizon, valid_from: Dates, valid_to: Dates) -> Floats:
    """Share of each period that lies in each row's window (T, rows): of all the days that it stands for. An open end is NaT; `valid_to`
    is the last day, inclusive.
    """
    first = np.where(np.isnat(valid_from), horizon.covers_from[0], valid_from.astype("datetime64[h]"))
    last = np.where(np.isnat(valid_to), horizon.covers_to[-1], (valid_to.astype("datetime64[D]") + 1).astype("datetime64[h]"))
    begin = np.maximum(horizon.covers_from[:, None], first[None, :])
    finish = np.minimum(horizon.covers_to[:, None], last[None, :])
    hours = np.maximum((finish - begin).astype(float), 0.0)
    return np.asarray(hours / (horizon.covers_to - horizon.covers_from).astype(float)[:, None], dtype=np.float64)


def sum_rows(share: Floats, values: Floats, record: Integers, count: int) -> Floats:
    """Time-weighted sum of the rows of each record: what is not valid counts as zero (T, records). NaN is "no limit" and stays."""
    out = np.zeros((count, len(share)))
    with np.errstate(invalid="ignore"):
        parts = np.where(share > 0.0, share * values, 0.0)
    np.add.at(out, record, parts.T)
    return np.ascontiguousarray(out.T)


def mean_rows(share: Floats, values: Floats, record: Integers, count: int) -> Floats:
    """Time-weighted mean over the days on which a record is valid (T, records); elsewhere the nearest period's value."""
    valid = sum_rows(share, np.ones_like(values), record, count)
    total = sum_rows(share, values, record, count)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(valid > 0.0, total / valid, np.nan)
    return _carry(mean, valid > 0.0)


def _carry(mean: Floats, known: NDArray[np.bool_]) -> Floats:
    """Fill the periods in which a record is not valid from the period before, or else after: its quantity is zero there."""
    if known.all():
        return mean
    periods = np.arange(len(mean))[:, None]
    before: Integers = np.asarray(np.maximum.accumulate(np.where(known, periods, -1), axis=0))
    after: Integers = np.asarray(np.minimum.accumulate(np.where(known, periods, len(mean))[::-1], axis=0))[::-1]
    source = np.where(before >= 0, before, np.where(after < len(mean), after, 0))
    filled = np.take_along_axis(mean, source, axis=0)
    return np.where(np.asarray(known.any(axis=0))[None, :], filled, 0.0)
