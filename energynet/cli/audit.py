"""`energynet audit`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click


@click.command("audit")
@click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="data on standard output")
def audit(run: Path, *, as_json: bool) -> None:
    """Re-compute balances, bounds, costs and the certificate of RUN from its files alone."""
    from energynet.results.audit import audit as audit_run

    found = audit_run(run)
    rows = [
        {"check": c.name, "worst": c.worst, "unit": c.unit, "tolerance": c.tolerance, "where": c.where, "holds": c.holds}
        for c in found.checks
    ]
    if as_json:
        click.echo(json.dumps(rows))
    else:
        for row in rows:
            click.echo(
                f"{'holds' if row['holds'] else 'FAILS':<6} {row['check']:<24} {row['worst']:.2e} {row['unit']}  {row['where']}".rstrip()
            )
    if not found.holds:
        sys.exit(4)
