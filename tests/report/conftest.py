"""A run of the small model, and a browser: made once a session."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from browser import Browser, chromium

import energynet
from energynet.model import Model, load
from energynet.report import bundled
from energynet.results.result import Result
from energynet.results.store import open_run

STARTER = Path(energynet.__file__).parent / "starter"


@pytest.fixture(scope="session")
def six_nodes(tmp_path_factory) -> Model:
    """The small model of `energynet init`, in a place of its own."""
    folder = tmp_path_factory.mktemp("six") / "nodes"
    shutil.copytree(STARTER, folder)
    return load(folder / "models/six-node.yaml")


@pytest.fixture(scope="session")
def six_node_run(six_nodes, tmp_path_factory) -> Result:
    """Its run, read back."""
    return open_run(six_nodes.solve().write(tmp_path_factory.mktemp("runs") / "base"))


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    if chromium() is None:
        pytest.skip("no Chromium on this machine: nothing can open the page")
    with Browser(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


@pytest.fixture(scope="session")
def assets() -> None:
    """What a page is built of; skipped where the build could not make it."""
    if bundled.missing():
        pytest.skip(f"{bundled.missing()} (make assets)")
