"""When two pieces of HTML count as the same."""

from __future__ import annotations

import pytest

from benchmarks.oracle.dom import first_difference, same_elements, same_words, visible_words

ALIKE = {
    "blanks": ("<p>a\n  b</p>\n\n<p>c</p>", "<p>a b</p><p>c</p>"),
    "attribute order": ('<a href="/a" title="t">a</a>', '<a title="t" href="/a">a</a>'),
    "references": ("<p>&copy; &amp; &#233;</p>", "<p>© &amp; é</p>"),
    "void elements": ("<p>a<br />b<hr/></p>", "<p>a<br>b<hr></p>"),
    "heading ids": ('<h2 id="one">One</h2>', "<h2>One</h2>"),
    "quotes and dashes": ("<p>“a” – ‘b’…</p>", "<p>\"a\" -- 'b'...</p>"),
    "highlighting": (
        '<div class="language-ruby highlighter-rouge"><div class="highlight"><pre class="highlight"><code>'
        '<span class="nb">puts</span> 1\n</code></pre></div></div>',
        '<pre><code class="language-ruby">puts 1\n</code></pre>',
    ),
    "highlighting in a line": (
        '<p><code><span class="no">A</span><span class="o">.</span>b</code></p>',
        "<p><code>A.b</code></p>",
    ),
    "line numbers": (
        '<figure class="highlight"><pre><code><table class="rouge-table"><tbody><tr><td class="gutter gl">'
        '<pre class="lineno">1\n</pre></td><td class="code">'
        "<pre>puts 1\n</pre></td></tr></tbody></table></code></pre></figure>",
        "<pre><code>puts 1\n</code></pre>",
    ),
    "footnotes": (
        '<p>A<sup id="fnref:1" role="doc-noteref"><a href="#fn:1" class="footnote" rel="footnote">1</a></sup></p>'
        '<div class="footnotes" role="doc-endnotes"><ol><li id="fn:1"><p>N'
        '<a href="#fnref:1" class="reversefootnote">^</a></p></li></ol></div>',
        '<p>A<sup id="fnref-1"><a href="#fn-1">1</a></sup></p>'
        '<section class="footnotes"><hr><ol><li id="fn-1"><p>N'
        '<a href="#fnref-1" class="footnote-backref">^</a></p></li></ol></section>',
    ),
    "task lists": (
        '<ul class="task-list"><li class="task-list-item"><input type="checkbox" disabled="disabled">a</li></ul>',
        '<ul><li><input type="checkbox">a</li></ul>',
    ),
    "column alignment": (
        '<table><tr><td style="text-align: right">1</td></tr></table>',
        '<table><tr><td align="right">1</td></tr></table>',
    ),
    "struck out": ("<del>a</del>", "<s>a</s>"),
    "percent-encoding": ('<a href="/%ED%95%9C">a</a>', '<a href="/한">a</a>'),
    "closed by themselves": (
        "<ul><li>a<li>b</ul><p>c<div>d</div>",
        "<ul><li>a</li><li>b</li></ul><p>c</p><div>d</div>",
    ),
}
DIFFERENT = {
    "another element": ("<em>a</em>", "<strong>a</strong>"),
    "a paragraph more": ("<p>a</p><p>b</p>", "<p>a b</p>"),
    "a tight list": ("<ul><li><p>a</p></li></ul>", "<ul><li>a</li></ul>"),
    "another address": ('<a href="/a">a</a>', '<a href="/b">a</a>'),
    "another class": ('<p class="x">a</p>', "<p>a</p>"),
    "an id that is no heading's": ('<p id="x">a</p>', "<p>a</p>"),
    "blanks inside code": ("<pre>a  b</pre>", "<pre>a b</pre>"),
    "a blank between words": ("<em>a</em> b", "<em>a</em>b"),
}


@pytest.mark.parametrize(("one", "other"), ALIKE.values(), ids=ALIKE)
def test_what_a_reader_cannot_tell_apart_is_the_same(one: str, other: str) -> None:
    assert same_elements(one, other), first_difference(one, other)
    assert same_words(one, other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_what_a_reader_can_tell_apart_is_not(one: str, other: str) -> None:
    assert not same_elements(one, other)


def test_words_are_what_is_seen() -> None:
    html = "<h1>One</h1>two<br>three <b>fo</b>ur<script>if (a) {}</script><style>p {}</style><td>five</td>"
    assert visible_words(html) == "One two three four five"


def test_the_first_difference_shows_both_sides_from_there() -> None:
    one, other = first_difference("<p>same</p><p>old</p>", "<p>same</p><p>new</p>")
    assert (one, other) == ("<p>same</p><p>old</p>", "<p>same</p><p>new</p>")
    assert first_difference(f"<p>{'x' * 100}a</p>", f"<p>{'x' * 100}b</p>") == ("x" * 30 + "a</p>", "x" * 30 + "b</p>")
