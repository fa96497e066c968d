"""What a return is found by when somebody calls: the end of a phone number. Pure."""

from __future__ import annotations

from unicodedata import decimal


# Behind country and trunk codes, which people leave out or write in several ways (ITU-T E.123).
_KEPT, _FEWEST = 9, 6


def phone_digits(*numbers: object) -> str:
    """The last nine digits of the first of these that is a phone number, "" where none is."""
    for number in numbers:
        # An extension is no part of what people know.
        text = str(number or "").casefold().partition("ext")[0]
        found = "".join(str(decimal(char)) for char in text if char.isdecimal())
        if len(found) >= _FEWEST:
            return found[-_KEPT:]
    return ""
