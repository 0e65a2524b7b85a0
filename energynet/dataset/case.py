"""A case to solve: a model file with its parents merged in, checked, its changes read."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from energynet.dataset.changes import Change, parse_change
from energynet.dataset.model_file import OBJECTIVES, HorizonSpec, ModelFile, Options
from energynet.dataset.yaml_file import Document, Path_, Place, read_document
from energynet.errors import Fault, InputFaults, nearest

MODELS = Path("models")


@dataclass(frozen=True)
class Case:
    """What to solve. `data` is the path of the data package; `places` tells where each key was written."""

    name: str
    path: Path
    title: str
    data: Path
    horizon: HorizonSpec
    origins: str
    carriers: tuple[str, ...] | None
    objective: str
    options: Options
    changes: tuple[Change, ...]
    scenarios: Mapping[str, tuple[Change, ...]]
    projects: tuple[str, ...] = ()
    places: Mapping[Path_, Place] = field(default_factory=dict, compare=False, repr=False)

    def content(self) -> dict[str, Any]:
        """What a model file without parents would say, as plain values: all but the title and the path of the data."""
        return {
            "horizon": self.horizon.model_dump(mode="json"),
            "origins": self.origins,
            "carriers": None if self.carriers is None else list(self.carriers),
            "objective": self.objective,
            "projects": list(self.projects),
            "options": self.options.model_dump(mode="json"),
            "changes": [change.text for change in self.changes],
            "scenarios": {name: [change.text for change in changes] for name, changes in self.scenarios.items()},
        }

    @property
    def digest(self) -> str:
        """The SHA-256 of everything said here but the title and the path of the data."""
        return hashlib.sha256(json.dumps(self.content(), sort_keys=True).encode()).hexdigest()

    def place(self, *path: str | int) -> Place:
        """Where a key, or the nearest one above it, was written."""
        return _place(self.places, path)

    def scenario(self, name: str | None) -> tuple[Change, ...]:
        """The changes of the model and then of one of its scenarios. Raises InputFaults where it has none of that name."""
        if name is None:
            return self.changes
        if name not in self.scenarios:
            hint = nearest(name, self.scenarios, 0.4)
            raise InputFaults([Fault(str(self.path), "is no scenario of this model", value=name, hint=hint, check="scenario")])
        return self.changes + self.scenarios[name]


def find_model(name: str | Path, models: Path = MODELS) -> Path:
    """The file of a model given by its path, or by its name in the directory of models. Raises InputFaults with the nearest name."""
    given = Path(name)
    for candidate in (given, models / f"{name}.yaml", models / f"{name}.yml", models / given):
        if candidate.is_file():
            return candidate
    hint = nearest(given.stem, [path.stem for path in list_models(models)], 0.4)
    raise InputFaults([Fault(str(name), f"there is no such file, and no such model in {models}{os.sep}", hint=hint, check="model")])


def list_models(models: Path = MODELS) -> list[Path]:
    """The model files of a directory, by name."""
    return sorted(path for path in models.glob("*.y*ml") if path.suffix in (".yaml", ".yml"))


def read_case(path: Path | str) -> Case:
    """Read a model file. Raises InputFaults with everything that is wrong in it and its parents, each with line and position."""
    file = Path(path)
    document = _with_parents(file, ())
    faults: list[Fault] = []
    model = _validated(document, faults)
    changes = _changes(document.content.get("changes"), ("changes",), document, faults)
    named = document.content.get("scenarios")
    scenarios = {
        name: _changes(texts, ("scenarios", name), document, faults) for name, texts in (named.items() if isinstance(named, dict) else ())
    }
    data = Path(str(document.content.get("data", "")))
    if isinstance(document.content.get("data"), str):
        place = _place(document.places, ("data",))
        data = _beside(Path(place.file), data)
        if not data.exists():
            others = [str(entry.name) for entry in data.parent.iterdir()] if data.parent.is_dir() else []
            faults.append(place.fault(f"there is no data package at {data}", column="data", hint=nearest(data.name, others), check="data"))
    if faults or model is None:
        raise InputFaults(dict.fromkeys(faults))
    return Case(
        file.stem, file, model.title, data, model.horizon, model.origins, model.carriers, model.objective, model.options,
        changes, scenarios, model.projects, document.places,
    )  # fmt: skip


def data_of(path: Path) -> Path | None:
    """The data package that a model file names, whatever else is wrong with it; None where there is none."""
    try:
        document = _with_parents(path, ())
    except InputFaults:
        return None
    data = document.content.get("data")
    if not isinstance(data, str):
        return None
    found = _beside(Path(_place(document.places, ("data",)).file), Path(data))
    return found if found.exists() else None


def _beside(file: Path, other: Path) -> Path:
    """A path given in a file, relative to that file; shortened where it climbs."""
    return other if other.is_absolute() else Path(os.path.normpath(file.parent / other))


def _with_parents(file: Path, children: Sequence[Path]) -> Document:
    document = read_document(file)
    parent = document.content.get("extends")
    if not isinstance(parent, str):
        return document
    place = document.places["extends",]
    other = _beside(file, Path(parent if parent.endswith((".yaml", ".yml")) else f"{parent}.yaml"))
    if other.resolve() in [child.resolve() for child in (*children, file)]:
        raise InputFaults([place.fault("extends itself, in a circle", column="extends", value=parent, check="extends")])
    if not other.is_file():
        hint = nearest(other.stem, [path.stem for path in list_models(other.parent)], 0.4)
        raise InputFaults([place.fault(f"there is no model file {other}", column="extends", value=parent, hint=hint, check="extends")])
    return _merged(_with_parents(other, (*children, file)), document)


def _merged(parent: Document, child: Document) -> Document:
    """The child over the parent: mappings by key, changes one after the other, anything else replaced."""
    content, places = dict(parent.content), dict(parent.places)
    content.pop("extends", None)
    for key, value in child.content.items():
        old = content.get(key)
        shift = 0
        if key in ("horizon", "options", "scenarios") and isinstance(value, dict) and isinstance(old, dict):
            content[key] = {**old, **value}
        elif key == "changes" and isinstance(value, list) and isinstance(old, list):
            content[key] = [*old, *value]
            shift = len(old)
        else:
            content[key] = value
        for path, place in child.places.items():
            if path[:1] == (key,):
                moved = (key, int(path[1]) + shift, *path[2:]) if shift and len(path) > 1 else path
                places[moved] = place
    places[()] = child.places[()]
    return Document(content, places)


def _validated(document: Document, faults: list[Fault]) -> ModelFile | None:
    try:
        return ModelFile.model_validate(document.content)
    except ValidationError as error:
        for found in error.errors():
            path = tuple(part for part in found["loc"] if not (isinstance(part, str) and "[" in part))
            faults.append(_model_fault(document, path, found["type"], found["msg"], found.get("ctx", {})))
        return None


def _model_fault(document: Document, path: Path_, kind: str, said: str, context: Mapping[str, Any]) -> Fault:
    """A pydantic error in the words of a user, at its place."""
    place = _place(document.places, path)
    key = ".".join(str(part) for part in path)
    value = _value_at(document.content, path)
    shown = None if value is None or isinstance(value, (dict, list)) else str(value)
    if kind == "extra_forbidden":
        allowed = _fields_at(path[:-1])
        return place.fault("is not a key here", column=key, hint=nearest(str(path[-1]), allowed, 0.5), check="model-key")
    if kind == "missing":
        return place.fault("is missing", column=key, check="model-key")
    if kind == "literal_error":
        choices = [part.strip("'") for part in str(context["expected"]).replace(" or ", ", ").split(", ")]
        message = f"is not one of {', '.join(choices)}"
        return place.fault(message, column=key, value=shown, hint=nearest(shown or "", choices, 0.5), check="model-value")
    if kind == "string_pattern_mismatch":
        message = f"is not one of {', '.join(OBJECTIVES)}"
        return place.fault(message, column=key, value=shown, hint=nearest(shown or "", list(OBJECTIVES), 0.5), check="model-value")
    message = str(context["error"]) if kind == "value_error" else said[0].lower() + said[1:].replace("Input", "it")
    if kind.startswith("date"):
        message = "is not a day written as 2025-12-31"
    return place.fault(message, column=key, value=shown, check="model-value")


def _fields_at(path: Path_) -> Iterable[str]:
    below: dict[str, type[BaseModel]] = {"horizon": HorizonSpec, "options": Options}
    return list(below.get(str(path[0]) if path else "", ModelFile).model_fields)


def _value_at(content: Any, path: Path_) -> Any:  # noqa: ANN401
    for part in path:
        in_list = isinstance(content, list) and isinstance(part, int) and part < len(content)
        if in_list or (isinstance(content, dict) and part in content):
            content = content[part]
        else:
            return None
    return content


def _place(places: Mapping[Path_, Place], path: Path_) -> Place:
    for length in range(len(path), -1, -1):
        if path[:length] in places:
            return places[path[:length]]
    return Place("model")


def _changes(texts: Any, path: Path_, document: Document, faults: list[Fault]) -> tuple[Change, ...]:  # noqa: ANN401
    """The changes of one list, as far as they can be read."""
    read: list[Change] = []
    for at, text in enumerate(texts if isinstance(texts, list) else ()):
        if isinstance(text, str):
            try:
                read.append(parse_change(text, origin=_place(document.places, (*path, at))))
            except InputFaults as error:
                faults += error.faults
    return tuple(read)
