"""The page of a sweep: what its scenarios have in common and where they part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from energynet.report.bind import number, percent
from energynet.report.charts import band, curve, signed, strip
from energynet.report.comparison import difference_map
from energynet.report.maps import Atlas, background, carriers_with_network
from energynet.report.scenarios import FIXED, Floats, Outcome, Response, Sweep, response_beside
from energynet.report.shell import render, write_page
from energynet.report.tables import Cell, Head, Table, words
from energynet.report.view import data_of, read_run, view_of
from energynet.results.naming import names_of

Drawn = dict[str, Any]
NAME = "report.html"
SPREAD = 1e-4  # bcm, TWh, USD or million USD: a figure that varies less has no curve
FEW = 12  # values of a factor: with more of them it is cut into slices
SLICES = 10
OTHERS = 15  # deliveries of other origins that are shown
MOST_PANELS, MOST_ROWS = 24, 2_000
MOST_CELLS = 400_000  # flows by scenario that the page carries for its map


def write_sweep_page(path: Path, out: Path | None = None) -> Path:
    """Write the page of a sweep, whole or not at all; `report.html` in its directory where no file is named. Raises InputFaults."""
    return write_page(sweep_page(Sweep.read(path)), out or path / NAME)


def sweep_page(sweep: Sweep) -> str:
    """The page as text."""
    run = read_run(sweep.base)
    data = data_of(run)
    view = view_of(run, data)
    atlas, exact = Atlas.of(run, data), response_beside(sweep)
    groups = outcomes(sweep)
    shown, widest = _moved(sweep, data)
    maps = [difference_map(atlas, view, carrier, sweep.moved.iloc[widest]) for carrier in carriers_with_network(data)] if shown else []
    names = [_scenario_name(row) for row in _rows(sweep)]
    solved = [int(k) for k in sweep.solved["scenario"]]
    facts = {
        "moved": {str(s): row for s, row in zip(solved, shown, strict=False)}, "names": [arc["name"] for arc in data["arcs"]],
        "units": [data["carriers"][arc["carrier"]]["rate"] for arc in data["arcs"]],
    }  # fmt: skip
    return render(
        "sweep.html.j2", facts=facts, title=f"{sweep.manifest['title']}: a sweep", land=background(atlas),
        status=_status(sweep), proven=bool((sweep.scenarios["status"] == "optimal").all()), sentences=_sentences(sweep, groups),
        factors=_factors(sweep), distributions=[_distribution(*group) for group in groups], exact=exact is not None,
        curves=[_curves(name, values, groups, exact) for name, values in sweep.factors.items()],
        tornados=[_tornado(sweep, one) for one in _telling(groups)], maps=maps,
        choices=[{"value": s, "name": names[k]} for k, s in enumerate(solved)][: len(shown)], chosen=solved[widest] if shown else None,
        scenarios=_scenario_table(sweep, groups), left_off=max(len(sweep.scenarios) - MOST_ROWS, 0),
    )  # fmt: skip


def outcomes(sweep: Sweep) -> list[tuple[str, str, list[Outcome]]]:
    """Groups of figures, each with a key and a caption: cost, deliveries of each followed origin, prices by unit, what was not served."""
    origins = names_of(sweep.base.inputs, "origins")
    found = [("cost", "Cost", [sweep.cost])]
    found += [(f"buyers-{one}", f"{origins.get(one, one)}: deliveries by buyer", sweep.deliveries(one)) for one in sweep.followed]
    found.append(("others", "Deliveries of other origins that vary most", sweep.others(OTHERS)))
    if sweep.unserved is not None:
        found.append(("unserved", "Firm demand that was not served", [sweep.unserved]))
    units = dict.fromkeys(str(unit) for unit in sweep.base.tables["prices"]["unit"])
    found += [(f"prices-{unit.replace('/', '-').lower()}", "Prices by demand", sweep.prices(unit)) for unit in units]
    return [group for group in found if group[2]]


def _rows(sweep: Sweep) -> list[dict[str, Any]]:
    return [{str(name): cell for name, cell in row.items()} for row in sweep.solved.to_dict("records")]


def _scenario_name(row: Mapping[str, Any]) -> str:
    name = str(row.get("name") or "")
    return f"{row['scenario']}: {name or row['changes']}"[:140]


def _status(sweep: Sweep) -> str:
    counts = sweep.scenarios["status"].value_counts()
    told = ", ".join(f"{count} {str(status).replace('_', ' ')}" for status, count in counts.items())
    whole = "" if sweep.manifest.get("complete") else f" of {sweep.manifest['content']['scenarios']}, not finished"
    return f"{len(sweep.scenarios)} scenarios{whole}: {told}"


def _factors(sweep: Sweep) -> list[Drawn]:
    return [{"name": name, "low": plain(v.min()), "high": plain(v.max()), "count": len(np.unique(v))} for name, v in sweep.factors.items()]


def plain(value: float) -> str:
    """A value of a change, in as many digits as it needs."""
    return f"{float(value):.5g}".replace("-", "−")


def _sentences(sweep: Sweep, groups: Sequence[tuple[str, str, list[Outcome]]]) -> list[str]:
    low, high = np.quantile(sweep.cost.values, [0.05, 0.95])
    span = f"{number(float(low), 1)} to {number(float(high), 1)} million USD"
    found = [f"The network costs {span} in nine scenarios of ten; {number(sweep.base.objective, 1)} in the base."]
    for key, caption, rows in groups:
        if key.startswith("buyers"):
            named = sorted(rows, key=lambda one: -float(np.ptp(np.quantile(one.values, [0.05, 0.95]))))[:3]
            parts = [
                f"{one.name} {_nine(one)} {one.unit} ({number(one.base, one.digits)} in the base)" for one in named if one.spread > SPREAD
            ]
            found.append(f"{caption}, nine scenarios of ten: {'; '.join(parts)}." if parts else f"{caption}: the same in all scenarios.")
        if key == "unserved":
            share = float((rows[0].values > 1e-6).mean())
            found.append(f"Firm demand was short in {percent(share, 0)} of the scenarios.")
    return found


def _nine(one: Outcome) -> str:
    low, high = (number(float(q), one.digits) for q in np.quantile(one.values, [0.05, 0.95]))
    return low if low == high else f"{low} to {high}"


def _distribution(key: str, caption: str, rows: Sequence[Outcome]) -> Drawn:
    body = []
    for one in rows:
        q = np.quantile(one.values, [0.0, 0.05, 0.5, 0.95, 1.0])
        body.append(
            {
                "name": one.name, "strip": strip(one.name, one.values, one.base, one.digits),
                "figures": [number(float(value), one.digits) for value in q], "base": number(one.base, one.digits),
            }
        )  # fmt: skip
    return {"key": key, "caption": caption, "unit": rows[0].unit, "rows": body}


def _telling(groups: Sequence[tuple[str, str, list[Outcome]]]) -> list[Outcome]:
    """The figures of a tornado: cost, and the deliveries that vary most."""
    buyers = [one for key, _, rows in groups for one in rows if key.startswith(("buyers", "others")) and one.spread > SPREAD]
    return [groups[0][2][0], *sorted(buyers, key=lambda one: -one.spread)[:6]]


def ends(values: Floats) -> tuple[np.ndarray, np.ndarray]:
    """Which scenarios have a factor's lowest and highest value; of many values the lowest and the highest fifth."""
    if len(np.unique(values)) <= FEW:
        return values == values.min(), values == values.max()
    low, high = np.quantile(values, [0.2, 0.8])
    return values <= low, values >= high


def _tornado(sweep: Sweep, outcome: Outcome) -> Drawn:
    """How far the mean moves between the ends of each factor, the widest first; per cent of the chart about the mean of all."""
    mean = float(outcome.values.mean())
    rows = []
    for name, values in sweep.factors.items():
        low, high = (float(outcome.values[chosen].mean()) - mean for chosen in ends(values))
        rows.append((name, low, high))
    rows.sort(key=lambda row: -abs(row[2] - row[1]))
    most = max((max(abs(low), abs(high)) for _, low, high in rows), default=0.0) or 1.0
    return {
        "name": outcome.name, "unit": outcome.unit, "mean": number(mean, outcome.digits),
        "rows": [
            {
                "name": name, "low": _side(low, most), "high": _side(high, most), "told_low": signed(low, outcome.digits),
                "told_high": signed(high, outcome.digits),
            }
            for name, low, high in rows
        ],
    }  # fmt: skip


def _side(value: float, most: float) -> dict[str, float]:
    width = 50.0 * abs(value) / most
    return {"left": 50.0 if value >= 0 else 50.0 - width, "width": width}


def _curves(name: str, values: Floats, groups: Sequence[tuple[str, str, list[Outcome]]], exact: Response | None) -> Drawn:
    """Panels of one factor: the median of each figure along it, and the middle nine tenths of the scenarios."""
    chosen = [one for key, _, rows in groups for one in rows if one.spread > SPREAD and (key != "prices" or one.spread > 0.1)]
    where, members = _slices(values)
    known = {key: line for key, _, _, line in exact.curves("delivery")} if exact is not None else {}
    if exact is not None:
        known["objective"] = exact.points["objective_musd"].to_numpy(dtype=float)
    panels = [_panel(one, where, members, exact, known.get(one.key)) for one in chosen[:MOST_PANELS]]
    return {
        "name": name, "low": plain(values.min()), "high": plain(values.max()), "panels": panels,
        "kinks": [] if exact is None else [plain(at) for at in exact.kinks], "more": max(len(chosen) - MOST_PANELS, 0),
    }  # fmt: skip


def _slices(values: Floats) -> tuple[Floats, list[np.ndarray]]:
    """Places along a factor and the scenarios at each: its values, or slices of as many scenarios."""
    distinct = np.unique(values)
    if len(distinct) <= max(FEW, len(values) // 4):
        return distinct, [values == value for value in distinct]
    edges = np.quantile(values, np.linspace(0.0, 1.0, min(SLICES, max(len(values) // 4, 2)) + 1))
    group = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)
    members = [group == k for k in range(len(edges) - 1) if (group == k).any()]
    return np.array([float(values[chosen].mean()) for chosen in members]), members


def _panel(one: Outcome, where: Floats, members: list[np.ndarray], exact: Response | None, line: Floats | None) -> Drawn:
    middle = np.array([float(np.median(one.values[chosen])) for chosen in members])
    low, high = (np.array([float(np.quantile(one.values[chosen], q)) for chosen in members]) for q in (0.05, 0.95))
    least, most = float(low.min()), float(high.max())
    told = f"{number(least, one.digits)} to {number(most, one.digits)} {one.unit}"
    panel = {"name": one.name, "told": told, "top": number(most, one.digits), "kinks": "", "band": ""}
    if exact is not None and line is not None and len(line) == len(exact.at):
        inside = (exact.at >= where.min() - 1e-9) & (exact.at <= where.max() + 1e-9)
        at, values = exact.at[inside], line[inside]
        whole, both = np.concatenate([at, where]), np.concatenate([values, middle])
        order = np.argsort(whole, kind="stable")
        panel["line"] = curve(whole[order], [both[order]])[0]
        run = float(where.max() - where.min()) or 1.0
        panel["kinks"] = "".join(f"M{300 * (k - float(where.min())) / run:.2f} 0V100" for k in exact.kinks if where.min() < k < where.max())
        return panel
    panel["line"] = _on_scale(where, middle, least, most)
    if (high - low > SPREAD).any():
        panel["band"] = band(where, low, high, (least, most))
    return panel


def _on_scale(x: Floats, values: Floats, least: float, most: float) -> str:
    run, span = float(np.ptp(x)) or 1.0, (most - least) or 1.0
    steps = [f"{300 * (a - float(x.min())) / run:.2f} {100 * (1 - (v - least) / span):.2f}" for a, v in zip(x, values, strict=True)]
    return "M" + "L".join(steps)


def _moved(sweep: Sweep, data: Mapping[str, Any]) -> tuple[list[list[float]], int]:
    """Differences of flows by scenario and arc of the page, as many scenarios as it can carry, and the scenario that moved most."""
    if not sweep.moved.shape[1]:
        return [], 0
    table = sweep.moved.reindex(columns=[arc["id"] for arc in data["arcs"]]).fillna(0.0)
    kept = table.iloc[: max(MOST_CELLS // max(table.shape[1], 1), 1)]
    rows = [[float(f"{value:.4g}") for value in row] for row in kept.to_numpy(dtype=float).tolist()]
    return rows, int(np.abs(kept.to_numpy(dtype=float)).sum(axis=1).argmax()) if len(kept) else 0


def _scenario_table(sweep: Sweep, groups: Sequence[tuple[str, str, list[Outcome]]]) -> Table:
    """A row a scenario: its values, how it ended, cost, and deliveries of the followed origins in all."""
    factors = [str(c) for c in sweep.scenarios if c not in FIXED]
    totals = [
        (caption.split(":")[0], rows[0].unit, np.sum([one.values for one in rows], axis=0))
        for key, caption, rows in groups
        if key.startswith("buyers")
    ]
    place = {int(s): k for k, s in enumerate(sweep.solved["scenario"])}
    heads = [
        Head("Scenario", numeric=False),
        *(Head(str(c)) for c in factors),
        Head("Ended", numeric=False),
        Head("Cost", "million USD"),
        Head("Less the base", "million USD"),
    ]
    heads += [Head(f"{name}, all", unit) for name, unit, _ in totals] + [Head("Why", numeric=False)]
    body = []
    for row in [{str(n): c for n, c in r.items()} for r in sweep.scenarios.head(MOST_ROWS).to_dict("records")]:
        k = place.get(int(row["scenario"]))
        cost = None if k is None else float(row["objective_musd"])
        cells = [Cell(f"{row['scenario']}{': ' + str(row['name']) if row.get('name') else ''}", sort=str(row["scenario"]))]
        cells += [_value(row[c]) for c in factors]
        cells += [
            words(str(row["status"]).replace("_", " ")),
            _figure(cost, 1),
            _figure(None if cost is None else cost - sweep.base.objective, 1, sign=True),
        ]
        cells += [_figure(None if k is None else float(values[k]), 3) for _, _, values in totals]
        body.append([*cells, words(row["reason"])])
    return Table("scenarios", "Scenarios", heads, body)


def _value(cell: object) -> Cell:
    if isinstance(cell, float) and np.isfinite(cell):
        return Cell(f"{cell:.6g}".replace("-", "−"), sort=f"{cell:.9g}", numeric=True)
    return words("" if cell is None or cell != cell else cell)


def _figure(value: float | None, digits: int, *, sign: bool = False) -> Cell:
    text = "–" if value is None else signed(value, digits) if sign else number(value, digits)
    return Cell(text, sort="" if value is None else f"{value:.9g}", numeric=True)
