"""What of an order may be sent back: each delivered line, until when, or why not and until when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from oms_portal.customers.access import actor_for
from oms_portal.erp.connectors.contract import Outcome as Answer
from oms_portal.erp.connectors.contract import Result
from oms_portal.orders.models import Order
from oms_portal.returns.eligible import Returnable, offer
from oms_portal.returns.models import Return, ReturnableLine, ReturnLine
from oms_portal.returns.rules import Article, ReturnPlace, ReturnPolicy
from tests import factories, wire


pytestmark = pytest.mark.django_db

DELIVERED = datetime(2026, 11, 2, 14, 30, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


class Taking:
    capabilities = frozenset({"push.return"})

    def push(self, command: Any, key: str) -> Result:
        return Result(Answer.ACCEPTED)


@pytest.fixture(autouse=True)
def connected(settings: Any) -> None:
    settings.OMS_PORTAL = {"CONNECTORS": {"main": {"connector": f"{__name__}.Taking"}}}


def line(ref: str, count: str = "10", **changes: Any) -> dict[str, Any]:
    told = {"shipped": count, "delivered": count} | changes.pop("quantities", {})
    return wire.line(ref, count, quantities=told, **changes)


def delivery(ref: str, *lines: tuple[str, str], **changes: Any) -> dict[str, Any]:
    packages = [{"lines": [{"line_ref": name, "quantity": count} for name, count in lines]}]
    told = {
        "status": "delivered",
        "shipped_at": "2026-10-30T15:00:00Z",
        "delivered_at": DELIVERED.isoformat(),
        "packages": packages,
    }
    return wire.shipment(ref, **told | changes)


def order(*shipments: dict[str, Any], ref: str = "SO-1001", **changes: Any) -> Order:
    factories.company("C1", number="10001", time_zone="Europe/Berlin")
    told = {"lines": [line("L1")], "placed_at": "2026-10-28T08:00:00Z"} | changes
    deliveries = list(shipments) or [delivery("D1", ("L1", "10"))]
    factories.deliver("order", wire.order(ref, shipments=deliveries, **told), expect="applied")
    return Order.objects.select_related("company").get(ref=ref)


def policy(**columns: Any) -> ReturnPolicy:
    return ReturnPolicy.objects.create(**{"name": "Everything", **columns})


def asked(*orders: Order, kind: str = "return", now: datetime = NOW, **more: Any) -> Any:
    return offer(orders, kind, now, **more)


def test_a_delivered_line_says_how_much_of_it_and_until_when() -> None:
    policy()
    [found] = asked(order())
    assert (found.why, found.words) == ("", "")
    assert (found.available, found.shipped, found.on_returns) == (10, 10, 0)
    # Delivered on 2 November, 30 days, to the end of the day in Berlin.
    assert found.until == date(2026, 12, 2)
    assert (found.delivery, found.unit, found.delivered_at) == ("D1", "C62", DELIVERED)


def test_split_deliveries_have_windows_of_their_own() -> None:
    policy()
    early = delivery("D1", ("L1", "4"), delivered_at="2026-10-05T23:30:00Z",
                     shipped_at="2026-10-02T08:00:00Z")  # fmt: skip
    found = asked(order(early, delivery("D2", ("L1", "6"))))
    assert [(one.delivery, one.until, one.available) for one in found] == [
        # Half past one at night in Berlin: already the 6th.
        ("D1", date(2026, 11, 5), 4),
        ("D2", date(2026, 12, 2), 6),
    ]
    assert found[0].why == "window"
    assert found[0].words == "This could be returned until Nov 5, 2026."
    assert not found[1].why


def test_what_no_policy_fits_can_not_come_back_online() -> None:
    [found] = asked(order())
    assert (
        found.why == "no_policy" and found.words == "This can’t be returned online. Please ask us."
    )


def test_staff_words_are_said_in_the_language_of_the_reader() -> None:
    policy(allowed=False, refusal={"en": "Cut to size for you.", "de": "Für Sie zugeschnitten."})
    [found] = asked(order())
    assert found.why == "refused" and found.words == "Cut to size for you."
    with translation.override("de"):
        assert asked(*Order.objects.select_related("company"))[0].words == "Für Sie zugeschnitten."


def test_without_a_connector_that_takes_returns_nothing_is_offered(settings: Any) -> None:
    policy()
    settings.OMS_PORTAL = {}
    [found] = asked(order())
    assert found.why == "not_offered"


def test_what_is_on_the_way_can_be_claimed_and_not_returned() -> None:
    policy(window_days=3)
    sent = delivery("D1", ("L1", "10"), status="dispatched", delivered_at=None)
    told = order(sent, lines=[line("L1", quantities={"delivered": "0"})])
    [found] = asked(told)
    assert found.why == "not_delivered"
    # Its window has not begun, however long ago it left.
    [claimed] = asked(told, kind="claim", now=NOW + timedelta(days=300))
    assert claimed.why == "" and claimed.until is None


def test_what_its_parcels_say_is_delivered_counts_from_their_scan() -> None:
    policy()
    packages = [{"tracking_number": "T1", "lines": [{"line_ref": "L1", "quantity": "10"}]}]
    told = order(delivery("D1", status="dispatched", delivered_at=None, packages=packages))
    assert asked(told)[0].why == "not_delivered"
    scan = wire.scan(tracking_number="T1", code="delivered", occurred_at="2026-11-04T10:00:00Z")
    factories.deliver("tracking", wire.tracking(scan, tracking_number="T1"))
    [found] = asked(told)
    assert (found.why, found.until) == ("", date(2026, 12, 4))


@pytest.mark.parametrize(
    ("anchor", "until"),
    [
        ("delivered", date(2026, 12, 2)),
        ("shipped", date(2026, 11, 29)),
        ("ordered", date(2026, 11, 27)),
        ("invoiced", date(2026, 12, 1)),
    ],
)
def test_the_window_counts_from_what_the_policy_says(anchor: str, until: date) -> None:
    policy(window_from=anchor)
    papers = [
        {"ref": f"P{n}", "kind": "invoice", "number": f"P{n}", "issued_on": day,
         "media_type": "text/plain", "content_base64": "eA=="}
        for n, day in enumerate(("2026-10-29", "2026-11-01", "2026-11-12"))
    ]  # fmt: skip
    [found] = asked(order(documents=papers))
    assert found.until == until


def test_lines_that_are_no_goods_and_goods_without_a_sku_are_no_trouble() -> None:
    policy(categories=["bearings"], window_days=10)
    policy(position=2, window_days=90)
    Article.objects.create(name="All", skus=["*"], category="bearings")
    lines = [
        line("L1", sku=""),
        line("L2", kind="charge", sku="", description="Freight"),
        line("L3", kind="comment", description="Thank you"),
    ]
    held = delivery("D1", ("L1", "10"), ("L2", "1"), ("L3", "1"), ("L9", "1"))
    [found] = asked(order(held, lines=lines))
    # No SKU, no category: the policy of everything.
    assert (found.line.ref, found.until) == ("L1", date(2027, 1, 31))


def reserve(told: Order, count: str, state: str, **line: Any) -> None:
    row, _ = ReturnableLine.objects.get_or_create(
        order=told, line_ref="L1", thread=told.shipments.get().thread, defaults={"cap": 10}
    )
    row.reserved = Decimal(row.reserved) + (Decimal(count) if state != "cancelled" else 0)
    row.save()
    number = f"R{Return.objects.count():010}"
    place = {"company": told.company, "ship_to_ref": told.ship_to_ref}
    rma = Return.objects.create(number=number, state=state, form_key=number, **place)
    ReturnLine.objects.create(rma=rma, ref="1", returnable=row, unit="C62", requested=count, **line)


def test_what_is_on_returns_is_taken_off_and_those_returns_are_named() -> None:
    policy()
    told = order()
    reserve(told, "3", "approved")
    reserve(told, "5", "cancelled", released="5")
    reserve(told, "2", "requested")
    [found] = asked(told)
    assert (found.available, found.on_returns) == (5, 5)
    assert found.numbers == ("R0000000000", "R0000000002")
    reserve(told, "5", "in_review")
    [found] = asked(told)
    assert (found.why, found.available) == ("none_left", 0)
    assert found.words == "All of this is already on returns."


def test_drafts_take_nothing() -> None:
    policy()
    told = order()
    reserve(told, "3", "draft")
    ReturnableLine.objects.update(reserved=0)
    [found] = asked(told)
    assert (found.available, found.numbers) == (10, ())


def test_what_the_erp_took_back_without_us_is_taken_off_the_oldest_delivery() -> None:
    policy()
    early = delivery("D1", ("L1", "4"), shipped_at="2026-10-29T08:00:00Z")
    told = order(early, delivery("D2", ("L1", "6")),
                 lines=[line("L1", quantities={"returned": "5"})])  # fmt: skip
    assert [one.available for one in asked(told)] == [0, 5]


def test_goods_go_to_the_place_they_came_from() -> None:
    policy()
    ReturnPlace.objects.create(
        ref="W0", kind="warehouse", name="Aachen", address={"city": "Aachen"}
    )
    told = order()
    assert asked(told)[0].terms.destination["name"] == "Aachen"
    ReturnPlace.objects.create(ref="W1", kind="warehouse", name="Bremen", address={"city": "B"})
    assert asked(told)[0].terms.destination == {
        "ref": "W1", "name": "Bremen", "kind": "warehouse", "address": {"city": "B"},
    }  # fmt: skip


def test_who_may_not_return_is_told_so() -> None:
    policy()
    told = order()
    viewer = actor_for(factories.person("viewer@c1.example", told.company, "viewer"))
    returner = actor_for(factories.person("returner@c1.example", told.company, "returns"))
    assert asked(told, actor=viewer)[0].why == "not_allowed"
    assert asked(told, actor=returner)[0].why == ""


def test_serials_and_lots_are_those_of_the_parcels_else_of_the_line() -> None:
    policy()
    packages = [
        {"lines": [{"line_ref": "L1", "quantity": "1", "serials": ["A1", "A2"], "lot": "X"}]}
    ]
    lines = [line("L1", serials=["Z"], lot="Y"), line("L2", serials=["Z9"], lot="Y9")]
    told = order(delivery("D1", packages=packages), delivery("D2", ("L2", "1")), lines=lines)
    first, second = asked(told)
    assert (first.serials, first.lots) == (("A1", "A2"), ("X",))
    assert (second.serials, second.lots) == (("Z9",), ("Y9",))


def test_many_lines_of_many_orders_take_eight_queries(django_assert_max_num_queries: Any) -> None:
    policy(
        window_from="invoiced", destination=ReturnPlace.objects.create(ref="W", kind="warehouse")
    )
    refs = [f"L{n}" for n in range(40)]
    orders = [
        order(delivery("D1", *((ref, "10") for ref in refs)),
              ref=f"SO-{n}", lines=[line(ref) for ref in refs])
        for n in range(3)
    ]  # fmt: skip
    with django_assert_max_num_queries(8):
        found = asked(*orders)
        assert len(found) == 120 and all(one.words == "" for one in found)
        assert all(isinstance(one, Returnable) for one in found)
    assert [one.order.ref for one in found[::40]] == ["SO-0", "SO-1", "SO-2"]
