"""Settings: where they come from, and what is said when one is wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from search_index.settings import HtmlPolicy, SettingsError, SiteSettings, load_site_settings


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SiteSettings.model_fields:
        monkeypatch.delenv(f"OCTAVO_{name.upper()}", raising=False)


def test_an_unconfigured_folder_has_the_defaults(tmp_path: Path) -> None:
    settings = load_site_settings(tmp_path)
    assert (settings.timezone, settings.html_policy, settings.public_url) == ("UTC", HtmlPolicy.SAFE, "")
    assert settings.limits.file_bytes == 1024 * 1024


def test_the_sites_own_file_is_overruled_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "octavo.toml").write_text(
        'title = "Notes"\ntimezone = "Asia/Seoul"\nprivate_fields = ["email"]\n[limits]\nfile_bytes = 1000\n',
        encoding="utf-8",
    )
    monkeypatch.setenv("OCTAVO_TIMEZONE", "Europe/Paris")
    monkeypatch.setenv("OCTAVO_LIMITS__HTML_DEPTH", "50")
    settings = load_site_settings(tmp_path)
    assert (settings.title, settings.timezone, settings.private_fields) == ("Notes", "Europe/Paris", ("email",))
    assert (settings.limits.file_bytes, settings.limits.html_depth) == (1000, 50)


def test_lists_in_the_environment_are_split_at_commas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTAVO_PRIVATE_FIELDS", "email, phone")
    assert load_site_settings(tmp_path).private_fields == ("email", "phone")


def test_a_public_url_loses_its_trailing_slash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTAVO_PUBLIC_URL", "https://example.org/blog/")
    assert load_site_settings(tmp_path).public_url == "https://example.org/blog"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('timezone = "Mars/Base"', "timezone"),
        ('tilte = "Notes"', "did you mean 'title'"),
        ("nothing_alike_at_all = 1", "known keys"),
        ('public_url = "example.org"', "public_url"),
        ("now = 2026-09-01T00:00:00", "now"),
        ("[limits]\nhtml_depth = 0", "limits__html_depth"),
        ("not toml", "octavo.toml"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file(tmp_path: Path, written: str, said: str) -> None:
    (tmp_path / "octavo.toml").write_text(written, encoding="utf-8")
    with pytest.raises(SettingsError, match=said) as refusal:
        load_site_settings(tmp_path)
    assert "octavo.toml" in str(refusal.value)


def test_a_wrong_variable_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTAVO_HTML_POLICY", "loose")
    with pytest.raises(SettingsError, match="OCTAVO_HTML_POLICY"):
        load_site_settings(tmp_path)


def test_the_present_is_no_part_of_what_shapes_a_generation(tmp_path: Path) -> None:
    now = datetime(2026, 9, 1, tzinfo=UTC)
    assert SiteSettings(now=now).fingerprint() == SiteSettings().fingerprint()
    assert SiteSettings(title="x").fingerprint() != SiteSettings().fingerprint()
