"""How long a return may wait at the desk, by OMS_PORTAL["RETURN_DESK_HOURS"]: of each the one clock
that runs, as the database reckons it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import (
    Case,
    DateTimeField,
    Expression,
    F,
    FloatField,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from oms_portal.conf import settings
from oms_portal.returns.kinds import MOVING, OPEN, ReturnState
from oms_portal.returns.models import Return, ReturnEvent


S = ReturnState
Rows = QuerySet[Return]
_ASKING = ("ask", "inquire")
# Goods are here, by our desk's scans or by the ERP's word, and nobody has decided of them.
SCANNED = Q(receipt__isnull=False, receipt__decided_at__isnull=True, state__in=OPEN)
TOLD = Q(receipt__isnull=True, state__in=(S.PARTLY_RECEIVED, S.RECEIVED))
# More of it is to come.
_COMING = Q(receipt__isnull=True, state=S.IN_TRANSIT)
_REST = Q(receipt__decided_at__isnull=False, state__in=MOVING)


@dataclass(frozen=True)
class Clock:
    """It runs ``hours``, from ``since`` on, for what one of ``cases`` fits: no two clocks' do."""

    cases: tuple[Q, ...]
    since: Expression | F
    hours: str

    @property
    def length(self) -> timedelta:
        return timedelta(hours=settings().RETURN_DESK_HOURS.get(self.hours, 0))


def _asked_at() -> Subquery:
    asked = ReturnEvent.objects.filter(rma=OuterRef("pk"), verb__in=_ASKING)
    return Subquery(asked.order_by("-pk").values("at")[:1], output_field=DateTimeField())


CLOCKS: Mapping[str, Clock] = {
    clock.hours: clock
    for clock in (
        Clock((Q(state=S.IN_REVIEW, receipt__isnull=True),), F("submitted_at"), "approve"),
        Clock(
            (Q(state=S.INFO_NEEDED, receipt__isnull=True),),
            Coalesce(_asked_at(), "submitted_at"),
            "answer",
        ),
        Clock((_COMING, _REST), Coalesce("scanned_at", "approved_at", "submitted_at"), "send"),
        Clock(
            (SCANNED, TOLD),
            Coalesce("receipt__arrived_at", "received_at", "scanned_at", "submitted_at"),
            "inspect",
        ),
    )
}


class Seconds(Func):
    """A moment in seconds since 1970, to which hours are added as to any number."""

    output_field = FloatField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "((julianday(%(expressions)s) - 2440587.5) * 86400.0)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "EXTRACT(EPOCH FROM %(expressions)s)::double precision"
        return self.as_sql(compiler, connection, template=template, **context)


def timed(rows: Rows) -> Rows:
    """With ``due``, in seconds since 1970: when its clock has run down; None where none runs."""
    whens = [
        When(case, then=Seconds(clock.since) + Value(clock.length.total_seconds(), FloatField()))
        for clock in CLOCKS.values()
        for case in clock.cases
    ]
    return rows.annotate(due=Case(*whens, default=None, output_field=FloatField()))


def due_of(rma: Return) -> datetime | None:
    """Of a return that came out of ``timed``: until when it is to have been dealt with."""
    due: float | None = getattr(rma, "due", None)
    return None if due is None else datetime.fromtimestamp(due, UTC)


def late(now: datetime) -> Iterator[Rows]:
    """All whose clock has run down, case by case."""
    for clock in CLOCKS.values():
        for case in clock.cases:
            began = Return.objects.filter(case).annotate(began=clock.since)
            yield began.filter(began__lt=now - clock.length)
