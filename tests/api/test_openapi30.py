"""The OpenAPI document in version 3.0.3: valid, committed, and as wide as the one of 3.1 or wider."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openapi_schema_validator import OAS30Validator, OAS31Validator
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from api.app import openapi_document
from api.openapi30 import openapi30
from tests.api.client import Client

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"

Schema = dict[str, Any]

FRONT_MATTER: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "https://example.org/front-matter.json",
    "type": "object",
    "required": ["title"],
    "properties": {
        "title": {"type": "string", "minLength": 1},
        "rating": {"type": ["integer", "null"], "exclusiveMinimum": 0, "maximum": 5},
        "authors": {"type": "array", "items": {"$ref": "#/$defs/author"}},
        "editor": {"$ref": "#author", "description": "Who has read it"},
        "place": {"prefixItems": [{"type": "number"}, {"type": "number"}], "items": False},
        "kind": {"const": "essay"},
        "site": {"$ref": "https://example.org/elsewhere.json"},
        "after": {"$ref": "front-matter.json"},
    },
    "patternProperties": {"^x_": {"type": "string"}},
    "additionalProperties": False,
    "$defs": {"author": {"$anchor": "author", "type": "object", "properties": {"friend": {"$ref": "#/$defs/author"}}}},
}


def document_with(schema: Schema | bool, **components: Schema | bool) -> dict[str, Any]:
    """The smallest document of version 3.1 that has the schema as a component."""
    info = {"title": "One schema", "version": "1", "summary": "short", "license": {"name": "MIT", "identifier": "MIT"}}
    return {"openapi": "3.1.0", "info": info, "components": {"schemas": {"One": schema, **components}}}


def schemas_of(schema: Schema | bool, **components: Schema | bool) -> dict[str, Any]:
    """The components of the document in 3.0."""
    schemas: dict[str, Any] = openapi30(document_with(schema, **components))["components"]["schemas"]
    return schemas


def converted(schema: Schema | bool) -> Schema:
    wider = {"type": "array", "contains": {"type": "string"}}
    one: Schema = schemas_of(schema, Other={"type": "object"}, Wider=wider)["One"]
    return one


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi_document()


def test_both_documents_are_valid_by_the_schemas_of_their_versions(document: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(document).validate()
    OpenAPIV30SpecValidator(openapi30(document)).validate()


def test_the_committed_document_is_the_one_served(document: dict[str, Any], blog: Client) -> None:
    committed = json.loads((REFERENCE / "openapi-3.0.json").read_text(encoding="utf-8"))
    assert openapi30(document) == committed, "the API changed: run `python -m scripts.reference` and say so"
    assert blog.get("/openapi-3.0.json").json() == committed


def test_it_is_not_sent_twice_and_has_a_validator_of_its_own(blog: Client) -> None:
    etag = blog.get("/openapi-3.0.json").headers["etag"]
    again = blog.get("/openapi-3.0.json", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert blog.get("/openapi.json").headers["etag"] != etag


def test_the_entrance_leads_to_both(blog: Client, document: dict[str, Any]) -> None:
    links = blog.get("/v1").json()["links"]
    versions = [blog.get(links[name]).json()["openapi"] for name in ("openapi", "openapi_3_0")]
    assert versions == ["3.1.0", "3.0.3"]


def test_paths_parameters_and_statuses_are_the_same(document: dict[str, Any]) -> None:
    def outline(paths: dict[str, Any]) -> dict[str, Any]:
        return {
            path: {
                method: (
                    operation["operationId"],
                    [(row["in"], row["name"], row["required"]) for row in operation.get("parameters", [])],
                    sorted(operation["responses"]),
                )
                for method, operation in item.items()
            }
            for path, item in paths.items()
        }

    assert outline(openapi30(document)["paths"]) == outline(document["paths"])


def test_the_document_of_version_31_stays_as_it_is(document: dict[str, Any]) -> None:
    before = copy.deepcopy(document)
    openapi30(document)
    assert document == before


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (True, {}),
        (False, {"not": {}}),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, {"type": "string", "nullable": True}),
        (
            {"anyOf": [{"$ref": "#/components/schemas/Other"}, {"type": "null"}], "title": "Which"},
            {"title": "Which", "allOf": [{"$ref": "#/components/schemas/Other"}], "nullable": True},
        ),
        (
            {"oneOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]},
            {"oneOf": [{"type": "string", "nullable": True}, {"type": "integer", "nullable": True}], "nullable": True},
        ),
        ({"type": ["string", "null"]}, {"type": "string", "nullable": True}),
        ({"type": ["string", "integer"]}, {"anyOf": [{"type": "string"}, {"type": "integer"}]}),
        ({"type": "null"}, {"nullable": True, "enum": [None]}),
        ({"type": ["string", "null"], "enum": ["a"]}, {"type": "string", "nullable": True, "enum": ["a", None]}),
        ({"type": "string", "const": "octavo"}, {"type": "string", "enum": ["octavo"]}),
        ({"type": "string", "examples": ["one", "two"]}, {"type": "string", "example": "one"}),
        ({"exclusiveMinimum": 0, "minimum": -1}, {"minimum": 0, "exclusiveMinimum": True}),
        ({"exclusiveMaximum": 9, "maximum": 5}, {"maximum": 5}),
        (
            {"$ref": "#/components/schemas/Other", "description": "More"},
            {"description": "More", "allOf": [{"$ref": "#/components/schemas/Other"}]},
        ),
        ({"$ref": "#/components/schemas/Other"}, {"$ref": "#/components/schemas/Other"}),
        ({"$ref": "https://example.org/x.json"}, {}),
        ({"type": "array"}, {"type": "array", "items": {}}),
        (
            {"type": "array", "prefixItems": [{"type": "number"}, {"type": "string"}], "items": False},
            {"type": "array", "maxItems": 2, "items": {"anyOf": [{"type": "number"}, {"type": "string"}]}},
        ),
        (
            {"patternProperties": {"^x_": {"type": "string"}}, "additionalProperties": False},
            {"additionalProperties": {"type": "string"}},
        ),
        ({"type": "string", "contentEncoding": "base64"}, {"type": "string", "format": "byte"}),
        ({"contentMediaType": "application/octet-stream"}, {"format": "binary"}),
        ({"$ref": "#/components/schemas/Other/properties/none"}, {}),
        ({"not": {"$ref": "#/components/schemas/Other"}}, {"not": {"$ref": "#/components/schemas/Other"}}),
        ({"not": {"$ref": "#/components/schemas/Wider"}}, {}),
        ({"not": {"$ref": "#/components/schemas/Nowhere"}}, {}),
        (
            {"not": {"anyOf": [{"$ref": "#/components/schemas/One"}]}},
            {"not": {"anyOf": [{"$ref": "#/components/schemas/One"}]}},
        ),
        ({"if": {"type": "string"}, "then": {"minLength": 1}, "$comment": "x", "unheard_of": 1}, {}),
        ({"not": {"contains": {"type": "string"}}}, {}),
        ({"not": {"type": "string"}}, {"not": {"type": "string"}}),
        (
            {"oneOf": [{"contains": {"type": "string"}}, {"type": "string"}]},
            {"anyOf": [{}, {"type": "string"}]},
        ),
        ({"required": [], "properties": {"const": {"const": 1}}}, {"properties": {"const": {"enum": [1]}}}),
        ({"enum": []}, {"not": {}}),
    ],
)
def test_a_schema_is_said_in_the_words_of_version_30(written: Schema | bool, expected: Schema) -> None:
    assert converted(written) == expected


def test_what_is_named_inside_a_component_becomes_one() -> None:
    schemas = schemas_of({"title": "taken"}, FrontMatter=FRONT_MATTER, FrontMatter_author={"type": "string"})
    author = {"$ref": "#/components/schemas/FrontMatter_author_2"}
    properties = schemas["FrontMatter"]["properties"]
    assert properties["authors"]["items"] == author
    assert properties["editor"] == {"description": "Who has read it", "allOf": [author]}
    assert properties["after"] == {"$ref": "#/components/schemas/FrontMatter"}
    assert schemas["FrontMatter_author_2"] == {"type": "object", "properties": {"friend": author}}
    assert schemas["FrontMatter_author"] == {"type": "string"}


def test_a_document_with_somebodys_json_schema_in_it_is_valid(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    post = schemas["Post"]["properties"] | {"front_matter": {"$ref": "#/components/schemas/FrontMatter"}}
    own = {**schemas, "FrontMatter": FRONT_MATTER, "Post": {**schemas["Post"], "properties": post}}
    result = openapi30({**document, "components": {"schemas": own}})
    OpenAPIV30SpecValidator(result).validate()
    names = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(result)))
    assert names <= set(result["components"]["schemas"])


def test_a_request_body_a_callback_and_headers_are_converted_too() -> None:
    nullable = {"type": ["string", "null"]}
    media = {"application/json": {"schema": nullable}}
    answer = {"description": "Done", "headers": {"schema": {"schema": nullable}}, "content": media}
    operation = {
        "requestBody": {"content": media},
        "responses": {"200": answer, "404": {"$ref": "#/components/responses/Gone", "description": "Not there"}},
        "callbacks": {"told": {"{$request.body#/url}": {"post": {"responses": {"200": answer}}}}},
        "parameters": [
            {"name": "q", "in": "query", "schema": nullable, "examples": {"schema": {"value": {"const": 1}}}}
        ],
    }
    document = document_with({}) | {"paths": {"/hook": {"post": operation}}, "webhooks": {}, "jsonSchemaDialect": "x"}
    document["components"]["responses"] = {"Gone": answer}
    document["components"]["pathItems"] = {}
    result = openapi30(document)
    OpenAPIV30SpecValidator(result).validate()
    assert '["string", "null"]' not in json.dumps(result)
    post = result["paths"]["/hook"]["post"]
    assert post["responses"]["404"] == {"$ref": "#/components/responses/Gone"}
    assert post["parameters"][0]["examples"] == {"schema": {"value": {"const": 1}}}


NAMES = st.sampled_from(["a", "b", "x_c"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "b", "long text"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=5,
)
TYPES = st.sampled_from(["null", "boolean", "integer", "number", "string", "array", "object"])


def _keywords(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Schema]:
    choices = st.lists(inner, min_size=1, max_size=3)
    return st.fixed_dictionaries(
        {},
        optional={
            "type": TYPES | st.lists(TYPES, min_size=1, max_size=3, unique=True),
            "const": VALUES,
            "enum": st.lists(VALUES, min_size=1, max_size=3, unique_by=json.dumps),
            "minimum": st.integers(-2, 2),
            "exclusiveMinimum": st.integers(-2, 2),
            "exclusiveMaximum": st.integers(-2, 2),
            "minLength": st.integers(0, 2),
            "properties": st.dictionaries(NAMES, inner, max_size=2),
            "patternProperties": st.dictionaries(st.just("^x_"), inner, max_size=1),
            "additionalProperties": inner,
            "required": st.lists(NAMES, max_size=2, unique=True),
            "items": inner,
            "prefixItems": choices,
            "maxItems": st.integers(0, 2),
            "contains": inner,
            "anyOf": choices,
            "oneOf": choices,
            "allOf": choices,
            "not": inner,
            "if": inner,
            "then": inner,
        },
    )


SCHEMAS: st.SearchStrategy[Any] = st.recursive(st.booleans() | _keywords(st.booleans()), _keywords, max_leaves=6)


@settings(max_examples=150, deadline=None)
@given(schema=SCHEMAS, value=VALUES)
def test_what_is_valid_by_the_schema_of_31_is_valid_by_that_of_30(schema: Any, value: Any) -> None:
    """Not of null: 3.0 heeds ``nullable`` beside ``type`` only, and generators heed it anywhere."""
    if "null" in json.dumps([schema, value]):
        return
    if OAS31Validator(schema).is_valid(value):
        assert OAS30Validator(converted(schema)).is_valid(value), converted(schema)


@settings(max_examples=100, deadline=None)
@given(schema=SCHEMAS)
def test_any_schema_becomes_one_that_is_valid_in_30(schema: Any) -> None:
    """That a required property is also described is wanted by the validator alone, by no version of OpenAPI."""
    errors = OpenAPIV30SpecValidator(openapi30(document_with(schema))).iter_errors()
    assert [error.message for error in errors if not error.message.startswith("Required list has not defined")] == []
