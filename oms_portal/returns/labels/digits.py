"""Numbers that people read out and scanners misread, with the digit that tells.

The check digit is H. Michael Damm's (dissertation, Marburg 2004): it finds every wrong digit and
every two neighbours that changed places. It stands beside the bar code's own checksum because a
worn label can read as another, formally right bar code.
"""

from __future__ import annotations


# The quasigroup of order 10 of the dissertation: weak totally anti-symmetric, 0 on its diagonal.
_QUASIGROUP = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
_RMA, _PARCEL = 11, 13


def damm(digits: str) -> str:
    """The digit to put behind ``digits``."""
    state = 0
    for digit in _digits(digits):
        state = _QUASIGROUP[state][int(digit)]
    return str(state)


def rma_number(nine: str) -> str:
    """R, nine digits, check digit."""
    return f"R{_digits(nine, 9)}{damm(nine)}"


def parcel_code(nine: str, sequence: int) -> str:
    """R, the return's nine digits, the parcel's two, check digit. ``sequence`` is 1 to 99."""
    if not 1 <= sequence <= 99:
        raise ValueError(f"A return has parcels 1 to 99, not {sequence}.")
    body = f"{_digits(nine, 9)}{sequence:02d}"
    return f"R{body}{damm(body)}"


def is_valid(code: str) -> bool:
    """Whether ``code`` is a return's number or a parcel's code as this module makes them."""
    digits = code[1:]
    return (
        len(code) in (_RMA, _PARCEL)
        and code[0] == "R"
        and digits.isascii()
        and digits.isdecimal()
        and damm(digits) == "0"
    )


def is_parcels(code: str) -> bool:
    """Whether a valid ``code`` is a parcel's, not a return's."""
    return len(code) == _PARCEL


def rma_of(parcel_code: str) -> str:
    """The number of the return that a parcel belongs to. ValueError for what is no parcel's."""
    if len(parcel_code) != _PARCEL or not is_valid(parcel_code):
        raise ValueError(f"{parcel_code!r} is no parcel's code.")
    return rma_number(parcel_code[1:10])


def sscc(prefix: str, serial: int) -> str:
    """Serial Shipping Container Code, 18 digits (GS1 General Specifications, 3.2.1): extension
    digit, company ``prefix`` (4 to 12 digits), the rest of ``serial``, check digit (7.9.1)."""
    if not 4 <= len(_digits(prefix)) <= 12:
        raise ValueError("A GS1 company prefix has 4 to 12 digits.")
    room = 17 - len(prefix)
    if not 0 <= serial < 10**room:
        raise ValueError(f"Behind {prefix} there is room for {room} digits.")
    reference = f"{serial:0{room}d}"
    body = f"{reference[0]}{prefix}{reference[1:]}"
    return f"{body}{gs1_digit(body)}"


def gs1_digit(body: str) -> str:
    """The check digit of any GS1 number (7.9.1): its digits weigh 3 and 1, the last one 3."""
    weighted = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(body)))
    return str(-weighted % 10)


def _digits(text: str, length: int | None = None) -> str:
    if not (text.isascii() and text.isdecimal()) or (length and len(text) != length):
        raise ValueError(f"{text!r} is not {length or 'only'} digits.")
    return text
