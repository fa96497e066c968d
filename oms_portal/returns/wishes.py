"""What somebody wants to send back, as a form says it: the one way into ``actions.save_draft``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from .kinds import Kind


@dataclass(frozen=True)
class WishLine:
    """Some units of one delivered line. ``order`` is the order's slug, ``thread`` the delivery's;
    the three names together stand once in a wish. All else may still be missing while it is a
    draft. ``quantity`` is a decimal as text ("2", "0.5"), ``reason`` the code of a ReturnReason;
    ``claim``, ``condition`` and ``outcome`` are values of ``kinds``."""

    order: str
    line_ref: str
    thread: str
    quantity: str
    claim: str = ""
    reason: str = ""
    condition: str = ""
    text: str = ""
    serials: tuple[str, ...] = ()
    lot: str = ""
    outcome: str = ""
    exchange_sku: str = ""

    @property
    def place(self) -> tuple[str, str, str]:
        return self.order, self.line_ref, self.thread


@dataclass(frozen=True)
class Wish:
    """``kind`` and ``method`` are values of ``kinds``, ``method`` "" while nobody chose.

    ``place_ref`` is a ReturnPlace (a branch, a parcel shop); ``pickup`` {"on": "2026-11-21",
    "from": "08:00", "to": "12:00", "contact", "phone"}; ``ship_to_ref`` a place of the company's
    book it is sent from, "" for where the first order went.
    """

    kind: str = Kind.RETURN
    lines: tuple[WishLine, ...] = ()
    method: str = ""
    place_ref: str = ""
    pickup: Mapping[str, str] = field(default_factory=dict)
    carrier: str = ""
    tracking_number: str = ""
    note: str = ""
    ship_to_ref: str = ""
    # How many parcels it is packed into: as many labels.
    parcels: int = 1

    @property
    def digest(self) -> str:
        """SHA-256 of all it says: the same form key with another one is another form."""
        return digest_of(asdict(self))


def digest_of(told: object) -> str:
    text = json.dumps(told, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
