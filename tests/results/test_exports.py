"""Tables for papers and spreadsheets: what they say, and that nothing in a data file is a formula or a command in them."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from xlsxwriter.worksheet import Worksheet

import energynet as en
from energynet.results.digests import digests
from energynet.results.exports import harmless, latex, markdown, write_table
from energynet.results.headings import heading, unit_of_column
from energynet.results.naming import short_names
from energynet.results.result import Result
from energynet.results.workbook import write_workbook

STARTER = Path(en.__file__).parent / "starter" / "models" / "six-node.yaml"
HOSTILE = ("=1+1", "<script>alert(1)</script>", r"50 % \input{x} $y$ #1 _ & ~ ^ {", "a|b\nc `d` *e* [f](g)", "[x", "  @cmd")


@pytest.fixture(scope="module")
def result() -> Result:
    return en.load(STARTER).solve()


@pytest.fixture(scope="module")
def hostile(result: Result) -> Result:
    """The same run with names that are commands somewhere."""
    countries = result.inputs["countries"].assign(name=list(HOSTILE[:5]))
    origins = result.inputs["origins"].assign(name=lambda t: [HOSTILE[k % 6] for k in range(len(t))])
    return replace(result, inputs={**result.inputs, "countries": countries, "origins": origins})


def test_short_tables_add_up_to_the_result_tables(result: Result) -> None:
    found = {one.name: one.frame for one in digests(result)}
    yearly = result.tables["deliveries"].loc[lambda t: (t["per"] == "year") & t["bcm"].notna()]
    own = yearly.loc[yearly["origin"] == "FIELD", "bcm"].sum()
    assert found["buyers_FIELD"]["delivered [bcm]"].sum() == pytest.approx(own)
    assert found["periods_FIELD"].iloc[:, 1:].to_numpy().sum() == pytest.approx(own)
    assert found["mix_gas"]["all [bcm]"].sum() == pytest.approx(yearly["bcm"].sum())
    assert found["costs"]["cost [million USD]"].iloc[-1] == pytest.approx(result.objective)
    assert found["welfare"]["all [million USD]"].sum() == pytest.approx(result.objective)
    balance = found["balance_gas"].iloc[:, 1:-1]
    assert balance.sum(axis=1).abs().max() < 1e-9
    assert found["sources"]["rows"].sum() >= 90
    assert found["netbacks_FIELD"]["netback [USD/tcm]"].is_monotonic_decreasing


def test_every_figure_has_its_unit_in_the_heading(result: Result) -> None:
    flows = result.tables["flows"]
    assert heading("flows", flows.loc[flows["carrier"] == "gas"], "per_day") == "per_day [mcm/d]"
    assert unit_of_column("prices", result.tables["prices"], "price") == "USD/tcm or USD/MWh"
    assert unit_of_column("congestion", result.tables["congestion"], "worth_of_more_musd").startswith("million USD per mcm/d")
    assert heading("flows", flows, "arc") == "arc"
    bare = {
        f"{name}.{column}"
        for name, table in result.tables.items()
        for column in table.columns
        if pd.api.types.is_float_dtype(table[column]) and len(table) and not unit_of_column(name, table, column)
    }
    assert {name.split(".")[1] for name in bare} <= {"weight"}
    for one in digests(result):
        numbers = [str(c) for c in one.frame if pd.api.types.is_float_dtype(one.frame[c])]
        assert all("[" in name or "unit" in one.frame for name in numbers), one.name


def test_names_lose_what_they_explain_unless_two_become_one() -> None:
    assert short_names({"NX": "Nakhchivan (exclave)", "TR": "Türkiye"}) == {"NX": "Nakhchivan", "TR": "Türkiye"}
    both = {"CG": "Congo (Brazzaville)", "CD": "Congo (Kinshasa)"}
    assert short_names(both) == both


def test_markdown_is_one_row_a_row_and_no_markup(hostile: Result) -> None:
    frame = pd.DataFrame({"<b>name": list(HOSTILE), "value [bcm]": [1234.5678, 1e-7, -2.0, 0.0, float("nan"), 1.0]})
    lines = markdown(frame, "a|b").splitlines()
    assert lines[0] == r"**a\|b**"
    rows = lines[2:]
    assert len(rows) == 2 + len(HOSTILE)
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 3 for row in rows)
    assert "<script" not in markdown(frame)
    assert rows[2].split("|")[2].strip() == "1,234.568"
    assert rows[3].split("|")[-2].strip() == "1e-07"
    for one in digests(hostile):
        assert "<script" not in markdown(one.frame, one.title)


def test_latex_commands_of_the_data_are_set_as_text(hostile: Result) -> None:
    frame = pd.DataFrame({"a_b [%]": list(HOSTILE), "n": [1, 20_000, 3, 4, 5, 6]})
    text = latex(frame, "50 % of #1", "tab:x y")
    assert r"\input{x}" not in text
    assert r"50 \% \textbackslash{}input\{x\} \$y\$ \#1 \_ \& \textasciitilde{} \textasciicircum{} \{ & 3 \\" in text
    assert r"a\_b [\%] & n \\" in text
    assert "{}[x & 5" in text
    assert "20,000" in text
    assert text.count(r"\toprule") == text.count(r"\midrule") == text.count(r"\bottomrule") == 1
    assert r"\caption{50 \% of \#1}\label{tab:x-y}" in text
    longer = latex(pd.concat([frame] * 8, ignore_index=True))
    assert r"\begin{longtable}{lr}" in longer
    assert r"\begin{table}" not in longer


def test_formulas_of_the_data_are_text_in_csv_headings_too() -> None:
    frame = harmless(pd.DataFrame({"=cmd()": ["=1", " +2", "＝3", "fine", "-4"], "n": [1, 2, 3, 4, -5]}))
    assert frame.columns.tolist() == ["'=cmd()", "n"]
    assert frame.iloc[:, 0].tolist() == ["'=1", "' +2", "'＝3", "fine", "'-4"]
    assert frame["n"].tolist() == [1, 2, 3, 4, -5]


@pytest.mark.parametrize("ending", [".csv", ".md", ".tex", ".xlsx", ".parquet"])
def test_a_table_is_written_as_its_ending_says(tmp_path: Path, ending: str) -> None:
    frame = pd.DataFrame({"name": ["a", "=b"], "value": [1.5, 2.5]})
    write_table(frame, tmp_path / f"t{ending}", "title")
    assert [path.name for path in tmp_path.iterdir()] == [f"t{ending}"]
    if ending == ".parquet":
        pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "t.parquet"), frame, check_dtype=False)


def test_the_workbook_has_contents_units_and_sources_and_no_formula(
    hostile: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    links: list[str] = []
    formulas: list[str] = []
    kept_url, kept_formula = Worksheet._write_url, Worksheet._write_formula
    monkeypatch.setattr(Worksheet, "_write_url", lambda self, *a, **k: (links.append(a[2]), kept_url(self, *a, **k))[1])
    monkeypatch.setattr(Worksheet, "_write_formula", lambda self, *a, **k: (formulas.append(a[2]), kept_formula(self, *a, **k))[1])
    write_workbook(hostile, tmp_path / "one.xlsx")
    write_workbook(hostile, tmp_path / "two.xlsx")
    assert not formulas
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    book = pd.read_excel(tmp_path / "one.xlsx", sheet_name=None, engine="calamine", header=None)
    names = list(book)
    assert names[0] == "contents"
    assert {"Sources", "Buyers of FIELD", "flows", "certificate"} <= set(names)
    inside = {link.removeprefix("internal:'").removesuffix("'!A1") for link in links if link.startswith("internal:")}
    assert inside == set(names[1:])
    listed = book["contents"].iloc[:, 0].tolist()
    assert listed[listed.index("sheet") + 1 :] == names[1:]
    assert "per_day [mcm/d]" in book["flows"].iloc[0].tolist()
    assert set(book["Buyers of FIELD"].iloc[1:, 0]) <= set(HOSTILE)
    table = hostile.tables["balance"]
    served = book["balance"].iloc[1:, table.columns.get_loc("served")].astype(float)
    assert served.to_numpy() == pytest.approx(table["served"].to_numpy())


def test_a_number_without_a_limit_is_told_in_words(result: Result, tmp_path: Path) -> None:
    prices = result.tables["prices"].assign(highest=float("inf"), lowest=float("-inf"))
    write_workbook(replace(result, tables={**result.tables, "prices": prices}), tmp_path / "t.xlsx")
    book = pd.read_excel(tmp_path / "t.xlsx", sheet_name="prices", engine="calamine", header=None)
    column = prices.columns.get_loc("highest")
    assert set(book.iloc[1:, column]) == {"no limit"}
    assert "∞" in markdown(prices)
    assert r"$\infty$" in latex(prices)


def test_a_script_address_is_no_link(result: Result, tmp_path: Path) -> None:
    references = result.inputs["references"].assign(address="javascript:alert(1)")
    write_workbook(replace(result, inputs={**result.inputs, "references": references}), tmp_path / "t.xlsx")
    with zipfile.ZipFile(tmp_path / "t.xlsx") as book:
        links = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".rels"))
    assert "javascript" not in links
