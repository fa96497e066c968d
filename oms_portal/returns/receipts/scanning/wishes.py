"""What somebody at the returns desk did: a scan, or a key pressed instead of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID


Verb = Literal["scan", "add", "damaged", "wrong", "unexpected", "undo", "parcel_damaged", "let_in"]


@dataclass(frozen=True)
class ScanWish:
    """``id`` is the browser's own: the same one again changes nothing. ``at`` is by its clock,
    ``sequence`` grows within ``tab``; ``rma`` is the return on the screen, where one is.

    ``verb`` "scan" reads ``text``. The others are by hand: "add" counts ``quantity`` (a decimal as
    text, below zero too) on ``line`` (ReturnLine.ref), or with ``sku`` and ``description`` on what
    was found beside the lines; "damaged" says it of so many that are counted already; "wrong" came
    in place of ``line``, "unexpected" nobody announced; "undo" takes back what the tab counted
    last; "parcel_damaged" is of the parcel whose code is ``text``; "let_in" counts from now on what
    came of a return that is over. ``parcel_damaged`` says so together with a parcel's scan.
    """

    id: UUID
    text: str = ""
    verb: Verb = "scan"
    rma: int | None = None
    line: str = ""
    quantity: str = "1"
    sku: str = ""
    description: str = ""
    parcel_damaged: bool = False
    station: str = ""
    tab: str = ""
    sequence: int = 0
    at: datetime = datetime.min
