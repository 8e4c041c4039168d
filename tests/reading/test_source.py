"""What is found in a folder, and how a file's bytes are read."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from search_index.diagnostics import ProblemCode
from search_index.reading.dialects.plain import PlainDialect
from search_index.reading.errors import ContentError
from search_index.reading.source import FoundFile, read_stable, scan, signature_of
from search_index.settings import Limits, SiteSettings

Put = Callable[..., Path]


def found_paths(root: Path) -> list[str]:
    return [file.path for file in scan(root, PlainDialect.of(root, SiteSettings())).files]


def found(file: Path, root: Path) -> FoundFile:
    stat = file.lstat()
    return FoundFile(file.relative_to(root).as_posix(), stat.st_size, signature_of(stat))


def refusal(root: Path, file: FoundFile) -> ContentError:
    with pytest.raises(ContentError) as refused:
        read_stable(root, file, Limits())
    return refused.value


def test_markdown_files_are_found_by_ending_and_sorted_by_path(put: Put, tmp_path: Path) -> None:
    for name in ("b.md", "a.MARKDOWN", "deep/er/c.mkd", "d.mdown", "e.mkdn", "f.txt", "g.html", "md"):
        put(name)
    assert found_paths(tmp_path / "site") == ["a.MARKDOWN", "b.md", "d.mdown", "deep/er/c.mkd", "e.mkdn"]


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.md",
        ".git/a.md",
        "a.md~",
        "#a.md#",
        ".a.md.swp",
        "4913",
        "a.md.part",
        "node_modules/x/readme.md",
        "deep/vendor/a.md",
        "_site/a.md",
        "_includes/a.md",
        "_layouts/a.md",
        "_sass/a.md",
        "_data/a.md",
    ],
)
def test_what_is_nobodys_content_is_ignored_silently(put: Put, tmp_path: Path, name: str) -> None:
    put(name)
    put("kept.md")
    result = scan(tmp_path / "site", PlainDialect())
    assert [file.path for file in result.files] == ["kept.md"]
    assert result.problems == ()


def test_hugos_output_is_ignored_only_beside_hugos_configuration(put: Put, tmp_path: Path) -> None:
    put("public/a.md")
    put("blog/public/b.md")
    assert found_paths(tmp_path / "site") == ["blog/public/b.md", "public/a.md"]
    put("hugo.toml", "")
    assert found_paths(tmp_path / "site") == ["blog/public/b.md"]


def test_the_root_may_be_a_symbolic_link(put: Put, tmp_path: Path) -> None:
    put("a.md", "text")
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "site")
    result = scan(link, PlainDialect())
    assert [file.path for file in result.files] == ["a.md"]
    assert read_stable(link, result.files[0], Limits()) == b"text"


def test_the_signature_changes_with_the_file(put: Put, tmp_path: Path) -> None:
    file = put("a.md", "one")
    before = scan(tmp_path / "site", PlainDialect()).files[0].signature
    assert scan(tmp_path / "site", PlainDialect()).files[0].signature == before
    file.write_text("two")
    os.utime(file, (1_600_000_000, 1_600_000_000))
    assert scan(tmp_path / "site", PlainDialect()).files[0].signature != before


def test_a_link_to_a_file_inside_is_read_and_one_that_leaves_is_refused(put: Put, tmp_path: Path) -> None:
    put("a.md", "inside")
    outside = tmp_path / "outside.md"
    outside.write_text("secret")
    site = tmp_path / "site"
    (site / "b.md").symlink_to("a.md")
    (site / "c.md").symlink_to(outside)
    (site / "etc").symlink_to("/etc")
    (site / "inner").symlink_to(site)
    (site / "loop.md").symlink_to("loop.md")
    (site / "nowhere.md").symlink_to("gone.md")
    (site / "nowhere.txt").symlink_to("gone.txt")
    result = scan(site, PlainDialect())
    assert [file.path for file in result.files] == ["a.md", "b.md"]
    assert read_stable(site, result.files[1], Limits()) == b"inside"
    assert {problem.file: problem.code for problem in result.problems} == {
        "c.md": ProblemCode.LINK_LEAVES_FOLDER,
        "etc": ProblemCode.LINK_LEAVES_FOLDER,
        "inner": ProblemCode.NOT_A_REGULAR_FILE,
        "loop.md": ProblemCode.FILE_UNREADABLE,
        "nowhere.md": ProblemCode.FILE_UNREADABLE,
    }


def test_a_sibling_with_the_same_beginning_is_outside(put: Put, tmp_path: Path) -> None:
    put("a.md")
    private = tmp_path / "site_private"
    private.mkdir()
    (private / "secret.md").write_text("secret")
    (tmp_path / "site" / "b.md").symlink_to(private / "secret.md")
    result = scan(tmp_path / "site", PlainDialect())
    assert [file.path for file in result.files] == ["a.md"]
    assert result.problems[0].code is ProblemCode.LINK_LEAVES_FOLDER


def test_a_file_exchanged_for_a_link_after_the_scan_is_not_followed(put: Put, tmp_path: Path) -> None:
    site = tmp_path / "site"
    file = put("sub/a.md", "text")
    seen = found(file, site)
    file.unlink()
    file.symlink_to("/etc/passwd")
    assert refusal(site, seen).code is ProblemCode.LINK_LEAVES_FOLDER


def test_what_is_no_file_is_reported_and_holds_nobody_up(put: Put, tmp_path: Path) -> None:
    site = tmp_path / "site"
    os.mkfifo(site / "pipe.md")
    (site / "folder.md").mkdir()
    put("folder.md/inner.md")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(site / "socket.md"))
        result = scan(site, PlainDialect())
    assert [file.path for file in result.files] == ["folder.md/inner.md"]
    assert {problem.file: problem.message for problem in result.problems} == {
        "pipe.md": "is a named pipe, not a file",
        "socket.md": "is a socket, not a file",
        "folder.md": "a folder is named like a Markdown file",
    }


def test_a_pipe_that_took_the_place_of_a_file_does_not_hang(put: Put, tmp_path: Path) -> None:
    site = tmp_path / "site"
    file = put("a.md")
    seen = found(file, site)
    file.unlink()
    os.mkfifo(file)
    assert refusal(site, seen).code is ProblemCode.NOT_A_REGULAR_FILE


def test_names_that_no_address_can_hold_are_reported(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    root = os.fsencode(tmp_path / "site")
    for name in (b"line\nbreak.md", b"latin\xe9.md", b"-dash.md", b"trailing .md", b"CON.md"):
        os.close(os.open(root + b"/" + name, os.O_CREAT | os.O_WRONLY))
    Path(os.fsdecode(root + b"/caf\xe9")).mkdir()
    result = scan(tmp_path / "site", PlainDialect())
    assert [file.path for file in result.files] == ["-dash.md", "CON.md", "trailing .md"]
    assert [problem.file for problem in result.problems] == ["caf\\xe9", "latin\\xe9.md", "line\nbreak.md"]
    assert result.unreadable == ("caf\\xe9",)
    assert "\n" not in result.problems[2].as_text()


def test_a_control_character_that_breaks_no_line_costs_no_post(put: Put, tmp_path: Path) -> None:
    put("2024-01-02-\b슬라이딩.md")
    put("tab\there.md")
    assert found_paths(tmp_path / "site") == ["2024-01-02-\b슬라이딩.md", "tab\there.md"]


def test_a_folder_that_cannot_be_listed_is_named(tmp_path: Path) -> None:
    result = scan(tmp_path / "gone", PlainDialect())
    assert result.unreadable == ("",)
    assert not result.covers("a.md")


def test_an_unreadable_folder_keeps_its_posts_from_counting_as_gone(
    put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("open/a.md")
    put("shut/b.md")
    real = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("/shut"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    result = scan(tmp_path / "site", PlainDialect())
    assert [file.path for file in result.files] == ["open/a.md"]
    assert result.unreadable == ("shut",)
    assert result.covers("open/z.md")
    assert not result.covers("shut/b.md")


def test_a_file_in_a_missing_folder_is_transient(put: Put, tmp_path: Path) -> None:
    put("a.md")
    error = refusal(tmp_path / "site", FoundFile("gone/b.md", 1, (1, 1, 1, 1)))
    assert (error.code, error.transient) == (ProblemCode.FILE_UNREADABLE, True)


def test_a_large_file_is_refused_before_it_is_read(put: Put, tmp_path: Path) -> None:
    site = tmp_path / "site"
    file = put("a.md")
    with file.open("wb") as sparse:
        sparse.truncate(1 << 40)
    os.utime(file, (1_600_000_000, 1_600_000_000))
    error = refusal(site, scan(site, PlainDialect()).files[0])
    assert error.code is ProblemCode.FILE_TOO_LARGE
    assert "limits.file_bytes" in error.message


def test_a_file_that_is_written_all_the_time_is_transient(
    put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = put("a.md", "x" * 1000)
    just_written = file.stat().st_mtime_ns + 1_000_000
    monkeypatch.setattr(time, "time_ns", lambda: just_written)
    error = refusal(tmp_path / "site", found(file, tmp_path / "site"))
    assert (error.code, error.transient) == (ProblemCode.FILE_UNSTABLE, True)


def test_a_file_just_written_is_read_when_it_has_settled(put: Put, tmp_path: Path) -> None:
    site = tmp_path / "site"
    file = put("a.md", "old")
    file.write_text("new content")
    assert read_stable(site, found(file, site), Limits()) == b"new content"
    assert time.time_ns() - file.stat().st_mtime_ns >= 50_000_000


def test_a_file_from_the_future_is_read(put: Put, tmp_path: Path) -> None:
    file = put("a.md", "text")
    os.utime(file, (4_000_000_000, 4_000_000_000))
    assert read_stable(tmp_path / "site", found(file, tmp_path / "site"), Limits()) == b"text"
