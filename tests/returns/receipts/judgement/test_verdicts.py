"""Verdicts: given for parts, never for more than was counted, seconded, told to the ERP by themselves."""

from __future__ import annotations

from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.db.models import F

from oms_portal.erp.outbox.models import Command
from oms_portal.returns.models import Return
from oms_portal.returns.parcels import ReturnParcel
from oms_portal.returns.receipts.judgement import verdicts
from oms_portal.returns.receipts.judgement.verdicts import VerdictWish
from oms_portal.returns.receipts.models import Finding, FoundSerial, Receipt, Verdict
from oms_portal.returns.receipts.rules import DispositionRule
from oms_portal.returns.refusals import Refused
from tests.returns.scene import NOW, Scene, set_up

from ..found import counted, finding, grades, inspector, receipt_of, stray


pytestmark = pytest.mark.django_db
_keys = count(1)


@pytest.fixture
def desk(scene: Scene) -> Any:
    return inspector()


def judge(found: Finding, user: Any, quantity: str = "5", **wish: Any) -> Verdict:
    told = {"grade": "a", **wish}
    key = told.pop("key", f"verdict-key-{next(_keys)}")
    return verdicts.judge(found, user, VerdictWish(quantity, **told), key=key, now=NOW)


def refused(found: Finding, user: Any, quantity: str = "5", **wish: Any) -> str:
    with pytest.raises(Refused) as why:
        judge(found, user, quantity, **wish)
    return why.value.code


def decisions() -> list[Command]:
    return list(Command.objects.filter(kind="return_decision").order_by("pk"))


def told(rma: Return) -> dict[str, Any]:
    """The newest decision."""
    [*_, command] = decisions()
    assert command.payload["number"] == rma.number
    return dict(command.payload)


def test_once_all_that_was_counted_is_judged_the_erp_is_told(scene: Scene, desk: Any) -> None:
    rma = counted(scene)
    judge(finding(rma), desk, "3")
    assert decisions() == [] and len(verdicts.open_findings(rma)) == 1
    judge(finding(rma), desk, "2", grade="d", reason="The housing is broken.")
    line, receipt = rma.lines.get(), receipt_of(rma)
    assert told(rma) == {
        "number": rma.number,
        "version": receipt.version,
        "lines": [
            {
                "ref": line.ref, "accepted": "3", "rejected": "2", "disposition": "restock",
                "verdicts": [
                    {"quantity": "3", "accepted": True, "grade": "a", "disposition": "restock",
                     "serials": [], "fee": "0"},
                    {"quantity": "2", "accepted": False, "grade": "d", "disposition": "send_back",
                     "serials": [], "fee": "0", "reason": "The housing is broken."},
                ],
            }
        ],
        "unexpected": [],
        "fee": "0",
        "currency": "EUR",
        "outcomes": {line.ref: "credit"},
    }  # fmt: skip
    assert receipt.decided_at == NOW and receipt.command == decisions()[0]
    assert not Verdict.objects.filter(told_at=None).exists()
    assert [e.verb for e in rma.events.filter(source="staff")] == ["judged", "judged"]


def test_nobody_judges_more_than_was_counted(scene: Scene, desk: Any) -> None:
    rma = counted(scene)
    judge(finding(rma), desk, "4")
    assert refused(finding(rma), desk, "2") == "judged"
    assert refused(finding(rma), desk, "0") == "quantity"
    assert refused(finding(rma), desk, "0.5") == "whole"
    assert finding(rma).judged == 4


def test_tenths_of_kilograms_add_up(scene: Scene, desk: Any) -> None:
    """SQLite reckons with floats: 0.1 three times is more than 0.3 there."""
    rma = counted(scene)
    own = finding(rma)
    Finding.objects.filter(pk=own.pk).update(unit="KGM", counted=Decimal("0.3"))
    own.refresh_from_db()
    for _ in range(3):
        judge(own, desk, "0.1")
    assert len(decisions()) == 1 and verdicts.open_findings(rma) == []


def test_the_same_form_again_is_the_same_verdict(scene: Scene, desk: Any) -> None:
    rma = counted(scene)
    first = judge(finding(rma), desk, "2", key="form-of-desk")
    assert judge(finding(rma), desk, "2", key="form-of-desk") == first
    assert Verdict.objects.count() == 1
    other = inspector("other@shop.example")
    assert refused(finding(rma), other, "2", key="form-of-desk") == "key_reused"


def test_more_that_is_counted_later_is_judged_and_told_with_the_rest(
    scene: Scene, desk: Any
) -> None:
    rma = counted(scene)
    judge(finding(rma), desk)
    Finding.objects.update(counted=F("counted") + 1)
    Receipt.objects.update(counted_at=None, decided_at=None)
    judge(finding(rma), desk, "1", grade="b")
    # The ERP has not heard yet that it came.
    assert len(decisions()) == 1
    Receipt.objects.update(counted_at=NOW)
    verdicts.send(rma, desk, now=NOW)
    lines = told(rma)["lines"]
    assert [one["quantity"] for one in lines[0]["verdicts"]] == ["5", "1"]
    assert lines[0]["accepted"] == "6"
    first, second = decisions()
    assert second.payload["version"] > first.payload["version"]


def test_nothing_is_told_before_the_count_is(scene: Scene, desk: Any) -> None:
    rma = counted(scene, told=False)
    judge(finding(rma), desk)
    assert decisions() == []
    with pytest.raises(Refused, match="undecided"):
        verdicts.send(rma, desk, now=NOW)


def test_a_verdict_is_taken_back_until_the_erp_was_told(scene: Scene, desk: Any) -> None:
    rma = counted(scene)
    wrong = judge(finding(rma), desk, "4")
    verdicts.take_back(wrong, desk, now=NOW)
    assert finding(rma).judged == 0
    with pytest.raises(Refused, match="gone"):
        verdicts.take_back(wrong, desk, now=NOW)
    right = judge(finding(rma), desk)
    with pytest.raises(Refused, match="told"):
        verdicts.take_back(right, desk, now=NOW)
    assert finding(rma).judged == 5


def test_a_verdict_that_the_erp_said_no_to_is_changed_and_told_again(
    scene: Scene, desk: Any
) -> None:
    rma = counted(scene)
    verdict = judge(finding(rma), desk, grade="d", reason="Scratched")
    Verdict.objects.update(told_at=None)
    verdicts.take_back(verdict, desk, now=NOW)
    judge(finding(rma), desk, grade="b")
    assert told(rma)["lines"][0]["accepted"] == "5"
    assert len(decisions()) == 2


def test_whoever_departs_from_the_rules_says_why(scene: Scene, desk: Any) -> None:
    rma, lead = counted(scene), inspector("lead@shop.example", lead=True)
    own = finding(rma)
    assert refused(own, desk, accepted=False) == "verdict_reason"
    assert refused(own, lead, grade="d", accepted=True, disposition="restock") == "verdict_note"
    yes = {"grade": "d", "accepted": True, "disposition": "b_grade", "note": "A good customer"}
    assert refused(own, desk, **yes) == "lead"
    assert judge(own, lead, "2", **yes).suggested == "send_back"
    # Of goods that are not taken although the rules would: they are the customer's.
    no = judge(own, desk, "3", accepted=False, reason="The seal is broken.")
    assert (no.accepted, no.disposition) == (False, "send_back")
    assert "A good customer" in rma.events.filter(verb="judged").values_list("reason", flat=True)


def test_goods_that_are_taken_do_not_go_back(scene: Scene, desk: Any) -> None:
    rma = counted(scene)
    assert refused(finding(rma), desk, disposition="send_back") == "kept"
    rma.lines.update(outcome="repair")
    assert judge(finding(rma), desk, disposition="send_back").accepted


def test_what_was_announced_needs_a_grade_that_there_is(scene: Scene, desk: Any) -> None:
    rma = counted(scene)
    assert refused(finding(rma), desk, grade="") == "grade"
    assert refused(finding(rma), desk, grade="z") == "grade"


def test_the_fee_is_the_policys_or_the_rules_and_waived_by_a_lead_with_a_reason(
    settings: Any,
) -> None:
    scene = set_up(settings, fee_percent=Decimal(10))
    grades()
    desk, lead = inspector(), inspector("lead@shop.example", lead=True)
    rma = counted(scene)
    line = rma.lines.get()
    price = line.credit / 5
    first = judge(finding(rma), desk, "1")
    assert first.fee == (price / 10).quantize(Decimal("0.01"))
    DispositionRule.objects.create(
        name="Opened", grades=["b"], disposition="b_grade", fee_percent=Decimal(25)
    )
    second = judge(finding(rma), desk, "2", grade="b")
    assert second.fee == price / 2
    assert refused(finding(rma), desk, "1", waived=True) == "waiver_reason"
    assert refused(finding(rma), desk, "1", waived=True, waiver_reason="Ours") == "lead"
    judge(finding(rma), lead, "1", waived=True, waiver_reason="Our mistake")
    judge(finding(rma), desk, "1", grade="d", reason="Broken")
    payload = told(rma)
    assert Decimal(payload["fee"]) == first.fee + second.fee
    fees = [one["fee"] for one in payload["lines"][0]["verdicts"]]
    assert [Decimal(fee) for fee in fees] == [first.fee, second.fee, 0, 0]


def test_what_is_worth_much_waits_for_a_second_person_who_is_another(
    settings: Any, scene: Scene, desk: Any
) -> None:
    settings.OMS_PORTAL = {**settings.OMS_PORTAL, "RETURN_SECOND_PERSON_FROM": Decimal(1)}
    rma, other = counted(scene), inspector("lead@shop.example", lead=True)
    desk.user_permissions.set(other.user_permissions.all())
    # In parts it is worth no less.
    one, two = judge(finding(rma), desk, "1"), judge(finding(rma), desk, "4")
    assert one.needs_second and two.needs_second and decisions() == []
    with pytest.raises(Refused, match="own"):
        verdicts.second(one, inspector("desk@shop.example", lead=True), now=NOW, agree=True)
    with pytest.raises(Refused, match="lead"):
        verdicts.second(one, inspector("third@shop.example"), now=NOW, agree=True)
    verdicts.second(one, other, now=NOW, agree=True)
    with pytest.raises(Refused, match="seconded"):
        verdicts.second(one, other, now=NOW, agree=True)
    with pytest.raises(Refused, match="second_reason"):
        verdicts.second(two, other, now=NOW, agree=False)
    verdicts.second(two, other, now=NOW, agree=False, reason="Look at the seal")
    assert finding(rma).judged == 1 and decisions() == []
    again = judge(finding(rma), desk, "4")
    verdicts.second(again, other, now=NOW, agree=True)
    assert told(rma)["lines"][0]["accepted"] == "5"
    assert one.actor_id != Verdict.objects.get(pk=one.pk).second_id


def test_serial_numbers_are_those_that_were_read_and_each_is_judged_once(
    scene: Scene, desk: Any
) -> None:
    rma = counted(scene)
    own = finding(rma)
    for serial in ("SN1", "SN2"):
        FoundSerial.objects.create(finding=own, receipt=own.receipt, serial=serial)
    assert refused(own, desk, "1", serials=("SN1", "SN2")) == "serials"
    assert refused(own, desk, "1", serials=("SN9",)) == "serials"
    assert judge(own, desk, "1", serials=("SN1",)).serials == ["SN1"]
    assert refused(own, desk, "1", serials=("SN1",)) == "serials"


def test_what_nobody_announced_waits_or_is_taken_in_or_goes_back(scene: Scene, desk: Any) -> None:
    rma = counted(scene)
    judge(finding(rma), desk)
    Receipt.objects.update(counted_at=NOW)
    for number, wish in enumerate(
        (
            {},
            {"accepted": False, "disposition": "send_back"},
            {"accepted": True, "disposition": "restock", "grade": "a"},
        )
    ):
        judge(stray(rma, sku=f"X{number}"), desk, "1", **{"grade": "", **wish})
    unexpected = told(rma)["unexpected"]
    assert [(one["sku"], one["disposition"]) for one in unexpected] == [
        ("X0", "quarantine"), ("X1", "send_back"), ("X2", "restock"),
    ]  # fmt: skip
    assert [one["ref"] for one in told(rma)["lines"]] == [rma.lines.get().ref]


def test_something_else_in_place_of_an_article_is_told_beside_its_line(
    scene: Scene, desk: Any
) -> None:
    rma = counted(scene, L1="0")
    line, receipt = rma.lines.get(), receipt_of(rma)
    other = Finding.objects.create(
        receipt=receipt, line=line, found="wrong", sku="W", counted=Decimal(1)
    )
    judge(other, desk, "1", grade="", accepted=False, disposition="send_back")
    assert told(rma)["lines"] == []
    assert told(rma)["unexpected"] == [
        {"sku": "W", "description": "", "quantity": "1", "disposition": "send_back",
         "ref": line.ref}
    ]  # fmt: skip
    assert ReturnParcel.objects.filter(rma=rma, outward=True).count() == 1
