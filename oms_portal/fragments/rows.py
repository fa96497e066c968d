"""The order list in words."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oms_portal.orders.models import OrderStatus
from oms_portal.orders.moments import Moment, zone_of
from oms_portal.orders.sorting import Sort
from oms_portal.orders.summary import OrderPage, OrderSummary

from . import shown
from .chips import flag_chips, order_chip
from .formats import NOTHING, day_stamp, money


def show_page(page: OrderPage, sort: Sort, *, before: str, size: int) -> shown.Listed:
    """``before`` is the cursor this page was asked for with, "" for the first."""
    rows = [show_row(row, sort) for row in page.rows]
    sorts = [shown.SortLink(str(each.label), _url(each, size), each == sort) for each in Sort]
    return shown.Listed(
        rows=rows,
        caption=_("Orders: %(sort)s") % {"sort": sort.label},
        sorts=sorts if rows or before else [],
        pages=list(_pages(page, sort, before, size)),
        several_companies=len({row.company for row in rows}) > 1,
    )


def show_row(order: OrderSummary, sort: Sort = Sort.NEWEST) -> shown.Row:
    zone = zone_of(order.time_zone)
    due_label, due = _due(order, sort)
    return shown.Row(
        number=order.number,
        url=reverse("oms_portal:order", args=[order.slug]),
        reference=order.customer_reference,
        company=order.company,
        placed=day_stamp(order.placed_at, zone),
        due_label=due_label,
        due=day_stamp(due, zone) if due else NOTHING,
        summary=_summary(order),
        total=money(order.gross, order.currency),
        chip=order_chip(order.status, order.raw_status),
        flags=flag_chips(order.flags),
    )


def _url(sort: Sort, size: int, before: str = "") -> str:
    asked = {"sort": sort.value, "size": size} | ({"before": before} if before else {})
    return f"{reverse('oms_portal:orders')}?{urlencode(asked)}"


def _pages(page: OrderPage, sort: Sort, before: str, size: int) -> Iterator[shown.PageLink]:
    newest = sort == Sort.NEWEST
    if before:
        label = _("Newest orders") if newest else _("Back to the start")
        yield shown.PageLink("first", label, _url(sort, size))
    if page.next:
        label = _("Older orders") if newest else _("More orders")
        yield shown.PageLink("next", label, _url(sort, size, page.next))


def _due(order: OrderSummary, sort: Sort) -> tuple[str, Moment | None]:
    """The date of a row: the one it is sorted by, else by when all is promised."""
    if sort == Sort.DUE and order.due and order.due != order.promise:
        return _("First due"), order.due
    return _("Promised for"), order.promise


def _summary(order: OrderSummary) -> str:
    """How much there is, and how much of it has come."""
    if order.shipments_total > 1 and order.status != OrderStatus.CANCELLED:
        return _("Deliveries arrived: %(delivered)s of %(total)s") % {
            "delivered": order.shipments_delivered,
            "total": order.shipments_total,
        }
    return ngettext("%(items)s item", "%(items)s items", order.items) % {"items": order.items}
