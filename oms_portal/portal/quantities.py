"""Quantities as people type them."""

from __future__ import annotations

import re
from decimal import Decimal

from babel.numbers import NumberFormatError, parse_decimal

from oms_portal.orders.locales import locale


# Longer than any quantity; and what Python reads as a part of a number, but nobody else does.
_DIGITS = 40
_NO_QUANTITY = re.compile(r"[^\W\d]|_")
# So many decimals a quantity has.
_PLACES = 6


def read_quantity(text: str) -> Decimal:
    """A quantity as people of the active language write it, above 0. ValueError."""
    if len(text) > _DIGITS or _NO_QUANTITY.search(text):
        raise ValueError("no quantity")
    try:
        count = Decimal(parse_decimal(text, locale=locale(), strict=True))
    except NumberFormatError as error:
        raise ValueError("no quantity") from error
    exponent = count.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -_PLACES or count <= 0:
        raise ValueError("no quantity")
    return count
