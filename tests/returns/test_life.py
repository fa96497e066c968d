"""How labels end: with their return, at the first scan, by a newer one, after their last day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from oms_portal.returns import life, proving
from oms_portal.returns.kinds import ReturnState
from oms_portal.returns.models import Return, ReturnEvent
from oms_portal.returns.papers import Paper
from oms_portal.returns.parcels import Label
from oms_portal.returns.refusals import Illegal
from tests import factories, wire
from tests.returns.parcels import approved, label_of, labelled, parcel_of


pytestmark = pytest.mark.django_db


def now_of(rma: Return) -> Label:
    return label_of(rma)


def test_a_return_that_comes_to_nothing_takes_all_its_labels_with_it():
    rma = approved(parcels=2)
    labelled(rma)
    rma.state = ReturnState.CANCELLED
    life.void(rma)

    for n in (1, 2):
        assert label_of(rma, n).state == "voided"
        assert parcel_of(rma, n).state == "voided"
        assert not life.is_alive(label_of(rma, n))


def test_a_return_that_was_too_late_has_labels_that_are_too_old():
    rma = approved()
    labelled(rma)
    rma.state = ReturnState.EXPIRED
    life.void(rma)
    assert label_of(rma).state == "expired"


def test_a_parcel_no_carrier_was_asked_for_has_nothing_to_be_voided():
    rma = approved()
    life.void(rma)
    assert (parcel_of(rma).state, parcel_of(rma).void_wanted) == ("voided", False)


def test_the_first_scan_uses_the_label_and_the_next_one_is_no_news():
    rma = approved()
    label = labelled(rma)
    assert life.is_alive(label)

    assert life.use(parcel_of(rma), timezone.now())
    assert not life.use(parcel_of(rma), timezone.now())

    assert label_of(rma).state == "used"
    assert parcel_of(rma).state == "in_transit"
    assert not life.is_alive(label_of(rma))


def test_a_label_holds_to_the_end_of_its_last_day_where_the_customer_is():
    factories.company("C1", time_zone="Pacific/Auckland")
    rma = approved()
    label = labelled(rma)
    Label.objects.update(valid_until="2026-11-20")
    label.refresh_from_db()
    last = datetime(2026, 11, 20, 10, 59, 59, tzinfo=UTC)

    assert life.is_alive(label, last)
    assert life.expire_labels(last) == 0
    assert not life.is_alive(label, last + timedelta(seconds=1))
    assert life.expire_labels(last + timedelta(seconds=1)) == 1
    assert label_of(rma).state == "expired"
    assert life.expire_labels(last + timedelta(days=1)) == 0


def test_a_label_made_anew_is_the_next_version_and_must_be_proven_too():
    rma = approved()
    old = labelled(rma)
    Return.objects.update(expires_on=rma.expires_on + timedelta(days=7))

    fresh = life.reissue(parcel_of(rma), "printed on a torn roll")

    assert (fresh.version, fresh.state) == (2, "ready")
    assert not life.is_alive(fresh)
    old.refresh_from_db()
    assert old.state == "superseded"
    assert labelled(rma).pk == fresh.pk
    assert label_of(rma).valid_until == rma.expires_on + timedelta(days=7)
    event = ReturnEvent.objects.get(verb="reissue")
    assert event.reason == "printed on a torn roll"


def test_a_carriers_own_label_made_anew_says_what_it_said_before():
    rma = approved()
    labelled(rma)
    said = [{"symbology": "QRCode", "text": "4711"}]
    Label.objects.update(carried=b"%PDF-", media_type="application/pdf", codes=said)
    assert life.reissue(parcel_of(rma), "torn").codes == said


def test_a_carriers_own_label_made_anew_keeps_its_file_and_still_has_a_packing_slip():
    rma = approved()
    old = labelled(rma)
    Label.objects.update(carried=b"%PDF-", media_type="application/pdf")
    fresh = life.reissue(parcel_of(rma), "torn")
    assert bytes(fresh.carried) == b"%PDF-"
    assert proving.proven(fresh, Paper("slip")).codes == proving.proven(old, Paper("slip")).codes
    assert proving.customs_forms(fresh) == ()


def test_a_label_that_is_over_is_not_made_anew():
    rma = approved()
    labelled(rma)
    life.use(parcel_of(rma), timezone.now())
    with pytest.raises(Illegal):
        life.reissue(parcel_of(rma), "again")
    assert Label.objects.count() == 1


def test_of_two_who_make_it_anew_at_once_one_does(monkeypatch):
    rma = approved()
    labelled(rma)
    hold = life.hold

    def overtaken(held):
        monkeypatch.setattr(life, "hold", hold)
        Label.objects.update(state="superseded")
        return hold(held)

    monkeypatch.setattr(life, "hold", overtaken)
    with pytest.raises(Illegal):
        life.reissue(parcel_of(rma), "again")
    assert Label.objects.count() == 1


# Scans


def scanned(number: str, code: str = "in_transit", carrier: str = "van", **changes):
    told = wire.scan(
        carrier=carrier,
        tracking_number=number,
        code=code,
        occurred_at=timezone.now().isoformat(),
        **changes,
    )
    factories.deliver("tracking", wire.tracking(told, carrier=carrier, tracking_number=number))


def test_a_carriers_scan_moves_the_return_and_uses_its_label():
    rma = approved()
    labelled(rma)
    scanned(parcel_of(rma).tracking_number)

    rma.refresh_from_db()
    assert rma.state == "in_transit"
    assert rma.scanned_at is not None
    assert label_of(rma).state == "used"
    assert parcel_of(rma).state == "in_transit"


def test_the_word_that_a_label_was_announced_moves_nothing():
    rma = approved()
    labelled(rma)
    scanned(parcel_of(rma).tracking_number, "pre_transit")
    assert label_of(rma).state == "verified"


def test_the_last_scan_says_that_the_parcel_came():
    rma = approved()
    labelled(rma)
    number = parcel_of(rma).tracking_number
    scanned(number, id="s1")
    scanned(number, "delivered", id="s2")
    assert parcel_of(rma).state == "delivered"

    # A late one of the day before changes nothing of that.
    scanned(number, "out_for_delivery", id="s3")
    assert parcel_of(rma).state == "delivered"


def test_a_parcel_that_is_lost_is_called_lost_until_it_turns_up():
    rma = approved()
    labelled(rma)
    number = parcel_of(rma).tracking_number
    scanned(number, "exception.lost", id="s1")
    assert parcel_of(rma).state == "lost"

    scanned(number, "delivered", id="s2")
    assert parcel_of(rma).state == "delivered"


def test_a_source_that_may_not_speak_for_the_company_moves_nothing_of_it():
    rma = approved()
    labelled(rma)
    stranger = factories.source("other", all_customers=False, customers=["C9"])
    number = parcel_of(rma).tracking_number
    told = wire.scan(carrier="van", tracking_number=number, occurred_at=timezone.now().isoformat())
    record = wire.tracking(told, carrier="van", tracking_number=number)
    factories.deliver("tracking", record, sender=stranger, expect=None)
    assert label_of(rma).state == "verified"


def test_a_scan_from_before_the_label_was_made_is_another_parcels():
    rma = approved()
    labelled(rma)
    number = parcel_of(rma).tracking_number
    early = (timezone.now() - timedelta(days=3)).isoformat()
    told = wire.scan(carrier="van", tracking_number=number, occurred_at=early)
    factories.deliver("tracking", wire.tracking(told, carrier="van", tracking_number=number))
    assert label_of(rma).state == "verified"


def test_goods_sent_with_a_carrier_of_ones_own_are_followed_by_its_number():
    rma = approved(method="own_carrier", carrier="UPS", tracking_number="1Z999")
    labelled(rma)
    scanned("1Z999", carrier="dhl", id="s1")
    rma.refresh_from_db()
    assert rma.state == "approved"

    scanned("1Z999", carrier="ups", id="s2")
    rma.refresh_from_db()
    assert rma.state == "in_transit"
