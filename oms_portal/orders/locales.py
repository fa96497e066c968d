"""The active language as Babel knows it, and days in it."""

from __future__ import annotations

from datetime import date, tzinfo
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton
from django.utils.translation import get_language, to_locale

from .moments import Moment, day_of


def locale() -> Locale:
    """The active language as Babel knows it; English where it does not."""
    return _locale(get_language() or "en")


def day(moment: Moment, zone: tzinfo) -> str:
    """The day of a moment at a place: "Nov 21, 2026"."""
    return _day(day_of(moment, zone), get_language() or "en")


@lru_cache(maxsize=4096)
def _day(day: date, language: str) -> str:
    return str(format_skeleton("yMMMd", day, locale=_locale(language)))


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    for name in (to_locale(language), language.split("-")[0]):
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")
