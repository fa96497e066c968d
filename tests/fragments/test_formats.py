"""Numbers, money, units and moments as customers read them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from oms_portal.fragments import formats
from oms_portal.orders.locales import money
from oms_portal.orders.moments import zone_of


BERLIN = ZoneInfo("Europe/Berlin")
KIRITIMATI = ZoneInfo("Pacific/Kiritimati")
LATE = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        ("1", "C62", "1 piece"),
        ("10.000000", "C62", "10 pieces"),
        ("2.5", "KGM", "2.5 kg"),
        ("1", "MTR", "1 m"),
        ("12000", "h87", "12,000 pieces"),
        ("0.000001", "LTR", "0.000001 l"),
        ("1", "XPX", "1 pallet"),
        ("3", "ZZ9", "3 units"),
        ("1", "", "1 unit"),
    ],
)
def test_quantities_are_said_in_plain_words(value: str, unit: str, words: str) -> None:
    assert formats.quantity(Decimal(value), unit) == words


@pytest.mark.parametrize(
    ("language", "amount", "currency", "words"),
    [
        ("en", "1234.5000", "EUR", "€1,234.50"),
        ("de", "1234.5", "EUR", "1.234,50\xa0€"),
        ("en", "1234", "JPY", "¥1,234"),
        ("en", "5", "ZZZ", "ZZZ5.00"),
        ("zh-hans", "5", "CNY", "¥5.00"),
        ("tlh", "5", "EUR", "€5.00"),
    ],
)
def test_money_is_in_the_language(language: str, amount: str, currency: str, words: str) -> None:
    with translation.override(language):
        assert money(Decimal(amount), currency) == words


def test_a_price_finer_than_a_cent_keeps_its_digits() -> None:
    assert money(Decimal("0.012500"), "EUR", exact=True) == "€0.0125"
    assert money(Decimal("4.500000"), "EUR", exact=True) == "€4.50"


def test_an_instant_is_told_in_the_zone_of_the_place() -> None:
    assert formats.moment(LATE, BERLIN) == "Nov 21, 2026, 00:30"
    assert formats.moment(LATE, ZoneInfo("America/New_York")) == "Nov 20, 2026, 18:30"


@pytest.mark.parametrize("zone", [BERLIN, KIRITIMATI, ZoneInfo("Pacific/Pago_Pago")])
def test_a_date_without_a_time_is_never_shifted(zone: ZoneInfo) -> None:
    assert formats.moment(date(2026, 11, 20), zone) == "Nov 20, 2026"
    assert '<time datetime="2026-11-20">' in formats.stamp(date(2026, 11, 20), zone)


def test_a_span_is_as_short_as_can_be() -> None:
    morning = datetime(2026, 11, 20, 8, tzinfo=UTC)
    noon = datetime(2026, 11, 20, 11, tzinfo=UTC)
    days = (date(2026, 11, 20), date(2026, 11, 22))
    assert formats.span(*days, BERLIN) == "Nov 20\u2009–\u200922, 2026"
    assert formats.span(morning, noon, BERLIN).startswith("Nov 20, 2026, 09:00")
    assert formats.span(morning, noon, BERLIN).endswith("12:00")
    assert formats.span(morning, None, BERLIN) == "Nov 20, 2026, 09:00"


def test_a_span_that_ends_before_it_starts_shows_the_start() -> None:
    assert formats.span(date(2026, 11, 22), date(2026, 11, 20), BERLIN) == "Nov 22, 2026"


def test_a_time_element_carries_what_a_machine_reads() -> None:
    assert formats.stamp(LATE, BERLIN) == (
        '<time datetime="2026-11-20T23:30:00+00:00">Nov 21, 2026, 00:30</time>'
    )
    assert formats.day_stamp(LATE, BERLIN) == ('<time datetime="2026-11-21">Nov 21, 2026</time>')


def test_a_zone_nobody_knows_is_the_sites_own() -> None:
    assert formats.clock(LATE, zone_of("Mars/Olympus")) == "23:30"
    assert formats.zone_name(BERLIN) == "Berlin"


@pytest.mark.parametrize(
    ("days", "words"), [(1, "1 day later"), (4, "4 days later"), (-2, "2 days earlier"), (0, "")]
)
def test_a_moved_date_is_said_in_days(days: int, words: str) -> None:
    assert formats.lateness(days) == words


NOW = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
AUCKLAND = ZoneInfo("Pacific/Auckland")
LOS_ANGELES = ZoneInfo("America/Los_Angeles")


def _said(html: str) -> str:
    return re.sub("<[^>]+>", "", html)


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(seconds=29), "now"),
        (timedelta(seconds=-29), "now"),
        (timedelta(seconds=30), "in 1 minute"),
        (timedelta(minutes=-20), "20 minutes ago"),
        (timedelta(minutes=59, seconds=29), "in 59 minutes"),
        (timedelta(minutes=59, seconds=30), "in 1 hour"),
        (timedelta(hours=-2.5), "3 hours ago"),
        (timedelta(hours=11, minutes=29), "in 11 hours"),
        (timedelta(hours=11, minutes=30), "tomorrow"),
        (timedelta(hours=-12), "today"),
        (timedelta(days=-1), "yesterday"),
        (timedelta(days=2), "in 2 days"),
        (timedelta(days=7), "in 7 days"),
        (timedelta(days=8), ""),
        (timedelta(days=-8), ""),
    ],
)
def test_an_instant_is_told_by_its_distance_from_now(distance: timedelta, words: str) -> None:
    assert _said(formats.relative(NOW + distance, BERLIN, NOW)) == words


@pytest.mark.parametrize(("zone", "today"), [(AUCKLAND, 21), (BERLIN, 20), (LOS_ANGELES, 20)])
def test_a_date_is_told_by_the_calendar_of_the_place(zone: ZoneInfo, today: int) -> None:
    assert _said(formats.relative(date(2026, 11, today), zone, NOW)) == "today"
    assert _said(formats.relative(date(2026, 11, today + 1), zone, NOW)) == "tomorrow"
    assert _said(formats.relative(date(2026, 11, today - 1), zone, NOW)) == "yesterday"
    assert _said(formats.relative(date(2026, 11, today + 3), zone, NOW)) == "in 3 days"


def test_the_script_is_told_the_moment_and_the_zone() -> None:
    date_only = formats.relative(date(2026, 11, 21), BERLIN, NOW)
    assert 'data-rel="2026-11-21" data-zone="Europe/Berlin"' in date_only
    instant = formats.relative(NOW + timedelta(hours=2), AUCKLAND, NOW)
    assert 'data-rel="2026-11-21T00:30:00+00:00" data-zone="Pacific/Auckland"' in instant


@pytest.mark.parametrize(
    ("language", "words"), [("de", "in 3 Tagen"), ("nl", "over 3 dagen"), ("ar", "خلال 3 أيام")]
)
def test_the_distance_is_told_in_the_language(language: str, words: str) -> None:
    with translation.override(language):
        assert _said(formats.relative(date(2026, 11, 23), BERLIN, NOW)) == words
