"""What policy ``safe`` lets through."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.reading.errors import ContentError
from search_index.reading.markdown import BlogMarkdown
from search_index.reading.sanitising import check_nesting, safe_id, sanitise
from search_index.reading.tokens import html_tokens

RENDERER = BlogMarkdown()


def published(body: str) -> str:
    return sanitise(RENDERER.html(body))


@pytest.mark.parametrize(
    "html",
    [
        '<p class="lead">a <em>b</em></p>',
        '<img src="../x.jpg" alt="" width="400" height="400" loading="lazy">',
        '<a href="/a/b?c=d#e" title="t">x</a>',
        '<a href="https://a.b/c" rel="me" target="_blank">x</a>',
        '<a href="mailto:a@b.c">x</a>',
        '<a href="a/b:c">x</a>',
        '<details open=""><summary>s</summary>x</details>',
        '<figure><img src="x.png"><figcaption>c</figcaption></figure>',
        '<h2 id="set-up">x</h2>',
        '<td align="right">'.join(["<table><tbody><tr>", "x</td></tr></tbody></table>"]),
        '<iframe src="https://www.youtube-nocookie.com/embed/x" width="1" allowfullscreen=""></iframe>',
        '<pre><code class="language-py">x</code></pre>',
    ],
)
def test_prose_and_its_furniture_pass_unchanged(html: str) -> None:
    assert sanitise(html) == html


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ('<p onclick="x" style="y" x-data="z" @click="w">a</p>', "<p>a</p>"),
        ("<style>*{}</style><form action=x><button>b</button></form>", "b"),
        (
            '<input type="text" value="x"><input type="checkbox" checked>',
            '<input type="checkbox" checked="" disabled="">',
        ),
        ('<iframe src="https://evil.example/"></iframe>', ""),
        ('<iframe src="http://www.youtube.com/embed/x"></iframe>', ""),
        ('<iframe src="https://www.youtube.com@evil.example/"></iframe>', ""),
        ('<iframe src="https://[broken"></iframe>', ""),
        ("<iframe src=//e><script>", ""),
        (
            '<iframe title="a>b" src="https://player.vimeo.com/x?a>b"><script>x</script></iframe>tail',
            '<iframe title="a&gt;b" src="https://player.vimeo.com/x?a&gt;b"></iframe>tail',
        ),
        ("<input title=' type=&quot;checkbox&quot;'>", ""),
        ('<iframe srcdoc="&lt;script&gt;"></iframe>', ""),
        ("<svg><script>alert(1)</script></svg>", ""),
        ("<math><mi>x</mi></math>", ""),
        ("<!-- comment -->", ""),
        ('<img src="x" onerror="alert(1)" srcset="//evil 1x, b 2x">', '<img src="x">'),
        ('<img src="x" srcset="a 1x, b 2x">', '<img src="x" srcset="a 1x, b 2x">'),
        ('<a href="#location" target="frame">x</a>', '<a href="#user-content-location">x</a>'),
        (
            '<p id="constructor">a</p><a name="__proto__">b</a>',
            '<p id="user-content-constructor">a</p><a name="user-content-__proto__">b</a>',
        ),
        ("<object data=x>fallback</object>", ""),
        ("<base href=//evil><meta http-equiv=refresh><link rel=x>", ""),
    ],
)
def test_everything_else_goes(html: str, kept: str) -> None:
    assert sanitise(html) == kept


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "javascript&colon;alert(1)",
        "java&Tab;script:alert(1)",
        "java&NewLine;script:alert(1)",
        "&#1;javascript:alert(1)",
        " javascript:alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "file:///etc/passwd",
        "//evil.example/x",
        "/\\evil.example/x",
        "\\\\evil.example/x",
        "/&Tab;/evil.example/x",
        "&Tab;//evil.example",
        "https:\\\\evil.example",
        "feed:x",
    ],
)
@pytest.mark.parametrize(
    "element", ['<a href="{}">x</a>', '<img src="{}">', '<video src="{}"></video>', '<q cite="{}">x</q>']
)
def test_an_address_is_http_https_mailto_or_of_this_site(element: str, url: str) -> None:
    assert "evil" not in sanitise(element.format(url))
    assert ":" not in sanitise(element.format(url))


@pytest.mark.parametrize(
    "body",
    [
        "text\n{: onclick=alert(1) style=x}",
        "[x](javascript:alert(1))",
        '[x](y){: href="javascript:alert(1)" }',
        "[x](<javascript:alert(1)>)",
        "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
        "<javascript:alert(1)>",
        "# h {: onmouseover=alert(1) }",
        "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
        "`<script>alert(1)</script>`",
        "```html onload=x\n<script>alert(1)</script>\n```",
        '*[A]: x" onclick="alert(1)\n\nA',
        '[^"><script>]: x\n\n[^"><script>]',
        '!!! danger "<script>alert(1)</script>"\n    x',
        "<p><!-- --!><img src=x onerror=alert(1)> --></p>",
        '<div markdown="1" onclick="x">\n<script>alert(1)</script>\n</div>',
    ],
)
def test_no_road_through_markdown_leads_to_script(body: str) -> None:
    assert Dangers.of(published(body)) == []


PIECES = """
<script> </script> <img/src=x/onerror=y> <a/href=javascript:x> </a> <svg> </svg> <math> <style> </style> <p> </p> <!-- -->
` ``` [x]( ) {:/onclick=x} > - | <table> <td> <template> <noscript> <iframe/src=//e> </iframe> <textarea> " ' = \\
<![CDATA[ ]]> <title> &lt; &colon; <b/style=x>
"""


@given(st.lists(st.sampled_from([*PIECES.split(), " ", "\n", "\0", "\ufdd0"]), max_size=30).map("".join))
def test_nothing_made_of_dangerous_pieces_gets_through(body: str) -> None:
    try:
        assert Dangers.of(published(body)) == []
    except RecursionError:
        return


class Dangers(HTMLParser):
    """Collects what must not be in published HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    @classmethod
    def of(cls, html: str) -> list[str]:
        parser = cls()
        parser.feed(html)
        parser.close()
        return parser.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {
            "script",
            "style",
            "svg",
            "math",
            "object",
            "embed",
            "form",
            "base",
            "meta",
            "link",
            "template",
            "noscript",
        }:
            self.found.append(tag)
        for name, value in attrs:
            address = (value or "").strip().lower()
            if (
                name.startswith("on")
                or name in {"style", "srcdoc", "formaction"}
                or address.startswith(("javascript:", "//", "/\\"))
            ):
                self.found.append(f"{tag} {name}={value}")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"comment {data}")


def test_ids_that_shadow_names_of_scripts_are_prefixed() -> None:
    assert safe_id("location") == "user-content-location"
    assert safe_id("setup") == "setup"


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 101,
        "".join(f"<b title={number}>" for number in range(101)),
        "<div><table></div></table>" * 101,
        "<div><b></div>" * 101,
        "<svg><style>" + "<b>" * 101,
        "<ul><li>" * 101,
        "<!--><b>" * 101,
        "<div/>" * 101,
        "<span title='>'>" * 101,
    ],
)
def test_deep_nesting_is_seen_as_the_parser_would_see_it(html: str) -> None:
    with pytest.raises(ContentError):
        check_nesting(html, 100)


@pytest.mark.parametrize(
    "html",
    [
        "<p>x" * 500,
        "<div><b>x</b></div>" * 500,
        "<ul>" + "<li>x" * 500 + "</ul>",
        "<br><img src=x><hr>" * 500,
        "<script>" + "'<div>'" * 500 + "</script>",
        "<!-- " + "<div>" * 500 + " -->",
        "<textarea>" + "<div>" * 500,
        "</div>" * 500,
        "<table>" + "<tr><td>x" * 500 + "</table>",
    ],
)
def test_long_documents_are_not_deep_ones(html: str) -> None:
    check_nesting(html, 100)


@given(st.text(alphabet="<>!-/ab\"'= \n&;", max_size=200) | st.text(max_size=100))
def test_tokens_are_the_whole_text_in_order(html: str) -> None:
    position = 0
    for token in html_tokens(html):
        assert token.start() >= position
        position = token.end()
