"""Asking for a change of an order, as a browser without any script does it."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from oms_portal.changes.models import ChangeRequest, CutoffRule, PickupPlace
from oms_portal.erp.models import Source
from oms_portal.erp.outbox.models import Breaker, Command
from oms_portal.portal import changing_page
from tests import factories, wire
from tests.changes import scene
from tests.changes.scene import Scene


pytestmark = pytest.mark.django_db

CHANGE = "/portal/orders/SO-1001/change/"
BERLIN = ZoneInfo("Europe/Berlin")
DAY, LATER = (
    (timezone.now().astimezone(BERLIN) + timedelta(days=days)).date() for days in (40, 42)
)
NEW = {
    "place": "new",
    "address_country": "DE",
    "address_name": "Werft Süd",
    "address_lines": "Am Kai 7\nTor 3",
    "address_city": "Bremen",
    "address_postal_code": "28195",
}


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def here(settings: Any, client: Client) -> Scene:
    """A scene whose asker, an administrator, is signed in."""
    found = scene.set_up(settings)
    client.force_login(found.user)
    return found


def body(response: Any) -> str:
    return html.unescape(response.content.decode())


def hidden(page: str) -> dict[str, str]:
    """The hidden fields that a browser sends along."""
    found = {
        name: re.search(rf'name="{name}" value="([^"]*)"', page)
        for name in ("idempotency_key", "version", "seen")
    }
    return {name: match[1] for name, match in found.items() if match}


def send(client: Client, path: str = CHANGE, **typed: Any) -> Any:
    """Open the form, fill it in and send it."""
    return again(client, hidden(body(client.get(path))), path, **typed)


def again(client: Client, first: dict[str, str], path: str = CHANGE, **typed: Any) -> Any:
    return client.post(path, {"scope": "order", "do": "send", **first, **typed})


def instant(clock: str) -> str:
    at = datetime.fromisoformat(f"{DAY}T{clock}").replace(tzinfo=BERLIN)
    return at.astimezone(ZoneInfo("UTC")).isoformat()


# The page


def test_the_page_offers_what_can_be_changed_and_says_how_it_is_now(client, here):
    page = body(client.get(CHANGE))

    assert "Change the delivery" in page
    for words in ("Delivery address", "Contact and phone", "Delivery date", "Way of delivery"):
        assert words in page
    assert "Hafenstrasse 12" in page and "20457 Hamburg" in page
    assert "S2 · Plant S2, Kai 1, 28195 Bremen, DE" in page
    assert "You can change this until" in page


def test_a_delivery_can_be_chosen_beforehand(client, here):
    page = body(client.get(CHANGE, {"delivery": "D1"}))

    assert re.search(r'value="delivery:D1"[^>]* checked', page)


def test_what_was_picked_already_is_told_with_its_reason_and_not_offered(client, here):
    packed = scene.delivery(
        "D2", "packed", packages=[{"lines": [{"line_ref": "L2", "quantity": "4"}]}]
    )
    here.told(shipments=[scene.delivery(), packed])

    page = body(client.get(CHANGE))

    assert "It has already been packed." in page
    assert "No longer for: Delivery D2." in page
    assert 'value="delivery:D1"' in page and 'value="delivery:D2"' not in page


def test_what_was_sent_leads_to_the_request_and_on_to_the_erp(client, here):
    answer = send(client, instructions="Ring at gate 3")

    made = ChangeRequest.objects.get()
    assert answer.status_code == 303 and answer["Location"] == f"/portal/changes/{made.key}/"
    assert made.state == "submitted" and made.requested == {"instructions": "Ring at gate 3"}
    assert Command.objects.get().payload["instructions"] == "Ring at gate 3"


@pytest.mark.parametrize(
    ("typed", "requested"),
    [
        ({"day": f"{DAY}"}, {"requested": {"from": f"{DAY}"}}),
        (
            {"day": f"{DAY}", "day_to": f"{LATER}"},
            {"requested": {"from": f"{DAY}", "to": f"{LATER}"}},
        ),
        (
            {"day": f"{DAY}", "time_from": "08:00", "time_to": "10:30"},
            {"requested": {"from": instant("08:00"), "to": instant("10:30")}},
        ),
        ({"method": "freight"}, {"method": "freight"}),
        ({"method": "pickup", "pickup_ref": "B1"}, {"method": "pickup", "pickup_ref": "B1"}),
        ({"phone": "040 1234567"}, {"phone": "+49 40 1234567"}),
    ],
)
def test_each_wish_is_kept_as_it_was_meant(client, here, typed, requested):
    PickupPlace.objects.create(ref="B1", name="Branch Bremen")

    answer = send(client, **typed)

    assert answer.status_code == 303, body(answer)
    assert ChangeRequest.objects.get().requested == requested


def test_an_address_of_the_book_is_asked_for_by_its_code(client, here):
    answer = send(client, place="S2", scope="delivery:D1")

    made = ChangeRequest.objects.get()
    assert answer.status_code == 303
    assert made.requested["ship_to_ref"] == "S2" and made.requested["address"]["city"] == "Bremen"
    assert (made.scope, made.thread) == ("shipment", "D1")


def test_another_address_is_asked_for_in_the_fields_of_its_country(client, here):
    answer = send(client, **NEW)

    asked = ChangeRequest.objects.get().requested["address"]
    assert answer.status_code == 303
    assert asked["lines"] == ["Am Kai 7", "Tor 3"] and asked["postal_code"] == "28195"


def test_some_items_can_be_chosen(client, here):
    answer = send(client, scope="lines", lines=["L2"], day=f"{DAY}")

    made = ChangeRequest.objects.get()
    assert answer.status_code == 303
    assert (made.scope, made.lines) == ("lines", [{"ref": "L2"}])


def test_items_that_were_marked_are_not_taken_for_the_whole_order(client, here):
    answer = send(client, scope="order", lines=["L2"], day=f"{DAY}")

    assert answer.status_code == 422 and not ChangeRequest.objects.exists()
    assert "You chose some items below." in body(answer)


def test_checking_first_sends_nothing(client, here):
    answer = send(client, instructions="Ring twice", do="check")

    assert answer.status_code == 303
    assert ChangeRequest.objects.get().state == "awaiting_customer"
    assert not Command.objects.exists()


# What is wrong


def test_everything_that_is_wrong_is_said_at_once_and_nothing_typed_is_lost(client, here):
    answer = send(
        client, **NEW | {"address_postal_code": "1"}, phone="12", day="2020-01-01",
        contact="Jo " * 60, instructions="Ring twice",
    )  # fmt: skip

    page = body(answer)
    assert answer.status_code == 422 and not ChangeRequest.objects.exists()
    for name in ("address_postal_code", "phone", "day", "contact"):
        assert f'href="#oms-{name}"' in page, name
        assert re.search(rf'name="{name}"[^>]*aria-invalid="true"', page), name
        assert f'aria-describedby="oms-{name}_error"' in page and f'id="oms-{name}_error"' in page
    for typed in ("Werft Süd", "Am Kai 7\nTor 3", "12", "2020-01-01", "Jo Jo Jo", "Ring twice"):
        assert typed in page
    assert 'role="alert" tabindex="-1" autofocus' in page


def test_the_same_form_can_be_sent_again_once_it_is_mended(client, here):
    first = hidden(body(client.get(CHANGE)))
    wrong = again(client, first, phone="12")

    assert hidden(body(wrong)) | {"seen": ""} == first | {"seen": ""}
    assert again(client, hidden(body(wrong)), phone="040 1234567").status_code == 303


def test_an_empty_form_changes_nothing_and_says_so(client, here):
    answer = send(client)

    assert answer.status_code == 422
    assert "Nothing would change yet." in body(answer)


def test_another_country_brings_its_own_fields_and_keeps_what_was_typed(client, here):
    page = body(again(client, {}, do="country", **NEW | {"address_country": "US"}, contact="Jo"))

    assert "ZIP code" in page and 'name="address_region"' in page
    assert "Werft Süd" in page and 'value="Jo"' in page
    assert "oms-error" not in page and not ChangeRequest.objects.exists()


def test_what_a_country_has_no_field_for_comes_back_with_the_next(client, here):
    page = body(again(client, {}, do="country", **NEW | {"address_country": "HK"}))

    assert '<input type="hidden" name="address_postal_code" value="28195">' in page


def test_enter_checks_and_does_not_send(client, here):
    """A browser presses the first button of a form; that one must not send."""
    page = body(client.get(CHANGE))

    first = re.search(r'<form[^>]*oms-asking-form.*?<button[^>]*value="(\w+)"', page, re.DOTALL)
    assert first and first[1] == "check"


# Twice, at once, too late


def test_the_same_form_sent_twice_makes_one_request_and_gets_one_answer(client, here):
    first = hidden(body(client.get(CHANGE)))

    answers = [again(client, first, instructions="Ring at gate 3") for _ in range(2)]

    assert {(each.status_code, each["Location"]) for each in answers} == {
        (303, f"/portal/changes/{ChangeRequest.objects.get().key}/")
    }
    assert Command.objects.count() == 1


def test_the_same_form_with_something_else_in_it_is_refused_and_can_be_sent_anew(client, here):
    first = hidden(body(client.get(CHANGE)))
    again(client, first, instructions="Ring at gate 3")

    other = again(client, first, instructions="Ring at gate 4")

    assert other.status_code == 422 and "Ring at gate 4" in body(other)
    assert hidden(body(other))["idempotency_key"] != first["idempotency_key"]
    assert ChangeRequest.objects.count() == 1


def test_who_was_slower_than_the_erp_sees_both_versions_and_can_send_again(client, here):
    first = hidden(body(client.get(CHANGE)))
    here.told(delivery_address=wire.address(lines=["Neue Strasse 1"]))

    late = again(client, first, place="S2", instructions="Ring at gate 3")

    page = body(late)
    assert late.status_code == 412 and not ChangeRequest.objects.exists()
    conflict = page[page.index('id="oms-conflict"') : page.index("</section>")]
    assert "Hafenstrasse 12" in conflict and "Neue Strasse 1" in conflict and "Plant S2" in conflict
    assert "Ring at gate 3" in conflict
    assert re.search(r'name="instructions"[^>]*>\s*Ring at gate 3', page)
    fresh = hidden(page)
    assert fresh["idempotency_key"] != first["idempotency_key"]
    assert again(client, fresh, place="S2").status_code == 303


def test_who_was_slower_than_a_colleague_sees_what_they_asked_for(client, here):
    first = hidden(body(client.get(CHANGE)))
    here.begin(now=timezone.now(), requested={"requested": {"from": f"{DAY}"}})

    late = again(client, first, instructions="Ring at gate 3")

    conflict = body(late).split('id="oms-conflict"')[1].split("</section>")[0]
    assert late.status_code == 412
    assert "Asked for meanwhile" in conflict and "Delivery date" in conflict
    assert f"{DAY:%b} {DAY.day}, {DAY.year}" in conflict


def test_a_form_without_its_hidden_fields_is_not_believed(client, here):
    answer = again(client, {}, instructions="Ring at gate 3")

    assert answer.status_code == 412 and not ChangeRequest.objects.exists()


def test_a_second_after_the_cut_off_it_is_too_late_and_what_was_typed_stays(client, here):
    first = hidden(body(client.get(CHANGE)))
    CutoffRule.objects.create(name="Over", aspects=["instructions"], closes="already")
    CutoffRule.objects.create(name="Rest", closes="never", position=1)

    late = again(client, first, instructions="Ring at gate 3")

    page = body(late)
    assert late.status_code in (412, 422) and not ChangeRequest.objects.exists()
    assert re.search(r'name="instructions"[^>]*>\s*Ring at gate 3', page)
    assert "This can no longer be changed." in page and "Delivery address" in page


def test_a_delivery_that_left_meanwhile_is_not_quietly_made_the_whole_order(client, here):
    path = f"{CHANGE}?delivery=D1"
    first = hidden(body(client.get(path)))
    here.told(shipments=[scene.delivery(status="dispatched", shipped_at="2026-11-20T08:00:00Z")])

    late = again(client, first, path, scope="delivery:D1", instructions="Ring at gate 3")

    page = body(late)
    assert late.status_code == 412 and "Planned" in page.split('id="oms-conflict"')[1]
    assert "This can no longer be changed. Please choose again." in page
    assert "delivery:D1" not in page and not re.search(r'name="scope"[^>]* checked', page)
    unchosen = again(client, hidden(page), path, scope="", instructions="Ring at gate 3")
    assert unchosen.status_code == 422 and "Please choose what it is for." in body(unchosen)


@pytest.mark.parametrize("typed", [{"phone": "abc"}, {"do": "country"}, {"do": "find"}])
def test_what_moved_is_told_whatever_else_the_form_is_drawn_anew_for(client, here, typed):
    first = hidden(body(client.get(CHANGE)))
    here.told(delivery_address=wire.address(lines=["Neue Strasse 1"]))

    page = body(again(client, first, instructions="Ring at gate 3", **typed))

    conflict = page.split('id="oms-conflict"')[1].split("</section>")[0]
    assert "Hafenstrasse 12" in conflict and "Neue Strasse 1" in conflict


def test_whose_session_had_ended_finds_what_they_typed_after_signing_in(client, here):
    first = hidden(body(client.get(CHANGE)))
    client.logout()

    away = again(client, first, instructions="Ring at gate 3", day=f"{DAY}")

    assert away.status_code == 302 and not ChangeRequest.objects.exists()
    client.force_login(here.user)
    page = body(client.get(CHANGE))
    assert "You were signed out, so nothing was sent yet." in page
    assert re.search(r'name="instructions"[^>]*>\s*Ring at gate 3', page) and f"{DAY}" in page
    assert again(client, hidden(page), instructions="Ring at gate 3").status_code == 303
    assert "Ring at gate 3" not in body(client.get(CHANGE)).split("<form")[-1]


# What is not offered


def test_an_order_of_an_erp_that_takes_no_commands_says_whom_to_ask(client, here, settings):
    settings.OMS_PORTAL = {}

    page = body(client.get(CHANGE))

    assert "This order can’t be changed here" in page and 'name="idempotency_key"' not in page


def test_an_order_that_is_over_says_why(client, here):
    done = scene.delivery(status="delivered", shipped_at="2026-11-20T08:00:00Z")
    gone = {"shipped": "10", "delivered": "10"}
    here.told(shipments=[done], lines=[wire.line("L1", "10", quantities=gone)])

    page = body(client.get(CHANGE))

    assert "Nothing of this delivery can be changed any more" in page
    assert "Everything in this order has been delivered." in page


def test_while_the_erp_is_away_the_page_says_so_and_takes_requests(client, here):
    away = timezone.now() - timedelta(minutes=20)
    Breaker.objects.create(source=Source.objects.get(), opened_at=away)

    page = body(client.get(CHANGE))

    assert "Our order system has not been reachable since" in page
    assert send(client, instructions="Ring at gate 3").status_code == 303


@pytest.mark.parametrize("rules", [{"ship_to": "approved_only"}, None])
def test_who_may_not_have_it_sent_anywhere_is_offered_the_book_alone(client, here, rules):
    if rules:
        company = here.order.company
        company.delivery_rules = rules
        company.save()
    else:
        client.force_login(factories.person("b@c1.example", here.order.company, "buyer"))

    page = body(client.get(CHANGE))

    assert "S2 · Plant S2" in page and "Another address" not in page
    assert send(client, **NEW).status_code == 422 and not ChangeRequest.objects.exists()


@pytest.mark.parametrize("path", [CHANGE, "/portal/orders/NO-SUCH/change/"])
def test_who_may_not_change_an_order_finds_no_such_page(client, here, path):
    client.force_login(factories.person("v@c1.example", here.order.company, "viewer"))

    assert client.get(path).status_code == client.post(path).status_code == 404


def test_who_looks_at_another_of_their_companies_can_still_change_the_order(client, here):
    other = factories.company("A0", name="Aachen")
    factories.member(here.user, other, "viewer")
    session = client.session
    session["oms_company"] = other.pk
    session.save()

    assert client.get(CHANGE).status_code == 200


def test_who_sends_too_many_is_asked_to_wait(client, here, monkeypatch):
    monkeypatch.setattr(changing_page, "PER_HOUR", 1)
    send(client, instructions="Ring at gate 3")

    answer = send(client, instructions="Ring at gate 4")

    assert answer.status_code == 429 and answer["Retry-After"]
    assert ChangeRequest.objects.count() == 1
    assert "so this one was not taken" in body(answer)
    assert re.search(r'name="instructions"[^>]*>\s*Ring at gate 4', body(answer))


def test_of_a_delivery_with_values_of_its_own_those_are_told(client, here):
    elsewhere = scene.delivery(address=wire.address(lines=["Am Nebenlager 9"]))
    here.told(shipments=[elsewhere])

    page = body(client.get(CHANGE, {"delivery": "D1"}))

    now = page.split('id="oms-now-address"')[1].split("</div>")[0]
    assert "Am Nebenlager 9" in now and "Hafenstrasse 12" not in now


def test_a_form_that_no_button_sent_is_sent_all_the_same(client, here):
    kept = hidden(body(client.get(CHANGE)))

    response = client.post(CHANGE, {**kept, "scope": "order", "phone": "+49 40 123456"})

    assert response.status_code == 303
    assert ChangeRequest.objects.get().requested["phone"] == "+49 40 123456"
