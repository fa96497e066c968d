"""Phone numbers, by what phonenumbers knows of each country."""

from __future__ import annotations

from unicodedata import category

import phonenumbers
from django.utils.translation import gettext
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from oms_portal.orders.locales import isolated


# As many as the wire takes; what people type between the digits comes on top.
PHONE, _TYPED = 50, 100


def check_phone(text: object, country: str) -> tuple[str, str]:
    """The number and an error in words, one of them empty; no number is no error.

    A number without a country code is one of ``country`` (ISO 3166-1 alpha-2). It comes out in
    ITU-T E.123 international notation with its extension ("+49 40 1234512 ext. 7"): E.164 alone
    knows no extensions, and a driver who calls needs them.
    """
    if not isinstance(text, str):
        return "", "" if text is None else _error(country)
    # Address books wrap numbers in marks of direction. Only digits are read, so none gets through.
    typed = "".join(char for char in text if category(char) != "Cf").strip()
    if not typed:
        return "", ""
    number = _read(typed, country) if len(typed) <= _TYPED else None
    if number is None:
        return "", _error(country)
    written = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    return (written, "") if len(written) <= PHONE else ("", _error(country))


def _read(typed: str, country: str) -> PhoneNumber | None:
    if any(category(char) in ("Cc", "Zl", "Zp") and char != "\t" for char in typed):
        return None
    try:
        number = phonenumbers.parse(typed, country or None)
    except NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _error(country: str) -> str:
    example = phonenumbers.example_number(country) if country else None
    if example is None:
        return gettext("This is not a phone number. Please begin it with + and the country code.")
    return gettext("This is not a phone number. One looks like %(example)s.") % {
        "example": isolated(phonenumbers.format_number(example, PhoneNumberFormat.INTERNATIONAL))
    }
