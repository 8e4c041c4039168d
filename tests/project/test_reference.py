"""The generated reference: as the code says it now, and complete."""

from __future__ import annotations

import copy
import re
from typing import Any

import click
import pytest
from click.testing import CliRunner
from pydantic import BaseModel, Field
from pydantic_settings import BaseSettings

from api.app import openapi_document
from api.explanations import EXPLANATIONS as PROBLEMS
from api.schemas.problems import ErrorCode
from scripts.reference import PAGES, ROOT, difference
from scripts.reference.__main__ import reference
from scripts.reference.api_page import api_page, operations, unlisted_routes
from scripts.reference.commands_page import undescribed
from scripts.reference.diagnostics_page import diagnostics_page
from scripts.reference.markdown import Undescribed, kind_of, table
from scripts.reference.problems_page import problems_page
from scripts.reference.settings_page import groups
from search_index.diagnostics import ProblemCode
from search_index.explanations import EXPLANATIONS as DIAGNOSTICS

LINK = re.compile(r"\]\(((?!http)[^)#]*)(#[^)]+)?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


class Nested(BaseModel):
    """What a mail server is asked."""

    retries: int = Field(3, ge=0, le=9, description="How often it is asked again")


class Described(BaseSettings):
    host: str = Field("localhost", description="Where it is")
    mail: Nested = Field(Nested(), description="Mail")


class Undescribable(BaseSettings):
    host: str = Field("localhost", description="Where it is")
    port: int = 25


@pytest.mark.parametrize("path", PAGES)
def test_the_page_is_as_the_code_says_it_now(path: str) -> None:
    stale = difference(path, PAGES[path]())
    assert not stale, f"run `python -m scripts.reference`\n{stale}"


def test_the_check_ends_well_where_nothing_is_stale() -> None:
    checked = CliRunner().invoke(reference, ["--check"])
    assert (checked.exit_code, checked.output) == (0, "")


def test_a_stale_page_is_a_diff() -> None:
    path = "docs/reference/settings.md"
    changed = (ROOT / path).read_text(encoding="utf-8").replace("# Settings\n", "# Other\n", 1)
    shown = difference(path, changed)
    assert "\n-# Settings\n+# Other\n" in shown
    assert f"+++ {path} (from the code)" in shown


def test_a_page_that_is_missing_is_stale() -> None:
    assert difference("docs/reference/new.md", "# New\n").endswith("+# New\n")


def test_a_setting_without_words_is_named() -> None:
    with pytest.raises(Undescribed, match=r"^Undescribable\.port: "):
        groups((Undescribable,))


def test_a_settings_model_inside_another_is_a_group_with_its_variables() -> None:
    outer, inner = groups((Described,))
    assert [row.variable for row in outer.settings] == ["OCTAVO_HOST"]
    (retries,) = inner.settings
    assert (retries.variable, retries.kind, retries.default) == ("OCTAVO_MAIL__RETRIES", "whole number, 0 to 9", "3")
    assert inner.title == "What a mail server is asked"
    assert inner.as_variables().endswith("# How often it is asked again.\nOCTAVO_MAIL__RETRIES=3")


def test_a_command_and_an_option_without_words_are_named() -> None:
    @click.group(help="A program")
    def program() -> None: ...

    @program.command(params=[click.Option(["--loud"]), click.Option(["--hidden"], hidden=True)])
    def shout() -> None: ...

    assert list(undescribed(program)) == ["octavo shout", "octavo shout --loud"]


def test_an_error_code_without_words_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    rest = {code: text for code, text in PROBLEMS.items() if code is not ErrorCode.NOT_READY}
    monkeypatch.setattr("scripts.reference.problems_page.EXPLANATIONS", rest)
    with pytest.raises(Undescribed, match=r"^not_ready: .*api/explanations\.py"):
        problems_page()


def test_a_code_of_a_content_problem_without_words_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    rest = {code: text for code, text in DIAGNOSTICS.items() if code is not ProblemCode.NOT_UTF8}
    monkeypatch.setattr("scripts.reference.diagnostics_page.EXPLANATIONS", rest)
    with pytest.raises(Undescribed, match=r"^not_utf8: .*search_index/explanations\.py"):
        diagnostics_page()


@pytest.mark.parametrize("words", [pytest.param(text, id=code) for code, text in PROBLEMS.items()])
def test_the_words_of_an_error_code_are_sentences(words: str) -> None:
    assert words.strip().endswith(".")


def test_an_operation_and_a_parameter_without_words_are_named() -> None:
    document = copy.deepcopy(openapi_document())
    listing: dict[str, Any] = document["paths"]["/v1/posts"]["get"]
    listing["description"] = ""
    listing["parameters"][0]["description"] = ""
    with pytest.raises(Undescribed, match=r"^list_posts, list_posts page: "):
        api_page(document)


def test_a_route_that_writes_is_shown_with_its_body() -> None:
    document = copy.deepcopy(openapi_document())
    body = {"description": "A post", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Post"}}}}
    document["paths"]["/v1/hooks/{name}"] = {
        "post": {
            "operationId": "call_hook",
            "summary": "Call a hook",
            "description": "It is called.",
            "parameters": [{"name": "name", "in": "path", "required": True, "description": "Which", "schema": {}}],
            "requestBody": body,
            "responses": {"202": {"description": "Taken", "content": {"application/x-ndjson": {}}}},
        }
    }
    page = api_page(document)
    assert "It takes a body: [Post](#post). A post." in page
    assert "| 202 | Taken; `application/x-ndjson` |" in page
    assert "curl -X POST 'localhost:8000/v1/hooks/name'" in page


def test_every_route_is_on_the_page_whether_or_not_clients_are_generated_from_it() -> None:
    page = (ROOT / "docs/reference/api.md").read_text(encoding="utf-8")
    document = openapi_document()
    for operation in operations(document):
        assert f"### {operation.name}\n\n**`{operation.method} {operation.path}`**" in page
        for parameter in operation.parameters:
            assert f"| `{parameter['name']}` | {parameter['in']} |" in page
    assert {"`GET /docs`", "`GET /healthz`", "`GET /openapi-3.0.json`"} <= {route for route, _ in unlisted_routes()}


@pytest.mark.parametrize("path", [path for path in PAGES if path.endswith(".md")])
def test_every_link_leads_to_a_page_and_a_heading(path: str) -> None:
    prose = re.sub(r"`[^`\n]*`", "", (ROOT / path).read_text(encoding="utf-8"))
    for file, anchor in LINK.findall(prose):
        target = (ROOT / path).parent / file if file else ROOT / path
        assert target.is_file(), file
        if anchor:
            headings = HEADING.findall(target.read_text(encoding="utf-8"))
            assert anchor[1:] in {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "integer", "minimum": 1}, "whole number, at least 1"),
        ({"type": "number", "exclusiveMinimum": 0}, "number, above 0"),
        ({"type": "integer", "minimum": 0, "maximum": 67108864}, "whole number, 0 to 67108864"),
        ({"type": "string", "maxLength": 9}, "text, at most 9 characters"),
        ({"type": "array", "items": {"enum": ["a", "b"], "type": "string"}}, "list of `a` or `b`"),
        ({"anyOf": [{"$ref": "#/$defs/Form"}, {"type": "null"}]}, "`x`"),
        ({"type": "boolean"}, "`true` or `false`"),
        ({}, "anything"),
    ],
)
def test_what_a_value_may_be_is_said_in_words(schema: dict[str, Any], words: str) -> None:
    assert kind_of(schema, {"Form": {"enum": ["", "x"]}}) == words


def test_a_cell_stays_one_cell() -> None:
    assert table(("A",), [("one | two\nthree",)]) == "| A |\n| --- |\n| one \\| two three |"
