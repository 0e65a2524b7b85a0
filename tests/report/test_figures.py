"""Figures: what they draw is what the tables say, no label lies over another, and the same run gives the same bytes."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

import energynet as en
from energynet.report import bundled
from energynet.report.figures import Material, drawn, plates, save
from energynet.report.figures.labels import dodged
from energynet.report.figures.style import drawable, figure_text
from energynet.report.maps import CLASSES
from energynet.report.palette import LOADS
from energynet.results.colours import CATEGORIES

ROOT = Path(en.__file__).parent.parent
STARTER = Path(en.__file__).parent / "starter" / "models" / "six-node.yaml"
CROWDED = ("map_gas_AZ", "ways_gas", "buyers_AZ", "supply_gas", "netbacks_AZ", "storage", "congestion")


@pytest.fixture(scope="module")
def small() -> Material:
    return Material.of(en.load(STARTER).solve(scenario="cold_winter"))


@pytest.fixture(scope="module")
def figures(small: Material) -> dict:
    """All figures of the starter, drawn once."""
    return {plate.name: figure for plate, figure in drawn(small)}


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Material:
    """The reference case without the ranges of its prices, which take most of its time."""
    model = tmp_path_factory.mktemp("models") / "quick.yaml"
    model.write_text(f"extends: {ROOT / 'models' / 'corridor-2025.yaml'}\noptions:\n  price_ranges: none\n")
    return Material.of(en.load(model).solve())


def bars(figure, gid: str) -> list[float]:
    """Lengths of the bars of one kind, in the order of their rows."""
    return [patch.get_width() for axes in figure.axes for patch in axes.patches if patch.get_gid() == gid]


def texts(figure) -> list[Text]:
    """All texts that are seen; of the ticks those that are inside their axis."""
    seen, ticks = [], set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            ticks |= {id(t) for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()) for t in (tick.label1, tick.label2)}
            if axes.get_visible() and axes.axison:
                seen += [tick.label1 for tick in axis._update_ticks()]
    seen += [t for t in figure.findobj(Text) if id(t) not in ticks and (t.axes is None or t.axes.get_visible())]
    return [t for t in seen if t.get_visible() and t.get_text().strip()]


def overlapping(figure) -> list[tuple[str, str]]:
    """Pairs of texts of which one lies over the other, and texts that are cut off by the edge."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer, whole = canvas.get_renderer(), figure.bbox
    boxes = []
    for one in texts(figure):
        box = one.get_window_extent(renderer)
        if box.width > 0.5 and box.y1 > 0 and box.x1 > 0:
            boxes.append((one.get_text(), box.padded(-1.0)))
    cut = [(name, "the edge") for name, b in boxes if b.x0 < -2 or b.y0 < -2 or b.x1 > whole.x1 + 2 or b.y1 > whole.y1 + 2]
    return cut + [(a, b) for k, (a, one) in enumerate(boxes) for b, other in boxes[:k] if one.overlaps(other)]


def test_every_figure_of_the_starter_is_drawn_and_no_label_lies_over_another(figures: dict) -> None:
    wanted = "map_gas ways_gas buyers_FIELD mix_gas supply_gas balance_gas netbacks_FIELD storage contracts costs welfare congestion"
    assert {*wanted.split(), "prices_usd_tcm", "prices_usd_mwh", "supply_electricity", "map_gas_FIELD"} <= set(figures)
    assert {name: faults for name, figure in figures.items() if (faults := overlapping(figure))} == {}


def test_the_crowded_figures_of_the_reference_case(reference: Material) -> None:
    found = {plate.name: figure for plate, figure in drawn(reference, CROWDED)}
    assert set(CROWDED) == set(found)
    assert {name: faults for name in CROWDED if (faults := overlapping(found[name]))} == {}
    told = reference.tables["congestion"].loc[lambda t: t["congestion_rent_musd"] > 0.05, "congestion_rent_musd"]
    assert bars(found["congestion"], "rent") == pytest.approx(sorted(told, reverse=True))
    words = {t.get_text() for t in texts(found["buyers_AZ"])}
    assert {"Türkiye", "Nakhchivan", "bcm over the horizon"} <= words


def test_bars_are_what_the_tables_say(small: Material, figures: dict) -> None:
    yearly = small.tables["deliveries"].loc[lambda t: (t["per"] == "year") & (t["origin"] == "FIELD") & t["bcm"].notna()]
    ordered = yearly.groupby("country")[["bcm", "contract"]].sum().sort_values("bcm", ascending=False)
    assert bars(figures["buyers_FIELD"], "contract") == pytest.approx(ordered["contract"] / 1000)
    total = np.add(bars(figures["buyers_FIELD"], "contract"), bars(figures["buyers_FIELD"], "spot"))
    assert total == pytest.approx(ordered["bcm"])
    assert sum(bars(figures["costs"], "item")) == pytest.approx(small.result.objective, abs=0.5)
    assert bars(figures["costs"], "objective") == pytest.approx([small.result.objective])
    roles = small.tables["welfare"]["role"].unique()
    drawn_welfare = sum(sum(bars(figures["welfare"], f"part:{role}")) for role in roles)
    assert drawn_welfare == pytest.approx(small.result.objective, abs=0.2)
    came = sum(sum(bars(figures["balance_gas"], f"part:{part}")) for part in ("production", "imports", "storage_change", "converted"))
    went = sum(sum(bars(figures["balance_gas"], f"part:{part}")) for part in ("served", "exports", "fuel_and_losses", "swaps"))
    assert came == pytest.approx(-went)


def test_lines_on_the_map_are_as_wide_as_their_flows(small: Material, figures: dict) -> None:
    widths = {line.get_gid(): line.get_linewidth() for line in figures["map_gas"].axes[0].lines if line.get_gid()}
    volume = small.tables["flows"].loc[lambda t: t["carrier"] == "gas"].groupby("arc")["volume"].sum()
    widest = volume.idxmax()
    assert len(widths) == int((volume > 1e-3 * volume.max()).sum())
    for arc in volume.index[volume > 0.1 * volume.max()]:
        assert widths[f"arc:{arc}"] / widths[f"arc:{widest}"] == pytest.approx(volume[arc] / volume[widest])


@pytest.mark.skipif(bool(bundled.missing()), reason=bundled.missing())
def test_the_map_stands_on_real_geography(figures: dict) -> None:
    land = figures["map_gas"].axes[0].collections[0]
    points = np.vstack([path.vertices for path in land.get_paths()])
    assert len(points) > 1000
    inside = land.get_paths()
    assert any(path.contains_point((32.8, 39.9)) for path in inside)  # Ankara is on land
    assert not any(path.contains_point((34.0, 43.3)) for path in inside)  # the Black Sea is not


@pytest.mark.parametrize("ending", ["svg", "pdf", "png"])
def test_the_same_run_gives_the_same_bytes(small: Material, tmp_path: Path, ending: str) -> None:
    written = []
    for name in ("one", "two"):
        _, figure = next(drawn(small, ["congestion"]))
        save(figure, tmp_path / f"{name}.{ending}", "title")
        written.append((tmp_path / f"{name}.{ending}").read_bytes())
    assert written[0] == written[1]
    assert not re.search(rb"20[0-9][0-9]-[01][0-9]-[0-3][0-9]T|CreationDate|Software", written[0])
    if ending == "pdf":
        assert b"/FontFile2" in written[0]
    if ending == "svg":
        assert b"<text" not in written[0]  # letters are outlines: no typeface is asked of the reader's machine


HOSTILE = ("<script>alert(1)</script>", "$x^{2$", "a\nb\x1b", "東京 \\frac{", "--><svg> &amp;")


def test_what_data_files_hold_is_drawn_as_text(small: Material, tmp_path: Path) -> None:
    """Every country has a name that is a command somewhere."""
    countries = small.result.inputs["countries"].assign(name=list(HOSTILE))
    material = Material.of(replace(small.result, inputs={**small.result.inputs, "countries": countries}))
    _, figure = next(drawn(material, ["balance_gas"]))
    assert {drawable(name) for name in HOSTILE} <= {t.get_text() for t in texts(figure)}
    save(figure, tmp_path / "a.svg", HOSTILE[0])
    written = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "<script" not in written
    assert written.count("<svg") == 1


def test_a_file_is_never_written_elsewhere(small: Material) -> None:
    rows = small.result.inputs["origins"].assign(id=lambda t: t["id"].replace({"FIELD": "../../up"}))
    contracts = small.result.inputs["contracts"].assign(origin="../../up")
    material = Material.of(replace(small.result, inputs={**small.result.inputs, "origins": rows, "contracts": contracts}))
    assert all("/" not in plate.name and not plate.name.startswith(".") for plate in plates(material))


def test_colours_are_those_of_the_page() -> None:
    style = (Path(en.__file__).parent / "report" / "style.css").read_text(encoding="utf-8")
    light = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", style.split("@media")[0]))
    assert CATEGORIES[:8] == tuple(light[f"o{k}"] for k in range(8))
    assert tuple(colour for _, colour in LOADS) == tuple(light[f"u{k}"] for k in range(1, 6))
    assert tuple(share for share, _ in LOADS[1:]) == CLASSES


def test_labels_that_are_near_are_moved_apart_and_keep_their_order() -> None:
    assert dodged([0.0, 5.0, 9.0], 1.0) == [0.0, 5.0, 9.0]
    assert dodged([1.0, 1.0], 1.0) == pytest.approx([0.5, 1.5])
    moved = dodged([0.0, 0.1, 0.2, 3.0, 3.0, 3.1], 0.4)
    assert min(np.diff(moved)) >= 0.4 - 1e-12
    assert np.mean(moved[:3]) == pytest.approx(0.1)


def test_small_figures_are_not_said_to_be_nothing() -> None:
    assert figure_text(0.0004) == "<0.01"
    assert figure_text(0.0) == "0.00"
    assert figure_text(-1234.5) == "−1,234.50"


def test_a_price_without_a_limit_is_drawn_to_the_edge(small: Material) -> None:
    prices = small.tables["prices"].copy()
    first = prices.index[prices["demand"] != ""][0]
    prices.loc[first, ["lowest", "highest"]] = [0.0, float("inf")]
    result = replace(small.result, tables={**small.tables, "prices": prices})
    _, figure = next(drawn(Material.of(result), ["price_ranges"]))
    assert any("0 to no limit" in t.get_text() for t in texts(figure))
    assert np.isfinite(bars(figure, "range")).all()
    assert next(drawn(Material.of(result), ["prices_usd_tcm"]))


def test_ranges_are_drawn_where_they_are_given(small: Material) -> None:
    about = {"kind": "delivery", "figure": "XC", "origin": "FIELD", "name": "Land of the north", "year": 2025, "unit": "bcm"}
    table = pd.DataFrame(
        [{**about, "value": 4.5, "lowest": 4.0, "highest": 5.25, "words": "x could be anything from 4 to 5 at the same cost"}]
    )
    material = Material.of(small.result, table)
    _, figure = next(drawn(material, ["ranges_delivery_gas"]))
    assert bars(figure, "range") == pytest.approx([1.25])
    assert any("at the same cost" in t.get_text() for t in texts(figure))
    assert not list(drawn(small, ["ranges_delivery_gas"]))
