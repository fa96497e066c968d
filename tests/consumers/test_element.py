"""<oms-live> in Debian's Chromium, under a strict content policy with Trusted Types."""

from __future__ import annotations

from typing import Any

import pytest

from oms_portal.customers.models import Membership
from tests import factories

from . import boards


pytestmark = [pytest.mark.browser, pytest.mark.once]

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
    page.wait_for_function("text => document.body.innerText.includes(text)", arg=text)


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


def test_a_form_turns_the_page_by_all_of_its_fields(watched: Any, acme: Any) -> None:
    live = f"/fragments/{acme.pk}/"
    watched.evaluate(
        "(src) => document.querySelector('oms-live').setAttribute('src', src)",
        f"{live}?lang=en&place=&sort=old",
    )
    watched.wait_for_selector(LIVE)
    for box in watched.locator("[name=tick]").all():
        box.check()
    watched.locator("[name=place]").fill("S 1&2")
    watched.locator("[name=place]").press("Enter")
    watched.wait_for_function(
        "src => document.querySelector('oms-live').getAttribute('src') == src",
        arg=f"{live}?place=S+1%262&tick=a&tick=b&by=hand&lang=en",
    )
    watched.wait_for_function("() => document.activeElement.classList.contains('oms-fragment')")
    watched.click("a[data-oms-page]")
    watched.wait_for_function(
        "src => document.querySelector('oms-live').getAttribute('src') == src",
        arg=f"{live}?place=S4&lang=en",
    )
    assert watched.complaints == []


def test_a_page_that_cannot_be_turned_leaves_what_was_there(watched: Any, acme: Any) -> None:
    field = watched.locator("[name=place]")
    field.fill("broken")
    field.press("Enter")
    watched.wait_for_selector("oms-live [data-note=error]:visible")
    watched.wait_for_function(
        "() => document.querySelector('[role=status]').textContent == 'error'"
    )
    assert "Acme" in watched.inner_text("[data-part=name]")
    assert watched.get_attribute("oms-live", "src") == f"/fragments/{acme.pk}/"
    assert watched.evaluate("document.activeElement.name") == "place"

    boards.rename(acme, "Still live")
    shows(watched, "Still live")
    assert watched.query_selector_all("[data-note]:visible") == []


def test_ticked_boxes_of_one_name_are_told_apart_when_a_part_is_replaced(
    watched: Any,
) -> None:
    assert watched.evaluate("""async () => {
      const live = document.querySelector("oms-live"), root = live.firstElementChild;
      root.querySelector("[value=b]").checked = true;
      live.hear({op: "snap", v: 1e6, html: root.outerHTML.replace(">Search<", ">Find<")});
      return [root.querySelector("button").textContent, live.querySelector("[value=a]").checked,
              live.querySelector("[value=b]").checked];
    }""") == ["Find", False, True]


def test_the_editors_words_stand_where_they_belong(
    page: Any, sign_in: Any, acme: Any, ann: Any
) -> None:
    page.goto(f"/boards/{acme.pk}/?own")
    page.wait_for_selector("oms-live[data-state=signed-out]")
    assert page.inner_text("oms-live").strip() == "Our customers sign in here"

    sign_in(page, ann)
    page.reload()
    page.wait_for_selector(LIVE)
    assert not page.get_by_text("Help is near").is_visible()
    boards.rename(acme, "Late Acme")
    page.get_by_text("Help is near").wait_for()
    boards.rename(acme, "Acme")
    page.get_by_text("Help is near").wait_for(state="hidden")


def test_a_pause_holds_everything_still_and_its_end_shows_the_newest(
    watched: Any, acme: Any, ann: Any
) -> None:
    feed = factories.company("FEED", name="Feed")
    factories.member(ann, feed)
    watched.goto(f"/boards/{acme.pk}/?feed={feed.pk}")
    watched.wait_for_function(f"() => document.querySelectorAll('{LIVE}').length == 2")
    button = watched.get_by_role("button", name="Pause")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    # Before the others, so that it has come when the pause ends: all is said in one go then.
    boards.rename(feed, "Later")
    for name in ("One", "Two"):
        boards.rename(acme, name)
        count = "n => document.querySelector('.oms-pause-count').textContent == n"
        watched.wait_for_function(count, arg="1" if name == "One" else "2")
    assert "Acme" in watched.inner_text("oms-live") and "Two" not in watched.inner_text("body")
    assert watched.inner_text("[role=status]") == ""

    button.click()
    shows(watched, "Later")
    text = watched.inner_text("body")
    assert "Two" in text and "One" not in text and "Waiting: 0" in text
    watched.wait_for_function(
        "() => document.querySelector('[role=status]').textContent.includes('Now Two')"
    )
    boards.rename(acme, "On it goes")
    shows(watched, "On it goes")


def test_a_withdrawn_right_waits_for_no_pause(watched: Any, acme: Any, ann: Any) -> None:
    feed = factories.company("FEED", name="Feed")
    factories.member(ann, feed)
    watched.goto(f"/boards/{acme.pk}/?feed={feed.pk}")
    watched.wait_for_function(f"() => document.querySelectorAll('{LIVE}').length == 2")
    watched.get_by_role("button", name="Pause").click()
    Membership.objects.get(user=ann, company=acme).delete()
    watched.get_by_text("Not here").wait_for()
    assert "Acme" not in watched.inner_text("body")


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
