"""Pages of a Jekyll site that list its posts: right after every change, and never ahead of a post's day."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from search_index.diagnostics import ProblemCode
from search_index.reading import choose_dialect, scan
from search_index.reading.rendering import BodyRenderer
from search_index.reading.worker import FileReader, ReadRequest
from search_index.settings import Limits
from search_index.snapshot import Snapshot
from tests.sites import Site

LIST = "---\n---\n{% for post in site.posts %}{{ post.title }} {{ post.date | date: '%d.%m.%Y' }};{% endfor %}"
FILES = {
    "_config.yml": "title: One\n",
    "Archive.md": LIST,
    "_posts/2024-01-01-old.md": "---\ntitle: Old\n---\nWords.\n",
    "_posts/2024-02-01-new.md": "---\ntitle: New\n---\nWords.\n",
}


def archive(site: Site) -> str:
    with site.snapshot() as snapshot:
        return html(snapshot, "Archive")


def html(snapshot: Snapshot, page: str) -> str:
    stored = snapshot.get_page(page)
    assert stored is not None
    text = str(json.loads(stored.body)["html"])
    return text.strip().removeprefix("<p>").removesuffix("</p>")


def test_a_list_follows_every_change_of_the_posts(site: Site) -> None:
    site.write(FILES)
    with site.indexer() as indexer:
        indexer.build()
        assert archive(site) == "New 01.02.2024;Old 01.01.2024;"
        site.write({"_posts/2024-01-01-old.md": "---\ntitle: Older\n---\nWords.\n"})
        assert indexer.build().read == 2
        assert archive(site) == "New 01.02.2024;Older 01.01.2024;"
        site.write({"_posts/2024-03-01-last.md": "---\ntitle: Last\n---\nWords.\n"})
        (site.content / "_posts/2024-02-01-new.md").unlink()
        indexer.build()
        assert archive(site) == "Last 01.03.2024;Older 01.01.2024;"
        site.write({"_config.yml": "title: One\ndefaults: [{scope: {path: ''}, values: {date: 2020-05-05}}]\n"})
        indexer.build()
    assert archive(site) == "Last 05.05.2020;Older 05.05.2020;"


def test_a_post_to_come_is_in_no_list_before_its_minute_and_an_expired_one_in_none_after_it(site: Site) -> None:
    site.write(
        {
            **FILES,
            "_posts/2026-09-02-tomorrow.md": "---\ntitle: Tomorrow\n---\nWords.\n",
            "_posts/2024-02-02-offer.md": "---\ntitle: Offer\nexpires: 2026-09-02\n---\nWords.\n",
            "_drafts/idea.md": "---\ntitle: Idea\n---\nWords.\n",
        }
    )
    site.build()
    assert archive(site) == "Offer 02.02.2024;New 01.02.2024;Old 01.01.2024;"
    site.clock.instant = datetime(2026, 9, 2, 0, 0, 1, tzinfo=UTC)
    site.build()
    assert archive(site) == "Tomorrow 02.09.2026;New 01.02.2024;Old 01.01.2024;"


def test_values_of_every_sort_are_the_same_in_a_list_as_on_the_page_itself(site: Site) -> None:
    values = "{{ p.title }}; {{ p.when }}; {{ p.at | date: '%H:%M %z' }}; {{ p.list | join: '+' }}; {{ p.map.in }}; {{ p.n }}"
    site.write(
        {
            "_config.yml": "timezone: Asia/Seoul\n",
            "_posts/2024-01-01-a.md": (
                "---\ntitle: 'A \"quote\" & 한글'\nwhen: 2020-01-02\nat: 2020-01-02 03:04:05 +0100\nlist: [1, b]\n"
                "map: {in: 7}\nn: 1.5\n---\n{% assign p = page %}" + values
            ),
            "Archive.md": "---\n---\n{% for p in site.posts %}" + values + "{% endfor %}",
        }
    )
    site.build()
    with site.snapshot() as snapshot:
        stored = snapshot.get_post("a")
        assert stored is not None
        shown = html(snapshot, "Archive")
        assert json.loads(stored.body)["html"] == f"<p>{shown}</p>\n"
    assert shown == "A “quote” &amp; 한글; 2020-01-02; 03:04 +0100; 1+b; 7; 1.5"


def test_a_list_that_asks_too_much_leaves_the_page_with_its_text(tmp_path: Path) -> None:
    site = Site(tmp_path, limits=Limits(render_cpu_seconds=30, render_seconds=30))
    loops = "{% for a in (1..1000000) %}{% for b in (1..1000000) %}x{% endfor %}{% endfor %}"
    site.write({**FILES, "Archive.md": f"---\ntitle: Archive\n---\nAll posts.\n{loops}\n"})
    assert {problem.code for problem in site.build().problems} == {"template_limit"}
    with site.snapshot() as snapshot:
        assert "All posts." in html(snapshot, "Archive")


def test_a_page_whose_template_ended_its_process_is_served_without_it(site: Site) -> None:
    site.write({**FILES, "Archive.md": "---\ntitle: Archive\n---\nAll {{ page.title }}.\n"})
    dialect = choose_dialect(site.content, site.settings)
    reader = FileReader(site.content, site.settings, dialect, BodyRenderer(site.settings))
    (file,) = (file for file in scan(site.content, dialect).files if file.path == "Archive.md")
    crashed = ReadRequest(file, False, 1, 0, ProblemCode.RENDER_TIMEOUT, "rendering takes too long")
    outcome = reader.read(crashed)
    assert outcome.post is not None
    assert "All {{ page.title }}." in outcome.post.body
    assert [problem.code for problem in outcome.problems] == ["render_timeout"]


def test_a_post_that_shows_its_neighbours_follows_them(site: Site) -> None:
    site.write(
        {
            "_posts/2024-01-01-a.md": "---\ntitle: A\n---\nWords.\n",
            "_posts/2024-01-02-b.md": "---\ntitle: B\n---\n{{ page.previous.title }} {{ page.next.title }}.\n",
            "_posts/2024-01-03-c.md": "---\ntitle: C\n---\nWords.\n",
        }
    )
    site.build()
    site.write({"_posts/2024-01-03-c.md": "---\ntitle: New C\n---\nWords.\n"})
    assert site.build().read == 2
    with site.snapshot() as snapshot:
        stored = snapshot.get_post("b")
        assert stored is not None
        assert json.loads(stored.body)["html"] == "<p>A New C.</p>\n"
