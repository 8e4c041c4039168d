"""Every command's ``--help`` as one text: ``python -m tests.cli.help_text > docs/reference/cli-help.txt``."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click
from click.testing import CliRunner

from api.cli import octavo

WIDTH = 100


def commands(group: click.Group, *above: str) -> Iterator[tuple[str, ...]]:
    """The words of every command that is shown, groups before what is in them."""
    yield above
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *above, name)
        else:
            yield (*above, name)


def help_of(*words: str) -> str:
    shown = CliRunner().invoke(octavo, [*words, "--help"], prog_name="octavo", terminal_width=WIDTH)
    assert shown.exit_code == 0, shown.output
    return shown.output


def help_text() -> str:
    parts = (f"$ {' '.join(('octavo', *words, '--help'))}\n{help_of(*words)}" for words in commands(octavo))
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(help_text())
