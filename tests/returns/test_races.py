"""People, carriers and ERP events at one instant, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from oms_portal.erp import inbox
from oms_portal.returns import actions
from oms_portal.returns.kinds import FREED
from oms_portal.returns.models import Return, ReturnableLine
from oms_portal.returns.refusals import Refused, Short
from tests import factories, wire

from .scene import NOW, Scene, again, item, line, new_key, order, reserved, set_up


pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(settings: Any, transactional_db: None) -> Iterator[Scene]:
    factories.site()
    yield set_up(settings)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run all of these in the same instant; what each returned, or the refusal it raised."""
    barrier = Barrier(len(acts))

    def start(act: Callable[[], Any]) -> Any:
        barrier.wait(60)
        try:
            return act()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(start, acts))


def submit(scene: Scene, draft: Return, key: str = "") -> Callable[[], Any]:
    return lambda: actions.submit(draft, scene.user, now=NOW, key=key or new_key())


def test_sixty_times_two_tabs_want_the_last_unit_and_one_gets_it(scene: Scene) -> None:
    scene.send(item("9"))
    drafts = [scene.draft(), scene.draft()]
    for _ in range(60):
        told = at_once(*(submit(scene, draft) for draft in drafts))
        assert sorted(isinstance(one, Short) for one in told) == [False, True]
        assert reserved() == ("10", "10", "0")
        # The next tab wants the unit that somebody gave back.
        ReturnableLine.objects.filter(line_ref="L1", order=scene.order).update(reserved=9)
        drafts = [again(draft) for draft in drafts if again(draft).state == "draft"]
        drafts.append(scene.draft())


def test_one_form_sent_from_all_sides_is_one_return(scene: Scene) -> None:
    form = new_key()
    made = at_once(*[lambda: scene.draft(form_key=form)] * 4)
    assert len({draft.pk for draft in made}) == 1
    key = new_key()
    sent = at_once(*[submit(scene, made[0], key)] * 4)
    assert {rma.state for rma in sent} == {"approved"}
    assert reserved() == ("10", "1", "0")
    assert Return.objects.get().events.filter(verb="submit").count() == 1


def test_withdrawn_and_received_at_once_is_one_of_both(scene: Scene) -> None:
    sender = factories.source()
    for n in range(2, 8):
        rma = scene.send()
        record = {"ref": f"E{n}", "number": rma.number, "lines": [{"ref": "1", "received": "1"}]}
        raw = wire.encode(wire.event("return", record, n))
        taken, told = at_once(
            lambda rma=rma: actions.withdraw(rma, scene.user, now=NOW),
            lambda raw=raw: inbox.receive(sender, raw).state,
        )
        assert told == "applied"
        # Goods that came are a fact, whichever was first.
        assert again(rma).state == "received"
        held = sum(line.requested - line.released for line in rma.lines.all())
        assert held == 1
        assert isinstance(taken, Refused) or taken.state == "cancelled"


def test_orders_told_anew_while_people_return_goods_of_several(scene: Scene) -> None:
    """Orders, returns, ledger and commands are locked in one order: nothing waits for ever."""
    sender = factories.source()
    for n in range(2, 8):
        drafts = [
            scene.draft(item("2"), item("1", order="SO-2")),
            scene.draft(item("1", order="SO-2"), item("2")),
        ]
        less = order(lines=[line("L1", str(10 - n)), *order()["lines"][1:]])
        small = order("SO-2", lines=[line("L1", "3")])
        small["shipments"][0]["packages"][0]["lines"] = [{"line_ref": "L1", "quantity": "3"}]
        events = [wire.encode(wire.event("order", told, n)) for told in (less, small)]
        heard = at_once(
            *(submit(scene, draft) for draft in drafts),
            *(lambda raw=raw: inbox.receive(sender, raw).state for raw in events),
        )
        assert heard[2:] == ["applied", "applied"]
        at_once(
            *(
                lambda rma=rma: actions.withdraw(rma, scene.user, now=NOW)
                for rma in heard[:2]
                if isinstance(rma, Return)
            ),
            lambda: actions.expire(NOW),
        )
        for row in ReturnableLine.objects.all():
            bound = row.lines.exclude(rma__state__in=("draft", *FREED))
            assert row.reserved == sum(one.requested - one.released for one in bound)
            assert row.reserved <= row.cap + row.over_by
