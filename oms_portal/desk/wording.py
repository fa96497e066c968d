"""Statuses in the words that staff gave them for staff, by the ERP's own code first."""

from __future__ import annotations

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from oms_portal.orders.models import Order, Package, Shipment
from oms_portal.words.models import Audience, Kind
from oms_portal.words.queries import word


def order_word(order: Order) -> str:
    return _said(Kind.ORDER, order.status, order.get_status_display(), order.raw_status)


def shipment_word(told: Shipment) -> str:
    return _said(Kind.SHIPMENT, told.status, told.get_status_display(), told.raw_status)


def parcel_word(parcel: Package) -> str:
    status = parcel.tracking_status
    if not status:
        return _("nothing yet")
    return _said(Kind.TRACKING, status, parcel.get_tracking_status_display())


def choices(kind: Kind, statuses: type[TextChoices]) -> list[tuple[str, str]]:
    """For a filter by our own codes."""
    return [(code, _said(kind, code, label)) for code, label in statuses.choices]


def _said(kind: Kind, code: str, default: Any, raw: str = "") -> str:
    return word(kind, code, default, raw=raw, audience=Audience.STAFF)
