"""What a label is drawn from: plain values, frozen with the label, and the brand's dress."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Item:
    sku: str
    description: str
    quantity: str
    unit: str = ""
    reason: str = ""
    # For customs (CN22, CN23): of all units together; value in ``LabelData.currency``.
    value: str = ""
    weight: str = ""
    hs_code: str = ""
    origin: str = ""
    # To put it away: how good it is, and what becomes of it.
    grade: str = ""
    goes_to: str = ""


@dataclass(frozen=True)
class LabelData:
    """``sender`` and ``receiver`` are addresses as on the wire; ``rma`` and ``parcel`` our codes
    with their check digits; ``link`` what the QR code opens. Days are "2026-11-21"."""

    template: str
    rma: str
    parcel: str
    sender: Mapping[str, Any]
    receiver: Mapping[str, Any]
    items: tuple[Item, ...] = ()
    order: str = ""
    link: str = ""
    sscc: str = ""
    carrier: str = ""
    tracking_number: str = ""
    service: str = ""
    point: Mapping[str, Any] = field(default_factory=dict)
    sequence: int = 1
    of: int = 1
    valid_until: str = ""
    issued_on: str = ""
    currency: str = ""
    notes: tuple[str, ...] = ()
    language: str = "en"
    # On its way back to the customer.
    outward: bool = False

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> LabelData:
        """Back from ``stored``."""
        items = tuple(Item(**item) for item in told.get("items", ()))
        return cls(**{**told, "items": items, "notes": tuple(told.get("notes", ()))})


@dataclass(frozen=True)
class Dress:
    """The site's brand on paper: ``logo`` is one bit a dot at 203 dpi, at most 400 x 120 dots
    (None: the name in bold); ``accent`` "#rrggbb" for A4 and Letter, thermal labels stay black."""

    name: str = ""
    logo: tuple[bytes, int, int] | None = None
    accent: str = "#000000"
    footer: str = ""
