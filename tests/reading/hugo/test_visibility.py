"""Who may see a page."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.reading.hugo.conftest import HugoSite, page


def test_drafts_are_hidden_and_shown_where_they_are_asked_for(hugo: HugoSite) -> None:
    files = {
        "a.md": page("draft: true"),
        "b.md": page("published: false"),
        "c.md": page("draft: false", "published: false"),
    }
    hidden = {name: post.visibility.hidden for name, post in hugo(files).posts.items()}
    assert hidden == {"a.md": "draft: true", "b.md": "published: false", "c.md": ""}
    assert {post.visibility.hidden for post in hugo(files, drafts=True).posts.values()} == {""}


def test_of_two_spellings_of_draft_the_one_that_hides_counts(hugo: HugoSite) -> None:
    site = hugo({"a.md": page("draft: true", "Draft: false"), "b.md": page("Draft: false", "draft: true")})
    assert {post.visibility.hidden for post in site.posts.values()} == {"draft: true"}


def test_a_draft_that_is_neither_true_nor_false_is_published_and_told(hugo: HugoSite) -> None:
    site = hugo({"a.md": page('draft: "yes"')})
    assert site.posts["a.md"].visibility.hidden == ""
    assert site.told == ["'draft' is neither true nor false, and Hugo publishes the post"]


def test_the_date_of_publication_alone_decides_from_when_a_page_is_seen(hugo: HugoSite) -> None:
    site = hugo(
        {
            "a.md": page("date: 2099-01-01", "publishDate: 2020-01-01"),
            "b.md": page("date: 2020-01-01", "publishDate: 2099-01-01"),
            "c.md": page("date: 2020-01-01", "expiryDate: 2021-01-01"),
        }
    )
    spans = {name: (post.visibility.visible_from, post.visibility.visible_until) for name, post in site.posts.items()}
    assert spans == {
        "a.md": (_seconds(2020), None),
        "b.md": (_seconds(2099), None),
        "c.md": (_seconds(2020), _seconds(2021)),
    }


def test_a_section_hides_what_lies_below_it(hugo: HugoSite) -> None:
    site = hugo(
        {
            "secret/_index.md": page("draft: true"),
            "secret/a.md": page("draft: false"),
            "secret/deep/_index.md": page(),
            "secret/deep/b.md": page(),
            "later/_index.md": page("date: 2099-01-01"),
            "later/c.md": page("date: 2020-01-01"),
            "over/_index.md": page("expiryDate: 2020-01-01"),
            "over/d.md": page(),
            "secretly/e.md": page(),
        }
    )
    seen = {name: post.visibility for name, post in site.posts.items()}
    assert seen["secret/a.md"].hidden == "draft: true of the section it lies in"
    assert seen["secret/deep/b.md"].hidden == "draft: true of the section it lies in"
    assert seen["later/c.md"].visible_from == _seconds(2099)
    assert seen["over/d.md"].visible_until == _seconds(2020)
    assert seen["secretly/e.md"].hidden == ""
    assert site.dialect.hides("content/secret/a.md") == "draft: true of the section it lies in"
    assert site.dialect.hides("content/secretly/e.md") == ""


def test_private_fields_still_hide(hugo: HugoSite) -> None:
    site = hugo({"a.md": page("draft: true", "expiryDate: 2021-01-01")}, private_fields=("draft", "expiryDate"))
    post = site.posts["a.md"]
    assert post.visibility.hidden == "draft: true"
    assert post.visibility.visible_until == _seconds(2021)
    assert post.expires_at is None
    assert post.front_matter == {}


def _seconds(year: int) -> int:
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp())
