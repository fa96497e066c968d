"""From a customer's wish to the ERP and back: through every process, and every kind of trouble."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from tests.demo import Site
from tests.services import wait_until

from .people import PHONE, ask, enter, form_of, read, watch


pytestmark = pytest.mark.browser

BUYER, COLLEAGUE = "buyer@hafenwerk.example", "admin@hafenwerk.example"
SPLIT, UNPLANNED, BRANCH = "SO-110001", "SO-110004", "LY-110009"
KEPT = "kept and passed on by itself as soon as that is possible"
# So long anything may take on a busy machine.
PATIENCE = 90


def commands(site: Site, order: str) -> list[dict[str, Any]]:
    """What came to the ERP for an order, the newest first."""
    return list(site.state(order=order)["commands"])


def carried_out(site: Site, order: str) -> dict[str, Any]:
    """The newest command of an order, once the ERP has carried it out."""

    def look() -> dict[str, Any] | None:
        found = commands(site, order)
        return found[0] if found and found[0]["answered"] == "applied" else None

    return dict(wait_until(look, f"the ERP carries {order} out", PATIENCE))


def says(page: Any, path: str, words: str) -> None:
    wait_until(lambda: words in read(page, path), f"{path} says “{words}”", PATIENCE)


def shows(page: Any, words: str) -> None:
    """The open page comes to show it, by itself."""
    page.locator("oms-live", has_text=words).first.wait_for(timeout=PATIENCE * 1000)


def test_a_split_order_is_changed_as_far_as_it_can_through_an_offer_and_an_outage(
    site: Site, browser: Any
) -> None:
    colleague = watch(enter(site, browser, COLLEAGUE), SPLIT)
    buyer = watch(enter(site, browser, BUYER), SPLIT)
    limits = buyer.locator(".oms-limit")
    picked = limits.filter(has_text="Being picked").first.inner_text()
    planned = limits.filter(has_text="Planned").first.inner_text()
    assert "You can change this until" in planned and "Change delivery" in planned
    assert "It is already being picked." in picked
    assert "Change delivery" not in picked

    # The ERP has another idea of the day.
    site.press("behave", mode="counter", about=SPLIT, count=1)
    buyer.goto(f"/portal/orders/{SPLIT}/change/")
    buyer.get_by_label("Deliver to").select_option("HW-2")
    buyer.get_by_role("button", name="Send the request").click()
    words = "stays as it is: It is already being picked."
    buyer.locator("main", has_text=words).wait_for()
    assert commands(site, SPLIT) == []
    buyer.get_by_role("button", name="Send the request").click()
    shows(colleague, "Another offer")
    colleague.locator("[data-part=changes]", has_text="Am Industriegleis 4").wait_for()
    assert commands(site, SPLIT)[0]["effects"] == 0

    phone = enter(site, browser, BUYER, **PHONE)
    phone.goto(f"/portal/orders/{SPLIT}/")
    with phone.expect_navigation():
        phone.get_by_role("link", name="Accept or decline").first.click()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.get_by_role("button", name="Accept the offer").click()
    shows(phone, "It is done.")
    shows(colleague, "1 request was answered lately")
    assert carried_out(site, SPLIT)["effects"] == 1
    assert colleague.evaluate("window.untouched") is True

    # The ERP is gone, and the next wish with it waits for better days.
    site.kill("erp")
    wish = ask(buyer, SPLIT, scope="order", instructions="Ring twice")
    wish = confirmed(buyer, wish)
    says(buyer, wish, KEPT)
    shows(colleague, KEPT)
    site.kill("worker")
    site.kill("web0")
    site.start_worker()
    site.start_web()
    says(buyer, wish, KEPT)
    site.start_erp(orders=2)
    assert carried_out(site, SPLIT)["effects"] == 1
    says(buyer, wish, "It is done.")
    shows(colleague, "2 requests were answered lately")
    assert colleague.evaluate("window.untouched") is True
    assert [command["effects"] for command in commands(site, SPLIT)] == [1, 1, 0]
    for page in (buyer, phone, colleague):
        page.context.close()


def confirmed(page: Any, wish: str) -> str:
    """What was to be looked at first is sent."""
    page.goto(wish)
    page.get_by_role("button", name="Send the request").click()
    return wish


class Case(NamedTuple):
    """What the ERP does to the first delivery of a command, how it ends there, and what the
    customer reads then."""

    mode: str
    effects: int = 1
    words: str = "It is done."
    seconds: float = 0


CASES = (
    Case("slow", seconds=1),
    Case("hang", seconds=20),
    Case("lose_answer"),
    Case("drop_line"),
    Case("fail"),
    Case("busy"),
    Case("html"),
    Case("nothing"),
    Case("refuse", 0, "Nothing was changed."),
    Case("accept_only", 0, "being carried out"),
)


@pytest.fixture(scope="module")
def buyer(site: Site, browser: Any) -> Any:
    return enter(site, browser, BUYER)


@pytest.fixture(scope="module")
def asked(site: Site, buyer: Any) -> dict[str, tuple[str, str]]:
    """By mode: an order that the ERP treats like that once, and the request made for it."""
    made = {}
    for case in CASES:
        order = UNPLANNED if case.mode == "drop_line" else _new_order(site)
        site.press("behave", mode=case.mode, about=order, count=1, seconds=case.seconds, code="NO")
        made[case.mode] = (order, ask(buyer, order, instructions=f"Ramp {case.mode}"))
    return made


def _new_order(site: Site) -> str:
    """One that is worth little, so that nobody looks at it first."""
    lines = [["6204-2RS", 10]]
    return str(site.press("new_order", company="C-10001", lines=lines, wait=True)["order"])


@pytest.mark.once
@pytest.mark.parametrize("case", CASES, ids=[case.mode for case in CASES])
def test_whatever_the_erp_does_a_wish_takes_effect_once_and_the_page_tells_the_truth(
    site: Site, buyer: Any, asked: dict[str, tuple[str, str]], case: Case
) -> None:
    order, wish = asked[case.mode]
    says(buyer, wish, case.words)
    (command,) = commands(site, order)
    assert command["effects"] == case.effects
    assert case.mode not in ("fail", "busy", "html", "nothing") or command["deliveries"] > 1
    if case.mode == "drop_line":
        # The ERP's word on the order comes by another way than its answer.
        page = f"/portal/orders/{order}/"
        wait_until(lambda: "RS-BASL-40" not in read(buyer, page), "the line is gone", PATIENCE)
        assert "6308-C3" in read(buyer, page)
    if case.mode == "refuse":
        wait_until(lambda: _mails(site, order), "the buyer is written to", PATIENCE)
    if case.mode == "accept_only":
        site.press("settle")
        says(buyer, wish, "It is done.")
        assert commands(site, order)[0]["effects"] == 1


def _mails(site: Site, order: str) -> list[str]:
    folder = site.folder / "mail"
    texts = [path.read_text() for path in folder.iterdir()] if folder.exists() else []
    return [text for text in texts if order in text and BUYER in text]


def test_one_form_sent_from_two_tabs_at_once_is_one_wish(site: Site, buyer: Any) -> None:
    order = _new_order(site)
    path, form = form_of(buyer, order, instructions="Ramp 2")
    buyer.goto("/portal/orders/")
    sent = """([path, form]) => Promise.all([1, 2].map(() => fetch(path, {
        method: "POST", body: new URLSearchParams(form)}).then(answer => answer.url)))"""
    first, second = buyer.evaluate(sent, [path, form])
    assert first == second and "/portal/changes/" in first
    says(buyer, first.removeprefix(site.url()), "It is done.")
    assert [command["effects"] for command in commands(site, order)] == [1]


def test_a_worker_killed_while_the_erp_has_the_command_does_not_send_a_second(
    site: Site, buyer: Any
) -> None:
    order = _new_order(site)
    site.press("behave", mode="hang", about=order, count=1, seconds=3)
    wish = ask(buyer, order, instructions="Ramp 4")
    wait_until(lambda: commands(site, order), "it is at the ERP", PATIENCE)
    site.kill("worker")
    site.start_worker()
    says(buyer, wish, "It is done.")
    assert [command["effects"] for command in commands(site, order)] == [1]


def test_an_erp_that_was_away_for_a_moment_gets_everything(site: Site, buyer: Any) -> None:
    orders = [_new_order(site) for _ in range(3)]
    site.press("behave", mode="away")
    wishes = [ask(buyer, order, instructions="Ramp 5") for order in orders]
    assert not any(commands(site, order) for order in orders)
    site.press("behave", mode="fine")
    for order, wish in zip(orders, wishes, strict=True):
        says(buyer, wish, "It is done.")
        assert [command["effects"] for command in commands(site, order)] == [1]


def test_who_is_not_let_in_waits_until_somebody_has_looked(site: Site, browser: Any) -> None:
    buyer = enter(site, browser, "buyer@ardeche.example")
    site.press("behave", mode="unauthorised", about=BRANCH)
    wish = ask(buyer, BRANCH, instructions="Sonnez")
    says(buyer, wish, KEPT)
    assert commands(site, BRANCH)[0]["effects"] == 0
    site.press("behave", mode="fine", about=BRANCH)
    # The next knock on the door is minutes away: as if they were over.
    site.manage(
        "shell",
        "-c",
        "from django.utils.timezone import now\n"
        "from oms_portal.erp.outbox.models import Breaker, Command\n"
        "Breaker.objects.update(free_at=now())\n"
        "Command.objects.filter(state='queued').update(next_attempt_at=now())",
    )
    says(buyer, wish, "It is done.")
    assert commands(site, BRANCH)[0]["effects"] == 1
    buyer.context.close()
