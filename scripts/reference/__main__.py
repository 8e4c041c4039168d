"""``python -m scripts.reference [--check]``."""

from __future__ import annotations

import sys

import click

from scripts.reference.markdown import Undescribed
from scripts.reference.pages import PAGES, ROOT, difference


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; print what differs, and end with 1 where something does.")
def reference(check: bool) -> None:
    """Write the pages of the reference that are made from code."""
    try:
        written = {path: page() for path, page in PAGES.items()}
    except Undescribed as error:
        raise click.ClickException(str(error)) from error
    stale = {path: text for path, text in written.items() if difference(path, text)}
    for path, text in stale.items():
        if check:
            click.echo(difference(path, text), nl=False)
        else:
            (ROOT / path).write_text(text, encoding="utf-8")
            click.echo(f"{path} is written anew", err=True)
    sys.exit(1 if check and stale else 0)


if __name__ == "__main__":
    reference()
