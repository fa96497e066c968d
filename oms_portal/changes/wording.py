"""What is asked for, in plain words for e-mails: [(label, text)], in the active language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from oms_portal.orders.locales import day, money
from oms_portal.orders.moments import read

from .models import PickupPlace


# The members of ``ChangeRequest.requested`` as people call them.
LABELS: Mapping[str, str | Lazy] = {
    "address": gettext_lazy("Delivery address"),
    "contact": gettext_lazy("Contact"),
    "phone": gettext_lazy("Phone"),
    "instructions": gettext_lazy("Delivery instructions"),
    "requested": gettext_lazy("Delivery date"),
    "method": gettext_lazy("Way of delivery"),
    "pickup_ref": gettext_lazy("Pick-up place"),
    "cancel": gettext_lazy("Cancelled"),
}
METHODS: Mapping[str, str | Lazy] = {
    "parcel": pgettext_lazy("way of delivery", "Parcel"),
    "freight": pgettext_lazy("way of delivery", "Freight"),
    "pickup": pgettext_lazy("way of delivery", "Pick-up"),
}


def told(values: Mapping[str, Any], zone: tzinfo) -> list[tuple[str, str]]:
    """Of ``values`` (shaped as ``ChangeRequest.requested``) what a person wants to read; days are
    those at the place of ``zone``."""
    address = values.get("address") or {}
    texts = {
        "address": place(address),
        "contact": values.get("contact") or address.get("contact"),
        "phone": values.get("phone") or address.get("phone"),
        "instructions": values.get("instructions"),
        "requested": window(values.get("requested") or {}, zone),
        "method": method(values),
        "cancel": cancelled(values.get("cancel") or ()),
    }
    return [(str(LABELS[name]), str(text)) for name, text in texts.items() if text]


def place(address: Mapping[str, Any]) -> str:
    """On one line: "Nordwerk, Hafenstrasse 12, 20457 Hamburg, DE"."""
    town = " ".join(filter(None, (address.get("postal_code"), address.get("city"))))
    parts = (address.get("name"), *(address.get("lines") or ()), town, address.get("region"))
    return ", ".join(str(part) for part in (*parts, address.get("country")) if part)


def window(requested: Mapping[str, str], zone: tzinfo) -> str:
    days = [day(read(requested[name]), zone) for name in ("from", "to") if requested.get(name)]
    return " – ".join(dict.fromkeys(days))


def method(values: Mapping[str, Any]) -> str:
    ref = values.get("pickup_ref")
    at = PickupPlace.objects.filter(ref=ref).values_list("name", flat=True).first() if ref else None
    return ", ".join(filter(None, (str(METHODS.get(str(values.get("method")), "")), at)))


def fee(offer: Mapping[str, Any]) -> str:
    """What an offer costs extra; "" for nothing, or what nobody can read."""
    told = offer.get("fee")
    try:
        return money(Decimal(told["amount"]), told["currency"]) if told else ""
    except (TypeError, KeyError, ValueError, InvalidOperation):
        return ""


def cancelled(lines: Iterable[Mapping[str, str]]) -> str:
    return ", ".join(_counts(lines))


def _counts(lines: Iterable[Mapping[str, str]]) -> Iterator[str]:
    for line in lines:
        yield _("%(quantity)s of item %(item)s") % {
            "quantity": line["quantity"],
            "item": line.get("number") or line["line_ref"],
        }
