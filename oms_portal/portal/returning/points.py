"""Where goods can be dropped off: parcel shops near a postal code, and our own branches."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from oms_portal.returns.carriers.contract import Point
from oms_portal.returns.carriers.registry import carriers_for
from oms_portal.returns.kinds import PlaceKind
from oms_portal.returns.models import Return
from oms_portal.returns.rules import ReturnPlace


log = logging.getLogger(__name__)
# So many are worth to be looked at on a page.
SHOWN = 8
LONGEST_REF = 100


def shops_near(method: str, country: str, postal_code: str) -> list[Point] | None:
    """The nearest first; None where the carrier could not be asked."""
    for carrier in carriers_for(method):
        try:
            return _open(carrier.points(country, postal_code))[:SHOWN]
        # Adapters speak to the outside: whatever goes wrong there, the page stands.
        except Exception as error:
            log.warning("%s tells no parcel shops (%s)", carrier.slug, type(error).__name__)
            return None
    return []


def _open(shops: Sequence[Point]) -> list[Point]:
    """Without those that staff took away, and codes that mean another of our places."""
    others = ReturnPlace.objects.exclude(active=True, kind=PlaceKind.PARCEL_SHOP)
    closed = set(others.filter(ref__in=[shop.ref for shop in shops]).values_list("ref", flat=True))
    return [shop for shop in shops if shop.ref not in closed and len(shop.ref) <= LONGEST_REF]


def keep_shop(shops: Sequence[Point], ref: str) -> None:
    """A shop that the carrier told of is one of our places once somebody chooses it: a return, and
    the paper of it, name it then. One that is there stays as staff made it."""
    for shop in shops:
        if shop.ref == ref:
            told = {"name": shop.name[:200], "address": dict(shop.address)}
            kind = {"kind": PlaceKind.PARCEL_SHOP, "hours": shop.hours[:200]}
            ReturnPlace.objects.get_or_create(ref=ref, defaults={**told, **kind})


def with_chosen(shops: Sequence[Point], rma: Return) -> list[Point]:
    """The shop that was chosen before stands among them, wherever it is."""
    place = rma.place
    if place is None or place.kind != PlaceKind.PARCEL_SHOP:
        return list(shops)
    others = [shop for shop in shops if shop.ref != place.ref]
    return [Point(place.ref, place.name, place.address, place.hours), *others]


def branches() -> list[ReturnPlace]:
    return list(ReturnPlace.objects.filter(kind=PlaceKind.BRANCH, active=True))
