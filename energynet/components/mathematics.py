"""The page of equations, read from the docstrings above the rules that implement them."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType

from energynet.components.algebra import HORIZON, PERIOD, name_of

HEAD = """# The linear program

Every row of the program, as the code that writes it says it. This page is generated from those docstrings (`make docs`).

All variables are rates (the carrier's unit a day) and not below zero, except stocks and annual quantities (the carrier's unit).
"""


@dataclass(frozen=True)
class Equation:
    """One rule: the name of its rows, and what its docstring says. A bound of a variable has the name of its function."""

    component: str
    name: str
    text: str


def equations(module: ModuleType) -> Iterator[Equation]:
    """The rules of a component, in the order in which they are written."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.FunctionDef):
            text = ast.get_docstring(node)
            if text and "$" in text:
                yield Equation(name_of(module), node.name.removesuffix("_rule"), " ".join(text.split()))


def page() -> str:
    """The page as Markdown."""
    parts = [HEAD]
    for module in dict.fromkeys((*PERIOD, *HORIZON)):
        first = (inspect.getdoc(module) or "").splitlines()[0]
        parts.append(f"## {name_of(module).replace('_', ' ').capitalize()}\n\n{first}\n")
        parts += [f"- `{found.name}`: {found.text}" for found in equations(module)]
        parts.append("")
    return "\n".join(parts)
