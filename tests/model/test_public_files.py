"""The rule by which files are public, as it is stored and asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.public_files import PublicFiles, PublicFolder

_TEXTS = st.lists(st.text(max_size=5), max_size=3).map(tuple)
_FOLDERS = st.builds(
    PublicFolder, path=st.text(max_size=5), at=st.text(max_size=5), exclude=_TEXTS, include=_TEXTS, walked=st.booleans()
)
_RULES = st.builds(
    PublicFiles,
    st.lists(_FOLDERS, max_size=3).map(tuple),
    base=st.text(max_size=5),
    withheld=_TEXTS,
    rendered=st.booleans(),
)


@given(_RULES)
def test_a_rule_is_read_as_it_was_stored(rule: PublicFiles) -> None:
    assert PublicFiles.from_json(rule.to_json()) == rule


@given(_RULES, st.text(max_size=20))
def test_what_lies_outside_of_the_sites_source_is_not_public(rule: PublicFiles, path: str) -> None:
    if rule.base and not f"{path}/".startswith(f"{rule.base}/"):
        assert not rule.publishes(path)


@given(st.text(max_size=20))
def test_without_a_rule_nothing_is_public(path: str) -> None:
    assert not PublicFiles.from_json("").publishes(path)


@pytest.mark.parametrize(
    ("path", "is_public"),
    [
        ("x.png", True),
        ("in/x.png", True),
        ("in/_x.png", False),
        ("own/x.png", False),
        ("own/x.txt", True),
        ("ownx.png", True),
        ("own/kept/x.txt", False),
        ("own/keptx.txt", True),
    ],
)
def test_of_two_folders_the_inner_one_counts(path: str, is_public: bool) -> None:
    rule = PublicFiles((PublicFolder(), PublicFolder("own", endings=("txt",))), withheld=("own/kept",))
    assert rule.publishes(path) is is_public


def test_a_file_of_the_site_may_lie_in_several_folders() -> None:
    rule = PublicFiles((PublicFolder("static"), PublicFolder("files", "below"), PublicFolder()), base="src")
    assert list(rule.places("below/x.png")) == ["src/static/below/x.png", "src/files/x.png", "src/below/x.png"]
