"""Reading the files of a results directory: what cannot be read is a fault with the file's path, whatever is wrong with it."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from energynet.errors import Fault, InputFaults

BLOCK = 1 << 20
UNREADABLE = (
    OSError, ValueError, TypeError, KeyError, EOFError, OverflowError, MemoryError, RecursionError, NotImplementedError, RuntimeError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip  # what numpy, pyarrow (whose errors are among these) and json raise at a damaged file


def unreadable(path: Path, why: object = "") -> InputFaults:
    """The fault of a file that cannot be read."""
    said = " ".join(str(why).split())[:200]
    return InputFaults([Fault(str(path), "cannot be read" + (f": {said}" if said else ""), check="run")])


@contextmanager
def _guarded(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise InputFaults([Fault(str(path), "is missing", check="run")]) from None
    except IsADirectoryError:
        raise InputFaults([Fault(str(path), "is a directory and no file", check="run")]) from None
    except UNREADABLE as error:
        raise unreadable(path, error) from error


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object. Raises InputFaults with the path."""
    with _guarded(path):
        content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise unreadable(path, "it holds no JSON object")
    return content


def read_table(path: Path) -> pd.DataFrame:
    """A Parquet file. Raises InputFaults with the path."""
    with _guarded(path):
        if path.is_dir():
            raise IsADirectoryError
        return pd.read_parquet(path)


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """All arrays of an npz file by name. Raises InputFaults with the path."""
    with _guarded(path), path.open("rb") as stream:
        stored = np.load(stream, allow_pickle=False)
        if not isinstance(stored, np.lib.npyio.NpzFile):
            raise ValueError("it is no collection of arrays")
        with stored:
            return {name: stored[name] for name in stored.files}


def read_workbook(path: Path) -> dict[str, pd.DataFrame]:
    """All sheets of a workbook by name, each without a header. Raises InputFaults with the path."""
    from python_calamine import CalamineError

    with _guarded(path):
        try:
            return pd.read_excel(path, sheet_name=None, header=None, engine="calamine")
        except CalamineError as error:
            raise ValueError(str(error)) from error


def read_text(path: Path) -> str:
    """A text in UTF-8, its line ends as they stand. Raises InputFaults with the path."""
    with _guarded(path):
        return path.read_bytes().decode("utf-8")


def digest_of_file(path: Path) -> str:
    """The SHA-256 of a file's bytes, hexadecimal. Raises InputFaults with the path."""
    found = hashlib.sha256()
    with _guarded(path), path.open("rb") as stream:
        while block := stream.read(BLOCK):
            found.update(block)
    return found.hexdigest()


def files_below(directory: Path) -> dict[str, Path]:
    """Every file of a directory and of those in it, by its path from there with `/`."""
    return {file.relative_to(directory).as_posix(): file for file in sorted(directory.rglob("*")) if file.is_file()}
