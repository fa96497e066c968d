"""A moment is a date or an instant, as the ERP said it: a date without a time stays a date."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models.functions import Length
from django.utils import timezone


Moment = date | datetime


def read(text: str) -> Moment:
    """The moment of an ISO 8601 text; instants come back in UTC. ValueError where it is neither."""
    if len(text) == 10:
        return date.fromisoformat(text)
    return datetime.fromisoformat(text).astimezone(UTC)


def write(moment: Moment) -> str:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).isoformat()
    return moment.isoformat()


def day_of(moment: Moment, zone: tzinfo) -> date:
    """The calendar day of a moment at a place; a date is that day everywhere."""
    return moment.astimezone(zone).date() if isinstance(moment, datetime) else moment


def end_of(moment: Moment, zone: tzinfo) -> datetime:
    """The instant at which a moment is over: itself, or the last second of its day at a place."""
    if isinstance(moment, datetime):
        return moment
    return datetime.combine(moment, time(23, 59, 59), tzinfo=zone)


def zone_of(name: str) -> tzinfo:
    """The time zone of this name; the site's own where it is empty or nobody knows it."""
    return _zone(name) or timezone.get_default_timezone()


@lru_cache(maxsize=512)
def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


if TYPE_CHECKING:
    _MomentText = models.CharField[Any, Any]
else:
    _MomentText = models.CharField


class MomentField(_MomentText):
    """Keeps a moment as its ISO text, so that a date never turns into an instant."""

    if TYPE_CHECKING:
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 40, **kwargs})

    def from_db_value(self, value: str | None, *args: object) -> Moment | None:
        return read(value) if value else None

    def to_python(self, value: Any) -> Any:
        return read(value) if isinstance(value, str) and value else value or None

    def get_prep_value(self, value: Any) -> str | None:
        return write(value) if isinstance(value, date) else value or None


# Tells a date from an instant where the database compares their texts.
MomentField.register_lookup(Length)
