"""The words for facts, scans, problems and reasons: plain sentences for customers.

Everything here is text, not HTML: what an ERP or a carrier told is put in as it is, and whoever
draws it escapes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from oms_portal.words.models import Kind
from oms_portal.words.queries import word

from .codes import is_code
from .detail import Happening, Problem
from .locales import day, isolated, listed, number
from .models import TrackingStatus
from .moments import read
from .tracking.phrases import DETAILS, PROBLEMS
from .wording import status_word


Data = Mapping[str, Any]

_REASONS: dict[str, str | Lazy] = {
    "backorder": _("Not enough in stock"),
    "on_hold": _("The order is on hold"),
    "carrier": _("Delayed on the way"),
    "correction": _("The order was corrected"),
}
_PAPERS: dict[str, str | Lazy] = {
    "confirmation": _("Order confirmation %(number)s is ready."),
    "delivery_note": _("Delivery note %(number)s is ready."),
    "packing_list": _("Packing list %(number)s is ready."),
    "invoice": _("Invoice %(number)s is ready."),
    "credit_note": _("Credit note %(number)s is ready."),
    "proof_of_delivery": _("Proof of delivery %(number)s is ready."),
}
# Translators: these stand in "The order was corrected: %(what)s.", several of them with commas.
_CORRECTIONS: dict[str, str | Lazy] = {
    "shipped_fell": _("fewer units were sent than we said"),
    "delivered_fell": _("fewer units were delivered than we said"),
    "line_removed": _("a line that had been sent was removed"),
    "shipment_removed": _("a delivery was taken back"),
    "company_changed": _("it now belongs to another customer account"),
}
_PLAIN: dict[str, str | Lazy] = {
    "on_hold": _("The order was put on hold."),
    "released": _("The order is no longer on hold."),
    "order_cancelled": _("The order was cancelled."),
}
_SHIPMENT: dict[str, str | Lazy] = {
    "shipment_delivered": _("Delivery %(shipment)s arrived."),
    "shipment_collected": _("Delivery %(shipment)s was collected."),
    "shipment_ready": _("Delivery %(shipment)s is ready for pick-up."),
    "shipment_returned": _("Delivery %(shipment)s came back to us."),
    "shipment_cancelled": _("Delivery %(shipment)s was cancelled."),
    "shipment_replaced": _("Delivery %(replaced)s goes on as %(shipment)s."),
}
_LINES: dict[str, str | Lazy] = {
    "confirmed": _("Confirmed: %(lines)s."),
    "backordered": _("Not in stock for now: %(lines)s."),
    "backorder_filled": _("In stock again: %(lines)s."),
    "quantity_shipped": _("Sent: %(lines)s."),
    "quantity_delivered": _("Delivered: %(lines)s."),
    "returned": _("Returned: %(lines)s."),
    "cancelled": _("Cancelled: %(lines)s."),
    "lines_added": _("Added to the order: %(lines)s."),
    "quantity_changed": _("Quantity changed: %(lines)s."),
}


def happening(event: Happening, zone: tzinfo) -> str:
    """What happened, as one sentence in the active language; days are those of ``zone``."""
    data = event.data
    if event.kind in _PLAIN:
        return str(_PLAIN[event.kind])
    if event.kind in _SHIPMENT:
        return str(_SHIPMENT[event.kind]) % _said(data)
    if event.kind in _LINES:
        return str(_LINES[event.kind]) % {"lines": _quantities(data["lines"])}
    say = _SAY.get(event.kind)
    return say(data, zone) if say else gettext("The order was updated.")


def tracking(status: str, detail: str, raw: str = "") -> str:
    """A scan's word with its detail: "Problem on the way: held by customs"; ``raw`` is the
    carrier's own code."""
    word = status_word(TrackingStatus(status), raw)
    if detail not in DETAILS:
        return word
    # Translators: of a parcel: "Problem on the way: held by the carrier".
    return gettext("%(word)s: %(detail)s") % {"word": word, "detail": DETAILS[detail]}


def reason(told: str) -> str:
    """Why a promise moved: the words of a code, or the seller's own as told; "" where it is a code
    that nobody gave words to."""
    default = _REASONS.get(told, "" if is_code(told) else told)
    return word(Kind.REASON, told, default)


def problem(found: Problem) -> tuple[str, str, str]:
    """What is wrong (of which delivery), why, and what happens next and who does it."""
    why, after = PROBLEMS.get(found.reason, PROBLEMS["exception"])
    number = {"shipment": isolated(found.shipment)}
    title = gettext("Delivery %(shipment)s needs attention") % number
    return title, str(why), str(after)


def _placed(data: Data, zone: tzinfo) -> str:
    if data.get("by"):
        return gettext("%(who)s placed the order.") % {"who": isolated(data["by"])}
    return gettext("The order was placed.")


def _dispatched(data: Data, zone: tzinfo) -> str:
    if data.get("carrier"):
        return gettext("Delivery %(shipment)s left with %(carrier)s.") % _said(data)
    return gettext("Delivery %(shipment)s is on its way.") % _said(data)


def _address(data: Data, zone: tzinfo) -> str:
    place = listed(isolated(part) for part in (data.get("name"), data.get("city")) if part)
    return gettext("The delivery address is now %(place)s.") % {"place": place}


def _paper(data: Data, zone: tzinfo) -> str:
    words = _PAPERS.get(data["kind"], _("Document %(number)s is ready."))
    return str(words) % {"number": isolated(data["number"])}


def _promise(data: Data, zone: tzinfo) -> str:
    said = {
        "lines": _numbers(data["lines"]),
        "before": day(read(data["from"]), zone),
        "after": day(read(data["to"]), zone),
    }
    words = gettext("New date for %(lines)s: %(after)s instead of %(before)s.") % said
    why = reason(data.get("reason") or "").rstrip(".")
    return f"{words} {why}." if why else words


def _correction(data: Data, zone: tzinfo) -> str:
    told = [str(words) for what, words in _CORRECTIONS.items() if what in data["what"]]
    return gettext("The order was corrected: %(what)s.") % {"what": listed(told)}


def _scan(data: Data, zone: tzinfo) -> str:
    words = tracking(data["status"], data["detail"], data.get("raw_code", ""))
    said = {"number": isolated(data["number"]), "words": words, "place": isolated(data["place"])}
    if data["place"]:
        return gettext("Parcel %(number)s: %(words)s, %(place)s.") % said
    return gettext("Parcel %(number)s: %(words)s.") % said


def _numbers(numbers: Sequence[str]) -> str:
    if len(numbers) > 4:
        return ngettext("%(n)s line", "%(n)s lines", len(numbers)) % {"n": len(numbers)}
    said = {"numbers": listed(map(isolated, numbers))}
    return ngettext("line %(numbers)s", "lines %(numbers)s", len(numbers)) % said


def _quantities(lines: Sequence[Mapping[str, str]]) -> str:
    if len(lines) > 4:
        return _numbers([line["line"] for line in lines])
    return listed(
        gettext("%(quantity)s of line %(line)s")
        % {"quantity": number(Decimal(line["quantity"])), "line": isolated(line["line"])}
        for line in lines
    )


def _said(data: Data) -> dict[str, Any]:
    """The texts among the data, for a sentence."""
    return {name: isolated(value) for name, value in data.items() if isinstance(value, str)}


_SAY: dict[str, Callable[[Data, tzinfo], str]] = {
    "placed": _placed,
    "shipment_dispatched": _dispatched,
    "address_changed": _address,
    "document_added": _paper,
    "promise_moved": _promise,
    "correction": _correction,
    "scan": _scan,
}
