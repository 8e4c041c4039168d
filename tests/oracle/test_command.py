"""The command: its table, its differences, its exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.oracle.__main__ import main
from benchmarks.oracle.generators import GeneratorFailed, generator_of, read_answer
from tests.oracle.sites import post, write

POST = {
    "path": "_posts/2020-01-02-a.md",
    "title": "A",
    "date": "2020-01-02T00:00:00+00:00",
    "slug": "a",
    "url": "/2020/01/02/a.html",
    "categories": [],
    "tags": ["x"],
    "previous": None,
    "next": None,
    "excerpt": "<p>Body.</p>\n",
    "html": "<p>Body.</p>\n",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return write(tmp_path / "site", {"_config.yml": "", "_posts/2020-01-02-a.md": post("title: A\ntags: [y]")})


@pytest.fixture
def answer(tmp_path: Path) -> Path:
    written: dict[str, object] = {"posts": [POST], "skipped": [], "config": {}, "source": "", "read_error": None}
    return write(tmp_path, {"answer.json": json.dumps(written)}) / "answer.json"


def test_a_row_a_site_and_the_differing_posts(site: Path, answer: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(site), "--answer", str(answer), "--show", "2"]) == 0
    header, _, row, *told = capsys.readouterr().out.splitlines()
    shares = dict(zip(header.strip("| ").split(" | "), row.strip("| ").split(" | "), strict=True))
    assert shares["posts"] == "1"
    assert (shares["title"], shares["tags"], shares["html"]) == ("100.0%", "0.0%", "100.0%")
    assert told == [
        "",
        "",
        f"{site}: tags differs in 1 posts",
        "* _posts/2020-01-02-a.md",
        "  * wanted: \"('x',)\"",
        "  * got: \"('y',)\"",
    ]


def test_a_field_below_its_threshold_fails(site: Path, answer: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(site), "--answer", str(answer), "--at-least", "html-text=1", "--at-least", "tags=0.5"]) == 1
    assert capsys.readouterr().err == f"{site}: tags 0.0% is below 50.0%\n"


def test_an_unknown_field_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["site", "--at-least", "colour=1"])
    assert "'colour=1': write FIELD=SHARE, a field of found, extra, title" in capsys.readouterr().err


def test_a_site_of_no_generator_cannot_be_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"{tmp_path}: neither Jekyll's nor Hugo's configuration is there\n"


@pytest.mark.parametrize(
    ("file", "generator"),
    [("_config.yml", "jekyll"), ("hugo.toml", "hugo"), ("config.yaml", "hugo"), ("config/_default/hugo.toml", "hugo")],
)
def test_the_configuration_names_the_generator(tmp_path: Path, file: str, generator: str) -> None:
    assert generator_of(write(tmp_path, {file: ""})) == generator


def test_a_site_that_the_generator_refused_is_no_answer(site: Path, answer: Path) -> None:
    answer.write_text(json.dumps({"posts": [], "read_error": "InvalidDateError: 'soon'"}), encoding="utf-8")
    assert main([str(site), "--answer", str(answer)]) == 2
    with pytest.raises(GeneratorFailed):
        generator_of(site / "_posts")


@pytest.mark.parametrize("file", ["about.md", "_posts/2024-01-01-only-ours.md"])
def test_a_site_without_posts_is_no_success(tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str) -> None:
    site = write(tmp_path / "site", {"_config.yml": "", file: post("title: About")})
    answer: dict[str, object] = {"posts": [], "skipped": [], "config": {}, "source": "", "read_error": None}
    write(tmp_path, {"answer.json": json.dumps(answer)})
    assert main([str(site), "--answer", str(tmp_path / "answer.json")]) == 2
    assert "nothing to compare" in capsys.readouterr().err


def test_a_site_that_hugo_stopped_at_cannot_be_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = write(tmp_path / "site", {"hugo.toml": "", "content/a.md": post("title: A")})
    answer = {
        "config": {},
        "site": "",
        "exit": [255, 255],
        "log": ["Error: no such token"],
        "pages": [],
        "left_out": [],
    }
    write(tmp_path, {"answer.json": json.dumps(answer)})
    assert main([str(site), "--answer", str(tmp_path / "answer.json")]) == 2
    assert capsys.readouterr().err == "Error: no such token\n"


def test_posts_of_mounted_folders_are_where_the_files_are(tmp_path: Path) -> None:
    mount = {"source": "texts/en", "target": "content", "lang": "en"}
    page = {
        "kind": "page",
        "lang": "en",
        "path": "a.md",
        "title": "A",
        "date": "0001-01-01T00:00:00Z",
        "slug": "",
        "url": "/a/",
        "terms": {},
        "draft": False,
        "previous": "",
        "next": "",
        "summary": "",
        "html": "",
    }
    written = {"config": {"module": {"mounts": [mount]}}, "site": "", "exit": [0, 0], "pages": [page], "left_out": []}
    write(tmp_path, {"answer.json": json.dumps(written)})
    assert list(read_answer(tmp_path / "answer.json", drafts=False).posts) == ["texts/en/a.md"]
