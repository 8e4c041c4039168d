"""``cli.md`` and ``cli-help.txt``: every command, its options, and the exit codes."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import click
from click.testing import CliRunner

from api.cli import EXIT_CODES, octavo
from scripts.reference.markdown import Undescribed, code, filled, sentence, table

WIDTH = 100

_DEFAULT = re.compile(r"\s*\[default: (?P<default>.*)\]$", re.DOTALL)
_EXIT_CODE = re.compile(r"^ *(?P<number>\d+)  (?P<meaning>.+)$", re.MULTILINE)


def commands_page() -> str:
    shown = [(words, command) for words, command in commands(octavo) if words]
    if without := sorted(undescribed(octavo)):
        raise Undescribed(f"{', '.join(without)}: a command has its words in its docstring, an option in help=")
    exits = [(row["number"], _capital(sentence(row["meaning"]))) for row in _EXIT_CODE.finditer(EXIT_CODES)]
    return filled(
        "cli.md",
        commands="\n\n".join(_section(words, command) for words, command in shown),
        exit_codes=table(("Code", "Meaning"), exits),
    )


def help_text() -> str:
    """Every command's ``--help`` as one text."""
    return "\n".join(f"$ {' '.join(('octavo', *words, '--help'))}\n{help_of(*words)}" for words, _ in commands(octavo))


def help_of(*words: str) -> str:
    shown = CliRunner().invoke(octavo, [*words, "--help"], prog_name="octavo", terminal_width=WIDTH)
    assert shown.exit_code == 0, shown.output  # noqa: S101  # every command has --help
    return shown.output


def commands(group: click.Command, *above: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """The words of every command that is shown, groups before what is in them."""
    yield above, group
    for name, command in group.commands.items() if isinstance(group, click.Group) else ():
        if not command.hidden:
            yield from commands(command, *above, name)


def undescribed(group: click.Command) -> Iterator[str]:
    """The commands and options below ``group`` that say nothing of themselves."""
    for words, command in commands(group):
        shown = " ".join(("octavo", *words))
        if not command.help:
            yield shown
        yield from (f"{shown} {option.opts[0]}" for option in _options(command) if not option.help)


def _options(command: click.Command) -> list[click.Option]:
    return [row for row in command.params if isinstance(row, click.Option) and not row.hidden and row.name != "help"]


def _section(words: tuple[str, ...], command: click.Command) -> str:
    context = click.Context(command)
    arguments = [row.make_metavar(context) for row in command.params if isinstance(row, click.Argument)]
    parts = [f"{'#' * (len(words) + 1)} {' '.join(('octavo', *words, *arguments))}", *_paragraphs(command.help or "")]
    if options := _options(command):
        parts.append(table(("Option", "Default", "Meaning"), [_row(option, context) for option in options]))
    return "\n\n".join(parts)


def _paragraphs(text: str) -> list[str]:
    return [" ".join(paragraph.split()) for paragraph in inspect.cleandoc(text.replace("\b", "")).split("\n\n")]


def _row(option: click.Option, context: click.Context) -> tuple[str, str, str]:
    help_line = option.help or ""
    told = _DEFAULT.search(help_line)
    names = ", ".join(map(code, (*option.opts, *option.secondary_opts)))
    if not option.is_flag:
        names += f" {option.make_metavar(context)}" if isinstance(option.type, click.Path) else ""
    if told:
        default = told["default"]
    elif option.is_flag and option.secondary_opts:
        default = code(option.opts[0] if option.default else option.secondary_opts[0])
    elif option.is_flag:
        default = "off"
    else:
        default = code(str(option.default)) if isinstance(option.default, str | int | float) else "none"
    return names, default, sentence(_DEFAULT.sub("", help_line)) + _choices(option)


def _choices(option: click.Option) -> str:
    if isinstance(option.type, click.Choice):
        return f" One of {', '.join(code(str(choice)) for choice in option.type.choices)}."
    if isinstance(option.type, click.IntRange):
        return f" {option.type.min} to {option.type.max}."
    return ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
