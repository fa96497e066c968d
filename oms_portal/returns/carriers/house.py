"""The carrier that needs nobody: its labels are ours, the parcel's code is the tracking number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os.path import commonprefix
from typing import Any

from oms_portal.returns.kinds import Method, PlaceKind
from oms_portal.returns.rules import ReturnPlace

from .contract import Made, Point, Shipping


MOST_POINTS = 20


class House:
    """For every way on which goods come back. Nothing outside is asked, so nothing can fail; what
    is scanned comes in as ``tracking.updated.v1``, its points are the portal's own parcel shops."""

    slug = "house"
    polled = False

    def __init__(self, name: str = "", service: str = "") -> None:
        self.name = name
        self.service = service
        self.methods = frozenset(Method) - {Method.NOTHING}

    def create(self, shipping: Shipping, key: str) -> Made:
        return Made(tracking_number=shipping.code, ref=key, service=self.service)

    def void(self, ref: str, tracking_number: str, key: str) -> None:
        """A label of ours is void once the portal says so."""

    def track(self, tracking_number: str) -> Sequence[Mapping[str, Any]]:
        return []

    def points(self, country: str, postal_code: str) -> Sequence[Point]:
        """Those whose postal code begins most like this one, the first by name among equals."""
        wanted = _plain(postal_code)
        shops = [
            shop
            for shop in ReturnPlace.objects.filter(kind=PlaceKind.PARCEL_SHOP, active=True)
            if str(shop.address.get("country", "")).upper() == country.upper()
        ]

        def apart(shop: ReturnPlace) -> tuple[int, str]:
            code = _plain(str(shop.address.get("postal_code", "")))
            return -len(commonprefix([code, wanted])), shop.name

        nearest = sorted(shops, key=apart)[:MOST_POINTS]
        return [Point(shop.ref, shop.name, shop.address, shop.hours) for shop in nearest]


def _plain(postal_code: str) -> str:
    return "".join(postal_code.upper().split()).replace("-", "")
