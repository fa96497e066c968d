"""How the feed does, in figures: rates, lags, ages, what lies in quarantine. All of it is read over
a window of the time of receipt, which an index gives, and kept for a few seconds for all who ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import connections, router
from django.db.models import CharField, Count, Min, Q, Value
from django.db.models.functions import Concat, Substr, Trunc
from django.utils import timezone

from oms_portal.words.models import UnknownCode

from .models import InboundEvent, Source
from .queries import worst


MINUTES, HOURS = 60, 24
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
# The lag is that of the newest events of the last hour, so many of each source.
LAGS = 500
_State = InboundEvent.State


@dataclass(frozen=True)
class Figures:
    """Of one source. ``state`` is "fresh", "stale", "offline" or "" where nobody watches it;
    counts are oldest first and end with the current minute or hour; lags and ages in seconds."""

    source: Source
    state: str
    as_of: datetime | None
    per_minute: Sequence[int]
    per_hour: Sequence[int]
    lag_median: float | None
    lag_p95: float | None
    pending: int
    oldest_pending: float | None
    quarantined: int
    oldest_quarantined: float | None
    unknown_codes: int


def figures(now: datetime | None = None) -> list[Figures]:
    """The figures of every source, by name; a handful of queries, whatever the inbox holds."""
    now = now or timezone.now()
    minute = now.replace(second=0, microsecond=0)
    hour = minute.replace(minute=0)
    minutes = _held(f"minutes:{minute:%H%M}", 4, lambda: _counts(minute, _MINUTE, MINUTES))
    hours = _held(f"hours:{hour:%H}", 60, lambda: _counts(hour, _HOUR, HOURS))
    waiting = _held("waiting", 4, _waiting)
    codes = dict(UnknownCode.objects.order_by().values_list("source").annotate(Count("pk")))
    return [
        _figures(source, now, minutes, hours, waiting, codes.get(source.pk, 0))
        for source in Source.objects.order_by("name", "pk")
    ]


def _figures(
    source: Source, now: datetime, minutes: Any, hours: Any, waiting: Any, codes: int
) -> Figures:
    lags = _held(f"lags:{source.pk}", 4, lambda: _lags(source, now))
    held = waiting.get(source.pk, {})
    return Figures(
        source=source,
        state=worst([source], now).state if source.active and source.watched else "",
        as_of=source.last_heard_at,
        per_minute=minutes.get(source.pk, [0] * MINUTES),
        per_hour=hours.get(source.pk, [0] * HOURS),
        lag_median=_quantile(lags, 0.5),
        lag_p95=_quantile(lags, 0.95),
        pending=held.get("pending", 0),
        oldest_pending=_age(held.get("oldest_pending"), now),
        quarantined=held.get("quarantined", 0),
        oldest_quarantined=_age(held.get("oldest_quarantined"), now),
        unknown_codes=codes,
    )


def _counts(last: datetime, step: timedelta, many: int) -> dict[int, list[int]]:
    """How many events of each source came in each of ``many`` steps, the last one at ``last``."""
    first = last - step * (many - 1)
    rows = (
        InboundEvent.objects.filter(received_at__gte=first, received_at__lt=last + step)
        .annotate(step=_truncated("hour" if step == _HOUR else "minute"))
        .order_by()
        .values_list("source", "step")
        .annotate(count=Count("pk"))
    )
    found: dict[int, list[int]] = {}
    for source, told, count in rows:
        moment = told if isinstance(told, datetime) else datetime.fromisoformat(f"{told}+00:00")
        found.setdefault(source, [0] * many)[int((moment - first) / step)] += count
    return found


def _truncated(unit: str) -> Any:
    """The minute or hour of receipt, in UTC. SQLite keeps moments as text, and would call Python
    for every row: there a piece of the text does."""
    if connections[router.db_for_read(InboundEvent)].vendor != "sqlite":
        return Trunc("received_at", unit, tzinfo=UTC)
    length, rest = (13, ":00:00") if unit == "hour" else (16, ":00")
    piece = Substr("received_at", 1, length, output_field=CharField())
    return Concat(piece, Value(rest), output_field=CharField())


def _waiting() -> dict[int, dict[str, Any]]:
    pending, quarantined = Q(state=_State.PENDING), Q(state=_State.QUARANTINED)
    rows = (
        InboundEvent.objects.filter(state__in=(_State.PENDING, _State.QUARANTINED))
        .order_by()
        .values("source")
        .annotate(
            pending=Count("pk", filter=pending),
            oldest_pending=Min("received_at", filter=pending),
            quarantined=Count("pk", filter=quarantined),
            oldest_quarantined=Min("received_at", filter=quarantined),
        )
    )
    return {row["source"]: dict(row) for row in rows}


def _lags(source: Source, now: datetime) -> list[float]:
    rows = (
        InboundEvent.objects.filter(source=source, received_at__gte=now - timedelta(hours=1))
        .order_by("-received_at")
        .values_list("occurred_at", "received_at")[:LAGS]
    )
    return sorted(max(0.0, (came - was).total_seconds()) for was, came in rows)


def _quantile(found: Sequence[float], share: float) -> float | None:
    return found[min(len(found) - 1, int(len(found) * share))] if found else None


def _age(moment: datetime | None, now: datetime) -> float | None:
    return (now - moment).total_seconds() if moment else None


def _held(name: str, seconds: int, read: Callable[[], Any]) -> Any:
    """What ``read`` gave, to all who ask within so many seconds."""
    return cache.get_or_set(f"oms_portal.measures.{name}", read, seconds)
