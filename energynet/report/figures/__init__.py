"""Figures for papers and slides, drawn by matplotlib without a display: SVG, PDF and PNG, the same bytes for the same run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from energynet.report.figures.material import Material, Plate

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PICTURES = ("svg", "pdf", "png")
DOTS = 200  # dots an inch of a PNG


def plates(material: Material) -> list[Plate]:
    """Every figure of a run, in the order of a report."""
    from energynet.report.figures import geography, markets, money, stocks, ways

    rooms = (geography, ways, markets, stocks, money)
    found = [plate for room in rooms for plate in room.plates(material)]
    return [Plate(_file_name(plate.name), plate.title, plate.draw) for plate in found]


def drawn(material: Material, only: Sequence[str] | None = None) -> Iterator[tuple[Plate, Figure]]:
    """Each figure that the run has something for; `only` those whose names are given."""
    from energynet.report.figures.style import styled

    for plate in plates(material):
        if only is None or plate.name in only:
            with styled():
                figure = plate.draw(material)
                if figure is None:
                    continue
                if figure.get_layout_engine() is not None:  # laid out once, and not again for every file
                    figure.draw_without_rendering()
                    figure.set_layout_engine("none")
            yield plate, figure


def save(figure: Figure, path: Path | str, title: str = "") -> None:
    """Write a figure as its file's ending says; nothing in the file tells when or where it was made."""
    from energynet.report.figures.style import styled

    path = Path(path)
    about: dict[str, dict[str, str | None]] = {
        ".svg": {"Title": title, "Creator": "energynet", "Date": None},
        ".pdf": {"Title": title, "Creator": "energynet", "Producer": "energynet", "CreationDate": None},
        ".png": {"Title": title, "Software": None},
    }
    with styled():
        for artist in figure.findobj():
            artist.set_gid(None)
        figure.savefig(path, format=path.suffix[1:], dpi=DOTS, metadata=about[path.suffix])


def _file_name(name: str) -> str:
    """A name of letters, digits, dots and dashes: what stands in data files cannot point elsewhere."""
    return "".join(c if (c.isalnum() and c.isascii()) or c in "._-" else "-" for c in name).strip(".") or "figure"


__all__ = ["DOTS", "PICTURES", "Material", "Plate", "drawn", "plates", "save"]
