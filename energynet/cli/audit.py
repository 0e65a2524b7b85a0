"""`energynet audit`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click


@click.command("audit")
@click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="data on standard output")
def audit(run: Path, *, as_json: bool) -> None:
    """Compute again every table, the manifest and the certificate of RUN from its directory alone, and say what differs."""
    from energynet.results.audit import audit as audit_run

    found = audit_run(run)
    rows = [
        {"check": c.name, "worst": c.worst, "unit": c.unit, "tolerance": c.tolerance, "where": c.where, "holds": c.holds}
        for c in found.certificate.checks
    ]
    if as_json:
        differences = [asdict(one) for one in found.differences]
        said = {"differences": differences, "count": found.count, "by_file": found.by_file, "unchecked": found.unchecked}
        click.echo(json.dumps({"holds": found.holds, "checks": rows, **said}, ensure_ascii=False))
    else:
        for row in rows:
            click.echo(
                f"{'holds' if row['holds'] else 'FAILS':<7} {row['check']:<24} {row['worst']:.2e} {row['unit']}  {row['where']}".rstrip()
            )
        for one in found.differences:
            click.echo(f"DIFFERS {one}")
        if found.count > len(found.differences):
            rest = ", ".join(f"{file} {count:,}" for file, count in found.by_file.items())
            click.echo(f"DIFFERS and {found.count - len(found.differences):,} more; in all: {rest}")
        if found.whole:
            click.echo("holds   every table, input, program and entry of the manifest is as computed again")
        for words in found.unchecked:
            click.echo(f"unseen  {words}")
    if not found.holds:
        sys.exit(4)
