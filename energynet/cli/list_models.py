"""`energynet list`."""

from __future__ import annotations

import json

import click


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="data on standard output")
def list_models(*, as_json: bool) -> None:
    """The models of the directory models/, a line each: title, horizon, carriers, size of the data."""
    from energynet.dataset.case import list_models as files
    from energynet.dataset.case import read_case
    from energynet.errors import InputFaults

    rows = []
    for file in files():
        try:
            case = read_case(file)
        except InputFaults as faults:
            rows.append({"model": file.stem, "title": f"cannot be read: {len(faults.faults)} faults", "horizon": "", "step": ""})
            continue
        horizon = f"{case.horizon.start} to {case.horizon.end}"
        carriers = ", ".join(case.carriers) if case.carriers else "all carriers"
        rows.append(
            {
                "model": case.name,
                "title": case.title,
                "horizon": horizon,
                "step": case.horizon.step,
                "carriers": carriers,
                "data": case.data.name,
            }
        )
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    width = max((len(row["model"]) for row in rows), default=0)
    for row in rows:
        click.echo(f"{row['model']:<{width}}  {row['horizon']:<24}  {row['step']:<6} {row['title']}")
    if not rows:
        click.echo("there is no model in models/", err=True)
