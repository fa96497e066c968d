"""The order list in words."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oms_portal.orders.models import OrderStatus
from oms_portal.orders.moments import zone_of
from oms_portal.orders.summary import OrderPage, OrderSummary

from . import shown
from .chips import flag_chips, order_chip
from .formats import NOTHING, day_stamp, money


def show_page(page: OrderPage, *, before: str, size: int) -> shown.Listed:
    """``before`` is the cursor this page was asked for with, "" for the newest."""
    home = reverse("oms_portal:orders")
    rows = [show_row(row) for row in page.rows]
    return shown.Listed(
        rows=rows,
        newest=f"{home}?{urlencode({'size': size})}" if before else "",
        older=f"{home}?{urlencode({'before': page.next, 'size': size})}" if page.next else "",
        several_companies=len({row.company for row in rows}) > 1,
    )


def show_row(order: OrderSummary) -> shown.Row:
    zone = zone_of(order.time_zone)
    return shown.Row(
        slug=order.slug,
        number=order.number,
        url=reverse("oms_portal:order", args=[order.slug]),
        reference=order.customer_reference,
        company=order.company,
        placed=day_stamp(order.placed_at, zone),
        due_label=_("Promised for"),
        due=day_stamp(order.promise, zone) if order.promise else NOTHING,
        summary=_summary(order),
        total=money(order.gross, order.currency),
        chip=order_chip(order.status),
        flags=flag_chips(order.flags),
    )


def _summary(order: OrderSummary) -> str:
    """How much there is, and how much of it has come."""
    if order.shipments_total > 1 and order.status != OrderStatus.CANCELLED:
        return _("Deliveries arrived: %(delivered)s of %(total)s") % {
            "delivered": order.shipments_delivered,
            "total": order.shipments_total,
        }
    return ngettext("%(items)s item", "%(items)s items", order.items) % {"items": order.items}
