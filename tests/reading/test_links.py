"""Links and images in posts: where they lead once the HTML is shown somewhere else."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from search_index.reading.links import PostLinks, relinked
from search_index.settings import LinkForm, SiteSettings
from tests.sites import Site, post


def image(width: int, height: int, *, form: str = "PNG", orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    written = BytesIO()
    Image.new("RGB", (width, height)).save(written, form, exif=exif)
    return written.getvalue()


def put(site: Site, path: str, content: bytes) -> None:
    file = site.content / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def served(site: Site, slug: str) -> dict[str, object]:
    site.build()
    with site.snapshot() as snapshot:
        stored = snapshot.get_post(slug)
        assert stored is not None
        body = json.loads(stored.body)
        assert isinstance(body, dict)
        return body


def links_of(form: LinkForm, site_url: str = "https://example.org") -> PostLinks:
    files = {"notes/img/a b.png": "/notes/img/a b.png"}
    documents = {"notes/other.md": "/2024/other/"}
    return PostLinks(
        "notes/post.md",
        "/2024/post/",
        file_at=files.get,
        document_at=documents.get,
        form=form,
        site_url=site_url,
    )


@pytest.mark.parametrize(
    ("written", "given"),
    [
        ("img/a%20b.png", "/notes/img/a%20b.png"),
        ("./img/a b.png", "/notes/img/a%20b.png"),
        ("other.md", "/2024/other/"),
        ("other.md#part", "/2024/other/#part"),
        ("elsewhere.png", "/2024/post/elsewhere.png"),
        ("../sibling/", "/2024/sibling/"),
        ("../../../../above.png", "/above.png"),
        ("?page=2", "/2024/post/?page=2"),
        ("/rooted.png", "/rooted.png"),
        ("#part", "#part"),
        ("https://other.example/x", "https://other.example/x"),
        ("//cdn.example/x.png", "//cdn.example/x.png"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("data:image/png;base64,AA==", "data:image/png;base64,AA=="),
        ("", ""),
    ],
)
def test_a_relative_address_is_the_file_or_post_beside_the_document_or_what_a_browser_makes_of_it(
    written: str, given: str
) -> None:
    assert links_of(LinkForm.ROOT)(written) == given


@pytest.mark.parametrize(
    ("site_url", "written", "given"),
    [
        ("https://example.org", "elsewhere.png", "https://example.org/2024/post/elsewhere.png"),
        ("https://example.org", "/rooted.png", "https://example.org/rooted.png"),
        ("https://example.org/blog", "/rooted.png", "https://example.org/blog/rooted.png"),
        ("https://example.org/blog", "/blog/rooted.png", "https://example.org/blog/rooted.png"),
        ("https://example.org", "#part", "#part"),
        ("", "elsewhere.png", "/2024/post/elsewhere.png"),
    ],
)
def test_whole_addresses_are_given_where_the_site_is_known(site_url: str, written: str, given: str) -> None:
    assert links_of(LinkForm.SITE, site_url)(written) == given


@pytest.mark.parametrize("written", ["img/a b.png", "other.md", "/x", "x?a=1&b=2"])
def test_untouched_links_stay_as_they_are_written(written: str) -> None:
    assert links_of(LinkForm.UNTOUCHED)(written) == written


@pytest.mark.parametrize(
    ("html", "given"),
    [
        ('<a href="x?a=1&amp;b=2">x</a>', '<a href="/2024/post/x?a=1&amp;b=2">x</a>'),
        ("<img alt='a' src='x.png'>", "<img alt='a' src=\"/2024/post/x.png\">"),
        ('<img src="a.png" srcset="a.png 1x, b.png 2x">', None),
        ('<video poster="p.png" src="v.mp4"></video>', None),
        ('<p title="href=x.png">href="x.png"</p>', '<p title="href=x.png">href="x.png"</p>'),
        ('<a data-href="x">x</a>', '<a data-href="x">x</a>'),
        ('<!-- <a href="x"> -->', '<!-- <a href="x"> -->'),
        ("<script>a = '<a href=\"x\">'</script>", "<script>a = '<a href=\"x\">'</script>"),
        ("<a class=b href=x hidden>x</a>", '<a class=b href="/2024/post/x" hidden>x</a>'),
        ("<p title='href=\"x\"'>x</p>", "<p title='href=\"x\"'>x</p>"),
        ('<img srcset="a.png 1x,b.png 2x">', '<img srcset="/2024/post/a.png 1x, /2024/post/b.png 2x">'),
        ('<img srcset="a.png, b.png 2x">', '<img srcset="/2024/post/a.png, /2024/post/b.png 2x">'),
        ('<img srcset=" a.png  100w ,">', '<img srcset="/2024/post/a.png 100w">'),
        (
            '<img srcset="data:image/png;base64,AA== 1x,  #a  2x">',
            '<img srcset="data:image/png;base64,AA== 1x,  #a  2x">',
        ),
    ],
)
def test_only_addresses_in_tags_are_rewritten(html: str, given: str | None) -> None:
    expected = given or html.replace('="', '="/2024/post/').replace(", b", ", /2024/post/b")
    assert relinked(html, links_of(LinkForm.ROOT)) == expected


@given(st.text(alphabet="<>\"'=ahrefsct img/ &;#?.:,\\\n%é", max_size=200))
def test_no_html_is_too_odd(html: str) -> None:
    relinked(html, links_of(LinkForm.ROOT))
    assert relinked(html, links_of(LinkForm.UNTOUCHED)) == html


def test_images_are_found_where_the_post_means_them(site: Site) -> None:
    put(site, "notes/img/a.png", image(3, 2))
    site.write({"notes/one.md": post("One", body="![a](img/a.png) [two](two.md) [gone](gone.md)", slug="one")})
    site.write({"notes/two.md": post("Two", slug="two")})
    assert served(site, "one")["html"] == (
        '<p><img alt="a" src="/notes/img/a.png"> <a href="/two/">two</a> <a href="/one/gone.md">gone</a></p>'
    )


def test_a_post_is_read_again_when_the_one_it_links_to_moves_or_appears(site: Site) -> None:
    site.write({"one.md": post("One", body="[two](two.md) [three](three.md)"), "two.md": post("Two")})
    site.build()
    site.write({"two.md": post("Two", permalink="/second/"), "three.md": post("Three")})
    assert '<a href="/second/">two</a> <a href="/three/">three</a>' in str(served(site, "one")["html"])


@pytest.mark.parametrize(
    ("written", "file", "cover"),
    [
        ("img/a.png", "notes/img/a.png", ("/notes/img/a.png", 3, 2)),
        ("assets/a.png", "assets/a.png", ("/assets/a.png", 3, 2)),
        ("/assets/a.png", "assets/a.png", ("/assets/a.png", 3, 2)),
        ("/a.png", "public/a.png", ("/a.png", 3, 2)),
        ("gone.png", "other.png", ("gone.png", None, None)),
        ("https://example.org/a.png", "a.png", ("https://example.org/a.png", None, None)),
    ],
)
def test_a_cover_has_the_size_of_its_file(site: Site, written: str, file: str, cover: tuple[str, int, int]) -> None:
    put(site, file, image(3, 2))
    site.write({"notes/one.md": post("One", image=written)})
    shown = served(site, "one")["cover"]
    assert isinstance(shown, dict)
    assert (shown["url"], shown["width"], shown["height"]) == cover


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (image(3, 2, form="JPEG"), (3, 2)),
        (image(3, 2, form="JPEG", orientation=6), (2, 3)),
        (image(3, 2, form="WEBP"), (3, 2)),
        (b"no image", (None, None)),
        (b"", (None, None)),
        (image(3, 2)[:20], (None, None)),
    ],
)
def test_a_size_is_what_a_viewer_shows_and_a_broken_image_has_none(
    site: Site, content: bytes, size: tuple[int | None, int | None]
) -> None:
    put(site, "a.png", content)
    site.write({"one.md": post("One", image="a.png")})
    shown = served(site, "one")["cover"]
    assert isinstance(shown, dict)
    assert (shown["width"], shown["height"]) == size


def test_a_size_in_the_front_matter_is_taken_as_it_is(site: Site) -> None:
    put(site, "a.png", image(3, 2))
    site.write({"one.md": post("One", image={"path": "a.png", "width": 30, "height": 20})})
    shown = served(site, "one")["cover"]
    assert isinstance(shown, dict)
    assert (shown["width"], shown["height"]) == (30, 20)


def test_nothing_outside_of_the_folder_is_measured(site: Site, tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(image(3, 2))
    site.write({"one.md": post("One", image="../secret.png"), "two.md": post("Two", image="/../secret.png")})
    for slug in ("one", "two"):
        shown = served(site, slug)["cover"]
        assert isinstance(shown, dict)
        assert shown["width"] is None


def test_the_form_of_links_is_a_setting(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.settings = SiteSettings(links=LinkForm.SITE, public_url="https://example.org")
    site.write({"one.md": post("One", body="[x](/x)", image="/a.png")})
    shown = served(site, "one")
    assert shown["html"] == '<p><a href="https://example.org/x">x</a></p>'
    assert shown["cover"] == {"url": "https://example.org/a.png", "alt": "", "width": None, "height": None}
