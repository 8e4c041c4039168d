"""The image, the compose file, the Makefile and CI say the same things."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from api.cli import octavo
from api.settings import ServiceSettings

ROOT = Path(__file__).parents[2]


def text_of(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(text_of("docker-compose.yml"))
    return document


def options_of(argv: list[str]) -> tuple[str, set[str], set[str]]:
    """The subcommand that ``octavo ARGV`` names, the options in it, and those that the subcommand has."""
    command = octavo.get_command(click.Context(octavo), argv[0])
    assert command is not None
    known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)}
    return argv[0], {word for word in argv if word.startswith("--")}, known


def commands_in_the_files() -> list[str]:
    (image,) = re.findall(r"^CMD \[(.+)\]$", text_of("Dockerfile"), flags=re.MULTILINE)
    from_image = " ".join(re.findall(r'"([^"]+)"', image))
    return [from_image, *(service["command"] for service in compose()["services"].values())]


@pytest.mark.parametrize("command", commands_in_the_files())
def test_each_command_of_the_image_exists_with_its_options(command: str) -> None:
    program, *argv = shlex.split(command)
    _, used, known = options_of(argv)
    assert program == "octavo"
    assert used <= known


def test_the_image_is_built_by_the_scripts_that_ci_runs() -> None:
    built_by = set(re.findall(r"sh (scripts/[\w-]+)", text_of("Dockerfile")))
    assert built_by == {"scripts/build-wheel", "scripts/install-wheel"}
    assert built_by <= set(re.findall(r"sh (scripts/[\w-]+)", text_of(".ci/run")))


def test_the_image_runs_without_root_rights() -> None:
    assert re.findall(r"^USER (\S+)$", text_of("Dockerfile"), flags=re.MULTILINE) == ["10001:10001"]


@pytest.mark.parametrize("service", ["indexer", "api"])
def test_a_service_has_no_rights_that_it_does_not_need(service: str) -> None:
    settings = compose()["services"][service]
    assert settings["read_only"] is True
    assert settings["user"] == "10001:10001"
    assert settings["cap_drop"] == ["ALL"]
    assert settings["security_opt"] == ["no-new-privileges:true"]
    assert "${CONTENT:-./content}:/content:ro" in settings["volumes"]


def test_the_indexer_alone_writes_the_index() -> None:
    services = compose()["services"]
    assert "index:/index" in services["indexer"]["volumes"]
    assert "index:/index:ro" in services["api"]["volumes"]
    assert services["indexer"]["network_mode"] == "none"


def test_both_services_read_the_same_site_settings() -> None:
    services = compose()["services"]
    assert services["indexer"]["environment"].items() <= services["api"]["environment"].items()
    alone = services["api"]["environment"].keys() - services["indexer"]["environment"].keys()
    assert alone <= {f"OCTAVO_{name.upper()}" for name in ServiceSettings.model_fields}


def test_the_version_is_in_the_changelog_or_unreleased() -> None:
    version = tomllib.loads(text_of("pyproject.toml"))["project"]["version"]
    assert re.search(rf"^## \[({re.escape(version)}|Unreleased)\]", text_of("CHANGELOG.md"), flags=re.MULTILINE)
