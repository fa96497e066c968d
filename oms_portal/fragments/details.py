"""An order in full, in words: what the detail and the tracker draw."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime, tzinfo

from django.utils.translation import gettext as _

from oms_portal.orders import messages
from oms_portal.orders.detail import Happening, OrderDetail, Place, Problem
from oms_portal.orders.feed import Entry
from oms_portal.orders.locales import money
from oms_portal.orders.moments import zone_of

from . import shown_order as shown
from .asking import Asking
from .changing_data import Changing
from .changing_pending import pending_beside, pending_lines, with_pending
from .changing_shown import show_changes
from .chips import flag_chips, order_chip
from .deliveries import show_deliveries
from .formats import stamp, time_tag, zone_name
from .heads import headline, steps
from .listing import page_links, show_listing
from .marking import anchor
from .papers import show_paper
from .parcels import show_parcel
from .places import address_lines
from .returning.feed import happened
from .routes import show_leg, show_rest
from .shown_changes import Changes


# So many events are told at once; what was before is folded up.
EVENTS = 20
PROBLEMS = 8


def show_order(
    order: OrderDetail,
    asking: Asking,
    now: datetime,
    *,
    whole: bool = True,
    changing: Changing | None = None,
    verbs: Collection[str] = (),
    returned: Collection[Entry] = (),
) -> shown.Order:
    """The order in the active language, its times in the zone it goes to; not ``whole``
    it is only where it is and what comes next. ``verbs`` are those of changing that may be,
    ``returned`` what was told of its returns."""
    summary = order.summary
    zone = zone_of(summary.time_zone)
    legs = _legs(order, asking, now, zone, whole=whole)
    history = _history(order, returned, zone)
    return shown.Order(
        number=summary.number,
        url=asking.page,
        chip=order_chip(summary.status, summary.raw_status),
        flags=flag_chips(summary.flags),
        headline=headline(summary, zone),
        steps=steps(order, zone),
        shows=asking.show,
        facts=[shown.Term(label, value) for label, value in _facts(order, zone, changing) if value],
        places=[place for place in _places(order, changing) if place.lines],
        totals=_totals(order),
        problems=[_problem(problem, zone) for problem in order.problems[:PROBLEMS]],
        listing=show_listing(order, asking, now, zone),
        legs=[leg for leg in legs if not leg.done],
        past=[leg for leg in legs if leg.done],
        deliveries=_deliveries(order, changing, now, zone) if whole else (),
        delivery_pages=_delivery_pages(order, asking),
        delivery_caption=_caption(order),
        rest=show_rest(order, now, zone),
        papers=[show_paper(paper, summary.slug, zone) for paper in order.documents],
        history=history[:EVENTS],
        earlier=history[EVENTS:],
        older=order.older,
        zone=zone_name(zone),
        changes=_changes(order, asking, changing, verbs),
    )


def _changes(
    order: OrderDetail, asking: Asking, changing: Changing | None, verbs: Collection[str]
) -> Changes | None:
    if changing is None or "changes" not in asking.show:
        return None
    changes = show_changes(changing, order.summary, verbs)
    return changes if changes.says else None


def _deliveries(
    order: OrderDetail, changing: Changing | None, now: datetime, zone: tzinfo
) -> list[shown.Delivery]:
    found = show_deliveries(order, now, zone)
    if changing is None:
        return found
    told = zip(order.deliveries, found, strict=True)
    return [with_pending(delivery, shipment.thread, changing) for shipment, delivery in told]


def _legs(
    order: OrderDetail, asking: Asking, now: datetime, zone: tzinfo, *, whole: bool
) -> list[shown.Leg]:
    """Each delivery of the page in short; where it is told in full elsewhere, that is a link."""
    found = []
    for shipment in order.deliveries:
        place = "#" + anchor("oms-delivery", shipment.thread)
        leg = show_leg(shipment, order, place if whole else asking.page + place, now, zone)
        follows = [
            show_parcel(package, position, shipment.method, zone)
            for position, package in enumerate(shipment.packages, 1)
            if not whole and asking.parcels and not shipment.is_over
        ]
        found.append(replace(leg, follows=follows))
    return found


def _delivery_pages(order: OrderDetail, asking: Asking) -> list[shown.PageLink]:
    return page_links(order.page, lambda to: asking.url("oms-deliveries", deliveries=to))


def _caption(order: OrderDetail) -> str:
    page = order.page
    if page.last == 1:
        return ""
    words = {"first": page.start + 1, "last": page.stop, "total": page.total}
    return _("Deliveries %(first)s to %(last)s of %(total)s") % words


def _problem(problem: Problem, zone: tzinfo) -> shown.Problem:
    title, why, after = messages.problem(problem)
    number = problem.tracking_number
    return shown.Problem(
        title=title,
        parcel=_("Parcel %(number)s") % {"number": number} if number else "",
        url="#" + anchor("oms-delivery", problem.thread) if problem.thread else "",
        reason=why,
        next=after,
        said=", ".join(part for part in (problem.text, problem.place) if part),
        at=stamp(problem.at, zone),
    )


def _history(order: OrderDetail, returned: Collection[Entry], zone: tzinfo) -> list[shown.Happened]:
    told = [(event.at, _happened(event, zone)) for event in order.timeline]
    told += [(entry.at, happened(entry, zone)) for entry in returned]
    return [each for _at, each in sorted(told, key=lambda each: each[0], reverse=True)]


def _happened(event: Happening, zone: tzinfo) -> shown.Happened:
    return shown.Happened(stamp(event.at, zone), messages.happening(event, zone), event.source)


def _facts(
    order: OrderDetail, zone: tzinfo, changing: Changing | None
) -> Iterator[tuple[str, str]]:
    summary = order.summary
    yield _("Order number"), summary.number
    yield _("Your order number"), summary.customer_reference
    yield _("Placed on"), stamp(summary.placed_at, zone)
    yield _("Placed by"), order.placed_by
    yield _("Cost centre"), order.cost_centre
    if order.requested_from:
        date = time_tag(order.requested_from, order.requested_to, zone)
        yield _("You asked for"), pending_beside(date, "requested", changing)
    yield _("Terms of payment"), order.terms
    yield _("Terms of delivery"), order.incoterm


def _places(order: OrderDetail, changing: Changing | None) -> Iterator[shown.Place]:
    pending = pending_lines("address", changing)
    yield shown.Place(_("Sold to"), [order.summary.company])
    yield shown.Place(_("Ship to"), _address(order.delivery_address), pending)
    yield shown.Place(_("Bill to"), _address(order.billing_address))


def _address(place: Place | None) -> list[str]:
    return address_lines(place) if place else []


def _totals(order: OrderDetail) -> list[shown.Term]:
    currency = order.summary.currency
    return [
        shown.Term(_("Net"), money(order.net, currency)),
        shown.Term(_("Tax"), money(order.tax, currency)),
        shown.Term(_("Total"), money(order.summary.gross, currency)),
    ]
