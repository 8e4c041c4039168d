"""Tags, conditions, loops and whitespace: every expectation is what Jekyll 4.3.1 gives."""

from __future__ import annotations

import pytest

from tests.reading.liquid.site import text

OUTPUTS = [
    ("{{ page.title }}", "Tea & <Coffee>"),
    ("{{ page.shop.name }} {{ page['shop']['name'] }} {{ page . shop . name }}", "Kettle Kettle Kettle"),
    ("{{ page.tags[0] }} {{ page.tags[-1] }} {{ page.tags.first }} {{ page.tags.size }}", "pot leaf pot 4"),
    ("{{ page.shop.size }} {{ page.shop.first | join: '=' }}", "9 name=Kettle"),
    ("[{{ nothing }}{{ page.nothing.at.all }}{{ nil }}]", "[]"),
    ("{{ true }} {{ page.price }} {{ page.tags }} {{ (1..3) }}", "true 2.5 potcupleaf 1..3"),
    ("{{ page.shop }}", '{"name"=>"Kettle", "size"=>9, "open"=>true}'),
    ("{{ page.teas[1] }}", '{"name"=>"Sencha", "cups"=>9, "kind"=>"green", "tags"=>"grassy"}'),
    ("{{ 'a|b' | upcase }} {{ \"it's\" }} {{ 'x' | append:'y'|append: \"z\" }}", "A|B it's xyz"),
    ("{{ page.title | unheard_of: 1 | upcase }}", "TEA & <COFFEE>"),
    ("{{ 'x' && 'y' }} {{ 'x' upcase }} {{ page.제목 | size }}", "x x 10"),
    (
        "{{ site.title }} {{ site.data.mugs[0].colour }} {{ site.url }}{{ site.baseurl }}",
        "The Teapot red https://example.org/blog",
    ),
    ("{{ jekyll.environment }}", "production"),
]

CONDITIONS = [
    ("page.count == 5", True),
    ("page.count==5", True),
    ("page.count == 5.0", True),
    ("page.count == '5'", False),
    ("page.count > 4 and page.price < 3", True),
    ("page.open or page.shop.open and nothing", False),
    ("nothing and nothing or page.count", False),
    ("page.tags contains 'cup'", True),
    ("page.title contains 'Tea'", True),
    ("page.shop contains 'open'", True),
    ("page.empty == empty", True),
    ("page.none == empty", True),
    ("nothing == empty", False),
    ("page.empty == blank", False),
    ("page.empty", True),
    ("nothing == nil", True),
    ("nothing > 1", False),
    ("true == 1", False),
    ("'a' < 'b'", True),
    ("1 <> 2", True),
    ("page.count == 5 && nothing", True),
    ("(page.count == 5)", False),
]

TAGS = [
    ("{% if nothing %}a{% elsif page.count == 5 %}b{% else %}c{% endif %}", "b"),
    ("{% if false %}a{% else %}b{% else %}c{% endif %}", "b"),
    ("{% unless page.open %}shut{% else %}open{% endunless %}", "shut"),
    ("{% case page.count %}ignored{% when 4, 5 %}a{% when 5 or 6 %}b{% else %}c{% endcase %}", "ab"),
    ("{% case page.shop.name %}{% when 'Pot' %}a{% else %}b{% endcase %}", "b"),
    ("{% assign a = page.tags | join: '-' %}{{ a }}", "pot-cup--leaf"),
    ("{% capture a %}{{ page.count }} cups{% endcapture %}{{ a | size }}", "6"),
    ("{% increment a %}{% increment a %}{% decrement a %}{{ a }}", "0111"),
    ("{% for i in (1..4) %}{% cycle 'odd', 'even' %} {% endfor %}", "odd even odd even "),
    ("{% cycle 'x': 'a', 'b' %}{% cycle 'a', 'b' %}{% cycle 'x': 'a', 'b' %}", "aab"),
    ("{% ifchanged %}a{% endifchanged %}{% ifchanged %}a{% endifchanged %}", "a"),
    ("{% raw %}{{ page.title }} {% if %}{% endraw %}", "{{ page.title }} {% if %}"),
    ("{% comment %}{{ page.title }}{% if true %}x{% endif %}{% endcomment %}shown", "shown"),
    ("{% echo page.count | plus: 1 %}{% # a remark %}", "6"),
    ("{% liquid\n assign a = 1\n if a == 1\n  echo 'one'\n endif\n%}", "one"),
]

LOOPS = [
    (
        "{% for tea in page.teas %}{{ forloop.index }}/{{ forloop.length }} {{ tea.name }}"
        "{% unless forloop.last %}, {% endunless %}{% endfor %}",
        "1/4 Assam, 2/4 Sencha, 3/4 Oolong, 4/4 Gyokuro",
    ),
    ("{% for i in (1..5) limit: 2 offset: 1 %}{{ i }}{% endfor %}", "23"),
    ("{% for i in (1..5) reversed limit: 2 %}{{ i }}{% endfor %}", "21"),
    (
        "{% for i in (1..5) limit: 2 %}{{ i }}{% endfor %}-{% for i in (1..5) offset: continue %}{{ i }}{% endfor %}",
        "12-345",
    ),
    (
        "{% for i in (1..9) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 5 %}{% break %}{% endif %}{{ i }}{% endfor %}",
        "134",
    ),
    ("{% for pair in page.shop %}{{ pair[0] }}={{ pair[1] }};{% endfor %}", "name=Kettle;size=9;open=true;"),
    ("{% for i in page.none %}x{% else %}none{% endfor %}{% for i in nothing %}x{% else %}!{% endfor %}", "none!"),
    ("{% for i in page.shop.name %}<{{ i }}>{% endfor %}", "<Kettle>"),
    (
        "{% for a in (1..2) %}{% for b in (1..2) %}{{ forloop.parentloop.index }}{{ b }} {% endfor %}{% endfor %}",
        "11 12 21 22 ",
    ),
    (
        "{% tablerow i in (1..3) cols: 2 %}{{ i }}{% endtablerow %}",
        '<tr class="row1">\n<td class="col1">1</td><td class="col2">2</td></tr>\n'
        '<tr class="row2"><td class="col1">3</td></tr>\n',
    ),
    ("{% for i in (1..3) %}{{ i }}{% capture a %}{% break %}{% endcapture %}{% endfor %}", "1"),
]

WHITESPACE = [
    ("a {%- if true -%} b {%- endif -%} c", "abc"),
    ("a {{- 1 -}} b", "a1b"),
    ("{% if true %}  {% assign a = 1 %}\n{% endif %}|", "|"),
    ("{% for i in (1..3) %} {% endfor %}|", "|"),
    ("{% if true %} {{ nothing }} {% endif %}|", "  |"),
    ("{% raw -%} x {% endraw %} y", " x y"),
    ("a\r\n{% if true %}b\r\n{% endif %}", "a\r\nb\r\n"),
]


@pytest.mark.parametrize(("template", "expected"), OUTPUTS + TAGS + LOOPS + WHITESPACE)
def test_a_template_becomes_what_jekyll_makes_of_it(template: str, expected: str) -> None:
    assert text(template) == expected


@pytest.mark.parametrize(("condition", "holds"), CONDITIONS)
def test_a_condition_holds_where_it_does_in_jekyll(condition: str, holds: bool) -> None:
    assert text(f"{{% if {condition} %}}yes{{% else %}}no{{% endif %}}") == ("yes" if holds else "no")


def test_a_text_without_marks_is_given_back() -> None:
    body = "Nothing { here }, 100 % prose.\n"
    assert text(body) is body
