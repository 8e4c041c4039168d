"""Templates that would run for ever or fill the memory end after so many steps, always the same."""

from __future__ import annotations

import pytest

from search_index.reading.liquid import LiquidLimits
from tests.reading.liquid.site import SmallSite, problems, render, text

SITE = SmallSite(includes={"self.html": "x{% include self.html %}", "twice.html": "{% include twice.html %}" * 2})
DOUBLED = "{% assign a = 'x' %}" + "{% assign a = a | append: a %}" * 40

EXHAUSTING = [
    "{% for i in (1..1000000) %}{% for j in (1..1000000) %}{{ j }}{% endfor %}{% endfor %}",
    "{% for i in (1..1000000) %}{% endfor %}",
    "{% tablerow i in (1..1000000) %}{% endtablerow %}",
    "{% include twice.html %}",
    DOUBLED,
    "{% assign a = 'x' %}{% for i in (1..40) %}{% capture a %}{{ a }}{{ a }}{% endcapture %}{% endfor %}",
    "{% assign a = 'x,y' | split: ',' %}{% for i in (1..60) %}{% assign a = a | concat: a %}{% endfor %}",
    "{% assign a = 'x,y' | split: ',' %}{% for i in (1..90) %}{% assign a = a | push: a %}{% endfor %}{{ a }}",
    "{% assign a = 'x' | split: ',' %}{% for i in (1..60) %}{% assign a = a | group_by: 'b' %}"
    "{% assign a = a | concat: a %}{% endfor %}{{ a | jsonify }}",
    "{{ (1..999999999999) | join }}",
    "{% assign a = 'x' %}{% for i in (1..20) %}{% assign a = a | append: a %}{% endfor %}{{ a | replace: '', a }}",
]


@pytest.mark.parametrize("template", EXHAUSTING)
def test_what_takes_too_much_is_cut_and_the_text_around_it_stays(template: str) -> None:
    rendered = render(f"before\n{template}\nafter", SITE)
    assert rendered.text == "before\n\nafter"
    assert {(problem.line, problem.kind.value) for problem in rendered.problems} == {(2, "limit")}


def test_an_include_that_includes_itself_ends() -> None:
    rendered = render("a{% include self.html %}b", SITE)
    assert rendered.text == "a" + "x" * 50 + "b"
    assert [problem.kind for problem in rendered.problems] == ["limit"]


def test_blocks_nested_too_deeply_are_left_out() -> None:
    template = "{% if true %}" * 100 + "x" + "{% endif %}" * 100
    assert render(template).text == "x"
    assert problems(template) == [(1, "limit")]


def test_a_huge_range_that_is_hardly_used_costs_nothing() -> None:
    assert text("{% for i in (1..999999999999999999999) %}{{ i }}{% break %}{% endfor %}") == "1"
    assert text("{% for i in (1..999999999999) reversed limit: 2 %}{{ i }}{% endfor %}") == "21"


@pytest.mark.parametrize(
    "expression",
    ["'now' | date: '%999999999d'", "1.5 | round: 99999999", "'x' | truncatewords: 99999999999999", "9 | times: 9"],
)
def test_extreme_arguments_end_at_once(expression: str) -> None:
    squared = "{% assign a = 9 %}" + "{% assign a = a | times: a %}" * 20
    template = squared + "{{ a }}" if expression.endswith("times: 9") else f"{{{{ {expression} }}}}"
    assert {kind for _, kind in problems(template)} <= {"value"}
    assert len(render(template).text) < 2_000


@pytest.mark.parametrize(
    "source",
    [
        *("{{" * 60_000, "{%" * 60_000, "{{ {% " * 30_000, "{{" * 60_000 + "}", "{% " * 60_000 + "%}"),
        *("{% raw %}" * 20_000, "{% comment %}{% if %}" * 9_000, "{% endif %}" * 20_000, "{% frob %}" * 20_000),
        *(
            "{{ " + "'\"" * 9_000 + " }}",
            "{{ " + "a[" * 5_000 + " }}",
            "{% for i in x " + "a-" * 9_000 + " %}{% endfor %}",
        ),
        *(
            "{% if " + "a & " * 4_000 + "b %}{% endif %}",
            "{{ a " + "|" * 19_000 + " }}",
            "{% include {{ a | " * 5_000 + "}} %}",
        ),
    ],
)
def test_hostile_sources_take_linear_time(source: str) -> None:
    """A test that hangs is its failure: the quadratic readings of these take minutes."""
    rendered = render(source)
    assert len(rendered.text) <= len(source)
    assert len(rendered.problems) <= LiquidLimits().problems


def test_problems_are_reported_up_to_a_number() -> None:
    assert len(problems("{% frob %}\n" * 300)) == 100


def test_limits_can_be_set() -> None:
    template = "{% for i in (1..50) %}{{ i }}{% endfor %}!"
    assert render(template, limits=LiquidLimits(steps=60)).text == "!"
    assert render(template, limits=LiquidLimits(characters=20)).text == "!"
    assert render("{% if true %}{{ 1 }}{% endif %}!", limits=LiquidLimits(nesting=1)).text == "!"
    assert render("{{ 1 }}{{ 2 }}{{ 3 }}", limits=LiquidLimits(tags=2)).text == "12{{ 3 }}"
