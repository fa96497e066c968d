"""Every figure against returns that were counted by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from oms_portal.returns.models import Return
from oms_portal.returns.receipts.figures import SHARES, Figure
from oms_portal.returns.receipts.figures.counting import (
    Counts,
    Times,
    count,
    decision_times,
    shares,
)
from oms_portal.returns.receipts.figures.kinds import ASKED, AUTO, DECIDED, TROUBLED, WRONG

from .past import MARCH, at, counted, decided, parcel, past, receipt, troubled


pytestmark = pytest.mark.django_db
STEPS = MARCH.steps()


def numbers(figure: Figure) -> set[str]:
    return {rma.number for rma in figure.rows(MARCH)}


def on(found: list[Any], day: int) -> Any:
    return found[day - 1]


def test_returns_count_on_the_day_on_which_they_were_asked_for() -> None:
    first, last = past(1, submitted_at=at(1, 0)), past(28, submitted_at=at(28, 23))
    also = past(28)
    past(1, submitted_at=at(1, 0) - timedelta(seconds=1))
    past(1, submitted_at=at(29, 0))
    found = count(ASKED, MARCH, STEPS)
    assert (on(found, 1), on(found, 2), on(found, 28), sum(found)) == (1, 0, 2, 3)
    assert numbers(ASKED) == {first.number, last.number, also.number}


def test_a_draft_counts_never_and_one_that_was_edited_once() -> None:
    past(2, state="draft", submitted_at=None, approved_at=None)
    old = past(2, state="cancelled", answer_code="replaced")
    new = past(3, replaces=old)
    taken_back = past(3, state="cancelled", answer_code="withdrawn")
    assert numbers(ASKED) == {new.number, taken_back.number}


def test_half_of_the_decisions_took_less_than_the_median_and_nine_of_ten_the_other() -> None:
    for hours in (1, 2, 3, 4, 5, 6, 7, 8, 9, 100):
        decided(4, hours)
    decided(5, 20)
    whole, steps = decision_times(MARCH, STEPS)
    # 1 2 3 4 5 [6] 7 8 9 20 100: the tenth of eleven is the first that nine of ten do not exceed.
    assert whole == Times(11, 6 * 3600, 20 * 3600)
    # 1 2 3 4 [5 6] 7 8 9 100.
    assert on(steps, 4) == Times(10, 5.5 * 3600, 9 * 3600)
    assert on(steps, 5) == Times(1, 20 * 3600, 20 * 3600)
    assert on(steps, 6) == Times(0, None, None)
    assert DECIDED.rows(MARCH).count() == 11


def test_what_was_not_decided_or_never_scanned_takes_no_time() -> None:
    receipt(past(1), arrived_at=at(2))
    receipt(past(1), arrived_at=None, decided_at=at(3))
    past(1)
    assert decision_times(MARCH, STEPS)[0] == Times()
    assert not DECIDED.rows(MARCH).exists()


def test_clocks_that_differ_give_no_time_below_none() -> None:
    decided(3, -2)
    assert decision_times(MARCH, STEPS)[0] == Times(1, 0, 0)


def test_the_share_that_the_rules_approved_is_of_all_that_were_approved() -> None:
    mine = [past(3), past(3), past(4)]
    past(3, approval="agent")
    past(4, approval="erp")
    past(4, approval="agent", approved_at=None, state="rejected")
    past(4, state="cancelled", answer_code="replaced")
    found = shares(MARCH, STEPS)[0]
    assert on(found, 3) == Counts(3, 2)
    assert on(found, 4) == Counts(2, 1)
    assert numbers(AUTO) == {rma.number for rma in mine}


def test_something_else_came_where_it_was_counted_and_not_taken_back() -> None:
    wrong = counted(5, "wrong", 2)
    counted(5)
    counted(5, "unexpected")
    counted(5, "wrong", 0)
    counted(6, "wrong")
    found = shares(MARCH, STEPS)[1]
    assert on(found, 5) == Counts(4, 1)
    assert on(found, 6) == Counts(1, 1)
    assert wrong.number in numbers(WRONG) and WRONG.rows(MARCH).count() == 2


def test_trouble_with_a_label_counts_its_return_once_also_when_it_is_over() -> None:
    bad, fine = past(7), past(7)
    for rma in (bad, fine):
        parcel(rma)
        parcel(rma, 2)
    troubled(bad)
    troubled(bad)
    without = past(7)
    troubled(without)
    parcel(past(7), outward=True)
    found = shares(MARCH, STEPS)[2]
    assert on(found, 7) == Counts(2, 1)
    assert numbers(TROUBLED) == {bad.number}


def test_each_number_is_as_many_as_the_returns_behind_it() -> None:
    for day in range(1, 10):
        decided(day, day)
        counted(day, "wrong" if day % 2 else "expected")
        parcel(past(day, approval="agent" if day % 3 else "auto"))
    troubled(Return.objects.filter(parcels__isnull=False)[0])
    for each, parts in zip(SHARES, shares(MARCH, STEPS), strict=True):
        for step, found in zip(STEPS, parts, strict=True):
            assert each.whole.rows(step).count() == found.whole
            assert each.part.rows(step).count() == found.part
    for step, asked in zip(STEPS, count(ASKED, MARCH, STEPS), strict=True):
        assert ASKED.rows(step).count() == asked
    for step, times in zip(STEPS, decision_times(MARCH, STEPS)[1], strict=True):
        assert DECIDED.rows(step).count() == times.count
