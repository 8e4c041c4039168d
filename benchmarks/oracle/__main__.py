#!/usr/bin/env python3
"""How like its generator Octavo reads a real site, post by post.

    python -m benchmarks.oracle SITE... [--drafts] [--show 5] [--speed] [--at-least date=1 --at-least html=0.9]
    python -m benchmarks.oracle SITE --answer FILE

Jekyll or Hugo is asked what it makes of each post, Octavo too, and the answers are compared field by field. A row a site:
the share of posts that are equal in a field; differences that are chosen (listed below the table) do not count. ``html``
and ``excerpt`` want the same elements, ``html text`` and ``excerpt text`` the same words. The exit status is 1 where a
field is below its ``--at-least``, 2 where a site could not be compared.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

if not __package__:
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from benchmarks.measuring import print_machine, print_table
from benchmarks.oracle.candidate import seconds_to_read, view_of
from benchmarks.oracle.comparison import Choice, Comparison, Field, compare
from benchmarks.oracle.generators import (
    GeneratorFailed,
    GeneratorMissing,
    ask,
    generator_of,
    read_answer,
)
from benchmarks.oracle.speed import seconds_to_build

_SHOWN = 160
"""Characters of a value that is shown."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """``field`` is to be equal in at least ``share`` of the posts."""

    field: Field
    share: float

    @classmethod
    def parse(cls, written: str) -> Threshold:
        """``html=0.9``. Raises ``ArgumentTypeError``."""
        name, _, share = written.partition("=")
        try:
            return cls(Field(name.replace("-", " ")), float(share))
        except ValueError as error:
            fields = ", ".join(Field)
            raise argparse.ArgumentTypeError(f"{written!r}: write FIELD=SHARE, a field of {fields}") from error


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="benchmarks.oracle", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sites", type=Path, nargs="+", metavar="SITE", help="a site's root folder")
    parser.add_argument("--answer", type=Path, help="the generator's answer, made before, instead of asking it now")
    parser.add_argument("--drafts", action="store_true", help="with drafts (Jekyll)")
    parser.add_argument(
        "--show", type=int, default=0, metavar="N", help="show the first N differing posts of each field"
    )
    parser.add_argument("--speed", action="store_true", help="take the times of both")
    parser.add_argument("--at-least", type=Threshold.parse, action="append", default=[], metavar="FIELD=SHARE")
    wanted = parser.parse_args(arguments)
    if wanted.answer and len(wanted.sites) > 1:
        parser.error("--answer is of one site")
    try:
        compared = {site: compared_site(site, wanted.answer, drafts=wanted.drafts) for site in wanted.sites}
    except (GeneratorMissing, GeneratorFailed) as error:
        print(error, file=sys.stderr)
        return 2
    print_shares(compared)
    for site, comparison in compared.items():
        print_differences(site, comparison, wanted.show)
    if wanted.speed:
        print_speed(wanted.sites)
    low = [
        f"{site}: {threshold.field} {comparison.scores[threshold.field].share:.1%} is below {threshold.share:.1%}"
        for site, comparison in compared.items()
        for threshold in wanted.at_least
        if comparison.scores[threshold.field].share < threshold.share
    ]
    print(*low, sep="\n", file=sys.stderr)
    return 1 if low else 0


def compared_site(site: Path, answer: Path | None, *, drafts: bool) -> Comparison:
    """Octavo's reading of the site against its generator's. Raises ``GeneratorMissing`` and ``GeneratorFailed``."""
    said = read_answer(answer, drafts=drafts) if answer else ask(site, generator_of(site), drafts=drafts)
    ours = view_of(site, drafts=said.drafts)
    if not said.posts:
        raise GeneratorFailed(
            f"{site}: {said.generator} finds no post, so there is nothing to compare; Octavo finds {len(ours)}"
        )
    return compare(said, ours)


def print_shares(compared: dict[Path, Comparison]) -> None:
    rows = []
    for site, comparison in compared.items():
        shares = [f"{comparison.scores[name].share:.1%}" for name in Field]
        rows.append([str(site), str(comparison.posts), *shares, str(comparison.chosen.total())])
    print_table(["site", "posts", *Field, "chosen"], rows)
    chosen: Counter[Choice] = sum((comparison.chosen for comparison in compared.values()), Counter())
    print()
    for choice, count in chosen.most_common():
        print(f"* {count} chosen differences: {choice}")


def print_differences(site: Path, comparison: Comparison, most: int) -> None:
    for name in Field if most else ():
        faults = comparison.faults([name])
        if faults:
            print(f"\n{site}: {name} differs in {len(faults)} posts")
        for fault in faults[:most]:
            print(f"* {fault.path}\n  * wanted: {fault.wanted[:_SHOWN]!r}\n  * got: {fault.got[:_SHOWN]!r}")


def print_speed(sites: Sequence[Path]) -> None:
    """Posts a second, nothing cached: Octavo's reading (on all cores), and the generator's build of the same posts."""
    print()
    print_machine()
    rows = []
    for site in sites:
        generator = generator_of(site)
        posts, ours = seconds_to_read(site)
        row = [str(site), str(posts), f"{posts / ours:.0f}"]
        try:
            theirs = seconds_to_build(site, generator)
        except GeneratorFailed as error:
            rows.append([*row, str(error)[:_SHOWN], ""])
        else:
            rows.append([*row, f"{posts / theirs:.0f}", f"{theirs / ours:.2f}"])
    print_table(["site", "posts", "Octavo, posts/s", "generator, posts/s", "ratio (Octavo / generator)"], rows)


if __name__ == "__main__":
    raise SystemExit(main())
