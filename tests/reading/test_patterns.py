"""Globs and regular expressions of a configuration, in bounded time."""

from __future__ import annotations

import time

import pytest

from search_index.patterns import PatternError, compile_expression, compile_glob


@pytest.mark.parametrize(
    ("glob", "matching", "others"),
    [
        ("/Posts/*", ["/posts/a.md", "/posts/b"], ["/posts/a/b", "/docs/a"]),
        ("/posts/**", ["/posts/a/b/c.md", "/posts/"], ["/postsx"]),
        ("{page,section}", ["page", "section"], ["pages", "term"]),
        ("/{a,b/{c,d}}?", ["/ax", "/b/dx"], ["/b/d", "/b/d/"]),
        ("[a-c]\\*", ["b*"], ["d*", "bx"]),
        ("[!a]x", ["bx"], ["ax"]),
        ("", [""], ["a"]),
    ],
)
def test_globs(glob: str, matching: list[str], others: list[str]) -> None:
    pattern = compile_glob(glob)
    assert [text for text in [*matching, *others] if pattern.matches(text)] == matching


@pytest.mark.parametrize(
    ("expression", "matching", "others"),
    [
        (r"\.draft\.md$", ["/a/x.draft.md"], ["/x.draft.md/y", "/xdraft.md"]),
        ("^/old", ["/old/x"], ["/x/old"]),
        (r"(a|bc)+\d?z", ["xabcaz", "bc1z"], ["z", "b1z"]),
        (r"[^\w/]", ["a-b"], ["a/b_c"]),
        ("(?:x)$", ["x", "ax"], ["xa"]),
        (r"\D\S.", ["ab!"], ["1", "ab"]),
        ("^[a-z]{2}(-[A-Z]{2})?$", ["en", "en-GB"], ["e", "eng", "en-G", "en-gb"]),
        ("^a{2,3}$", ["aa", "aaa"], ["a", "aaaa"]),
        ("^(ab){2,}$", ["abab", "ababab"], ["ab", "aba"]),
        ("^a{0}b{1}{2}$", ["bb"], ["b", "abb"]),
    ],
)
def test_expressions_are_looked_for_anywhere(expression: str, matching: list[str], others: list[str]) -> None:
    pattern = compile_expression(expression)
    assert [text for text in [*matching, *others] if pattern.matches(text)] == matching


@pytest.mark.parametrize(
    "expression",
    [
        *("(a", "a)", "[a", "*a", r"\b", "(?=a)", "a\\", "x" * 201, "(" * 30),
        *("a{", "a{x}", "a{,2}", "a{3,2}", "a{101}", "{2}", "(a{100}){100}", "a" + "{1}" * 60),
    ],
)
def test_what_is_not_read_is_refused(expression: str) -> None:
    with pytest.raises(PatternError):
        compile_expression(expression)


@pytest.mark.parametrize("glob", ["{a", "[a", "a\\", "{" * 30])
def test_broken_globs_are_refused(glob: str) -> None:
    with pytest.raises(PatternError):
        compile_glob(glob)


@pytest.mark.parametrize("expression", ["(a*)*b", "(a|a)*(a|a)*(a|a)*b", "a*" * 60 + "b"])
def test_no_expression_takes_long(expression: str) -> None:
    started = time.process_time()
    assert not compile_expression(expression).matches("a" * 1000)
    assert time.process_time() - started < 2
