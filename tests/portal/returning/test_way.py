"""Saying how it comes back, and sending it after a last look."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from oms_portal.erp.outbox.models import Command
from oms_portal.returns.carriers.contract import Point
from oms_portal.returns.models import Return, ReturnableLine
from oms_portal.returns.rules import ReturnPlace, ReturnPolicy, ReturnReason
from tests.returns import scene
from tests.returns.carriers.faking import SETTING, Fake

from .walking import begin, body, explained, hidden, ready, send, url


pytestmark = pytest.mark.django_db
TOMORROW = (timezone.now() + timedelta(days=2)).date().isoformat()


@pytest.fixture
def number(client: Client, here: scene.Scene) -> str:
    return explained(client)


def rma(number: str) -> Return:
    return Return.objects.select_related("place").get(number=number)


def test_the_ways_that_all_goods_may_go_are_offered(client, here, number):
    page = body(client.get(url(number, "way")))
    assert "Have it picked up" in page and "Send it with a carrier of your own" in page

    ReturnPolicy.objects.update(methods=["branch"])
    page = body(client.get(url(number, "way")))
    assert "Bring it to one of our branches" in page and "Have it picked up" not in page


def test_no_branch_is_offered_where_none_is_open(client, here, number):
    ReturnPlace.objects.filter(kind="branch").update(active=False)

    page = body(client.get(url(number, "way")))
    assert "Bring it to one of our branches" not in page and "Have it picked up" in page
    assert send(client, url(number, "way"), method="branch").status_code == 422

    ReturnPolicy.objects.update(methods=["branch"])
    assert "There is no way back that suits all of them." in body(client.get(url(number, "way")))


def test_shops_are_found_by_postal_code_and_nothing_is_saved_by_looking(client, number):
    far = {"name": "Shop South", "country": "DE", "postal_code": "80331", "city": "Munich"}
    ReturnPlace.objects.create(ref="P2", kind="parcel_shop", name="Shop South", address=far)
    first = hidden(client.get(url(number, "way")))

    answer = client.post(
        url(number, "way"), {**first, "method": "parcel_shop", "near": "80", "do": "shops"}
    )

    page = body(answer)
    assert answer.status_code == 200 and page.index("Shop South") < page.index("Place P1")
    assert page.count("Shop South") == 1
    assert 'value="80"' in page and rma(number).method == ""


@pytest.mark.parametrize("closed", [False, True])
def test_a_shop_that_only_the_carrier_knows_can_be_chosen(
    client, number, settings, monkeypatch, closed
):
    settings.OMS_PORTAL = {**settings.OMS_PORTAL, "RETURN_CARRIERS": SETTING}
    kiosk = Point("K-77", "Kiosk at the Quay", {"lines": ["Quay 1"], "country": "DE"}, "8–20")
    monkeypatch.setattr(Fake, "points", lambda self, country, code: [kiosk])
    if closed:
        ReturnPlace.objects.create(ref="K-77", kind="parcel_shop", name="Kiosk", active=False)

    assert ("Kiosk at the Quay" in body(client.get(url(number, "way")))) is not closed
    answer = send(client, url(number, "way"), method="parcel_shop", shop="K-77", parcels="1")

    assert answer.status_code == (422 if closed else 303)
    place = rma(number).place
    assert (place and (place.ref, place.name, place.hours)) == (
        None if closed else ("K-77", "Kiosk at the Quay", "8–20")
    )


@pytest.mark.parametrize(
    ("way", "kept"),
    [
        ({"method": "parcel_shop", "shop": "P1", "parcels": "3"}, {"parcel_count": 3}),
        ({"method": "qr"}, {"parcel_count": 1}),
        ({"method": "branch", "branch": "B1"}, {}),
        (
            {"method": "own_carrier", "carrier": "Post", "tracking_number": "T 1"},
            {"carrier": "Post", "tracking_number": "T 1"},
        ),
        (
            {"method": "pickup", "day": TOMORROW, "time_from": "08:00", "time_to": "12:00"},
            {"pickup": {"on": TOMORROW, "from": "08:00", "to": "12:00"}},
        ),
    ],
)
def test_each_way_is_kept_as_it_was_meant(client, number, way, kept):
    answer = send(client, url(number, "way"), **{"parcels": "1", **way})

    assert answer.status_code == 303, body(answer)
    assert answer["Location"] == url(number, "check")
    assert {name: getattr(rma(number), name) for name in kept} == kept
    place = rma(number).place
    assert (place.ref if place else "") == (way.get("shop") or way.get("branch") or "")


@pytest.mark.parametrize(
    ("way", "field"),
    [
        ({}, "method"),
        ({"method": "teleport"}, "method"),
        ({"method": "pickup"}, "day"),
        ({"method": "pickup", "day": "2020-01-01"}, "day"),
        ({"method": "pickup", "day": TOMORROW, "time_from": "9", "time_to": "8"}, "time_from"),
        ({"method": "pickup", "day": TOMORROW, "phone": "12"}, "phone"),
        ({"method": "branch"}, "branch"),
        ({"method": "branch", "branch": "NO"}, "branch"),
        ({"method": "parcel_shop", "parcels": "0"}, "parcels"),
        ({"method": "parcel_shop", "parcels": "1000000"}, "parcels"),
        ({"method": "parcel_shop", "shop": "B1"}, "shop"),
        ({"method": "own_carrier", "carrier": "x" * 500}, "carrier"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client, number, way, field):
    answer = send(client, url(number, "way"), **{"parcels": "1", **way})

    assert answer.status_code == 422 and f'id="oms-{field}_error"' in body(answer)


def test_what_was_typed_for_another_way_is_in_nobodys_way(client, number):
    odd = {"day": "never", "branch": "NO", "parcels": "1", "carrier": "x" * 500}

    assert send(client, url(number, "way"), method="qr", **odd).status_code == 303


def test_the_last_look_says_what_it_comes_to_and_who_pays(client, here):
    ReturnPolicy.objects.update(fee_percent=10, shipping_fee=5, pays="customer")
    page = body(client.get(url(ready(client), "check")))

    for words in ("Value of the goods", "Estimated credit", "You pay the way back", "Wrong size"):
        assert words in page
    assert "It is approved as soon as you send it, and you get the label at once." in page
    assert "Too narrow for the shaft" in page and "Drop off at a parcel shop" in page


def test_a_step_that_was_left_out_comes_first(client, here):
    number = begin(client)

    assert client.get(url(number, "check"))["Location"] == url(number, "reasons")


def test_it_is_sent_once(client, here):
    number = ready(client)
    first = hidden(client.get(url(number, "check")))

    answers = [client.post(url(number, "check"), first) for _twice in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert {answer["Location"] for answer in answers} == {url(number)}
    assert rma(number).state == "approved" and scene.reserved()[1:] == ("2", "0")
    assert f"Return {number}" in body(client.get(url(number)))


def test_who_was_slower_is_told_what_is_left(client, here):
    number = ready(client)
    first = hidden(client.get(url(number, "check")))
    here.send(scene.item("9"))

    answer = client.post(url(number, "check"), first)

    page = body(answer)
    assert answer.status_code == 422 and rma(number).state == "draft"
    assert "Meanwhile only 1 piece can come back." in page


def test_terms_that_changed_meanwhile_are_shown_before_anything_is_sent(client, here):
    number = ready(client)
    first = hidden(client.get(url(number, "check")))
    ReturnPolicy.objects.update(fee_fixed=3)

    answer = client.post(url(number, "check"), first)

    page = body(answer)
    assert answer.status_code == 412 and rma(number).state == "draft"
    assert "Our estimate" in page and "Fee for" in page and not Command.objects.exists()
    assert client.post(url(number, "check"), hidden(answer)).status_code == 303


def test_a_draft_that_changed_in_another_window_is_not_sent(client, here):
    number = ready(client)
    first = hidden(client.get(url(number, "check")))
    send(client, url(number, "way"), method="branch", branch="B1", parcels="1")

    answer = client.post(url(number, "check"), first)

    page = body(answer)
    assert answer.status_code == 412 and rma(number).state == "draft"
    assert "Drop off at a parcel shop, with a label" in page
    assert "Bring it to one of our branches" in page


def test_goods_that_go_to_different_places_are_said_at_the_items(client, here):
    vendor = ReturnPlace.objects.create(ref="V1", kind="vendor", name="Vendor", address={})
    ReturnReason.objects.create(code="faulty", texts={"en": "Faulty"})
    ReturnPolicy.objects.update(position=1, methods=["parcel_shop", "pickup"])
    ReturnPolicy.objects.create(
        name="Faulty", reasons=["faulty"], methods=["parcel_shop", "pickup"], destination=vendor
    )
    number = begin(client, ("SO-1", "L1", "SO-1-D1", "1"), ("SO-2", "L1", "SO-2-D1", "1"))
    answers = {"condition": "opened", "outcome": "credit", "text": ""}
    fields = {f"{at}-{name}": value for at in (1, 2) for name, value in answers.items()}

    answer = send(
        client,
        url(number, "reasons"),
        fields={**fields, "1-reason": "wrong_size", "2-reason": "faulty"},
    )

    assert answer["Location"] == url(number, "items")
    page = body(client.get(url(number, "items")))
    assert "These goods go to different places." in page and "This goes to Vendor." in page
    assert ReturnableLine.objects.filter(reserved__gt=0).count() == 0
