"""What is asked for, in plain words for e-mails: [(label, text)], in the active language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import tzinfo
from typing import Any

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from oms_portal.orders.locales import day
from oms_portal.orders.moments import read

from .models import PickupPlace


METHODS: Mapping[str, str | Lazy] = {
    "parcel": pgettext_lazy("way of delivery", "Parcel"),
    "freight": pgettext_lazy("way of delivery", "Freight"),
    "pickup": pgettext_lazy("way of delivery", "Pick-up"),
}


def told(values: Mapping[str, Any], zone: tzinfo) -> list[tuple[str, str]]:
    """Of ``values`` (shaped as ``ChangeRequest.requested``) what a person wants to read; days are
    those at the place of ``zone``."""
    rows = (
        (_("Delivery address"), place(values.get("address") or {})),
        (_("Contact"), values.get("contact") or (values.get("address") or {}).get("contact")),
        (_("Phone"), values.get("phone") or (values.get("address") or {}).get("phone")),
        (_("Delivery instructions"), values.get("instructions")),
        (_("Delivery date"), window(values.get("requested") or {}, zone)),
        (_("Way of delivery"), method(values)),
        (_("Cancelled"), cancelled(values.get("cancel") or ())),
    )
    return [(label, str(text)) for label, text in rows if text]


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


def cancelled(lines: Iterable[Mapping[str, str]]) -> str:
    return ", ".join(_counts(lines))


def _counts(lines: Iterable[Mapping[str, str]]) -> Iterator[str]:
    for line in lines:
        yield _("%(quantity)s of item %(item)s") % {
            "quantity": line["quantity"],
            "item": line.get("number") or line["line_ref"],
        }
