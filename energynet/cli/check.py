"""`energynet check`."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("check")
@click.argument("target")
@click.option("--json", "as_json", is_flag=True, help="data on standard output")
def check(target: str, *, as_json: bool) -> None:
    """Read and check a model (by name or file) or a data package (a folder or a workbook); solve nothing."""
    from energynet.dataset.checks import check as check_package
    from energynet.dataset.package import read_package
    from energynet.errors import Fault
    from energynet.model import load

    path, warnings = Path(target), tuple[Fault, ...]()
    if path.is_dir() or path.suffix == ".xlsx":
        package = read_package(path)
        check_package(package)
    else:
        model = load(target)
        model.system()
        package, warnings = model.package, model.warnings()
    rows = {name: len(table) for name, table in package.tables.items() if len(table)}
    for fault in warnings:
        click.echo(f"warning: {fault}", err=True)
    if as_json:
        told = [str(fault) for fault in warnings]
        click.echo(json.dumps({"package": package.name, "digest": package.digest, "rows": rows, "warnings": told}))
    else:
        click.echo(f"{target}: no faults. {package.title or package.name}: {sum(rows.values())} rows in {len(rows)} tables")
