"""What pages of many runs share with the page of one: its style, its policy, and files written whole."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from energynet.errors import UsageFault
from energynet.report.page import POLICY, text_of
from energynet.report.view import embedded

SCRIPTS = ("format", "tables", "many")


def render(template: str, *, facts: Any = None, **parts: Any) -> str:  # noqa: ANN401
    """A page from its template; `facts` stand in it as JSON for its script."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    script = "\n".join(text_of(f"js/{name}.js") for name in SCRIPTS)
    pages = Environment(loader=PackageLoader("energynet.report"), autoescape=True, undefined=StrictUndefined)
    return pages.get_template(template).render(
        policy=POLICY, style=text_of("style.css") + text_of("many.css"), script=f"(() => {{\n\"use strict\";\n{script}\n}})();",
        facts_json=embedded(facts if facts is not None else {}), **parts,
    )  # fmt: skip


def write_page(text: str, target: Path) -> Path:
    """Write a page, whole or not at all. Raises UsageFault where a directory stands there."""
    if target.is_dir():
        raise UsageFault(f"{target} is a directory: name a file")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=target.parent, prefix=f".{target.name}.", delete=False) as draft:
        draft.write(text)
    Path(draft.name).chmod(0o644)
    return Path(draft.name).replace(target)
