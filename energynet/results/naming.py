"""Names for people where room is short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping


def short_names(names: Mapping[str, str]) -> dict[str, str]:
    """Names without what they explain in brackets at their end, where no two become the same: `Congo (Brazzaville)` keeps its own."""
    bare = {key: name[: name.rindex(" (")] if name.endswith(")") and name.find(" (") > 0 else name for key, name in names.items()}
    count = Counter(bare.values())
    return {key: name if count[name] == 1 else names[key] for key, name in bare.items()}
