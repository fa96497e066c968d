"""Printing with the keys alone: a file comes, the bar asks, a letter answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from oms_portal.returns.models import Return
from oms_portal.returns.receipts.kinds import JobState
from oms_portal.returns.receipts.models import PrintJob
from tests import factories
from tests.desk.conftest import staff
from tests.returns.parcels import approved, parcel_of, printable
from tests.returns.receipts.decided import codes


pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
LABELS = "/admin/oms/returns/labels/"
RIGHTS = ("view_return", "receive_return", "inspect_return")


@pytest.fixture
def rma(transactional_db: None) -> Return:
    factories.site()
    made = approved()
    printable(made)
    return made


@pytest.fixture
def desk(page: Any, sign_in: Any, rma: Return) -> Any:
    sign_in(page, staff("ada@shop.example", *RIGHTS))
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.goto(f"{LABELS}?numbers={rma.number}")
    return page


def typed(page: Any, letter: str) -> None:
    page.keyboard.press("F2")
    page.keyboard.type(letter)
    page.keyboard.press("Enter")


def asks(page: Any) -> Any:
    return expect(page.get_by_text("Did it come out of the printer?"))


def printed(page: Any, key: str) -> list[list[str]]:
    with page.expect_download() as coming:
        page.keyboard.press(key)
    return codes(Path(coming.value.path()).read_bytes())


def test_a_letter_in_the_scan_box_says_that_it_came_out(desk, rma):
    bar = desk.locator(".omsdesk-print")
    expect(bar).to_be_hidden()
    assert printed(desk, "F4") == [[parcel_of(rma).code]]
    expect(bar).to_contain_text("Return label × 1: One label was made.")
    asks(desk).to_be_visible()

    with desk.expect_response(lambda answer: answer.request.method == "POST"):
        typed(desk, "y")
    expect(bar).to_contain_text("It printed: noted.")
    assert PrintJob.objects.get().printed is True
    assert desk.faults == []


def test_what_did_not_print_is_printed_again_with_one_more_key(desk, rma):
    bar = desk.locator(".omsdesk-print")
    printed(desk, "F4")
    asks(desk).to_be_visible()
    typed(desk, "n")
    expect(bar.get_by_role("button", name="Print it again")).to_be_focused()
    assert printed(desk, "Enter") == [[parcel_of(rma).code]]
    asks(desk).to_be_visible()
    first, again = PrintJob.objects.order_by("pk")
    assert (first.printed, again.reason) == (False, "It did not print.")
    assert desk.faults == []


def test_the_bar_tells_how_far_a_large_print_is_and_asks_when_it_is_made(desk, rma):
    printed(desk, "F4")
    bar = desk.locator(".omsdesk-print")
    asks(desk).to_be_visible()
    PrintJob.objects.update(state=JobState.MAKING, made=120, total=1000)
    desk.reload()
    expect(bar).to_contain_text("Being made: 120 of 1000.")
    expect(bar.locator("progress")).to_have_attribute("value", "120")
    asks(desk).to_be_hidden()
    PrintJob.objects.update(state=JobState.DONE, made=1000)
    asks(desk).to_be_visible()
    expect(bar.locator("progress")).to_be_hidden()


def test_another_size_shows_another_picture(desk, rma):
    wide = "() => document.querySelector('.omsdesk-preview img').naturalWidth > 500"
    assert not desk.evaluate(wide)
    desk.select_option("select[name=medium]", "a4-4")
    desk.wait_for_function(wide)
