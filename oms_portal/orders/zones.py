"""In which zone an order's times are told: where it is delivered to, as far as that is known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from babel.core import get_global


# Rules of zones change, but hardly in one part of a country alone.
YEAR = 2026


class _Company(Protocol):
    time_zone: str


class Placed(Protocol):
    """An order with its company."""

    delivery_address: Mapping[str, Any] | None

    @property
    def company(self) -> _Company: ...


def place_zone(order: Placed) -> str:
    """The zone of the country it goes to, where that has but one; else its customer's ("" the
    site's)."""
    country = str((order.delivery_address or {}).get("country") or "")
    return zone_at(country, order.company.time_zone)


def zone_at(country: str, own: str) -> str:
    """The zone of a country for somebody whose ``own`` zone is known, which wins where it lies."""
    if _territories().get(own) == country.upper():
        return own
    return zone_in(country.upper()) or own


@lru_cache(maxsize=300)
def zone_in(country: str) -> str:
    """The zone that all of a country keeps, "" where its clocks differ or nobody knows it.

    Zones and countries are CLDR's; zones whose clocks agree in winter and in summer are one.
    """
    zones = sorted(zone for zone, where in _territories().items() if where == country)
    clocks = {_clock(zone) for zone in zones}
    return zones[0] if len(clocks) == 1 and None not in clocks else ""


def _territories() -> Mapping[str, str]:
    found: Mapping[str, str] = get_global("zone_territories")
    return found


def _clock(zone: str) -> tuple[object, ...] | None:
    """Its offsets through a year; None where this machine doesn't know the zone."""
    try:
        here = ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return None
    return tuple(datetime(YEAR, month, 15, tzinfo=here).utcoffset() for month in range(1, 13))
