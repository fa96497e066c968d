"""The times that figures are told for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from oms_portal.returns.receipts.figures.periods import Period, newest, read


pytestmark = pytest.mark.once
TODAY = date(2026, 11, 22)


def days(first: str, last: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last), UTC)


def test_a_period_reaches_from_the_first_midnight_to_the_one_after_its_last_day() -> None:
    march = days("2026-03-01", "2026-03-31")
    assert march.start == datetime(2026, 3, 1, tzinfo=UTC)
    assert march.end == datetime(2026, 4, 1, tzinfo=UTC)
    assert march.days == 31


def test_a_day_on_which_clocks_are_put_on_has_23_hours() -> None:
    sunday = date(2026, 3, 29)
    day = Period(sunday, sunday, ZoneInfo("Europe/Berlin"))
    length = day.end.astimezone(UTC) - day.start.astimezone(UTC)
    assert length == timedelta(hours=23)


@pytest.mark.parametrize(
    ("length", "step", "count"),
    [(1, 1, 1), (31, 1, 31), (32, 7, 5), (91, 7, 13), (190, 7, 28), (191, 28, 7), (732, 28, 27)],
)
def test_longer_times_have_longer_steps_and_none_is_left_out(
    length: int, step: int, count: int
) -> None:
    period = newest(length, TODAY, UTC)
    steps = period.steps()
    assert len(steps) == count
    assert (steps[0].first, steps[-1].last) == (period.first, period.last)
    assert all(before.end == after.start for before, after in zip(steps, steps[1:], strict=False))
    assert {one.days for one in steps[1:]} <= {step}
    assert 1 <= steps[0].days <= step


def test_an_address_says_from_and_to() -> None:
    asked = {"from": "2026-03-01", "to": "2026-03-31"}
    assert read(asked, TODAY, UTC) == days("2026-03-01", "2026-03-31")
    assert read(asked, TODAY, UTC).query == asked
    assert read({"to": "2026-03-31"}, TODAY, UTC) == days("2025-12-31", "2026-03-31")
    assert read({"from": "2026-11-20"}, TODAY, UTC) == days("2026-11-20", "2026-11-22")


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"from": "", "to": ""},
        {"from": "yesterday", "to": "<script>"},
        {"from": "2026-13-45", "to": "9999-12-31"},
        {"from": "0001-01-01"},
        {"from": "2026-11-22", "to": "2026-11-01"},
        {"from": "2026-11-22\0"},
    ],
)
def test_what_makes_no_sense_is_the_last_thirteen_weeks(asked: dict[str, str]) -> None:
    assert read(asked, TODAY, UTC) == days("2026-08-24", "2026-11-22")


def test_nobody_asks_for_more_than_two_years() -> None:
    found = read({"from": "2001-01-01", "to": "2026-11-22"}, TODAY, UTC)
    assert found.last == TODAY and found.days == 732
