"""The directory of a sweep: parts written whole, so that what is there counts and what was interrupted does not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from energynet.errors import UsageFault
from energynet.sweep.part import OUT_OF_TIME, SCENARIOS, Written

MANIFEST, LOCK, BASE = "manifest.json", ".lock", "base"
KIND = "sweep"
WORDS = {
    "model_digest": "another model file", "data_digest": "other data", "design_digest": "another design", "versions": "other versions",
    "changes": "other changes", "tables": "other tables", "options": "other options",
}  # fmt: skip


class Store:
    """`manifest.json`, `base/` (a run), and for each table a folder of `part-NNNNN.parquet`; a part is there when its `scenarios` are."""

    def __init__(self, path: Path, manifest: Mapping[str, Any]) -> None:
        self.path, self._manifest = path, dict(manifest)

    def open(self) -> None:
        """Make the directory, or go on in it. Raises UsageFault where it holds something else."""
        there = self.path / MANIFEST
        if there.is_file():
            held = json.loads(there.read_text(encoding="utf-8"))
            if held.get("content") != self._manifest["content"]:
                raise UsageFault(f"{self.path} holds {_differs(held, self._manifest)}; nothing was written. Give another --out")
        elif self.path.exists() and any(entry.name != LOCK for entry in self.path.iterdir()):
            raise UsageFault(f"{self.path} holds something else than a sweep; nothing was written")
        else:
            self.path.mkdir(parents=True, exist_ok=True)
            self.say({"complete": False})

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep others out while a sweep writes. Raises UsageFault where one writes already."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / LOCK).open("w", encoding="utf-8") as held:
            try:
                import fcntl

                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except ImportError:  # no such locks here: two sweeps at once write the same parts
                pass
            except OSError:
                raise UsageFault(f"another command is writing to {self.path}") from None
            yield

    def done(self) -> set[int]:
        """The numbers of the parts that are there. A part in which a scenario ran out of time is not done: it is tried again."""
        import pandas as pd

        files = sorted((self.path / SCENARIOS).glob("part-*.parquet"))
        ended = {file: set(pd.read_parquet(file, columns=["status"])["status"]) for file in files}
        return {int(file.stem.removeprefix("part-")) for file, statuses in ended.items() if OUT_OF_TIME not in statuses}

    def write(self, part: Written) -> None:
        """Write a part: its tables, and last its scenarios, each file whole or not at all."""
        for name in sorted(part.files, key=lambda name: name == SCENARIOS):
            folder = self.path / name
            folder.mkdir(exist_ok=True)
            draft = folder / f".part-{part.number:05d}.tmp"
            draft.write_bytes(part.files[name])
            draft.replace(folder / f"part-{part.number:05d}.parquet")

    def say(self, more: Mapping[str, Any]) -> None:
        """Write the manifest, with more said in it."""
        self._manifest |= more
        draft = self.path / f".{MANIFEST}.tmp"
        draft.write_text(json.dumps(self._manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        draft.replace(self.path / MANIFEST)

    def counts(self) -> dict[str, Any]:
        """How the scenarios ended, by status; how many were rebuilt; and their seconds together."""
        import pandas as pd

        frame = pd.read_parquet(self.path / SCENARIOS, columns=["status", "rebuilt", "seconds"])
        found = {str(status): int(count) for status, count in frame["status"].value_counts().items()}
        return {"counts": found, "rebuilt": int(frame["rebuilt"].sum()), "scenario_seconds": round(float(frame["seconds"].sum()), 2)}


def _differs(held: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
    """In what an old directory is another."""
    if held.get("kind") != KIND:
        return "a run"
    old, new = held["content"], asked["content"]
    found = [WORDS.get(key, f"another {key}") for key in new if old.get(key) != new[key]]
    return f"a sweep with {', '.join(found) or 'other content'}"
