"""`energynet sweep`."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import click

FAILED = 5  # exit status where scenarios have no solution
SECONDS = (0.5, 10.0)  # between two words of progress, on a terminal and elsewhere


@click.command("sweep")
@click.argument("model")
@click.option(
    "--vary", multiple=True, metavar="CHANGE",
    help='a change that varies, e.g. "demand[tr_market].quantity *= 0.8:1.2:0.05" or "... = {24, 31} bcm/y"; several make a grid, '
    "those joined by `together` move side by side",
)  # fmt: skip
@click.option("--design", type=click.Path(dir_okay=False, path_type=Path), help="a CSV with a column a change and a row a scenario")
@click.option("--sample", metavar="SPEC", help="draw scenarios from --vary: sobol:64, latin:100, latin:100:seed=7")
@click.option("--exact", is_flag=True, help="follow one line, --vary CHANGE first:last, from breakpoint to breakpoint (docs/response.md)")
@click.option("--scenario", help="a named list of changes of the model, which all scenarios have")
@click.option("--set", "changes", multiple=True, metavar="CHANGE", help="a change that all scenarios have; may be given again")
@click.option("--jobs", type=click.IntRange(min=1), help="processes; else one a core, and one alone for a small sweep")
@click.option("--scheduler", metavar="ADDRESS", help="solve on the Dask cluster at this address")
@click.option(
    "--order", type=click.Choice(["fixed", "nearest"]), default="fixed", show_default=True,
    help="start each scenario from the basis of the model, or of a scenario that is like it",
)  # fmt: skip
@click.option("--tables", help="result tables, with commas, or all; else those of docs/sweeps.md")
@click.option("--time-limit", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="for the solver, a scenario")
@click.option("--out", type=click.Path(path_type=Path), help="directory of the sweep; else results/MODEL/sweep-HASH")
@click.option("--json", "as_json", is_flag=True, help="how it ended as data on standard output, words on standard error")
def sweep(
    model: str, *, vary: tuple[str, ...], design: Path | None, sample: str | None, scenario: str | None, changes: tuple[str, ...],
    jobs: int | None, scheduler: str | None, order: str, tables: str | None, time_limit: float | None, out: Path | None, as_json: bool,
    exact: bool,
) -> None:  # fmt: skip
    """Solve many scenarios of MODEL, each certified; the same command again goes on where it stopped."""
    from energynet.errors import UsageFault
    from energynet.model import load
    from energynet.results.tables import NAMES
    from energynet.sweep.sweep import DEFAULT_TABLES
    from energynet.sweep.workers import fitting_jobs

    if exact:
        from energynet.cli.response import follow

        if design or sample or scheduler or tables or jobs or order != "fixed":
            raise UsageFault("--exact takes --vary, --set, --scenario, --time-limit, --out and --json")
        follow(model, vary, changes, scenario, time_limit, out, as_json=as_json)
        return
    started = time.perf_counter()
    loaded = load(model)
    asked = loaded.sweep(vary, design=design, sample=sample, changes=changes, scenario=scenario, time_limit=time_limit)
    _say(f"{loaded.case.title or loaded.case.name}: {len(asked):,} scenarios; read and checked in {time.perf_counter() - started:.1f} s")
    given = [name.strip() for name in (tables or "").split(",") if name.strip()]
    wanted = NAMES if given == ["all"] else given or DEFAULT_TABLES
    try:
        done = asked.write(
            out, jobs=jobs or fitting_jobs(len(asked)), scheduler=scheduler, tables=wanted, nearest=order == "nearest", progress=Progress(),
        )  # fmt: skip
    except KeyboardInterrupt:
        _say("interrupted: what is solved is kept, and the same command goes on from there")
        raise
    if as_json:
        data = {
            "sweep": str(done.path),
            "scenarios": len(asked),
            "counts": dict(done.counts),
            "solved_now": done.solved_now,
            "seconds": done.seconds,
        }
        click.echo(json.dumps(data))
    else:
        for status, count in done.counts.items():
            click.echo(f"{count:>9,} {status}")
    _say(f"{done.seconds:.1f} s in all. Tables: {done.path}")
    if done.failed:
        several = "scenarios have" if done.failed > 1 else "scenario has"
        _say(f"{done.failed:,} {several} no solution; why stands in the table `scenarios`, column `reason`")
        sys.exit(FAILED)


class Progress:
    """Scenarios done, their rate and the time left, on standard error: on a terminal in one line, elsewhere a line now and then."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._started = self._said = time.perf_counter()
        self._first: int | None = None

    def __call__(self, done: int, total: int, failed: int) -> None:
        """Say how far it is."""
        now = time.perf_counter()
        if self._first is None:
            self._first, self._started = done, now
            if done:
                _say(f"{done:,} of {total:,} scenarios are there already")
            return
        if now - self._said < SECONDS[0 if self._terminal else 1] and done < total:
            return
        self._said = now
        rate = (done - self._first) / max(now - self._started, 1e-9)
        words = f"{done:,} of {total:,} scenarios, {rate:.1f} a second, {_spoken((total - done) / max(rate, 1e-9))} left"
        words += f", {failed:,} without a solution" if failed else ""
        click.echo(f"\r{words}\033[K" if self._terminal else words, err=True, nl=not self._terminal or done == total)


def _spoken(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole} s" if whole < 100 else f"{whole // 60} min" if whole < 6000 else f"{whole // 3600} h {whole % 3600 // 60} min"


def _say(words: str) -> None:
    click.echo(words, err=True)
