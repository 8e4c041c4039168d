"""Bodies: Liquid and kramdown, a feature a post; asked of Jekyll."""

from __future__ import annotations

import pytest

from benchmarks.oracle.comparison import BODIES, Comparison
from benchmarks.oracle.generators import Generator
from tests.oracle.sites import both_views, post

CONFIG = {
    "_config.yml": "title: Garden\nurl: https://example.org\nbaseurl: /garden\nowner: {name: Ann}\n",
    "_includes/box.html": '<div class="box">{{ include.text }}/{{ include.page.title }}</div>',
    "_includes/plain.md": "*Included* {{ page.title }}\n",
    "_data/tools.yml": "- {name: rake, price: 12}\n- {name: spade, price: 20}\n",
    "_data/people/ann.json": '{"born": 1970}',
    "_posts/2023-01-01-first.md": post("title: First\ntags: [soil]", "The first.\n"),
}

LIQUID = {
    "page": "{{ page.title }} {{ page.url }} {{ page.slug }} {{ page.date }} {{ page.id }} {{ page.path }}\n",
    "page-terms": "{{ page.categories | join: '+' }} {{ page.tags | join: '+' }} {{ page.colour }}\n",
    "page-neighbours": "{{ page.previous.title }} {{ page.next.title }}\n",
    "include-relative": "{% include_relative parts/part.md %}\n\n{% include_relative parts/part.md %}\n",
    "site": "{{ site.title }} {{ site.baseurl }} {{ site.owner.name }} {{ site.nothing }}\n",
    "site-posts": "{{ site.posts.size }} {{ site.posts.last.title }} {{ site.tags.soil.size }}\n",
    "data": "{% for t in site.data.tools %}{{ t.name }}={{ t.price }};{% endfor %} {{ site.data.people.ann.born }}\n",
    "date-filter": "{{ page.date | date: '%-d %B %Y, %H:%M' }} {{ page.date | date_to_xmlschema }}\n",
    "urls": "{{ '/a b' | relative_url }} {{ '/a' | absolute_url }} {{ 'x y' | slugify }} {{ 'a/b?c' | cgi_escape }}\n",
    "text-filters": "{{ 'Hello' | upcase | append: '!' }} {{ 'a,b' | split: ',' | last }} {{ '<b>' | escape }}\n",
    "number-filters": "{{ 7 | divided_by: 2 }} {{ 7.0 | divided_by: 2 }} {{ 3 | times: 4 | minus: 1 }} {{ 2.5 | round }}\n",
    "list-filters": "{{ site.data.tools | map: 'name' | join: ', ' }} {{ site.data.tools | where: 'price', 20 | size }}\n",
    "markdownify": "{{ '*a*' | markdownify }}\n",
    "if": "{% if page.colour == 'red' %}red{% elsif page.colour %}other{% else %}none{% endif %}\n",
    "case": "{% case page.colour %}{% when 'red', 'blue' %}one{% else %}two{% endcase %}\n",
    "for": "{% for i in (1..3) %}{{ i }}{% unless forloop.last %}, {% endunless %}{% endfor %}\n",
    "for-else": "{% for t in site.data.none %}x{% else %}nothing{% endfor %}\n",
    "assign": "{% assign a = 'x' | append: 'y' %}{% capture b %}<{{ a }}>{% endcapture %}{{ b }}\n",
    "whitespace": "a {%- if true -%} b {%- endif -%} c\n",
    "raw": "{% raw %}{{ not.run }} {% nor this %}{% endraw %}\n",
    "comment": "a{% comment %} hidden {{ page.title }} {% endcomment %}b\n",
    "include": "{% include box.html text='in it' page=page %}\n",
    "include-markdown": "{% include plain.md %}\n",
    "post-url": "[first]({% post_url 2023-01-01-first %})\n",
    "link": "[first]({% link _posts/2023-01-01-first.md %})\n",
    "highlight": "{% highlight ruby %}\nputs 'hello' # {{ page.title }}\n{% endhighlight %}\n",
    "in-code": "```\n{{ page.title }}\n```\n",
    "unknown-filter": "{{ 'a' | no_such_filter }}b\n",
    "list-in-liquid": "{% for t in site.data.tools %}\n* {{ t.name }}\n{% endfor %}\n",
}

KRAMDOWN = {
    "paragraphs": "One\nline.\n\nTwo  \nbroken.\n",
    "headings": "# One\n\n## Two words\n\n### Same\n\n### Same\n\nSet\n===\n\n## Über Größe! 한글\n",
    "heading-id": "## Named {#mine}\n\n## Linked [text](/a)\n",
    "emphasis": "*a* **b** ***c*** _d_ __e__ snake_case_word 2*3*4 ~~gone~~\n",
    "code-spans": "`a` ``b`c`` `<i>`\n",
    "smart": "\"quoted\" 'single' it's 1990's -- --- ... <<a>>\n",
    "lists": "* a\n* b\n  * c\n    * d\n* e\n\n1. one\n2. two\n",
    "list-with-blocks": "1. one\n\n   more\n\n       code\n\n2. two\n   > quote\n",
    "list-after-paragraph": "Text\n* a\n* b\n",
    "loose-list": "* a\n\n* b\n* c\n",
    "task-list": "- [ ] open\n- [x] done\n",
    "definition-list": "Term\n: Meaning\n: Another\n\nOther\n\n: Loose\n",
    "quote": "> a\nb\n\n> c\n> > d\n",
    "fence": "```ruby\nputs 1 < 2\n```\n\n~~~\nplain\n~~~\n",
    "fence-in-list": "* a\n\n  ```js\n  let a = 1;\n  ```\n\n* b\n",
    "indented-code": "    four blanks\n    more\n",
    "rule": "a\n\n---\n\n* * *\n",
    "links": "[a](/a \"T\") [b][r] [r] <http://example.org> <me@example.org> http://bare.example.org\n\n[r]: /r 'R'\n",
    "images": '![alt](/i.png "T"){: width="3" .wide}\n',
    "block-attributes": 'Text.\n{: .a #b data-c="d"}\n\n{: .before}\nAfter.\n',
    "list-attributes": "* a\n{: .item}\n* b\n{: .list}\n",
    "span-attributes": '*a*{: .red} [b](/b){: target="_blank"}\n',
    "attribute-definitions": '{:note: .note title="n"}\n\nText.\n{: note}\n',
    "toc": "* toc\n{:toc}\n\n## A\n\n### B\n\n## No\n{:.no_toc}\n",
    "tables": "| a | b |\n|:--|--:|\n| 1 | *2* |\n\n|x|y|\n",
    "table-footer": "| h |\n|---|\n| b |\n|===|\n| f |\n",
    "footnotes": "A[^1] b[^n].\n\n[^1]: One.\n[^n]: Two *paragraphs*.\n\n    Second.\n",
    "abbreviations": "HTML is it.\n\n*[HTML]: Hyper Text\n",
    "maths": "$$ a_1 < b $$\n\nInline $$x_2$$ here.\n",
    "html-block": '<div class="x">\n*not*\n</div>\n\n<div markdown="1">\n*yes*\n</div>\n',
    "html-spans": "a <b>*c*</b> <br> &copy; &amp; <!-- remark -->\n",
    "html-details": "<details>\n<summary>S</summary>\n\nInside\n\n</details>\n",
    "script": '<script>\nif (a < b) { c("*d*"); }\n</script>\n\nText\n',
    "extensions": "{::comment}\nhidden\n{:/comment}\n\n{::nomarkdown}*a*{:/}\n",
    "escapes": "\\*a\\* \\[b] \\{: c} 1986\\. d\n",
    "korean-bold": "이것은 **강조(한글)**은 **'인용'**이다.\n",
}

SITE = {
    "garden/_posts/parts/part.md": "A *part*.\n",
    **CONFIG,
    **{
        f"garden/_posts/2023-02-01-liquid-{name}.md": post(f"title: T {name}\ntags: [a, b]\ncolour: blue", body)
        for name, body in LIQUID.items()
    },
    **{f"_posts/2023-02-02-kramdown-{name}.md": post("title: t", body) for name, body in KRAMDOWN.items()},
    "_posts/2023-02-03-liquid-off.md": post("title: t\nrender_with_liquid: false", "{{ page.title }} {% nope %}\n"),
    "_posts/2023-02-03-liquid-html.html": post("title: t", "<p>{{ page.title }} *as it is*</p>\n"),
}
PATHS = [path for path in SITE if "_posts/2" in path]


def name_of(path: str) -> str:
    return path.rpartition("/")[2][11:].rpartition(".")[0]


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    return both_views(tmp_path_factory.mktemp("bodies"), SITE, Generator.JEKYLL)


@pytest.mark.parametrize(
    "path",
    PATHS,
    ids=name_of,
)
def test_body_and_excerpt_are_jekylls(comparison: Comparison, path: str) -> None:
    told = [str(fault) for fault in comparison.faults(BODIES) if fault.path == path]
    if told:
        pytest.fail("\n".join(["", *told]), pytrace=False)
