"""An order's deliveries in full: where from, with whom, what every parcel holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from oms_portal.orders.detail import OrderDetail, ShipmentDetail
from oms_portal.orders.locales import listed
from oms_portal.orders.moments import Moment, read

from . import shown_order as shown
from .chips import shipment_chip
from .formats import NOTHING, moment, stamp, time_tag
from .marking import anchor
from .papers import show_paper
from .parcels import show_parcel
from .routes import arrival, delivery_title, nearness, show_stops


def show_deliveries(order: OrderDetail, now: datetime, zone: tzinfo) -> list[shown.Delivery]:
    """Those of the page that was asked for."""
    return [_show(shipment, order, now, zone) for shipment in order.deliveries]


def _show(
    shipment: ShipmentDetail, order: OrderDetail, now: datetime, zone: tzinfo
) -> shown.Delivery:
    slug = order.summary.slug
    facts = _facts(shipment, order, now, zone)
    left = shipment.parcels - len(shipment.packages)
    return shown.Delivery(
        id=anchor("oms-delivery", shipment.thread),
        title=delivery_title(shipment),
        chip=shipment_chip(shipment.status, shipment.raw_status),
        note=arrival(shipment, now, zone),
        done=shipment.is_over,
        steps=_steps(shipment, zone),
        facts=[shown.Term(label, value) for label, value in facts if value],
        parcels=[
            show_parcel(package, position, shipment.method, zone)
            for position, package in enumerate(shipment.packages, 1)
        ],
        more=ngettext("And %(n)s more parcel.", "And %(n)s more parcels.", left) % {"n": left}
        if left
        else "",
        packing_url=packing_url(slug, shipment) if shipment.items else "",
        proof=proof_of(shipment, order, zone),
    )


def packing_url(slug: str, shipment: ShipmentDetail) -> str:
    return reverse("oms_portal:packing_list", args=[slug, shipment.thread])


def proof_of(shipment: ShipmentDetail, order: OrderDetail, zone: tzinfo) -> shown.Paper | None:
    """The paper that proves the delivery, where the ERP named one."""
    ref = (shipment.proof_of_delivery or {}).get("document_ref")
    paper = next((paper for paper in order.documents if ref and paper.ref == ref), None)
    return show_paper(paper, order.summary.slug, zone) if paper else None


def _steps(shipment: ShipmentDetail, zone: tzinfo) -> Sequence[shown.Step]:
    """The stops with their times, as far as it has come."""
    sent = None if shipment.method == "pickup" else shipment.shipped_at
    times = (None, None, sent, shipment.delivered_at)
    return [
        shown.Step(stop.word, stop.state, NOTHING if stop.state == "todo" else stamp(at, zone))
        for stop, at in zip(show_stops(shipment), times, strict=False)
    ]


def _facts(
    shipment: ShipmentDetail, order: OrderDetail, now: datetime, zone: tzinfo
) -> Iterator[tuple[str, SafeString | str]]:
    yield pgettext("place", "From"), shipment.from_name
    yield _("Carrier"), shipment.carrier
    yield _("Service"), shipment.service
    yield _("Planned for"), _still(shipment, shipment.planned_on, zone)
    if shipment.eta_from and not shipment.delivered_at:
        yield _("Expected"), _window(shipment.eta_from, shipment.eta_to, now, zone)
    yield pgettext("delivery", "Sent"), stamp(shipment.shipped_at, zone)
    yield _("Delivered"), stamp(shipment.delivered_at, zone)
    if shipment.address and shipment.address != order.delivery_address:
        yield (
            pgettext("place", "To"),
            listed(filter(None, (shipment.address.name, shipment.address.city))),
        )
    yield from _freight(shipment.freight or {}, zone)
    yield from _pickup(shipment.pickup or {}, zone)
    proof = shipment.proof_of_delivery or {}
    yield _("Signed by"), str(proof.get("signed_by") or "")
    yield _("Signed at"), _told(proof.get("at"), zone)


def _window(starts: Moment, ends: Moment | None, now: datetime, zone: tzinfo) -> SafeString:
    near = nearness(starts, ends, zone, now)
    when = time_tag(starts, ends, zone)
    return format_html("{} ({})", when, near) if near else when


def _still(shipment: ShipmentDetail, planned: Moment | None, zone: tzinfo) -> SafeString:
    """The plan, as long as it is one."""
    return NOTHING if shipment.shipped_at or shipment.delivered_at else stamp(planned, zone)


def _freight(freight: Mapping[str, Any], zone: tzinfo) -> Iterator[tuple[str, str]]:
    yield _("Appointment"), _told(freight.get("appointment"), zone)
    yield _("Pallets"), str(freight.get("pallets") or "")
    yield _("Tail lift"), _yes(freight.get("tail_lift"))
    yield _("Contact on site"), str(freight.get("site_contact") or "")
    call = freight.get("call_ahead")
    yield _("Call before delivery"), call if isinstance(call, str) else _yes(call)


def _pickup(pickup: Mapping[str, Any], zone: tzinfo) -> Iterator[tuple[str, str]]:
    ready = pickup.get("ready")
    yield _("Ready"), _yes(ready) if isinstance(ready, bool) else _told(ready, zone)
    yield _("Pick-up code"), str(pickup.get("code") or "")
    yield _("Opening hours"), str(pickup.get("hours") or "")


def _yes(value: Any) -> str:
    return "" if value is None else _("Yes") if value else _("No")


def _told(value: Any, zone: tzinfo) -> str:
    """A moment, where that is what was told; the words as they are otherwise."""
    if not isinstance(value, str | datetime):
        return "" if value is None else str(value)
    try:
        return moment(read(value) if isinstance(value, str) else value, zone)
    except ValueError:
        return str(value)
