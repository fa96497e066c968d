"""The way back and goods-in: scans of the parcel, and what was in it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from example_site.sandbox_erp import catalogue
from example_site.sandbox_erp.lines import Record, contents
from example_site.sandbox_erp.scene import need
from example_site.sandbox_erp.verbs.correcting import ARRIVED, less

from .case import OVER, RECEIVED, SETTLED, WAITING, Case, comes, left
from .codes import parcel_code
from .registry import move


CARRIER = "house"


@move("Scan the parcel", "Carrier")
def scan(case: Case) -> str:
    """``parcel`` of the wish is its code (the first one's where none is said), ``code`` the scan's."""
    need(case.record["_method"] not in ("nothing", "own_carrier", "branch"), "no parcel of ours")
    parcel = str(case.wish.get("parcel") or parcel_code(case.record["number"], 1))
    code = str(case.wish.get("code") or "in_transit")
    place = case.rng.choice(catalogue.HUBS)
    case.scans.append(
        {
            "carrier": CARRIER,
            "tracking_number": parcel,
            "id": f"scan-{case.fresh('scan')}",
            "code": code,
            "occurred_at": case.now.isoformat(),
            "place": place,
        }
    )
    return f"{parcel} scanned in {place}: {code}"


@move("Receive all that is left", "Goods in")
def receive(case: Case) -> str:
    """``lines`` of the wish says how many of which, {"L1": "2"}."""
    named = case.named()
    for asked, counters in _expected(case):
        quantity = named.get(asked["ref"], Decimal(0)) if named else left(asked, counters)
        if quantity:
            case.receive(asked, counters, quantity)
    need(case.counted, "all of it is here")
    return _here(case)


@move("Receive one of each", "Goods in")
def receive_part(case: Case) -> str:
    for asked, counters in _expected(case):
        if left(asked, counters):
            case.receive(asked, counters, min(Decimal(1), left(asked, counters)))
    need(case.counted, "all of it is here")
    return _here(case)


@move("Receive one too many", "Goods in")
def receive_over(case: Case) -> str:
    expected = _expected(case)
    need(expected, "nothing is expected")
    for asked, counters in expected[:1]:
        case.receive(asked, counters, left(asked, counters) + 1)
    return _here(case)


@move("Receive something else", "Goods in")
def receive_wrong(case: Case) -> str:
    """Not what was announced lies in the parcel: nothing of the line is counted in."""
    waiting = [pair for pair in _expected(case) if left(*pair)]
    need(waiting, "nothing is expected")
    waiting[0][1]["disposition"] = "wrong_item"
    case.counted = True
    return f"something else came for {waiting[0][0]['ref']}"


@move("Correct its delivery down by one", "Goods in")
def correct(case: Case) -> str:
    """What was shipped turns out to be less than what is on the return."""
    found = list(_shipped(case))
    need(found, "its delivery is gone")
    order, shipment, asked = found[0]
    less(order, shipment, asked["line_ref"], Decimal(1))
    case.touched.add(order["ref"])
    return f"{shipment['number']} held one of {asked['sku']} less"


def _expected(case: Case) -> list[tuple[Record, Record]]:
    need(case.stage not in (*OVER, SETTLED), f"it is {case.stage}")
    return [pair for pair in case.pairs() if comes(case.record, pair[0])]


def _here(case: Case) -> str:
    """Goods that are taken in are a yes, where none was said before."""
    if case.stage in WAITING:
        case.answer = {"outcome": "applied", "reference": case.record["ref"]}
    case.enter(RECEIVED)
    counts = [f"{counters['received']} of {asked['quantity']}" for asked, counters in case.pairs()]
    return f"received {', '.join(counts)}"


def _shipped(case: Case) -> Iterator[tuple[Record, Record, Record]]:
    """Order, shipment and line of what is on the return."""
    for asked in case.record["_lines"]:
        order = case.orders.get(asked["order_ref"], {"shipments": []})
        for shipment in order["shipments"]:
            is_it = shipment["number"] == asked["delivery"] and shipment["status"] in ARRIVED
            if is_it and asked["line_ref"] in contents(shipment):
                yield order, shipment, asked
