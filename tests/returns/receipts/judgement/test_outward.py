"""Goods that go back to the customer: a parcel of ours with a label like any other, never taken for
one of theirs."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from oms_portal.notifications.models import Mail
from oms_portal.returns import labels_data, life, polling
from oms_portal.returns.arriving import scanned
from oms_portal.returns.models import Return
from oms_portal.returns.parcels import Label, ReturnParcel
from oms_portal.returns.receipts.judgement import verdicts
from oms_portal.returns.receipts.judgement.verdicts import VerdictWish
from oms_portal.returns.receipts.models import Finding, Verdict
from oms_portal.returns.ways import way_of
from tests.returns.parcels import labelled, past_leases
from tests.returns.scene import NOW, Scene, again, set_up

from ..found import counted, finding, grades, inspector


pytestmark = pytest.mark.django_db
_keys = count(1)


@pytest.fixture
def scene(settings: Any) -> Scene:
    made = set_up(settings)
    grades()
    return made


def send_back(rma: Return, quantity: str = "5") -> Verdict:
    desk = inspector(f"desk{next(_keys)}@shop.example")
    wish = VerdictWish(quantity, grade="d", reason="It is broken.")
    return verdicts.judge(finding(rma), desk, wish, key=f"back-key-{next(_keys)}", now=NOW)


def label(rma: Return) -> Label:
    """Have all labels made; the first one. The scene's clock is far from the worker's."""
    past_leases()
    return labelled(rma)


def back(rma: Return) -> ReturnParcel:
    rows = ReturnParcel.objects.select_related("rma__company", "rma__place")
    return rows.get(rma=rma, outward=True)


def test_what_is_not_taken_gets_a_parcel_with_a_label_to_the_customer(scene: Scene) -> None:
    rma = counted(scene)
    label(rma)
    sent = Mail.objects.count() + len(mail.outbox)
    send_back(rma, "2")
    assert not ReturnParcel.objects.filter(outward=True).exists()
    send_back(rma, "3")
    label(rma)
    parcel = back(rma)
    made = parcel.labels.get()
    assert (parcel.state, made.state, parcel.sequence) == ("ready", "verified", 2)
    data, _dress = labels_data.read(made)
    assert data.sender["city"] == "Bremen"
    assert data.receiver["lines"] == rma.sender["lines"]
    assert (data.sequence, data.of, data.valid_until) == (1, 1, "")
    assert [one.quantity for one in data.items] == ["5 pieces"]
    assert made.valid_until is None and life.is_alive(made, timezone.now() + timedelta(days=99))
    # The customer is mailed no label of ours.
    assert Mail.objects.count() + len(mail.outbox) == sent


def test_it_outlives_the_return_and_is_none_of_its_parcels(scene: Scene) -> None:
    rma = counted(scene)
    send_back(rma)
    theirs = label(rma)
    line = rma.lines.get()
    told = {line.ref: {"received": "5", "accepted": "0", "rejected": "5"}}
    closed = scene.received(rma, lines=told)
    assert closed.state == "closed"
    theirs.refresh_from_db()
    assert theirs.state == "used"
    parcel = back(rma)
    assert (parcel.state, parcel.labels.get().state) == ("ready", "verified")
    assert parcel in polling.due(parcel.carrier, timezone.now())
    data, _dress = labels_data.read(theirs)
    assert data.of == 1


def test_a_scan_of_it_says_nothing_of_what_the_customer_sent(scene: Scene) -> None:
    rma = counted(scene)
    send_back(rma)
    label(rma)
    before = again(rma)
    scanned(back(rma), NOW)
    after = again(rma)
    assert (after.state, after.scanned_at) == (before.state, before.scanned_at)
    assert [line.reception for line in after.lines.all()] == ["awaiting"]
    assert back(rma).state == "in_transit" and back(rma).labels.get().state == "used"


def test_nothing_goes_back_any_more_once_the_verdict_is_taken_back(scene: Scene) -> None:
    rma = counted(scene)
    verdict = send_back(rma)
    label(rma)
    # The ERP said no.
    Verdict.objects.update(told_at=None)
    verdicts.take_back(verdict, inspector(), now=NOW)
    assert back(rma).state == "voided" and back(rma).labels.get().state == "voided"
    send_back(rma)
    alive = ReturnParcel.objects.filter(rma=rma, outward=True).exclude(state="voided")
    assert [parcel.sequence for parcel in alive] == [3]


def test_what_goes_back_later_goes_into_the_parcel_that_is_still_here(scene: Scene) -> None:
    rma = counted(scene)
    verdict = send_back(rma)
    verdicts.send(rma, inspector(), now=NOW)
    assert ReturnParcel.objects.filter(rma=rma, outward=True).count() == 1
    assert verdict.disposition == "send_back"


def test_a_second_parcel_lists_its_own_goods_alone(scene: Scene) -> None:
    rma = counted(scene)
    send_back(rma, "5")
    label(rma)
    first = back(rma)
    scanned(first, NOW)
    Finding.objects.update(counted=7)
    send_back(rma, "2")
    label(rma)
    second = ReturnParcel.objects.get(rma=rma, outward=True, sequence=3)
    items = [
        [one.quantity for one in labels_data.read(parcel.labels.get())[0].items]
        for parcel in (first, second)
    ]
    assert items == [["5 pieces"], ["2 pieces"]]


def test_what_has_left_gets_no_other_parcel_when_the_erp_is_told_again(scene: Scene) -> None:
    rma = counted(scene)
    send_back(rma)
    label(rma)
    scanned(back(rma), NOW)
    # The ERP said no.
    Verdict.objects.update(told_at=None)
    verdicts.send(rma, inspector(), now=NOW)
    assert Verdict.objects.get().told_at is not None
    assert ReturnParcel.objects.filter(rma=rma, outward=True).count() == 1


def test_what_came_by_freight_goes_by_freight(scene: Scene) -> None:
    rma = counted(scene)
    Return.objects.filter(pk=rma.pk).update(method="freight")
    send_back(rma)
    assert way_of(back(rma)) == "freight"
    Return.objects.filter(pk=rma.pk).update(method="branch")
    assert way_of(back(rma)) == "parcel_shop"


def test_customers_fetch_no_label_of_ours(scene: Scene, client: Any) -> None:
    rma = counted(scene)
    send_back(rma)
    label(rma)
    client.force_login(scene.user, backend="django.contrib.auth.backends.ModelBackend")
    answers = [
        client.get(f"/portal/returns/{rma.number}/label/{sequence}/return.pdf").status_code
        for sequence in (1, 2, 3)
    ]
    assert answers == [200, 404, 404]
