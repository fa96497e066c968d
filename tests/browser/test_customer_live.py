"""A customer at a host's strictest page, with every block on it, and by the keyboard alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Page

from oms_portal.blocks import portal_blocks
from oms_portal.erp.models import Source
from oms_portal.orders.models import Order
from oms_portal.orders.personal import SavedView
from tests import factories, wire
from tests.server import Server
from tests.site.models import BlockPage


pytestmark = [pytest.mark.browser, pytest.mark.once]

LISTEN = """() => {
  window.stopped = []; window.said = [];
  addEventListener("securitypolicyviolation", (event) =>
    window.stopped.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
  addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
    const words = document.querySelector(".oms-status")?.textContent;
    if (words) window.said.push(words);
  }).observe(document.body, {childList: true, subtree: true}));
}"""
# What has the focus: its name, whether it is seen, whether its outline is.
FOCUS = """() => {
  const each = document.activeElement, style = getComputedStyle(each);
  const box = (each.closest("label") ?? each).getBoundingClientRect();
  const name = each.getAttribute("aria-label") || each.closest("label")?.innerText
    || each.innerText || each.value || each.className;
  return {tag: each.tagName, name: name.trim().replace(/\\s+/g, " "), top: box.top + scrollY,
    seen: each.checkVisibility() && box.width > 1 && box.bottom > 0 && box.top < innerHeight,
    // The parts of a date are outlined by the browser.
    outline: each.type === "date" || style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2};
}"""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """Somebody at C1 with orders of every kind; all tests of this module share it."""
    with django_db_blocker.unblock():
        yield _world()
        call_command("flush", verbosity=0, interactive=False)


BODY = [{"type": name, "value": {"heading": name}} for name, _ in portal_blocks()]


def _world() -> Any:
    page = BlockPage(title="Service", slug="service", body=json.dumps(BODY))
    Page.objects.get(pk=factories.site().root_page_id).add_child(instance=page)
    company = factories.customer("C1", addresses=[wire.address(), wire.address("S2")])
    for number in range(30):
        factories.order(f"SO-{number}", "C1", placed_at=f"2026-10-{number + 1:02}T08:00:00Z")
    lines = [wire.line(f"L{number}", description=f"Item {number}") for number in range(60)]
    factories.order("SO-90", "C1", lines=lines, shipments=[wire.shipment()])
    Source.objects.update(last_heard_at=timezone.now())
    person = factories.person(company=company)
    SavedView.objects.create(user=person, company=company, name="Late ones", query="scope=late")
    return person


@pytest.fixture(scope="module")
def server(world: Any, tmp_path_factory: Any) -> Iterator[Server]:
    server = Server(Path(tmp_path_factory.mktemp("customer")) / "server.log")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def window(
    world: Any, new_page: Callable[..., Any], sign_in: Callable[[Any, Any], None]
) -> Iterator[Any]:
    """The customer's window; what its policy stops is a fault of whichever test does it."""
    page = new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(f"({LISTEN})()")
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    sign_in(page, world)
    yield page
    assert page.errors == []
    assert page.evaluate("window.stopped") == []


def live(page: Any, count: int | None = None) -> None:
    from playwright.sync_api import expect

    if count is not None:
        expect(page.locator("oms-live[data-state=live]")).to_have_count(count)
    waiting = "oms-live:has(.oms-fragment):not([data-state=live])"
    expect(page.locator(waiting)).to_have_count(0)
    expect(page.locator("oms-live[data-state=live]").first).to_be_attached()
    expect(page.locator("[aria-busy]")).to_have_count(0)


def sentence(page: Any) -> str:
    """What was said since it was asked last."""
    return str(page.evaluate("() => [...new Set(window.said.splice(0))].join(' | ')"))


@pytest.mark.django_db
def test_a_page_of_every_block_can_be_published() -> None:
    page = BlockPage(title="Service", slug="service", body=json.dumps(BODY))
    blocks = page.body.stream_block.clean(page.body)
    assert [block.block_type for block in blocks] == [name for name, _ in portal_blocks()]


def test_a_page_with_every_block_lives_under_the_strictest_policy(window: Any) -> None:
    from playwright.sync_api import expect

    window.goto("/service/?order=SO-90")
    live(window, len(portal_blocks()) + 1)
    assert window.locator("[role=status]").count() == 1
    assert window.locator("[role=status]").text_content() == ""

    orders = window.locator("oms-live", has=window.locator(".oms-orders"))
    orders.get_by_role("searchbox").fill("SO-1")
    orders.get_by_role("button", name="Search").click()
    expect(orders.locator(".oms-active")).to_contain_text("SO-1")
    orders.locator(".oms-active-link").first.click()
    expect(orders.locator(".oms-active-link")).to_have_count(0)
    orders.get_by_role("link", name="Older orders").click()
    expect(orders.locator(".oms-orders")).to_be_focused()
    live(window)
    detail = window.locator("oms-live", has=window.locator(".oms-order"))
    detail.get_by_role("searchbox").first.fill("Item 7")
    detail.get_by_role("button", name="Find").first.click()
    expect(detail.locator(".oms-line")).to_have_count(1)
    live(window)

    pause = window.get_by_role("button", name="Pause live updates")
    pause.click()
    lines = [wire.line(f"L{number}", description=f"Item {number}") for number in range(60)]
    factories.order("SO-90", "C1", 2, lines=lines, on_hold=True, shipments=[wire.shipment()])
    expect(window.locator(".oms-pause-count")).not_to_have_text("0")
    assert sentence(window) == ""
    pause.click()
    expect(detail.locator(".oms-head")).to_contain_text("On hold")
    expect(window.locator("[role=status]")).to_contain_text("SO-90")
    assert window.locator("[role=status]").count() == 1


@pytest.mark.parametrize("path", ["/service/", "/portal/orders/SO-29/"])
def test_a_change_that_many_blocks_show_is_said_in_one_sentence(window: Any, path: str) -> None:
    from playwright.sync_api import expect

    window.goto(path)
    live(window)
    assert window.locator("[role=status]").text_content() == ""
    order = Order.objects.get(ref="SO-29")
    held, placed_at = not order.on_hold, "2026-10-30T08:00:00Z"
    factories.order("SO-29", "C1", order.version + 1, on_hold=held, placed_at=placed_at)
    expect(window.locator("[role=status]")).to_contain_text("SO-29")
    said = str(window.locator("[role=status]").text_content())
    assert said.count("SO-29") == 1 and "SO-90" not in said, said


class Walk:
    """Tab by tab; every stop must be seen, outlined and below or beside the one before."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.stops: list[str] = []

    def step(self, key: str = "Tab") -> str:
        self.page.keyboard.press(key)
        at = self.page.evaluate(FOCUS)
        if at["tag"] == "BODY":
            return ""
        assert at["seen"] and at["outline"], at
        self.stops.append(at["name"])
        return str(at["name"])

    def to(self, name: str, most: int = 90) -> None:
        for _ in range(most):
            if name in self.step():
                return
        raise AssertionError(f"{name!r} is not reached: {self.stops}")

    def to_the_end(self, most: int = 200) -> int:
        """No trap: the last stop leads out of the page."""
        for number in range(most):
            if not self.step():
                return number
        raise AssertionError(f"no end: {self.stops[-9:]}")


def test_the_list_is_used_by_the_keyboard_alone(window: Any) -> None:
    from playwright.sync_api import expect

    window.goto("/portal/orders/")
    live(window)
    walk = Walk(window)
    assert walk.step() == "Skip to the content"
    window.keyboard.press("Enter")
    walk.to("Order, your reference", 3)
    assert not [stop for stop in walk.stops if stop == "Sign out"]
    window.keyboard.type("SO-2")
    window.keyboard.press("Enter")
    expect(window.locator(".oms-active")).to_contain_text("SO-2")
    expect(window.locator(".oms-orders")).to_be_focused()

    # The turned page is gone on with from its top.
    walk.to("Filter")
    window.keyboard.press("Enter")
    walk.to("On hold")
    window.keyboard.press("Space")
    walk.to("Show orders")
    window.keyboard.press("Enter")
    expect(window.locator(".oms-active-link")).to_have_count(2)
    expect(window.locator(".oms-orders")).to_be_focused()
    walk.to("SO-2")
    window.keyboard.press("Enter")
    expect(window.locator(".oms-active-link")).to_have_count(1)
    expect(window.locator(".oms-orders")).to_be_focused()
    walk.to("Clear")
    window.keyboard.press("Enter")
    expect(window.locator(".oms-active-link")).to_have_count(0)
    expect(window.locator(".oms-orders")).to_be_focused()
    walk.to("Older orders")
    window.keyboard.press("Enter")
    expect(window.locator(".oms-table")).to_contain_text("SO-0")
    expect(window.locator(".oms-orders")).to_be_focused()
    walk.to("Late ones")
    window.keyboard.press("Enter")
    expect(window.locator(".oms-view[aria-current]")).to_have_text("Late ones")
    expect(window.locator(".oms-orders")).to_be_focused()
    assert walk.to_the_end() > 3


@pytest.mark.parametrize(
    ("path", "stops"),
    [
        ("/portal/", ["Overview", "All orders", "All delivery updates", "Pause live updates"]),
        ("/portal/updates/", ["Only updates of one order", "Show updates", "Mark all as read"]),
        ("/portal/documents/", ["Number of the document", "Kind", "Show"]),
        ("/portal/orders/SO-90/", ["All orders", "Find a line", "Find", "Pause live updates"]),
        ("/portal/orders/SO-90/deliveries/D1/packing-list/", ["Back to the order", "Download"]),
    ],
)
def test_every_page_is_walked_through_without_a_trap(
    window: Any, path: str, stops: list[str]
) -> None:
    window.goto(path)
    if "packing" not in path:
        live(window)
    for fold in window.locator("main summary").all()[:3]:
        fold.focus()
        window.keyboard.press("Enter")
    window.evaluate("scrollTo(0, 0); document.activeElement.blur()")
    window.locator(".oms-page-skip").focus()
    walk = Walk(window)
    walk.to_the_end()
    for stop in stops:
        assert any(stop in each for each in walk.stops), (stop, walk.stops)


def test_focus_stays_through_a_push_and_goes_on_from_there(window: Any) -> None:
    from playwright.sync_api import expect

    window.goto("/portal/orders/")
    live(window)
    link = window.locator(".oms-order-link").nth(3)
    link.focus()
    name = link.inner_text()
    factories.order("SO-0", "C1", 2, on_hold=True, placed_at="2026-10-01T08:00:00Z")
    expect(window.locator("[role=status]")).to_contain_text("SO-0 ")
    assert window.evaluate("document.activeElement.innerText") == name
    window.keyboard.press("Tab")
    assert window.evaluate("document.activeElement.tagName") == "A"
