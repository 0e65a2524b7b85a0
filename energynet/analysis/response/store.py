"""A response as a directory: its tables as Parquet and CSV, and a manifest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from energynet.errors import UsageFault
from energynet.results.exports import write_table
from energynet.results.store import ROOT, write_directory

if TYPE_CHECKING:
    from energynet.analysis.response.answer import Response


def write_response(response: Response, directory: Path | None) -> Path:
    """Write it, whole or not at all. Raises UsageFault where something else stands there."""
    manifest = response.manifest
    if not manifest:
        raise UsageFault("only a response of a model can be written")
    target = directory or ROOT / str(manifest["content"]["model"]) / f"response-{manifest['run']}"

    def fill(draft: Path) -> None:
        for name, frame in response.tables.items():
            for ending in ("parquet", "csv"):
                write_table(frame, draft / f"{name}.{ending}")

    return write_directory(target, manifest, fill)
