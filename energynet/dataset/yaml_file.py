"""YAML 1.2 with positions: plain values, and for each key and item the place where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from energynet.errors import Fault, InputFaults, nearest

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Place:
    """Where something was written; line and position count from 1, and are None for the command line or a script."""

    file: str
    line: int | None = None
    position: int | None = None

    def fault(self, message: str, **more: Any) -> Fault:  # noqa: ANN401
        """A fault at this place; `more` are other fields of Fault."""
        return Fault(self.file, message, line=self.line, position=self.position, **more)


@dataclass(frozen=True)
class Document:
    """A mapping of plain values, and the place of each path in it: of its key, or of its item in a list."""

    content: dict[str, Any]
    places: dict[Path_, Place]


def read_document(file: Path) -> Document:
    """Read one YAML file. Raises InputFaults where it does not exist, is no YAML, or is no mapping."""
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        tree = _loader().load(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        others = [entry.stem for entry in file.parent.glob("*.yaml")] if file.parent.is_dir() else []
        raise InputFaults([Fault(str(file), "does not exist", hint=nearest(file.stem, others))]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputFaults([Fault(str(file), f"cannot be read: {error}")]) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, position = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = " ".join((error.problem or "is no YAML").split())
        raise InputFaults([Fault(str(file), problem, line=line, position=position, check="yaml")]) from None
    except YAMLError as error:
        raise InputFaults([Fault(str(file), " ".join(str(error).split()), line=1, position=1, check="yaml")]) from None
    if not isinstance(tree, Mapping):
        raise InputFaults([Fault(str(file), "must hold keys and values", line=1, position=1, check="yaml")])
    places: dict[Path_, Place] = {(): Place(str(file), 1, 1)}
    return Document(_plain(tree, (), places, str(file)), places)


def _loader() -> Any:  # noqa: ANN401
    """A reader of YAML 1.2 that keeps positions and leaves days as text, as the core schema does."""
    from ruamel.yaml import YAML
    from ruamel.yaml.constructor import RoundTripConstructor

    class Constructor(RoundTripConstructor):
        """Its own class, so that nobody else's constructor changes."""

    Constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda constructor, node: constructor.construct_scalar(node))
    yaml = YAML(typ="rt")
    yaml.Constructor = Constructor
    return yaml


def _plain(node: Any, path: Path_, places: dict[Path_, Place], file: str) -> Any:  # noqa: ANN401
    """Plain Python values; the places of everything below are added."""
    if isinstance(node, Mapping):
        return {str(key): _below(node, key, str(key), path, places, file, of_key=True) for key in node}
    if isinstance(node, Sequence) and not isinstance(node, str):
        return [_below(node, at, at, path, places, file, of_key=False) for at in range(len(node))]
    if node is None or isinstance(node, bool):
        return node
    for kind in (str, int, float):
        if isinstance(node, kind):
            return kind(node)
    return str(node)


def _below(node: Any, key: Any, name: str | int, path: Path_, places: dict[Path_, Place], file: str, *, of_key: bool) -> Any:  # noqa: ANN401
    try:
        line, column = node.lc.key(key) if of_key else node.lc.item(key)
    except KeyError:  # merged in by `<<` from elsewhere in the file
        line, column = node.lc.line, node.lc.col
    places[(*path, name)] = Place(file, line + 1, column + 1)
    return _plain(node[key], (*path, name), places, file)
