"""A carrier that misbehaves to order, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from oms_portal.returns.carriers.contract import File, Made, NotNow, Point, Shipping


class Fake:
    """``made`` holds its labels by key, as a real one does: the same key gives the same label.
    ``faults`` are raised, one a call, after a label was made; ``during`` is called in the middle."""

    slug = "fake"
    name = "Fake Parcels"
    methods = frozenset({"parcel_shop", "pickup"})
    # Shared by all adapters of a test; ``reset`` empties it.
    made: dict[str, Made] = {}
    asked: list[str] = []
    voided: list[tuple[str, str, str]] = []
    faults: list[Exception] = []
    polled = True
    tracked: list[str] = []
    scans: list[dict[str, Any]] = []
    file: File | None = None
    during: Callable[[], object] | None = None

    @classmethod
    def reset(cls) -> None:
        cls.made, cls.asked, cls.voided, cls.faults = {}, [], [], []
        cls.file, cls.during, cls.tracked, cls.scans = None, None, [], []

    def create(self, shipping: Shipping, key: str) -> Made:
        self.asked.append(key)
        known = type(self).made
        number = f"FK{len(known) + 1:08d}"
        made = known.setdefault(key, Made(number, f"ref-{number}", "Standard", self.file))
        if during := type(self).__dict__.get("during"):
            during()
        if self.faults:
            raise self.faults.pop(0)
        return made

    def void(self, ref: str, tracking_number: str, key: str) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.voided.append((ref, tracking_number, key))

    def track(self, tracking_number: str) -> Sequence[Mapping[str, Any]]:
        self.tracked.append(tracking_number)
        if self.faults:
            raise self.faults.pop(0)
        return self.scans

    def points(self, country: str, postal_code: str) -> Sequence[Point]:
        return []


class Slow(NotNow):
    """It timed out: nobody knows whether a label was made."""

    def __init__(self) -> None:
        super().__init__("timed out after 15 s")


SETTING = {"fake": {"carrier": "tests.returns.carriers.faking.Fake"}}
