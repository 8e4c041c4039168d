"""``octavo serve`` as a process: what it answers, and what it says instead of answering."""

from __future__ import annotations

import json
import signal
import socket
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from tests.cli.conftest import ServedFactory, descendants, free_port, run_octavo, wait_until, write_post


def test_an_unconfigured_folder_answers_and_the_terminal_says_where(serve: ServedFactory, content: Path) -> None:
    write_post(content, "hello.md", "Hello")
    served = serve()
    served.until_serving("Hello")
    served.until_said(f"octavo: try: curl http://127.0.0.1:{served.port}/v1/posts\n")
    assert f"octavo: serving 1 post of {content} on http://127.0.0.1:{served.port} (Ctrl-C ends it)\n" in served.said
    assert "octavo: 1 post in generation " in served.said


def test_the_process_is_healthy_at_once_and_ready_after_the_first_generation(
    serve: ServedFactory, content: Path
) -> None:
    write_post(content, "hello.md", "Hello")
    served = serve("--read-only")
    wait_until("answers", lambda: _status(served.port, "/healthz") == 200)
    assert _status(served.port, "/readyz") == 503
    served.until_said("nothing is published in ")
    other = serve()
    other.until_serving("Hello")
    served.until_serving("Hello")
    assert _status(served.port, "/readyz") == 200


def test_an_edit_a_new_file_a_rename_and_a_delete_are_followed(serve: ServedFactory, content: Path) -> None:
    write_post(content, "one.md", "One")
    served = serve()
    served.until_serving("One")
    write_post(content, "one.md", "One, edited")
    served.until_serving("One, edited")
    two = write_post(content, "below/two.md", "Two")
    served.until_serving("One, edited", "Two")
    two.rename(content / "renamed.md")
    wait_until("the new name is served", lambda: served.get("/v1/posts/renamed")[0] == 200)
    served.until_serving("One, edited", "Two")
    (content / "renamed.md").unlink()
    served.until_serving("One, edited")


def test_a_bad_file_is_reported_and_everything_else_is_served(serve: ServedFactory, content: Path) -> None:
    write_post(content, "good.md", "Good")
    served = serve()
    served.until_serving("Good")
    (content / "bad.md").write_text("---\ntitle: [unclosed\n---\nText.\n", encoding="utf-8")
    served.until_said("bad.md:")
    served.until_serving("Good")
    write_post(content, "bad.md", "Mended")
    served.until_serving("Good", "Mended")


def test_a_change_of_the_sites_settings_is_followed(serve: ServedFactory, content: Path) -> None:
    write_post(content, "hello.md", "Hello")
    served = serve()
    served.until_serving("Hello")
    (content / "octavo.toml").write_text('public_url = "https://example.org"\n', encoding="utf-8")
    wait_until("the new address", lambda: served.get("/v1/posts/hello")[1]["url"] == "https://example.org/hello/")
    (content / "octavo.toml").write_text('publik_url = "https://example.org"\n', encoding="utf-8")
    served.until_said("unknown key 'publik_url'; did you mean 'public_url'?; going on with the settings as they were")
    write_post(content, "more.md", "More")
    served.until_serving("Hello", "More")
    assert served.get("/v1/posts/more")[1]["url"] == "https://example.org/more/"


def test_without_watching_the_folder_is_read_once_before_the_first_answer(serve: ServedFactory, content: Path) -> None:
    write_post(content, "hello.md", "Hello")
    served = serve("--no-watch")
    served.until_said("try: curl")
    assert served.titles() == {"Hello"}
    assert descendants(served.process.pid) == set()


@pytest.mark.parametrize(("workers", "number"), [(1, signal.SIGINT), (1, signal.SIGTERM), (2, signal.SIGTERM)])
def test_a_signal_ends_everything(serve: ServedFactory, content: Path, workers: int, number: int) -> None:
    write_post(content, "hello.md", "Hello")
    served = serve("--workers", str(workers))
    served.until_serving("Hello")
    children = descendants(served.process.pid)
    assert len(children) >= workers
    assert served.stop(number) == 0
    wait_until("no child is left", lambda: not any(Path(f"/proc/{pid}").exists() for pid in children))
    assert "Traceback" not in served.said
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", served.port), timeout=5)


def test_a_signal_during_the_first_build_ends_everything(serve: ServedFactory, content: Path) -> None:
    for number in range(2_000):
        write_post(content, f"{number}.md", f"Post {number}")
    served = serve()
    indexer = served.indexer()
    assert served.stop() == 0
    wait_until("the indexer has ended", lambda: not Path(f"/proc/{indexer}").exists())


@pytest.mark.parametrize("workers", [1, 2])
def test_what_was_searched_for_stands_in_the_log_when_a_worker_ends(
    serve: ServedFactory, content: Path, workers: int
) -> None:
    write_post(content, "hello.md", "Hello")
    token = "a-token-of-the-operator"
    served = serve("--workers", str(workers), variables={"OCTAVO_SEARCH_ANALYTICS_TOKEN": token})
    served.until_serving("Hello")
    for query in ("hello", "hello", "zebra"):  # one worker may have its first generation later than the other
        wait_until("answers", partial(_answers, served.port, f"/v1/search?q={query}"))
    assert served.stop() == 0
    lines = [json.loads(line) for line in served.said.splitlines() if '"event": "searches"' in line]
    assert 1 <= len(lines) <= workers
    asked = Counter[str]()
    for line in lines:
        asked.update(dict(line["top"]))
    assert asked == {"hello": 2, "zebra": 1}
    assert [query for line in lines for query, _ in line["without_result"]] == ["zebra"]
    assert token not in served.said


def test_without_a_search_the_log_says_nothing_of_searches(serve: ServedFactory, content: Path) -> None:
    write_post(content, "hello.md", "Hello")
    served = serve()
    served.until_serving("Hello")
    assert served.stop() == 0
    assert "searches" not in served.said


def test_a_taken_port_is_one_line_with_a_free_one(serve: ServedFactory, content: Path, index_dir: Path) -> None:
    write_post(content, "hello.md", "Hello")
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        refused = run_octavo("serve", content, "--port", str(port), "--index-dir", index_dir)
    assert refused.returncode == 69
    assert refused.stderr.startswith(f"octavo: port {port} is taken; try --port ")
    assert len(refused.stderr.splitlines()) == 1


def test_a_missing_folder_is_one_line(tmp_path: Path) -> None:
    refused = run_octavo("serve", tmp_path / "nowhere", "--port", "0")
    assert refused.returncode == 2
    assert refused.stderr == f"octavo: {tmp_path}/nowhere does not exist: name the folder that holds the posts\n"


def test_a_file_is_no_folder_and_that_is_one_line(content: Path) -> None:
    post = write_post(content, "hello.md", "Hello")
    refused = run_octavo("serve", post, "--port", "0")
    assert refused.returncode == 2
    assert refused.stderr == f"octavo: {post} is a file: name the folder that holds it\n"


def test_a_folder_without_markdown_is_one_line(content: Path) -> None:
    (content / "notes.txt").write_text("no post", encoding="utf-8")
    refused = run_octavo("serve", content, "--port", "0")
    assert refused.returncode == 2
    assert refused.stderr == (
        f"octavo: no Markdown in {content}: name the folder that holds the posts (.md or .markdown files)\n"
    )


def test_a_misspelt_variable_and_a_misspelt_key_are_start_up_errors(content: Path) -> None:
    write_post(content, "hello.md", "Hello")
    refused = run_octavo("serve", content, "--port", "0", variables={"OCTAVO_TIMEZNE": "Europe/Paris"})
    assert refused.returncode == 2
    assert refused.stderr == "octavo: unknown variable OCTAVO_TIMEZNE; did you mean OCTAVO_TIMEZONE?\n"
    (content / "octavo.toml").write_text("timezon = 'Europe/Paris'\n", encoding="utf-8")
    refused = run_octavo("serve", content, "--port", "0")
    assert refused.returncode == 2
    assert refused.stderr == f"octavo: {content}/octavo.toml: unknown key 'timezon'; did you mean 'timezone'?\n"


def test_a_wrong_service_setting_is_a_start_up_error(content: Path) -> None:
    write_post(content, "hello.md", "Hello")
    refused = run_octavo("serve", content, "--port", "0", variables={"OCTAVO_S_MAXAGE": "-1"})
    assert refused.returncode == 2
    assert refused.stderr.startswith("octavo: OCTAVO_S_MAXAGE: ")


@pytest.mark.parametrize(("variable", "value"), [("OCTAVO_DRAFTS", "1"), ("OCTAVO_NOW", "2030-01-01T00:00:00Z")])
def test_previews_are_not_served_to_the_public(content: Path, variable: str, value: str) -> None:
    write_post(content, "hello.md", "Hello")
    refused = run_octavo("serve", content, "--port", "0", "--host", "0.0.0.0", variables={variable: value})
    assert refused.returncode == 2
    assert refused.stderr == (
        f"octavo: {variable} would show unpublished posts to everyone who reaches 0.0.0.0: "
        "unset it, serve on 127.0.0.1, or insist with --force\n"
    )


def test_previews_are_served_to_the_public_by_force(serve: ServedFactory, content: Path) -> None:
    write_post(content, "hello.md", "Hello")
    (content / "secret.md").write_text("---\ntitle: Secret\ndraft: true\n---\nText.\n", encoding="utf-8")
    forced = serve("--host", "0.0.0.0", "--force", variables={"OCTAVO_DRAFTS": "1"})
    forced.until_serving("Hello", "Secret")


def test_previews_stay_private_when_the_settings_change_while_serving(serve: ServedFactory, content: Path) -> None:
    write_post(content, "hello.md", "Hello")
    (content / "secret.md").write_text("---\ntitle: Secret\ndraft: true\n---\nText.\n", encoding="utf-8")
    served = serve("--host", "0.0.0.0")
    served.until_serving("Hello")
    (content / "octavo.toml").write_text('drafts = true\ntitle = "New"\n', encoding="utf-8")
    wait_until("the new title", lambda: served.get("/v1")[1]["title"] == "New")
    assert served.titles() == {"Hello"}


def _answers(port: int, path: str) -> bool:
    return _status(port, path) == 200


def _status(port: int, path: str) -> int | None:
    from http.client import HTTPConnection

    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def test_only_reading_wants_a_folder_too(tmp_path: Path) -> None:
    refused = run_octavo("serve", tmp_path / "nowhere", "--read-only", "--port", "0")
    assert refused.returncode == 2
    assert refused.stderr == f"octavo: {tmp_path}/nowhere is no folder: name the one that holds the posts\n"
