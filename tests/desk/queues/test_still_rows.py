"""The queues in a browser: what moves on is changed where it stands, and no row moves under a hand."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from playwright.sync_api import expect

from oms_portal import live
from oms_portal.orders.models import Order
from oms_portal.returns.kinds import ReturnState
from oms_portal.returns.models import Return
from oms_portal.returns.receipts.topics import DESK
from oms_portal.returns.receipts.waiting import presence
from tests import factories
from tests.returns.parcels import approved


pytestmark = [
    pytest.mark.browser,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True),
]

LIST = "/admin/oms/returns/?queue=approve"
# Longer than the page waits before it asks again.
NEXT = 5_100


def waiting(number: int) -> Return:
    asked = timezone.now() - timedelta(minutes=60 - number)
    rma = approved(order=f"SO-{number}", state=ReturnState.IN_REVIEW, submitted_at=asked)
    Order.objects.filter(ref=f"SO-{number}").update(returns_open=1)
    return rma


def decided(rma: Return) -> None:
    Return.objects.filter(pk=rma.pk).update(state=ReturnState.APPROVED, version=rma.version + 1)


@pytest.fixture
def rmas(db: None) -> list[Return]:
    factories.site()
    return [waiting(number) for number in range(3, 8)]


@pytest.fixture
def desk(page: Any, sign_in: Any, rmas: list[Return]) -> Any:
    """The queue as somebody has it open, with a clock that the test winds."""
    user = factories.person("desk@shop.example", staff=["Desk"])
    user.groups.get().permissions.set(
        Permission.objects.filter(codename__in=("access_admin", "view_return", "decide_return"))
    )
    sign_in(page, user)
    page.clock.install()
    page.goto(LIST)
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    return page


def row(page: Any, rma: Return) -> Any:
    return page.locator(f"#omsdesk-return-{rma.pk}")


def lists(page: Any, *rmas: Return) -> None:
    """The rows come to be these, in this order."""
    expect(page.locator("tbody tr .title a")).to_have_text([rma.number for rma in rmas])


def tops(page: Any, rmas: list[Return]) -> list[float]:
    return [row(page, rma).bounding_box()["y"] for rma in rmas]


def drawn_anew(page: Any) -> None:
    live.changed(DESK)
    with page.expect_response(lambda answer: "/results/" in answer.url and answer.status == 200):
        page.clock.run_for(NEXT)


def test_what_comes_and_goes_moves_no_row_under_the_pointer(desk: Any, rmas: list[Return]) -> None:
    first, second, third, *_ = rmas
    row(desk, third).hover()
    before = tops(desk, rmas)
    decided(first)
    new, older = waiting(40), waiting(1)
    presence.here(
        second, factories.person("kim@shop.example", first_name="Kim"), "", timezone.now()
    )
    drawn_anew(desk)

    expect(row(desk, first)).to_have_class(re.compile("omsdesk-gone"))
    expect(row(desk, first)).to_contain_text("gone from here")
    expect(row(desk, first).get_by_role("checkbox")).to_be_disabled()
    expect(row(desk, second)).to_contain_text("Kim")
    expect(desk.locator("#omsdesk-count-approve")).to_have_text("6")
    assert tops(desk, rmas) == before
    lists(desk, *rmas)

    desk.get_by_role("button", name="New here: 2").click()
    lists(desk, older, *rmas[1:], new)
    expect(desk.get_by_role("button", name="New here")).to_be_hidden()
    assert desk.faults == []


def test_no_row_moves_under_the_focus_and_marks_stay(desk: Any, rmas: list[Return]) -> None:
    first, second, *_ = rmas
    desk.mouse.move(0, 0)
    mark = row(desk, second).get_by_role("checkbox")
    mark.check()
    mark.focus()
    desk.clock.run_for(60_000)
    before = tops(desk, rmas)
    decided(first)
    waiting(1)
    drawn_anew(desk)

    expect(row(desk, first)).to_have_class(re.compile("omsdesk-gone"))
    expect(mark).to_be_focused()
    expect(mark).to_be_checked()
    assert tops(desk, rmas) == before
    desk.get_by_role("button", name="New here: 1").click()
    expect(row(desk, second).get_by_role("checkbox")).to_be_checked()
    assert desk.faults == []


def test_a_screen_that_nobody_touches_goes_on_by_itself(desk: Any, rmas: list[Return]) -> None:
    desk.mouse.move(0, 0)
    desk.clock.run_for(60_000)
    decided(rmas[0])
    new = waiting(40)
    drawn_anew(desk)
    expect(row(desk, new)).to_be_visible()
    expect(row(desk, rmas[0])).to_have_count(0)


def test_it_waits_while_it_is_held_and_when_nothing_moved_nothing_is_sent(
    desk: Any, rmas: list[Return]
) -> None:
    # Until nothing moved since it was asked for last: a minute that begins is news, too.
    with desk.expect_response(lambda answer: "/results/" in answer.url and answer.status == 304):
        desk.clock.run_for(NEXT)
    desk.get_by_role("button", name="Pause").click()
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url))
    live.changed(DESK)
    desk.clock.run_for(3 * NEXT)
    assert asked == []


def test_no_row_moves_when_the_list_can_not_be_fetched(desk: Any, rmas: list[Return]) -> None:
    row(desk, rmas[2]).hover()
    before = tops(desk, rmas)
    desk.route("**/results/**", lambda route: route.abort())
    desk.clock.run_for(NEXT)
    lost = desk.get_by_text("The list can’t be fetched at the moment")
    expect(lost).to_be_visible()
    assert tops(desk, rmas) == before
    desk.unroute_all()
    live.changed(DESK)
    desk.clock.run_for(NEXT)
    expect(lost).to_be_hidden()
    assert tops(desk, rmas) == before


def test_several_are_declined_with_one_press(desk: Any, rmas: list[Return]) -> None:
    for rma in rmas[:2]:
        row(desk, rma).get_by_role("checkbox").check()
    desk.get_by_label("Why", exact=True).fill("Made for you.")
    desk.get_by_role("button", name="Decline what is marked").click()
    expect(desk.get_by_role("heading", name="2 returns were decided")).to_be_visible()
    desk.get_by_role("link", name="To the queues").click()
    lists(desk, *rmas[2:])
