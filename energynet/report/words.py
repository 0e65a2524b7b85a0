"""The summary: five lines that say what was solved, who got how much, what was full, what was short, and whether it is proven."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from energynet.report.bind import number, percent
from energynet.report.tables import records
from energynet.report.view import Run

NAMED = 4


def summary(run: Run, data: Mapping[str, Any], view: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Five pairs of a word and a sentence, of the run's own solution."""
    return [
        ("Delivered", _delivered(run, data)), ("Full", _full(run)), ("Short", _short(run, data)), ("Cost", _cost(view)),
        ("Proof", " ".join((_proof(view), *_physical(run)))),
    ]  # fmt: skip


def _delivered(run: Run, data: Mapping[str, Any]) -> str:
    yearly = run.table("deliveries").loc[lambda frame: frame["per"] == "year"]
    sentences = []
    for k in data["followed"][:2]:
        origin = data["origins"][k]
        carrier = data["carriers"][origin["carrier"]]
        own = yearly.loc[yearly["origin"] == origin["id"]]
        taken = (own["contract"] + own["beyond_contract"]).groupby(own["country"]).sum()
        volume = taken.sort_values(ascending=False) / carrier["per_large"]
        by_region = volume.groupby([data["countries"][str(c)]["region"] or data["countries"][str(c)]["name"] for c in volume.index]).sum()
        parts = [f"{number(value, 1)} to {region}" for region, value in by_region.sort_values(ascending=False).items() if value >= 0.05]
        largest = [f"{data['countries'][str(c)]['name']} {number(v, 1)}" for c, v in list(volume.items())[:NAMED]]
        whole = f"{number(float(volume.sum()), 1)} {carrier['large']} of {origin['name']}’s {carrier['name'].lower()}"
        sentences.append(f"{whole}: {_listed(parts)}. The largest takers: {', '.join(largest)}.")
    return " ".join(sentences) or "Nothing was delivered."


def _full(run: Run) -> str:
    table = run.table("congestion")
    grouped = table.groupby("name", as_index=False)[["periods_at_limit", "congestion_rent_musd"]].sum()
    binding = records(grouped[grouped["congestion_rent_musd"] > 0.005].nlargest(NAMED, "congestion_rent_musd"))
    if not binding:
        return "No line was at a limit that cost anything."
    count = run.result.manifest["horizon"]["periods"]
    named = [
        f"{row['name']} ({number(row['congestion_rent_musd'], 0)} million USD; full in {row['periods_at_limit']} of {count} periods)"
        for row in binding
    ]
    total = int((grouped["congestion_rent_musd"] > 0.005).sum())
    return f"{total} {'line' if total == 1 else 'lines'} earned congestion rent, most of it {_listed(named)}."


def _short(run: Run, data: Mapping[str, Any]) -> str:
    frame = run.table("unserved")
    if frame.empty:
        return "All firm demand was served."
    names = {row["id"]: row["name"] for row in data["demands"]}
    grouped = frame.groupby(["demand", "unit"], as_index=False)[["volume"]].sum().nlargest(NAMED, "volume")
    named = [f"{names[row['demand']]} {number(row['volume'], 1)} {row['unit']}" for row in records(grouped)]
    return f"{frame['demand'].nunique()} demands were not served in full: {_listed(named)}."


def _cost(view: Mapping[str, Any]) -> str:
    largest = sorted(view["costs"], key=lambda cost: -abs(cost[2]))[:2]
    whole = view["objective"] or 1.0
    parts = [f"{item} ({component}) {percent(value / whole)}" for component, item, value in largest if value]
    return f"The whole network costs {number(view['objective'], 1)} million USD ({_listed(parts)})."


def _proof(view: Mapping[str, Any]) -> str:
    checks = view["certificate"]
    failed = [one["check"] for one in checks if not one["holds"]]
    if failed:
        return f"{len(failed)} of {len(checks)} checks do NOT hold: {_listed(failed)}."
    gap = next((one["worst"] for one in checks if one["check"] == "duality gap"), None)
    tail = f"; primal and dual cost differ by {gap:.0e} of all cost terms" if gap is not None else ""
    return f"All {len(checks)} checks of the certificate hold{tail}."


def _physical(run: Run) -> list[str]:
    """What no pipe, line or storage could do, where there is any."""
    return [f"Against physics: {one.words}." for one in run.result.certificate.found]


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else "none"
