"""Variables, the place of the index, and which addresses are private."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.environment import (
    default_index_dir,
    is_loopback,
    known_variables,
    refuse_index_among_content,
    refuse_unknown_variables,
)
from search_index.settings import SettingsError


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("OCTAVO_TIMEZNE", "unknown variable OCTAVO_TIMEZNE; did you mean OCTAVO_TIMEZONE?"),
        (
            "OCTAVO_LIMITS__FILE_BYTE",
            "unknown variable OCTAVO_LIMITS__FILE_BYTE; did you mean OCTAVO_LIMITS__FILE_BYTES?",
        ),
        ("OCTAVO_CORS_ORIGIN", "unknown variable OCTAVO_CORS_ORIGIN; did you mean OCTAVO_CORS_ORIGINS?"),
        ("OCTAVO_QWXZ", "unknown variable OCTAVO_QWXZ; docs/reference/settings.md lists the settings"),
    ],
)
def test_a_misspelt_variable_is_named_with_what_was_meant(name: str, complaint: str) -> None:
    with pytest.raises(SettingsError) as refused:
        refuse_unknown_variables({name: "x", "PATH": "/bin"})
    assert str(refused.value) == complaint


def test_every_misspelt_variable_is_named() -> None:
    with pytest.raises(SettingsError, match=r"OCTAVO_A(.|\n)*OCTAVO_B"):
        refuse_unknown_variables({"OCTAVO_B": "", "OCTAVO_A": ""})


def test_known_variables_pass_in_any_case() -> None:
    refuse_unknown_variables(dict.fromkeys(known_variables(), "x") | {"octavo_title": "x", "OCTAVOX": "x"})


@pytest.mark.parametrize(
    ("environ", "platform", "expected"),
    [
        ({"XDG_CACHE_HOME": "/caches", "HOME": "/home/ann"}, "linux", "/caches/octavo"),
        ({"XDG_CACHE_HOME": "relative", "HOME": "/home/ann"}, "linux", "/home/ann/.cache/octavo"),
        ({"HOME": "/home/ann"}, "linux", "/home/ann/.cache/octavo"),
        ({"XDG_CACHE_HOME": "/caches", "HOME": "/Users/ann"}, "darwin", "/Users/ann/Library/Caches/octavo"),
        ({"LOCALAPPDATA": "/local", "HOME": "/home/ann"}, "win32", "/local/octavo"),
        ({"HOME": "/home/ann"}, "win32", "/home/ann/.cache/octavo"),
    ],
)
def test_the_index_lives_in_the_users_cache_folder(
    environ: dict[str, str], platform: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", environ["HOME"])
    folder = default_index_dir(Path("/srv/my blog"), environ, platform)
    assert str(folder.parent) == expected
    assert folder.name.startswith("my-blog-")


def test_two_folders_of_one_name_have_two_indexes() -> None:
    environ = {"XDG_CACHE_HOME": "/caches"}
    assert default_index_dir(Path("/a/posts"), environ) != default_index_dir(Path("/b/posts"), environ)


def test_a_folder_has_one_index_however_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "posts"
    folder.mkdir()
    (tmp_path / "link").symlink_to(folder)
    monkeypatch.chdir(folder)
    environ = {"XDG_CACHE_HOME": "/caches"}
    assert (
        default_index_dir(Path(), environ)
        == default_index_dir(folder, environ)
        == default_index_dir(tmp_path / "link", environ)
    )


def test_the_root_folder_has_an_index_too() -> None:
    assert default_index_dir(Path("/"), {"XDG_CACHE_HOME": "/caches"}).name.startswith("content-")


def test_without_a_home_the_index_wants_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(SettingsError, match="--index-dir"):
        default_index_dir(Path("/posts"), {}, "linux")


@pytest.mark.parametrize("inside", [".", "index", "deep/er", ".octavo"])
def test_the_index_may_not_lie_among_the_content(inside: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="choose a folder outside"):
        refuse_index_among_content(tmp_path / inside, tmp_path)


@pytest.mark.parametrize("outside", ["../index", "..", "../posts-index"])
def test_the_index_may_lie_anywhere_else(outside: str, tmp_path: Path) -> None:
    posts = tmp_path / "posts"
    posts.mkdir()
    refuse_index_among_content(posts / outside, posts)


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("127.0.0.1", True),
        ("127.3.2.1", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("LOCALHOST", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.2", False),
        ("example.org", False),
        ("", False),
    ],
)
def test_only_loopback_addresses_are_private(host: str, private: bool) -> None:
    assert is_loopback(host) is private
