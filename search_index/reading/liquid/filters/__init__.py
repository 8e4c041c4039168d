"""Liquid's and Jekyll's filters, by name; each takes the rendering's context, the value, and its arguments."""

from __future__ import annotations

from search_index.reading.liquid.filters.arrays import FILTERS as _ARRAYS
from search_index.reading.liquid.filters.dates import FILTERS as _DATES
from search_index.reading.liquid.filters.numbers import FILTERS as _NUMBERS
from search_index.reading.liquid.filters.selecting import FILTERS as _SELECTING
from search_index.reading.liquid.filters.texts import FILTERS as _TEXTS
from search_index.reading.liquid.filters.web import FILTERS as _WEB

FILTERS = {call.name: call for group in (_ARRAYS, _DATES, _NUMBERS, _SELECTING, _TEXTS, _WEB) for call in group}

__all__ = ["FILTERS"]
