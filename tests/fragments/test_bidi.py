"""Right to left: numbers, phone numbers and addresses keep the order of their own characters."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.utils import translation

from oms_portal import live
from oms_portal.customers.access import Actor, actor_for
from oms_portal.fragments.base import fragment
from oms_portal.orders.locales import isolated
from tests import factories, wire


pytestmark = pytest.mark.django_db
# What an Arabic sentence would turn around: digits first, with signs between them.
TOLD = ("4711-22", "77-12/3", "+49 40 1234-5", "12-D1", "00-34-T", "Hafenstrasse 12-14")


class Isolation(HTMLParser):
    """Finds told texts that stand unprotected in the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.bare: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("input", "br", "path", "rect", "circle", "img"):
            self.open.append((tag, tag == "bdi" or "dir" in dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for told in TOLD:
            for found in re.finditer(re.escape(told), data):
                self.seen.add(told)
                marked = re.search("\u2068[^\u2068\u2069]*$", data[: found.start()])
                if not marked and not any(protects for _, protects in self.open):
                    self.bare.append(data.strip())


@pytest.fixture
def reader() -> Actor:
    return actor_for(factories.person(company=factories.customer("C1")))


def order() -> None:
    place = wire.address(phone=TOLD[2], lines=[TOLD[5]])
    package = {"tracking_number": TOLD[4], "lines": [{"line_ref": "L1", "quantity": "10"}]}
    factories.order(
        "SO-1001",
        "C1",
        number=TOLD[0],
        customer_reference=TOLD[1],
        delivery_address=place,
        shipments=[wire.shipment(number=TOLD[3], packages=[package])],
        lines=[wire.line(description=f"{TOLD[0]} mm", sku=TOLD[4])],
    )
    scan = wire.scan(tracking_number=TOLD[4], code="exception.damaged")
    factories.deliver("tracking", wire.tracking(scan, tracking_number=TOLD[4]))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("orders", {TOLD[0], TOLD[1]}),
        ("order", set(TOLD)),
        ("tracker", {TOLD[0], TOLD[3], TOLD[4]}),
        ("dashboard", {TOLD[0]}),
        ("updates", {TOLD[0]}),
    ],
)
def test_what_was_told_keeps_its_order_in_arabic(
    reader: Actor, name: str, expected: set[str]
) -> None:
    order()
    kind = fragment(name)
    assert kind is not None
    spec = kind.spec(reader, {"order": TOLD[0]} if name in ("order", "tracker") else {}, "ar")
    assert spec is not None
    rendered = kind.render(spec, live.FIRST_VERSION)
    assert rendered is not None
    page = Isolation()
    page.feed(rendered.html)
    assert page.bare == []
    assert expected <= page.seen


def test_marks_are_for_sentences_from_right_to_left_only() -> None:
    assert isolated("4711") == "4711"
    with translation.override("ar"):
        assert isolated("4711") == "\u20684711\u2069"
        assert isolated("") == ""
