"""Windows end with the day by the company's clock: to the second, also in nights of changing clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_portal.returns.windows import Dates, begins, end_of_day, is_over, last_day


pytestmark = pytest.mark.once

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ["Europe/Berlin", "America/Santiago", "Pacific/Kiritimati", "America/St_Johns", "UTC"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("zone", "last", "first_after"),
    [
        ("Europe/Berlin", "2026-12-02T22:59:59.999999+00:00", "2026-12-02T23:00:00+00:00"),
        ("America/New_York", "2026-12-03T04:59:59.999999+00:00", "2026-12-03T05:00:00+00:00"),
        ("Asia/Tokyo", "2026-12-02T14:59:59.999999+00:00", "2026-12-02T15:00:00+00:00"),
        ("Asia/Kathmandu", "2026-12-02T18:14:59.999999+00:00", "2026-12-02T18:15:00+00:00"),
    ],
)
def test_the_last_instant_is_in_and_the_next_one_is_out(
    zone: str, last: str, first_after: str
) -> None:
    until = date(2026, 12, 2)
    assert not is_over(until, at(last), ZoneInfo(zone))
    assert is_over(until, at(first_after), ZoneInfo(zone))
    assert end_of_day(until, ZoneInfo(zone)) == at(last)


def test_a_night_in_which_clocks_are_turned_back_is_an_hour_longer() -> None:
    # 25 October 2026: 3:00 is 2:00 again in Berlin; the day has 25 hours.
    until = last_day(date(2026, 9, 25), 30)
    assert until == date(2026, 10, 25)
    assert not is_over(until, at("2026-10-25T22:59:59+00:00"), BERLIN)
    assert is_over(until, at("2026-10-25T23:00:00+00:00"), BERLIN)
    assert not is_over(until, datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1), BERLIN)


def test_a_night_in_which_clocks_are_put_forward_is_an_hour_shorter() -> None:
    # 29 March 2026: 2:00 is 3:00 in Berlin.
    until = last_day(date(2026, 2, 27), 30)
    assert until == date(2026, 3, 29)
    assert not is_over(until, at("2026-03-29T21:59:59.999999+00:00"), BERLIN)
    assert is_over(until, at("2026-03-29T22:00:00+00:00"), BERLIN)


def test_a_zone_that_leaves_a_midnight_out_has_an_end_of_its_day() -> None:
    # 6 September 2026 begins at 1:00 in Santiago.
    santiago = ZoneInfo("America/Santiago")
    until = date(2026, 9, 5)
    assert not is_over(until, at("2026-09-06T03:59:59.999+00:00"), santiago)
    assert is_over(until, at("2026-09-06T04:00:00+00:00"), santiago)


def test_delivered_after_midnight_counts_from_the_new_day_there() -> None:
    dates = Dates(ordered=date(2026, 1, 1), delivered=at("2026-11-02T23:30:00+00:00"))
    assert begins("delivered", dates, BERLIN) == date(2026, 11, 3)
    assert begins("delivered", dates, ZoneInfo("America/New_York")) == date(2026, 11, 2)


def test_a_date_without_a_time_is_that_day_everywhere() -> None:
    dates = Dates(ordered=date(2026, 1, 1), invoiced=date(2026, 11, 2))
    for zone in ZONES:
        assert begins("invoiced", dates, ZoneInfo(zone)) == date(2026, 11, 2)


def test_what_came_at_no_known_time_counts_from_its_dispatch() -> None:
    sent = date(2026, 11, 2)
    arrived = Dates(ordered=date(2026, 1, 1), shipped=sent)
    under_way = Dates(ordered=date(2026, 1, 1), shipped=sent, has_arrived=False)
    assert begins("delivered", arrived, UTC) == sent
    assert begins("delivered", under_way, UTC) is None
    assert begins("shipped", under_way, UTC) == sent
    assert begins("invoiced", arrived, UTC) is None
    assert begins("shipped", Dates(sent, delivered=sent), UTC) == sent


def test_a_window_may_have_no_end_or_none_that_a_calendar_knows() -> None:
    assert last_day(date(2026, 1, 1), None) is None
    assert last_day(None, 30) is None
    assert last_day(date(2026, 1, 1), 2**31 - 1) is None
    assert not is_over(None, at("2999-01-01T00:00:00+00:00"), UTC)
    assert last_day(date(2026, 1, 1), 0) == date(2026, 1, 1)


@given(
    delivered=st.datetimes(datetime(2020, 1, 1), datetime(2032, 1, 1)),
    days=st.integers(0, 400),
    zone=st.sampled_from(ZONES),
)
def test_every_window_is_open_until_its_end_and_no_longer(
    delivered: datetime, days: int, zone: str
) -> None:
    there = ZoneInfo(zone)
    start = begins(
        "delivered", Dates(date(2020, 1, 1), delivered=delivered.replace(tzinfo=UTC)), there
    )
    until = last_day(start, days)
    assert until is not None
    end = end_of_day(until, there).astimezone(UTC)
    assert not is_over(until, end, there)
    assert is_over(until, end + timedelta(microseconds=1), there)
