"""Names to slugs: what stays distinct, what becomes one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.taxonomy import ancestors, slugify, term, term_slug


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Python", "python"),
        ("Machine Learning", "machine-learning"),
        ("  spaced   out  ", "spaced-out"),
        ("Café", "café"),
        ("Cafe\u0301", "café"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("日本語 タグ", "日本語-タグ"),
        ("한국어", "한국어"),
        ("हिन्दी", "हिन्दी"),
        ("C", "c"),
        ("C++", "c-plus-plus"),
        ("C#", "c-sharp"),
        ("F# tips", "f-sharp-tips"),
        (".NET", "net"),
        ("node.js", "node-js"),
        ("snake_case", "snake-case"),
        ("a/b", "a-b"),
        ("--x--", "x"),
        ("ﬁle", "file"),
        ("zero\u200bwidth", "zerowidth"),
        ("\u202eevil", "evil"),
        ("# heading", "heading"),
        ("🚀", ""),
        ("..", ""),
    ],
)
def test_a_name_becomes_this_slug(name: str, slug: str) -> None:
    assert slugify(name) == slug


@given(st.text())
def test_a_slug_is_its_own_slug_and_holds_nothing_a_path_could_trip_over(name: str) -> None:
    slug = slugify(name)
    assert slugify(slug) == slug
    assert not set(slug) & set("/\\?#%. \n\x00")


@given(st.text(min_size=1))
def test_every_name_has_an_identity_as_a_term(name: str) -> None:
    assert term_slug(name)


def test_names_without_letters_are_told_apart() -> None:
    assert term_slug("🚀") != term_slug("🎉")


def test_a_category_knows_its_levels() -> None:
    python = term(["Dev Tools", "Python"])
    assert (python.path, python.slug, python.name) == ("dev-tools/python", "python", "Python")
    assert ancestors("a/b/c") == ("a", "a/b")
    assert ancestors("a") == ()
