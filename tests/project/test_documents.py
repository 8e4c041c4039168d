"""What the documents promise to name is named in them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel
from pydantic_settings import BaseSettings

from api.settings import ServiceSettings
from search_index.diagnostics import ProblemCode
from search_index.settings import SiteSettings

ROOT = Path(__file__).parents[2]
SETTINGS_MODELS: tuple[type[BaseSettings], ...] = (SiteSettings, ServiceSettings)


def variables_of(model: type[BaseModel], prefix: str = "OCTAVO_") -> Iterator[str]:
    """The environment variables that a settings model reads, those of models inside it included."""
    for name, field in model.model_fields.items():
        variable = f"{prefix}{name.upper()}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from variables_of(field.annotation, f"{variable}__")
        else:
            yield variable


VARIABLES = sorted({variable for model in SETTINGS_MODELS for variable in variables_of(model)})


def load(model: type[BaseSettings]) -> BaseSettings:
    """The settings of the environment, with a stand-in for those that have no default."""
    return model.model_validate({name: "stand-in" for name, field in model.model_fields.items() if field.is_required()})


def names_in(file: str) -> set[str]:
    return set(re.findall(r"OCTAVO_[A-Z0-9_]*[A-Z0-9]\b", (ROOT / file).read_text(encoding="utf-8")))


def example_assignments() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def requirement_names() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"].values()
    written = [*project["project"]["dependencies"], *(line for group in groups for line in group)]
    return sorted({re.split(r"[\s<>=!~;\[]", line, maxsplit=1)[0] for line in written})


def pins_in(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^\s;]+)", text, flags=re.MULTILINE))


@pytest.mark.parametrize("file", [".env.example", "docs/reference/settings.md"])
def test_every_setting_is_documented(file: str) -> None:
    assert sorted(set(VARIABLES) - names_in(file)) == []


@pytest.mark.parametrize("file", [".env.example", "docs/reference/settings.md"])
def test_no_setting_is_documented_that_does_not_exist(file: str) -> None:
    assert sorted(names_in(file) - set(VARIABLES)) == []


def test_the_example_environment_is_accepted_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    defaults = [load(model) for model in SETTINGS_MODELS]
    for variable, value in example_assignments().items():
        monkeypatch.setenv(variable, value)
    assert [load(model) for model in SETTINGS_MODELS] == defaults


@pytest.mark.parametrize("code", ProblemCode)
def test_every_code_of_a_content_problem_has_its_row(code: ProblemCode) -> None:
    assert f"`{code}`" in (ROOT / "docs/reference/diagnostics.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("requirement", requirement_names())
def test_every_dependency_is_accounted_for_in_a_decision_record(requirement: str) -> None:
    records = [record.read_text(encoding="utf-8") for record in sorted((ROOT / "docs/decisions").glob("*.md"))]
    assert any(f"`{requirement}`".casefold() in record.casefold() for record in records)


def test_the_lock_files_agree_with_each_other() -> None:
    tested = pins_in("requirements-dev.lock")
    built = pins_in("requirements-build.lock")
    assert pins_in("requirements.lock").items() <= tested.items()
    assert {name: pin for name, pin in built.items() if name in tested}.items() <= tested.items()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "requirements-build.lock"])
def test_a_lock_file_pins_hashes_and_names_no_package_host(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    pins = re.findall(r"^[a-z0-9].*==.*", text, flags=re.MULTILINE)
    hashed = re.findall(r"^[a-z0-9].*==.*\\\n    --hash=sha256:[0-9a-f]{64}", text, flags=re.MULTILINE)
    assert pins
    assert len(hashed) == len(pins)


@pytest.mark.parametrize(
    ("package", "floor"),
    [("starlette", (1, 0, 1)), ("h11", (0, 16)), ("pymdown-extensions", (10, 21, 3)), ("pygments", (2, 7, 4))],
)
def test_the_lock_keeps_the_versions_that_close_known_holes(package: str, floor: tuple[int, ...]) -> None:
    pins = pins_in("requirements.lock")
    assert package not in pins or tuple(int(part) for part in pins[package].split(".")) >= floor
