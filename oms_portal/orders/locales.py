"""The active language as Babel knows it, and days, numbers, money and lists in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, tzinfo
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton
from babel.numbers import format_currency, format_decimal
from django.utils.translation import get_language, get_language_bidi, gettext, to_locale

from .moments import Moment, day_of


def locale() -> Locale:
    """The active language as Babel knows it; English where it does not."""
    return _locale(get_language() or "en")


def number(value: Decimal) -> str:
    return str(format_decimal(value, locale=locale(), decimal_quantization=False))


def money(amount: Decimal, currency: str, *, exact: bool = False) -> str:
    """The amount in its currency; ``exact`` keeps prices finer than the currency's minor unit."""
    finer = exact and amount != round(amount, 2)
    return str(
        format_currency(
            amount.normalize() if finer else amount,
            currency,
            locale=locale(),
            decimal_quantization=not finer,
        )
    )


def listed(texts: Iterable[str]) -> str:
    """ "Bremen, Hamburg" with the comma of the language."""
    return gettext(", ").join(texts)


def isolated(text: str) -> str:
    """A number, name or code from elsewhere, for a sentence of the active language: where that
    runs from right to left, between marks that keep the order of its own characters (UAX #9)."""
    return f"\u2068{text}\u2069" if text and get_language_bidi() else text


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
