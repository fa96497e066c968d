"""People who judge the same goods at one instant, and scans that come in meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from django.db.models import Sum

from oms_portal.erp.outbox.models import Command
from oms_portal.returns.parcels import Label
from oms_portal.returns.receipts.judgement import verdicts
from oms_portal.returns.receipts.judgement.outward import GOODS
from oms_portal.returns.receipts.judgement.verdicts import VerdictWish
from oms_portal.returns.receipts.models import Finding, Verdict
from oms_portal.returns.receipts.scanning.counting import Below, change
from oms_portal.returns.refusals import Refused
from tests import factories
from tests.returns.parcels import labelled, past_leases
from tests.returns.scene import NOW, Scene, set_up
from tests.returns.test_races import at_once

from ..found import counted, finding, grades, inspector


pytestmark = pytest.mark.django_db(transaction=True)
_keys = count(1)


@pytest.fixture
def scene(settings: Any, transactional_db: None) -> Iterator[Scene]:
    factories.site()
    made = set_up(settings)
    grades()
    yield made


def judge(found: Finding, user: Any, quantity: str, key: str = "") -> Callable[[], Any]:
    key = key or f"race-key-{next(_keys)}"
    wish = VerdictWish(quantity, grade="a")
    return lambda: verdicts.judge(found, user, wish, key=key, now=NOW)


def test_never_more_verdicts_than_were_counted(scene: Scene) -> None:
    rma = counted(scene)
    people = [inspector(f"desk{n}@shop.example") for n in range(2)]
    for _ in range(6):
        told = at_once(*(judge(finding(rma), who, "3") for who in people))
        assert sorted(isinstance(one, Refused) for one in told) == [False, True]
        own = finding(rma)
        assert own.judged == own.verdicts.aggregate(all=Sum("quantity"))["all"] == 3
        Verdict.objects.all().delete()
        Finding.objects.update(judged=0)


def test_one_form_from_all_sides_is_one_verdict_and_one_command(scene: Scene) -> None:
    rma, desk = counted(scene), inspector()
    made = at_once(*[judge(finding(rma), desk, "5", "the-form-key")] * 4)
    assert len({verdict.pk for verdict in made}) == 1
    assert Command.objects.filter(kind="return_decision").count() == 1


def test_what_is_judged_is_not_counted_away_at_the_same_instant(scene: Scene) -> None:
    rma, desk = counted(scene), inspector()

    def take_away() -> Any:
        try:
            return change(finding(rma).pk, -finding(rma).counted)
        except Below:
            return "below"

    for _ in range(6):
        at_once(judge(finding(rma), desk, "5"), take_away)
        own = finding(rma)
        assert own.judged <= own.counted
        Verdict.objects.all().delete()
        Finding.objects.update(judged=0, counted=5)


def test_taken_back_and_told_at_once_is_one_of_both(scene: Scene) -> None:
    rma, desk, other = counted(scene), inspector(), inspector("other@shop.example")
    first = verdicts.judge(
        finding(rma), desk, VerdictWish("4", grade="a"), key="the-first-key", now=NOW
    )
    at_once(judge(finding(rma), other, "1"), lambda: verdicts.take_back(first, desk, now=NOW))
    own, told = finding(rma), Command.objects.filter(kind="return_decision").count()
    assert own.judged == own.verdicts.aggregate(all=Sum("quantity"))["all"]
    assert (own.judged, told) in ((5, 1), (1, 0))


@pytest.mark.parametrize("_turn", range(3))
def test_a_label_names_all_that_goes_back_whoever_decides_while_it_is_made(
    scene: Scene, _turn: int
) -> None:
    rma, desk = counted(scene), inspector()

    def send_back(quantity: str) -> Verdict:
        wish = VerdictWish(quantity, grade="d", reason="It is broken.")
        return verdicts.judge(finding(rma), desk, wish, key=f"back-key-{quantity}", now=NOW)

    first = send_back("5")
    Finding.objects.update(counted=7)
    past_leases()
    _label, second = at_once(lambda: labelled(rma), lambda: send_back("2"))
    past_leases()
    labelled(rma)
    alive = Label.objects.get(parcel__rma=rma, parcel__outward=True, state="verified")
    assert alive.data[GOODS] == [first.pk, second.pk]
