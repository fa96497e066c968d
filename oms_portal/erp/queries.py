"""How fresh the feed is: when its sources were last heard, and what that means to a customer."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError
from django.db.models import Q, QuerySet
from django.utils import timezone

from oms_portal import live
from oms_portal.conf import settings

from .models import Source
from .worker import every


log = logging.getLogger(__name__)

FEED = "feed"
TOUCH_SECONDS = 5
STATES = ("fresh", "stale", "offline")


@dataclass(frozen=True)
class Freshness:
    """``state`` is "fresh", "stale" or "offline"; ``as_of`` is None where nothing was ever heard."""

    state: str
    as_of: datetime | None


def watched() -> QuerySet[Source]:
    """The sources whose silence is told."""
    return Source.objects.filter(active=True, watched=True)


def heard(
    customer_ref: str, now: datetime | None = None, sources: Iterable[Source] | None = None
) -> Freshness:
    """The freshness of what a customer is shown: the worst of the ``watched`` sources that may
    speak for them. Without any such source nothing is promised, and the feed counts as fresh."""
    found = watched() if sources is None else sources
    speakers = [source for source in found if source.speaks_for({customer_ref})]
    return worst(speakers, now or timezone.now())


def feed(now: datetime | None = None) -> Freshness:
    """The worst of all watched sources."""
    return worst(list(watched()), now or timezone.now())


def worst(sources: list[Source], now: datetime) -> Freshness:
    if not sources:
        return Freshness("fresh", None)
    states = [_state(source, now) for source in sources]
    known = [source.last_heard_at for source in sources if source.last_heard_at]
    as_of = min(known) if len(known) == len(sources) else None
    return Freshness(max(states, key=STATES.index), as_of)


def touch(source: Source, now: datetime | None = None) -> None:
    """Note that a source was heard; written at most every TOUCH_SECONDS, and never in the way."""
    now = now or timezone.now()
    limit = now - timedelta(seconds=TOUCH_SECONDS)
    if source.last_heard_at and source.last_heard_at > limit:
        return
    late = Q(last_heard_at__isnull=True) | Q(last_heard_at__lte=limit)
    try:
        Source.objects.filter(late, pk=source.pk).update(last_heard_at=now)
        source.last_heard_at = now
    except DatabaseError:
        log.warning("can't note that %s was heard", source.slug, exc_info=True)


def _state(source: Source, now: datetime) -> str:
    if source.last_heard_at is None:
        return "offline"
    stale = source.stale_after or settings().STALE_AFTER
    silent = (now - source.last_heard_at).total_seconds()
    if silent >= max(stale, settings().OFFLINE_AFTER):
        return "offline"
    return "stale" if silent >= stale else "fresh"


_shown: dict[int, tuple[str, datetime | None]] = {}


@every(5, "feed")
def announce(now: datetime | None = None) -> bool:
    """Grow the topic ``feed`` when a source's state or the minute of its "as of" moved; whether
    it did. What this process said last is remembered here: a second worker only says it twice."""
    now = now or timezone.now()
    shown = {
        source.pk: (_state(source, now), _minute(source.last_heard_at)) for source in watched()
    }
    if shown == _shown:
        return False
    live.changed(FEED)
    _shown.clear()
    _shown.update(shown)
    return True


def _minute(moment: datetime | None) -> datetime | None:
    return moment.replace(second=0, microsecond=0) if moment else None
