"""The starter's model, and one sweep of it that several tests look at."""

from __future__ import annotations

from pathlib import Path

import pytest

import energynet
from energynet.model import load
from energynet.results.tables import NAMES
from tests.sweep.sweeps import VARY


@pytest.fixture(scope="session")
def model():
    return load(Path(energynet.__file__).parent / "starter" / "models" / "six-node.yaml")


@pytest.fixture(scope="session")
def swept(model, tmp_path_factory):
    """Twelve scenarios in this process, with all tables."""
    path = tmp_path_factory.mktemp("sweep") / "swept"
    done = model.sweep(VARY).write(path, tables=NAMES)
    return path, done
