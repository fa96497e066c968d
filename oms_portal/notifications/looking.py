"""What goes wrong with commands, looked for by the clock: alerts are raised for what stands, and
settled once it has passed. One that staff finished is not raised again for the same cause."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone

from oms_portal.erp.inbox import writing
from oms_portal.erp.outbox.actions import patience
from oms_portal.erp.outbox.models import Attempt, Breaker, Command
from oms_portal.erp.outbox.moves import ACTIVE
from oms_portal.erp.worker import every

from .alerts import raise_alert, settle_alert
from .models import Alert


State = Command.State
STUCK = timedelta(minutes=15)
# What broke longer ago is history: nobody needs to be called to it.
RECENT = timedelta(days=30)
# So many of a kind are raised by one look; the next takes the others.
AT_ONCE = 100
NOT_LET_IN = (401, 403)

Rows = QuerySet[Any]


def dead(now: datetime) -> Rows:
    since = Coalesce("settled_at", "queued_at")
    return Command.objects.filter(state=State.DEAD).annotate(since=since)


def waiting(now: datetime) -> Rows:
    late = Command.objects.filter(state__in=ACTIVE, queued_at__lt=now - STUCK)
    return late.annotate(since=F("queued_at"))


def unanswered(now: datetime) -> Rows:
    late = Command.objects.filter(state=State.ACCEPTED, accepted_at__lt=now - patience())
    return late.annotate(since=F("accepted_at"))


def refusing(now: datetime) -> Rows:
    return _shut().filter(status__in=NOT_LET_IN)


def away(now: datetime) -> Rows:
    told_otherwise = Q(status__in=NOT_LET_IN, status__isnull=False)
    return _shut().filter(opened_at__lt=now - STUCK).exclude(told_otherwise)


def _shut() -> Rows:
    """Breakers that are open, with the status of the newest attempt at their ERP."""
    ended = Attempt.objects.filter(command__source=OuterRef("pk"), ended_at__isnull=False)
    newest = Subquery(ended.order_by("-pk").values("status")[:1])
    return Breaker.objects.filter(opened_at__isnull=False).annotate(
        since=F("opened_at"), status=newest
    )


# Each kind's causes; the ERPs' go first, as a command that waits for one of them is told quietly.
CAUSES: dict[str, tuple[str, Callable[[datetime], Rows]]] = {
    "erp_refuses": ("source", refusing),
    "erp_away": ("source", away),
    "command_dead": ("command", dead),
    "command_waiting": ("command", waiting),
    "command_unanswered": ("command", unanswered),
}


@every(15, "alerts")
def look(now: datetime | None = None) -> None:
    """Raise what is new and settle what has passed. Two who look at once do it once."""
    now = now or timezone.now()
    for kind, (thing, causes) in CAUSES.items():
        # Read before the causes: what is open by now and has no cause then has lost it.
        standing = _open(kind)
        for about in standing - _lasting(standing, thing, causes(now)):
            with writing():
                settle_alert(kind, about)
        for row in _fresh(kind, thing, causes(now), now):
            with writing():
                raise_alert(kind, row.about, **_told(row))


def _open(kind: str) -> set[str]:
    return set(Alert.objects.filter(kind=kind, done_at=None).values_list("about", flat=True))


def _lasting(standing: set[str], thing: str, causes: Rows) -> set[str]:
    """Those of the alerts that still have a cause."""
    if not standing:
        return set()
    pks = [pk for about in standing if (pk := about.removeprefix(f"{thing}:")).isdecimal()]
    return {f"{thing}:{pk}" for pk in causes.filter(pk__in=pks).values_list("pk", flat=True)}


def _fresh(kind: str, thing: str, causes: Rows, now: datetime) -> Rows:
    """The causes of which no alert was raised since they began."""
    about = Concat(Value(f"{thing}:"), Cast("pk", CharField()))
    told = Alert.objects.filter(kind=kind, about=OuterRef("about")).filter(
        Q(done_at=None) | Q(raised_at__gte=OuterRef("since"))
    )
    recent = causes.filter(since__gt=now - RECENT).annotate(about=about)
    untold: Rows = recent.exclude(Exists(told)).select_related("source")
    return untold.order_by("since", "pk")[:AT_ONCE]


def _told(row: Any) -> dict[str, Any]:
    told = {"source": row.source.name, "trouble": row.trouble}
    if isinstance(row, Breaker):
        return told
    known = Alert.objects.filter(
        kind__in=("erp_refuses", "erp_away"), about=f"source:{row.source_id}", done_at=None
    )
    quiet = row.state != State.DEAD and known.exists()
    return {**told, "order_ref": row.order_ref, "wish": row.kind, "quiet": quiet}
