"""Templates that Jekyll refuses: what is broken is left out and reported, everything else is rendered."""

from __future__ import annotations

import pytest

from tests.reading.liquid.site import problems, render

BROKEN = [
    ("a {% frobnicate x %} {{ page.count }}", "a  5", [(1, "unknown_tag")]),
    ("{% note %}\nread **this**\n{% endnote %}\n{{ page.count }}", "\nread **this**\n\n5", [(1, "unknown_tag")]),
    ("a\n{{ page.count", "a\n{{ page.count", [(2, "syntax")]),
    ("\\frac{{a}{b}} {{ page.count }}", "\\frac{{a}{b}} 5", [(1, "syntax")]),
    ("{{ page.count } and {% if true %}b{% endif %}", "{{ page.count } and b", [(1, "syntax")]),
    ("100 {% of it", "100 {% of it", [(1, "syntax")]),
    ("{% %}{{ page.count }}", "{% %}5", [(1, "syntax")]),
    ("a\n{% if page.count %}b\n{{ page.count }}", "a\nb\n5", [(2, "syntax")]),
    ("{% if a %}b{% else %}c\n{{ page.count }}", "bc\n5", [(1, "syntax")]),
    ("a{% endif %}b", "ab", [(1, "syntax")]),
    ("{% else %}a", "a", [(1, "syntax")]),
    ("{% if %}a{% else %}b{% endif %}c", "abc", [(1, "syntax")]),
    ("{% for i of page.tags %}a{% endfor %}b", "ab", [(1, "syntax")]),
    ("{% for i in page.tags %}{% if true %}x{% endfor %}", "xxxx", [(1, "syntax")]),
    ("{% raw %}{{ page.count }}", "5", [(1, "syntax")]),
    ("{% comment %}a{{ page.count }}", "a5", [(1, "syntax")]),
    ("{% comment %}{% frob %}{{ a{% endcomment %}b", "b", []),
    ("{% assign %}{% cycle %}{% capture %}a{% endcapture %}", "a", [(1, "syntax")] * 3),
    ("{% highlight %}a{% endhighlight %}", "a", [(1, "syntax")]),
    ("{% post_url tea %}a", "a", [(1, "syntax")]),
    ("{% include cup.html of %}a", "a", [(1, "syntax")]),
    ("{% if page.count > 'x' %}a{% endif %}b", "b", [(1, "value")]),
    ("{% for i in (1..3) limit: 'x' %}a{% endfor %}b", "b", [(1, "value")]),
]


@pytest.mark.parametrize(("template", "expected", "found"), BROKEN)
def test_the_rest_of_a_broken_template_is_rendered(template: str, expected: str, found: list[tuple[int, str]]) -> None:
    assert (render(template).text, problems(template)) == (expected, found)


def test_lines_count_from_the_file_not_from_the_body() -> None:
    rendered = render("a\nb\n{% frob %}\n{{ 1 | divided_by: 0 }}", first_line=8)
    assert [problem.line for problem in rendered.problems] == [10, 11]


def test_a_problem_says_what_to_do() -> None:
    (problem,) = render("{% frob %}").problems
    assert problem.message == "the tag `{% frob %}` is not known and is left out"
    assert problem.hint
