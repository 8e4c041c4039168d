"""Addresses from permalink templates.

Source: Jekyll's url.rb, drops/url_drop.rb, and its page on permalinks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

_PLACEHOLDER = re.compile(r":([a-z_]+)", re.ASCII)
_SAFE = "/-._~!$&'()*+,;=:@"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class UnknownPlaceholder(ValueError):
    """The template has a placeholder that Jekyll does not know; ``name`` is it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def address(template: str, values: Mapping[str, str]) -> str:
    """The template with its placeholders filled in, made a clean path. Raises ``UnknownPlaceholder``.

    Values are percent-encoded, the template's own text is not.
    """

    def filled(match: re.Match[str]) -> str:
        name = match[1]
        for key in (name, name.removesuffix("_")):
            if key in values:
                return quote(values[key], safe=_SAFE) + name.removeprefix(key)
        raise UnknownPlaceholder(name)

    path = "/" + _PLACEHOLDER.sub(filled, template)
    path = path.replace("..", "/").replace("./", "")
    while "//" in path:
        path = path.replace("//", "/")
    return path


def date_values(moment: datetime) -> dict[str, str]:
    """The placeholders that a date fills, in the zone it is shown in."""
    year, week, day = moment.isocalendar()
    return {
        "year": f"{moment.year:04}",
        "short_year": f"{moment.year % 100:02}",
        "month": f"{moment.month:02}",
        "i_month": str(moment.month),
        "short_month": _MONTHS[moment.month - 1][:3],
        "long_month": _MONTHS[moment.month - 1],
        "day": f"{moment.day:02}",
        "i_day": str(moment.day),
        "y_day": f"{moment.timetuple().tm_yday:03}",
        "hour": f"{moment.hour:02}",
        "minute": f"{moment.minute:02}",
        "second": f"{moment.second:02}",
        "week": f"{week:02}",
        "w_year": str(year),
        "w_day": str(day),
        "short_day": _DAYS[day - 1][:3],
        "long_day": _DAYS[day - 1],
    }


FALLBACK_TEMPLATE = "/:categories/:year/:month/:day/:title:output_ext"
"""What a post's address is made by where its own template cannot be filled in."""
