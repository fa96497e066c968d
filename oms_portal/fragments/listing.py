"""The lines of an order in words, a page of them, with the ways to find one among thousands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from decimal import Decimal
from itertools import groupby

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oms_portal.orders.asked import Page
from oms_portal.orders.detail import OrderDetail, Placed
from oms_portal.orders.locales import number

from . import shown_order as shown
from .asking import Asking
from .formats import NOTHING
from .lines import show_line
from .marking import anchor
from .routes import arrival, delivery_title, nearness, when_of


# From so many lines on there are ways to look for one.
MANY = 10
PLACE = "oms-lines"


def show_listing(order: OrderDetail, asking: Asking, now: datetime, zone: tzinfo) -> shown.Listing:
    narrowed = order.asked.narrowed
    return shown.Listing(
        groups=_groups(order, asking, now, zone),
        tools=order.lines_total > MANY or narrowed or asking.grouped,
        action=asking.page,
        find=asking.find,
        kept=[
            item for item in asking.params.items() if item[0] not in ("find", "lines", "deliveries")
        ],
        choices=[
            shown.Choice(label, asking.url(PLACE, only=only, lines=1), asking.only == only)
            for only, label in (("", _("All")), ("open", _("Only open")), ("late", _("Only late")))
        ],
        grouping=shown.Choice(
            _("By delivery"),
            asking.url(PLACE, grouped=not asking.grouped, lines=1),
            asking.grouped,
        ),
        caption=_caption(order, asking),
        empty=_("No line of this order is like that.")
        if narrowed
        else _("There is nothing on this order."),
        all_url=asking.url(PLACE, find="", only="", lines=1) if narrowed else "",
        pages=page_links(order.found, lambda to: asking.url(PLACE, lines=to)),
    )


def page_links(page: Page, url: Callable[[int], str]) -> list[shown.PageLink]:
    """Back and on; ``url`` makes the address of a page by its number."""
    found: list[shown.PageLink] = []
    if page.here > 1:
        found.append(shown.PageLink("prev", _("Back"), url(page.here - 1)))
    if page.here < page.last:
        found.append(shown.PageLink("next", _("Further"), url(page.here + 1)))
    return found


def _caption(order: OrderDetail, asking: Asking) -> str:
    page = order.found
    if page.last > 1:
        words = {
            "first": _count(page.start + 1),
            "last": _count(page.stop),
            "total": _count(page.total),
        }
        return _("Lines %(first)s to %(last)s of %(total)s") % words
    if order.asked.narrowed:
        words = {"found": _count(page.total), "total": _count(order.lines_total)}
        return _("%(found)s of %(total)s lines") % words
    return ngettext("%(n)s line", "%(n)s lines", page.total) % {"n": _count(page.total)}


def _count(value: int) -> str:
    return number(Decimal(value))


def _groups(order: OrderDetail, asking: Asking, now: datetime, zone: tzinfo) -> list[shown.Group]:
    seen: set[str] = set()
    groups: list[shown.Group] = []
    for key, placed in groupby(order.placed, lambda each: _key(each, grouped=asking.grouped)):
        held = list(placed)
        groups.append(
            shown.Group(
                title=_title(key, held[0]),
                url="#" + anchor("oms-delivery", held[0].shipment.thread)
                if held[0].shipment
                else "",
                note=_note(held[0], now, zone),
                lines=[
                    show_line(each, _id(each, seen), order.summary.currency, now, zone)
                    for each in held
                ],
            )
        )
    return groups


def _key(placed: Placed, *, grouped: bool) -> str:
    if not grouped:
        return ""
    if placed.shipment:
        return f"in {placed.shipment.ref}"
    return "none" if placed.quantity is not None else "other"


def _title(key: str, placed: Placed) -> str:
    if placed.shipment:
        return delivery_title(placed.shipment)
    return {"none": _("Not in a delivery yet"), "other": _("Everything else")}.get(key, "")


def _note(placed: Placed, now: datetime, zone: tzinfo) -> SafeString:
    if placed.shipment is None:
        return NOTHING
    expected, _label = when_of(placed.shipment, zone)
    return arrival(placed.shipment, now, zone) or (
        nearness(*expected, zone, now) if expected else NOTHING
    )


def _id(placed: Placed, seen: set[str]) -> str:
    """A line that comes with several deliveries is named where it stands first."""
    name = anchor("oms-line", placed.line.ref)
    if name in seen:
        return ""
    seen.add(name)
    return name
