"""`energynet init`."""

from __future__ import annotations

import shutil
from importlib.resources import as_file, files
from pathlib import Path

import click


@click.command("init")
@click.argument("directory", type=click.Path(path_type=Path))
def init(directory: Path) -> None:
    """A small working model and data package in DIRECTORY, with a row of every kind, to start from."""
    from energynet.errors import UsageFault

    if directory.exists() and any(directory.iterdir()):
        raise UsageFault(f"{directory} is not empty; nothing was written")
    with as_file(files("energynet") / "starter") as starter:
        for part in ("data", "models"):
            shutil.copytree(starter / part, directory / part)
    model = next((directory / "models").glob("*.yaml"))
    click.echo(
        f"{directory}: a model and its data. Next:\n  cd {directory}\n  energynet check {model.stem}\n  energynet solve {model.stem}"
    )
