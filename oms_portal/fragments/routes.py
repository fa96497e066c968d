"""What comes when, from where: each delivery as one line that is grasped at a glance."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Protocol

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oms_portal.changes.standing import Part
from oms_portal.orders.detail import OrderDetail, Place, Rest, ShipmentDetail
from oms_portal.orders.locales import isolated
from oms_portal.orders.models import ShipmentStatus, TrackingStatus
from oms_portal.orders.moments import Moment, day_of

from . import shown_order as shown
from .chips import shipment_chip, tracking_chip
from .formats import NOTHING, clock, day_stamp, quantity, relative, time_tag
from .marking import marked


# The stops of a delivery that comes, and of one that is fetched.
_HERE = (
    (ShipmentStatus.PLANNED, ShipmentStatus.RELEASED, ShipmentStatus.UNKNOWN),
    (ShipmentStatus.PICKING, ShipmentStatus.PACKED),
)
_SENT = (*_HERE, (ShipmentStatus.DISPATCHED,), (ShipmentStatus.DELIVERED,))
_FETCHED = (*_HERE, (ShipmentStatus.READY_FOR_PICKUP,), (ShipmentStatus.COLLECTED,))
_SENT_WORDS = (
    gettext_lazy("Planned"),
    gettext_lazy("Being packed"),
    gettext_lazy("On its way"),
    gettext_lazy("Delivered"),
)
_FETCHED_WORDS = (
    *_SENT_WORDS[:2],
    gettext_lazy("Ready for pick-up"),
    gettext_lazy("Collected"),
)
# By whether it was collected, how its time is told, and whether somebody signed.
_CAME = {
    (False, "day", False): gettext_lazy("Delivered %(day)s at %(time)s."),
    (False, "day", True): gettext_lazy("Delivered %(day)s at %(time)s, signed by %(name)s."),
    (False, "date", False): gettext_lazy("Delivered on %(day)s at %(time)s."),
    (False, "date", True): gettext_lazy("Delivered on %(day)s at %(time)s, signed by %(name)s."),
    (False, "", False): gettext_lazy("Delivered."),
    (False, "", True): gettext_lazy("Delivered, signed by %(name)s."),
    (True, "day", False): gettext_lazy("Collected %(day)s at %(time)s."),
    (True, "day", True): gettext_lazy("Collected %(day)s at %(time)s, signed by %(name)s."),
    (True, "date", False): gettext_lazy("Collected on %(day)s at %(time)s."),
    (True, "date", True): gettext_lazy("Collected on %(day)s at %(time)s, signed by %(name)s."),
    (True, "", False): gettext_lazy("Collected."),
    (True, "", True): gettext_lazy("Collected, signed by %(name)s."),
}
_SILENT = frozenset({TrackingStatus.UNKNOWN, TrackingStatus.PENDING})


def show_leg(
    shipment: ShipmentDetail, order: OrderDetail, url: str, now: datetime, zone: tzinfo
) -> shown.Leg:
    stops = show_stops(shipment)
    when, label = when_of(shipment, zone)
    coming = [stop.word for stop in stops if stop.state == "todo"]
    return shown.Leg(
        title=delivery_title(shipment),
        url=url,
        chip=chip_of(shipment),
        origin=shipment.from_name,
        destination=_("You collect it")
        if shipment.method == "pickup"
        else _place(shipment.address or order.delivery_address),
        stops=stops,
        next=_("Next: %(step)s") % {"step": coming[0]} if coming else "",
        label=label,
        when=time_tag(*when, zone) if when else NOTHING,
        rel=nearness(*when, zone, now) if when else NOTHING,
        note=arrival(shipment, now, zone),
        contents=_contents(shipment),
        parcels=_parcels(shipment),
        done=shipment.is_over,
    )


class Numbered(Protocol):
    """A delivery, as far as its name goes."""

    @property
    def number(self) -> str: ...
    @property
    def method(self) -> str: ...


def delivery_title(shipment: Numbered) -> str:
    if shipment.method == "pickup":
        return _("Pick-up %(number)s") % {"number": isolated(shipment.number)}
    return _("Delivery %(number)s") % {"number": isolated(shipment.number)}


def part_title(part: Part | None) -> str:
    """ "Delivery LS-17"; what is in no delivery yet is called just that."""
    return delivery_title(part) if part and part.thread else _("Not in a delivery yet")


def chip_of(shipment: ShipmentDetail) -> shown.Chip:
    """What the carrier says, where it says one thing of all parcels under way; else our word."""
    words = {(package.status, package.raw_code) for package in shipment.packages}
    if shipment.status == ShipmentStatus.DISPATCHED and len(words) == 1:
        ((word, raw),) = words
        if word and word not in _SILENT:
            return tracking_chip(word, raw)
    return shipment_chip(shipment.status, shipment.raw_status)


def show_stops(shipment: ShipmentDetail) -> list[shown.Step]:
    """The line with its stops, without times; none for what came back or was cancelled."""
    fetched = shipment.method == "pickup"
    stops, words = (_FETCHED, _FETCHED_WORDS) if fetched else (_SENT, _SENT_WORDS)
    here = next((i for i, stop in enumerate(stops) if shipment.status in stop), None)
    if here is None:
        return []
    last = len(stops) - 1
    return [
        shown.Step(
            str(word),
            "done" if index < here or here == last else "now" if index == here else "todo",
            NOTHING,
        )
        for index, word in enumerate(words)
    ]


def arrival(shipment: ShipmentDetail, now: datetime, zone: tzinfo) -> SafeString:
    """ "Delivered today at 14:02, signed by Goods in."; nothing for what is not there yet."""
    if not shipment.is_done:
        return NOTHING
    signed = str((shipment.proof_of_delivery or {}).get("signed_by") or "")
    collected = shipment.status == ShipmentStatus.COLLECTED
    at = shipment.delivered_at
    if at is None:
        return marked(str(_CAME[collected, "", bool(signed)]), name=signed)
    near = relative(day_of(at, zone), zone, now)
    words = str(_CAME[collected, "day" if near else "date", bool(signed)])
    return marked(words, day=near or day_stamp(at, zone), time=clock(at, zone), name=signed)


def nearness(starts: Moment, ends: Moment | None, zone: tzinfo, now: datetime) -> SafeString:
    """How far off a window is; nothing while it is open for more days than one."""
    today = day_of(now, zone)
    if ends is None or day_of(starts, zone) >= today:
        return relative(starts, zone, now)
    return relative(ends, zone, now) if day_of(ends, zone) <= today else NOTHING


def show_rest(order: OrderDetail, now: datetime, zone: tzinfo) -> list[shown.Rest]:
    """What is in no delivery yet, by the date it is promised for."""
    return [
        shown.Rest(
            what=_items(rest.quantity, rest.unit, rest.description, rest.lines),
            when=day_stamp(rest.promised, zone) if rest.promised else NOTHING,
            rel=_promised(rest, zone, now),
        )
        for rest in order.rest
    ]


def _promised(rest: Rest, zone: tzinfo, now: datetime) -> SafeString:
    return relative(rest.promised, zone, now) if rest.promised else NOTHING


def when_of(
    shipment: ShipmentDetail, zone: tzinfo
) -> tuple[tuple[Moment, Moment | None] | None, str]:
    """From when to when it comes, and what that is called; None where nobody said."""
    expected = shipment.expected
    if (loaded := shipment.loaded_at) and not shipment.is_over:
        return _round_of(day_of(loaded, zone), expected, zone), _("Expected")
    if expected is None:
        return None, ""
    if shipment.method == "pickup":
        return expected, _("Ready")
    by_plan = not shipment.eta_from and expected[0] == shipment.planned_on
    return expected, _("Planned") if by_plan else _("Expected")


def _round_of(
    day: date, expected: tuple[Moment, Moment | None] | None, zone: tzinfo
) -> tuple[Moment, Moment | None]:
    """What is on the van comes that day, whatever other days were given."""
    if expected and {day_of(end, zone) for end in expected if end} == {day}:
        return expected
    return day, None


def _place(place: Place | None) -> str:
    return ", ".join(part for part in (place.name, place.city) if part) if place else ""


def _contents(shipment: ShipmentDetail) -> str:
    first = next((line for package in shipment.packages for line in package.lines), None)
    if first is None:
        return ""
    same = (
        line.quantity
        for package in shipment.packages
        for line in package.lines
        if line.line_ref == first.line_ref
    )
    held = sum(same, Decimal(0))
    return _items(held, first.unit, first.description or first.sku, shipment.items)


def _items(units: Decimal, unit: str, item: str, lines: int) -> str:
    """ "160 pieces of Ball bearing and 2 more items"."""
    words = {"quantity": quantity(units, unit), "item": isolated(item), "more": lines - 1}
    if not item:
        return ngettext("%(n)s item", "%(n)s items", lines) % {"n": lines}
    if lines <= 1:
        return _("%(quantity)s of %(item)s") % words
    return (
        ngettext(
            "%(quantity)s of %(item)s and %(more)s more item",
            "%(quantity)s of %(item)s and %(more)s more items",
            lines - 1,
        )
        % words
    )


def _parcels(shipment: ShipmentDetail) -> str:
    if not shipment.parcels:
        return ""
    words = {"n": shipment.parcels}
    if shipment.method == "freight":
        return ngettext("%(n)s load unit", "%(n)s load units", shipment.parcels) % words
    return ngettext("%(n)s parcel", "%(n)s parcels", shipment.parcels) % words
