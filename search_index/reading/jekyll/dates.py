"""Dates as Jekyll reads them: ``Time.parse`` of the value's text, in the site's zone.

Source: Jekyll's utils.rb (``parse_date``) and document.rb (``merge_date!``, ``modify_date``).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

from search_index.reading.dates import DateError, with_fixed_offset
from search_index.reading.liquid.ruby_dates import parsed

_TIMESTAMP = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?:[Tt]|[ \t]+)\d{1,2}:\d{2}:\d{2}(?:\.\d*)?[ \t]*", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)


def moment_of(text: str, *, quoted: bool, zone: tzinfo) -> datetime:
    """The instant that the front matter's ``date`` names, with a fixed offset. Raises ``DateError``.

    An unquoted timestamp with seconds and without a zone is one of YAML's, which is in UTC; every other text without a
    zone is in the site's, where an hour that comes twice is the second one.
    """
    written = text.strip()
    if not quoted and _TIMESTAMP.fullmatch(written):
        zone = UTC
    moment = parsed(written.lower(), datetime(1, 1, 1, tzinfo=zone)) if _YEAR.search(written) else None
    if moment is None:
        raise DateError(f"{written[:64]!r} is not a date that can be read" if written else "is not a date")
    return with_fixed_offset(_standard_time(moment))


def moment_of_name(written: str, zone: tzinfo) -> datetime:
    """Midnight of the day in a file name, whose year may have two digits. Raises ``DateError``."""
    year, month, day = written.split("-")
    if len(year) == 2:
        year = f"{'20' if int(year) < 69 else '19'}{year}"
    return moment_of(f"{year.zfill(4)}-{month}-{day}", quoted=True, zone=zone)


def _standard_time(moment: datetime) -> datetime:
    """Of an hour that a clock change repeats, the second: the one in standard time, which Ruby takes."""
    second = moment.replace(fold=1)
    first_offset, second_offset = moment.utcoffset(), second.utcoffset()
    repeated = first_offset is not None and second_offset is not None and second_offset < first_offset
    return second if repeated else moment
