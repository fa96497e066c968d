"""A station of the returns desk in a browser, its scanner simulated by keystrokes: whatever becomes
of the network, the server, the session or the tab, no scan is lost and none counts twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from oms_portal.returns.models import Return
from oms_portal.returns.receipts.models import DeskScan, Finding, Receipt
from tests import factories
from tests.desk.conftest import staff
from tests.returns import parcels


pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]
FIND = "/admin/oms/returns/find/"
RIGHTS = ("view_return", "receive_return")
# Sounds are noted by their pitch instead of being heard.
EARS = """
window.heard = [];
window.AudioContext = class { currentTime = 0; resume() {} };
window.GainNode = class { connect() {} };
window.OscillatorNode = class {
  constructor(audio, { frequency }) { window.heard.push(frequency); }
  connect(next) { return next; }
  start() {}
  stop() {}
};
"""


class Station:
    """One page of a browser, and a scanner."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.faults: list[str] = []
        page.add_init_script(EARS)
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    def scan(self, *texts: str) -> None:
        for text in texts:
            self.page.keyboard.type(text)
            self.page.keyboard.press("Enter")

    def shows(self, words: str, tone: str) -> None:
        outcome = self.page.locator(".omsdesk-outcome")
        expect(outcome).to_contain_text(words)
        expect(outcome).to_have_attribute("data-tone", tone)

    def waits(self, count: int) -> None:
        box = self.page.locator(".omsdesk-waiting")
        if count:
            expect(box.locator("strong")).to_have_text(str(count))
            expect(box).to_be_visible()
        else:
            # After failures it is tried again in 15 s, by a server that may have to start.
            expect(box).to_be_hidden(timeout=60_000)

    @property
    def heard(self) -> list[int]:
        return list(self.page.evaluate("window.heard"))


@pytest.fixture
def rma(transactional_db: None) -> Return:
    factories.site()
    return parcels.approved(parcels=3)


@pytest.fixture
def clerk(rma: Return) -> Any:
    user = staff("ada@shop.example", *RIGHTS)
    user.first_name, user.last_name = "Ada", "North"
    user.save()
    return user


@pytest.fixture
def station(page: Any, sign_in: Any, clerk: Any) -> Iterator[Station]:
    found = Station(page)
    sign_in(page, clerk)
    page.goto(FIND)
    yield found
    assert found.faults == []


def counted() -> int:
    finding = Finding.objects.filter(found="expected").first()
    return int(finding.counted) if finding else 0


def texts() -> list[str]:
    return list(DeskScan.objects.order_by("sequence").values_list("text", flat=True))


def code(rma: Return, sequence: int) -> str:
    return str(rma.parcels.get(sequence=sequence).code)


def test_a_scan_finds_its_box_from_anywhere_and_is_answered_by_sight_and_sound(station, rma):
    page = station.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))

    page.evaluate("document.activeElement.blur()")
    station.scan(code(rma, 1))
    station.shows("The parcel is in.", "ok")
    station.shows("Parcel 1 of 3", "ok")
    assert station.heard == [880]
    # Enter goes on from what was just scanned, and from nothing that was scanned on another page.
    onward = page.get_by_role("link", name="Go on")
    expect(onward.locator("kbd")).to_be_visible()
    page.reload()
    expect(onward).to_be_visible()
    expect(onward.locator("kbd")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(FIND))
    page.get_by_role("link", name="This station").focus()
    page.keyboard.press("F2")
    expect(page.locator("#omsdesk-scan")).to_be_focused()
    page.get_by_role("button", name="Mute").click()
    station.scan(code(rma, 1))
    station.shows("was scanned before", "warn")
    assert station.heard == []
    page.get_by_role("button", name="Mute").click()

    # A wrong digit is told before anything is asked of the server.
    del asked[:]
    wrong = rma.number[:-1] + str((int(rma.number[-1]) + 1) % 10)
    station.scan(wrong)
    station.shows("a digit is wrong", "bad")
    assert asked == []
    assert station.heard[-1] == 190

    # One that must be looked at stays when others follow it.
    station.scan("SKU-L1")
    station.shows("1 of 2", "ok")
    expect(page.locator("[data-oms-station-target=looks]")).to_contain_text(wrong)
    page.keyboard.press("F10")
    expect(page.locator("[data-oms-station-target=looks]")).to_be_hidden()
    assert (rma.desk_scans.count(), counted()) == (3, 1)


def test_what_is_scanned_before_the_scripts_are_there_waits_for_them(station, rma):
    page, box = station.page, station.page.locator("#omsdesk-scan")
    held: dict[str, Any] = {}
    page.route(
        re.compile(r"/admin/(early|station)\.js"),
        lambda route: held.update({Path(urlsplit(route.request.url).path).name: route}),
    )
    with page.expect_request("**/admin/station.js*"):
        page.goto(f"/admin/oms/returns/receive/{rma.pk}/", wait_until="commit")
    # Nobody can type before what keeps it is there.
    expect(page.locator(".omsdesk-box")).to_be_attached()
    expect(box).to_have_count(0)
    held["early.js"].continue_()
    expect(box).to_be_focused()
    station.scan(code(rma, 1), "SKU-L1")
    page.keyboard.type("SKU")
    held["station.js"].continue_()
    station.shows("Counted", "ok")
    expect(box).to_have_value("SKU")
    assert counted() == 1
    assert texts()[-2:] == [code(rma, 1), "SKU-L1"]


def test_what_is_scanned_without_a_connection_waits_and_then_counts_once_and_in_order(station, rma):
    page = station.page
    station.scan(code(rma, 1))
    station.shows("The parcel is in.", "ok")

    page.context.set_offline(True)
    station.scan("SKU-L1")
    station.shows("Kept", "kept")
    station.scan("SKU-L1", code(rma, 2))
    station.waits(3)
    expect(page.get_by_text("There is no connection.")).to_be_visible()
    page.context.set_offline(False)
    station.waits(0)
    station.shows("Parcel 2 of 3", "ok")
    assert texts() == [code(rma, 1), "SKU-L1", "SKU-L1", code(rma, 2)]

    # The server takes them and its answer is lost on the way: sent again, counted once.
    lost: list[str] = []

    def lose(route: Any) -> None:
        if not lost:
            route.fetch()
        lost.append(route.request.post_data)
        route.abort() if len(lost) == 1 else route.continue_()

    page.route("**/scans/", lose)
    station.scan("SKU-L1")
    station.waits(0)
    assert len(lost) >= 2
    assert counted() == 3
    page.unroute("**/scans/")

    station.scan(*["SKU-L1"] * 50)
    station.shows("53 of 2", "warn")
    station.waits(0)
    assert counted() == 53


def test_a_return_is_received_without_a_mouse(station, rma):
    other = parcels.approved(order="SO-2")
    Return.objects.update(source=factories.source())
    page = station.page
    figure = page.locator("[data-oms-line='1'] .omsdesk-counted")
    station.scan(code(rma, 1))
    station.shows("Parcel 1 of 3", "ok")
    page.keyboard.press("Enter")
    expect(page.locator(".omsdesk-bench h2")).to_contain_text(rma.number)

    station.scan("SKU-L1", "+1")
    expect(figure).to_have_text("2")
    page.keyboard.press("F8")
    expect(page.locator("[data-oms-line='1']")).to_contain_text("1 damaged")
    station.scan("+1")
    expect(figure).to_have_text("3")
    page.keyboard.press("F6")
    expect(figure).to_have_text("2")

    # What nobody knows is written down with the number that was read off it.
    station.scan("WHAT-IS-THIS")
    station.shows("Nobody knows this code", "bad")
    page.keyboard.press("F7")
    expect(page.locator("#omsdesk-found-sku")).to_be_focused()
    page.keyboard.press("Enter")
    station.shows("nobody announced it", "warn")
    expect(page.get_by_text("Nobody announced these")).to_be_visible()
    expect(page.locator("#omsdesk-scan")).to_be_focused()

    # Keys are about the last scan, whether it was answered yet or not; "done" waits for all.
    page.context.set_offline(True)
    station.scan("SKU-L1", "3")
    station.waits(2)
    page.keyboard.press("F4")
    station.shows("were not sent yet", "bad")
    page.context.set_offline(False)
    station.waits(0)
    expect(figure).to_have_text("5")
    station.scan(code(other, 1))
    expect(page.locator(".omsdesk-bench h2")).to_contain_text(other.number)
    expect(page).to_have_url(re.compile(f"/receive/{other.pk}/$"))
    station.scan("SKU-L1")
    expect(figure).to_have_text("1")

    page.keyboard.press("F4")
    expect(page.get_by_text("Counted; the ERP was told")).to_be_visible()
    assert [one.counted_at is None for one in Receipt.objects.order_by("pk")] == [True, False]


def test_two_tabs_send_one_after_the_other_and_each_is_answered(station, rma, clerk):
    page = station.page
    other = Station(page.context.new_page())
    other.page.goto(FIND)
    flying: set[Any] = set()
    most: list[int] = []

    def fly(route: Any) -> None:
        """What the page gets is answered already, whatever the next one does then."""
        flying.add(route)
        most.append(len(flying))
        answer = route.fetch()
        flying.discard(route)
        route.fulfill(response=answer)

    station.scan(code(rma, 1))
    station.shows("Parcel 1 of 3", "ok")
    other.scan(code(rma, 2))
    other.shows("Parcel 2 of 3", "ok")

    page.context.set_offline(True)
    station.scan(*["SKU-L1"] * 3)
    other.scan(*["SKU-L1"] * 2, "NOBODY-KNOWS-IT")
    station.waits(6)
    page.context.route("**/scans/", fly)
    page.context.set_offline(False)
    station.waits(0)
    other.waits(0)

    station.shows("Counted on return", "warn")
    other.shows("Nobody knows this code", "bad")
    assert counted() == 5
    assert max(most) == 1
    assert len(set(DeskScan.objects.values_list("tab", flat=True))) == 2
    assert other.faults == []


def test_a_scan_that_is_refused_for_ever_is_put_aside_in_sight_and_holds_up_no_others(station, rma):
    page = station.page
    refuses = [True]

    def refuse(route: Any) -> None:
        is_bad = refuses[0] and "BROKEN-1" in (route.request.post_data or "")
        route.fulfill(status=500, body="") if is_bad else route.continue_()

    page.route("**/scans/", refuse)
    station.scan(code(rma, 1), "BROKEN-1", "SKU-L1", "SKU-L1")
    station.waits(0)
    assert texts() == [code(rma, 1), "SKU-L1", "SKU-L1"]
    aside = page.locator("[data-oms-scans-target=aside]")
    expect(aside).to_contain_text("please look at these")
    expect(aside.get_by_role("listitem")).to_have_count(1)
    expect(aside).to_contain_text("BROKEN-1")
    assert 190 in station.heard

    # It outlives the page, and is the person's to send again or to let go of.
    page.reload()
    expect(aside).to_contain_text("BROKEN-1")
    refuses[0] = False
    aside.get_by_role("button", name="Try again").click()
    station.shows("Nobody knows this code", "bad")
    expect(aside).to_be_hidden()
    assert counted() == 2


def test_a_server_that_takes_nothing_puts_no_scan_aside(station, rma):
    page = station.page
    refused: list[str] = []

    def refuse(route: Any) -> None:
        refused.append(route.request.method)
        route.fulfill(status=500, body="")

    page.route("**/scans/", refuse)
    station.scan(code(rma, 1))
    station.waits(1)
    expect(page.get_by_text("The server can’t take them at the moment.")).to_be_visible()
    with page.expect_request(lambda _: refused.count("POST") > 3):
        pass
    expect(page.locator("[data-oms-scans-target=aside]")).to_be_hidden()
    page.unroute("**/scans/")
    station.waits(0)
    assert texts() == [code(rma, 1)]


def test_a_server_that_went_away_gets_what_was_scanned_meanwhile(station, rma, server):
    station.scan(code(rma, 1))
    station.shows("The parcel is in.", "ok")

    server.kill()
    station.scan("SKU-L1", "SKU-L1")
    station.waits(2)
    server.start()

    station.waits(0)
    assert counted() == 2


def test_scans_outlive_the_session_and_are_sent_by_nobody_else(station, rma, clerk, sign_in):
    page = station.page
    station.scan(code(rma, 1))
    station.shows("The parcel is in.", "ok")

    Session.objects.all().delete()
    station.scan("SKU-L1", "SKU-L1")
    station.waits(2)
    expect(page.get_by_text("You are signed out.")).to_be_visible()

    sign_in(page, staff("ben@shop.example", *RIGHTS))
    expect(page.get_by_text("Somebody else has signed in here since.")).to_be_visible(
        timeout=60_000
    )
    second = page.context.new_page()
    second.goto(FIND)
    expect(second.locator(".omsdesk-others")).to_contain_text("Ada North")
    expect(second.locator(".omsdesk-others strong")).to_have_text("2")
    expect(second.locator(".omsdesk-waiting")).to_be_hidden()
    assert counted() == 0

    sign_in(page, clerk)
    # As after a real sign-in: the token that the page was made with is no longer taken.
    page.context.clear_cookies(name="csrftoken")
    station.waits(0)
    assert counted() == 2
    assert set(DeskScan.objects.values_list("actor", flat=True)) == {clerk.pk}


def test_goods_of_a_return_that_was_withdrawn_are_let_in_by_a_key_of_their_own(station, rma):
    rma.events.create(verb="withdraw", state="cancelled", at=timezone.now())
    Return.objects.filter(pk=rma.pk).update(state="cancelled")
    page = station.page

    station.scan(code(rma, 1))
    station.shows("is over, nothing is counted on it.", "bad")
    page.keyboard.press("Enter")
    expect(page.locator("#omsdesk-standing")).to_contain_text("Withdrawn")
    station.scan("SKU-L1")
    station.shows("is over, nothing is counted on it.", "bad")
    # The key that writes something else down in any other return does nothing here.
    page.keyboard.press("F7")
    page.keyboard.press("F3")
    expect(page.get_by_role("button", name="Done counting")).to_be_visible()
    expect(page.locator("#omsdesk-standing")).not_to_contain_text("This return was over")
    station.scan("SKU-L1")
    station.shows("1 of 2", "ok")

    assert counted() == 1


@pytest.mark.parametrize("sscc", ["", "340123450000000017"])
def test_goods_of_a_parcel_that_was_put_aside_count_on_no_other_and_wait_with_it(
    station, rma, sscc
):
    page = station.page
    rma.parcels.filter(sequence=2).update(sscc=sscc)
    bad = f"]C100{sscc}" if sscc else code(rma, 2)
    refuses = [True]

    def refuse(route: Any) -> None:
        is_bad = refuses[0] and bad in (route.request.post_data or "")
        route.fulfill(status=500, body="") if is_bad else route.continue_()

    page.route("**/scans/", refuse)
    station.scan(code(rma, 1), "SKU-L1", bad, "SKU-L1")
    station.waits(0)
    aside = page.locator("[data-oms-scans-target=aside]")
    expect(aside.get_by_role("listitem")).to_have_text([re.compile(bad), re.compile("SKU-L1")])
    station.scan("SKU-L1")
    expect(aside.get_by_role("listitem")).to_have_count(3)
    assert counted() == 1

    # The next parcel goes on; what waits takes its place again behind its own.
    station.scan(code(rma, 3), "SKU-L1")
    station.shows("2 of 2", "ok")
    refuses[0] = False
    aside.get_by_role("button", name="Try again").click()
    station.shows("more than expected", "warn")
    expect(aside).to_be_hidden()
    station.waits(0)
    assert counted() == 4
    assert texts()[2:5] == [bad, "SKU-L1", "SKU-L1"]
