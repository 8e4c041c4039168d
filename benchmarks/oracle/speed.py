"""How fast the generator builds the posts that Octavo reads."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from benchmarks.measuring import stopwatch
from benchmarks.oracle.generators import Generator, GeneratorFailed
from search_index.reading.jekyll.config import load_config
from search_index.settings import Limits

_CODE = ("_layouts", "_plugins", "_site", ".git", "node_modules", "vendor")
_NEEDS_CODE = (
    "theme",
    "remote_theme",
    "plugins",
    "gems",
    "plugins_dir",
    "layouts_dir",
    "destination",
    "source",
    "whitelist",
)
_LONGEST_SECONDS = 1_800
_COLOUR = re.compile("\x1b\\[[0-9;]*m")
_WHY = re.compile("(exception|error): ", re.IGNORECASE)


def seconds_to_build(site: Path, generator: Generator) -> float:
    """Wall seconds of the generator's own build: its posts, includes and data, without layouts, pages and plugins.

    Raises ``GeneratorFailed`` where it cannot build the site so.
    """
    with tempfile.TemporaryDirectory(prefix="octavo-oracle-") as folder:
        copy, output = Path(folder) / "site", Path(folder) / "output"
        if generator is Generator.HUGO:
            return _seconds(_hugo(site, copy, output))
        return _seconds(_jekyll(site, copy, output))


def _jekyll(site: Path, copy: Path, output: Path) -> list[str]:
    """The command that builds a copy of what lies in folders of Jekyll's own, ``_posts`` and its like, and nothing else."""

    def others(folder: str, names: list[str]) -> list[str]:
        parts = Path(folder).relative_to(site).parts
        own = any(part.startswith("_") for part in parts)
        return [name for name in names if name in _CODE or not (own or (Path(folder) / name).is_dir())]

    shutil.copytree(site, copy, ignore=others, ignore_dangling_symlinks=True)
    written = {key: value for key, value in load_config(site, Limits()).written.items() if key not in _NEEDS_CODE}
    kramdown = written.get("kramdown")
    if isinstance(kramdown, dict):
        written["kramdown"] = {key: value for key, value in kramdown.items() if not key.startswith("math_engine")}
    (copy / "_config.yml").write_text(json.dumps(written), encoding="utf-8")
    where = ["--source", str(copy), "--destination", str(output)]
    return ["jekyll", "build", *where, "--safe", "--disable-disk-cache", "--quiet"]


def _hugo(site: Path, copy: Path, output: Path) -> list[str]:
    """The command that builds a copy of the content by a layout that shows each page's body."""
    content = ("content", "config")
    for name in content:
        if (site / name).is_dir():
            shutil.copytree(site / name, copy / name, ignore_dangling_symlinks=True)
    copy.mkdir(exist_ok=True)
    for file in site.iterdir():
        if file.is_file() and file.stem in ("hugo", "config"):
            shutil.copy2(file, copy / file.name)
    layouts = copy / "layouts" / "_default"
    layouts.mkdir(parents=True)
    for name in ("single.html", "list.html"):
        (layouts / name).write_text("{{ .Content }}", encoding="utf-8")
    return ["hugo", "--source", str(copy), "--destination", str(output), "--quiet", "--theme", ""]


def _seconds(command: list[str]) -> float:
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "HUGO_ENV": "production"}
    with stopwatch() as watch:
        ran = subprocess.run(
            command, capture_output=True, text=True, env=environment, timeout=_LONGEST_SECONDS, check=False
        )
    if ran.returncode:
        said = _COLOUR.sub("", ran.stderr or ran.stdout)
        whys = [line.strip() for line in said.splitlines() if _WHY.search(line)]
        why = whys[-1] if whys else "it does not say why"
        raise GeneratorFailed(f"{command[0]} does not build it: {why}")
    return watch.seconds
