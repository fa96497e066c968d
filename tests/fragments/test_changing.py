"""What an order says of its changes: what is possible until when, what was asked for, what came."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.utils import timezone

from oms_portal import live
from oms_portal.changes import actions
from oms_portal.changes.models import ChangeRequest
from oms_portal.customers.access import Actor, actor_for
from oms_portal.customers.models import Membership
from oms_portal.erp.outbox.models import Breaker
from oms_portal.fragments import changing, order, samples
from oms_portal.fragments.base import Rendered, fragment
from oms_portal.orders.models import Order
from tests import factories, wire
from tests.changes.scene import NOW, Scene, answer, connect, delivery, set_up


pytestmark = pytest.mark.django_db
# Three hours before D1, which leaves on a Friday, can no longer be changed.
NEAR = datetime(2126, 11, 21, 10, tzinfo=UTC)
OFFER = {
    "text": "The tour is full",
    "requested": {"from": "2126-12-05"},
    "fee": {"amount": "12.50", "currency": "EUR"},
}


@pytest.fixture
def scene(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Scene:
    at(monkeypatch, NOW)
    return set_up(settings, shipments=[delivery("D1"), delivery("D2", "picking")])


def at(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    for module in (changing, order):
        monkeypatch.setattr(module.timezone, "now", lambda: now)


def text(html: str) -> str:
    """What a person reads, one space between words."""
    words = unescape(re.sub(r"<[^>]+>", " ", html)).translate({0x2068: None, 0x2069: None})
    return re.sub(r" ([.,:)])", r"\1", " ".join(words.split()).replace("( ", "("))


def render(
    scene: Scene, name: str = "changes", actor: Actor | None = None, **asked: str
) -> Rendered:
    kind = fragment(name)
    assert kind is not None
    spec = kind.spec(actor or scene.actor, {"order": scene.order.slug, **asked}, "en")
    assert spec is not None
    rendered = kind.render(spec, live.versions([spec.topic])[spec.topic])
    assert rendered is not None
    return rendered


def read(scene: Scene, name: str = "changes", **asked: Any) -> str:
    return text(render(scene, name, **asked).html)


def states(html: str) -> set[str]:
    return set(html.split('data-states="')[1].split('"')[0].split())


def ask(scene: Scene, now: datetime = NOW, **asked: Any) -> ChangeRequest:
    """A request that is on its way: what it means was looked at."""
    request = scene.begin(now=now, **asked)
    if request.state == "awaiting_customer":
        actions.submit(request, scene.user, now=now)
    return ChangeRequest.objects.select_related("command__source").get(pk=request.pk)


def colleague(role: str, **fields: Any) -> Actor:
    company = factories.company("C1")
    return actor_for(factories.person(f"{role}@c1.example", company, role, **fields))


def test_each_delivery_says_until_when_it_can_be_changed_or_why_not(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, NEAR)
    html = render(scene).html
    page = text(html)
    assert "Delivery D1 Planned You can change this until Thu 14:00 (in 3 hours)" in page
    assert "Delivery address, Delivery date, Way of delivery, Cancellation" in page
    assert "Delivery D2 Being picked" in page
    assert "This can no longer be changed. It is already being picked." in page
    assert 'class="oms-rel" data-rel="2126-11-21T13:00:00+00:00" data-zone="Europe/Berlin"' in html
    assert "Not in a delivery yet You can change this until we begin to pick it" in page
    assert "changeable" in states(html) and "empty" not in states(html)


def test_links_lead_to_what_can_be_changed_and_to_nothing_else(scene: Scene) -> None:
    html = render(scene).html
    assert 'href="/portal/orders/SO-1001/change/?delivery=D1"' in html
    assert 'href="/portal/orders/SO-1001/change/"' in html
    assert 'href="/portal/orders/SO-1001/cancel/?delivery=D1"' in html
    refused = html.split("Delivery D2</h4>")[1].split("</li>")[0]
    assert "cancel/" not in refused and "Way of delivery" in text(refused)


@pytest.mark.parametrize(
    ("role", "change", "cancel"),
    [
        ("buyer", True, True),
        ("admin", True, True),
        ("address_editor", True, False),
        ("viewer", False, False),
    ],
)
def test_each_role_is_offered_what_it_may(
    scene: Scene, role: str, change: bool, cancel: bool
) -> None:
    who = colleague(role)
    html = render(scene, actor=who).html
    assert ("/change/" in html, "/cancel/" in html) == (change, cancel)
    assert ("You may look at this order, but not change it." in html) == (role == "viewer")
    assert ("/change/" in render(scene, "order", actor=who).html) == change


@pytest.mark.parametrize("name", ["changes", "order", "change_request"])
@pytest.mark.parametrize(("role", "may"), [("buyer", True), ("viewer", False), ("returns", False)])
def test_an_offer_is_put_to_those_who_can_answer_it(
    scene: Scene, name: str, role: str, may: bool
) -> None:
    answer(ask(scene), "countered", counter=OFFER)
    html = render(scene, name, actor=colleague(role)).html
    assert "The tour is full" in html
    assert ("Accept or decline" in html) == ("Please accept our offer" in html) == may
    assert ("A colleague who may change the order has to accept" in html) != may
    assert name == "change_request" or ("change_countered" in states(html)) == may


def test_to_answer_an_offer_for_a_cancellation_takes_the_right_to_cancel(scene: Scene) -> None:
    wish = ask(scene, requested={"cancel": [{"line_ref": "L1", "quantity": "1"}], "reason": "x"})
    answer(wish, "countered", counter={"text": "It costs", "fee": OFFER["fee"]})
    assert "Accept or decline" not in render(scene, actor=colleague("address_editor")).html
    assert "Accept or decline" in render(scene).html


def test_those_who_may_the_same_share_one_text(scene: Scene) -> None:
    kind = fragment("changes")
    assert kind is not None
    asked = {"order": scene.order.slug}
    buyer, viewer = colleague("buyer"), colleague("viewer")
    assert kind.spec(buyer, asked, "en") == kind.spec(scene.actor, asked, "en")
    spec = kind.spec(buyer, {**asked, "may": "everything"}, "en")
    assert spec is not None and kind.allowed(buyer, spec) and not kind.allowed(viewer, spec)
    Membership.objects.filter(user=buyer.user_id).update(role="viewer")
    assert not kind.allowed(actor_for(_person(buyer)), spec)


def _person(actor: Actor) -> Any:
    return Membership.objects.get(user=actor.user_id).user


def test_the_orders_value_stays_with_the_requested_one_beside_it(scene: Scene) -> None:
    address = {"ship_to_ref": "S2"}
    ask(scene, requested=address, scope="order")
    page = read(scene)
    assert "Change pending" in page
    first, second = page.index("Now Nordwerk plant 1"), page.index("Requested Plant S2")
    assert first < second and "28195 Bremen" in page
    assert "Asked for by asker@c1.example · Nov 18, 2126, 10:00" in page
    assert states(render(scene).html) >= {"change_pending", "changeable"}
    details = read(scene, "order")
    place = details.split("Ship to")[1].split("Bill to")[0]
    assert "20457 Hamburg" in place and "Change pending: Plant S2" in place
    assert "Changes to this order" in details


def test_a_date_that_was_asked_for_stands_beside_the_one_of_the_order(scene: Scene) -> None:
    scene.told(requested={"from": "2126-11-25"}, shipments=[delivery("D1")])
    ask(scene, requested={"requested": {"from": "2126-12-01"}})
    assert "Now Nov 25, 2126 Requested Dec 1, 2126" in read(scene)
    assert "You asked for Nov 25, 2126 Change pending: Dec 1, 2126" in read(scene, "order")


def test_what_is_asked_for_one_delivery_is_told_with_it(scene: Scene) -> None:
    ask(scene, scope="shipment", thread="D1")
    page = read(scene)
    assert "Delivery instructions Delivery D1" in page
    told = read(scene, "order").split("Deliveries and parcels")[1]
    assert "Change pending Delivery instructions" in told.split("Delivery D2")[0]


def test_items_to_be_cancelled_are_named_with_how_many_there_are(scene: Scene) -> None:
    cancel = [{"line_ref": "L2", "quantity": "3"}]
    ask(scene, requested={"cancel": cancel, "reason": "Ordered twice"}, scope="order")
    page = read(scene)
    assert "Cancellation" in page and "Ball bearing L2" in page
    assert "Now 4 pieces Requested Cancel 3 pieces" in page
    assert "Your reason: Ordered twice" in page


def test_what_was_not_sent_yet_is_nobody_elses_business(scene: Scene) -> None:
    scene.begin(check_first=True)
    for name in ("changes", "order"):
        assert "Ring at gate 3" not in read(scene, name) and "Change pending" not in read(
            scene, name
        )


def test_another_offer_stands_beside_both_and_leads_to_its_page(scene: Scene) -> None:
    request = ask(scene, requested={"requested": {"from": "2126-12-01"}})
    answer(request, "countered", counter=OFFER)
    html = render(scene).html
    page = text(html)
    assert "Another offer" in page and "Requested Dec 1, 2126 Offered Dec 5, 2126" in page
    assert "Our answer: The tour is full Costs €12.50" in page
    assert f'href="/portal/changes/{request.key}/">Accept or decline' in html
    assert "change_countered" in states(html)
    # Whatever an editor leaves out, this waits for the customer.
    assert "Accept or decline" in read(scene, hide="requests,limits")


@pytest.mark.parametrize(
    ("state", "told", "said"),
    [
        ("sent", {}, "It is passed on. We are waiting for the answer."),
        ("accepted", {}, "It is accepted and being carried out."),
        ("rejected", {"code": "dispatched"}, "It has left our warehouse. Nothing was changed."),
        ("rejected", {"code": "E4711"}, "This is not possible. Nothing was changed."),
        ("dead", {}, "It could not be passed on. We are looking into it"),
    ],
)
def test_each_answer_is_told_in_plain_words(
    scene: Scene, state: str, told: dict[str, str], said: str
) -> None:
    answer(ask(scene), state, **told)
    page = read(scene)
    assert said in page and "Delivery instructions" in page
    assert said in read(scene, "order")


def test_a_request_behind_another_says_that_it_waits(scene: Scene) -> None:
    ask(scene)
    ask(scene, requested={"requested": {"from": "2126-12-01"}})
    assert "It is passed on as soon as the request before it is answered." in read(scene)


def test_an_erp_that_is_away_is_no_secret(scene: Scene) -> None:
    request = ask(scene)
    source = request.command.source if request.command else None
    opened = NOW - timedelta(hours=1)
    Breaker.objects.update_or_create(source=source, defaults={"opened_at": opened})
    page = read(scene)
    assert "Our order system can’t be reached at the moment (since Nov 18, 2126, 09:00)." in page
    assert "It is kept and passed on by itself" in page
    assert "can’t be reached" in read(scene, "order")


def test_without_a_connector_nothing_is_offered_and_the_order_keeps_silent(
    scene: Scene, settings: Any
) -> None:
    settings.OMS_PORTAL = {}
    html = render(scene).html
    assert "This order can’t be changed online. Please get in touch with us." in html
    assert states(html) == {"empty"} and "oms-empty" in html
    assert "Changes to this order" not in read(scene, "order")


def test_a_connector_offers_what_it_takes(scene: Scene, settings: Any) -> None:
    connect(settings, "push.date")
    html = render(scene).html
    assert "Delivery date" in html and "Delivery address" not in html and "/cancel/" not in html


def test_where_nothing_can_be_changed_any_more_the_reason_stands(scene: Scene) -> None:
    scene.told(
        lines=[wire.line("L1", "10")],
        shipments=[delivery("D1", "delivered", shipped_at="2126-11-17T10:00:00Z")],
    )
    page = read(scene)
    assert "Nothing of this order can be changed any more." in page
    assert "It has been delivered." in page
    assert "Changes to this order" not in read(scene, "order")


def test_an_editor_leaves_parts_out(scene: Scene) -> None:
    ask(scene)
    assert "Ring at gate 3" not in read(scene, hide="requests")
    assert "until" not in read(scene, hide="limits")
    assert "Change delivery" in read(scene, hide="limits")
    assert "Cancel items" not in read(scene, hide="cancel,nonsense")


def test_the_order_shows_the_section_where_it_was_chosen(scene: Scene) -> None:
    assert "Changes to this order" in read(scene, "order", show="changes")
    assert "Changes to this order" not in read(scene, "order", show="lines")


def test_somebody_elses_words_stay_words(scene: Scene) -> None:
    words = "<script>alert(1)</script>"
    request = ask(scene, requested={"instructions": words})
    answer(request, "countered", counter={"text": words, "requested": {"from": "2126-12-05"}})
    factories.person("asker@c1.example").__class__.objects.update(first_name=words)
    for name in ("changes", "order"):
        html = render(scene, name).html
        assert "<script" not in html and "&lt;script&gt;" in html


def test_it_says_what_moved_in_one_sentence(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    quiet = str(render(scene).say)
    request = ask(scene, now=timezone.now())
    asked = "Order SO-1001, Delivery instructions: A change was requested."
    assert quiet == "" and str(render(scene).say) == asked
    answer(request, "accepted")
    for name in ("changes", "order"):
        said = str(render(scene, name).say)
        assert said == "Order SO-1001, Delivery instructions: The request was accepted."


def test_lists_bear_the_badge_and_find_what_is_open(scene: Scene) -> None:
    factories.order("SO-2", "C1", lines=wire.on_time())
    ask(scene)
    rows = render(scene, "orders").html
    badges = {("SO-1001" in row, "Change pending" in row) for row in rows.split("<tr")[2:]}
    assert badges == {(True, True), (False, False)}
    narrowed = read(scene, "orders", scope="changes")
    assert "SO-1001" in narrowed and "SO-2" not in narrowed
    assert "Orders with open changes" in narrowed


def test_the_dashboard_says_what_is_pending(scene: Scene) -> None:
    assert "Open changes" not in read(scene, "dashboard")
    request = ask(scene)
    board = render(scene, "dashboard")
    assert "1 Open changes" in text(board.html) and "change_pending" in states(board.html)
    assert "Delivery instructions: A change was requested." in text(board.html)
    assert 'href="/portal/orders/?scope=changes"' in board.html
    ask(scene, requested={"requested": {"from": "2126-12-01"}})
    answer(request, "countered", counter=OFFER)
    assert "Delivery instructions: There is another offer." in read(scene, "dashboard")
    actions.decline(ChangeRequest.objects.get(pk=request.pk), scene.user, now=NOW)


def test_an_order_with_changes_is_a_page_of_few_queries(
    scene: Scene, django_assert_max_num_queries: Any
) -> None:
    kind = fragment("order")
    assert kind is not None
    scene.told(shipments=[delivery(f"D{n}") for n in range(20)])
    spec = kind.spec(scene.actor, {"order": scene.order.slug}, "en")
    assert spec is not None
    with django_assert_max_num_queries(15):
        assert kind.render(spec, 1)


def test_an_order_of_many_deliveries_names_some_and_counts_the_others(scene: Scene) -> None:
    scene.told(shipments=[delivery(f"D{n}") for n in range(20)])
    page = read(scene)
    assert page.count("Change delivery") == 12 and "And 9 more deliveries." in page


def test_the_sample_has_every_state_and_stands_still() -> None:
    every = text(samples.changes.every_state())
    for words in ("Requested", "Being reviewed", "Another offer", "Not possible", "Withdrawn"):
        assert words in every, words
    assert samples.changes.changes() == samples.changes.changes()
    assert not Order.objects.exists()


def test_what_the_erp_had_no_time_for_is_kept(scene: Scene) -> None:
    request = answer(ask(scene), "sent")
    assert "We are waiting for the answer." in read(scene)
    answer(request, "retrying")
    assert "It is kept and passed on by itself" in read(scene)


def test_what_is_not_certain_is_said_so_and_never_that_nothing_was_changed(scene: Scene) -> None:
    request = answer(ask(scene), "dead", uncertain=True)
    told = read(scene)
    assert "Unclear" in told and "Not passed on" not in told
    assert "We do not know yet whether it was carried out." in told
    answer(request, "superseded", uncertain=True)
    told = read(scene)
    assert "We could not find out whether it was carried out. Please call us." in told
    assert "Nothing was changed" not in told and "Not possible" not in told
    answer(ask(scene), "countered", counter={"fee": "many"})
    assert "We are looking at what else is possible." in read(scene)
    assert "before it is passed on" not in read(scene)
