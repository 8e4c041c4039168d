"""What the machine around a command says: ``OCTAVO_*`` variables, the user's cache folder, which hosts are private."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from difflib import get_close_matches
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path

from api.settings import ServiceSettings
from search_index.settings import Limits, SettingsError, SiteSettings

PREFIX = "OCTAVO_"
INDEX_DIR_VARIABLE = "OCTAVO_INDEX_DIR"
CONTENT_DIR_VARIABLE = "OCTAVO_CONTENT_DIR"


def known_variables() -> frozenset[str]:
    """Every ``OCTAVO_*`` variable that means something."""
    names = {*SiteSettings.model_fields, *ServiceSettings.model_fields}
    names |= {f"limits__{field}" for field in Limits.model_fields}
    return frozenset(f"{PREFIX}{name.upper()}" for name in names)


def refuse_unknown_variables(environ: Mapping[str, str]) -> None:
    """Raises ``SettingsError`` where a variable begins with ``OCTAVO_`` and means nothing: a typing error would
    otherwise go unseen."""
    known = {name.removeprefix(PREFIX) for name in known_variables()}
    lines = []
    for name in sorted(environ):
        rest = name.upper().removeprefix(PREFIX)
        if name.upper().startswith(PREFIX) and rest not in known:
            near = get_close_matches(rest, known, n=1)
            hint = f"; did you mean {PREFIX}{near[0]}?" if near else "; docs/reference/settings.md lists the settings"
            lines.append(f"unknown variable {name}{hint}")
    if lines:
        raise SettingsError("\n".join(lines))


def default_index_dir(content_dir: Path, environ: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Where the index of ``content_dir`` lies unless told otherwise: a folder of its own in the user's cache folder.

    Source of the places: XDG Base Directory Specification (``XDG_CACHE_HOME``, ignored unless absolute), Apple's File
    System Programming Guide (``~/Library/Caches``), Windows' known folder ``LocalAppData``. Raises ``SettingsError``
    where the user has no home.
    """
    content = content_dir.resolve()
    name = re.sub(r"[^\w.-]+", "-", content.name)[:40].strip("-.") or "content"
    digest = sha256(str(content).encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return _cache_folder(environ, platform) / "octavo" / f"{name}-{digest}"


def refuse_index_among_content(index_dir: Path, content_dir: Path) -> None:
    """Raises ``SettingsError`` where the index would lie in the folder that is watched and read."""
    if index_dir.resolve().is_relative_to(content_dir.resolve()):
        raise SettingsError(
            f"the index {index_dir} would lie in the content folder {content_dir}: choose a folder outside"
        )


def is_loopback(host: str) -> bool:
    """Whether a server bound to ``host`` is reached from this machine only."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _cache_folder(environ: Mapping[str, str], platform: str) -> Path:
    if platform == "win32" and environ.get("LOCALAPPDATA"):
        return Path(environ["LOCALAPPDATA"])
    if platform == "darwin":
        return _home() / "Library" / "Caches"
    named = environ.get("XDG_CACHE_HOME", "")
    return Path(named) if Path(named).is_absolute() else _home() / ".cache"


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError as error:
        raise SettingsError(f"no home folder to keep the index in: name a folder with --index-dir ({error})") from error
