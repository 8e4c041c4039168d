"""What a preview token allows, and that nothing else passes for one."""

from __future__ import annotations

import base64
import hmac
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.preview_tokens import PreviewGrant, TokenExpired, TokenInvalid, read, sign
from search_index.model import Kind

SECRET = "a secret of more than 32 characters"
KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


GRANTS = st.builds(PreviewGrant, st.sampled_from([*Kind, None]), KEYS, st.integers(1, 10**12 - 1))


@given(GRANTS)
def test_a_token_says_what_was_granted_and_stands_in_an_address_as_it_is(grant: PreviewGrant) -> None:
    token = sign(SECRET, grant)
    assert re.fullmatch(r"[A-Za-z0-9._-]+", token)
    assert read(SECRET, token, grant.expires - 1) == grant


@given(GRANTS)
def test_it_is_over_at_its_last_second(grant: PreviewGrant) -> None:
    token = sign(SECRET, grant)
    assert read(SECRET, token, grant.expires - 0.001) == grant
    with pytest.raises(TokenExpired):
        read(SECRET, token, grant.expires)


@given(GRANTS, st.data())
def test_a_token_in_which_one_character_is_another_is_none(grant: PreviewGrant, data: st.DataObject) -> None:
    token = sign(SECRET, grant)
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters(exclude_categories=["Cs"]).filter(lambda character: character != token[at]))
    with pytest.raises(TokenInvalid):
        read(SECRET, token[:at] + other + token[at + 1 :], 0)


@given(st.one_of(KEYS, st.from_regex(r"v1\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{43}", fullmatch=True)))
def test_whatever_somebody_sends_is_no_token(text: str) -> None:
    with pytest.raises(TokenInvalid):
        read(SECRET, text, 0)


@given(st.one_of(st.binary(max_size=20).map(_base64), st.text("AZaz09-_", max_size=9)))
def test_what_is_signed_and_is_no_grant_is_no_token(payload: str) -> None:
    """Those who know the secret may sign by a program of their own."""
    signed = f"v1.{payload}"
    digest = hmac.digest(SECRET.encode(), b"octavo preview token\0" + signed.encode(), "sha256")
    with pytest.raises(TokenInvalid):
        read(SECRET, f"{signed}.{_base64(digest)}", 0)


@given(GRANTS)
def test_another_secret_has_other_tokens(grant: PreviewGrant) -> None:
    with pytest.raises(TokenInvalid):
        read(SECRET + "!", sign(SECRET, grant), 0)


def test_a_grant_covers_one_post_or_one_page_or_everything() -> None:
    post, everything = PreviewGrant(Kind.POST, "hello", 1), PreviewGrant(None, "", 1)
    assert post.covers(Kind.POST, "hello")
    assert not post.covers(Kind.PAGE, "hello")
    assert not post.covers(Kind.POST, "hello/")
    assert everything.covers(Kind.PAGE, "about")


def test_a_token_that_was_given_out_stays_good() -> None:
    assert sign("0" * 32, PreviewGrant(Kind.POST, "hello", 1_800_000_000)) == GIVEN_OUT
    assert read("0" * 32, GIVEN_OUT, 0) == PreviewGrant(Kind.POST, "hello", 1_800_000_000)


GIVEN_OUT = "v1.cG9zdDoxODAwMDAwMDAwOmhlbGxv.rCTXmPU2YO4QCrh4y1NqlRnhCAO7NFsOPhT1VM-OwYM"
