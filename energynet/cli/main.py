"""The command `energynet`: commands are imported when they are called, errors become a word and an exit status."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

import click

COMMANDS = {
    "list": ("energynet.cli.list_models", "list_models", "The models of the directory models/, a line each."),
    "check": ("energynet.cli.check", "check", "Read and check a model or a data package; every fault at once."),
    "solve": ("energynet.cli.solve", "solve", "Solve one case, write its tables, print who got how much."),
    "sweep": ("energynet.cli.sweep", "sweep", "Many scenarios, certified; goes on where it stopped."),
    "ranges": ("energynet.cli.ranges", "ranges", "How far every annual flow and delivery could move at the same cost."),
    "response": ("energynet.cli.response", "response", "Every breakpoint along one line of change, and what changes at each."),
    "report": ("energynet.cli.report", "report", "One offline HTML page of a run: maps, diagrams, tables, sources."),
    "compare": ("energynet.cli.compare", "compare", "What changed between runs, or over a sweep, and because of which inputs."),
    "query": ("energynet.cli.query", "query", "Ask the tables of a run or a sweep in SQL."),
    "export": ("energynet.cli.export", "export", "A run or a sweep as IAMC, CSV or Excel."),
    "audit": ("energynet.cli.audit", "audit", "Re-compute a run's balances, bounds, costs and certificate from its files alone."),
    "init": ("energynet.cli.init", "init", "A small working model and data package to start from."),
}


class Commands(click.Group):
    """The commands by name, each imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, name, _ = COMMANDS[cmd_name]
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, _, words) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="energynet", prog_name="energynet")
def energynet() -> None:
    """How Azerbaijan's gas and power reach their buyers: a linear program with a certificate.

    Exit status: 0 solved and certified; 2 bad input or usage; 3 infeasible or unbounded; 4 the solver failed, ran out of
    time, or a certificate did not hold; 5 a sweep ended with scenarios without a solution; 130 interrupted.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and end with its exit status."""
    from energynet.errors import EnergynetError

    try:
        status = energynet.main(args=None if arguments is None else list(arguments), prog_name="energynet", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(130)
    except EnergynetError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_status)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    sys.exit(status if isinstance(status, int) else 0)
