"""What a site's generator does not publish is no file of the site, wherever it lies and whatever its name ends in.

What Jekyll and Hugo publish was seen with Jekyll 4.3 and Hugo 0.111.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from api.schemas.problems import ErrorCode
from search_index.catalog import CatalogWriter
from tests.api.client import Client, serving
from tests.api.shapes import assert_problem
from tests.sites import Site, post


@dataclass(frozen=True)
class Case:
    """A site, the files that its generator publishes with the paths it has them at, and those that it does not."""

    files: dict[str, str]
    published: dict[str, str]
    withheld: tuple[str, ...]


HUGO = Case(
    {
        "hugo.toml": """
            baseURL = "https://example.org/"
            theme = "mine"
            ignoreFiles = ["\\\\.secret\\\\.txt$"]
            """,
        "content/posts/bundle/index.md": post("Bundle"),
        "content/posts/draft/index.md": post("Draft", draft=True),
        "content/hidden/_index.md": post("Hidden", draft=True),
        "content/hidden/bundle/index.md": post("Below"),
    },
    {
        "static/robots.txt": "/robots.txt",
        "static/_redirects.txt": "/_redirects.txt",
        "static/data/people.csv": "/data/people.csv",
        "themes/mine/static/theme.txt": "/theme.txt",
        "assets/covers/one.png": "",
        "content/posts/bundle/x.png": "/posts/bundle/x.png",
        "content/posts/bundle/more/x.txt": "",
        "content/posts/loose.pdf": "",
        "content/_folder/x.txt": "",
    },
    (
        *(
            "data/people.csv",
            "layouts/robots.txt",
            "archetypes/post.txt",
            "i18n/en.csv",
            "config/notes.txt",
            "notes.txt",
        ),
        *("themes/mine/images/screenshot.png", "themes/mine/notes.txt", "themes/other/static/x.txt"),
        *("public/old.txt", "resources/_gen/images/x.png", "node_modules/x/notes.txt", "static/.hidden.txt"),
        *("content/posts/x.secret.txt", "content/.x/x.txt", "content/#x/x.txt", "content/x~/x.txt"),
        *("content/posts/draft/x.png", "content/posts/draft/more/x.txt"),
        *("content/hidden/x.txt", "content/hidden/bundle/x.png"),
    ),
)
HUGO_MOUNTS = Case(
    {
        "config.yaml": """
            baseURL: https://example.org/
            module:
              mounts:
                - {source: files, target: static/below, excludeFiles: ["*.csv", "deep/**"]}
                - {source: pictures, target: static, includeFiles: "**.png"}
                - {source: humans.txt, target: static/humans.txt}
                - {source: texts, target: content}
                - {source: sketches, target: assets}
            """,
        "texts/a.md": post("A"),
    },
    {
        "files/a.txt": "/below/a.txt",
        "pictures/a.png": "/a.png",
        "humans.txt": "/humans.txt",
        "texts/a.pdf": "",
        "sketches/a.png": "",
    },
    (
        *("files/b.csv", "files/deep/x.txt", "pictures/a.txt", "static/x.txt", "content/x.txt", "assets/x.png"),
        *("themes/mine/static/x.txt", "../outside.txt"),
    ),
)
HUGO_STATIC_DIRS = Case(
    {
        "hugo.toml": 'baseURL = "https://example.org/"\nstaticDir = ["one", "two/in"]\nassetDir = "raw"\n',
        "content/a.md": post("A"),
    },
    {"one/a.txt": "/a.txt", "two/in/b.txt": "/b.txt", "raw/a.png": "", "content/a.png": ""},
    ("static/x.txt", "two/x.txt", "assets/x.png"),
)
JEKYLL = Case(
    {
        "_config.yml": """
            url: https://example.org
            destination: built
            collections: {recipes: {output: true}, notes: {output: false}}
            exclude: [private, "*.csv", "secret*/x.png", docs/]
            include: [_kept, _one.txt, .well-known]
            defaults: [{scope: {path: unpublished}, values: {published: false}}]
            """,
        "_posts/2024-01-01-a.md": "A\n",
        "_recipes/cake.md": "---\ntitle: Cake\n---\n",
    },
    {
        "robots.txt": "/robots.txt",
        "assets/images/x.png": "/assets/images/x.png",
        "sub/docs/x.txt": "/sub/docs/x.txt",
        "_kept/x.txt": "/_kept/x.txt",
        "_kept/in/x.txt": "/_kept/in/x.txt",
        "ok/_kept/x.txt": "/ok/_kept/x.txt",
        "_one.txt": "/_one.txt",
        ".well-known/security.txt": "/.well-known/security.txt",
        "vendor/letters/x.woff": "/vendor/letters/x.woff",
        "_recipes/cake.pdf": "",
        "_recipes/in/_folder/x.txt": "",
    },
    (
        *("people.csv", "sub/people.csv", "private/x.png", "private-too/x.png", "secrets/x.png", "docs/x.txt"),
        *(
            "_other/x.txt",
            "_other.txt",
            "sub/_other/x.txt",
            "#x.txt",
            "sub/#x/x.txt",
            "~x.txt",
            "sub~/x.txt",
            ".x/x.txt",
        ),
        *("vendor/bundle/x.txt", "node_modules/x.txt", "_kept/_in/x.txt", "_site/x.txt", "built/x.txt"),
        *("_posts/x.png", "sub/_posts/x.png", "_drafts/x.png", "_data/x.csv", "_layouts/robots.txt", "_sass/x.txt"),
        *("_recipes/_x.txt", "_recipes/_in/x.txt", "_recipes/in/_x.txt", "_recipes/people.csv", "_notes/x.pdf"),
        *("unpublished/x.txt",),
    ),
)
JEKYLL_SOURCE = Case(
    {
        "_config.yml": "source: src\nexclude: [private]\nurl: https://example.org\n",
        "src/_posts/2024-01-01-a.md": "A\n",
    },
    {"src/robots.txt": "/robots.txt", "src/images/x.png": "/images/x.png", "src/synonyms.txt": "/synonyms.txt"},
    ("robots.txt", "images/y.png", "src/private/x.png", "src/_x/x.png", "private/x.png"),
)
PLAIN = Case(
    {"posts/a.md": post("A"), "drafts/b.md": post("B")},
    {
        "robots.txt": "/robots.txt",
        "posts/x.png": "/posts/x.png",
        "public/x.txt": "/x.txt",
        "data/people.csv": "/data/people.csv",
        "posts/_attachments/x.png": "/posts/_attachments/x.png",
    },
    (
        *(
            "_includes/x.txt",
            "_data/x.csv",
            "posts/_drafts/x.png",
            ".x/x.txt",
            "posts/.x.png",
            "#x.txt",
            "~x.txt",
            "x~/x.txt",
        ),
        *("node_modules/x/x.txt", "posts/node_modules/x.txt", "Node_Modules/x.txt", "bower_components/x.txt"),
        *("drafts/x.png", "posts/Drafts/x.png", "public/.x.txt"),
    ),
)
LIKE_HUGO = Case(
    {"config.toml": 'base_url = "https://example.org"\n', "content/a.md": post("A")},
    {"static/x.txt": "/x.txt", "content/a.png": "/content/a.png"},
    ("templates/robots.txt", "themes/x/x.png", "layouts/x.txt", "data/x.csv", "public/x.txt", "resources/x.png"),
)
HEXO = Case(
    {
        "_config.yml": 'url: https://example.org\ntheme: mine\nexclude: ["files/**", "*.csv"]\n',
        "source/_posts/a.md": post("A", date="2024-01-01"),
    },
    {
        "source/robots.txt": "/robots.txt",
        "source/images/x.png": "/images/x.png",
        "themes/mine/source/x.png": "/x.png",
    },
    (
        *("robots.txt", "scaffolds/x.txt", "themes/mine/layout/x.txt", "themes/other/source/x.png", "public/x.txt"),
        *("source/_data/x.csv", "source/_drafts/x.png", "source/_x.txt", "source/in/_x/x.txt", "source/.x.txt"),
        *("source/files/in/x.txt", "source/people.csv", "node_modules/x.txt", "static/x.txt"),
    ),
)
ELEVENTY = Case(
    {
        "eleventy.config.js": 'export default () => ({ dir: { input: "content", output: "public/built" } });\n',
        "content/a.md": post("A"),
    },
    {"content/img/x.png": "/content/img/x.png", "public/x.txt": "/x.txt"},
    ("_data/x.csv", "content/_includes/x.txt", "content/_data/x.csv", "public/built/y.txt", "_site/x.txt", ".x/x.txt"),
)
ASTRO = Case(
    {"astro.config.mjs": "export default {};\n", "src/content/blog/a.md": post("A")},
    {
        "public/robots.txt": "/robots.txt",
        "public/_redirects.txt": "/_redirects.txt",
        "src/content/blog/x.png": "/src/content/blog/x.png",
        "src/assets/x.webp": "/src/assets/x.webp",
    },
    (
        *("robots.md.txt", "notes.txt", "data/x.csv", "src/data/x.csv", "src/content/blog/x.txt", "src/pages/x.txt"),
        *("src/content/_x/x.png", "dist/x.png", "dist/x.txt", "node_modules/x.png", "public/.x.txt"),
    ),
)
CASES = {
    "hugo": HUGO,
    "hugo-mounts": HUGO_MOUNTS,
    "hugo-static-dirs": HUGO_STATIC_DIRS,
    "jekyll": JEKYLL,
    "jekyll-source": JEKYLL_SOURCE,
    "plain": PLAIN,
    "like-hugo": LIKE_HUGO,
    "hexo": HEXO,
    "eleventy": ELEVENTY,
    "astro": ASTRO,
}


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


@pytest.fixture(scope="module")
def site(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Site:
    built = Site(tmp_path_factory.mktemp("site"))
    built.write(case.files)
    built.build()
    built.write(dict.fromkeys(case.withheld, "classified"))
    built.write({path: path for path in case.published})
    return built


def test_what_the_site_does_not_publish_is_not_served_either(case: Case, site: Site) -> None:
    with serving(site) as client:
        for path in case.withheld:
            assert client.get(f"/assets/{quote(path)}", follow_redirects=True).status_code == 404, path
            parts = path.split("/")
            for url in ("/" + quote("/".join(parts[depth:])) for depth in range(len(parts))):
                assert "classified" not in client.get(url, follow_redirects=True).text, url


def test_what_it_publishes_is_served(case: Case, site: Site) -> None:
    with serving(site) as client:
        for path, on_site in case.published.items():
            for url in (f"/assets/{quote(path)}", on_site):
                assert not url or (client.get(url).status_code, client.get(url).text) == (200, path), url


def test_a_refused_file_and_a_missing_one_are_answered_alike(case: Case, site: Site) -> None:
    with serving(site) as client:
        for path in case.withheld:
            refused = client.get(f"/assets/{quote(path)}", follow_redirects=True)
            folder, _, name = path.rpartition("/")
            missing = client.get(f"/assets/{quote(folder + '/' if folder else '')}gone-{quote(name)}")
            told = [{**one.json(), "request_id": "", "instance": ""} for one in (refused, missing)]
            assert told[0] == told[1], path


def test_a_file_that_jekyll_renders_is_not_given_out_as_its_source(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write({"_posts/2024-01-01-a.md": "A\n", "_config.yml": "collections: {recipes: {output: true}}\n"})
    site.build()
    sources = {
        "hidden.txt": "---\npublished: false\n---\nclassified\n",
        "robots.txt": "--- \r\nsecret: classified\n---\n{{ site.url }}\n",
        "_recipes/list.csv": "---\n---\nclassified\n",
    }
    site.write(sources | {"rule.txt": "----\nfine\n", "empty.txt": ""})
    with serving(site) as client:
        for path in sources:
            assert_problem(client.get(f"/assets/{path}"), ErrorCode.ASSET_NOT_FOUND)
            assert client.get(f"/{path}").status_code == 404
        assert client.get("/assets/rule.txt").text == "----\nfine\n"
        assert client.get("/empty.txt").status_code == 200


def test_the_files_of_a_bundle_come_and_go_with_its_page(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write(
        {
            "hugo.toml": 'baseURL = "https://example.org/"\n[languages.en]\n[languages.fr]\n',
            "content/later/index.md": post("Later", date="2026-09-02"),
            "content/over/index.md": post("Over", date="2026-01-01", expiryDate="2026-09-02"),
            "content/two/index.en.md": post("Two", draft=True),
            "content/two/index.fr.md": post("Deux"),
            "content/broken/index.md": "---\ntitle: [\n---\n",
            "content/later/x.txt": "later",
            "content/over/in/x.txt": "over",
            "content/two/x.txt": "two",
            "content/broken/x.txt": "broken",
        }
    )
    site.build()

    def served(client: Client) -> dict[str, int]:
        paths = ("later/x.txt", "over/in/x.txt", "two/x.txt", "broken/x.txt")
        return {path: client.get(f"/assets/content/{path}").status_code for path in paths}

    with serving(site) as client:
        assert served(client) == {"later/x.txt": 404, "over/in/x.txt": 200, "two/x.txt": 200, "broken/x.txt": 404}
        site.clock.instant += timedelta(days=1)
        assert served(client) == {"later/x.txt": 200, "over/in/x.txt": 404, "two/x.txt": 200, "broken/x.txt": 404}


def test_a_changed_configuration_changes_what_is_served(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write({"_config.yml": "title: A\n", "_posts/2024-01-01-a.md": "A\n", "notes/x.txt": "x"})
    site.build()
    with serving(site) as client:
        assert client.get("/assets/notes/x.txt").status_code == 200
    site.write({"_config.yml": "title: A\nexclude: [notes]\n"})
    site.build()
    with serving(site) as client:
        assert client.get("/assets/notes/x.txt").status_code == 404


def test_drafts_that_are_shown_have_their_images(tmp_path: Path) -> None:
    site = Site(tmp_path, drafts=True)
    site.write({"drafts/b.md": post("B"), "drafts/x.txt": "x"})
    site.build()
    with serving(site) as client:
        assert client.get("/assets/drafts/x.txt").text == "x"


def test_a_generation_that_does_not_say_what_is_public_has_no_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def as_it_was(self: CatalogWriter, **facts: str) -> None:
        del facts["public_files"]
        written(self, **facts, static_folders='["static", ""]')

    written = CatalogWriter.set_site
    monkeypatch.setattr(CatalogWriter, "set_site", as_it_was)
    site = Site(tmp_path)
    site.write({"hugo.toml": "", "content/a.md": post("A"), "static/x.txt": "x", "data/x.txt": "classified"})
    site.build()
    with serving(site) as client:
        for url in ("/x.txt", "/data/x.txt", "/assets/static/x.txt", "/assets/data/x.txt"):
            assert client.get(url).status_code == 404, url


def test_until_the_first_generation_is_there_no_file_is_known(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write({"a.md": post("A"), "x.txt": "x"})
    with serving(site) as client:
        assert_problem(client.get("/assets/x.txt"), ErrorCode.NOT_READY)
        assert client.get("/x.txt").status_code == 404
