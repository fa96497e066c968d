"""Where the goods go, and from where: addresses as blocks of lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from oms_portal.orders.detail import Place as Address
from oms_portal.orders.locales import day, isolated
from oms_portal.orders.moments import zone_of
from oms_portal.returns.kinds import FREED, Method, PlaceKind
from oms_portal.returns.models import Return

from ..places import address_lines
from . import shown
from .words import pickup_day


_DROPPED = (Method.PARCEL_SHOP, Method.QR)


def show_places(rma: Return) -> list[shown.Place]:
    """None of goods that stay where they are, or have come, and of what came to nothing."""
    if not rma.is_goods_back or rma.received_at or rma.state in FREED:
        return []
    return [place for place in _places(rma) if place.lines]


def _places(rma: Return) -> Iterator[shown.Place]:
    if rma.place and rma.method in _DROPPED and not rma.scanned_at:
        address = {**rma.place.address, "name": rma.place.name}
        yield shown.Place(_("Drop-off at"), _lines(address), rma.place.hours)
    if rma.method == Method.PICKUP and not rma.scanned_at:
        yield shown.Place(_("Picked up at"), _lines(rma.sender), _pickup(rma))
    if told := rma.destination:
        address = {"name": told.get("name", ""), **(told.get("address") or {})}
        branch = told.get("kind") == PlaceKind.BRANCH and rma.method == Method.BRANCH
        yield shown.Place(_("Bring it to") if branch else _("Goes to"), _lines(address))


def _lines(address: dict[str, Any]) -> list[str]:
    place = Address.of(address)
    return address_lines(place) if place else []


def _pickup(rma: Return) -> str:
    told, on = rma.pickup, pickup_day(rma.pickup)
    if on is None:
        return ""
    said = {"day": day(on, zone_of("")), "from": told.get("from"), "to": told.get("to")}
    if not (said["from"] and said["to"]):
        return _("On %(day)s") % said
    hours = {**said, "from": isolated(str(said["from"])), "to": isolated(str(said["to"]))}
    return _("On %(day)s between %(from)s and %(to)s") % hours
