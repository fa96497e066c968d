"""How far people have read the feed: what came since their last visit is new to them."""

from __future__ import annotations

from datetime import datetime, timedelta

from .personal import Visit


# Whoever comes back within this time is still on the same visit.
PAUSE = timedelta(minutes=30)
# How often the end of a visit is written down while it lasts.
_STEP = timedelta(minutes=1)


def visit(user_id: int, company_id: int, now: datetime) -> datetime:
    """Somebody looks at a company's feed; what was noted after the moment returned is new to them.

    A first visit finds nothing new. A visit after a pause has read all up to the end of the last.
    """
    found, created = Visit.objects.get_or_create(
        user_id=user_id,
        company_id=company_id,
        defaults={"read_until": now, "last_at": now},
    )
    if created or now - found.last_at < _STEP:
        return found.read_until
    until = found.last_at if now - found.last_at > PAUSE else found.read_until
    mine = Visit.objects.filter(pk=found.pk, last_at=found.last_at)
    mine.update(read_until=max(until, found.read_until), last_at=now)
    return max(until, found.read_until)


def read_all(user_id: int, company_id: int, now: datetime) -> None:
    """Nothing that stands there now is new any more."""
    values = {"read_until": now, "last_at": now}
    Visit.objects.update_or_create(user_id=user_id, company_id=company_id, defaults=values)
