"""<oms-live> in Debian's Chromium, under a strict content policy with Trusted Types."""

from __future__ import annotations

from typing import Any

import pytest

from oms_portal.customers.models import Membership
from tests import factories

from . import boards


pytestmark = pytest.mark.browser

SERVED = {
    "application": "tests.consumers.serving:application",
    "DJANGO_SETTINGS_MODULE": "tests.consumers.served",
    "PORTAL": '{"SWEEP": 0.1, "RIGHTS_SWEEP": 0.3}',
}
LIVE = "oms-live[data-state=live]"


@pytest.fixture
def server(start_server: Any) -> Any:
    return start_server(**SERVED)


@pytest.fixture
def watched(page: Any, sign_in: Any, acme: Any, ann: Any) -> Any:
    """Ann's window with Acme's board, live; whatever the browser complains of is an error."""
    page.complaints = []
    page.on(
        "console", lambda said: page.complaints.append(said.text) if said.type == "error" else 0
    )
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    sign_in(page, ann)
    page.goto(f"/boards/{acme.pk}/")
    page.wait_for_selector(LIVE)
    return page


def shows(page: Any, text: str) -> None:
    page.wait_for_function(
        "text => document.body.innerText.includes(text)", arg=text, timeout=10_000
    )


def test_a_block_fills_itself_and_stays_current(watched: Any, acme: Any) -> None:
    shows(watched, "Acme")
    assert "Sign in" not in watched.inner_text("oms-live")
    assert watched.query_selector_all("[data-note]:visible") == []

    boards.rename(acme, "Acme & Sons <b>")

    shows(watched, "Acme & Sons <b>")
    assert watched.complaints == []


def test_the_change_is_said_once_in_the_one_status_region(watched: Any, acme: Any) -> None:
    status = watched.locator("[role=status]")
    assert status.count() == 1
    assert status.inner_text() == ""

    boards.rename(acme, "Acme 2")

    shows(watched, "Acme 2")
    watched.wait_for_function(
        "() => document.querySelector('[role=status]').textContent == 'Now Acme 2'"
    )


def test_what_is_typed_survives_and_focus_stays(watched: Any, acme: Any) -> None:
    field = watched.locator("input[name=note]")
    field.fill("call me")
    field.focus()

    boards.rename(acme, "Acme 2")

    watched.wait_for_function(
        "() => document.querySelector('[data-part=name]').textContent == 'Acme 2'"
    )
    assert watched.evaluate("document.activeElement.name") == "note"
    assert field.input_value() == "call me"
    # The label changed too; it waits until nobody types beside it.
    boards.rename(acme, "Bolts")
    watched.wait_for_function(
        "() => document.querySelector('[data-part=name]').textContent == 'Bolts'"
    )
    assert "Acme" in watched.inner_text("[data-part=note]")
    watched.locator("#elsewhere").focus()
    watched.wait_for_function(
        "() => document.querySelector('[data-part=note]').innerText.includes('Bolts')"
    )
    assert field.input_value() == "call me"


def test_untouched_parts_are_left_alone(watched: Any, acme: Any) -> None:
    watched.evaluate("document.querySelector('[data-part=links]').marked = true")
    boards.rename(acme, "Bolt")
    shows(watched, "Bolt")
    assert watched.evaluate("document.querySelector('[data-part=links]').marked === true")


def test_many_blocks_share_one_socket(page: Any, sign_in: Any, acme: Any, ann: Any) -> None:
    others = [factories.company(f"C{n}", name=f"Company {n}") for n in range(30)]
    for other in others:
        factories.member(ann, other)
    sockets: list[Any] = []
    page.on("websocket", lambda socket: sockets.append(socket))
    sign_in(page, ann)
    page.goto(f"/boards/{','.join(str(c.pk) for c in [acme, acme, *others])}/")
    page.wait_for_function(f"() => document.querySelectorAll('{LIVE}').length == 32")
    assert len(sockets) == 1

    boards.rename(acme, "Twice")
    page.wait_for_function("() => document.body.innerText.split('Twice').length >= 3")


def test_it_comes_back_after_a_crash_with_the_newest(watched: Any, server: Any, acme: Any) -> None:
    server.kill()
    watched.wait_for_selector("oms-live[data-state=reconnecting] [data-note=reconnecting]:visible")
    boards.rename(acme, "While it was down")
    server.start()
    shows(watched, "While it was down")
    watched.wait_for_selector(LIVE)


def test_a_sleeping_window_wakes_up_to_the_newest(watched: Any, acme: Any) -> None:
    watched.context.set_offline(True)
    watched.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    boards.rename(acme, "While it slept")
    watched.context.set_offline(False)
    watched.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    shows(watched, "While it slept")


def test_a_withdrawn_right_empties_the_block(watched: Any, ann: Any) -> None:
    Membership.objects.get(user=ann).delete()
    watched.get_by_text("Not here").wait_for()
    assert watched.get_attribute("oms-live", "data-state") == "gone"
    assert "Acme" not in watched.inner_text("body")


def test_signing_out_elsewhere_empties_the_block(watched: Any, ann: Any) -> None:
    ann.set_password("another horse 8 battery")
    ann.save()
    watched.wait_for_selector("oms-live[data-state=signed-out]")
    assert "Please sign in" in watched.inner_text("oms-live")
    assert "Acme" not in watched.inner_text("body")


def test_strangers_and_foreigners_see_the_servers_words(
    page: Any, new_page: Any, sign_in: Any, acme: Any, ann: Any
) -> None:
    page.goto(f"/boards/{acme.pk}/")
    page.wait_for_selector("oms-live[data-state=signed-out]")
    assert page.inner_text("oms-live") == "Please sign in"

    other = factories.company("OTHER", name="Secret")
    member = new_page()
    sign_in(member, ann)
    member.goto(f"/boards/{other.pk}/")
    member.wait_for_selector("oms-live[data-state=gone]")
    assert member.inner_text("oms-live") == "Not here"


def test_an_old_ticket_is_renewed_by_itself(watched: Any, server: Any, acme: Any) -> None:
    watched.evaluate("document.querySelector('oms-live').ticket = 'stale'")
    server.kill()
    watched.wait_for_selector("oms-live[data-state=reconnecting]")
    server.start()
    watched.wait_for_selector(LIVE)
    boards.rename(acme, "Renewed")
    shows(watched, "Renewed")


def test_a_pager_turns_the_page_in_place(watched: Any, acme: Any) -> None:
    watched.click("a[data-oms-page]")
    watched.wait_for_function(
        "() => document.querySelector('oms-live').getAttribute('src').includes('S4')"
    )
    watched.wait_for_selector(LIVE)
    watched.wait_for_function("() => document.activeElement.classList.contains('oms-fragment')")
    assert watched.url.endswith(f"/boards/{acme.pk}/")
    boards.rename(acme, "On page two")
    shows(watched, "On page two")


def test_without_sockets_the_page_polls(new_page: Any, sign_in: Any, acme: Any, ann: Any) -> None:
    window = new_page()
    window.add_init_script(
        "window.WebSocket = class {"
        "  constructor() { setTimeout(() => this.onclose({code: 1006})) }"
        "  close() {}"
        "};"
        "const wait = window.setTimeout;"
        "window.setTimeout = (work, ms, ...rest) => wait(work, (ms || 0) / 50, ...rest);"
    )
    sign_in(window, ann)
    window.goto(f"/boards/{acme.pk}/")
    window.wait_for_selector("oms-live[data-state=stale] [data-note=stale]:visible")
    boards.rename(acme, "By polling")
    shows(window, "By polling")
