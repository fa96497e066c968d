"""Whatever is done to a return, its events laid on top of each other give its stored row, and the
ledger holds exactly what its lines have not given back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from oms_portal.orders.models import Order
from oms_portal.returns import actions, expiry
from oms_portal.returns.history import folded, row_of
from oms_portal.returns.kinds import FREED, OPEN
from oms_portal.returns.models import Return, ReturnableLine
from oms_portal.returns.parcels import ReturnParcel
from oms_portal.returns.refusals import Refused
from oms_portal.returns.rules import ReturnPolicy

from .scene import NOW, Scene, again, answer, item, line, new_key, order, set_up


pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=60)
counts = st.sampled_from(["0", "1", "2", "3", "5"])


@pytest.fixture
def scene(settings: Any) -> Scene:
    return set_up(settings)


class Undo(Exception):
    """Ends an example's transaction."""


def _told(scene: Scene, rma: Return, draw: Callable[..., Any]) -> Any:
    values = {"received": draw(counts), "accepted": draw(counts), "rejected": draw(counts)}
    word = draw(st.sampled_from(["", "restock", "wrong_item", "lost", "not_returned"]))
    note = {"number": "CN", "amount": "1.00", "currency": "EUR"} if draw(st.booleans()) else None
    lines = {draw(st.sampled_from(["1", "2"])): {**values, "disposition": word}}
    return scene.received(rma, expect=None, lines=lines, credit_note=note)


def _heard(scene: Scene, rma: Return, draw: Callable[..., Any]) -> Any:
    words = ["accepted", "applied", "rejected", "countered", "dead", "superseded"]
    if again(rma).command_id:
        counter = {"text": draw(st.sampled_from(["", "Why?"]))}
        answer(rma, draw(st.sampled_from(words)), reference="E-1", counter=counter)


def _ordered(scene: Scene, rma: Return, draw: Callable[..., Any]) -> Any:
    shipped, back = draw(counts), draw(counts)
    first = line("L1", "10", quantities={"shipped": shipped, "delivered": "0", "returned": back})
    scene.told(lines=[first, *order()["lines"][1:]])


def _scanned(scene: Scene, rma: Return, draw: Callable[..., Any]) -> Any:
    for parcel in ReturnParcel.objects.filter(rma=rma)[:1]:
        actions.scanned(parcel, NOW)


def _edited(scene: Scene, rma: Return, draw: Callable[..., Any]) -> Any:
    draft = actions.edit(rma, scene.user, form_key=new_key(), now=NOW)
    scene.draft(item(draw(counts)), draft=draft, method="own_carrier")
    actions.submit(draft, scene.user, now=NOW, key=new_key())


def _approved(scene: Scene, rma: Return, draw: Callable[..., Any]) -> Any:
    actions.approve(rma, scene.user, now=NOW, quantities={"1": draw(counts)})


VERBS: dict[str, Callable[[Scene, Return, Callable[..., Any]], Any]] = {
    "submit": lambda s, rma, draw: actions.submit(rma, s.user, now=NOW, key=new_key()),
    "save": lambda s, rma, draw: s.draft(item(draw(counts)), item("1", "L3"), draft=rma),
    "withdraw": lambda s, rma, draw: actions.withdraw(rma, s.user, now=NOW),
    "reply": lambda s, rma, draw: actions.reply(rma, s.user, "Yes", now=NOW),
    "hand_over": lambda s, rma, draw: actions.hand_over(rma, s.user, "UPS", "1Z", now=NOW),
    "approve": _approved,
    "decline": lambda s, rma, draw: actions.decline(rma, s.user, "No", now=NOW),
    "ask": lambda s, rma, draw: actions.ask(rma, s.user, "Why?", now=NOW),
    "override": lambda s, rma, draw: actions.override(rma, s.user, now=NOW, reason="Yes"),
    "close": lambda s, rma, draw: actions.close(rma, s.user, now=NOW, reason="Done"),
    "expire": lambda s, rma, draw: actions.expire(LATER),
    "finish": lambda s, rma, draw: expiry.finish(LATER),
    "scan": _scanned,
    "edit": _edited,
    "return event": _told,
    "order event": _ordered,
    "answer": _heard,
}


def check() -> None:
    for rma in Return.objects.all():
        assert folded(rma.events.all()) == row_of(rma, rma.lines.all())
    for row in ReturnableLine.objects.all():
        bound = row.lines.exclude(rma__state__in=("draft", *FREED))
        assert row.reserved == sum((one.requested - one.released for one in bound), Decimal(0))
        assert row.over_by == max(Decimal(0), row.reserved - row.cap)
    for ordered in Order.objects.all():
        rows = Return.objects.filter(lines__returnable__order=ordered, state__in=OPEN).distinct()
        assert ordered.returns_open == rows.count()


@pytest.mark.once
@given(
    approval=st.sampled_from(["auto", "agent", "erp"]),
    verbs=st.lists(st.sampled_from(sorted(VERBS)), min_size=6, max_size=14),
    data=st.data(),
)
@examples(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_events_give_the_row_whatever_happens(
    scene: Scene, approval: str, verbs: list[str], data: st.DataObject
) -> None:
    with pytest.raises(Undo), transaction.atomic():
        ReturnPolicy.objects.update(approval=approval)
        rma = scene.draft(item("3"), item("1", "L2"), method="own_carrier")
        for verb in ["submit", *verbs]:
            try:
                with transaction.atomic():
                    VERBS[verb](scene, rma, data.draw)
            except Refused:
                pass
            check()
        raise Undo
