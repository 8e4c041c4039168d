"""``octavo schema infer`` and ``octavo openapi DIR``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.app import openapi_document
from api.cli import octavo
from tests.sites import post


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(60):
        title = 1984 if number == 7 else f"Post {number}"
        (tmp_path / f"{number:02}.md").write_text(post("").replace('title: ""', f"title: {json.dumps(title)}"))
    (tmp_path / "draft.md").write_text(post("Draft", draft=True, secret="x"))
    (tmp_path / "broken.md").write_text("---\ntitle: [\n---\n")
    return tmp_path


def run(*arguments: str | Path, code: int = 0) -> Result:
    result = CliRunner().invoke(octavo, [*map(str, arguments)], prog_name="octavo")
    assert result.exit_code == code, (result.output, result.exception)
    return result


def test_a_schema_is_proposed_on_standard_output_and_what_is_odd_said_beside_it(folder: Path) -> None:
    result = run("schema", "infer", folder)
    assert json.loads(result.stdout)["properties"]["title"]["type"] == ["string", "integer"]
    assert [line for line in result.stderr.splitlines() if " s left" not in line] == [  # progress, on a slow machine
        "octavo: draft: stands in no public file, and is left out: draft.md",
        "octavo: secret: stands in no public file, and is left out: draft.md",
        "octavo: title: a whole number in 1 of 61 files, elsewhere text: 07.md",
        "octavo: broken.md: not read, octavo check says why",
        "octavo: 61 documents read",
    ]
    assert not (folder / "content.schema").exists()


def test_what_is_written_with_strict_makes_check_name_the_odd_one(folder: Path) -> None:
    assert run("schema", "infer", folder, "--strict", "--write").stdout == ""
    (folder / "broken.md").unlink()
    warnings = [line for line in run("check", folder).stdout.splitlines() if "front_matter_schema" in line]
    assert warnings == [
        "07.md:2:1: warning front_matter_schema: title should be text, and is 1984 "
        "(mend the front matter, or content.schema)"
    ]


def test_a_schema_that_is_there_is_written_over_only_by_force(folder: Path) -> None:
    file = folder / "content.schema"
    file.write_text("{}")
    assert "--force" in run("schema", "infer", folder, "--write", code=1).stderr
    assert file.read_text() == "{}"
    run("schema", "infer", folder, "--write", "--force")
    assert json.loads(file.read_text())["required"] == ["title"]


def test_as_text_it_is_a_line_a_key(folder: Path) -> None:
    result = run("schema", "infer", folder, "--format", "text")
    assert result.stdout == "title  text or a whole number  required  In each of 60 public posts and pages\n"


def test_the_document_of_a_folder_has_its_types(folder: Path) -> None:
    assert json.loads(run("openapi", folder).stdout) == openapi_document()
    run("schema", "infer", folder, "--write")
    component = json.loads(run("openapi", folder).stdout)["components"]["schemas"]["FrontMatter"]
    assert component["properties"]["title"]["type"] == ["string", "integer"]
    assert json.loads(run("openapi").stdout) == openapi_document()


def test_a_wrong_schema_is_refused_with_its_line(folder: Path) -> None:
    (folder / "content.schema").write_text('{\n"type": "text"}')
    assert "content.schema:2:1: error content_schema_invalid: type:" in run("openapi", folder, code=1).stderr


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    run("openapi", tmp_path / "gone", code=2)
    run("schema", "infer", tmp_path / "gone", code=2)
