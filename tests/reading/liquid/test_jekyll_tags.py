"""``include``, ``highlight``, ``post_url`` and ``link``, and what the caller learns of a text."""

from __future__ import annotations

import pytest

from tests.reading.liquid.site import SmallSite, problems, render, text

SITE = SmallSite(
    includes={
        "cup.html": "[{{ include.of }}|{{ include.kind }}|{{ page.count }}]",
        "sub/saucer.html": "({{ include.of }})",
        "tray.html": "<{% include cup.html of=include.of %}>",
        "fill.html": "{% assign filled = 'yes' %}",
        "stop.html": "{% break %}",
        "plain.html": "-{{ include.of }}-",
        "around.html": "{% include plain.html %}",
    },
    beside={"_posts/notes.md": "beside {{ include.of }}"},
)

INCLUDES = [
    ("{% include cup.html %}", "[||5]"),
    ("{% include cup.html of=\"tea\" kind='big' %}", "[tea|big|5]"),
    ("{% include cup.html of=page.shop.name kind=3 %}", "[Kettle|3|5]"),
    ('{% include cup.html of="a \\"b\\"" kind=\'it\\\'s\' %}', '[a "b"|it\'s|5]'),
    ('{% include cup.html\n  of = "tea"\n%}', "[tea||5]"),
    ("{% assign which = 'saucer' %}{% include sub/{{ which }}.html of=\"tea\" %}", "(tea)"),
    ("{% include {{ page.nothing | default: 'cup' }}.html of=\"tea\" %}", "[tea||5]"),
    ('{% include tray.html of="milk" %}{{ include.of }}', "<[milk||5]>"),
    ("{% include fill.html %}{{ filled }}", "yes"),
    ('{% include around.html of="tea" %}', "-tea-"),
    ("{% for i in (1..3) %}{{ i }}{% include stop.html %}{% endfor %}", "1"),
]


@pytest.mark.parametrize(("template", "expected"), INCLUDES)
def test_an_include_becomes_what_jekyll_makes_of_it(template: str, expected: str) -> None:
    assert text(template, SITE) == expected


def test_other_spellings_of_include() -> None:
    assert text('{% include_cached cup.html of="tea" %}', SITE) == "[tea||5]"
    assert text('{% include_relative notes.md of="tea" %}', SITE) == "beside tea"
    assert text("{% assign of = 'x' %}{% render 'cup.html', kind: 2 %}", SITE) == "[||5]"


def test_an_include_is_read_once() -> None:
    site = SmallSite(includes={"a.html": "a"})
    assert text("{% include a.html %}{% include a.html %}", site) == "aa"
    assert site.asked_includes == ["a.html"]


@pytest.mark.parametrize(
    "tag", ["include nowhere.html", "include ../secret", "include a//b", "include_relative nowhere.md"]
)
def test_a_missing_include_is_a_problem_and_the_rest_is_rendered(tag: str) -> None:
    assert problems(f"a\n{{% {tag} %}}b{{{{ page.count }}}}") == [(2, "missing_include")]
    assert render(f"a\n{{% {tag} %}}b{{{{ page.count }}}}").text == "a\nb5"


def test_a_problem_in_an_include_is_reported_at_the_tag_that_includes_it() -> None:
    site = SmallSite(
        includes={"cup.html": "a\n{{ 'x' | times }}\n{% frob %}", "tray.html": "\n\n{% include cup.html %}"}
    )
    rendered = render("one\n{% include tray.html %}", site)
    assert rendered.text == "one\n\n\na\n\n"
    assert [(problem.line, problem.kind) for problem in rendered.problems] == [(2, "unknown_tag"), (2, "value")]
    assert "in 'cup.html', line 3" in rendered.problems[0].message


HIGHLIGHTS = [
    (
        "{% highlight ruby %}\n\n  a < b && 'c'\n\n{% endhighlight %}",
        '<figure class="highlight"><pre><code class="language-ruby" data-lang="ruby">'
        "  a &lt; b &amp;&amp; 'c'</code></pre></figure>",
    ),
    (
        "{% highlight C++ %}{{ page.count }}{% endhighlight %}",
        '<figure class="highlight"><pre><code class="language-c--" data-lang="c++">5</code></pre></figure>',
    ),
]


@pytest.mark.parametrize(("template", "expected"), HIGHLIGHTS)
def test_highlighted_code_is_framed_as_jekyll_frames_it(template: str, expected: str) -> None:
    assert text(template) == expected


def test_options_of_highlight_are_accepted() -> None:
    plain = text("{% highlight ruby %}a{% endhighlight %}")
    assert text('{% highlight ruby linenos mark_lines="1 2" %}a{% endhighlight %}') == plain


LINKS = [
    ("{% post_url 2020-01-02-tea %}", "/blog/2020/01/02/tea.html"),
    ("{% post_url /2020-01-02-tea %}", "/blog/2020/01/02/tea.html"),
    ("{% link about.md %}", "/blog/about.html"),
    ("{% assign page_file = 'about.md' %}{% link {{ page_file }} %}", "/blog/about.html"),
]


@pytest.mark.parametrize(("template", "expected"), LINKS)
def test_links_to_posts_and_files_lie_below_baseurl(template: str, expected: str) -> None:
    assert text(template) == expected


@pytest.mark.parametrize("tag", ["post_url 2020-01-02-milk", "link nowhere.md"])
def test_a_link_to_nothing_is_a_problem(tag: str) -> None:
    assert problems(f"see\n[it]({{% {tag} %}})") == [(2, "missing_post")]
    assert render(f"see\n[it]({{% {tag} %}})").text == "see\n[it]()"


def test_the_caller_learns_which_posts_and_listings_a_text_asked_for() -> None:
    asked = render("{% post_url 2020-01-02-tea %}{% link about.md %}{% post_url 2020-01-02-milk %}")
    assert asked.asked_posts == {"2020-01-02-tea", "about.md", "2020-01-02-milk"}
    assert not asked.asked_site
    assert render("{{ site.posts | size }}").asked_site
    assert render("{% for recipe in site.recipes %}{% endfor %}").asked_site
    assert not render("{{ site.title }}{{ site.data.mugs | size }}").asked_site
