"""The hand-made packages of `tests/cases`, by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import energynet as en

CASES = Path(__file__).parent / "cases"


def path_of(name: str) -> Path:
    """The model file of a case."""
    return CASES / name / "models" / f"{name}.yaml"


def model_of(name: str) -> Any:
    return en.load(path_of(name))
