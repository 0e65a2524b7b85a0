"""The house: floors that import downwards only, small rooms, no country or pipeline in code, no work at import."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import energynet

ROOT = Path(energynet.__file__).parent
FLOORS = (  # from the ground up; rooms of one floor may not import each other unless they are one room
    ("errors", "units"),
    ("schema",),
    ("components",),
    ("dataset",),
    ("system",),
    ("program",),
    ("solver",),
    ("recheck",),
    ("solution",),
    ("rolling",),
    ("results",),
    ("analysis", "report", "sweep"),
    ("model",),
    ("cli",),
)
LEVEL = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}
ABOVE_ALL = ("__init__", "__main__")  # thin and lazy: the public names
DATA_ONLY = ("starter",)
MOST_LINES = 350
FILES = sorted(path for path in ROOT.rglob("*.py") if path.relative_to(ROOT).parts[0] not in DATA_ONLY)
ALLOWED_SIDEWAYS = {("units", "errors")}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path: Path) -> list[tuple[str, int]]:
    """The rooms that a file imports, anywhere in it, and the lines."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{one.name}" for one in node.names]
        parts = [name.split(".") for name in names]
        found += [(part[1], node.lineno) for part in parts if part[0] == "energynet" and len(part) > 1]
    return found


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_imports_go_downwards_only(path):
    room = room_of(path)
    if room in ABOVE_ALL:
        return
    assert room in LEVEL, f"{room} stands on no floor: add it to FLOORS"
    upwards = [
        f"line {line}: {other}"
        for other, line in imports(path)
        if other != room and not (other in DATA_ONLY or LEVEL.get(other, 99) < LEVEL[room] or (room, other) in ALLOWED_SIDEWAYS)
    ]
    assert not upwards, f"{name_of(path)} imports upwards or sideways: {upwards}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_rooms_are_small(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MOST_LINES, f"{lines} lines: split it"


def geographic_names() -> set[str]:
    """Names that belong into data: countries and their people, and the lines, fields and hubs of the data packages."""
    countries = """
        afghanistan albania algeria armenia austria azerbaijan belarus belgium bosnia bulgaria china croatia cyprus czechia denmark
        egypt estonia finland france georgia germany greece hungary iran iraq ireland israel italy kazakhstan kosovo latvia lebanon
        libya lithuania moldova montenegro nakhchivan netherlands macedonia norway poland portugal qatar romania russia serbia
        slovakia slovenia spain sweden switzerland syria tunisia turkey turkiye türkiye turkmenistan ukraine uzbekistan
        azerbaijani austrian bulgarian croatian georgian german greek hungarian iranian italian moldovan norwegian romanian russian serbian
        slovenian syrian turkish ukrainian
        tanap scpx igb botas bp socar gazprom transgaz desfa snam eustream turkstream malkoclar kipoi komotini melendugno sangachal baku
        eskisehir gazakh igdir kilis fier
    """
    return set(countries.split())


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_module_names_a_country_or_a_pipeline(path):
    """In code; an example in a docstring or in the description of a column is no code."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
    names += [node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    names += [node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    names += [node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)]
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    names += [text for text in texts if " " not in text]
    words = {word for name in names for word in re.split(r"[^a-zı-ɏ]+", name.casefold())}
    assert not words & geographic_names()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_module_says_what_it_is_for(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "a module begins with a sentence"


def test_importing_the_package_imports_nothing_heavy():
    code = "import json, sys, energynet; print(json.dumps(sorted(sys.modules)))"
    loaded = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout)
    heavy = {"pandas", "numpy", "scipy", "pyomo", "highspy", "pydantic", "rich", "networkx", "pyarrow", "ruamel.yaml", "matplotlib"}
    assert not heavy & set(loaded)


def test_the_lock_holds_no_address():
    for file in sorted((ROOT.parent / "requirements").glob("*.txt")):
        text = file.read_text()
        assert "://" not in text
        assert "--index" not in text
        assert text.count("--hash=sha256:") > 100
