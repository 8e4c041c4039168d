"""Where front matter begins and ends, and what its values become; asked of Jekyll."""

from __future__ import annotations

from pathlib import Path

from benchmarks.oracle.generators import Generator
from tests.oracle.sites import assert_alike, both_views, post

TITLES = {
    "text": "A plain title",
    "quoted": "'It''s quoted'",
    "double": '"with \\u00e9 and \\"quotes\\""',
    "integer": "1984",
    "float": "1.10",
    "exponent": "1e3",
    "exponent-signed": "1.5e+3",
    "infinite": ".inf",
    "commas": "1,000",
    "underscores": "1_000",
    "octal": "017",
    "no-octal": "09",
    "zeros": "007",
    "hex": "0x1F",
    "binary-digits": "0b101",
    "plus": "+5",
    "minus": "-0.5",
    "version": "1.2.3",
    "sexagesimal": "12:30",
    "sexagesimal-seconds": "1:02:03",
    "phone": "555-0199",
    "yes": "yes",
    "no": "no",
    "Off": "Off",
    "TRUE": "TRUE",
    "false": "false",
    "false-quoted": "'false'",
    "null": "null",
    "tilde": "~",
    "empty": "",
    "empty-quoted": "''",
    "day": "2020-01-01",
    "symbol": ":symbol",
    "tagged": "!!str 5",
    "own-tag": "!shout hello",
    "colon-quoted": "'a: b'",
    "hash": "a#b",
    "comment": "a # b",
    "star": "'*stars* and _lines_'",
    "html": "A <em>marked</em> title",
    "entity": "Salt &amp; pepper",
    "liquid": "'{{ page.slug }}'",
    "dashes": "a -- b --- c...",
    "blanks": "'  around  and   within  '",
    "folded": ">\n  folded\n  over lines",
    "literal": "|\n  literal\n  lines",
    "plain-lines": "over\n  two lines",
    "unicode": "Über Straßen und 漢字 🎈",
}

FORMS: dict[str, str | bytes] = {
    "none.md": "No front matter.\n",
    "empty.md": "",
    "only-fences.md": "---\n---\n",
    "remark.md": "---\n# only a remark\n---\nBody.\n",
    "dots.md": "---\ntitle: Closed by dots\n...\nBody.\n",
    "blanks-after-fences.md": "---  \ntitle: Blanks after the fences\n--- \t\nBody.\n",
    "blank-line-first.md": "\n---\ntitle: Not front matter\n---\nBody.\n",
    "blank-first.md": " ---\ntitle: Not front matter\n---\nBody.\n",
    "four-hyphens.md": "----\ntitle: Not front matter\n----\nBody.\n",
    "unclosed.md": "---\ntitle: Never closed\n",
    "no-line-after.md": "---\ntitle: The file ends with the fence\n---",
    "rule-in-body.md": "---\ntitle: A rule in the body\n---\nOne.\n\n---\n\nTwo.\n",
    "fence-in-block.md": "---\ntitle: Kept\nnote: |\n  one\n---\n  two\n---\nBody.\n",
    "blank-lines-in.md": "---\n\n\ntitle: Blank lines around\n\n---\nBody.\n",
    "byte-order-mark.md": b"\xef\xbb\xbf---\ntitle: After a byte order mark\n---\nBody.\n",
    "byte-order-mark-only.md": b"\xef\xbb\xbfBody.\n",
    "crlf.md": b"---\r\ntitle: Carriage returns\r\ntags: [a, b]\r\n---\r\nOne.\r\n\r\nTwo.\r\n",
    "not-utf-8.md": b"---\ntitle: caf\xe9\n---\nBody.\n",
    "toml.md": '+++\ntitle = "No front matter to Jekyll"\n+++\nBody.\n',
    "json.md": '{"title": "No front matter to Jekyll"}\n\nBody.\n',
    "json-in-fences.md": '---\n{"title": "JSON is YAML", "tags": ["a"]}\n---\nBody.\n',
    "twice.md": "---\ntitle: first\ntitle: second\ntags: a\ntags: b\n---\nBody.\n",
    "capital-keys.md": "---\nTitle: no title\nTAGS: [no-tag]\n---\nBody.\n",
    "anchors.md": "---\nbase: &base {title: Merged, slug: merged}\n<<: *base\ntags: [a]\n---\nBody.\n",
    "merge-later.md": "---\ntitle: own\nbase: &base {title: Merged}\n<<: *base\n---\nBody.\n",
    "merge-between.md": "---\ntitle: own\nbase: &base {title: Merged, slug: merged}\n<<: *base\nslug: own-slug\n---\nBody.\n",
    "merge-twice.md": "---\na: &a {title: A, slug: a}\nb: &b {title: B}\n<<: *a\n<<: *b\n---\nBody.\n",
    "alias-list.md": "---\nkinds: &kinds [a, b]\ntags: *kinds\ncategories: *kinds\n---\nBody.\n",
    "quoted-keys.md": "---\n'title': Quoted key\n\"slug\": quoted-slug\n---\nBody.\n",
    "wrong-colon.md": "---\ntitle: a: b\n---\nBody.\n",
    "wrong-tab.md": "---\ntitle: t\ntags:\n\t- a\n---\nBody.\n",
    "wrong-quote.md": '---\ntitle: "never closed\n---\nBody.\n',
    "a-list.md": "---\n- a\n- b\n---\nBody.\n",
    "a-text.md": "---\njust words\n---\nBody.\n",
    "a-number.md": "---\n5\n---\nBody.\n",
    "two-documents.md": "---\ntitle: one\n--- \ntitle: two\n---\nBody.\n",
}

SITE = {
    "_config.yml": "permalink: /:categories/:title\ntimezone: Europe/Berlin\n",
    **{f"_posts/2020-02-02-Title-{name}.md": post(f"title: {title}") for name, title in TITLES.items()},
    **{f"_posts/2020-02-03-{name}": text for name, text in FORMS.items()},
}


def test_front_matter_is_read_where_and_as_jekyll_reads_it(tmp_path: Path) -> None:
    comparison = both_views(tmp_path, SITE, Generator.JEKYLL)
    assert_alike(comparison)
