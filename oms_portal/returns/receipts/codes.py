"""What a scanner, or somebody's fingers, may have meant by a text. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .kinds import ScanKind


@dataclass(frozen=True)
class Reading:
    """``value`` is the code itself: a return's number, a parcel's code, an SSCC, a GTIN of 14
    digits, a serial number, else the text. ``why`` it is none: "digit", its check digit is wrong;
    "foreign", it is another site's."""

    text: str
    kind: ScanKind
    value: str
    gtin: str = ""
    serial: str = ""
    lot: str = ""
    why: Literal["", "digit", "foreign"] = ""


def readings(text: str) -> tuple[Reading, ...]:
    """What ``text`` can be, the likeliest first."""
    return (Reading(text, ScanKind.UNKNOWN, text.strip()),)
