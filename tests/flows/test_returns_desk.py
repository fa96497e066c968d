"""Thirty parcels of twelve returns at the returns desk, with a scanner and a keyboard: scanned,
received, inspected, decided, put away; at the ERP, and on the customers' open pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest

from tests.demo import Site
from tests.services import wait_until

from .desk import PATIENCE, Desk, practice
from .people import enter


pytestmark = [pytest.mark.browser, pytest.mark.once]

# By their place among the demo's twelve.
SHORT, UNEXPECTED, OFFLINE, DAMAGED, OVER = 1, 4, 5, 6, 9
CUSTOMERS = {
    SHORT: "buyer@hafenwerk-pumpen.example",
    UNEXPECTED: "buyer@hafenwerk-polska.example",
    DAMAGED: "returns@ardeche.example",
    OVER: "buyer@fenland.example",
}
STRANGE = "RS-BASL-40"
Returns = list[dict[str, Any]]


@pytest.fixture(scope="module")
def returns(site: Site) -> Returns:
    site.press("return_pace", seconds=1)
    site.manage("load_example_returns", "--only-desk")
    found = practice(site)
    assert (len(found), sum(len(each["parcels"]) for each in found)) == (12, 30)
    return found


@pytest.fixture(scope="module")
def desk(site: Site, browser: Any) -> Iterator[Desk]:
    desk = Desk(site, browser, "returns@brannfeld.example")
    yield desk
    desk.context.close()


@pytest.fixture(scope="module")
def pages(site: Site, browser: Any, returns: Returns) -> Iterator[dict[int, Any]]:
    """What four customers have open all the while, and never load anew."""
    found = {}
    for place, email in CUSTOMERS.items():
        page = found[place] = enter(site, browser, email)
        page.goto(f"/portal/returns/{returns[place]['number']}/")
        page.locator("oms-live[data-state=live] .oms-fragment").first.wait_for()
        page.evaluate("window.untouched = true")
    yield found
    for page in found.values():
        page.context.close()


def shows(page: Any, words: str) -> None:
    """The open page comes to show it, by itself."""
    page.locator("oms-live", has_text=words).first.wait_for(timeout=PATIENCE * 1000)
    assert page.evaluate("window.untouched") is True


def at_erp(site: Site, number: str) -> dict[str, Any]:
    return next(told for told in site.state()["returns"] if told["number"] == number)


def expected(place: int, line: dict[str, Any]) -> str:
    """How many of a line come in this story."""
    more = {SHORT: -1, OVER: 1}.get(place, 0)
    return str(int(line["quantity"]) + more)


def code_of(line: dict[str, Any], serial: str = "") -> str:
    """What a scanner reads off an article: its EAN, or with a serial number a DataMatrix (GS1
    General Specifications 3.2)."""
    return f"]d201{line['gtin']:0>14}21{serial}" if serial else f"]E0{line['gtin']}"


def read_off(desk: Desk, place: int, line: dict[str, Any]) -> None:
    """Each by its serial number; else one by one up to three, and many with a figure."""
    if line["serials"]:
        return desk.scan(*(code_of(line, serial) for serial in line["serials"]))
    count = int(expected(place, line))
    if count > 3:
        return desk.scan(code_of(line), str(count))
    return desk.scan(*[code_of(line)] * count)


def write_down_what_nobody_announced(desk: Desk) -> None:
    desk.press("F7")
    desk.page.locator("#omsdesk-found-sku").wait_for()
    desk.type(STRANGE, "Tab")
    desk.type("A shaft seal", "Enter")


def test_a_pallet_is_worked_off_without_a_mouse(
    site: Site, desk: Desk, returns: Returns, pages: dict[int, Any]
) -> None:
    parcels = [code for each in returns for code in each["parcels"]]
    desk.open("/admin/oms/returns/")
    desk.scan(*parcels[:12])
    desk.all_sent()
    with desk.offline():
        desk.scan(*parcels[12:22])
        assert desk.waiting == 10
        desk.page.get_by_text("There is no connection.").wait_for()
    desk.scan(*parcels[22:])
    desk.all_sent()
    desk.says("Parcel 3 of 3")
    shows(pages[SHORT], "All your parcels have reached us.")

    # The same parcel once more, and a number that was read wrong.
    desk.scan(parcels[0])
    desk.says("was scanned before")
    desk.scan(parcels[0][:-1] + str((int(parcels[0][-1]) + 1) % 10))
    desk.says("a digit is wrong")

    benches = []
    for place, each in enumerate(returns):
        benches.append(_receive(desk, place, each))
        _inspect(desk, place)
        labels = desk.print_put_away()
        for line in each["lines"]:
            assert any(line["sku"] in label for label in labels), (line["sku"], labels)
        assert all(each["number"] in label for label in labels), labels

    assert not desk.used_mouse
    _follow(pages)
    _settled(site, returns)
    for place in (SHORT, OVER):
        shows(pages[place], at_erp(site, returns[place]["number"])["credit_note"]["number"])
    for place, each in enumerate(returns):
        counts = [expected(place, line) for line in each["lines"]]
        told = at_erp(site, each["number"])["lines"]
        assert [line["received"] for line in told] == counts, each["number"]
        assert desk.counted_of(benches[place]) == counts, each["number"]


def _receive(desk: Desk, place: int, told: dict[str, Any]) -> str:
    """Count all of it; of one return without a network."""
    bench = desk.receive(told["number"])
    with desk.offline() if place == OFFLINE else nullcontext():
        for line in told["lines"]:
            read_off(desk, place, line)
    if place == DAMAGED:
        desk.press("F8")
    if place == UNEXPECTED:
        write_down_what_nobody_announced(desk)
    desk.comes_to_count(*(expected(place, line) for line in told["lines"]))
    desk.done_counting()
    return bench


def _inspect(desk: Desk, place: int) -> None:
    """As suggested where all is whole; the broken one gets a grade by which it goes back."""
    desk.press("F4")
    if place == DAMAGED:
        desk.page.locator(".omsdesk-goods-counts", has_text="1 piece to be judged").first.wait_for()
        desk.press("F2")
        desk.type("3", "Enter")
        desk.press("Enter")
    desk.judged()


def _follow(pages: dict[int, Any]) -> None:
    shows(pages[SHORT], "We counted 1 of 2 pieces.")
    shows(pages[OVER], "We counted all 4 pieces, and 1 piece more than announced.")
    shows(pages[UNEXPECTED], "A shaft seal")
    shows(pages[DAMAGED], "1 of them came damaged.")
    shows(pages[DAMAGED], "We send 1 piece back to you.")
    shows(pages[DAMAGED], "Parcel to you")
    for page in pages.values():
        shows(page, "Decided by our returns desk.")


def _settled(site: Site, returns: Returns) -> None:
    """The ERP has made all of it good, by itself."""
    numbers = {each["number"] for each in returns}

    def settled() -> bool:
        stages = [told for told in site.state()["returns"] if told["number"] in numbers]
        return all(told["stage"] == "settled" for told in stages)

    wait_until(settled, "the ERP settled all of it", PATIENCE)
