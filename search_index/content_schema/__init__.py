"""``content.schema``: what a site's front matter is to be, as a JSON Schema. Read, applied to files, proposed from them."""

from search_index.content_schema.schema import SCHEMA_FILE, ContentSchema, parse_content_schema, read_content_schema

__all__ = ["SCHEMA_FILE", "ContentSchema", "parse_content_schema", "read_content_schema"]
