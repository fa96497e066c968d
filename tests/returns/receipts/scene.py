"""A return that is expected in two parcels, somebody at the desk, and their scanner."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext

from oms_portal.orders.extracts import SearchTerm
from oms_portal.orders.models import Order, OrderLine
from oms_portal.orders.search import fold
from oms_portal.returns.models import Return
from oms_portal.returns.parcels import ReturnParcel
from oms_portal.returns.receipts import actions
from oms_portal.returns.receipts.models import Finding, Receipt
from oms_portal.returns.receipts.scanning.answers import Answer
from oms_portal.returns.receipts.scanning.wishes import ScanWish
from tests import factories
from tests.returns import scene
from tests.returns.scene import NOW, Scene, again, item


__all__ = ["GTIN", "NOW", "Desk", "Station", "again", "cost", "set_up"]

GTIN = "04012345000016"
_AROUND = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


@dataclass
class Station:
    """One window of one station: ``beep`` is the scanner, ``key`` a key pressed instead."""

    user: Any
    name: str = "Dock 1"
    tab: str = field(default_factory=lambda: uuid4().hex)
    numbers: Any = field(default_factory=lambda: count(1))

    def wish(self, text: str = "", **asked: Any) -> ScanWish:
        told = {"id": uuid4(), "station": self.name, "tab": self.tab, "at": NOW}
        return ScanWish(**told | {"text": text, "sequence": next(self.numbers)} | asked)

    def beep(self, text: str = "", **asked: Any) -> Answer:
        return actions.scan(self.wish(text, **asked), self.user, now=NOW)

    def key(self, verb: str, **asked: Any) -> Answer:
        return self.beep(verb=verb, **asked)


@dataclass
class Desk:
    """``rma``: 3 pieces of L1 (line "1", SKU-L1, GTIN 04012345000016, SN1 and SN2 shipped), 2.5 kg
    of L2 (line "2") and 2 of L3 (line "3", no SKU), in two parcels, approved. ``other``: one L1 of
    SO-2, same company, one parcel. ``here`` and ``there`` are two stations, ``lead`` decides."""

    scene: Scene
    rma: Return
    other: Return
    here: Station
    there: Station
    lead: Any

    @property
    def parcels(self) -> list[ReturnParcel]:
        return list(self.rma.parcels.order_by("sequence"))

    @property
    def codes(self) -> list[str]:
        return [parcel.code for parcel in self.parcels]

    def counted(self, line: str = "1", rma: Return | None = None) -> str:
        """How many of a line's article are counted, as people write numbers; "0" for none."""
        rows = Finding.objects.filter(line__rma=rma or self.rma, line__ref=line, found="expected")
        return f"{sum((row.counted for row in rows), start=0):f}".rstrip("0").rstrip(".") or "0"

    def known_by(self, order: Order, term: str) -> None:
        """The order is found by this word, as if the ERP had told it."""
        SearchTerm.objects.create(order=order, company_id=order.company_id, term=fold(term))

    def receipt(self, rma: Return | None = None) -> Receipt:
        return Receipt.objects.get(rma=rma or self.rma)


@contextmanager
def cost(most: int) -> Iterator[list[str]]:
    """At most so many statements are run within, transactions apart."""
    run: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield run
    run += [one["sql"] for one in captured if not one["sql"].startswith(_AROUND)]
    assert len(run) <= most, "\n".join(run)


def set_up(settings: Any, **policy: Any) -> Desk:
    told = scene.set_up(settings, **policy)
    OrderLine.objects.filter(ref="L1").update(gtin=GTIN)
    rma = told.send(item("3"), item("2.5", "L2"), item("2", "L3"), parcels=2)
    other = told.send(item("1", order="SO-2"))
    desk = factories.person("desk@brannfeld.example", staff=["Returns desk"], first_name="Dana")
    two = factories.person("desk2@brannfeld.example", staff=["Returns desk"], first_name="Sam")
    lead = factories.person("lead@brannfeld.example", staff=["Returns lead"], first_name="Lee")
    here, there = Station(desk), Station(two, "Dock 2")
    return Desk(told, again(rma), again(other), here, there, lead)
