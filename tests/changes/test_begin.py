"""Asking for a change: one request for one form, and a command for the ERP with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from oms_portal.changes import actions
from oms_portal.changes.models import ChangeRequest, CutoffRule, PickupPlace, RiskPolicy
from oms_portal.changes.refusals import KeyReused, Refused, Stale
from oms_portal.orders.models import Order
from tests import factories

from .scene import NOW, Scene, commands, connect, delivery, set_up


pytestmark = pytest.mark.django_db
HERE = {"name": "Plant 9", "lines": ["Kai 3"], "city": "Bremen", "postal_code": "28195"} | {
    "country": "DE"
}

HOSTILE: list[Any] = [
    {},
    [],
    "address",
    {"colour": "red"},
    {"instructions": "x", "state": "applied"},
    {1: "x"},
    {"instructions": 7},
    {"instructions": None},
    {"instructions": "x" * 5000},
    {"instructions": "a\x00b"},
    {"instructions": "left\u202eright"},
    {"contact": "Ann\r\nBcc: all@c9.example"},
    {"phone": "call me"},
    {"phone": ["+49"]},
    {"address": "Hafenstrasse 12"},
    {"address": {}},
    {"address": {**HERE, "name": "x" * 5000}},
    {"address": {**HERE, "name": "😀"}},
    {"address": {**HERE, "country": "ZZ"}},
    {"address": {**HERE, "postal_code": "SW1A 1AA"}},
    {"address": {**HERE, "lines": {"a": 1}}},
    {"ship_to_ref": ""},
    {"ship_to_ref": None},
    {"ship_to_ref": {"in": ["S2"]}},
    {"ship_to_ref": "S2", "address": HERE},
    {"requested": "tomorrow"},
    {"requested": {}},
    {"requested": {"from": "2126-02-30"}},
    {"requested": {"from": "2126-12-01", "until": "2126-12-02"}},
    {"requested": {"from": "2126-12-02", "to": "2126-12-01"}},
    {"requested": {"from": "2126-12-02", "to": "2126-12-03T08:00:00Z"}},
    {"requested": {"from": "2126-12-02T08:00:00"}},
    {"requested": {"from": "0001-01-01T00:00:00+14:00"}},
    {"requested": {"from": "9999-12-31"}},
    {"requested": {"from": "2126-11-17"}},
    {"requested": {"to": "2126-12-02"}},
    {"method": "drone"},
    {"method": ["parcel"]},
    {"method": {"a": 1}},
    {"pickup_ref": "B1"},
    {"method": "parcel", "pickup_ref": "B1"},
    {"method": "pickup", "pickup_ref": "B9"},
    {"cancel": [], "instructions": "x"},
    {"cancel": "all"},
    {"cancel": [{"line_ref": "L1"}]},
    {"cancel": [{"line_ref": "L1", "quantity": "NaN"}]},
    {"cancel": [{"line_ref": "L1", "quantity": "-1"}]},
    {"cancel": [{"line_ref": "L1", "quantity": "0"}]},
    {"cancel": [{"line_ref": "L1", "quantity": "1e400000"}]},
    {"cancel": [{"line_ref": "L1", "quantity": "11"}]},
    {"cancel": [{"line_ref": "L1", "quantity": 1}]},
    {"cancel": [{"line_ref": "L1", "quantity": "1"}, {"line_ref": "L1", "quantity": "1"}]},
    {"cancel": [{"line_ref": "L9", "quantity": "1"}]},
    {"cancel": [["L1", "1"]]},
    {"reason": "only so"},
]
ODD: list[dict[str, Any]] = [
    {"scope": "everything"},
    {"scope": "shipment", "thread": "D9"},
    {"scope": "shipment", "thread": 7},
    {"scope": "lines"},
    {"scope": "lines", "lines": ({"ref": "L1", "quantity": "-1"},)},
    {"scope": "lines", "lines": ("L1",)},
    {"scope": "lines", "lines": ({"ref": 7},)},
    {"form_key": ""},
    {"form_key": "short"},
    {"form_key": "x" * 65},
    {"form_key": "with\x00nul-and-more"},
]


@pytest.fixture
def scene(settings: Any) -> Scene:
    return set_up(settings)


def refused(scene: Scene, **asked: Any) -> Refused:
    with pytest.raises(Refused) as refusal:
        scene.begin(**asked)
    assert not ChangeRequest.objects.exists()
    assert not commands()
    return refusal.value


def test_a_harmless_wish_goes_to_the_erp_at_once(scene: Scene) -> None:
    request = scene.begin()
    assert request.state == "submitted"
    [command] = commands()
    assert request.command == command
    assert (command.kind, command.order_ref, command.customer_ref) == ("change", "SO-1001", "C1")
    assert command.payload == {
        "scope": "order",
        "shipments": ["D1"],
        "lines": [],
        "instructions": "Ring at gate 3",
    }
    assert command.requested_by == "asker@c1.example"
    assert command.deadline == request.cutoff_at is not None
    assert Order.objects.get().changes_open == 1
    assert [event.verb for event in request.events.all()] == ["begin", "submit"]
    assert request.before == {"instructions": ""}


def test_the_same_form_makes_one_request_whatever_became_of_it(scene: Scene) -> None:
    form = {"form_key": "the-same-form", "basis": scene.standing().basis}
    first = scene.begin(**form)
    actions.withdraw(first, scene.user, now=NOW)
    again = scene.begin(**form)
    assert (again.pk, again.state) == (first.pk, "withdrawn")
    assert len(commands()) == 1


def test_the_same_form_with_another_content_is_refused(scene: Scene) -> None:
    scene.begin(form_key="the-same-form")
    with pytest.raises(KeyReused):
        scene.begin(form_key="the-same-form", requested={"instructions": "Another"})
    with pytest.raises(KeyReused):
        scene.begin(form_key="the-same-form", scope="shipment", thread="D1")
    assert len(commands()) == 1


def test_two_people_s_forms_of_one_key_are_two_forms(scene: Scene) -> None:
    other = factories.person("other@c1.example", scene.order.company, "buyer")
    scene.begin(form_key="the-same-form")
    scene.begin(other, form_key="the-same-form", requested={"phone": "+49 40 123456"})
    assert len(commands()) == 2


def test_who_is_slower_sees_how_it_stands_now(scene: Scene) -> None:
    basis = scene.standing().basis
    mine = scene.begin(basis=basis)
    with pytest.raises(Stale) as stale:
        scene.begin(basis=basis, requested={"instructions": "Another"})
    assert [request.pk for request in stale.value.standing.open] == [mine.pk]


def test_what_the_erp_told_between_page_and_click_counts(scene: Scene) -> None:
    basis = scene.standing().basis
    scene.told(requested={"from": "2126-12-01"})
    with pytest.raises(Stale):
        scene.begin(basis=basis)


def test_staffs_own_reason_says_why_nothing_of_it_can_be_changed(scene: Scene) -> None:
    CutoffRule.objects.create(name="Fair", closes="already", reason="Our team is at the fair.")
    refusal = refused(scene)
    assert (refusal.code, refusal.words) == ("closed", "Our team is at the fair.")


def test_nothing_is_taken_a_second_after_the_cut_off(scene: Scene) -> None:
    basis = scene.standing().basis
    until = scene.standing().parts[0].limits["instructions"].until
    assert until is not None
    form = {"scope": "shipment", "thread": scene.standing().parts[0].thread, "basis": basis}
    assert refused(scene, now=until + timedelta(seconds=1), **form).code == "past"
    assert refused(scene, now=until, **form).code == "past"
    assert scene.begin(now=until - timedelta(seconds=1), **form).state == "submitted"


@pytest.mark.parametrize("role", ["viewer", "returns"])
def test_who_may_only_look_changes_nothing(settings: Any, role: str) -> None:
    assert refused(set_up(settings, role)).code == "not_allowed"


def test_rights_end_at_the_ship_to(scene: Scene) -> None:
    place = scene.order.company.addresses.get(ref="S2")
    limited = factories.person("s2@c1.example", scene.order.company, "buyer", [place])
    assert refused(scene, user=limited).code == "not_allowed"


def test_an_actor_is_the_person_it_says(scene: Scene) -> None:
    other = factories.person("other@c9.example", factories.company("C9"), "admin")
    wish = {"form_key": "some-form-key", "basis": scene.standing().basis, "now": NOW}
    with pytest.raises(Refused, match="not_allowed"):
        actions.begin(other, scene.actor, scene.order, actions.Wish({"phone": ""}), **wish)


@pytest.mark.parametrize("role", ["buyer", "address_editor"])
def test_some_may_only_choose_from_the_book(settings: Any, role: str) -> None:
    scene = set_up(settings, role)
    if role == "buyer":
        assert refused(scene, requested={"address": HERE}).code == "new_address"
    assert scene.begin(requested={"ship_to_ref": "S2"}).state == "submitted"


def test_a_company_of_approved_addresses_takes_no_other(scene: Scene) -> None:
    scene.order.company.delivery_rules = {"ship_to": "approved_only"}
    scene.order.company.save()
    scene.order.refresh_from_db()
    assert refused(scene, requested={"address": HERE}).code == "approved_only"
    assert scene.begin(requested={"ship_to_ref": "S2"}).state == "submitted"


def test_a_place_of_the_book_is_kept_as_it_is_now(scene: Scene) -> None:
    request = scene.begin(requested={"ship_to_ref": "S2"})
    assert request.requested["ship_to_ref"] == "S2"
    assert request.requested["address"]["city"] == "Bremen"
    assert commands()[0].payload["address"] == request.requested["address"]
    assert request.before["ship_to_ref"] == "S1"
    assert request.before["address"]["city"] == "Hamburg"


def test_a_place_of_somebody_else_s_book_is_unknown(scene: Scene) -> None:
    factories.address(factories.company("C9"), "S9")
    own = scene.order.company.addresses.get(ref="S1")
    limited = factories.person("s1@c1.example", scene.order.company, "buyer", [own])
    assert refused(scene, requested={"ship_to_ref": "S9"}).code == "unknown_address"
    assert refused(scene, user=limited, requested={"ship_to_ref": "S2"}).code == "unknown_address"


def test_what_a_connector_can_t_do_is_refused(scene: Scene, settings: Any) -> None:
    connect(settings, "push.date")
    assert refused(scene).code == "not_offered"
    settings.OMS_PORTAL = {}
    assert refused(scene, requested={"requested": {"from": "2126-12-01"}}).code == "not_offered"


def test_what_is_so_already_is_no_change(scene: Scene) -> None:
    scene.told(delivery_address={**scene.order.delivery_address, "instructions": "Ring  at GATE 3"})
    assert refused(scene).code == "nothing"
    request = scene.begin(requested={"instructions": "Ring at gate 3", "phone": "+49 40 123456"})
    assert request.requested == {"phone": "+49 40 123456"}


def test_a_fee_is_confirmed_before_anything_is_sent(scene: Scene) -> None:
    CutoffRule.objects.create(name="Costs", closes="never", fee="15.00", fee_currency="EUR")
    request = scene.begin()
    assert request.state == "awaiting_customer"
    assert request.impact == [{"kind": "fee", "amount": "15.00", "currency": "EUR"}] or (
        request.impact[0]["kind"] == "fee"
    )
    assert not commands()
    assert Order.objects.get().changes_open == 0
    actions.submit(request, scene.user, now=NOW)
    assert len(commands()) == 1
    assert Order.objects.get().changes_open == 1


def test_a_wish_can_be_looked_at_first(scene: Scene) -> None:
    assert scene.begin(check_first=True).state == "awaiting_customer"
    assert not commands()


def test_a_parcel_picked_already_is_left_out_and_said_so(settings: Any) -> None:
    gone = delivery("D2", "packed", packages=[{"lines": [{"line_ref": "L2", "quantity": "4"}]}])
    scene = set_up(settings, shipments=[delivery(), gone])
    request = scene.begin(requested={"ship_to_ref": "S2"})
    assert request.state == "awaiting_customer"
    [left_out] = [told for told in request.impact if told["kind"] == "excluded"]
    assert (left_out["number"], left_out["reason"]) == ("D2", "packed")
    actions.submit(request, scene.user, now=NOW)
    assert commands()[0].payload["shipments"] == ["D1"]


def test_what_is_all_picked_is_refused_with_its_reason(settings: Any) -> None:
    gone = delivery(status="packed")
    scene = set_up(settings, shipments=[gone], lines=[])
    assert refused(scene, requested={"ship_to_ref": "S2"}).code == "packed"


def test_some_items_only_say_which(scene: Scene) -> None:
    request = scene.begin(
        scope="lines",
        lines=({"ref": "L2", "quantity": "3"},),
        requested={"requested": {"from": "2126-12-01", "to": "2126-12-03"}},
    )
    actions.submit(request, scene.user, now=NOW)
    payload = commands()[0].payload
    assert payload["lines"] == [{"line_ref": "L2", "quantity": "3"}]
    assert payload["requested"] == {"from": "2126-12-01", "to": "2126-12-03"}


def test_of_some_items_no_more_than_there_are(scene: Scene) -> None:
    date = {"requested": {"from": "2126-12-01"}}
    asked = {"scope": "lines", "requested": date}
    assert refused(scene, lines=({"ref": "L2", "quantity": "5"},), **asked).code == "quantity"
    assert refused(scene, lines=({"ref": "L9"},), **asked).code == "unknown_line"


def test_all_that_is_left_is_cancelled(scene: Scene) -> None:
    request = scene.begin(requested={"cancel": [], "reason": "Not needed"})
    actions.submit(request, scene.user, now=NOW)
    [command] = commands()
    assert command.kind == "cancel"
    assert command.payload["reason"] == "Not needed"
    left = {told["line_ref"]: float(told["quantity"]) for told in command.payload["lines"]}
    assert left == {"L1": 10, "L2": 4}


def test_what_somebody_cancels_already_is_not_cancelled_twice(scene: Scene) -> None:
    scene.begin(requested={"cancel": [{"line_ref": "L2", "quantity": "3"}]}, scope="lines")
    twice = {"cancel": [{"line_ref": "L2", "quantity": "2"}]}
    with pytest.raises(Refused) as refusal:
        scene.begin(requested=twice, scope="lines")
    assert refusal.value.code == "quantity"
    assert scene.begin(
        requested={"cancel": [{"line_ref": "L2", "quantity": "1"}]}, scope="lines"
    ).requested["cancel"] == [{"line_ref": "L2", "quantity": "1"}]


def test_a_slip_in_an_address_is_asked_about(scene: Scene) -> None:
    typed = {**HERE, "name": "Plant S2", "lines": ["Kai 1"], "city": "Bremn"}
    request = scene.begin(requested={"address": typed})
    assert request.state == "awaiting_customer"
    [offer] = request.impact
    assert offer["kind"] == "suggestion"
    with pytest.raises(Refused, match="unchosen"):
        actions.submit(request, scene.user, now=NOW)
    taken = actions.submit(request, scene.user, now=NOW, choices={"address": offer["id"]})
    assert taken.requested["ship_to_ref"] == "S2"
    assert commands()[0].payload["address"]["city"] == "Bremen"
    assert taken.impact == []


def test_one_s_own_way_of_writing_is_kept_knowingly(scene: Scene) -> None:
    typed = {**HERE, "name": "Plant S2", "lines": ["Kai 1"], "city": "Bremn"}
    request = scene.begin(requested={"address": typed})
    kept = actions.submit(request, scene.user, now=NOW, choices={"address": "keep"})
    assert kept.requested["address"]["city"] == "Bremn"
    actions.withdraw(kept, scene.user, now=NOW)
    [offer] = request.impact
    at_once = scene.begin(requested={"address": typed}, kept=frozenset({offer["id"]}))
    assert at_once.state == "submitted"


def test_a_risky_wish_is_looked_at_first(scene: Scene) -> None:
    RiskPolicy.objects.update(value_above=10)
    request = scene.begin()
    assert (request.state, request.risks) == ("in_review", ["value_above"])
    assert not commands()
    assert Order.objects.get().changes_open == 1


def test_a_wish_that_no_form_would_send_is_refused(scene: Scene) -> None:
    PickupPlace.objects.create(ref="B1", name="Branch")
    for requested in HOSTILE:
        assert refused(scene, requested=requested).code != "stale", requested


def test_a_scope_or_key_that_no_form_would_send_is_refused(scene: Scene) -> None:
    for asked in ODD:
        assert refused(scene, **asked).code != "stale", asked


def test_fetching_it_oneself_names_the_place(scene: Scene) -> None:
    PickupPlace.objects.create(ref="B1", name="Branch")
    request = scene.begin(requested={"method": "pickup", "pickup_ref": "B1"})
    told = {name: commands()[0].payload[name] for name in ("method", "pickup_ref")}
    assert told == request.requested == {"method": "pickup", "pickup_ref": "B1"}
