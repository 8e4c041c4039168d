"""The commands that end by themselves."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.app import create_app, openapi_document
from api.cli import octavo
from api.settings import ServiceSettings
from scripts.reference.commands_page import commands, help_of
from search_index.clock import SystemClock
from search_index.settings import SiteSettings
from tests.api.client import running
from tests.cli.conftest import run_octavo, write_post


@pytest.fixture
def run(content: Path, index_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("OCTAVO_INDEX_DIR", str(index_dir))
    monkeypatch.chdir(content)
    return Run()


class Run:
    """Runs a command in the content folder."""

    def __call__(self, *arguments: str, code: int = 0) -> Result:
        result = CliRunner().invoke(octavo, arguments, prog_name="octavo")
        assert result.exit_code == code, (result.output, result.exception)
        return result


def test_the_help_lists_every_exit_code_of_the_program() -> None:
    from api import cli

    codes = (
        cli.OK,
        cli.NOT_RIGHT,
        cli.USAGE,
        cli.UNAVAILABLE,
        cli.FAILURE,
        cli.INPUT_OUTPUT,
        cli.BUSY,
        cli.INTERRUPTED,
    )
    listed = [int(line.split()[0]) for line in help_of().rpartition("Exit codes:\n")[2].splitlines() if line.strip()]
    assert listed == list(codes)


@pytest.mark.parametrize("words", [words for words, _ in commands(octavo)])
def test_every_command_and_option_says_what_it_is_for(words: tuple[str, ...]) -> None:
    assert "\n\nOptions:\n" in help_of(*words)


def test_the_version_is_that_of_the_package(run: Run) -> None:
    assert run("--version").output == f"octavo {version('octavo')}\n"


def test_index_builds_says_so_and_finds_nothing_to_do_the_second_time(run: Run, content: Path) -> None:
    write_post(content, "hello.md", "Hello")
    assert "octavo: 1 post in generation " in run("index").stderr
    assert "octavo: nothing has changed: 1 post in generation " in run("index").stderr


def test_index_shows_what_is_wrong_and_ends_with_1(run: Run, content: Path) -> None:
    write_post(content, "hello.md", "Hello")
    (content / "bad.md").write_text("---\ntitle: [unclosed\n---\nText.\n", encoding="utf-8")
    assert "bad.md:" in run("index", code=1).stderr


def test_a_build_that_loses_most_posts_is_refused_unless_allowed(run: Run, content: Path) -> None:
    for number in range(12):
        write_post(content, f"{number}.md", f"Post {number}")
    run("index")
    for number in range(11):
        (content / f"{number}.md").unlink()
    assert "--allow-shrink" in run("index", code=1).stderr
    assert "octavo: 1 post in generation " in run("index", "--allow-shrink").stderr


def test_the_index_may_not_lie_among_the_content(run: Run, content: Path) -> None:
    write_post(content, "hello.md", "Hello")
    refused = run("index", "--index-dir", "index", code=2)
    assert refused.stderr == "octavo: the index index would lie in the content folder .: choose a folder outside\n"


def test_check_names_the_dialect_every_problem_and_every_hidden_post(run: Run, content: Path) -> None:
    write_post(content, "hello.md", "Hello")
    (content / "bad.md").write_text("---\ntitle: [unclosed\n---\nText.\n", encoding="utf-8")
    (content / "draft.md").write_text("---\ntitle: Draft\ndraft: true\n---\nText.\n", encoding="utf-8")
    (content / "later.md").write_text("---\ntitle: Later\ndate: 9000-01-02\n---\nText.\n", encoding="utf-8")
    lines = run("check", code=1).stdout.splitlines()
    assert lines[0].startswith("dialect: plain, because ")
    assert any(line.startswith("bad.md:3:1: error front_matter_invalid: ") for line in lines)
    assert any(line.startswith("draft.md: not public: ") for line in lines)
    assert any(line.startswith("later.md: not public: ") and "9000-01-02" in line for line in lines)
    assert lines[-1] == "4 files, 1 public post, 2 not public; 1 error, 0 warnings"


def test_check_of_a_clean_folder_ends_with_0_and_writes_nothing(run: Run, content: Path, index_dir: Path) -> None:
    write_post(content, "hello.md", "Hello")
    assert run("check").stdout.splitlines()[1:] == ["1 file, 1 public post, 0 not public; 0 errors, 0 warnings"]
    assert [file.name for file in content.iterdir()] == ["hello.md"]
    assert not index_dir.exists()


def test_check_for_programs_is_one_json_object(run: Run, content: Path) -> None:
    write_post(content, "hello.md", "Hello")
    (content / "bad.md").write_text("---\ntitle: [unclosed\n---\nText.\n", encoding="utf-8")
    report = json.loads(run("check", "--format", "json", code=1).stdout)
    assert (report["dialect"], report["files"], report["posts"], report["hidden"]) == ("plain", 2, 1, [])
    assert (report["errors"], report["warnings"]) == (1, 0)
    (problem,) = report["problems"]
    assert problem.keys() == {"file", "line", "column", "severity", "code", "message", "hint"}
    assert (problem["file"], problem["line"], problem["code"]) == ("bad.md", 3, "front_matter_invalid")


def test_check_for_github_is_workflow_commands(run: Run, content: Path) -> None:
    (content / "bad.md").write_text("---\ntitle: [unclosed\n---\nText.\n", encoding="utf-8")
    lines = run("check", "--format", "github", code=1).stdout.splitlines()
    assert lines[0].startswith("::error file=bad.md,line=3,")


def test_why_tells_where_each_value_comes_from(run: Run, content: Path) -> None:
    (content / "2020-12-02-hello.md").write_text("---\ntitle: Hello\n---\nText.\n", encoding="utf-8")
    lines = run("why", "2020-12-02-hello.md").stdout.splitlines()
    assert lines[0] == "2020-12-02-hello.md"
    rows = {line.split()[0]: line for line in lines[1:]}
    assert "2020-12-02T00:00:00+00:00" in rows["published_at"]
    assert "file name" in rows["published_at"]


@pytest.mark.parametrize("key", ["hello", "./hello.md", "hello.md"])
def test_why_knows_a_post_by_its_slug_and_its_path(run: Run, content: Path, key: str) -> None:
    write_post(content, "hello.md", "Hello")
    assert run("why", key).stdout.startswith("hello.md\n")


def test_why_finds_the_content_folder_of_a_file_elsewhere(
    run: Run, content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(write_post(content, "below/hello.md", "Hello"))
    assert run("why", file).stdout.startswith("below/hello.md\n")
    monkeypatch.chdir(tmp_path)
    assert run("why", file).stdout.startswith("my posts/below/hello.md\n")
    assert run("why", file, "--dir", str(content)).stdout.startswith("below/hello.md\n")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert run("why", file).stdout.startswith("hello.md\n")
    (content / "octavo.toml").write_text('timezone = "Asia/Seoul"\n', encoding="utf-8")
    found = run("why", file).stdout
    assert found.startswith("below/hello.md\n")
    assert "2024-01-02T00:00:00+09:00" in found
    refused = run("why", file, "--dir", str(tmp_path / "elsewhere"), code=2)
    assert refused.stderr == f"octavo: {file} does not lie in {tmp_path}/elsewhere\n"


def test_why_reads_a_file_of_a_generators_site_as_the_whole_site_does(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "blog"
    (site / "notes" / "_posts").mkdir(parents=True)
    (site / "_config.yml").write_text("timezone: Asia/Seoul\n", encoding="utf-8")
    file = site / "notes" / "_posts" / "2024-01-02-a.md"
    file.write_text("Words.\n", encoding="utf-8")
    monkeypatch.chdir(file.parent)
    found = run("why", "2024-01-02-a.md").stdout
    assert found.startswith("notes/_posts/2024-01-02-a.md\n")
    assert "2024-01-02T00:00:00+09:00  from the file name, midnight in Asia/Seoul, the timezone of _config.yml" in found
    assert "/notes/2024/01/02/a.html" in found


def test_why_says_why_a_draft_is_not_served(run: Run, content: Path) -> None:
    (content / "draft.md").write_text("---\ntitle: Draft\ndraft: true\n---\nText.\n", encoding="utf-8")
    assert "not served: " in run("why", "draft.md").stdout


def test_why_says_why_a_broken_file_is_not_served(run: Run, content: Path) -> None:
    (content / "bad.md").write_text("---\ntitle: [unclosed\n---\nText.\n", encoding="utf-8")
    assert "bad.md:3:1: error front_matter_invalid: " in run("why", "bad.md").stdout


def test_why_of_nothing_ends_with_1(run: Run, content: Path) -> None:
    write_post(content, "hello.md", "Hello")
    assert run("why", "helo", code=1).stderr == (
        "octavo: . has neither a file nor a post 'helo'; octavo check . lists what is there\n"
    )


def test_search_prints_a_line_and_a_snippet_a_hit(run: Run, content: Path) -> None:
    write_post(content, "hello.md", "Hello", body="The quick brown fox & the lazy dog.")
    write_post(content, "other.md", "Other")
    run("index")
    assert run("search", "quick fox").stdout.splitlines() == [
        "Hello  2024-01-02  hello.md",
        "    The quick brown fox & the lazy dog.",
        "1 hit",
    ]
    assert run("search", "elephant").stdout == "0 hits\n"


def test_search_says_that_there_are_more(run: Run, content: Path) -> None:
    for number in range(3):
        write_post(content, f"{number}.md", f"Post {number}")
    run("index")
    assert run("search", "words", "--limit", "2").stdout.splitlines()[-1] == "3 hits, the first 2 of them"


def test_search_for_programs_is_one_json_object(run: Run, content: Path) -> None:
    write_post(content, "hello.md", "Hello", body="The quick brown fox.")
    run("index")
    found = json.loads(run("search", "quick", "--format", "json").stdout)
    assert found.keys() == {"items", "query", "complete", "total"}
    assert (found["total"], found["complete"], found["query"]["raw"]) == (1, True, "quick")
    (hit,) = found["items"]
    assert hit["post"]["title"] == "Hello"
    assert any("<mark>quick</mark>" in row["html"] for row in hit["highlights"])


def test_search_before_anything_is_published_says_how_to_publish(run: Run, content: Path) -> None:
    write_post(content, "hello.md", "Hello")
    assert "octavo index . publishes one" in run("search", "hello", code=69).stderr


def test_an_older_generation_is_served_again_until_the_next_index(run: Run, content: Path) -> None:
    write_post(content, "hello.md", "First")
    run("index")
    write_post(content, "hello.md", "Second")
    run("index")
    newest, first = run("generations", "list").stdout.splitlines()
    assert newest.startswith("* ")
    older = first.split()[0]
    assert f"serving generation {older[:12]} again" in run("generations", "activate", older[:6]).stderr
    assert "pinned until the next octavo index" in run("generations", "list").stdout
    assert run("search", "first").stdout.startswith("First")
    run("index")
    assert run("search", "second").stdout.startswith("Second")


def test_a_generation_that_is_not_there_cannot_be_activated(run: Run, content: Path) -> None:
    assert "nothing has been published" in run("generations", "activate", "abc", code=1).stderr
    write_post(content, "hello.md", "First")
    run("index")
    assert "there is no generation 'nope'" in run("generations", "activate", "nope", code=1).stderr
    write_post(content, "hello.md", "Second")
    run("index")
    assert "several generations begin with ''" in run("generations", "activate", "", code=1).stderr


def test_prune_keeps_what_is_served(run: Run, content: Path) -> None:
    write_post(content, "hello.md", "First")
    run("index")
    assert run("generations", "prune").stderr == "octavo: 0 deleted\n"
    assert len(run("generations", "list").stdout.splitlines()) == 1


def test_openapi_prints_or_writes_the_document(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "openapi.json"
    run("openapi", "--output", str(file))
    assert json.loads(run("openapi").stdout) == json.loads(file.read_text(encoding="utf-8")) == openapi_document()
    assert "octavo: " in run("openapi", "--output", str(tmp_path / "no" / "openapi.json"), code=74).stderr


def test_the_first_run_needs_no_configuration(content: Path, tmp_path: Path) -> None:
    write_post(content, "hello.md", "Hello")
    done = run_octavo("index", cwd=content, variables={"XDG_CACHE_HOME": str(tmp_path / "cache")})
    assert done.returncode == 0, done.stderr
    (index,) = (tmp_path / "cache" / "octavo").iterdir()
    assert index.name.startswith("my-posts-")


def test_check_names_the_first_of_many_files_that_are_no_posts_and_counts_the_rest(run: Run, content: Path) -> None:
    write_post(content, "hello.md", "Hello")
    for number in range(30):
        (content / f"note-{number:02}.md").write_text("No front matter.\n", encoding="utf-8")
    told = run("check").stdout
    assert told.count(".md: no post: ") == 20
    assert (
        "10 more files: no post: it has neither front matter nor a date in its name (--format json lists all)" in told
    )
    assert len(json.loads(run("check", "--format", "json").stdout)["aside"]) == 30


def test_check_tells_the_first_of_many_problems_that_say_the_same_and_counts_the_rest(run: Run, content: Path) -> None:
    for number in range(30):
        write_post(content, f"post-{number:02}.md", "Hello\nslug: '!!'")
    told = run("check").stdout
    assert told.count("(write a word or several)") == 5
    assert (
        "25 more: warning front_matter_type: 'slug' has no letter or number in it, and is passed over "
        "(--format json lists all)\n" in told
    )
    assert "0 errors, 30 warnings" in told
    assert len(json.loads(run("check", "--format", "json").stdout)["problems"]) == 30


def test_check_counts_pages_beside_posts(run: Run, content: Path) -> None:
    (content / "_config.yml").write_text("", encoding="utf-8")
    (content / "_posts").mkdir()
    write_post(content / "_posts", "2024-01-01-hello.md", "Hello")
    write_post(content, "about.md", "About")
    assert "2 files, 1 public post, 1 public page, 0 not public" in run("check").stdout


SECRET = "a secret of more than 32 characters"


def test_a_preview_token_shows_a_draft_and_nothing_without_the_secret_makes_one(
    run: Run, content: Path, index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (content / "draft.md").write_text("---\ntitle: Draft\ndraft: true\n---\nText.\n", encoding="utf-8")
    write_post(content, "hello.md", "Hello")
    run("index")
    assert "OCTAVO_PREVIEW_SECRET is not set" in run("preview-token", "draft", code=2).stderr
    monkeypatch.setenv("OCTAVO_PREVIEW_SECRET", SECRET)
    made = run("preview-token", "draft", "--url")
    service = ServiceSettings(index_dir=index_dir)
    with running(create_app(service, SiteSettings(), SystemClock())) as client:
        assert client.get(made.stdout.strip()).json()["title"] == "Draft"
        for token in (run("preview-token", "/draft/").stdout, run("preview-token", "--all").stdout):
            answer = client.get("/v1/posts/draft", headers={"X-Preview-Token": token.strip()})
            assert answer.json()["title"] == "Draft"
        page = run("preview-token", "draft", "--page", "--url").stdout.strip()
        assert client.get(page).json()["code"] == "page_not_found"


def test_a_preview_token_is_good_for_as_long_as_was_asked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTAVO_PREVIEW_SECRET", SECRET)
    monkeypatch.setenv("OCTAVO_NOW", "2026-09-01T12:00:00Z")
    for written, until in {"90s": "12:01:30", "30m": "12:30:00", "1h": "13:00:00"}.items():
        assert f"good until 2026-09-01T{until}Z" in run("preview-token", "x", "--expires", written).stderr
    default = run("preview-token", "x")
    assert default.stdout == run("preview-token", "x", "--expires", "1h").stdout
    assert "good until 2026-09-08T12:00:00Z" in run("preview-token", "x", "--expires", "7d").stderr


@pytest.mark.parametrize(
    "arguments",
    [
        *(("x", "--expires", wrong) for wrong in ("1", "0h", "-1h", "1w", "91d", "1.5h", "soon", "")),
        *((), ("/",), ("x", "--all"), ("--all", "--url"), ("--all", "--page"), ("\udcff",)),
    ],
)
def test_a_preview_token_for_nothing_or_for_ever_is_refused(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setenv("OCTAVO_PREVIEW_SECRET", SECRET)
    assert run("preview-token", *arguments, code=2).stdout == ""


def test_a_secret_that_is_too_short_is_refused_and_not_shown(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTAVO_PREVIEW_SECRET", "short-secret")
    for arguments in (("preview-token", "x"), ("serve", ".")):
        said = run(*arguments, code=2).output
        assert "OCTAVO_PREVIEW_SECRET" in said
        assert "short-secret" not in said
