"""Numbers, money, units and moments in the words of the active language.

Instants are shown in the zone they are read in (the delivery place's); a date without a time is
the same day everywhere and never shifted.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Literal

from babel.dates import (
    format_interval,
    format_skeleton,
    format_timedelta,
    get_datetime_format,
    get_timezone_location,
)
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from oms_portal.orders.locales import day, locale
from oms_portal.orders.moments import Moment, day_of, write
from oms_portal.orders.units import quantity as quantity


NOTHING = SafeString("")


def zone_name(zone: tzinfo) -> str:
    """Where times are read, in words: "Berlin"."""
    return str(get_timezone_location(zone, locale=locale(), return_city=True))


def clock(moment: datetime, zone: tzinfo) -> str:
    return str(format_skeleton("Hm", moment, tzinfo=zone, locale=locale()))


def moment(value: Moment, zone: tzinfo) -> str:
    """A date as a date, an instant with its time of day."""
    if not isinstance(value, datetime):
        return day(value, zone)
    return _joined(day(value, zone), clock(value, zone))


def span(start: Moment, end: Moment | None, zone: tzinfo) -> str:
    """From when to when, as short as it can be said; an end before the start is left out."""
    if end is None or end == start or day_of(end, zone) < day_of(start, zone):
        return moment(start, zone)
    if day_of(start, zone) != day_of(end, zone):
        days = (day_of(start, zone), day_of(end, zone))
        return str(format_interval(*days, skeleton="yMMMd", locale=locale()))
    if isinstance(start, datetime) and isinstance(end, datetime) and start < end:
        hours = format_interval(start, end, skeleton="Hm", tzinfo=zone, locale=locale())
        return _joined(day(start, zone), str(hours))
    return moment(start, zone)


def stamp(value: Moment | None, zone: tzinfo) -> SafeString:
    """A moment as a <time> element; nothing for None."""
    if value is None:
        return NOTHING
    return format_html('<time datetime="{}">{}</time>', write(value), moment(value, zone))


def time_tag(start: Moment, end: Moment | None, zone: tzinfo) -> SafeString:
    """From when to when as a <time> element; the machine reads the start."""
    return format_html('<time datetime="{}">{}</time>', write(start), span(start, end, zone))


def clock_stamp(value: datetime, zone: tzinfo) -> SafeString:
    """The time of day of an instant as a <time> element."""
    return format_html('<time datetime="{}">{}</time>', write(value), clock(value, zone))


def day_stamp(value: Moment, zone: tzinfo) -> SafeString:
    """The day of a moment as a <time> element."""
    return _day_stamp(day_of(value, zone), get_language() or "en")


@lru_cache(maxsize=4096)
def _day_stamp(value: date, language: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), day(value, UTC))


def deadline(value: datetime, zone: tzinfo, now: datetime) -> SafeString:
    """An instant by when something must be done: within a week by its weekday, "Tue 14:00"."""
    near = 0 <= (day_of(value, zone) - day_of(now, zone)).days < 7
    words = format_skeleton("EHm", value, tzinfo=zone, locale=locale()) if near else ""
    text = str(words) or moment(value, zone)
    return format_html('<time datetime="{}">{}</time>', write(value), text)


def relative(value: Moment, zone: tzinfo, now: datetime) -> SafeString:
    """How far off a moment is, as an element that the script keeps true; nothing beyond a week.

    The script counts alike (``Intl.RelativeTimeFormat``, style long, digits 0-9); rounding is to
    the nearest, halves away from now:

    ========  =======================  ==============================================
    moment    distance from now        words
    ========  =======================  ==============================================
    instant   rounds to 0 minutes      now (``numeric: "auto"``, 0 seconds)
    instant   rounds to < 60 minutes   in 20 minutes, 20 minutes ago
    instant   rounds to < 12 hours     in 3 hours, 3 hours ago
    any       0, 1, -1 calendar days   today, tomorrow, yesterday (``numeric: "auto"``)
    any       2 to 7 calendar days     in 3 days, 3 days ago (``numeric: "always"``)
    any       more                     none
    ========  =======================  ==============================================

    Calendar days are those of ``zone``; a date without a time is that day everywhere.
    """
    words = _relative(value, zone, now)
    if not words:
        return NOTHING
    return format_html(
        '<span class="oms-rel" data-rel="{}" data-zone="{}">{}</span>', write(value), zone, words
    )


def _relative(value: Moment, zone: tzinfo, now: datetime) -> str:
    if isinstance(value, datetime):
        seconds = (value - now).total_seconds()
        minutes, hours = _nearest(seconds / 60), _nearest(seconds / 3600)
        if not minutes:
            return gettext("now")
        if abs(minutes) < 60:
            return _distance(timedelta(minutes=minutes), "minute")
        if abs(hours) < 12:
            return _distance(timedelta(hours=hours), "hour")
    days = (day_of(value, zone) - day_of(now, zone)).days
    if abs(days) < 2:
        return {0: gettext("today"), 1: gettext("tomorrow"), -1: gettext("yesterday")}[days]
    return _distance(timedelta(days=days), "day") if abs(days) <= 7 else ""


def _nearest(value: float) -> int:
    return int(value + (0.5 if value > 0 else -0.5))


def _distance(distance: timedelta, unit: Literal["day", "hour", "minute"]) -> str:
    # A threshold of 2: seven days are seven days, not a week.
    return str(
        format_timedelta(
            distance, granularity=unit, threshold=2, add_direction=True, locale=locale()
        )
    )


def lateness(days: int) -> str:
    """How far a date moved from the first promise; "" where it did not."""
    if days > 0:
        text = ngettext("%(days)s day later", "%(days)s days later", days)
    elif days < 0:
        text = ngettext("%(days)s day earlier", "%(days)s days earlier", -days)
    else:
        return ""
    return text % {"days": abs(days)}


def _joined(day_text: str, time_text: str) -> str:
    pattern = str(get_datetime_format("medium", locale()))
    return pattern.replace("'", "").replace("{0}", time_text).replace("{1}", day_text)
