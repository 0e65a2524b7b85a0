"""Names for people, from the inputs that a run keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pandas as pd


def short_names(names: Mapping[str, str]) -> dict[str, str]:
    """Names without what they explain in brackets at their end, where no two become the same: `Congo (Brazzaville)` keeps its own."""
    bare = {key: name[: name.rindex(" (")] if name.endswith(")") and name.find(" (") > 0 else name for key, name in names.items()}
    count = Counter(bare.values())
    return {key: name if count[name] == 1 else names[key] for key, name in bare.items()}


def names_of(inputs: Mapping[str, pd.DataFrame], table: str) -> dict[str, str]:
    """Short names of a table's records by id; an id without a name stands for itself, and a table that is not there has none."""
    if table not in inputs:
        return {}
    rows = inputs[table].drop_duplicates("id")
    return short_names({str(key): str(name) or str(key) for key, name in zip(rows["id"], rows["name"], strict=True)})


def followed(inputs: Mapping[str, pd.DataFrame]) -> list[str]:
    """The origins that contracts are about, whose gas or power a report follows; all of them where there is no contract."""
    if "origins" not in inputs:
        return []
    ids = [str(origin) for origin in inputs["origins"]["id"]]
    return [str(origin) for origin in dict.fromkeys(inputs["contracts"]["origin"]) if origin in ids] or ids
