"""Parcels get their labels: made once however often a carrier is asked, proven, or kept by staff."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from oms_portal import live
from oms_portal.notifications.models import Alert
from oms_portal.returns import labelling, life, verifying
from oms_portal.returns.carriers.contract import File, NotNow, Refused
from oms_portal.returns.labels.proof import Unreadable, prove
from oms_portal.returns.models import Return
from oms_portal.returns.moving import return_topic
from oms_portal.returns.parcels import Label, LabelProof, ReturnParcel
from tests.returns.carriers.faking import SETTING, Fake, Slow
from tests.returns.carriers.test_passing import pdf
from tests.returns.parcels import approved, label_of, labelled, parcel_of, past_leases


pytestmark = pytest.mark.django_db


@pytest.fixture
def fake(settings):
    Fake.reset()
    settings.OMS_PORTAL = {"RETURN_CARRIERS": SETTING}
    return Fake


def test_a_parcel_of_the_house_gets_a_label_that_was_read_before_anybody_has_it():
    rma = approved()
    label = labelled(rma)

    parcel = parcel_of(rma)
    assert (parcel.state, parcel.tracking_number, parcel.carrier) == ("ready", parcel.code, "house")
    assert (label.state, label.version) == ("verified", 1)
    assert label.valid_until == rma.expires_on
    assert {"symbology": "Code128", "text": parcel.code} in label.codes
    proof = LabelProof.objects.get()
    assert (proof.template, proof.size, proof.format) == ("return", "a4", "pdf")
    assert labelling.lanes(timezone.now()) == set()


def test_each_parcel_has_a_label_of_its_own():
    rma = approved(parcels=3)
    labelled(rma)

    data = [label_of(rma, n).data["label"] for n in (1, 2, 3)]
    assert [(each["sequence"], each["of"]) for each in data] == [(1, 3), (2, 3), (3, 3)]
    assert len({each["parcel"] for each in data}) == 3


def test_what_the_label_says_is_frozen_with_it():
    rma = approved()
    data = labelled(rma).data["label"]

    assert data["rma"] == rma.number
    assert data["receiver"]["name"] == "Brannfeld returns"
    assert data["sender"]["lines"] == ["Hafenstrasse 12"]
    assert data["order"] == "SO-1001"
    assert data["items"][0]["quantity"] == "2 pieces"
    assert data["valid_until"] == rma.expires_on.isoformat()
    assert data["link"].endswith(f"/returns/{rma.number}/")


def test_open_pages_hear_of_the_label():
    rma = approved()
    before = live.versions([return_topic(rma.pk)])[return_topic(rma.pk)]
    labelled(rma)
    assert live.versions([return_topic(rma.pk)])[return_topic(rma.pk)] > before


@pytest.mark.parametrize("state", ["requested", "in_review", "info_needed", "draft"])
def test_no_label_is_made_before_somebody_approved(state, fake):
    rma = approved(state=state)
    assert labelling.lanes(timezone.now()) == set()

    Return.objects.filter(pk=rma.pk).update(state="approved")
    assert labelling.lanes(timezone.now()) == {"fake"}


def test_a_carrier_that_times_out_after_it_made_a_label_makes_no_second_one(fake):
    fake.faults = [Slow(), Slow()]
    rma = approved()
    for _ in range(3):
        labelling.work("fake")
        past_leases()
    while verifying.verify_next():
        pass

    key = str(parcel_of(rma).key)
    assert fake.asked == [key, key, key]
    assert list(fake.made) == [key]
    assert parcel_of(rma).tracking_number == "FK00000001"
    assert Label.objects.get().state == "verified"


def test_nobody_knows_what_became_of_it_so_the_same_carrier_is_asked_whatever_the_settings(
    fake, settings
):
    fake.faults = [Slow()]
    rma = approved()
    labelling.work("fake")
    past_leases()
    house = {"house": {"carrier": "oms_portal.returns.carriers.house.House"}}
    settings.OMS_PORTAL = {"RETURN_CARRIERS": {**house, **SETTING}}

    assert labelling.lanes(timezone.now()) == {"fake"}
    labelled(rma)
    assert len(fake.made) == 1
    assert parcel_of(rma).carrier == "fake"


def test_it_waits_as_long_as_the_carrier_says_and_a_random_while_at_least(fake):
    fake.faults = [NotNow("too many calls", after=600)]
    approved()
    now = timezone.now()
    labelling.work("fake")

    parcel = ReturnParcel.objects.get()
    assert parcel.next_attempt_at >= now + timedelta(seconds=599)
    assert parcel.trouble == "too many calls"
    assert labelling.work("fake") is False


def test_any_other_fault_of_an_adapter_is_tried_again_too(fake):
    fake.faults = [RuntimeError("oops, the secret is abc")]
    rma = approved()
    labelling.work("fake")
    assert parcel_of(rma).trouble == "RuntimeError"

    past_leases()
    assert labelled(rma).state == "verified"
    assert parcel_of(rma).trouble == ""


def test_staff_hear_of_a_carrier_that_stays_away_and_no_more_once_it_answers(fake):
    fake.faults = [Slow() for _ in range(labelling.PATIENCE)]
    rma = approved()
    for _ in range(labelling.PATIENCE):
        labelling.work("fake")
        past_leases()
    alert = Alert.objects.get(kind="label_trouble", done_at=None)
    assert (alert.order_ref, alert.data["trouble"]) == ("SO-1001", "timed out after 15 s")

    labelled(rma)
    assert not Alert.objects.filter(done_at=None).exists()


def test_a_carrier_that_says_no_is_not_asked_again_until_staff_want_it(fake):
    fake.faults = [Refused("The postal code does not exist.")]
    rma = approved()
    labelling.work("fake")
    parcel = parcel_of(rma)
    assert (parcel.state, parcel.trouble) == ("failed", "The postal code does not exist.")
    assert Alert.objects.get(done_at=None).kind == "label_trouble"
    assert labelling.lanes(timezone.now()) == set()

    assert labelling.again(parcel)
    assert not labelling.again(parcel)
    assert labelled(rma).state == "verified"


def test_where_no_carrier_takes_the_way_staff_are_told(fake):
    rma = approved(method="branch")
    assert labelling.lanes(timezone.now()) == {labelling.NOBODY}
    labelling.work(labelling.NOBODY)

    assert (parcel_of(rma).state, parcel_of(rma).trouble) == ("failed", "no_carrier")
    assert Alert.objects.get().kind == "label_trouble"


def test_a_worker_killed_in_the_middle_is_taken_over_when_its_lease_is_over(fake):
    rma = approved()
    held = labelling.claim("fake")
    assert held is not None
    # It had asked, and the carrier made a label; then it was gone.
    fake().create(labelling._shipping(parcel_of(rma)), str(parcel_of(rma).key))
    assert labelling.work("fake") is False

    past_leases()
    assert labelled(rma).state == "verified"
    assert len(fake.made) == 1
    assert parcel_of(rma).fence == 2


def test_who_lost_the_lease_writes_nothing(fake):
    rma = approved()
    taken = []

    def overtaken():
        if not taken:
            taken.append(True)
            past_leases()
            labelling.work("fake")

    fake.during = staticmethod(overtaken)
    labelling.work("fake")

    assert Label.objects.count() == 1
    assert len(fake.made) == 1
    assert parcel_of(rma).state == "ready"


def test_a_return_withdrawn_while_its_label_is_made_leaves_no_live_label_anywhere(fake):
    rma = approved()
    fake.during = staticmethod(lambda: life.void(rma))
    labelling.work("fake")
    fake.during = None

    assert not Label.objects.exists()
    parcel = parcel_of(rma)
    assert (parcel.state, parcel.void_wanted) == ("voided", True)
    past_leases()
    assert labelling.work("fake")
    assert fake.voided == [("ref-FK00000001", "FK00000001", str(parcel.key))]
    assert parcel_of(rma).void_wanted is False
    assert labelling.lanes(timezone.now()) == set()


def test_voiding_is_tried_until_the_carrier_answers(fake):
    rma = approved()
    labelled(rma)
    life.void(rma)
    fake.faults = [Slow()]
    labelling.work("fake")
    assert parcel_of(rma).void_wanted

    past_leases()
    labelling.work("fake")
    assert len(fake.voided) == 1
    assert not parcel_of(rma).void_wanted


def test_a_label_the_carrier_no_longer_voids_is_staffs_to_know(fake):
    rma = approved()
    labelled(rma)
    life.void(rma)
    fake.faults = [Refused("It was handed over already.")]
    labelling.work("fake")

    assert parcel_of(rma).void_wanted is False
    assert parcel_of(rma).state == "voided"
    assert Alert.objects.get().data["trouble"] == "It was handed over already."


# A carrier's own file


def test_a_carriers_own_label_is_kept_byte_for_byte(fake):
    content = pdf("OUTBOUND-1", "FK00000001")
    fake.file = File(content, "application/pdf")
    rma = approved()
    label = labelled(rma)

    assert bytes(label.carried) == content
    assert label.state == "verified"
    assert label.codes == [{"symbology": "Code128", "text": "FK00000001"}]


def test_a_carriers_label_that_nobody_can_read_is_released_to_nobody(fake):
    fake.file = File(pdf(""), "application/pdf")
    rma = approved()
    labelling.work("fake")

    assert not Label.objects.exists()
    assert parcel_of(rma).state == "failed"
    assert "No code" in Alert.objects.get().data["trouble"]


# Proof


def test_a_label_that_can_not_be_read_stays_with_staff(monkeypatch):
    def unread(*args):
        raise Unreadable("This can’t be read from the label: R1")

    monkeypatch.setattr("oms_portal.returns.proving.prove", unread)
    rma = approved()
    label = labelled(rma)
    assert (label.state, label.trouble) == ("ready", "This can’t be read from the label: R1")
    assert not life.is_alive(label)
    assert verifying.verify_next() is False
    assert Alert.objects.get(done_at=None).kind == "label_trouble"

    monkeypatch.setattr("oms_portal.returns.proving.prove", prove)
    life.reissue(parcel_of(rma), "drawn anew")
    verifying.verify_next()
    assert label_of(rma).state == "verified"
    assert not Alert.objects.filter(done_at=None).exists()


def test_an_address_in_a_script_without_a_font_is_told_to_staff():
    rma = approved(sender={"name": "𓀀", "lines": ["x"], "city": "Thebes", "country": "EG"})
    label = labelled(rma)
    assert label.state == "ready"
    assert "U+13000" in label.trouble


def test_a_bug_in_drawing_one_label_holds_up_no_other(monkeypatch):
    from oms_portal.returns import papers

    broken, fine = approved(order="SO-1"), approved(order="SO-2")
    draw = papers.draw

    def sometimes(paper, data, dress):
        if data.rma == broken.number:
            raise ZeroDivisionError
        return draw(paper, data, dress)

    monkeypatch.setattr(papers, "draw", sometimes)
    labelled(broken)
    assert label_of(broken).trouble == "ZeroDivisionError"
    assert label_of(fine).state == "verified"
