"""Entries of the feed in words: one sentence each, a shape and a tone, and what adds to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from django.utils.functional import Promise as Lazy
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from oms_portal.orders import messages
from oms_portal.orders.detail import Happening, Problem
from oms_portal.orders.feed import Entry
from oms_portal.orders.locales import isolated
from oms_portal.orders.moments import day_of, read
from oms_portal.orders.updates import News

from .formats import moment
from .returning.feed import SaidOfReturn
from .shown import Chip


_LOOKS = {
    News.CONFIRMED: ("check", "busy"),
    News.LATER: ("clock", "warn"),
    News.EARLIER: ("clock", "ok"),
    News.DISPATCHED: ("arrow", "busy"),
    News.OUT_FOR_DELIVERY: ("arrow", "busy"),
    News.ATTEMPT_FAILED: ("alert", "warn"),
    News.PROBLEM: ("alert", "bad"),
    News.READY: ("box", "busy"),
    News.DELIVERED: ("check", "ok"),
    News.COLLECTED: ("check", "ok"),
    News.RETURNED: ("back", "bad"),
    News.CANCELLED: ("cross", "off"),
    News.ON_HOLD: ("pause", "warn"),
    News.RELEASED: ("dot", "busy"),
}
_ORDER: dict[News, str | Lazy] = {
    News.CONFIRMED: _("Order %(order)s is confirmed."),
    News.ON_HOLD: _("Order %(order)s was put on hold."),
    News.RELEASED: _("Order %(order)s is no longer on hold."),
    News.CANCELLED: _("Order %(order)s was cancelled."),
}
_GOODS: dict[News, str | Lazy] = {
    News.DISPATCHED: _("Goods of order %(order)s are on their way."),
    News.DELIVERED: _("Goods of order %(order)s arrived."),
    News.CANCELLED: _("A part of order %(order)s was cancelled."),
}
_DELIVERY: dict[News, str | Lazy] = {
    News.DISPATCHED: _("Delivery %(shipment)s of order %(order)s is on its way."),
    News.READY: _("Delivery %(shipment)s of order %(order)s is ready for pick-up."),
    News.DELIVERED: _("Delivery %(shipment)s of order %(order)s arrived."),
    News.COLLECTED: _("Delivery %(shipment)s of order %(order)s was collected."),
    News.RETURNED: _("Delivery %(shipment)s of order %(order)s came back to us."),
    News.CANCELLED: _("Delivery %(shipment)s of order %(order)s was cancelled."),
}
_DELIVERIES: dict[News, Any] = {
    News.DISPATCHED: ngettext_lazy(
        "%(n)s delivery of order %(order)s is on its way.",
        "%(n)s deliveries of order %(order)s are on their way.",
        "n",
    ),
    News.READY: ngettext_lazy(
        "%(n)s delivery of order %(order)s is ready for pick-up.",
        "%(n)s deliveries of order %(order)s are ready for pick-up.",
        "n",
    ),
    News.DELIVERED: ngettext_lazy(
        "%(n)s delivery of order %(order)s arrived.",
        "%(n)s deliveries of order %(order)s arrived.",
        "n",
    ),
    News.COLLECTED: ngettext_lazy(
        "%(n)s delivery of order %(order)s was collected.",
        "%(n)s deliveries of order %(order)s were collected.",
        "n",
    ),
    News.RETURNED: ngettext_lazy(
        "%(n)s delivery of order %(order)s came back to us.",
        "%(n)s deliveries of order %(order)s came back to us.",
        "n",
    ),
    News.CANCELLED: ngettext_lazy(
        "%(n)s delivery of order %(order)s was cancelled.",
        "%(n)s deliveries of order %(order)s were cancelled.",
        "n",
    ),
}
_PARCELS: dict[News, Any] = {
    News.OUT_FOR_DELIVERY: ngettext_lazy(
        "%(n)s parcel of order %(order)s is out for delivery.",
        "%(n)s parcels of order %(order)s are out for delivery.",
        "n",
    ),
    News.ATTEMPT_FAILED: ngettext_lazy(
        "%(n)s parcel of order %(order)s could not be delivered.",
        "%(n)s parcels of order %(order)s could not be delivered.",
        "n",
    ),
    News.PROBLEM: ngettext_lazy(
        "There is a problem with %(n)s parcel of order %(order)s.",
        "There is a problem with %(n)s parcels of order %(order)s.",
        "n",
    ),
    News.READY: ngettext_lazy(
        "%(n)s parcel of order %(order)s waits at the pick-up point.",
        "%(n)s parcels of order %(order)s wait at the pick-up point.",
        "n",
    ),
    News.DELIVERED: ngettext_lazy(
        "%(n)s parcel of order %(order)s arrived.",
        "%(n)s parcels of order %(order)s arrived.",
        "n",
    ),
    News.RETURNED: ngettext_lazy(
        "%(n)s parcel of order %(order)s came back to us.",
        "%(n)s parcels of order %(order)s came back to us.",
        "n",
    ),
}
_LATER = ngettext_lazy(
    "A date of order %(order)s is %(n)s day later: %(after)s.",
    "A date of order %(order)s is %(n)s days later: %(after)s.",
    "n",
)
_EARLIER = ngettext_lazy(
    "A date of order %(order)s is %(n)s day earlier: %(after)s.",
    "A date of order %(order)s is %(n)s days earlier: %(after)s.",
    "n",
)
_SAME_DAY: str | Lazy = _("A date of order %(order)s moved to %(after)s.")


@dataclass(frozen=True)
class Said:
    """A sentence with what it names, told as text or with a link to the order."""

    words: Any
    values: Mapping[str, Any]

    @property
    def text(self) -> str:
        values = {
            name: isolated(value) if isinstance(value, str) else value
            for name, value in self.values.items()
        }
        return str(self.words % values)

    def linked(self, url: str) -> SafeString:
        values = {
            name: value if isinstance(value, int) else conditional_escape(isolated(value))
            for name, value in self.values.items()
        }
        link = format_html(
            '<bdi><a class="oms-link" href="{}">{}</a></bdi>', url, self.values["order"]
        )
        return mark_safe(str(self.words % {**values, "order": link}))


def look(entry: Entry) -> Chip:
    if entry.kind == News.RETURN:
        return SaidOfReturn(entry.parts[0]).look
    return Chip(str(entry.kind.label), *_LOOKS[entry.kind])


def linked(entry: Entry, zone: tzinfo) -> SafeString:
    """What moved, in a sentence that leads to it."""
    said = say(entry, zone)
    if isinstance(said, SaidOfReturn):
        return said.link
    return said.linked(entry.order.get_absolute_url())


def say(entry: Entry, zone: tzinfo) -> Said | SaidOfReturn:
    """What moved, as one sentence in the active language; days are those of ``zone``."""
    if entry.kind == News.RETURN:
        return SaidOfReturn(entry.parts[0])
    order = entry.order.number
    if entry.kind in (News.LATER, News.EARLIER):
        return _moved(entry, zone)
    facts = [part for part in entry.parts if "fact" in part]
    deliveries = [part for part in facts if part.get("shipment")]
    parcels = [part for part in entry.parts if part.get("number")]
    if len(deliveries) == 1 and entry.kind in _DELIVERY:
        values = {"order": order, "shipment": deliveries[0]["shipment"]}
        return Said(_DELIVERY[entry.kind], values)
    if deliveries and entry.kind in _DELIVERIES:
        return Said(_DELIVERIES[entry.kind], {"order": order, "n": len(deliveries)})
    if parcels and entry.kind in _PARCELS:
        return Said(_PARCELS[entry.kind], {"order": order, "n": len(parcels)})
    whole = any(part["fact"] == "order_cancelled" for part in facts)
    plain = _GOODS if entry.kind in _GOODS and not whole else _ORDER
    return Said(plain[entry.kind], {"order": order})


def more(entry: Entry, zone: tzinfo) -> str:
    """What adds to the sentence, "" for nothing: why, what happens next, where, with whom."""
    part = entry.parts[0]
    if entry.kind == News.RETURN:
        return SaidOfReturn(part).more
    if entry.kind in (News.LATER, News.EARLIER):
        return _instead(_farthest(entry.parts, zone)[1], zone)
    if entry.kind in (News.ATTEMPT_FAILED, News.PROBLEM, News.RETURNED) and part.get("number"):
        reason = part["detail"] or part["status"]
        return " ".join(messages.problem(Problem(reason, ""))[1:])
    if part.get("carrier") and entry.kind == News.DISPATCHED:
        return gettext("With %(carrier)s.") % {"carrier": isolated(part["carrier"])}
    if part.get("place"):
        return gettext("Last scan: %(place)s.") % {"place": isolated(part["place"])}
    if part.get("lines") and len(entry.parts) == 1 and not part.get("shipment"):
        return messages.happening(Happening(part["fact"], entry.at, "", part), zone)
    return ""


def _moved(entry: Entry, zone: tzinfo) -> Said:
    days, part = _farthest(entry.parts, zone)
    values = {"order": entry.order.number, "after": moment(read(part["to"]), zone)}
    if not days:
        return Said(_SAME_DAY, values)
    words = _LATER if entry.kind == News.LATER else _EARLIER
    return Said(words, {**values, "n": abs(days)})


def _farthest(parts: Sequence[Mapping[str, Any]], zone: tzinfo) -> tuple[int, Mapping[str, Any]]:
    """The date that moved most, and by how many days."""

    def days(part: Mapping[str, Any]) -> int:
        return (day_of(read(part["to"]), zone) - day_of(read(part["from"]), zone)).days

    part = max(parts, key=lambda each: abs(days(each)))
    return days(part), part


def _instead(part: Mapping[str, Any], zone: tzinfo) -> str:
    words = gettext("It was promised for %(before)s.") % {
        "before": moment(read(part["from"]), zone)
    }
    why = messages.reason(part.get("reason") or "").rstrip(".")
    return f"{words} {why}." if why else words
