"""The page of a run: one file that asks no address for anything, opens from a mail or a stick, and says where its numbers come from."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from energynet.errors import UsageFault
from energynet.report import bundled, markets, network, sources
from energynet.report.against import against
from energynet.report.bind import number
from energynet.report.changes import changes_of
from energynet.report.maps import Atlas, background, carriers_with_network, flow_map, price_map
from energynet.report.panels import curves, stacks
from energynet.report.sankey import drawing, graph_of, name_of
from energynet.report.tables import Cells
from energynet.report.view import Run, data_of, embedded, read_run, view_of
from energynet.report.what_if_page import part_of
from energynet.report.words import summary
from energynet.results.result import Result

if TYPE_CHECKING:
    from jinja2 import Environment

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'wasm-unsafe-eval' blob:; worker-src blob:; "
    "img-src data: blob:; base-uri 'none'; form-action 'none'"
)
SCRIPTS = ("format", "bind", "tip", "map", "prices", "sankey", "panels", "supply", "tables", "main")
NAME = "report.html"


def write_report(result: Result, out: Path | None = None, *, base: Result | None = None, sliders: bool = True) -> Path:
    """Write the page of a run read back, whole or not at all; into the run's directory where no file is named. Returns its path.

    With a base, the page says what differs from it. Without `sliders` it does not solve itself again: 2 MB less.

    Raises InputFaults where the run kept none of its inputs, UsageFault where `out` is a directory.
    """
    assert result.path is not None
    target = out or result.path / NAME
    if target.is_dir():
        raise UsageFault(f"{target} is a directory: name a file")
    text = page(result, base=base, sliders=sliders)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=target.parent, prefix=f".{target.name}.", delete=False) as draft:
        draft.write(text)
    Path(draft.name).chmod(0o644)
    Path(draft.name).replace(target)
    return target


def page(result: Result, *, base: Result | None = None, sliders: bool = True) -> str:
    """The page of a run as text."""
    run = read_run(result)
    data = data_of(run)
    view = view_of(run, data)
    parts = {**_parts(run, data, view), **_against(run, base, data), "what_if": part_of(result if sliders else None)}
    return _environment().get_template("page.html.j2").render(**parts)


def _against(run: Run, base: Result | None, data: Mapping[str, Any]) -> dict[str, Any]:
    if base is None:
        return {"base": "", "against": []}
    content = base.manifest["content"]
    told = ", ".join([content["model"], *([content["scenario"]] if content["scenario"] else []), *content["changes"]])
    return {"base": f"{base.manifest['run']} ({told})", "against": against(run, base, data)}


def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(loader=PackageLoader("energynet.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=False)


def text_of(name: str) -> str:
    """A file of this room."""
    return files("energynet.report").joinpath(name).read_text(encoding="utf-8")


def _parts(run: Run, data: dict[str, Any], view: dict[str, Any]) -> dict[str, Any]:
    cells, missing = Cells(data, view), bundled.missing()
    script = "\n".join(text_of(f"js/{name}.js") for name in SCRIPTS)
    charts = "" if missing else bundled.asset("echarts.js").decode()
    return {
        "policy": POLICY, "style": text_of("style.css"), "script": f"(() => {{\n\"use strict\";\n{script}\n}})();",
        "charts": _harmless(charts), "static": missing, "data": data, "data_json": embedded(data),
        "view_json": embedded(view), "licences": {} if missing else bundled.licences(), "sections": _sections(run),
        "summary": summary(run, data, view), "proven": run.result.certificate.holds, "facts": _facts(run),
        **_figures(run, data, view), **_tables(run, cells), **_evidence(run),
    }  # fmt: skip


def _harmless(script: str) -> str:
    """A library that stands inside a script element: nothing in it may end the element."""
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _figures(run: Run, data: Mapping[str, Any], view: Mapping[str, Any]) -> dict[str, Any]:
    atlas, carriers = Atlas.of(run, data), carriers_with_network(data)
    first = data["followed"][0]
    carrier = data["carriers"][data["origins"][first]["carrier"]]
    graph = graph_of(data, view, [first])
    drawn = drawing(data, graph)
    for one in (*drawn["ribbons"], *drawn["boxes"]):
        one["told"] = f"{number(one['volume'] / carrier['per_large'], 2)} {carrier['large']}"
    for box in drawn["boxes"]:
        box["told"] = number(box["volume"] / carrier["per_large"], 2)
    left = [f"{name_of(data, a)} to {name_of(data, b)} ({number(v / carrier['per_large'], 3)})" for (a, b), v in graph.left.items()]
    return {
        "land": background(atlas), "flow_maps": [flow_map(atlas, view, one) for one in carriers],
        "price_maps": [price_map(atlas, view, one) for one in carriers], "sankey": {**drawn, "left": _left(left)},
        "carrier_name": carrier["name"].lower(), "sankey_origins": _choices(data), "stacks": [stacks(data, view, one) for one in carriers],
        "curves": curves(data, view), "followed": data["origins"][first]["name"],
    }  # fmt: skip


def _left(named: list[str]) -> str:
    return f"Left out, so that nothing flows in a circle: {'; '.join(named)}." if named else ""


def _choices(data: Mapping[str, Any]) -> list[dict[str, str]]:
    """The origins of the diagram: each, and all of a carrier together; the followed ones first."""
    first = list(data["followed"])
    order = first + [k for k in range(len(data["origins"])) if k not in first]
    each = [{"value": str(k), "words": f"{data['origins'][k]['name']} ({_carrier(data, k).lower()})"} for k in order]
    return each + [{"value": f"all:{key}", "words": f"All {row['name'].lower()}"} for key, row in data["carriers"].items()]


def _carrier(data: Mapping[str, Any], origin: int) -> str:
    return str(data["carriers"][data["origins"][origin]["carrier"]]["name"])


def _tables(run: Run, cells: Cells) -> dict[str, Any]:
    data, carriers = cells.data, carriers_with_network(cells.data)
    return {
        "buyers": [markets.buyers(run, cells, origin) for origin in data["followed"]],
        "balances": [markets.balance(cells, one) for one in carriers], "borders": network.borders(run),
        "prices": [markets.prices(run, cells, one) for one in carriers], "lines": [network.lines(run, cells, one) for one in carriers],
        "storages": network.storages(run, cells), "contracts": network.contracts(run), "costs": network.costs(cells),
        "welfare": network.welfare(run), "unserved": markets.unserved(run, cells), "short": len(run.table("unserved")) > 0,
        "certificate": network.certificate(cells.view), "physical": network.physical(run),
    }  # fmt: skip


def _evidence(run: Run) -> dict[str, Any]:
    named = sources.references(run)
    return {
        "references": named, "reference_numbers": {one.key: k for k, one in enumerate(named, start=1)}, "sources": sources.used(run),
        "assumptions": sources.assumptions(run), "changes": changes_of(run),
    }  # fmt: skip


def _sections(run: Run) -> list[tuple[str, str]]:
    every = [
        ("map", "Map"), ("what-if", "What if"), ("routes", "Routes"), ("buyers", "Buyers"), ("supply", "Supply"), ("balance", "Balance"),
        ("prices", "Prices"),
        ("lines", "Congestion"), ("storage", "Storage"), ("contracts", "Contracts"), ("money", "Costs"), ("unserved", "Unserved"),
        ("changes", "Changes"), ("certificate", "Certificate"), ("sources", "Sources"),
    ]  # fmt: skip
    absent = {name for name, rows in (("storage", run.rows("storages")), ("contracts", run.table("contracts"))) if not len(rows)}
    return [one for one in every if one[0] not in absent]


def _facts(run: Run) -> list[tuple[str, str]]:
    manifest = run.result.manifest
    content, size = manifest["content"], manifest["size"]
    versions = ", ".join(f"{name} {version}" for name, version in content["versions"].items())
    return [
        ("Run", manifest["run"]), ("Model", f"{content['model']}, {content['model_digest'][:12]}"),
        ("Data", f"{content['data']}, {content['data_digest'][:12]}"), ("Scenario", content["scenario"] or "none"),
        ("Program", f"{number(size['columns'])} columns, {number(size['rows'])} rows, {number(size['entries'])} entries"),
        ("Solver", f"{manifest['solver']['name']}, {number(manifest['solver']['iterations'])} iterations"), ("Made with", versions),
    ]  # fmt: skip
