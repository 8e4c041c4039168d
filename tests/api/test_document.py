"""The OpenAPI document: committed, complete, and fit for generating clients."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.app import openapi_document
from api.problems import MEANINGS
from api.schemas.problems import ErrorCode
from search_index.query import Include
from tests.api.client import Client

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"

OPERATIONS = {
    "/v1": "get_index",
    "/v1/posts": "list_posts",
    "/v1/posts/{slug}/related": "list_related_posts",
    "/v1/posts/{slug}/backlinks": "list_post_backlinks",
    "/v1/posts/{slug}/neighbors": "get_post_neighbors",
    "/v1/posts/{slug}.md": "get_post_markdown",
    "/v1/posts/{slug}.txt": "get_post_text",
    "/v1/posts/{slug}": "get_post",
    "/v1/pages": "list_pages",
    "/v1/pages/{path}": "get_page",
    "/v1/collections": "list_collections",
    "/v1/collections/{name}": "list_collection",
    "/v1/tags": "list_tags",
    "/v1/tags/{slug}": "get_tag",
    "/v1/categories": "list_categories",
    "/v1/categories/{path}": "get_category",
    "/v1/authors": "list_authors",
    "/v1/authors/{slug}": "get_author",
    "/v1/series": "list_series",
    "/v1/series/{slug}": "get_series",
    "/v1/archives": "list_archives",
    "/v1/resolve": "resolve_path",
    "/v1/search": "search",
    "/v1/search/suggest": "suggest",
    "/v1/changes": "list_changes",
    "/v1/export": "export_posts",
    "/v1/events": "stream_events",
    "/v1/diagnostics": "list_diagnostics",
    "/feeds/rss.xml": "get_rss_feed",
    "/feeds/atom.xml": "get_atom_feed",
    "/feeds/feed.json": "get_json_feed",
    "/sitemap.xml": "get_sitemap",
    "/llms.txt": "get_llms_txt",
    "/assets/{path}": "get_asset",
}

COMMANDS = {"/v1/hooks/refresh": "refresh_content"}
"""What is posted to; its own tests say the rest (test_hook.py)."""


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi_document()


def test_the_committed_document_is_the_one_served(document: dict[str, Any]) -> None:
    committed = json.loads((REFERENCE / "openapi.json").read_text(encoding="utf-8"))
    assert document == committed, "the API changed: run `python -m scripts.reference` and say so"


def test_it_is_served_and_not_sent_twice(blog: Client, document: dict[str, Any]) -> None:
    response = blog.get("/openapi.json")
    assert response.json() == document
    again = blog.get("/openapi.json", headers={"If-None-Match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_paths_and_operation_ids_are_frozen(document: dict[str, Any]) -> None:
    methods = {path: ["post"] if path in COMMANDS else ["get"] for path in OPERATIONS | COMMANDS}
    assert {path: list(item) for path, item in document["paths"].items()} == methods
    named = {path: operation["operationId"] for path, item in document["paths"].items() for operation in item.values()}
    assert named == OPERATIONS | COMMANDS


def test_fastapis_own_errors_are_absent(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    assert "422" not in text
    assert "ValidationError" not in text


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    names = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert names <= set(document["components"]["schemas"])


INCLUDED = {
    "ListedPost": {*Include},
    "Post": {*Include} - {"html", "toc", "front_matter"},
}
"""What is absent where `include` does not ask for it."""


def test_no_property_has_a_default_and_all_but_the_included_ones_are_required(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        properties = schema.get("properties", {})
        assert {*properties} - {*schema.get("required", [])} == INCLUDED.get(name, set()), name
        assert not [key for key, declared in properties.items() if "default" in declared], name


def test_null_stands_only_where_the_contract_says_so(document: dict[str, Any]) -> None:
    nullable = {
        f"{name}.{key}"
        for name, schema in document["components"]["schemas"].items()
        for key, declared in schema.get("properties", {}).items()
        if {"type": "null"} in declared.get("anyOf", [])
    }
    post = {"url", "published_at", "updated_at", "series", "cover", "excerpt_html"}
    assert nullable == {
        *(f"{name}.{key}" for name in ("PostSummary", "ListedPost") for key in post),
        *(f"Neighbors.{key}" for key in ("prev", "next")),
        *(f"Post.{key}" for key in post | {"prev", "next"}),
        *(f"PostLink.{key}" for key in ("url", "published_at")),
        *(f"CoverImage.{key}" for key in ("width", "height")),
        *(f"Pagination.{key}" for key in ("page", "next", "prev", "next_cursor")),
        *(f"ProblemDocument.{key}" for key in ("retry_after",)),
        "ParameterError.suggestion",
        "Term.parent",
        "QueryReading.corrected",
        "SearchResults.did_you_mean",
        "SearchHit.explanation",
        "ClauseExplanation.match",
        "Suggestion.url",
        "DocumentChange.post",
        "Index.url",
    }


def parameters(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in document["paths"].values():
        for operation in item.values():
            yield from operation.get("parameters", [])


def named(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The component that the schema refers to, with what stands beside the reference."""
    component = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else {}
    return {**component, **schema}


def test_parameters_are_described_typed_and_never_nullable(document: dict[str, Any]) -> None:
    for parameter in parameters(document):
        schema = named(document, parameter["schema"])
        assert parameter["description"], parameter
        assert schema["type"] in {"string", "integer", "boolean", "array"}, parameter
        assert "null" not in json.dumps(schema)


def test_an_enumeration_is_one_named_type_wherever_it_stands(document: dict[str, Any]) -> None:
    assert '"enum"' not in json.dumps([row["schema"] for row in parameters(document)])
    posts = {row["name"]: row["schema"] for row in document["paths"]["/v1/posts"]["get"]["parameters"]}
    post = {row["name"]: row["schema"] for row in document["paths"]["/v1/posts/{slug}"]["get"]["parameters"]}
    assert posts["include"]["items"] == post["include"]["items"] == {"$ref": "#/components/schemas/Include"}
    assert posts["tag_match"] == {"$ref": "#/components/schemas/TagMatch", "default": "any"}
    counted = document["components"]["schemas"]["Facet"]["properties"]["field"]
    assert posts["facet"]["items"] == {"$ref": counted["$ref"]}


def test_what_is_split_at_commas_says_so_and_nothing_else_does(document: dict[str, Any]) -> None:
    said = {row["name"]: row["description"] for row in document["paths"]["/v1/posts"]["get"]["parameters"]}
    assert said["tag"].endswith("Repeatable, or separated by commas")
    assert said["where"].endswith("Repeatable"), "a condition may have commas in it"


def test_files_are_bytes_of_whatever_media_type(document: dict[str, Any]) -> None:
    responses = document["paths"]["/assets/{path}"]["get"]["responses"]
    for status in ("200", "206"):
        content = responses[status]["content"]
        assert content["*/*"] == {"schema": {"type": "string", "format": "binary"}}
        assert next(iter(content)) == "application/octet-stream", "generators that know no ranges take the first"


def test_every_path_may_lead_to_its_other_spelling(document: dict[str, Any]) -> None:
    for path in OPERATIONS:
        assert [*document["paths"][path]["get"]["responses"]["308"]["headers"]] == ["Location"], path


def test_choices_and_ranges_are_visible(document: dict[str, Any]) -> None:
    schemas = {row["name"]: row["schema"] for row in document["paths"]["/v1/posts"]["get"]["parameters"]}
    assert named(document, schemas["sort"])["enum"] == ["published_at", "updated_at", "title", "reading_time"]
    assert named(document, schemas["facet"]["items"])["enum"] == [
        "tag",
        "category",
        "author",
        "series",
        "year",
        "month",
        "lang",
        "collection",
    ]
    assert (schemas["per_page"]["minimum"], schemas["per_page"]["maximum"], schemas["per_page"]["default"]) == (
        1,
        100,
        20,
    )
    assert (schemas["month"]["minimum"], schemas["month"]["maximum"]) == (1, 12)


def test_every_operation_declares_its_problems(document: dict[str, Any]) -> None:
    for path in OPERATIONS:
        responses = document["paths"][path]["get"]["responses"]
        assert ("304" in responses) == (path != "/v1/events"), path
        assert {"200", "400", "401", "405", "413", "414", "429", "431", "500", "503"} <= set(responses), path
        assert ("404" in responses) == ("{" in path or path in ("/v1/resolve", "/sitemap.xml")), path
        for status, response in responses.items():
            if int(status) >= 400:
                reference = response["content"]["application/problem+json"]["schema"]
                assert reference == {"$ref": "#/components/schemas/ProblemDocument"}


def test_every_error_code_has_a_status_and_its_section() -> None:
    assert set(MEANINGS) == set(ErrorCode)
    page = (REFERENCE / "problems.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^## (\w+)$", page, re.MULTILINE)) == sorted(ErrorCode)
    for code, (status, _) in MEANINGS.items():
        (row,) = [line for line in page.splitlines() if line.startswith("| ") and f"[{code}](#{code})" in line]
        assert row.startswith(f"| {status} |")
