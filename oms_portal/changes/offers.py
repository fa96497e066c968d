"""Other offers: what of an ERP's or an agent's counter is sound enough to be shown and accepted.

What a customer accepts must be what is offered: one member that can't be read spoils the offer,
and people look at it instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from unicodedata import category

from django.utils import timezone

from oms_portal.orders.moments import day_of, write

from .addresses import check, clean_line, clean_text
from .reading import METHODS
from .windows import read_window


LONGEST_TEXT, LONGEST_REFERENCE = 1000, 200
# Members of an offer that take the place of those asked for.
VALUES = ("requested", "address", "method", "pickup_ref", "contact", "phone", "instructions")
_DEAREST = Decimal(10) ** 8


def clean(counter: Any, by: str) -> dict[str, Any] | None:
    """The offer as ``ChangeRequest.counter`` keeps it, ``by`` "erp" or "staff"; None where nothing
    is offered or something can't be read. Members that nobody knows are dropped."""
    if not isinstance(counter, Mapping):
        return None
    found: dict[str, Any] = {"by": by}
    try:
        for name, read in _READERS.items():
            if counter.get(name) not in (None, "", {}):
                found[name] = read(counter[name])
    except (ValueError, InvalidOperation):
        return None
    if not found.keys() & {"fee", *VALUES}:
        return None
    for name, longest in (("text", LONGEST_TEXT), ("reference", LONGEST_REFERENCE)):
        if text := _plain(counter.get(name), longest):
            found[name] = text
    return found


def merged(requested: Mapping[str, Any], counter: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked for, with the values that are offered instead."""
    instead = {name: counter[name] for name in VALUES if name in counter}
    kept = {
        name: value
        for name, value in requested.items()
        if not (name == "ship_to_ref" and "address" in instead)
        and not (name == "pickup_ref" and "method" in instead)
    }
    return {**kept, **instead}


def terms(counter: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the ERP is told of the offer that is accepted, beside its values."""
    told = counter or {}
    names = {"reference": "accepts", "fee": "fee"}
    return {name: told[own] for own, name in names.items() if own in told}


def _fee(told: Any) -> dict[str, str]:
    if not isinstance(told, Mapping):
        raise ValueError("no fee")
    amount, currency = told.get("amount"), told.get("currency")
    if not isinstance(amount, str) or len(amount) > 20 or not isinstance(currency, str):
        raise ValueError("no fee")
    value = Decimal(amount)
    if not value.is_finite() or not 0 <= value < _DEAREST or not re.fullmatch("[A-Z]{3}", currency):
        raise ValueError("no fee")
    return {"amount": f"{value:f}", "currency": currency}


def _window(told: Any) -> dict[str, str]:
    """Of a day that is over nobody can make anything; somewhere it is still yesterday."""
    ends = read_window(told)
    last = day_of(ends.get("to", ends["from"]), UTC)
    if last < timezone.now().date() - timedelta(days=1):
        raise ValueError("over")
    return {name: write(moment) for name, moment in ends.items()}


def _address(told: Any) -> dict[str, Any]:
    checked = check(told) if isinstance(told, Mapping) else None
    if checked is None or checked.errors:
        raise ValueError("no address")
    return dict(checked.address)


def _method(told: Any) -> str:
    if told not in METHODS:
        raise ValueError("no method")
    return str(told)


def _line(told: Any) -> str:
    if not isinstance(told, str):
        raise ValueError("no text")
    return clean_line(told, 200)


def _text(told: Any) -> str:
    if not isinstance(told, str):
        raise ValueError("no text")
    return clean_text(told, LONGEST_TEXT)


def _plain(told: Any, longest: int) -> str:
    """Text without what nobody can see; line breaks stay."""
    if not isinstance(told, str):
        return ""
    kept = (c for c in told[: 4 * longest] if c == "\n" or category(c)[0] != "C")
    return "".join(kept).strip()[:longest]


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "fee": _fee,
    "requested": _window,
    "address": _address,
    "method": _method,
    "pickup_ref": _line,
    "contact": _line,
    "phone": _line,
    "instructions": _text,
}
