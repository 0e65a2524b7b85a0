"""What the page is built of: the chart library, the solver and the base map that the build put beside this module, and their licences."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

ASSETS = Path(__file__).parent / "assets"
MANIFEST, WHY_NOT = "manifest.json", "why-not.txt"


@cache
def missing() -> str:
    """Why the page has to do without its libraries, in words for its reader; empty where all of them are here."""
    if (ASSETS / MANIFEST).is_file():
        lost = [name for name in _manifest()["files"] if not (ASSETS / name).is_file()]
        return f"this installation lacks {', '.join(lost)}" if lost else ""
    told = ASSETS / WHY_NOT
    reason = told.read_text(encoding="utf-8").strip() if told.is_file() else "they were not made when energynet was installed"
    return f"the chart library and the solver are not in this installation: {reason}"


def asset(name: str) -> bytes:
    """The content of one asset: `echarts.js`, `highs.js`, `highs.wasm` or `map.json`. Raises OSError where it is missing."""
    return (ASSETS / name).read_bytes()


def packages() -> dict[str, str]:
    """The npm packages that the assets come from, and their versions."""
    return dict(_manifest()["packages"])


def licences() -> dict[str, str]:
    """The licence of each package, and of what is inside it, by the name of its file."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted((ASSETS / "licences").iterdir())}


@cache
def _manifest() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads((ASSETS / MANIFEST).read_text(encoding="utf-8"))
    return found
