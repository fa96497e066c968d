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
from oms_portal.returns.parcels import Label, LabelPrint, ReturnParcel
from oms_portal.returns.receipts.judgement import verdicts
from oms_portal.returns.receipts.judgement.verdicts import VerdictWish
from oms_portal.returns.receipts.models import Finding, Receipt, Verdict
from oms_portal.returns.ways import way_of
from tests.returns.parcels import labelled, past_leases
from tests.returns.scene import NOW, Scene, again

from ..found import counted, finding, inspector


pytestmark = pytest.mark.django_db
_keys = count(1)


def send_back(rma: Return, quantity: str = "5") -> Verdict:
    desk = inspector(f"desk{next(_keys)}@shop.example")
    wish = VerdictWish(quantity, grade="d", reason="It is broken.")
    return verdicts.judge(finding(rma), desk, wish, key=f"back-key-{next(_keys)}", now=NOW)


def refused() -> None:
    """The ERP said no."""
    Verdict.objects.update(told_at=None)
    Receipt.objects.update(refused=True)


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
    refused()
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


def versions(parcel: ReturnParcel) -> list[tuple[str, list[str]]]:
    """What each version of its label says of the goods, the newest first."""
    return [
        (one.state, [item.quantity for item in labels_data.read(one)[0].items])
        for one in parcel.labels.order_by("-version")
    ]


def two_told(rma: Return) -> None:
    """Five go back, with a label, and then two more while the parcel is still here."""
    send_back(rma, "5")
    label(rma)
    Finding.objects.update(counted=7)
    send_back(rma, "2")


def test_what_goes_back_later_is_on_a_newer_label_of_the_parcel_that_is_still_here(
    scene: Scene,
) -> None:
    rma = counted(scene)
    send_back(rma, "5")
    label(rma)
    before = back(rma)
    codes = [{"symbology": "QRCode", "text": "4711"}]
    own = {"carried": b"%PDF-", "media_type": "application/pdf", "codes": codes}
    before.labels.update(**own)
    Finding.objects.update(counted=7)
    send_back(rma, "2")
    label(rma)
    parcel = back(rma)
    assert versions(parcel) == [("verified", ["7 pieces"]), ("superseded", ["5 pieces"])]
    # The consignment is the one that the carrier made.
    assert (parcel.key, parcel.fence) == (before.key, before.fence)
    newest = parcel.labels.get(version=2)
    assert (bytes(newest.carried or b""), newest.codes, newest.valid_until) == (
        b"%PDF-",
        codes,
        None,
    )
    scanned(parcel, NOW)
    assert back(rma).state == "in_transit"


def test_what_is_told_while_the_label_is_made_is_on_it_all_the_same(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    rma = counted(scene)
    send_back(rma, "5")
    frozen = labels_data.frozen

    def overtaken(parcel: ReturnParcel, now: Any) -> dict[str, Any]:
        made = frozen(parcel, now)
        if parcel.outward:
            Finding.objects.update(counted=7)
            send_back(rma, "2")
        return made

    monkeypatch.setattr(labels_data, "frozen", overtaken)
    label(rma)
    assert versions(back(rma))[0] == ("verified", ["7 pieces"])


def test_what_no_printed_label_lists_did_not_go_and_gets_a_parcel_of_its_own(
    scene: Scene,
) -> None:
    rma = counted(scene)
    two_told(rma)
    label(rma)
    first = back(rma)
    LabelPrint.objects.create(label=first.labels.get(version=1), via="desk")
    scanned(first, NOW)
    label(rma)
    second = ReturnParcel.objects.get(rma=rma, outward=True, sequence=3)
    assert versions(second) == [("verified", ["2 pieces"])]


def test_what_the_label_printed_last_lists_went_with_it(scene: Scene) -> None:
    rma = counted(scene)
    two_told(rma)
    label(rma)
    for printed in back(rma).labels.all():
        LabelPrint.objects.create(label=printed, via="desk")
    scanned(back(rma), NOW)
    assert ReturnParcel.objects.filter(rma=rma, outward=True).count() == 1


def test_what_is_decided_otherwise_is_no_longer_on_the_label(scene: Scene) -> None:
    rma = counted(scene)
    two_told(rma)
    label(rma)
    refused()
    verdicts.take_back(Verdict.objects.get(quantity=2), inspector(), now=NOW)
    wish = VerdictWish("2", grade="a")
    verdicts.judge(finding(rma), inspector("b@shop.example"), wish, key="kept-key-1", now=NOW)
    assert versions(back(rma))[0] == ("ready", ["5 pieces"])


def test_what_has_left_gets_no_other_parcel_when_the_erp_is_told_again(scene: Scene) -> None:
    rma = counted(scene)
    send_back(rma)
    label(rma)
    scanned(back(rma), NOW)
    refused()
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
