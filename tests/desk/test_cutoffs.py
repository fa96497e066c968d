"""Staff make the rules that say until when, in order, and try them on an order before they count."""

from __future__ import annotations

import re
from datetime import time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from oms_portal.changes.models import CutoffRule
from tests import factories, wire

from .conftest import client_of, staff


pytestmark = pytest.mark.django_db

RIGHTS = ("add_cutoffrule", "change_cutoffrule", "delete_cutoffrule", "view_order")
FORM: dict[str, Any] = {"name": "Parcels to Germany", "active": "on", "closes": "never"}
DAYS = {"closes": "days", "days": "1", "at": "14:00"}


@pytest.fixture
def desk(site: Any) -> Client:
    return client_of(staff("rules@shop.example", *RIGHTS))


def shown(client: Client, name: str, *args: Any, **query: str) -> str:
    response = client.get(reverse(f"oms_cutoffs:{name}", args=args), query)
    assert response.status_code == 200, (response.status_code, response.headers)
    return response.content.decode()


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def add(client: Client, **changes: Any) -> Any:
    return client.post(reverse("oms_cutoffs:add"), FORM | changes)


def order(*statuses: str, **changes: Any) -> None:
    """SO-1001 of Hamburg: one delivery in each of these states, to leave in thirty days."""
    factories.company("C1", name="Nordwerk", time_zone="Europe/Berlin")
    leaves = (timezone.now() + timedelta(days=30)).date().isoformat()
    packages = [{"lines": [{"line_ref": "L1", "quantity": "1"}]}]
    fresh = {"planned_on": leaves, "shipped_at": None, "packages": packages}
    shipments = [
        wire.shipment(f"D{n}", status, **fresh | changes) for n, status in enumerate(statuses, 1)
    ]
    factories.deliver("order", wire.order(shipments=shipments))


def test_a_rule_is_made_and_said_in_plain_words(desk: Client) -> None:
    sent = add(
        desk,
        **DAYS,
        aspects=["address", "date"],
        states=["planned"],
        methods=["parcel"],
        carriers="DHL, dhl,ups",
        countries=" de, at",
        value_from="100",
        fee="15",
        fee_currency="eur",
        later="2",
    )
    assert sent.status_code == 302
    rule = CutoffRule.objects.get()
    assert (rule.aspects, rule.states) == (["address", "date"], ["planned"])
    assert (rule.carriers, rule.countries) == (["dhl", "ups"], ["DE", "AT"])
    assert (rule.at, rule.fee, rule.fee_currency) == (time(14), Decimal(15), "EUR")
    said = (
        "Until 14:00, 1 working day before dispatch. For: Delivery address, Delivery date; "
        "Planned; Parcel; dhl, ups; DE, AT; net value from 100."
    )
    assert said in text(shown(desk, "index"))
    form = shown(desk, "edit", rule.pk)
    assert 'value="DE, AT"' in form and 'value="14:00"' in form
    assert ModelLogEntry.objects.filter(action="wagtail.create", object_id=str(rule.pk)).exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"closes": "hours"}, "Say how many hours before dispatch; 0 is dispatch."),
        ({"closes": "days", "at": "14:00"}, "Say how many working days before"),
        ({"closes": "days", "days": "1"}, "Say until what time of that day."),
        ({"closes": "days", "days": "999", "at": "14:00"}, "That is too many."),
        ({"closes": "days", "days": "1", "at": "25 o’clock"}, "Enter a valid time."),
        ({"closes": ""}, "This field is required."),
        ({"closes": "sometimes"}, "Select a valid choice."),
        ({"name": ""}, "This field is required."),
        ({"countries": "DE, Germany"}, "No such country: GERMANY."),
        ({"states": ["frozen"]}, "Select a valid choice."),
        ({"fee": "5"}, "Say in which currency the fee is."),
        ({"fee": "5", "fee_currency": "EUX"}, "There is no such currency."),
        ({"fee": "-5", "fee_currency": "EUR"}, "A fee is more than nothing."),
        ({"value_from": "10", "value_to": "10"}, "This must be more than the value it begins"),
    ],
)
def test_what_does_not_go_together_is_said(desk: Client, changes: Any, said: str) -> None:
    answer = add(desk, **changes)
    assert answer.status_code == 200 and said in answer.content.decode()
    assert not CutoffRule.objects.exists()


def test_what_another_limit_would_need_is_dropped(desk: Client) -> None:
    add(desk, closes="hours", hours="0", days="nonsense", at="25", fee_currency="EUR")
    rule = CutoffRule.objects.get()
    assert (rule.hours, rule.days, rule.at, rule.fee_currency) == (0, None, None, "")
    assert "Until dispatch. For everything." in text(shown(desk, "index"))


def test_rules_are_copied_switched_off_and_deleted(desk: Client) -> None:
    add(desk)
    first = CutoffRule.objects.get()
    assert "Parcels to Germany" in shown(desk, "copy", first.pk)
    add(desk, name="Second")
    second = CutoffRule.objects.get(name="Second")
    assert second.position > first.position
    off = {name: value for name, value in FORM.items() if name != "active"}
    desk.post(reverse("oms_cutoffs:edit", args=[first.pk]), off)
    first.refresh_from_db()
    assert not first.active
    desk.post(reverse("oms_cutoffs:delete", args=[second.pk]))
    assert list(CutoffRule.objects.all()) == [first]


def test_rules_are_moved_also_where_two_have_one_number(desk: Client) -> None:
    rules = [CutoffRule.objects.create(name=name, closes="never") for name in "ABC"]
    url = reverse("oms_cutoffs:reorder", args=[rules[2].pk])
    assert desk.post(f"{url}?position=0").json() == {"success": True}
    assert [rule.name for rule in CutoffRule.objects.all()] == ["C", "A", "B"]
    assert desk.post(f"{url}?position=1").status_code == 200
    assert [rule.name for rule in CutoffRule.objects.all()] == ["A", "C", "B"]
    assert desk.post(f"{url}?position=x").status_code == 200
    assert [rule.name for rule in CutoffRule.objects.all()] == ["A", "B", "C"]
    listed = shown(desk, "index")
    said = text(listed)
    assert "w-orderable" in listed and said.index(" A Can be") < said.index(" B Can be")
    logged = ModelLogEntry.objects.filter(action="oms_portal.move_rule")
    assert [entry.message for entry in logged.order_by("pk")][0] == "Moved to place 1"


def test_while_there_are_none_the_built_in_ones_are_shown_and_started_from(desk: Client) -> None:
    listed = shown(desk, "index")
    said = (
        "Everything else until the working day before Until 14:00, 1 working day before dispatch."
    )
    assert "What counts while there are no rules" in listed and said in text(listed)
    for _twice in range(2):
        assert desk.post(reverse("oms_cutoffs:start")).status_code == 302
    assert CutoffRule.objects.count() == 4
    listed = shown(desk, "index")
    assert "What counts while there are no rules" not in listed
    assert "Picked, packed or gone" in listed


def test_the_rules_are_tried_on_an_order(desk: Client) -> None:
    order("packed", "planned")
    page = text(shown(desk, "try", order="so-1001"))
    assert "SO-1001 · Nordwerk" in page
    assert "Delivery D1 Packed · Parcel · DHL · DE" in page
    assert "closed It has already been packed. Picked, packed or gone" in page
    assert re.search(r"open Until [^.]*14:00 \S* Everything else until the working day", page)
    assert "In no delivery yet" in page
    assert "The ERP of this order takes no changes of: Delivery address" in page
    assert "There is no order of this number." in text(shown(desk, "try", order="SO-9"))
    assert "There is no order" not in text(shown(desk, "try"))


def test_a_rule_is_tried_before_it_is_saved(desk: Client) -> None:
    order("packed", "planned")
    CutoffRule.objects.create(name="Nothing goes", closes="already", position=5)
    tried = add(desk, name="Typed", countries="DE", fee="9", fee_currency="EUR",
                order="SO-1001", **{"try": "1"})  # fmt: skip
    page = text(tried.content.decode())
    assert "Nothing is saved yet." in page and "Nothing goes" in page
    # As the last it comes too late; in the place of the other it decides.
    assert "€9.00" not in page
    first = CutoffRule.objects.get()
    url = reverse("oms_cutoffs:edit", args=[first.pk])
    typed = FORM | {"name": "Typed", "fee": "9", "fee_currency": "EUR", "reason": "<b>x"}
    tried = desk.post(url, typed | {"try": "1", "order": "SO-1001"})
    page = tried.content.decode()
    assert "open Open, with no hour known, costs €9.00 Typed" in text(page)
    assert 'value="SO-1001"' in page and 'value="Typed"' in page and "&lt;b&gt;x" in page
    first.refresh_from_db()
    assert (CutoffRule.objects.count(), first.name) == (1, "Nothing goes")


def test_a_rule_with_a_fault_is_not_tried(desk: Client) -> None:
    order("planned")
    tried = add(desk, closes="hours", order="SO-1001", **{"try": "1"}).content.decode()
    assert "Say how many hours before dispatch" in tried and "Nordwerk" not in tried
    assert "The rule was not tried: put right first what is marked below." in tried


def test_whoever_may_not_see_orders_can_not_try_rules_on_them(site: Any) -> None:
    order("planned")
    client = client_of(staff("blind@shop.example", *RIGHTS[:3]))
    assert "Try it out" not in shown(client, "add")
    assert client.get(reverse("oms_cutoffs:try"), {"order": "SO-1001"}).status_code == 302
    tried = add(client, order="SO-1001", **{"try": "1"}).content.decode()
    assert "Nordwerk" not in tried and not CutoffRule.objects.exists()


def test_the_rights_stand_in_the_group_editor() -> None:
    from wagtail import hooks

    offered = [perm for hook in hooks.get_hooks("register_permissions") for perm in hook()]
    names = {perm.codename for perm in offered}
    verbs = ("add", "change", "delete")
    wanted = {f"{verb}_{model}" for model in ("cutoffrule", "pickupplace") for verb in verbs}
    assert wanted | {"change_riskpolicy"} <= names and "add_riskpolicy" not in names
