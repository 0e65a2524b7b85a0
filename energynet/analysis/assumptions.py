"""What do the declared assumptions decide? Each at both ends of its range, against the case as it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pandas as pd

from energynet.errors import EnergynetError

Figures = Callable[[tuple[str, ...]], Mapping[str, float]]


def effects(assumptions: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """One row an assumption and end (`low`, `high`): its changes, and by how much each figure moves.

    `assumptions` is the table of a data package; `figures` solves with changes and returns figures by name. An end that
    cannot be solved has its reason in `failed`.
    """
    base = figures(())
    return pd.DataFrame(list(_rows(assumptions, figures, base)))


def _rows(assumptions: pd.DataFrame, figures: Figures, base: Mapping[str, float]) -> Iterator[dict[str, object]]:
    for row in assumptions.to_dict("records"):
        for end in ("low", "high"):
            changes = tuple(part.strip() for part in str(row[end]).split(";") if part.strip())
            about: dict[str, object] = {"assumption": row["id"], "statement": row["statement"], "end": end, "changes": "; ".join(changes)}
            try:
                moved = figures(changes)
            except EnergynetError as error:
                yield {**about, "failed": str(error).splitlines()[0]}
                continue
            yield {**about, **{name: moved[name] - value for name, value in base.items()}, "failed": ""}
