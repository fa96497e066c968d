"""The order list in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from oms_portal.orders.filters import DONE
from oms_portal.orders.locales import isolated, money
from oms_portal.orders.models import OrderStatus
from oms_portal.orders.moments import Moment, zone_of
from oms_portal.orders.sorting import Sort
from oms_portal.orders.summary import OrderPage, OrderSummary

from . import shown_list as shown
from .browsing import COLUMNS, Browsing
from .chips import flag_chips, order_chip
from .formats import NOTHING, day_stamp, relative
from .narrowing import Book, cleared, result, show_active, show_form
from .shown import PageLink


# What a head sorts by when it is chosen, and the sorts it stands for.
_SORTS = {
    "order": {Sort.NUMBER: "ascending"},
    "due": {Sort.DUE: "ascending"},
    "placed": {Sort.NEWEST: "descending", Sort.OLDEST: "ascending"},
}
NO_BOOK = Book({}, {})


def show_page(
    page: OrderPage, browsing: Browsing, now: datetime, *, before: str = "", book: Book = NO_BOOK
) -> shown.Listed:
    """``before`` is the cursor this page was asked for with, "" for the first."""
    rows = [show_row(row, now, browsing.sort) for row in page.rows]
    sorts = [
        shown.SortLink(str(each.label), browsing.url(sort=each), each == browsing.sort)
        for each in Sort
    ]
    formed = any(browsing.shows(part) for part in ("search", "filters", "columns"))
    return shown.Listed(
        rows=rows,
        labels=_labels(),
        caption=_("Orders: %(sort)s") % {"sort": browsing.sort.label},
        heads=[_head(name, browsing) for name in browsing.columns],
        has=frozenset(browsing.columns),
        sorts=sorts if rows or before else [],
        pages=list(_pages(page, browsing, before)),
        exports=list(_exports(browsing)) if rows else [],
        form=show_form(browsing, book) if formed else None,
        active=list(show_active(browsing, book)) if formed else [],
        clear_url=cleared(browsing),
        result=result(browsing, found=bool(rows)),
        narrowed=bool(browsing.filters),
        several_companies=len({row.company for row in rows}) > 1,
    )


def show_row(order: OrderSummary, now: datetime, sort: Sort = Sort.NEWEST) -> shown.Row:
    zone = zone_of(order.time_zone)
    due_label, due = _due(order, sort)
    items = ngettext("%(items)s item", "%(items)s items", order.items) % {"items": order.items}
    return shown.Row(
        number=order.number,
        url=reverse("oms_portal:order", args=[order.slug]),
        reference=order.customer_reference,
        note=_("Your no. %(reference)s") % {"reference": isolated(order.customer_reference)},
        company=order.company,
        ship_to=", ".join(filter(None, (order.ship_to_name, order.ship_to_city))),
        placed=day_stamp(order.placed_at, zone),
        placed_by=order.placed_by,
        due_label=due_label,
        due=day_stamp(due, zone) if due else NOTHING,
        near=relative(due, zone, now) if due else NOTHING,
        summary=_arrived(order) or items,
        items=items,
        total=money(order.gross, order.currency),
        chip=order_chip(order.status, order.raw_status),
        flags=flag_chips(order.flags),
    )


def _labels() -> shown.Labels:
    return shown.Labels(
        reference=_("Your reference"),
        ship_to=pgettext("place", "To"),
        by=_("Placed by"),
        placed=_("Placed"),
        total=_("Total"),
    )


def _head(name: str, browsing: Browsing) -> shown.Head:
    label, sorts = str(COLUMNS[name]), _SORTS.get(name)
    if sorts is None:
        return shown.Head(name, label)
    # Chosen again, a head that has two orders gives the other one.
    other = next((sort for sort in sorts if sort != browsing.sort), browsing.sort)
    return shown.Head(name, label, browsing.url(sort=other), sorts.get(browsing.sort, ""))


def _pages(page: OrderPage, browsing: Browsing, before: str) -> Iterator[PageLink]:
    newest = browsing.sort == Sort.NEWEST
    if before:
        label = _("Newest orders") if newest else _("Back to the start")
        yield PageLink("first", label, browsing.url())
    if page.next:
        label = _("Older orders") if newest else _("More orders")
        yield PageLink("next", label, browsing.url(page.next))


def _exports(browsing: Browsing) -> Iterator[PageLink]:
    if browsing.shows("export"):
        yield PageLink("csv", _("CSV file"), browsing.url(page="export_csv"))
        yield PageLink("xlsx", _("Excel file"), browsing.url(page="export_xlsx"))


def _due(order: OrderSummary, sort: Sort) -> tuple[str, Moment | None]:
    """The date of a row: the one it is sorted by, else by when all is promised, or came."""
    if sort == Sort.DUE and order.due and order.due != order.promise:
        return _("First due"), order.due
    if order.promise is None and order.arrived_at and order.status in DONE:
        return _("Arrived"), order.arrived_at
    return _("Promised for"), order.promise


def _arrived(order: OrderSummary) -> str:
    """How much of it has come, where it comes in parts."""
    if order.shipments_total < 2 or order.status == OrderStatus.CANCELLED:
        return ""
    return _("Deliveries arrived: %(delivered)s of %(total)s") % {
        "delivered": order.shipments_delivered,
        "total": order.shipments_total,
    }
