"""What the page is built of: pinned, whole, with its licences in the wheel; and an install that goes on without it."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
import zipfile
from pathlib import Path

import pytest

import energynet
from energynet.report import bundled

ROOT = Path(energynet.__file__).parent.parent
LOCK = json.loads((ROOT / "energynet/report/bundle/package-lock.json").read_text())
made = pytest.mark.skipif(bool(bundled.missing()), reason=f"{bundled.missing()} (make assets)")


@pytest.fixture
def hook(monkeypatch, tmp_path):
    """The build hook, with its own place for the assets."""
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ASSETS", tmp_path / "assets")
    return module


def test_every_package_is_pinned_by_its_hash_and_by_no_address():
    assert '"resolved"' not in (ROOT / "energynet/report/bundle/package-lock.json").read_text()
    packages = {name: one for name, one in LOCK["packages"].items() if name}
    assert all(one["integrity"].startswith("sha512-") for one in packages.values())
    wanted = json.loads((ROOT / "energynet/report/bundle/package.json").read_text())
    for name, version in {**wanted["dependencies"], **wanted["devDependencies"]}.items():
        assert packages[f"node_modules/{name}"]["version"] == version
    assert "://" not in (ROOT / "energynet/report/bundle/node.txt").read_text()


@made
def test_the_assets_are_those_of_the_manifest():
    manifest = json.loads((bundled.ASSETS / "manifest.json").read_text())
    for name, told in manifest["files"].items():
        assert hashlib.sha256(bundled.asset(name)).hexdigest() == told
    assert set(bundled.packages()) <= {name.removeprefix("node_modules/") for name in LOCK["packages"]}
    assert set(bundled.packages()) <= set(bundled.licences())


@made
def test_the_base_map_stays_in_its_window_and_has_countries_by_their_letters():
    found = json.loads(bundled.asset("map.json"))["features"]
    points = [point for one in found for polygon in one["geometry"]["coordinates"] for ring in polygon for point in ring]
    assert min(x for x, _ in points) >= -12
    assert max(x for x, _ in points) <= 66
    assert min(y for _, y in points) >= 24
    assert max(y for _, y in points) <= 62
    letters = {one["properties"]["iso"] for one in found}
    assert {"AZ", "GE", "TR", "GR", "IT", "SY"} <= letters
    assert all(ring[0] == ring[-1] for one in found for polygon in one["geometry"]["coordinates"] for ring in polygon)


@made
def test_the_wheel_holds_the_assets_and_their_licences_but_not_the_tools_of_the_tests(tmp_path, monkeypatch):
    from hatchling.builders.wheel import WheelBuilder

    monkeypatch.chdir(ROOT)
    wheel = next(WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"]))
    names = {name.removeprefix("energynet/report/assets/") for name in zipfile.ZipFile(wheel).namelist() if "report/assets/" in name}
    manifest = json.loads((bundled.ASSETS / "manifest.json").read_text())
    assert names == {*manifest["files"], "manifest.json"}


def test_without_a_node_the_install_goes_on_and_says_why(hook, monkeypatch):
    monkeypatch.setattr(hook.shutil, "which", lambda name: None)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    fault = hook.make_assets()
    assert "/nowhere/python" in fault
    assert (hook.ASSETS / "why-not.txt").read_text().strip() == fault
    assert not hook.current(hook.fingerprint())


def test_a_failing_step_is_told_in_its_last_words(hook, monkeypatch):
    monkeypatch.setattr(hook, "_node", lambda folder: (sys.executable, [sys.executable, "-c", "import sys; sys.exit('no network')"]))
    assert hook.make_assets().endswith("failed: no network")


def test_the_assets_can_be_left_out(hook, monkeypatch):
    monkeypatch.setenv("ENERGYNET_ASSETS", "skip")
    assert "ENERGYNET_ASSETS=skip" in hook.make_assets()


@made
def test_assets_that_were_touched_are_made_anew(hook):
    hook.ASSETS.mkdir()
    (hook.ASSETS / "map.json").write_text("{}")
    manifest = {"source": hook.fingerprint(), "files": {"map.json": hashlib.sha256(b"{}").hexdigest()}}
    (hook.ASSETS / "manifest.json").write_text(json.dumps(manifest))
    assert hook.current(hook.fingerprint())
    (hook.ASSETS / "map.json").write_text("{ }")
    assert not hook.current(hook.fingerprint())
    assert not hook.current("another source")
