"""Invented arrivals, news and a dashboard for previews, at a fixed moment, with an editor's options."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from oms_portal.changes.models import RequestState
from oms_portal.customers.access import STRANGER
from oms_portal.customers.models import Company
from oms_portal.orders.arrivals import Window
from oms_portal.orders.coming import Delivery
from oms_portal.orders.days import Days
from oms_portal.orders.detail import Problem
from oms_portal.orders.feed import ARRIVALS, Entry, FeedPage, Kinds
from oms_portal.orders.models import Order, OrderStatus
from oms_portal.orders.moments import Moment, zone_of
from oms_portal.orders.updates import TROUBLE, News

from .. import arriving as coming
from .. import dashboard as overview
from .. import updates as feed
from ..base import Spec
from ..drawing import draw
from ..sections import Board, sections
from .changes import sample_changing
from .detail import SAMPLE, ZONE
from .dossiers import open_return


_COMPANY = Company(pk=1, ref="sample", name="Nordwerk GmbH", time_zone=ZONE)
_SIGNS = {"SO-48213": "PO-4711", "SO-48190": "", "SO-48177": "PO-4688", "SO-48102": "PO-4650"}
_PLACES = ("Nordwerk plant 1, Hamburg", "Nordwerk plant 2, Bremen")


def updates(rows: int = 20, kinds: Kinds = Kinds.ALL, *, tools: bool = True) -> str:
    query = feed.Query(kinds=kinds, size=rows, tools=tools)
    entries = [entry for entry in _entries() if _is_of(entry, kinds)][:rows]
    since = SAMPLE - timedelta(hours=4)
    new = sum(entry.noted_at > since for entry in entries)
    page = FeedPage(tuple(entries))
    return _draw("updates", feed.show(page, query, zone_of(ZONE), SAMPLE, since, new))


def arriving(days: str = "today", *, arrived: bool = True) -> str:
    soon = _deliveries()[: 3 if coming.RANGES[days] == 1 else None]
    here = [_delivery("SO-48102", "LS-9031", None, 1, came=SAMPLE - timedelta(hours=2))]
    span = Days(SAMPLE, coming.RANGES[days])
    return _draw("arriving", coming.show(soon, here if arrived else [], span, zone_of(ZONE)))


def dashboard(names: Iterable[str] = (), rows: int = 5) -> str:
    orders = {order.pk: order for order in _orders()}
    board = Board(STRANGER, SAMPLE, rows, orders)
    board.problems = {1: Problem("customs", "LS-9044")}
    board.returns = {4: [open_return()]}
    board.changes = {2: sample_changing((RequestState.SENT,)).requests}
    keys = {
        "attention": [1, 3],
        "late": [2],
        "arriving": [4, 5],
        "changes": [2],
        "returns": [4],
        "latest": [1, 2, 3, 4, 5],
    }
    found = [(each, keys.get(each.name, [])) for each in sections(names)]
    return _draw("dashboard", overview.show(board, found))


def _draw(name: str, shown: Any) -> str:
    return draw(Spec(name, "", (), get_language() or "en"), 1, shown, SAMPLE)


def _is_of(entry: Entry, kinds: Kinds) -> bool:
    if kinds == Kinds.TROUBLE:
        return entry.kind in TROUBLE
    if kinds == Kinds.ARRIVALS:
        return entry.kind in ARRIVALS
    return kinds == Kinds.ALL or entry.kind == News.DISPATCHED


def _entries() -> list[Entry]:
    moved = {"from": "2026-11-24", "to": "2026-11-26", "reason": "backorder"}
    return [
        _entry(1, News.OUT_FOR_DELIVERY, "SO-48213", *({"number": f"00340{n}"} for n in range(3))),
        _entry(2, News.DELIVERED, "SO-48102", {"fact": "", "shipment": "LS-9031"}),
        _entry(3, News.LATER, "SO-48190", {"fact": "promise_moved", **moved}),
        _entry(8, News.PROBLEM, "SO-48177", {"number": "1", "status": "", "detail": "customs"}),
        _entry(26, News.DISPATCHED, "SO-48213", _sent("LS-9044", "DHL")),
        _entry(29, News.CONFIRMED, "SO-48190", {"fact": "confirmed"}),
        _entry(75, News.ON_HOLD, "SO-48177", {"fact": "on_hold"}),
    ]


def _sent(shipment: str, carrier: str) -> dict[str, Any]:
    return {"fact": "shipment_dispatched", "shipment": shipment, "carrier": carrier}


def _entry(hours: int, kind: News, number: str, *parts: dict[str, Any]) -> Entry:
    at = SAMPLE - timedelta(hours=hours)
    return Entry(kind, at, at, _order(1, number), _COMPANY.name, parts)


def _deliveries() -> list[Delivery]:
    day = SAMPLE.date()
    ten = datetime(day.year, day.month, day.day, 13, 0, tzinfo=UTC)
    scan = ("Hamburg-Allermöhe", SAMPLE - timedelta(hours=1))
    return [
        _delivery("SO-48213", "LS-9044", Window(ten, ten + timedelta(hours=2)), 3, seen=scan),
        _delivery("SO-48177", "LS-9050", Window(day), 2, problem="customs"),
        _delivery("SO-48190", "LS-9047", Window(day), 1, place=1),
        _delivery("SO-48220", "LS-9052", Window(day + timedelta(days=1)), 4, place=1),
    ]


def _delivery(
    number: str,
    shipment: str,
    window: Window | None,
    parcels: int,
    *,
    place: int = 0,
    problem: str = "",
    seen: tuple[str, datetime] | None = None,
    came: datetime | None = None,
) -> Delivery:
    return Delivery(
        order=_order(1, number),
        number=shipment,
        carrier="DHL",
        place=_PLACES[place],
        parcels=parcels,
        zone=zone_of(ZONE),
        window=window,
        out=seen is not None,
        problem=problem,
        seen=seen,
        came=came,
        signed_by="J. Petersen" if came else "",
    )


def _orders() -> list[Order]:
    return [
        _order(1, "SO-48213", OrderStatus.SHIPPED, exception=True),
        _order(2, "SO-48190", OrderStatus.PROCESSING, due=date(2026, 11, 19), changes=1),
        _order(3, "SO-48177", OrderStatus.ON_HOLD, on_hold=True),
        _order(4, "SO-48102", OrderStatus.SHIPPED, arriving=SAMPLE + timedelta(hours=3), returns=1),
        _order(5, "SO-48095", OrderStatus.SHIPPED, arriving=SAMPLE.date()),
    ]


def _order(
    pk: int,
    number: str,
    status: OrderStatus = OrderStatus.SHIPPED,
    *,
    due: Moment | None = None,
    arriving: Moment | None = None,
    exception: bool = False,
    on_hold: bool = False,
    changes: int = 0,
    returns: int = 0,
) -> Order:
    return Order(
        pk=pk,
        ref=number,
        slug=number,
        number=number,
        company=_COMPANY,
        customer_reference=_SIGNS.get(number, ""),
        placed_at=datetime(2026, 11, 12, 9, 30, tzinfo=UTC),
        currency="EUR",
        gross=Decimal("415.00"),
        status=status,
        due=due,
        arriving=arriving,
        exception=exception,
        on_hold=on_hold,
        changes_open=changes,
        returns_open=returns,
        told_at=SAMPLE,
    )
