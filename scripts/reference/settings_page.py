"""``settings.md`` and ``.env.example``: every variable that a settings model reads."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from textwrap import wrap
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from api.settings import ServiceSettings
from scripts.reference.markdown import Undescribed, code, filled, kind_of, places_in, sentence, table
from search_index.settings import SiteSettings

MODELS: tuple[type[BaseModel], ...] = (SiteSettings, ServiceSettings)

_PREFIX = "OCTAVO_"
_WIDTH = 120


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable: ``kind`` says what it takes, ``default`` is as one would write it, empty where there is none."""

    name: str
    variable: str
    kind: str
    default: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Group:
    """The settings of one model; models inside it are groups of their own."""

    model: type[BaseModel]
    settings: tuple[Setting, ...]

    @property
    def name(self) -> str:
        return self.model.__name__

    @property
    def title(self) -> str:
        """The first paragraph of the model's docstring, in one line without a full stop."""
        said = (inspect.getdoc(self.model) or self.name).split("\n\n")[0]
        return " ".join(said.split()).replace("``", "`").removesuffix(".")

    def as_table(self) -> str:
        rows = [
            (code(row.name), code(row.variable), row.kind, code(row.default) if row.default else "none", row.meaning)
            for row in self.settings
        ]
        return table(("Name", "Variable", "Takes", "Default", "Meaning"), rows)

    def as_variables(self) -> str:
        """Assignments of the defaults, each under what it means; a value that has no default is empty."""
        lines = [f"# --- {self.title} ".ljust(_WIDTH, "-"), ""]
        for row in self.settings:
            lines += [f"# {line}" for line in wrap(row.meaning, _WIDTH - 2)]
            lines.append(f"{row.variable}={row.default}")
        return "\n".join(lines)


def settings_page() -> str:
    """A group that the template has no place for comes at the end, under what its model says of itself."""
    all_groups = groups()
    placed = places_in("settings.md")
    others = [f"## {group.title}\n\n{group.as_table()}" for group in all_groups if group.name not in placed]
    parts = {group.name: group.as_table() for group in all_groups if group.name in placed}
    return filled("settings.md", **parts, others="\n\n".join(others))


def environment_example() -> str:
    return filled("env.example", variables="\n\n".join(group.as_variables() for group in groups()))


def groups(models: tuple[type[BaseModel], ...] = MODELS) -> tuple[Group, ...]:
    """Each model and the models inside it. Raises ``Undescribed`` naming every field without a description."""
    found: list[Group] = []
    without: list[str] = []
    for model, prefix in (pair for top in models for pair in _models(top, _PREFIX)):
        without += [f"{model.__name__}.{name}" for name, field in model.model_fields.items() if not field.description]
        found.append(Group(model, tuple(_settings(model, prefix))))
    if without:
        raise Undescribed(f"{', '.join(without)}: a setting has its words in its Field(description=...)")
    return tuple(found)


def _models(model: type[BaseModel], prefix: str) -> Iterator[tuple[type[BaseModel], str]]:
    yield model, prefix
    for name, field in model.model_fields.items():
        if inner := _model_in(field):
            yield from _models(inner, f"{prefix}{name.upper()}__")


def _model_in(field: FieldInfo) -> type[BaseModel] | None:
    kind = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _settings(model: type[BaseModel], prefix: str) -> Iterator[Setting]:
    schema: Mapping[str, Any] = model.model_json_schema()
    for name, field in model.model_fields.items():
        if _model_in(field) is None:
            yield Setting(
                name=name,
                variable=f"{prefix}{name.upper()}",
                kind=kind_of(schema["properties"][name], schema.get("$defs", {})),
                default="" if field.is_required() else _written(field.get_default(call_default_factory=True)),
                meaning=sentence(field.description or ""),
            )


def _written(value: object) -> str:
    """A default as one would write it into a variable."""
    if value is None:
        return ""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple | list | frozenset):
        return ",".join(map(_written, value))
    return str(value)
