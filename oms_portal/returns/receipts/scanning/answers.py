"""What the desk is told of a scan: the same for the same scan, for ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from ..kinds import ScanKind, ScanResult


@dataclass(frozen=True)
class Answer:
    """``rma`` is the return it is about (``number`` its number), ``parcel`` the parcel's code, of
    which ``arrived_parcels`` of ``total_parcels`` are here. ``item`` is the article in words,
    ``line`` the ReturnLine.ref it counts on, ``serial`` the number that was read; ``counted`` and
    ``expected`` are decimals as text, "" where nothing was counted. Of what was scanned before
    ``by`` says who did it and ``when`` (RFC 3339). ``numbers`` are the returns that all fit.
    ``why`` says more of what was refused, a code: "outward" (on its way back to the customer),
    "below" (less than nothing, or more damaged than counted), "quantity" (no number), "line"
    (nothing to count it on), "nothing" (to undo)."""

    id: UUID
    kind: ScanKind
    result: ScanResult
    number: str = ""
    rma: int | None = None
    parcel: str = ""
    line: str = ""
    item: str = ""
    serial: str = ""
    counted: str = ""
    expected: str = ""
    by: str = ""
    when: str = ""
    numbers: tuple[str, ...] = ()
    total_parcels: int = 0
    arrived_parcels: int = 0
    why: str = ""

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self) | {
            "id": str(self.id),
            "kind": self.kind.value,
            "result": self.result.value,
            "numbers": list(self.numbers),
        }

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Answer:
        """Back from ``told``."""
        return cls(
            **{
                **told,
                "id": UUID(told["id"]),
                "kind": ScanKind(told["kind"]),
                "result": ScanResult(told["result"]),
                "numbers": tuple(told["numbers"]),
            }
        )
