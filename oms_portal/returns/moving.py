"""The one way a return moves: under its orders' rows, by one conditional UPDATE, with its event, what
it binds in the ledger, its labels, and whoever wants to know."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F

from oms_portal import live
from oms_portal.changes.moving import By
from oms_portal.customers.lineage import lineage
from oms_portal.notifications.alerts import raise_alert, settle_alert
from oms_portal.orders.announcing import announce
from oms_portal.orders.models import Order
from oms_portal.signals import return_moved

from . import corrections, history, ledger, life, mails, news
from .holding import Held
from .kinds import ENDED, FREED, OPEN, PRIVATE, Reception, ReturnState
from .models import Return, ReturnEvent, ReturnLine
from .receipts.topics import DESK
from .refusals import Illegal, Stale
from .standing import freed


__all__ = ["By", "Held"]

S = ReturnState
_WAITING = frozenset({S.REQUESTED, S.IN_REVIEW, S.INFO_NEEDED})
_BEFORE_SCAN = _WAITING | {S.APPROVED}
_SENT = frozenset(set(S) - {S.DRAFT})
# Nothing more of it is to be sent.
_OVER = frozenset({S.RECEIVED, S.INSPECTED, S.SETTLED, S.CLOSED})
# From where each verb leads on. Those of customers come first, then staff's; the others are the
# ERP's, a carrier's and the clock's: what they tell is the truth, whatever was believed before.
PEOPLE: Mapping[str, frozenset[str]] = {
    "submit": frozenset({S.DRAFT}),
    "discard": frozenset({S.DRAFT}),
    "withdraw": _BEFORE_SCAN,
    "edit": _BEFORE_SCAN,
    "reply": frozenset({S.INFO_NEEDED}),
    "hand_over": frozenset({S.APPROVED}),
}
STAFF: Mapping[str, frozenset[str]] = {
    "approve": _WAITING,
    "decline": _BEFORE_SCAN,
    "ask": frozenset({S.REQUESTED, S.IN_REVIEW}),
    "override": _WAITING | {S.REJECTED, S.EXPIRED},
    "close": frozenset(
        {S.APPROVED, S.IN_TRANSIT, S.PARTLY_RECEIVED, S.RECEIVED, S.INSPECTED, S.SETTLED}
    ),
}
_TOLD: Mapping[str, frozenset[str]] = {
    "begin": frozenset({S.DRAFT}),
    "save": frozenset({S.DRAFT}),
    "replace": _BEFORE_SCAN,
    "confirm": _WAITING,
    "refuse": _BEFORE_SCAN,
    "inquire": _WAITING | {S.APPROVED},
    "review": _WAITING,
    "note": _SENT,
    "receive": _SENT,
    "scan": _SENT,
    "expire": frozenset({S.APPROVED}),
    "finish": frozenset({S.SETTLED}),
}
FROM: Mapping[str, frozenset[str]] = {**PEOPLE, **STAFF, **_TOLD}


def return_topic(pk: int) -> str:
    """The topic of all that one return shows."""
    return f"return:{pk}"


def returns_topic(company_id: int) -> str:
    """The topic of all that a list of returns at this company, and below it, shows."""
    return f"returns:{company_id}"


def is_legal(rma: Return, verb: str) -> bool:
    """Nobody takes back what a carrier has."""
    early = verb in ("withdraw", "edit", "replace", "decline")
    return rma.state in FROM[verb] and not (early and rma.scanned_at)


def possible(rma: Return) -> tuple[str, ...]:
    """The verbs of people, customers and staff, that a return in this state knows."""
    return tuple(verb for verb in (*PEOPLE, *STAFF) if is_legal(rma, verb))


def require(rma: Return, verb: str, version: int | None = None) -> None:
    if not is_legal(rma, verb):
        raise Illegal(possible(rma))
    if version not in (None, rma.version):
        raise Stale(rma)


def move(
    held: Held,
    verb: str,
    to: str,
    by: By,
    now: datetime,
    *,
    lines: Mapping[str, Mapping[str, Any]] | None = None,
    digest: str = "",
    **columns: Any,
) -> None:
    """Bring the return to another state, or leave it in its own, and write these columns, and those
    of its lines by their ref. Illegal where its state knows no such verb, or another was faster."""
    rma = held.rma
    require(rma, verb)
    before = rma.state
    columns = {"state": to, **_times(rma, to, now), **columns}
    own = Return.objects.filter(pk=rma.pk, state=before, version=rma.version)
    if not own.update(version=F("version") + 1, **columns):
        raise Illegal(possible(Return.objects.get(pk=rma.pk)))
    for name, value in columns.items():
        setattr(rma, name, value)
    rma.version += 1
    told = write_lines(held, lines or {}, before)
    if to in FREED and before not in FREED:
        life.void(rma)
    elif to in _OVER and before not in _OVER:
        life.finish(rma, used=any(line.received for line in held.lines))
    if any("received" in values or "released" in values for values in told.values()):
        for order in held.orders.values():
            corrections.correct(order)
    news.tell(held, record(rma, verb, by, now, columns, told, digest), before)
    _count(held, (to in OPEN) - (before in OPEN))
    _alert(held, before)
    mails.tell(rma, before)
    if before not in PRIVATE or to not in PRIVATE:
        announce(held.orders.values())
    say(rma)
    transaction.on_commit(partial(_signal, rma, before), robust=True)


def write_lines(
    held: Held, lines: Mapping[str, Mapping[str, Any]], before: str
) -> dict[str, dict[str, Any]]:
    """Write what is said of the lines, and have the ledger follow; what was written, by ref."""
    state = held.rma.state
    written: dict[str, dict[str, Any]] = {}
    shifts: list[tuple[int, Any]] = []
    for line in held.lines:
        values = dict(lines.get(line.ref, {}))
        if state in FREED and before not in FREED:
            values["reception"] = Reception.CANCELLED
        for name, value in values.items():
            setattr(line, name, value)
        gone = freed(state, line.requested, line.approved, line.received, line.reception)
        if gone != line.released:
            shifts.append((line.returnable_id, gone - line.released))
            values["released"] = line.released = gone
        if values:
            ReturnLine.objects.filter(pk=line.pk).update(**values)
            written[line.ref] = values
    ledger.shift(shifts)
    return written


def record(
    rma: Return,
    verb: str,
    by: By,
    now: datetime,
    columns: Mapping[str, Any],
    lines: Mapping[str, Mapping[str, Any] | None],
    digest: str = "",
    counts: Mapping[str, str] | None = None,
) -> ReturnEvent:
    """Write the event; ``digest`` is that of the form which did it, a line of None is gone,
    ``counts`` are kept and set nothing (``vouching``)."""
    beside = {"digest": digest, "counts": counts}
    sets: dict[str, Any] = {
        "rma": history.told(Return, columns),
        "lines": {
            ref: None if values is None else history.told(ReturnLine, values)
            for ref, values in lines.items()
        },
    }
    return ReturnEvent.objects.create(
        rma=rma,
        verb=verb,
        state=rma.state,
        at=now,
        **by.columns,
        sets=sets | {name: value for name, value in beside.items() if value},
    )


def say(rma: Return) -> None:
    """Grow the topics of the return and of the lists it is in, the desk's among them."""
    lists = (returns_topic(pk) for pk in lineage(rma.company_id))
    live.changed(return_topic(rma.pk), *lists, DESK)


def _times(rma: Return, to: str, now: datetime) -> dict[str, Any]:
    times: dict[str, Any] = {}
    if to != rma.state:
        times["closed_at"] = now if to in ENDED else None
    if to not in PRIVATE and rma.submitted_at is None:
        times["submitted_at"] = now
    if to == S.APPROVED and rma.approved_at is None:
        times["approved_at"] = now
    return times


def _count(held: Held, entered: int) -> None:
    """So many more of the open returns are of its orders; an order that the ERP moved to another
    place has none of it (``corrections.recount``)."""
    if entered:
        here = {"company": held.rma.company_id, "ship_to_ref": held.rma.ship_to_ref}
        orders = Order.objects.filter(pk__in=held.orders, **here)
        orders.update(returns_open=F("returns_open") + entered)


def _alert(held: Held, before: str) -> None:
    """Staff are to decide, and have decided."""
    about, state = f"return:{held.rma.pk}", held.rma.state
    if state == S.IN_REVIEW and held.rma.approval == "agent":
        raise_alert("return_review", about, order_ref=held.first_order.ref)
    elif before == S.IN_REVIEW or (before in FREED and state != before):
        settle_alert("return_review", about)


def _signal(rma: Return, before: str) -> None:
    return_moved.send_robust(sender=Return, rma=rma, before=before, state=rma.state)
