"""Filters of moments (``jekyll/filters/date_filters.rb``, and Liquid's ``date``)."""

from __future__ import annotations

from datetime import datetime

from search_index.reading.liquid import ruby, ruby_dates
from search_index.reading.liquid.context import LiquidContext
from search_index.reading.liquid.filters.calling import calls

_LONGEST_FORM = 1_000


def formatted(context: LiquidContext, value: object, form: object) -> object:
    """``date``: in the moment's own zone; what is no moment stays as it is."""
    directives = ruby.to_s(form)
    if not directives:
        return value
    if len(directives) > _LONGEST_FORM:
        raise ruby.wrong("the form of a date is too long", f"use at most {_LONGEST_FORM} characters")
    moment = ruby_dates.moment(value, context.rendering.site.time)
    return value if moment is None else ruby_dates.strftime(moment, directives)


def _local(context: LiquidContext, value: object) -> datetime:
    """The moment in the site's zone. Raises ``LiquidFailure`` for what is none."""
    now = context.rendering.site.time
    moment = ruby_dates.moment(value, now)
    if moment is None:
        raise ruby.wrong(f"{ruby.inspect(value)[:80]} is no date", "write it as 2020-12-02 09:30:00")
    return moment.astimezone(now.tzinfo)


def to_xmlschema(context: LiquidContext, value: object) -> object:
    return ruby_dates.strftime(_local(context, value), "%Y-%m-%dT%H:%M:%S%:z") if ruby.to_s(value) else value


def to_rfc822(context: LiquidContext, value: object) -> object:
    return ruby_dates.strftime(_local(context, value), "%a, %d %b %Y %H:%M:%S %z") if ruby.to_s(value) else value


def to_string(context: LiquidContext, value: object, kind: object = None, style: object = None) -> object:
    return _written(context, value, "%b", kind, style)


def to_long_string(context: LiquidContext, value: object, kind: object = None, style: object = None) -> object:
    return _written(context, value, "%B", kind, style)


def _written(context: LiquidContext, value: object, month: str, kind: object, style: object) -> object:
    """``7 Nov 2008`` with a zero; ``7th Nov 2008`` for ``ordinal``, ``Nov 7th, 2008`` in ``US`` style."""
    if not ruby.to_s(value):
        return value
    moment = _local(context, value)
    if kind != "ordinal":
        return ruby_dates.strftime(moment, f"%d {month} %Y")
    day = f"{moment.day}{_ordinal(moment.day)}"
    return ruby_dates.strftime(moment, f"{month} {day}, %Y" if style == "US" else f"{day} {month} %Y")


def _ordinal(day: int) -> str:
    return "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


FILTERS = calls(
    {
        "date": formatted,
        "date_to_xmlschema": to_xmlschema,
        "date_to_rfc822": to_rfc822,
        "date_to_string": to_string,
        "date_to_long_string": to_long_string,
    },
    with_context=True,
)
