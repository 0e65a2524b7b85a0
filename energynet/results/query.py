"""SQL over the result tables: DuckDB, each table a view by its name."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from energynet.errors import UsageFault, nearest
from energynet.results.saved import BASE, INPUTS, Saved, open_saved


def query(saved: Saved, sql: str) -> pd.DataFrame:
    """The answer to one statement. Views: each table; of a sweep also `base_TABLE`; what a run was made from, `input_TABLE`.

    Raises UsageFault with what DuckDB says, where the statement is not to be answered or the library is not there.
    """
    try:
        import duckdb
    except ImportError as error:
        raise UsageFault("SQL over results needs DuckDB: install energynet[query]") from error
    views = dict(_views(saved))
    with duckdb.connect(":memory:") as session:
        session.execute("SET TimeZone = 'UTC'")
        for name, files in views.items():
            session.read_parquet(files, union_by_name=True).create_view(name)
        try:
            return session.execute(sql).df()
        except duckdb.Error as error:
            raise UsageFault(_told(str(error), views)) from error


def _views(saved: Saved) -> Iterator[tuple[str, list[str]]]:
    """Name and files of every view."""
    for name, files in saved.files.items():
        yield name, [str(file) for file in files]
    if saved.kind == "sweep" and (saved.path / BASE).is_dir():
        for name, files in open_saved(saved.path / BASE).files.items():
            yield f"base_{name}", [str(file) for file in files]
    folder = saved.path / BASE / INPUTS if saved.kind == "sweep" else saved.path / INPUTS
    for file in sorted(folder.glob("*.parquet")):
        yield f"input_{file.stem}", [str(file)]


def _told(message: str, views: dict[str, list[str]]) -> str:
    """DuckDB's first line, and the tables where one was not found."""
    first = message.splitlines()[0]
    if "does not exist" not in first or "Table" not in first:
        return first
    asked = first.split("name ")[-1].split(" ")[0].strip("\"'!")
    hint = nearest(asked, views, 0.5)
    return f"there is no table {asked!r}" + (f" (did you mean {hint!r}?)" if hint else "") + f": {', '.join(views)}"
