"""The page of equations is the code's: it is up to date, and every row of a program stands on it."""

from __future__ import annotations

from pathlib import Path

from network import program
from systems import PLANNED

from energynet.components.mathematics import page

PAGE = Path(__file__).parents[2] / "docs" / "mathematics.md"


def test_the_page_is_what_the_code_says() -> None:
    assert PAGE.read_text() == page(), "run `make docs`"


def test_every_row_stands_on_the_page() -> None:
    laid = program(PLANNED, start="2025-01-01", end="2025-12-31", storage_end="stocks")
    text = page()
    missing = [family.name for family in laid.rows if f"`{family.name}`" not in text]
    assert not missing
