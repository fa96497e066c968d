"""How commands do, and which ERP hears those of an order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from oms_portal.erp.models import Record, Source

from .models import Breaker, Command
from .moves import ACTIVE, State


# So long after the last failure an ERP counts as away, though nothing waits for it.
KNOWN = timedelta(minutes=5)


@dataclass(frozen=True)
class Lag:
    """``oldest``: when the oldest command was queued that is not yet with its ERP; ``dead`` were
    given up and nobody has looked at them; ``away_since``: when the first ERP went away."""

    waiting: int
    oldest: datetime | None
    dead: int
    away_since: datetime | None


def source_of(kind: str, ref: str) -> Source | None:
    """The source that told the newest of a record ("order", its ref); its ERP hears the wishes."""
    told = Record.objects.filter(kind=kind, ref=ref).select_related("event__source").first()
    return told.event.source if told else None


def away() -> QuerySet[Breaker]:
    """The breakers of ERPs that are away by now, too: while nothing waits nobody tries, and after
    a while nobody knows."""
    waits = Command.objects.filter(source=OuterRef("pk"), state__in=ACTIVE)
    lately = Q(free_at__gt=timezone.now() - KNOWN)
    return Breaker.objects.filter(lately | Exists(waits), opened_at__isnull=False)


def away_since(slug: str) -> datetime | None:
    """Since when the ERP of this source is not reached, or does not let us in; None: it is there."""
    return away().filter(source__slug=slug).values_list("opened_at", flat=True).first()


def is_overtaken(command: Command) -> bool:
    """Whether its ERP took a later command of the same order: sent again, this one comes after it."""
    same = Command.objects.filter(source=command.source_id, order_ref=command.order_ref)
    return same.filter(pk__gt=command.pk, state__in=(State.ACCEPTED, State.APPLIED)).exists()


def lag() -> Lag:
    """The figures of all commands, in two queries."""
    waiting = Q(state__in=ACTIVE)
    found = Command.objects.filter(state__in=(*ACTIVE, State.DEAD)).aggregate(
        waiting=Count("pk", filter=waiting),
        oldest=Min("queued_at", filter=waiting),
        dead=Count("pk", filter=Q(state=State.DEAD)),
    )
    away = Breaker.objects.aggregate(since=Min("opened_at"))
    return Lag(found["waiting"], found["oldest"], found["dead"], away["since"])
