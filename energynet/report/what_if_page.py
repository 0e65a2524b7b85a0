"""The part of the page in which a reader moves sliders: its markup, its style, its scripts and the blocks of data that they read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from energynet.report.bundled import asset
from energynet.report.packing import squeeze
from energynet.report.sliders import NOTHING, Slider
from energynet.report.what_if import NotOffered, WhatIf, what_if
from energynet.results.result import Result

HERE = Path(__file__).parent
SHOWN = 6  # sliders of a group that stand open; the others are one click away
TITLES = {"demand": "Demand by country", "capacity": "Capacity of lines", "price": "Market prices"}
IN_WORKER = ("program.js", "certificate.js", "solver.js", "worker.js")
IN_PAGE = ("packed.js", "program.js", "netbacks.js", "figures.js", "changes.js", "what_if.js")
END = "</script"


@dataclass(frozen=True)
class Part:
    """`section` stands in the page's flow; `blocks` before its end, after its own scripts; `style` in its head. All are HTML or CSS."""

    section: str
    blocks: str
    style: str


def part_of(result: Result | None) -> Part:
    """The part for a run; where it cannot be had, or is not wanted (None), a section that says why, and nothing else."""
    if result is None:
        return Part(section(None, "it was written without its solver"), "", style())
    try:
        found = what_if(result)
    except NotOffered as why:
        return Part(section(None, str(why)), "", style())
    return Part(section(found), blocks(found), style())


def section(found: WhatIf | None, reason: str = "") -> str:
    """The section with its sliders, or with the reason why there are none."""
    from jinja2 import Environment, FileSystemLoader

    room = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True)
    context: dict[str, Any] = {"reason": reason, "note": "", "groups": [], "refused": []}
    if found:
        refused = [{"label": slider.label, "why": why} for slider, why in found.refused if why != NOTHING]
        context |= {"note": found.note, "groups": _groups(found), "refused": refused}
    return room.get_template("what_if.html.j2").render(context)


def style() -> str:
    """Its style sheet."""
    return (HERE / "templates" / "what_if.css").read_text(encoding="utf-8")


def blocks(found: WhatIf) -> str:
    """The program, the solver and the scripts, as script elements."""
    data = {
        "energynet-program": found.packed,
        "energynet-solver": squeeze(asset("highs.js")),
        "energynet-wasm": squeeze(asset("highs.wasm")),
        "energynet-worker": _scripts(IN_WORKER),
    }
    kept = [f'<script type="text/plain" id="{name}">{_inside(text)}</script>' for name, text in data.items()]
    return "\n".join([*kept, f"<script>\n{_inside(_scripts(IN_PAGE))}</script>"]) + "\n"


def _scripts(names: Sequence[str]) -> str:
    return "\n".join((HERE / "js" / name).read_text(encoding="utf-8") for name in names)


def _inside(text: str) -> str:
    """Text that may stand in a script element. Raises ValueError where it would end it."""
    if END in text.lower():
        raise ValueError("a script may not hold the end of a script element")
    return text


def _groups(found: WhatIf) -> list[dict[str, Any]]:
    """A group a kind and carrier, the carrier with most sliders first; its name stands in the title where there are several."""
    sliders, carriers = found.sliders, found.base.system["carriers"]
    kinds = [(slider.carrier, slider.group) for slider in sliders]
    order = sorted(dict.fromkeys(carrier for carrier, _ in kinds), key=lambda one: -sum(carrier == one for carrier, _ in kinds))
    groups = []
    for carrier in order:
        named = f": {str(carriers.of('name', carrier) or carrier).lower()}" if len(order) > 1 else ""
        for group, title in TITLES.items():
            own = [_slider(k, slider) for k, slider in enumerate(sliders) if (slider.carrier, slider.group) == (carrier, group)]
            cut = SHOWN if len(own) > SHOWN + 1 else len(own)
            groups += [{"title": title + named, "first": own[:cut], "more": own[cut:]}] if own else []
    return groups


def _slider(k: int, slider: Slider) -> dict[str, Any]:
    low, high = round(100 * slider.low), round(100 * slider.high)
    *ends, last = slider.label.split("/")
    return {
        "k": k, "label": slider.label, "parts": [*(f"{part}/" for part in ends), last], "low": low, "high": high,
        "mark": f"{(100 - low) / (high - low):.4f}", "words": f"100 %, {_plain(slider.base)} {slider.unit}",
    }  # fmt: skip


def _plain(value: float) -> str:
    """Three digits that count, as what_if.js writes them."""
    digits = 0 if value >= 100.0 else 1 if value >= 10.0 else 2 if value >= 1.0 else 3
    return f"{value:,.{digits}f}"
