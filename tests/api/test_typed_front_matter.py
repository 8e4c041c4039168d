"""The OpenAPI document of a site with a ``content.schema``: its front matter is a model with a name."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from api.app import openapi_document
from api.typed_front_matter import typed
from search_index.content_schema import SCHEMA_FILE, parse_content_schema
from tests.api.client import Client, serving
from tests.sites import Site, post

SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["title"],
    "properties": {
        "title": {"type": "string"},
        "rating": {"type": "integer", "minimum": 1, "maximum": 5},
        "authors": {"type": "array", "items": {"$ref": "#/$defs/author"}},
        "$ref": {"enum": [{"$ref": "#/$defs/author"}]},
    },
    "$defs": {
        "author": {"type": "object", "properties": {"name": {"type": "string"}, "boss": {"$ref": "#/$defs/author"}}},
        "Author": {"type": "string"},
        "a/b c": True,
        "never": False,
    },
    "additionalProperties": False,
}
FILES = {
    "a.md": post("A", date="2024-01-01", rating=5, authors=[{"name": "Ann"}]),
    "b.md": post("B", date="2024-01-02", rating="five", extra=True),
}


def described(schema: dict[str, Any]) -> dict[str, Any]:
    read = parse_content_schema(json.dumps(schema).encode())
    assert read.problems == ()
    return openapi_document(read.value)


def components(document: dict[str, Any]) -> dict[str, Any]:
    schemas: dict[str, Any] = document["components"]["schemas"]
    return schemas


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return described(SCHEMA)


def test_without_a_schema_the_document_is_the_committed_one() -> None:
    assert json.dumps(typed(openapi_document(), None)) == json.dumps(openapi_document())
    assert "FrontMatter" not in components(openapi_document())


def test_whatever_has_front_matter_refers_to_the_component(document: dict[str, Any]) -> None:
    untyped = components(openapi_document())
    holders = {name for name, schema in untyped.items() if "front_matter" in schema.get("properties", {})}
    assert "Post" in holders
    for name in holders:
        assert components(document)[name]["properties"]["front_matter"] == {"$ref": "#/components/schemas/FrontMatter"}


def test_the_component_is_the_schema_with_room_for_other_keys(document: dict[str, Any]) -> None:
    component = components(document)["FrontMatter"]
    assert component["properties"]["rating"] == {"type": "integer", "minimum": 1, "maximum": 5}
    assert (component["type"], component["title"], component["required"]) == ("object", "FrontMatter", ["title"])
    assert component["additionalProperties"] is True
    assert "as their author wrote them" in component["description"]
    assert not {"$schema", "$defs", "$id"} & component.keys()


def test_definitions_become_components_with_names_of_their_own(document: dict[str, Any]) -> None:
    added = components(document).keys() - components(openapi_document()).keys()
    assert added == {"FrontMatter", "FrontMatterAuthor", "FrontMatterAuthor2", "FrontMatterABC", "FrontMatterNever"}
    properties = components(document)["FrontMatter"]["properties"]
    assert properties["authors"]["items"] == {"$ref": "#/components/schemas/FrontMatterAuthor"}
    author = components(document)["FrontMatterAuthor"]
    assert author["properties"]["boss"] == {"$ref": "#/components/schemas/FrontMatterAuthor"}
    assert properties["$ref"] == {"enum": [{"$ref": "#/$defs/author"}]}, "a value, which only looks like a reference"


def test_a_definition_never_takes_the_name_of_another_component() -> None:
    base = openapi_document()
    base["components"]["schemas"]["FrontMatterAuthor"] = {"type": "string"}
    schemas = components(typed(base, {"$ref": "#/$defs/author", "$defs": {"author": {}, "": {}, "é": {}}}))
    assert schemas["FrontMatterAuthor"] == {"type": "string"}
    assert schemas["FrontMatter"]["$ref"] == "#/components/schemas/FrontMatterAuthor2"
    assert {"FrontMatterPart", "FrontMatterPart2"} <= schemas.keys()
    assert all(re.fullmatch(r"[a-zA-Z0-9._-]+", name) for name in schemas)


def test_every_reference_of_a_typed_document_leads_somewhere(document: dict[str, Any]) -> None:
    names = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert names <= set(components(document))


def test_typing_leaves_the_document_it_is_given_as_it_was() -> None:
    base = openapi_document()
    before = json.dumps(base)
    typed(base, {"properties": {"a": {}}})
    assert json.dumps(base) == before


def served_post(client: Client, slug: str) -> dict[str, Any]:
    answer: dict[str, Any] = client.get(f"/v1/posts/{slug}").json()
    return answer


def test_the_document_follows_what_is_published(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write(FILES)
    site.build()
    with serving(site) as client:
        untyped = client.get("/openapi.json")
        assert untyped.json() == openapi_document()
    site.write({SCHEMA_FILE: json.dumps(SCHEMA)})
    site.build()
    with serving(site) as client:
        response = client.get("/openapi.json")
        assert response.json() == described(SCHEMA)
        assert response.headers["etag"] != untyped.headers["etag"]
        assert client.get("/openapi.json", headers={"If-None-Match": response.headers["etag"]}).status_code == 304
        assert client.get("/openapi.json", headers={"If-None-Match": untyped.headers["etag"]}).status_code == 200
        assert served_post(client, "b")["front_matter"]["rating"] == "five", "served as written"
        told = client.get("/v1/diagnostics").json()["items"]
        assert {row["code"] for row in told} == {"front_matter_schema"}
        assert "rating should be a whole number" in " ".join(row["message"] for row in told)


def test_what_follows_the_schema_follows_the_component_too(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write({**FILES, SCHEMA_FILE: json.dumps(SCHEMA)})
    site.build()
    with serving(site) as client:
        document = client.get("/openapi.json").json()
        validator = Draft202012Validator({"$ref": "#/components/schemas/Post", "components": document["components"]})
        assert not list(validator.iter_errors(served_post(client, "a")))
        (error,) = validator.iter_errors(served_post(client, "b"))
        assert list(error.absolute_path) == ["front_matter", "rating"]
