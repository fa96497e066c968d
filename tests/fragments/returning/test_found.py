"""What our returns desk found and decided, as the customer's open page comes to say it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oms_portal.returns import actions, moving
from oms_portal.returns.kinds import ParcelState
from oms_portal.returns.models import Evidence, Return
from oms_portal.returns.parcels import ReturnParcel
from oms_portal.returns.receipts.models import Finding, Receipt, Verdict
from tests import factories
from tests.returns.scene import NOW, Scene, again, item, new_key, set_up

from .drawn import at, read, render, text


pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=3)


@pytest.fixture
def scene(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Scene:
    at(monkeypatch, NOW)
    return set_up(settings, fee_percent="10")


@pytest.fixture
def rma(scene: Scene) -> Return:
    """Four bearings and half a kilo in two parcels."""
    return again(scene.send(item("4"), item("0.5", "L2"), parcels=2))


def see(scene: Scene, rma: Return, **asked: Any) -> str:
    return read(scene, "return", **{"return": rma.number}, **asked)


def says(scene: Scene, rma: Return) -> str:
    return str(render(scene, "return", **{"return": rma.number}).say)


def arrive(rma: Return, sequence: int = 1, **columns: Any) -> None:
    ReturnParcel.objects.filter(rma=rma, sequence=sequence).update(arrived_at=LATER, **columns)


def find(rma: Return, counted: str, *, done: bool = True, **columns: Any) -> Finding:
    """So many were counted, of the first line where nothing else is said."""
    receipt, _new = Receipt.objects.get_or_create(rma=rma)
    Receipt.objects.filter(pk=receipt.pk).update(counted_at=LATER if done else None)
    told = {"line": rma.lines.order_by("pk").first(), "unit": "C62", **columns}
    return Finding.objects.create(receipt=receipt, counted=counted, **told)


def decide(finding: Finding, quantity: str, *, told: bool = True, **columns: Any) -> Verdict:
    given = {"accepted": True, "disposition": "restock", "form_key": new_key(), **columns}
    at = LATER if told else None
    return Verdict.objects.create(finding=finding, quantity=quantity, told_at=at, **given)


def test_parcels_arrive_one_after_the_other(scene: Scene, rma: Return) -> None:
    arrive(rma)
    page = see(scene, rma)
    assert "1 of 2 parcels has reached us. We are waiting for the rest." in page
    assert "It reached us on Nov 22, 2126, 13:00." in page
    assert "Parcel 1 of 2 arrived. Nov 22, 2126, 13:00 · Our returns desk" in page
    arrive(rma, 2, damaged=True)
    page = see(scene, rma)
    assert f"{rma.number} At our returns desk All your parcels have reached us." in page
    assert "Next we count and check what is in." in page and "On its way to us" not in page
    assert "It reached us on Nov 22, 2126, 13:00, damaged." in page
    assert "Parcel 2 of 2 arrived damaged." in page


def test_a_parcel_that_is_here_needs_no_label_any_more(scene: Scene, rma: Return) -> None:
    before = see(scene, rma)
    arrive(rma)
    page = see(scene, rma)
    assert "Parcel 1 of 2 Arrived" in page and "Parcel 1 of 2 Arrived" not in before


@pytest.mark.parametrize(
    ("counted", "words"),
    [
        ("3", "We counted 3 of 4 pieces."),
        ("4", "We counted all 4 pieces."),
        ("5", "We counted all 4 pieces, and 1 piece more than announced."),
    ],
)
def test_what_was_counted_is_told_against_what_was_announced(
    scene: Scene, rma: Return, counted: str, words: str
) -> None:
    find(rma, counted)
    page = see(scene, rma)
    assert words in page and "At our returns desk" in page
    # Of the other line.
    assert "None of these came." in page


def test_while_they_count_it_says_how_far_they_are(scene: Scene, rma: Return) -> None:
    find(rma, "2", done=False)
    page = see(scene, rma)
    assert "We are counting: 2 of 4 pieces so far." in page
    assert "None of these came." not in page


def test_damage_something_else_and_what_nobody_announced_are_told(
    scene: Scene, rma: Return
) -> None:
    find(rma, "3", damaged="1")
    find(rma, "2", found="wrong", sku="VB-1", description="V-<b>belt")
    find(rma, "1", found="unexpected", line=None, sku="", description="A glove")
    html = render(scene, "return", **{"return": rma.number}).html
    page = text(html)
    assert "1 of them came damaged." in page
    assert "V-&lt;b&gt;belt" in html and "(2 pieces)" in page
    assert "This was in it as well, though it was not announced" in page
    assert "A glove" in page and "(1 piece)" in page
    decide(Finding.objects.get(found="unexpected"), "1", accepted=False, disposition="quarantine")
    assert "We keep it aside for you. Please get in touch with us." in see(scene, rma)


def test_what_was_decided_is_told_with_its_reason_once_it_holds(scene: Scene, rma: Return) -> None:
    finding = find(rma, "4")
    decide(finding, "3", told=False)
    assert "We accept" not in see(scene, rma)
    Verdict.objects.update(told_at=LATER)
    decide(finding, "1", accepted=False, disposition="send_back", reason="It is <i>scratched</i>.")
    html = render(scene, "return", **{"return": rma.number}).html
    page = text(html)
    assert "We accept 3 pieces. We can’t accept 1 piece. It is <i>scratched</i>." in page
    assert "&lt;i&gt;scratched" in html
    assert "We send 1 piece back to you. Decided by our returns desk." in page
    # The estimate no longer holds, and the credit note has not come.
    assert "Estimated credit" not in page


def test_a_fee_is_told_and_so_is_that_it_is_waived(scene: Scene, rma: Return) -> None:
    finding = find(rma, "4")
    decide(finding, "2", fee=Decimal("4.50"))
    decide(finding, "2", fee=Decimal("1.25"))
    assert "We keep a fee of €5.75." in see(scene, rma)
    Verdict.objects.update(fee_waived=True, waiver_reason="A good customer of ours.")
    page = see(scene, rma)
    assert "We waive the fee." in page and "We keep a fee" not in page
    assert "A good customer" not in page


def test_colleagues_notes_and_names_are_nobody_elses(scene: Scene, rma: Return) -> None:
    clerk = factories.person("clerk@shop.example", staff=["Desk"], first_name="Berta")
    lead = factories.person("lead@shop.example", staff=["Desk"], first_name="Ludwig")
    verdict = decide(find(rma, "4"), "4", actor=clerk, note="They do this every month.")
    moving.record(rma, "judged", moving.By("staff", clerk, reason="every month"), NOW, {}, {})
    page = see(scene, rma)
    assert "Decided by our returns desk." in page
    Verdict.objects.filter(pk=verdict.pk).update(second=lead, second_at=LATER)
    page = see(scene, rma)
    assert "Decided by two people at our returns desk." in page
    for name in ("Berta", "Ludwig", "every month"):
        assert name not in page


def test_goods_on_their_way_back_are_no_parcels_of_the_customers(scene: Scene, rma: Return) -> None:
    columns = {"code": "R00000000000", "tracking_number": "0034043416"}
    back = ReturnParcel.objects.create(rma=rma, sequence=3, outward=True, **columns)
    page = see(scene, rma)
    assert "On its way back to you Parcel to you Being packed" in page
    assert "Parcel 1 of 2" in page and "of 3" not in page and "0034043416" in page
    ReturnParcel.objects.filter(pk=back.pk).update(state=ParcelState.IN_TRANSIT)
    assert "Parcel to you On its way to you" in see(scene, rma)


def test_it_says_who_decided_that_it_may_come(scene: Scene, rma: Return) -> None:
    assert "Decided by Our rules" in see(scene, rma)
    clerk = factories.person("clerk@shop.example", staff=["Desk"], is_superuser=True)
    actions.decline(rma, clerk, "It was used.", now=NOW)
    page = see(scene, rma)
    assert "Decided by Our service team" in page and "It was used." in page
    actions.override(again(rma), clerk, now=NOW, reason="He is the boss’s brother.")
    page = see(scene, rma)
    assert "Decided by Our service team, as an exception to our rules" in page
    assert "We made an exception to our rules: it was approved." in page
    assert "brother" not in page


def test_what_waits_for_a_second_person_is_no_news(
    scene: Scene, rma: Return, settings: Any
) -> None:
    settings.OMS_PORTAL = {**settings.OMS_PORTAL, "RETURN_SECOND_PERSON_FROM": Decimal(1)}
    clerk = factories.person("clerk@shop.example", staff=["Desk"], is_superuser=True)
    actions.decline(rma, clerk, "It was used.", now=NOW)
    before = see(scene, rma)
    actions.override(again(rma), clerk, now=NOW, reason="Why not?")
    assert again(rma).events.order_by("-pk")[0].verb == "vouch"
    assert see(scene, rma) == before


def test_what_the_suppliers_system_decided_is_told_as_such(scene: Scene) -> None:
    type(scene.policy).objects.update(approval="erp")
    asked = scene.send()
    moving.record(asked, "refuse", moving.By("erp"), NOW, {}, {})
    assert "Decided by Our order system" in see(scene, asked)


def test_photos_of_the_desk_are_told_apart(scene: Scene, rma: Return) -> None:
    told = {"file": "x.jpg", "sha256": "0", "width": 9, "height": 9, "size": 9}
    Evidence.objects.create(rma=rma, name="IMG_1.jpg", at_desk=True, **told)
    html = render(scene, "return", **{"return": rma.number}).html
    assert 'alt="Photo by our returns desk"' in html and "IMG_1" not in html


def test_arrivals_and_results_are_announced_and_counting_is_not(scene: Scene, rma: Return) -> None:
    rma.events.update(at=NOW - timedelta(days=1))
    ReturnParcel.objects.filter(rma=rma, sequence=1).update(arrived_at=NOW)
    assert says(scene, rma) == f"Return {rma.number}: 1 of 2 parcels has reached us."
    ReturnParcel.objects.update(arrived_at=NOW - timedelta(days=1))
    find(rma, "1", done=False)
    assert says(scene, rma) == ""
    moving.record(rma, "counted", moving.By("staff"), NOW, {}, {})
    assert says(scene, rma) == f"Return {rma.number}: We counted what came."


def test_of_many_steps_alike_the_last_one_stands_in_the_history(scene: Scene, rma: Return) -> None:
    for minutes in range(3):
        moment = LATER + timedelta(minutes=minutes)
        moving.record(rma, "judged", moving.By("staff"), moment, {}, {})
    page = see(scene, rma)
    assert page.count("We checked what came.") == 1
    assert "We checked what came. Nov 22, 2126, 13:02 · Our returns desk" in page


def test_it_asks_as_much_for_many_findings_as_for_few(scene: Scene, rma: Return) -> None:
    counts = []
    for number in (1, 5):
        for n in range(number):
            extra = find(rma, "1", found="unexpected", line=None, sku=f"X{number}{n}")
            decide(extra, "1")
        with CaptureQueriesContext(connection) as queries:
            render(scene, "return", scene.actor, **{"return": rma.number})
        counts.append(len(queries))
    assert counts[0] == counts[1]
