"""Who has a return open at the desk right now, so that nobody does what somebody else is at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from oms_portal.erp.worker import every
from oms_portal.returns.models import Return

from ..models import Presence


# A page says so this often, and is believed for so long.
BEAT = 10
WINDOW = timedelta(seconds=25)
_KEPT = timedelta(hours=1)


@dataclass(frozen=True)
class Present:
    """``station`` is "" where the browser keeps no name for it."""

    name: str
    station: str
    seen_at: datetime


def here(rma: Return, user: AbstractBaseUser, station: str, now: datetime) -> None:
    """This person has it open; one statement, for a page that is looked at says so every BEAT."""
    Presence.objects.bulk_create(
        [Presence(rma_id=rma.pk, user_id=user.pk, station=station, seen_at=now)],
        update_conflicts=True,
        unique_fields=["rma", "user"],
        update_fields=["station", "seen_at"],
    )


def others(
    rmas: Iterable[int], user: AbstractBaseUser, now: datetime
) -> dict[int, tuple[Present, ...]]:
    """Who else is at these returns, by their keys; one query."""
    rows = Presence.objects.filter(rma__in=list(rmas), seen_at__gte=now - WINDOW)
    found: dict[int, tuple[Present, ...]] = {}
    for row in rows.exclude(user=user.pk).select_related("user").order_by("user_id"):
        name = row.user.get_full_name() or row.user.get_username()
        found[row.rma_id] = (*found.get(row.rma_id, ()), Present(name, row.station, row.seen_at))
    return found


def digest(now: datetime) -> tuple[tuple[int, int, str], ...]:
    """Who is where, to tell whether that has changed."""
    rows = Presence.objects.filter(seen_at__gte=now - WINDOW).order_by("rma_id", "user_id")
    return tuple(rows.values_list("rma_id", "user_id", "station"))


@every(600, "who was at which return")
def forget() -> None:
    Presence.objects.filter(seen_at__lt=timezone.now() - _KEPT).delete()
