"""An order in full, in words: what the detail and the tracker draw."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.orders import messages
from oms_portal.orders.detail import DocumentDetail, OrderDetail, Place
from oms_portal.orders.moments import zone_of

from . import shown
from .chips import flag_chips, order_chip
from .deliveries import show_deliveries, show_rest
from .formats import day_stamp, money, stamp, time_tag, zone_name
from .heads import headline, steps
from .lines import show_line
from .places import address_lines


_PAPERS = {
    "confirmation": gettext_lazy("Order confirmation"),
    "delivery_note": gettext_lazy("Delivery note"),
    "packing_list": gettext_lazy("Packing list"),
    "invoice": gettext_lazy("Invoice"),
    "credit_note": gettext_lazy("Credit note"),
    "proof_of_delivery": gettext_lazy("Proof of delivery"),
}


def show_order(order: OrderDetail, *, whole: bool = True) -> shown.Order:
    """The order in the active language, its times in the zone of the customer; without lines and
    history, of which there may be thousands, where it is not to be shown ``whole``."""
    summary = order.summary
    zone = zone_of(summary.time_zone)
    return shown.Order(
        number=summary.number,
        url=reverse("oms_portal:order", args=[summary.slug]),
        chip=order_chip(summary.status, summary.raw_status),
        flags=flag_chips(summary.flags),
        headline=headline(summary, zone),
        steps=steps(order, zone),
        facts=[shown.Term(label, value) for label, value in _facts(order, zone) if value],
        places=[shown.Place(label, lines) for label, lines in _places(order) if lines],
        totals=_totals(order),
        problems=[shown.Problem(*messages.problem(problem)) for problem in order.problems],
        lines=[show_line(line, summary.currency, zone) for line in order.lines] if whole else [],
        deliveries=show_deliveries(order, zone),
        rest=show_rest(order, zone),
        papers=[_paper(paper, zone) for paper in order.documents],
        history=[
            shown.Happened(stamp(event.at, zone), messages.happening(event, zone), event.source)
            for event in (order.timeline if whole else ())
        ],
        zone=zone_name(zone),
    )


def _facts(order: OrderDetail, zone: tzinfo) -> Iterator[tuple[str, str]]:
    summary = order.summary
    yield _("Order number"), summary.number
    yield _("Your order number"), summary.customer_reference
    yield _("Placed on"), stamp(summary.placed_at, zone)
    yield _("Placed by"), order.placed_by
    yield _("Cost centre"), order.cost_centre
    if order.requested_from:
        yield _("You asked for"), time_tag(order.requested_from, order.requested_to, zone)
    yield _("Terms of payment"), order.terms
    yield _("Terms of delivery"), order.incoterm


def _places(order: OrderDetail) -> Iterator[tuple[str, list[str]]]:
    yield _("Sold to"), [order.summary.company]
    yield _("Ship to"), _address(order.delivery_address)
    yield _("Bill to"), _address(order.billing_address)


def _address(place: Place | None) -> list[str]:
    return address_lines(place) if place else []


def _totals(order: OrderDetail) -> list[shown.Term]:
    currency = order.summary.currency
    return [
        shown.Term(_("Net"), money(order.net, currency)),
        shown.Term(_("Tax"), money(order.tax, currency)),
        shown.Term(_("Total"), money(order.summary.gross, currency)),
    ]


def _paper(paper: DocumentDetail, zone: tzinfo) -> shown.Paper:
    kind = str(_PAPERS.get(paper.kind, _("Document")))
    return shown.Paper(kind, paper.number, day_stamp(paper.issued_on, zone))
