"""Whole sites in a test: the files, the generator's view of them, and Octavo's."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks.oracle.candidate import view_of
from benchmarks.oracle.comparison import METADATA, Comparison, Field, compare
from benchmarks.oracle.generators import Generator, ask, what_is_missing

Files = Mapping[str, str | bytes]


def post(front_matter: str = "", body: str = "Body.\n") -> str:
    """A post with this YAML."""
    return f"---\n{front_matter}\n---\n{body}" if front_matter else f"---\n---\n{body}"


def write(folder: Path, files: Files) -> Path:
    """The folder, with the files in it exactly as given."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def need(generator: Generator) -> None:
    """Skip the test where the generator cannot be asked; in CI, fail it."""
    if missing := what_is_missing(generator):
        skip_outside_ci(f"{generator} cannot be asked: {missing}")


def skip_outside_ci(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def both_views(folder: Path, files: Files, generator: Generator, *, drafts: bool = False) -> Comparison:
    """The site written, asked of its generator, and read; both at once, since both take their time to start."""
    need(generator)
    write(folder, files)
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(ask, folder, generator, drafts=drafts)
        ours = view_of(folder, drafts=drafts)
        answer = asked.result()
    return compare(answer, ours)


def assert_alike(
    comparison: Comparison, fields: Sequence[Field] = METADATA, still_wrong: Collection[str] = frozenset()
) -> None:
    """Every post is as its generator has it, but for those at the paths ``still_wrong``, which are not."""
    faults = comparison.faults(fields)
    wrong = {fault.path for fault in faults}
    told = [str(fault) for fault in faults if fault.path not in still_wrong]
    told += [f"{path}: is right now, so it is no longer 'still wrong'" for path in still_wrong if path not in wrong]
    if told:
        pytest.fail("\n".join(["", *told]), pytrace=False)
