"""Whose return a page is about: the visitor's own draft, or one that everybody there may see."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from oms_portal.customers.access import actor_of, can, person_of
from oms_portal.returns import actions
from oms_portal.returns.kinds import PRIVATE
from oms_portal.returns.models import Return, ReturnLine
from oms_portal.returns.queries import return_of
from oms_portal.returns.wishes import Wish, WishLine

from ..changing_page import SeeOther


Step = Callable[[HttpRequest, Return], HttpResponse]


def found(request: HttpRequest, number: str) -> Return:
    """404 for what is not there, and for what is not the visitor's to see."""
    rma = None if "\0" in number else return_of(actor_of(request), request.user, number)
    if rma is None:
        raise Http404
    return rma


def on_draft(step: Step) -> Callable[[HttpRequest, str], HttpResponse]:
    """The step gets the visitor's own draft; a return that was sent already leads to its page."""

    @wraps(step)
    def opened(request: HttpRequest, number: str) -> HttpResponse:
        rma = found(request, number)
        if not can(actor_of(request), "return", rma):
            raise Http404
        if rma.state not in PRIVATE:
            return SeeOther(reverse("oms_portal:return", args=[rma.number]))
        return step(request, rma)

    return opened


def lines_of(rma: Return) -> list[ReturnLine]:
    rows = rma.lines.select_related("returnable__order", "reason").prefetch_related("evidence")
    return list(rows)


def save(request: HttpRequest, wish: Wish, rma: Return | None, form_key: str) -> Return:
    """The draft with these answers; raises what ``actions.save_draft`` raises."""
    return actions.save_draft(
        person_of(request),
        actor_of(request),
        wish,
        draft=rma,
        form_key=form_key,
        now=timezone.now(),
    )


def wish_of(rma: Return) -> Wish:
    """All that a draft says so far, to be given back with some of it replaced."""
    return Wish(
        kind=rma.kind,
        lines=tuple(map(line_of, lines_of(rma))),
        method=rma.method,
        place_ref=rma.place.ref if rma.place else "",
        pickup=dict(rma.pickup),
        carrier=rma.carrier,
        tracking_number=rma.tracking_number,
        note=rma.note,
        ship_to_ref=_sent_from(rma),
        parcels=rma.parcel_count,
    )


def _sent_from(rma: Return) -> str:
    """The place of the book that it is sent from; "" for where the goods had gone."""
    ref = str(rma.sender.get("ref") or "")
    return "" if ref == rma.ship_to_ref else ref


def line_of(line: ReturnLine) -> WishLine:
    ledger = line.returnable
    return WishLine(
        order=ledger.order.slug,
        line_ref=ledger.line_ref,
        thread=ledger.thread,
        quantity=f"{line.requested.normalize():f}",
        claim=line.claim,
        reason=line.reason.code if line.reason else "",
        condition=line.condition,
        text=line.text,
        serials=tuple(line.serials),
        lot=line.lot,
        outcome=line.outcome,
        exchange_sku=line.exchange_sku,
    )


def without_answers(line: WishLine) -> WishLine:
    """Only which item it is: what was said of it belongs to another kind of return."""
    return WishLine(line.order, line.line_ref, line.thread, line.quantity, text=line.text)
