"""Emoji by name: ``:smile:``. The names are GitHub's.

Source: Hugo 0.111 documentation, "Emojis".
"""

from __future__ import annotations

import re
from functools import cache

from pymdownx import gemoji_db

from search_index.reading.tokens import names

_MAN, _WOMAN = "-200d-2642-fe0f", "-200d-2640-fe0f"
_MEN = names(
    """bicyclist construction_worker cop elf genie merperson mountain_bicyclist rowboat runner surfer swimmer walking
    zombie"""
)
_WOMEN = names("dancers fairy haircut information_desk_person mage massage no_good raising_hand vampire")
_TEXT_STYLE = names(
    """balance_scale ballot_box biohazard clamp cloud_with_lightning cloud_with_lightning_and_rain cloud_with_rain
    cloud_with_snow computer_mouse crayon dagger derelict_house detective dove eject_button envelope fountain_pen
    framed_picture frowning_face houses motorcycle mountain_snow next_track_button om paintbrush paperclips pause_button pen
    play_or_pause_button radioactive record_button speaking_head spiral_calendar spiral_notepad stop_button
    sun_behind_large_cloud sun_behind_rain_cloud sun_behind_small_cloud telephone tickets white_flag wind_face"""
)
"""Hugo writes these without the character that asks for a coloured picture."""
_OTHERS = {
    "beach_umbrella": "26f1",
    "bride_with_veil": "1f470",
    "email": "2709-fe0f",
    "family": "1f468-200d-1f469-200d-1f466",
    "m": "24dc-fe0f",
    "pencil": "270f",
    "satellite": "1f6f0-fe0f",
    "snowman": "2603-fe0f",
    "umbrella": "2602-fe0f",
}
"""What Hugo means by a name where GitHub means something else."""
_NAMED = re.compile(r":([A-Za-z0-9_+-]++):")


def with_emoji(text: str) -> str:
    """The text with the names of emoji replaced, in code as well: Hugo does it before it reads the Markdown."""
    return _NAMED.sub(_emoji, text)


def _emoji(match: re.Match[str]) -> str:
    return _characters().get(match[1], match[0])


@cache
def _characters() -> dict[str, str]:
    codes = {
        name: entry.get("unicode_alt") or entry["unicode"]
        for name, entry in gemoji_db.emoji.items()
        if "unicode" in entry
    }
    codes |= {alias: codes[name] for alias, name in gemoji_db.aliases.items() if name in codes}
    return {
        name: _decoded(_hugos(name, code)) for name, code in ((key.strip(":"), code) for key, code in codes.items())
    }


def _hugos(name: str, codes: str) -> str:
    if name in _TEXT_STYLE:
        return codes.removesuffix("-fe0f")
    return _OTHERS.get(name) or codes + (_MAN if name in _MEN else _WOMAN if name in _WOMEN else "")


def _decoded(codes: str) -> str:
    return "".join(chr(int(code, 16)) for code in codes.split("-"))
