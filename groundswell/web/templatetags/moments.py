"""Times in templates: always with the zone of the place (promise 3). See kernel/formats.py."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from groundswell.kernel import formats

register = template.Library()


def _marked_up(moment: dt.datetime, zone: str, words: str) -> SafeString:
    local = formats.local(moment, zone)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), words)


@register.simple_tag
def local_time(moment: dt.datetime, zone: str, reader_zone: str = "") -> SafeString:
    """``Sat 5 Dec, 11:00`` in the event's zone, with the reader's time where it differs."""
    words = (
        formats.reader_moment(moment, zone, reader_zone)
        if reader_zone
        else formats.moment(moment, zone)
    )
    return _marked_up(moment, zone, words)


@register.simple_tag
def time_span(starts_at: dt.datetime, ends_at: dt.datetime, zone: str) -> SafeString:
    """``Sat 5 Dec, 11:00 to 12:00``."""
    return _marked_up(starts_at, zone, formats.span(starts_at, ends_at, zone))


@register.simple_tag
def local_day(moment: dt.datetime | dt.date, zone: str = "UTC") -> SafeString:
    """``Saturday 5 December``."""
    words = formats.long_day(moment, zone)
    if isinstance(moment, dt.datetime):
        return _marked_up(moment, zone, words)
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), words)


@register.simple_tag
def local_clock(moment: dt.datetime, zone: str) -> SafeString:
    """``11:00``."""
    return _marked_up(moment, zone, formats.clock(moment, zone))


@register.filter
def short_day(date: dt.date) -> str:
    """``Sat 5 Dec`` of a date."""
    return formats.day(date)


@register.filter
def day_and_year(date: dt.date) -> str:
    """``5 Dec 2026`` of a date."""
    return formats.day_and_year(date)


@register.inclusion_tag("web/components/date_block.html")
def date_block(
    moment: dt.datetime | dt.date, zone: str = "UTC", over: bool = False
) -> dict[str, object]:
    """The paper slip of an event row. Hidden from screen readers: a real time stands beside it."""
    weekday, day, month = formats.date_words(moment, zone)
    return {"weekday": weekday, "day": day, "month": month, "over": over}
