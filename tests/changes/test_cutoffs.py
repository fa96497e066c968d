"""The first rule that fits decides, by the clock and the calendar of the place."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_portal.changes.cutoffs import (
    NONE,
    Facts,
    built_in,
    closes_at,
    deciding,
    limit,
    working_days_before,
)
from oms_portal.changes.models import Aspect, CutoffRule


BERLIN, NEW_YORK, KIRITIMATI = map(
    ZoneInfo, ("Europe/Berlin", "America/New_York", "Pacific/Kiritimati")
)
# A Wednesday.
NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


def facts(**changes: Any) -> Facts:
    told: dict[str, Any] = {
        "status": "planned",
        "zone": BERLIN,
        "method": "parcel",
        "carrier": "dhl",
        "country": "DE",
        "net": Decimal(500),
        "dispatch": date(2026, 11, 20),
    }
    return Facts(**told | changes)


def rule(closes: str = "never", **changes: Any) -> CutoffRule:
    return CutoffRule(name=changes.pop("name", "A rule"), closes=closes, **changes)


def hours(count: int) -> CutoffRule:
    return rule("hours", hours=count)


def days(count: int, at: time = time(14)) -> CutoffRule:
    return rule("days", days=count, at=at)


@pytest.mark.parametrize(
    ("conditions", "fits"),
    [
        ({}, True),
        ({"aspects": ["address", "date"]}, True),
        ({"aspects": ["cancel"]}, False),
        ({"states": ["planned"]}, True),
        ({"states": [NONE]}, False),
        ({"carriers": ["DHL"]}, True),
        ({"carriers": ["ups"]}, False),
        ({"methods": ["freight"]}, False),
        ({"countries": ["de", "AT"]}, True),
        ({"countries": ["AT"]}, False),
        ({"value_from": Decimal(500)}, True),
        ({"value_from": Decimal("500.01")}, False),
        ({"value_to": Decimal(500)}, False),
        ({"value_to": Decimal("500.01")}, True),
        ({"states": ["planned"], "countries": ["AT"]}, False),
        ({"active": False}, False),
    ],
)
def test_a_rule_fits_when_all_of_its_conditions_do(conditions: Any, fits: bool) -> None:
    found = deciding(facts(), Aspect.ADDRESS, [rule(**conditions)])
    assert (found is not None) is fits


def test_the_first_that_fits_decides_and_what_none_fits_is_closed() -> None:
    rules = [rule("already", countries=["AT"]), rule("already", reason="Ask us."), rule()]
    decided = limit(facts(), Aspect.DATE, rules, NOW)
    assert (decided.open, decided.words, decided.reason) == (False, "Ask us.", "closed")
    assert not limit(facts(), Aspect.DATE, rules[:1], NOW).open
    assert limit(facts(), Aspect.DATE, rules[2:], NOW).open
    assert limit(facts(status="packed"), Aspect.DATE, [], NOW).reason == "packed"


@pytest.mark.parametrize(
    ("decides", "dispatch", "zone", "until"),
    [
        # A planned day begins at midnight there, whatever the clocks here say.
        (hours(0), date(2026, 11, 20), BERLIN, "2026-11-19T23:00Z"),
        (hours(0), date(2026, 11, 20), NEW_YORK, "2026-11-20T05:00Z"),
        (hours(0), date(2026, 11, 20), KIRITIMATI, "2026-11-19T10:00Z"),
        (hours(4), datetime(2026, 11, 20, 15, tzinfo=UTC), BERLIN, "2026-11-20T11:00Z"),
        # 24 hours are 24 hours, also where the day had 23 (29 March) or 25 (25 October).
        (hours(24), date(2026, 3, 30), BERLIN, "2026-03-28T22:00Z"),
        (hours(24), date(2026, 10, 26), BERLIN, "2026-10-24T23:00Z"),
        # Two in the afternoon is that in winter and in summer.
        (days(1), date(2026, 3, 30), BERLIN, "2026-03-27T13:00Z"),
        (days(1), date(2026, 3, 31), BERLIN, "2026-03-30T12:00Z"),
        (days(1), date(2026, 11, 20), NEW_YORK, "2026-11-19T19:00Z"),
        # Weekends don't count: Monday's is Friday, Sunday's too.
        (days(1), date(2026, 11, 23), BERLIN, "2026-11-20T13:00Z"),
        (days(1), date(2026, 11, 22), BERLIN, "2026-11-20T13:00Z"),
        (days(5), date(2026, 11, 20), BERLIN, "2026-11-13T13:00Z"),
        # The day is the place's: late in the evening in Berlin it is the next one on Kiritimati.
        (days(0), datetime(2026, 11, 19, 22, tzinfo=UTC), KIRITIMATI, "2026-11-19T22:00Z"),
        (days(0, time(9)), datetime(2026, 11, 19, 22, tzinfo=UTC), KIRITIMATI, "2026-11-19T19:00Z"),
        # Never later than it leaves.
        (days(0), datetime(2026, 11, 20, 8, tzinfo=UTC), BERLIN, "2026-11-20T08:00Z"),
        (days(0), date(2026, 11, 20), BERLIN, "2026-11-20T13:00Z"),
        # An hour that the clocks jump over, and one that comes twice: the first of them.
        (days(0, time(2, 30)), date(2026, 3, 29), BERLIN, "2026-03-29T01:30Z"),
        (days(0, time(2, 30)), date(2026, 10, 25), BERLIN, "2026-10-25T00:30Z"),
    ],
)
def test_the_hour_is_found_by_the_clock_of_the_place(
    decides: CutoffRule, dispatch: Any, zone: ZoneInfo, until: str
) -> None:
    found = closes_at(decides, facts(dispatch=dispatch, zone=zone))
    assert found == datetime.fromisoformat(until)


def test_without_a_planned_dispatch_no_hour_is_known() -> None:
    for decides in (hours(24), days(1), rule()):
        found = limit(facts(dispatch=None), Aspect.DATE, [decides], NOW)
        assert (found.open, found.until) == (True, None)


def test_it_is_too_late_at_the_very_second() -> None:
    until = datetime(2026, 11, 19, 13, tzinfo=UTC)
    rules = [rule("days", days=1, at=time(14), reason="Too late for the van.", fee=Decimal(9))]
    before = limit(facts(), Aspect.ADDRESS, rules, until - timedelta(microseconds=1))
    assert (before.open, before.until, before.words, before.fee) == (True, until, "", Decimal(9))
    after = limit(facts(), Aspect.ADDRESS, rules, until)
    assert (after.open, after.until, after.reason) == (False, until, "past")
    assert after.words == "Too late for the van."


@pytest.mark.parametrize(
    ("status", "aspect", "open_", "reason"),
    [
        (NONE, Aspect.CANCEL, True, ""),
        ("planned", Aspect.ADDRESS, True, ""),
        ("released", Aspect.CANCEL, True, ""),
        ("picking", Aspect.ADDRESS, False, "picking"),
        ("picking", Aspect.DATE, False, "picking"),
        ("picking", Aspect.CONTACT, True, ""),
        ("packed", Aspect.CONTACT, False, "packed"),
        ("dispatched", Aspect.CANCEL, False, "dispatched"),
        ("ready_for_pickup", Aspect.CONTACT, False, "ready_for_pickup"),
        ("delivered", Aspect.ADDRESS, False, "delivered"),
        ("unknown", Aspect.ADDRESS, False, "unknown"),
    ],
)
def test_what_can_be_changed_before_anybody_made_rules(
    status: str, aspect: Aspect, open_: bool, reason: str
) -> None:
    found = limit(facts(status=status), aspect, built_in(), NOW)
    assert (found.open, found.reason) == (open_, reason)


def test_the_built_in_rules_end_on_the_afternoon_before_and_with_the_day() -> None:
    assert limit(facts(), Aspect.ADDRESS, built_in(), NOW).until == datetime(
        2026, 11, 19, 13, tzinfo=UTC
    )
    assert limit(facts(), Aspect.CONTACT, built_in(), NOW).until == datetime(
        2026, 11, 19, 23, tzinfo=UTC
    )


DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))
ZONES = st.sampled_from([BERLIN, NEW_YORK, KIRITIMATI, ZoneInfo("Australia/Lord_Howe")])
RULES = st.one_of(
    st.builds(hours, st.integers(0, 400)), st.builds(days, st.integers(0, 30), st.times())
)


@given(RULES, ZONES, st.one_of(st.tuples(DAYS, DAYS), st.tuples(INSTANTS, INSTANTS)))
def test_what_leaves_later_closes_no_earlier(decides: CutoffRule, zone: Any, both: Any) -> None:
    first, last = sorted(both)
    early = closes_at(decides, facts(dispatch=first, zone=zone))
    late = closes_at(decides, facts(dispatch=last, zone=zone))
    assert early is not None and late is not None and early <= late


@given(RULES, ZONES, INSTANTS)
def test_nothing_can_be_changed_once_it_is_to_leave(
    decides: CutoffRule, zone: Any, leaves: datetime
) -> None:
    assert not limit(facts(dispatch=leaves, zone=zone), Aspect.DATE, [decides], leaves).open


@given(RULES, ZONES, DAYS, INSTANTS, st.timedeltas(timedelta(0), timedelta(days=90)))
def test_what_is_closed_stays_closed(
    decides: CutoffRule, zone: Any, day: date, now: datetime, wait: timedelta
) -> None:
    asked = facts(dispatch=day, zone=zone)
    if limit(asked, Aspect.CANCEL, [decides], now + wait).open:
        assert limit(asked, Aspect.CANCEL, [decides], now).open


@given(DAYS, st.integers(0, 40))
def test_working_days_are_counted_without_weekends(day: date, count: int) -> None:
    found = working_days_before(day, count)
    between = [found + timedelta(days=n) for n in range((day - found).days)]
    assert sum(one.weekday() < 5 for one in between) == count
    assert count == 0 or found.weekday() < 5


@given(RULES, RULES)
def test_a_rule_below_changes_nothing(above: CutoffRule, below: CutoffRule) -> None:
    alone = limit(facts(), Aspect.METHOD, [above], NOW)
    assert limit(facts(), Aspect.METHOD, [above, below], NOW) == alone
