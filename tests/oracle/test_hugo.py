"""Hugo's sites, a group of rules at a time; asked of Hugo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.oracle.comparison import Comparison, Field
from benchmarks.oracle.generators import Generator
from tests.oracle.sites import assert_alike, both_views, post


def toml(front_matter: str, body: str = "Body.\n") -> str:
    """A page with this TOML."""
    return f"+++\n{front_matter}\n+++\n{body}"


FORMS = {
    "forms/yaml.md": post("title: Yaml\ndate: 2021-01-02"),
    "forms/toml.md": toml('title = "Toml"\ndate = 2021-01-02T10:00:00Z\ntags = ["a"]'),
    "forms/json.md": '{\n"title": "Json",\n"date": "2021-01-02T10:00:00+09:00"\n}\nBody.\n',
    "forms/none.md": "No front matter.\n",
    "forms/bom.md": "\ufeff---\ntitle: After a byte order mark\n---\nBody.\n",
    "forms/crlf.md": "---\r\ntitle: Carriage returns\r\n---\r\nOne.\r\n",
    "forms/capital-keys.md": post("Title: Capital\nTAGS: [cap]\nDate: 2021-01-02"),
    "forms/page.html": post("title: HTML", "<p>As it is</p>\n"),
    "forms/numbers.md": post("title: 1984\ntags: [2020, true]"),
    "_underscored/page.md": post("title: Below an underscore"),
    ".hidden/page.md": post("title: Below a dot"),
    "forms/.hidden.md": post("title: Hidden"),
    "top.md": post("title: Without a section"),
}
DATES = {
    "dates/none.md": post("title: t"),
    "dates/day.md": post("title: t\ndate: 2021-02-03"),
    "dates/no-zone.md": post("title: t\ndate: 2021-02-03 04:05:06"),
    "dates/no-zone-t.md": post("title: t\ndate: 2021-02-03T04:05:06"),
    "dates/offset.md": post("title: t\ndate: 2021-02-03T23:30:00+02:00"),
    "dates/quoted.md": post("title: t\ndate: '2021-02-03 04:05:06'"),
    "dates/toml-day.md": toml('title = "t"\ndate = 2021-02-03'),
    "dates/toml-local.md": toml('title = "t"\ndate = 2021-02-03T04:05:06'),
    "dates/toml-text.md": toml('title = "t"\ndate = "2021-02-03"'),
    "dates/publish-date.md": post("title: t\npublishDate: 2021-06-06"),
    "dates/pubdate.md": post("title: t\npubdate: 2021-06-06"),
    "dates/lastmod.md": post("title: t\nlastmod: 2021-05-05"),
    "dates/all.md": post("title: t\ndate: 2021-01-01\npublishDate: 2021-02-02\nlastmod: 2021-03-03"),
    "dates/2021-07-08-in-the-name.md": post("title: t"),
}
SHOWN = {
    "shown/draft.md": post("title: t\ndraft: true"),
    "shown/no-draft.md": post("title: t\ndraft: false"),
    "shown/unpublished.md": post("title: t\npublished: false"),
    "shown/future.md": post("title: t\ndate: 2099-01-01"),
    "shown/future-publish-date.md": post("title: t\ndate: 2021-01-01\npublishDate: 2099-01-01"),
    "shown/future-past-publish-date.md": post("title: t\ndate: 2099-01-01\npublishDate: 2021-01-01"),
    "shown/expired.md": post("title: t\nexpiryDate: 2021-01-01"),
    "shown/not-expired.md": post("title: t\nexpiryDate: 2099-01-01"),
    "shown/headless/index.md": post("title: t\nheadless: true"),
}
ADDRESSES = {
    "blog/title.md": post("title: 'A Title: with, Signs & Größe'\ndate: 2021-03-04"),
    "blog/slug.md": post("title: t\ndate: 2021-03-04\nslug: My Slug"),
    "blog/url.md": post("title: t\nurl: /own/place.html"),
    "blog/url-relative.md": post("title: t\nurl: own/folder/"),
    "blog/undated.md": post("title: Undated"),
    "blog/한글.md": post("title: 한글 제목\ndate: 2021-03-04"),
    "notes/UPPER Case & name.md": post("title: t"),
    "notes/dot.in.name.md": post("title: t"),
    "notes/deep/deeper/page.md": post("title: t"),
    "notes/deep/slug.md": post("title: t\nslug: short"),
    "weeks/filename.md": post("title: t\ndate: 2021-03-04"),
}
BUNDLES = {
    "bundles/_index.md": post("title: A section"),
    "bundles/leaf/index.md": post("title: Leaf\ndate: 2021-01-01"),
    "bundles/leaf/inside.md": post("title: No page of its own"),
    "bundles/leaf/note.txt": "A resource.\n",
    "bundles/branch/_index.md": post("title: Branch"),
    "bundles/branch/page.md": post("title: In the branch"),
    "bundles/leaf-html/index.html": post("title: t", "<p>x</p>\n"),
}
TERMS = {
    "terms/text.md": post("title: t\ntags: one two"),
    "terms/commas.md": post("title: t\ntags: 'one, two'"),
    "terms/list.md": post("title: t\ntags: [one, two words]\ncategories: [Big, small]"),
    "terms/singular.md": post("title: t\ntag: nothing\ncategory: nothing"),
    "terms/twice.md": post("title: t\ntags: [a, a]"),
    "terms/signs.md": post("title: t\ntags: ['c++', 'a/b', 'x.y', 한글]"),
    "terms/empty.md": post("title: t\ntags: []\ncategories:"),
}
CASCADE = {
    "cascade/_index.md": post("title: Above\ncascade:\n  tags: [from-above]\n  draft: false"),
    "cascade/page.md": post("title: t"),
    "cascade/own.md": post("title: t\ntags: [own]"),
    "cascade/below/_index.md": post("title: Below\ncascade:\n  categories: [from-below]"),
    "cascade/below/page.md": post("title: t"),
    "cascade/aimed/_index.md": post(
        # Of a key that several cascades give to one page Hugo takes any, another one each time.
        "title: Aimed\ncascade:\n- _target: {path: '/cascade/aimed/x*'}\n  categories: [aimed]\n"
        "- _target: {path: '/cascade/aimed/o*'}\n  categories: [others]"
    ),
    "cascade/aimed/xylem.md": post("title: t"),
    "cascade/aimed/other.md": post("title: t"),
}
LONG = " ".join(f"word{number}" for number in range(120))
SUMMARIES = {
    "summaries/marked.md": post("title: t", "One *two*.\n\n<!--more-->\n\nRest.\n"),
    "summaries/marked-inside.md": post("title: t", "One <!--more--> two.\n"),
    "summaries/given.md": post("title: t\nsummary: Given *as it is*", f"{LONG}\n"),
    "summaries/marked-with-blanks.md": post("title: t", "One.\n\n<!-- more -->\n\nRest.\n"),
    "summaries/given.html": post("title: t\nsummary: Given *as it is* <i>for</i> a page", "<p>Written as HTML.</p>\n"),
    "summaries/cut.md": post("title: t", f"{LONG}\n\n{LONG}\n"),
    "summaries/short.md": post("title: t", "## Heading\n\nShort.\n"),
}
GROUPS = {
    "forms": FORMS,
    "dates": DATES,
    "shown": SHOWN,
    "addresses": ADDRESSES,
    "bundles": BUNDLES,
    "terms": TERMS,
    "cascade": CASCADE,
}
CONFIG = (
    'baseURL = "https://example.org/sub/"\n'
    'title = "Rules"\n'
    'timeZone = "Asia/Seoul"\n'
    "[permalinks]\n"
    'blog = "/:year/:month/:slug/"\n'
    'weeks = "/:sections/:yearday/:weekdayname/:filename/"\n'
)


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    groups = [*GROUPS.values(), SUMMARIES]
    content = {f"content/{path}": text for group in groups for path, text in group.items()}
    return both_views(tmp_path_factory.mktemp("hugo"), {"hugo.toml": CONFIG, **content}, Generator.HUGO)


@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
def test_a_group_of_rules_is_hugos(comparison: Comparison, group: Mapping[str, str]) -> None:
    assert_alike(among(comparison, group))


def test_summaries_are_hugos(comparison: Comparison) -> None:
    assert_alike(among(comparison, SUMMARIES), [Field.EXCERPT, Field.EXCERPT_TEXT])


def among(comparison: Comparison, group: Mapping[str, str]) -> Comparison:
    """What was found of the group's pages."""
    differences = [one for one in comparison.differences if one.path.removeprefix("content/") in group]
    return replace(comparison, differences=differences)


PAGES = {
    "content/posts/a.md": post("title: A\ndate: 2021-01-02 03:04:05\ntags: [x]\ntopics: [y]"),
    "content/posts/b.md": post("title: B\ntags: z"),
}
CONFIGURED: dict[str, dict[str, str]] = {
    "yaml": {"config.yaml": "timeZone: Europe/Berlin\npermalinks:\n  posts: /:slug/\nuglyURLs: true\n", **PAGES},
    "json": {"hugo.json": '{"disablePathToLower": true, "taxonomies": {"topic": "topics"}}', **PAGES},
    "folder": {
        "config/_default/hugo.toml": 'timeZone = "Asia/Tokyo"\n',
        "config/_default/permalinks.toml": 'posts = "/p/:slug/"\n',
        **PAGES,
    },
    "dates from names": {
        "hugo.toml": '[frontmatter]\ndate = [":filename", ":default"]\n',
        "content/posts/2021-02-03-named.md": post("title: t"),
        "content/posts/2021-02-03-named-and-dated.md": post("title: t\ndate: 2020-01-01"),
    },
    "languages": {
        "hugo.toml": (
            'defaultContentLanguage = "en"\n'
            "[languages.en]\nweight = 1\n"
            '[languages.ko]\nweight = 2\ncontentDir = "content-ko"\n'
            "[languages.de]\nweight = 3\n"
        ),
        "content/posts/a.md": post("title: A"),
        "content/posts/a.de.md": post("title: A auf Deutsch"),
        "content/posts/only.de.md": post("title: Nur Deutsch"),
        "content-ko/posts/a.md": post("title: 에이"),
    },
}


@pytest.mark.parametrize("files", CONFIGURED.values(), ids=CONFIGURED)
def test_a_configuration_is_read_as_hugo_reads_it(tmp_path: Path, files: Mapping[str, str]) -> None:
    comparison = both_views(tmp_path, files, Generator.HUGO)
    assert_alike(comparison)


CODE = {
    "content/fences.md": post(
        "title: t",
        "```go {linenos=table,linenostart=9}\na < b\n\nc\n```\n\n```sh {linenos=inline .wide}\na\nb\n```\n\n"
        "```brainwave {linenos=true}\na\n```\n\n```text {linenos=false}\na\n```\n\n```\na\n```\n",
    ),
    "content/shortcodes.md": post(
        "title: t",
        '{{< highlight go "linenos=inline,linenostart=9" >}}\na\nb\n{{< /highlight >}}\n\n'
        '{{< highlight py "linenos=table,noclasses=false" >}}\na\n{{< /highlight >}}\n',
    ),
}


@pytest.mark.parametrize(
    "said",
    [
        "",
        "[markup.highlight]\nlineNos = true",
        "[markup.highlight]\nlineNos = true\nnoClasses = false",
        '[markup.highlight]\nlineNos = true\nlineNumbersInTable = false\nstyle = "vim"',
        'pygmentsOptions = "linenos=table"\npygmentsStyle = "trac"',
        'pygmentsOptions = "linenos=inline"\npygmentsUseClasses = true',
        "pygmentsCodeFences = false",
        "[markup.highlight]\nlineNos = true\nguessSyntax = true",
        'pygmentsOptions = "linenos=table"\npygmentsCodefencesGuessSyntax = true',
    ],
)
def test_lines_of_code_are_numbered_as_hugo_numbers_them(tmp_path: Path, said: str) -> None:
    config = f'baseURL = "https://example.org/"\n{said}\n'
    comparison = both_views(tmp_path, {"hugo.toml": config, **CODE}, Generator.HUGO)
    assert comparison.posts == len(CODE)
    assert_alike(comparison, [Field.HTML, Field.HTML_TEXT])


def test_references_and_summaries_of_raw_html_are_hugos(tmp_path: Path) -> None:
    files = {
        "hugo.toml": 'baseURL = "https://example.org/sub/"\n[markup.goldmark.renderer]\nunsafe = true\n',
        "content/a.md": post("title: A", '[b]({{< ref "b.md#x" >}}), [b]({{% relref "b" %}}), {{< ref "b" >}}\n'),
        "content/b.md": post(
            "title: B",
            "<style>\np { color: red }\n</style>\n\nOne.\n\n<!-- more -->\n\n<script>let a = '<p>';</script>\n\nTwo.\n",
        ),
    }
    assert_alike(both_views(tmp_path, files, Generator.HUGO), list(Field))
