"""An order line in words: what became of its units, and its dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from decimal import Decimal

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oms_portal.orders import messages
from oms_portal.orders.detail import Entry, LineDetail, Placed
from oms_portal.orders.locales import isolated, listed, money
from oms_portal.orders.promises import Term
from oms_portal.orders.rollup import Counters

from . import shown_order as shown
from .formats import (
    NOTHING,
    day_stamp,
    lateness,
    quantity,
    relative,
    span,
    time_tag,
)


# So many serial numbers are told of one line; the packing list has all.
SERIALS = 10


def show_line(placed: Placed, id: str, currency: str, now: datetime, zone: tzinfo) -> shown.Line:
    """``id`` is its name within the page, "" where it has none."""
    line = placed.line
    product = line.kind == "product"
    kind = line.promise.kind if line.promise else ""
    is_open = product and line.counters.open > 0
    return shown.Line(
        id=id,
        number=line.number,
        kind=line.kind,
        sku=line.sku,
        description=line.description,
        ordered=quantity(line.counters.ordered, line.unit),
        share=_share_of(placed),
        price="" if line.unit_price is None else money(line.unit_price, currency, exact=True),
        amount="" if line.amount is None else money(line.amount, currency),
        parts=_parts(line.counters, line.unit) if product else (),
        requested=_when(_of_kind(line, "requested"), line.unit, zone),
        confirmed=_when(_of_kind(line, kind), line.unit, zone),
        confirmed_label=_kind(kind or "confirmed"),
        near=relative(line.promise.last, zone, now) if is_open and line.promise else NOTHING,
        lateness=_moved(line, zone),
        reason=messages.reason(line.reason) if line.reason else "",
        promises=_ledger(line.ledger, zone) if len(line.ledger) > 1 else (),
        serials=_serials(line),
        contradictory=bool(line.counters.contradictions),
    )


def _share_of(placed: Placed) -> str:
    if placed.quantity is None:
        return ""
    words = {"quantity": quantity(placed.quantity, placed.line.unit)}
    if placed.shipment is None:
        return _("%(quantity)s still to be planned") % words
    return _("%(quantity)s in this delivery") % words


def _parts(units: Counters, unit: str) -> list[shown.Part]:
    """The line's units, each counted once, from delivered to cancelled."""
    unshipped = units.wanted - units.shipped
    preparing = min(units.allocated, unshipped)
    backordered = min(units.backordered, unshipped - preparing)
    waiting = unshipped - preparing - backordered
    confirmed = waiting > 0 and units.confirmed >= units.wanted
    pieces = [
        (units.delivered, _("%(quantity)s delivered"), "ok"),
        (units.shipped - units.delivered, _("%(quantity)s on the way"), "busy"),
        (preparing, _("%(quantity)s being prepared"), "wait"),
        (backordered, _("%(quantity)s waiting for stock"), "warn"),
        (waiting, _("%(quantity)s confirmed") if confirmed else _("%(quantity)s open"), "off"),
        (units.cancelled, _("%(quantity)s cancelled"), "off"),
    ]
    parts: list[shown.Part] = []
    done = Decimal(0)
    for value, words, tone in pieces:
        if value > 0:
            start, end = _share(done, units.ordered), _share(done + value, units.ordered)
            words = words % {"quantity": quantity(value, unit)}
            parts.append(shown.Part(words, tone, start, end - start))
        done += value
    if units.returned > 0:
        words = _("%(quantity)s returned") % {"quantity": quantity(units.returned, unit)}
        parts.append(shown.Part(words, "off", 0, 0))
    return parts


def _share(part: Decimal, whole: Decimal) -> int:
    return max(0, min(100, round(part * 100 / whole))) if whole > 0 else 0


def _of_kind(line: LineDetail, kind: str) -> list[Term]:
    return [term for term in line.terms if term.kind == kind]


def _when(terms: Sequence[Term], unit: str, zone: tzinfo) -> SafeString:
    """The dates of these terms; where they split the quantity, each with its part."""
    if len(terms) == 1:
        return time_tag(terms[0].starts, terms[0].ends, zone)
    rows = [
        (
            _("%(quantity)s: %(date)s")
            % {
                "quantity": quantity(term.quantity, unit),
                "date": span(term.starts, term.ends, zone),
            },
        )
        if term.quantity is not None
        else (span(term.starts, term.ends, zone),)
        for term in terms
    ]
    return format_html_join(SafeString("<br>"), "{}", rows) if rows else NOTHING


def _kind(kind: str) -> str:
    return _("Confirmed") if kind == "confirmed" else _("Expected")


def _moved(line: LineDetail, zone: tzinfo) -> str:
    if line.first is None or not line.days_late:
        return ""
    said = {
        "days": abs(line.days_late),
        "date": span(line.first.starts, line.first.ends, zone),
    }
    if line.days_late < 0:
        return (
            ngettext(
                "%(days)s day earlier than first promised, which was %(date)s.",
                "%(days)s days earlier than first promised, which was %(date)s.",
                -line.days_late,
            )
            % said
        )
    return (
        ngettext(
            "%(days)s day later than first promised, which was %(date)s.",
            "%(days)s days later than first promised, which was %(date)s.",
            line.days_late,
        )
        % said
    )


def _ledger(entries: Sequence[Entry], zone: tzinfo) -> list[shown.Promised]:
    return [
        shown.Promised(
            made=day_stamp(entry.made_at, zone),
            date=time_tag(entry.starts, entry.ends, zone),
            kind=_kind(entry.kind),
            moved=lateness(entry.days_late),
            reason=messages.reason(entry.reason) if entry.reason else "",
        )
        for entry in entries
    ]


def _serials(line: LineDetail) -> str:
    if line.serials:
        return serial_numbers(line.serials)
    return _("Lot %(lot)s") % {"lot": isolated(line.lot)} if line.lot else ""


def serial_numbers(serials: Sequence[str]) -> str:
    words = {"numbers": listed(map(isolated, serials[:SERIALS])), "more": len(serials) - SERIALS}
    if len(serials) > SERIALS:
        return _("Serial numbers: %(numbers)s and %(more)s more") % words
    return _("Serial numbers: %(numbers)s") % words
