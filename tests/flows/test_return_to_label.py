"""From goods that do not fit to a credit note: the phone, the label, the ERP, and nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any, NamedTuple

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from tests.demo import Site
from tests.services import wait_until

from .people import PHONE, enter


pytestmark = pytest.mark.browser

BUYER, COLLEAGUE = "buyer@hafenwerk.example", "admin@hafenwerk.example"
STRANGER = "admin@ardeche.example"
# Both were delivered to one place lately.
FIRST, SECOND = "SO-110011", "SO-110012"
BEARING, UNIT, CYLINDER = "6308 C3", "UCP 206", "Hydraulic cylinder"
PATIENCE = 90
DPI = 203


class Item(NamedTuple):
    """Some of an order, and what is said of it."""

    order: str
    words: str
    quantity: str
    reason: str
    text: str = ""
    photo: bool = False


@pytest.fixture(scope="module")
def phone(site: Site, browser: Any) -> Iterator[Any]:
    page = enter(site, browser, BUYER, **PHONE)
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def colleague(site: Site, browser: Any) -> Iterator[Any]:
    """Looks at the same returns elsewhere, and loads nothing anew."""
    page = enter(site, browser, COLLEAGUE)
    yield page
    page.context.close()


def photo() -> dict[str, Any]:
    held = BytesIO()
    Image.effect_noise((640, 480), 60).convert("RGB").save(held, "JPEG")
    return {"name": "bearing.jpg", "mimeType": "image/jpeg", "buffer": held.getvalue()}


def go_on(page: Any, button: str = "Continue") -> None:
    """The step's own button; nothing of a step is wider than the phone."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=button, exact=True).last.click()
    assert not page.locator(".oms-troubles").count(), page.inner_text("main")


def send_back(page: Any, *items: Item, kind: str = "", way: str = "parcel_shop") -> str:
    """Walk through the steps on the phone; the number of the return that was made."""
    page.goto(f"/portal/returns/new/{f'?kind={kind}' if kind else ''}")
    for item in items:
        order = page.locator(".oms-back-order", has_text=item.order)
        order.get_by_label(item.words).fill(item.quantity)
    go_on(page)
    for item in items:
        part = page.locator("fieldset", has_text=item.words).first
        part.locator("select[name$=reason]").select_option(label=item.reason)
        if kind != "claim":
            part.locator("select[name$=condition]").select_option("unopened")
        part.locator("input[type=radio][name$=outcome][value=credit]").check()
        if item.text:
            part.locator("textarea[name$=text]").fill(item.text)
        if item.photo:
            part.locator("input[type=file]").set_input_files([photo()])
    go_on(page)
    if way:
        page.locator(f"input[name=method][value={way}]").check()
        page.locator("input[name=shop]").first.check()
        go_on(page)
    go_on(page, "Send it")
    page.locator("oms-live[data-state=live] .oms-fragment").first.wait_for()
    page.evaluate("window.untouched = true")
    found = re.search(r"/portal/returns/(R\d{10})/$", page.url)
    assert found is not None, page.url
    return found[1]


def shows(page: Any, words: str) -> None:
    """The open page comes to show it, by itself."""
    page.locator("oms-live", has_text=words).first.wait_for(timeout=PATIENCE * 1000)
    assert page.evaluate("window.untouched") is True


def watch(page: Any, number: str) -> None:
    page.goto(f"/portal/returns/{number}/")
    page.locator("oms-live[data-state=live] .oms-fragment").first.wait_for()
    page.evaluate("window.untouched = true")


def at_erp(site: Site, number: str) -> dict[str, Any]:
    """The return as the ERP has it, once it heard of it."""

    def look() -> dict[str, Any] | None:
        return next((told for told in site.state()["returns"] if told["number"] == number), None)

    return dict(wait_until(look, f"the ERP has {number}", PATIENCE))


def decided(site: Site, number: str, stage: str) -> None:
    wait_until(lambda: at_erp(site, number)["stage"] == stage, f"{number} is {stage}", PATIENCE)


def label_of(page: Any) -> tuple[str, Any]:
    """Where the label of the open page is, once it was proven; and what is handed out."""
    link = page.locator("oms-live .oms-return-files a").first
    link.wait_for(timeout=PATIENCE * 1000)
    path = str(link.get_attribute("href"))
    return path, page.request.get(path)


def decode(pdf: bytes) -> set[str]:
    """What a reader says of the codes on it, drawn as a label printer draws."""
    found: set[str] = set()
    for sheet in pypdfium2.PdfDocument(pdf):
        bitmap = sheet.render(scale=DPI / 72, grayscale=True)
        found |= {code.text for code in zxingcpp.read_barcodes(bitmap.to_pil())}
    return found


def test_parts_of_two_orders_go_back_with_a_label_and_become_a_credit_note(
    site: Site, phone: Any, colleague: Any
) -> None:
    number = send_back(
        phone,
        Item(FIRST, BEARING, "2", "We ordered too many"),
        Item(SECOND, UNIT, "3", "Something else was delivered", photo=True),
    )
    watch(colleague, number)
    path, label = label_of(phone)
    assert label.status == 200 and label.headers["content-type"] == "application/pdf"
    assert label.headers["content-security-policy"].startswith("sandbox")
    codes = decode(label.body())
    assert any(re.fullmatch(rf"R{number[1:10]}01\d", code) for code in codes), codes
    assert "/portal/returns/evidence/" in phone.inner_html("oms-live")

    told = at_erp(site, number)
    assert [(line["order_ref"], line["quantity"]) for line in told["lines"]] == [
        (FIRST, "2"),
        (SECOND, "3"),
    ]
    decided(site, number, "approved")
    site.press("return_scan", **{"return": number})
    for page in (phone, colleague):
        shows(page, "On its way to us")
    site.press("return_receive_part", **{"return": number})
    shows(phone, "Partly received")
    site.press("return_receive", **{"return": number})
    site.press("return_credit", **{"return": number})
    note = str(at_erp(site, number)["credit_note"]["number"])
    for page in (phone, colleague):
        shows(page, note)
    assert phone.request.get(path).status == 410

    # Each of its orders says that something came back, and so do the updates of all.
    phone.goto(f"/portal/orders/{SECOND}/")
    phone.locator("[data-part=history]", has_text=number).wait_for()
    phone.goto("/portal/updates/")
    phone.locator("oms-live", has_text=note).wait_for()


@pytest.mark.once
def test_a_return_that_is_withdrawn_takes_its_label_along(site: Site, phone: Any) -> None:
    number = send_back(phone, Item(SECOND, CYLINDER, "1", "Our plans changed"))
    path, label = label_of(phone)
    assert label.status == 200
    at_erp(site, number)
    with phone.expect_navigation(url=f"**/returns/{number}/"):
        phone.locator("#oms-withdraw button").click()
    phone.locator("main", has_text="Withdrawn").wait_for()
    gone = phone.request.get(path)
    assert gone.status == 410 and b"%PDF" not in gone.body()
    phone.locator("oms-live .oms-return-files a").first.wait_for(state="detached")
    decided(site, number, "cancelled")
    # What was taken is free again: all five.
    phone.goto("/portal/returns/new/")
    order = phone.locator(".oms-back-order", has_text=SECOND)
    order.get_by_label(CYLINDER).fill("5")
    go_on(phone)


@pytest.mark.once
def test_a_short_delivery_is_claimed_and_the_erp_says_yes(site: Site, phone: Any) -> None:
    site.press("return_pace", seconds=0)
    number = send_back(
        phone,
        Item(SECOND, CYLINDER, "1", "Fewer items than stated", text="Only four in the box."),
        kind="claim",
        way="",
    )
    shows(phone, "Requested")
    at_erp(site, number)
    site.press("return_ask", **{"return": number}, text="Was the box damaged?")
    shows(phone, "Was the box damaged?")
    phone.fill("#oms-reply-text", "No, it was whole.")
    with phone.expect_navigation(url=f"**/returns/{number}/"):
        phone.get_by_role("button", name="Send the answer").click()
    phone.evaluate("window.untouched = true")
    heard = "No, it was whole."
    wait_until(lambda: at_erp(site, number)["reply"] == heard, "the ERP heard it", PATIENCE)
    site.press("return_approve", **{"return": number})
    shows(phone, "Approved")
    site.press("return_accept", **{"return": number})
    site.press("return_credit", **{"return": number})
    shows(phone, str(at_erp(site, number)["credit_note"]["number"]))


def test_nobody_else_finds_anything_of_it_and_staff_see_what_is_too_much(
    site: Site, browser: Any, phone: Any
) -> None:
    number = send_back(phone, Item(FIRST, BEARING, "8", "Something else was delivered", photo=True))
    path, _label = label_of(phone)
    (evidence,) = set(re.findall(r"/portal/returns/evidence/[^\"]+", phone.inner_html("oms-live")))
    assert phone.request.get(evidence).status == 200
    stranger = enter(site, browser, STRANGER)
    missing = stranger.request.get("/portal/returns/R0000000000/")
    for url in (f"/portal/returns/{number}/", path, evidence):
        answer = stranger.request.get(url)
        assert (answer.status, number in answer.text()) == (404, False), url
    assert missing.status == 404
    stranger.goto("/portal/returns/")
    stranger.locator("oms-live[data-state=live] .oms-fragment").first.wait_for()
    assert number not in stranger.content()
    stranger.context.close()

    at_erp(site, number)
    site.press("return_correct", **{"return": number}, wait=True)
    desk = browser.new_context(base_url=site.url()).new_page()
    desk.goto("/admin/login/")
    desk.fill("input[name=username]", "returns@brannfeld.example")
    desk.fill("input[name=password]", site.password_of("returns@brannfeld.example"))
    desk.click("button[type=submit]")
    desk.wait_for_url("**/admin/")
    desk.goto("/admin/oms/returns/?queue=over")
    desk.get_by_role("link", name=number).click()
    desk.locator("main", has_text="1 more is on returns than was delivered").wait_for()
    desk.locator(".omsdesk-photo").first.scroll_into_view_if_needed()
    desk.wait_for_function("document.querySelector('.omsdesk-photo img').naturalWidth > 0")
    desk.context.close()
