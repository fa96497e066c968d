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


def shops_near(method: str, country: str, postal_code: str) -> list[Point] | None:
    """The nearest first; None where the carrier could not be asked."""
    for carrier in carriers_for(method):
        try:
            return list(carrier.points(country, postal_code))[:SHOWN]
        # Adapters speak to the outside: whatever goes wrong there, the page stands.
        except Exception as error:
            log.warning("%s tells no parcel shops (%s)", carrier.slug, type(error).__name__)
            return None
    return []


def with_chosen(shops: Sequence[Point], rma: Return) -> list[Point]:
    """The shop that was chosen before stands among them, wherever it is."""
    place = rma.place
    if place is None or place.kind != PlaceKind.PARCEL_SHOP:
        return list(shops)
    others = [shop for shop in shops if shop.ref != place.ref]
    return [Point(place.ref, place.name, place.address, place.hours), *others]


def branches() -> list[ReturnPlace]:
    return list(ReturnPlace.objects.filter(kind=PlaceKind.BRANCH, active=True))
