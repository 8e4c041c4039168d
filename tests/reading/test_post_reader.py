"""One file's bytes to its outcome: nothing is raised, nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.reading.dialects.plain import PlainDialect
from search_index.reading.markdown import BlogMarkdown, MarkdownRenderer
from search_index.reading.outcome import ReadOutcome
from search_index.reading.post_reader import read_post
from search_index.reading.render_cache import RenderCache
from search_index.reading.rendering import BodyRenderer, reader_fingerprint, rendering_fingerprint
from search_index.settings import SiteSettings
from tests.reading.shown import codes, summary, whole

Read = Callable[..., ReadOutcome]
SETTINGS = SiteSettings()
RENDER = BodyRenderer(SiteSettings.model_validate({"limits": {"render_seconds": 1.0}}))


@given(
    st.binary(max_size=400)
    | st.tuples(st.text(max_size=80), st.text(max_size=300)).map(
        lambda parts: f"---\n{parts[0]}\n---\n{parts[1]}".encode("utf-8", "replace")
    )
    | st.text(alphabet="[]()!*_`~<>#|-:{}=\"'\n a1.&", max_size=400).map(str.encode)
)
def test_any_bytes_become_an_outcome_that_survives_the_wire(raw: bytes) -> None:
    outcome = read_post("2020-01-02-x.md", raw, SETTINGS, PlainDialect(), RENDER)
    assert ReadOutcome.from_json(outcome.to_json()) == outcome
    assert outcome.post or outcome.problems or outcome.hidden


@pytest.mark.parametrize("text", ["", " \n\n", "\ufeff", "---\n---\n", "# only a heading", "\0", "a\u2028b\u0085c"])
def test_next_to_nothing_is_a_post_with_documented_defaults(read: Read, text: str) -> None:
    shown = whole(read(text, path="2020-01-02-a-post.md"))
    assert shown["title"] in ("A Post", "only a heading")
    assert shown["published_at"] == "2020-01-02T00:00:00+00:00"
    assert shown["tags"] == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"caf\xe9", "not_utf8"),
        (b"---\ntitle: x\n", "front_matter_unclosed"),
        (b"---\n- a\n---\n", "front_matter_not_a_map"),
        (b"---\na: [\n---\n", "front_matter_invalid"),
        (b"+++\na = [1\n+++\n", "front_matter_invalid"),
        (b"---\na: " + b"[" * 100 + b"\n---\n", "front_matter_limit"),
    ],
)
def test_a_broken_file_is_absent_and_reported_once(read: Read, text: bytes, code: str) -> None:
    outcome = read(text)
    assert codes(outcome) == [code]
    assert (outcome.post, outcome.post_id, outcome.hidden, outcome.transient) == (None, "", "", False)
    assert len(outcome.sha256) == 64


def test_crlf_and_a_byte_order_mark_change_nothing(read: Read) -> None:
    plain = whole(read("---\ntitle: x\n---\n\n- a\n- b\n\n```\ncode\n```\n"))
    windows = whole(read("\ufeff---\r\ntitle: x\r\n---\r\n\r\n- a\r\n- b\r\n\r\n```\r\ncode\r\n```\r\n"))
    assert {**windows, "source": None} == {**plain, "source": None}


def test_a_body_that_takes_too_long_is_served_as_plain_text(read: Read) -> None:
    outcome = read("# Title\n\n" + "[" * 16_000 + "<b>", limits={"render_seconds": 0.2})
    assert codes(outcome) == ["render_timeout"]
    assert "limits.render_seconds" in outcome.problems[0].message
    assert outcome.transient
    assert "&lt;b&gt;" in whole(outcome)["html"]
    assert summary(outcome)["title"] == "A Post"


@pytest.mark.parametrize("body", ["- " * 600 + "x", "<div>" * 200])
def test_a_body_that_nests_too_deeply_is_served_as_plain_text(read: Read, body: str) -> None:
    outcome = read(body)
    assert codes(outcome) == ["render_nesting"]
    assert not outcome.transient
    assert whole(outcome)["html"].startswith("<p>")


def test_a_table_that_explodes_is_served_as_plain_text(read: Read) -> None:
    body = "|" + "a|" * 120 + "\n|" + "-|" * 120 + "\n" + "|a\n" * 120
    outcome = read(body, limits={"render_output_bytes": 50_000, "render_seconds": 60})
    assert codes(outcome) == ["render_output"]
    assert whole(outcome)["html"].startswith("<p>|a|")


class Failing:
    """A renderer that fails in the given way, then works."""

    version = "failing"

    def __init__(self, failure: Exception) -> None:
        self.failure = failure

    def html(self, text: str) -> str:
        if "fail" in text:
            raise self.failure
        return f"<p>{text}</p>"


@pytest.mark.parametrize(
    ("failure", "code"),
    [(MemoryError(), "render_memory"), (ValueError("odd"), "render_failed"), (RecursionError(), "render_nesting")],
)
def test_whatever_a_renderer_raises_becomes_a_problem(failure: Exception, code: str) -> None:
    dialect = PlainDialect(markdown=Failing(failure))
    failed = read_post("2020-01-02-x.md", b"fail", SETTINGS, dialect, RENDER)
    assert codes(failed) == [code]
    assert whole(failed)["html"] == "<p>fail</p>"
    assert codes(read_post("2020-01-02-x.md", b"fine", SETTINGS, dialect, RENDER)) == []


def test_a_fault_of_our_own_becomes_a_problem_too() -> None:
    def broken(body: str, _markdown: MarkdownRenderer) -> object:
        raise KeyError(body)

    outcome = read_post("2020-01-02-x.md", b"x", SETTINGS, PlainDialect(), broken)  # type: ignore[arg-type]  # the fault
    assert codes(outcome) == ["render_failed"]
    assert outcome.post is None


def test_rendering_off_the_main_thread_works_without_a_clock() -> None:
    outcomes: list[ReadOutcome] = []
    thread = threading.Thread(
        target=lambda: outcomes.append(read_post("2020-01-02-x.md", b"*a*", SETTINGS, PlainDialect(), RENDER))
    )
    thread.start()
    thread.join()
    assert whole(outcomes[0])["html"] == "<p><em>a</em></p>"


def test_provenance_travels_only_when_asked_for(read: Read) -> None:
    assert read("x").provenance
    assert read_post("2020-01-02-x.md", b"x", SETTINGS, PlainDialect(), RENDER).provenance == ()


def test_what_shapes_the_output_shapes_the_fingerprint() -> None:
    trusted = SiteSettings.model_validate({"html_policy": "trusted"})
    assert rendering_fingerprint(SETTINGS) == rendering_fingerprint(SiteSettings())
    assert rendering_fingerprint(SETTINGS) != rendering_fingerprint(trusted)
    assert rendering_fingerprint(SETTINGS) != rendering_fingerprint(
        SiteSettings.model_validate({"limits": {"html_depth": 50}})
    )
    assert reader_fingerprint(SETTINGS) != reader_fingerprint(trusted)


class Counting(BlogMarkdown):
    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def html(self, text: str) -> str:
        self.asked += 1
        return super().html(text)


def test_a_cached_body_is_not_rendered_again(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("cache") / "rendered.sqlite"
    with RenderCache(path) as cache:
        body = "# a\n\n[x](y) `z`\n\n<!--more-->\n\n```\nq\n```"
        first = BodyRenderer(SETTINGS, cache)(body, Counting())
        counting = Counting()
        assert BodyRenderer(SETTINGS, cache)(body, counting) == first
        assert counting.asked == 0
        failing = Failing(ValueError("odd"))
        assert BodyRenderer(SETTINGS, cache)("fail", failing).failure is not None
        assert BodyRenderer(SETTINGS, cache)("fail", failing).failure is not None
