"""Slugs: every expectation is what Jekyll 4.3.1 gives."""

from __future__ import annotations

import pytest

from search_index.reading.jekyll_slugs import slugify

SLUGS = [
    ("The _config.yml file", "default", "the-config-yml-file"),
    ("The _config.yml file", "pretty", "the-_config.yml-file"),
    ("The  _config.yml\tfile", "raw", "the-_config.yml-file"),
    ("Über 한글 & 123!", "default", "über-한글-123"),
    ("Über 한글 & 123!", "ascii", "ber-123"),
    ("Über Ærø & straße", "latin", "uber-aero-strasse"),
    ("Über!", "none", "über!"),
    ("--a--b--", "default", "a-b"),
    ("--a--b--", "raw", "-a--b-"),
    ("?!", "default", ""),
]


@pytest.mark.parametrize(("text", "mode", "slug"), SLUGS)
def test_a_slug_is_what_jekyll_makes_of_the_text(text: str, mode: str, slug: str) -> None:
    assert slugify(text, mode) == slug


def test_case_may_be_kept() -> None:
    assert slugify("A B", cased=True) == "A-B"
