"""Tables on a terminal of any width, and where there is none."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

from energynet.cli import terminal
from energynet.cli.terminal import bar, columns_of, print_rows

HEAD = ("country", "bcm", "by contract", "of demand", "route")
ROWS = [
    ("Türkiye", "9.669", "7.505", "16.0 %", "SCP > BOTAS grid 57 %; SCP > TANAP 43 %"),
    ("Land of an uncommonly long name that goes on", "0.182", "0.000", "10.8 %", "SCP > TANAP > " * 6 + "IGB 53 %"),
    ("東京の市場", "0.001", "0.001", "0.2 %", "Aword-" * 30),
]
BARS = [(0.5, 0.5), (0.01, 0.0), (0.0, 0.0)]


def fitted(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], width: int) -> list[str]:
    monkeypatch.setattr(terminal, "fitted", lambda: True)
    monkeypatch.setenv("COLUMNS", str(width))
    print_rows("Title", HEAD, ROWS, BARS, 4)
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("width", [60, 66, 72, 80, 100, 120, 160, 200])
def test_no_line_is_wider_than_the_terminal_and_nothing_is_lost(monkeypatch, capsys, width):
    lines = fitted(monkeypatch, capsys, width)
    assert max(columns_of(line) for line in lines) <= width
    pressed = "".join("".join(lines).split())
    for cell in ("9.669", "57%;", "IGB53%", "uncommonly"):
        assert cell in pressed
    assert not any(line.lstrip().startswith(("%", ">")) for line in lines)


@pytest.mark.parametrize("width", [80, 120])
def test_a_bar_is_as_long_as_its_share(monkeypatch, capsys, width):
    lines = fitted(monkeypatch, capsys, width)
    whole = 8 if width < 100 else 12
    first = next(line for line in lines if "9.669" in line)
    assert (first.count("█"), first.count("░")) == (whole // 2, whole // 2)


def test_a_bar_of_one_part_is_right_to_an_eighth():
    assert bar((1.0,), 8) == ["████████"]
    assert bar((0.5 + 1 / 64,), 8) == ["████▏"]
    assert bar((0.0,), 8) == [""]
    assert bar((0.5, 0.25), 8, blocks=False) == ["####", "--"]


def test_where_there_is_no_terminal_a_row_is_a_line(capsys):
    print_rows("Title", HEAD, ROWS, BARS, 4)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 + 1 + len(ROWS)
    assert lines[3].split() == " ".join(ROWS[0]).split()
    assert "█" not in "".join(lines)


def test_control_characters_of_the_data_are_not_sent(capsys):
    print_rows("T\x1b[2J", ("n\u202e",), [("a\x1b]0;x\x07b\nc",)])
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\x07" not in out
    assert "a�]0;x�b�c" in out


def on_a_terminal(**environment: str) -> str:
    """What a process prints on a terminal of its own."""
    code = "from energynet.cli.terminal import print_rows; print_rows('T', ('a[red]', 'n'), [('[/b]', '1.0')], [(1.0,)])"
    ours, theirs = pty.openpty()
    given = {**{name: value for name, value in os.environ.items() if name != "NO_COLOR"}, "COLUMNS": "80", "TERM": "xterm-256color"}
    subprocess.run([sys.executable, "-c", code], stdout=theirs, env={**given, **environment}, check=True)
    os.close(theirs)
    said = os.read(ours, 10_000).decode()
    os.close(ours)
    return said


def test_colour_only_where_it_is_wanted_and_names_are_no_markup():
    coloured, without = on_a_terminal(), on_a_terminal(NO_COLOR="1")
    assert "\x1b[36m" in coloured
    assert "\x1b[36m" not in without
    assert "████████" in without
    for said in (coloured, without):
        assert "[/b]" in said
        assert "a[red]" in said
    assert "\x1b" not in on_a_terminal(TERM="dumb")
