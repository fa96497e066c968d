"""How many of something: what a person may enter for goods counted or measured in a unit."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from .refusals import Refused


def _codes(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# UN/ECE Recommendation 20: what is measured, and counts of many, can be had in parts.
MEASURES = _codes("""
    MGM GRM KGM TNE LBR ONZ MMT CMT MTR LM KMT INH FOT YRD CMK MTK FTK CMQ DMQ MTQ FTQ MLT
    LTR HLT GLL SEC MIN HUR DAY WEE MON ANN KWH MWH DZN CEN GRO MIL
""")
# What comes in pieces or packages (Recommendation 21: an X before it) comes whole.
PIECES = _codes("""
    C62 H87 NAR EA PCE PR NPR SET KT BX NRL RO BG PF CT NMP PK DR ST CS TU
""")
_DIGITS, _DECIMALS = 13, 6


def is_whole(unit: str, delivered: Decimal) -> bool:
    """Whether only whole numbers make sense. Of a unit nobody knows: as it was delivered."""
    code = unit.strip().upper()
    if code in MEASURES:
        return False
    known = code in PIECES or (len(code) == 3 and code.startswith("X"))
    return known or delivered == delivered.to_integral_value()


def read(text: object, unit: str, delivered: Decimal) -> Decimal:
    """The quantity somebody entered, > 0. Refused "quantity", "whole" or "too_fine"."""
    if not isinstance(text, str) or len(text) > 2 * _DIGITS or not text.isascii():
        raise Refused("quantity")
    try:
        count = Decimal(text.strip())
    except InvalidOperation:
        raise Refused("quantity") from None
    if not count.is_finite() or count <= 0 or count.adjusted() >= _DIGITS:
        raise Refused("quantity")
    if count != round(count, _DECIMALS):
        raise Refused("too_fine")
    if is_whole(unit, delivered) and count != count.to_integral_value():
        raise Refused("whole")
    return Decimal(f"{count.normalize():f}")
