"""What a run is: model, data, changes and versions name its content; times and sizes say how it went."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from energynet.solution import Solution

if TYPE_CHECKING:
    from energynet.dataset.case import Case
    from energynet.dataset.changes import Change
    from energynet.dataset.package import Package

FORMAT = 2  # of a run directory; 1, which had no number, kept neither the case nor digests of its files
FILES, DIGEST = "files", "digest"
PACKAGES = ("energynet", "pyomo", "highspy", "numpy", "pandas")


def manifest_of(case: Case, package: Package, solution: Solution, changes: Sequence[Change], scenario: str | None) -> dict[str, Any]:
    """The manifest of a solve. `run` is the first 12 hex digits of the SHA-256 of `content`."""
    program = solution.program
    content = content_of(case, package, changes, scenario)
    checks = [
        {"check": c.name, "worst": c.worst, "where": c.where, "unit": c.unit, "tolerance": c.tolerance, "holds": c.holds}
        for c in solution.certificate.checks
    ]
    return {
        "format": FORMAT,
        "run": name_of(content),
        "title": case.title,
        "model_file": case.path.as_posix(),
        "status": solution.status,
        "objective_musd": solution.objective,
        "content": content,
        "horizon": {
            "start": str(case.horizon.start),
            "end": str(case.horizon.end),
            "step": case.horizon.step,
            "periods": len(program.periods),
        },
        "size": {"columns": program.column_count, "rows": program.row_count, "entries": program.entry_count},
        "solver": {"name": "HiGHS", "iterations": solution.iterations},
        "seconds": {name: round(value, 4) for name, value in solution.seconds.items()},
        "certificate": checks,
        "physical": [asdict(one) for one in solution.certificate.physical],
    }


def content_of(case: Case, package: Package, changes: Sequence[Change], scenario: str | None) -> dict[str, Any]:
    """What decides an answer: model and data with their digests, scenario and changes, options, versions."""
    return {
        "model": case.name,
        "model_digest": case.digest,
        "data": package.name,
        "data_digest": package.digest,
        "scenario": scenario,
        "changes": [change.text for change in changes],
        "options": case.options.model_dump(exclude={"time_limit"}),
        "versions": {name: _version(name) for name in PACKAGES},
    }


def name_of(content: Mapping[str, Any]) -> str:
    """The first 12 hex digits of the SHA-256 of what decides an answer."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]


def sealed(manifest: Mapping[str, Any], files: Mapping[str, str]) -> dict[str, Any]:
    """The manifest with the SHA-256 of each file of its directory, by path, and in `digest` that of all that the manifest itself says."""
    said = {**{key: value for key, value in manifest.items() if key not in (FILES, DIGEST)}, FILES: dict(files)}
    return {**said, DIGEST: digest_of_manifest(said)}


def digest_of_manifest(manifest: Mapping[str, Any]) -> str:
    """The SHA-256 of all that a manifest says but its own digest, whatever the order of its keys."""
    said = {key: value for key, value in manifest.items() if key != DIGEST}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def same_content(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two manifests are of the same model, data, changes, options and versions."""
    return bool(one.get("content") == other.get("content"))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"
