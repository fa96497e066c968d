"""What waits at the returns desk: each queue is led by an index, however many returns are open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, Func, IntegerField, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oms_portal.returns.kinds import MOVING, OPEN, ParcelState, ReturnState
from oms_portal.returns.models import Return, ReturnableLine, ReturnLine
from oms_portal.returns.parcels import ReturnParcel

from .clocks import SCANNED, TOLD, Rows, late, timed


S, P = ReturnState, ParcelState
# Nobody needs the exact number beyond it: a count says MOST + 1 for "more".
MOST = 1_000
# What a carrier told for one of these last days and has not brought may come today.
LATE = timedelta(days=7)
_UNDER_WAY = (P.READY, P.HANDED_OVER, P.IN_TRANSIT)


@dataclass(frozen=True)
class Queue:
    """``rows(now)`` are its returns. ``hours`` is the clock (``clocks``) that runs for all of them,
    "" where each has its own or none; ``since`` the column that began the wait, "" where that is
    for the clocks to say."""

    code: str
    label: Any
    rows: Callable[[datetime], Rows]
    since: str = ""
    hours: str = ""

    def ordered(self, rows: Rows) -> Rows:
        """With ``due``; what is due first comes first, then what has waited longest."""
        by = (self.since,) if self.since else (F("due").asc(nulls_last=True), "submitted_at")
        return timed(rows).order_by(*by, "pk")


class _None(Func):
    """Zero as it stands in the index of what is over: SQLite takes a partial index for no parameter
    and for no other writing of it."""

    arity, template = 0, "'0'"
    output_field = IntegerField()


class _Counted(Subquery):
    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def counts(now: datetime) -> dict[str, int]:
    """How many wait in each queue, by its code, in one query; MOST + 1 where it is more."""
    counted: dict[str, Any] = {
        f"in_{code}": _Counted(queue.rows(now).order_by().values("pk")[: MOST + 1])
        for code, queue in QUEUES.items()
    }
    row = Return.objects.order_by().annotate(**counted).values_list(*counted)[:1]
    return dict(zip(QUEUES, next(iter(row), (0,) * len(QUEUES)), strict=True))


def _open(now: datetime) -> Rows:
    return Return.objects.filter(state__in=OPEN)


def _approve(now: datetime) -> Rows:
    return Return.objects.filter(state=S.IN_REVIEW)


def _info_needed(now: datetime) -> Rows:
    return Return.objects.filter(state=S.INFO_NEEDED)


def _today(now: datetime) -> Rows:
    """By the day of whoever looks."""
    day = timezone.localdate(now)
    coming = ReturnParcel.objects.filter(
        state__in=_UNDER_WAY, due_on__range=(day - LATE, day), arrived_at=None, outward=False
    )
    return _open(now).filter(pk__in=coming.values("rma"))


def _unscanned(now: datetime) -> Rows:
    """Its carrier says that it was brought here, and nobody has scanned it."""
    brought = ReturnParcel.objects.filter(
        rma=OuterRef("pk"), state=P.DELIVERED, arrived_at=None, outward=False
    )
    return Return.objects.filter(Exists(brought), state__in=MOVING)


def _inspect(now: datetime) -> Rows:
    return _any_of([Return.objects.filter(SCANNED), Return.objects.filter(TOLD)])


def _overdue(now: datetime) -> Rows:
    return _any_of(list(late(now)))


def _refused(now: datetime) -> Rows:
    """The ERP said no to what was counted or decided."""
    return Return.objects.filter(receipt__refused=True)


def _over(now: datetime) -> Rows:
    """More is on returns than was delivered, since the ERP corrected that."""
    over = ReturnableLine.objects.filter(over_by__gt=_None())
    lines = ReturnLine.objects.filter(returnable__in=over.values("pk"))
    return _open(now).filter(pk__in=lines.values("rma"))


def _any_of(parts: Sequence[Rows]) -> Rows:
    """Each led by an index of its own, which they are not where "or" joins them."""
    first, *others = (part.order_by().values("pk") for part in parts)
    return Return.objects.filter(pk__in=first.union(*others, all=True))


QUEUES: Mapping[str, Queue] = {
    queue.code: queue
    for queue in (
        Queue("approve", _("To approve"), _approve, "submitted_at", "approve"),
        Queue("info_needed", _("Info needed"), _info_needed, hours="answer"),
        Queue("today", _("Arriving today"), _today),
        Queue("unscanned", _("Arrived, not scanned"), _unscanned, "scanned_at", "send"),
        Queue("inspect", _("To inspect"), _inspect, hours="inspect"),
        Queue("overdue", pgettext_lazy("returns desk", "Overdue"), _overdue),
        Queue("refused", _("Refused by the ERP"), _refused),
        Queue("over", _("Too much on returns"), _over),
        Queue("all", _("All open"), _open),
    )
}
