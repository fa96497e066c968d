"""What happened to an order, from what its events said of it. No database."""

from __future__ import annotations

from typing import Any

from oms_portal.erp import schemas
from oms_portal.orders.history import Step, fold
from oms_portal.orders.snapshots import snapshot_of
from tests import wire


def folded(*records: dict[str, Any]) -> list[Step]:
    return fold(snapshot_of(schemas.Order.model_validate(record)) for record in records)


def kinds(step: Step) -> list[str]:
    return [fact.kind for fact in step.facts]


def data(step: Step, kind: str) -> dict[str, Any]:
    return next(fact.data for fact in step.facts if fact.kind == kind)


def packed(*lines: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"lines": [{"line_ref": ref, "quantity": quantity} for ref, quantity in lines]}]


def promising(day: str, reason: str = "", **changes: Any) -> dict[str, Any]:
    told = {"kind": "confirmed", "from": day, "reason": reason}
    return wire.order(lines=[wire.line(promises=[told], **changes.pop("line", {}))], **changes)


def test_the_first_event_tells_all_that_happened_before_it() -> None:
    order = wire.order(lines=[wire.line(quantities={"shipped": "10"})], shipments=[wire.shipment()])
    (first,) = folded(order)
    assert kinds(first) == ["placed", "confirmed", "shipment_dispatched"]
    placed, _, dispatched = first.facts
    assert placed.at is not None and placed.at.isoformat() == "2026-11-19T09:30:00+00:00"
    assert placed.data == {"number": "SO-1001", "by": "B. Buyer"}
    assert dispatched.at is not None and dispatched.at.isoformat() == "2026-11-20T15:00:00+00:00"
    assert dispatched.data["lines"] == [{"line": "1", "quantity": "10"}]


def test_the_same_event_again_adds_nothing() -> None:
    order = wire.order(shipments=[wire.shipment()], on_hold=True)
    assert kinds(folded(order, order)[1]) == []


def test_units_that_leave_without_a_delivery_are_told_of_by_quantity() -> None:
    shipped = wire.order(
        lines=[wire.line(quantities={"shipped": "8"})],
        shipments=[wire.shipment(packages=packed(("L1", "5")))],
    )
    last = folded(wire.order(), shipped)[1]
    assert data(last, "quantity_shipped") == {"lines": [{"line": "1", "quantity": "3"}]}


def test_a_backorder_comes_and_goes() -> None:
    short = wire.order(lines=[wire.line(quantities={"backordered": "4"})])
    _, second, third = folded(wire.order(), short, wire.order())
    assert data(second, "backordered") == {"lines": [{"line": "1", "quantity": "4"}]}
    assert data(third, "backorder_filled") == {"lines": [{"line": "1", "quantity": "4"}]}


def test_a_line_or_the_whole_order_is_cancelled() -> None:
    two = [wire.line("L1"), wire.line("L2")]
    one_gone = [wire.line("L1", quantities={"cancelled": "10"}), wire.line("L2")]
    all_gone = [wire.line(ref, quantities={"cancelled": "10"}) for ref in ("L1", "L2")]
    _, second, third = folded(*(wire.order(lines=lines) for lines in (two, one_gone, all_gone)))
    assert data(second, "cancelled") == {"lines": [{"line": "1", "quantity": "10"}]}
    assert kinds(third) == ["order_cancelled"]


def test_holding_releasing_and_another_address_are_told() -> None:
    moved = wire.order(delivery_address=wire.address(name="Plant 2", city="Kiel"))
    _, held, released, readdressed = folded(
        wire.order(), wire.order(on_hold=True), wire.order(), moved
    )
    assert (kinds(held), kinds(released)) == (["on_hold"], ["released"])
    assert data(readdressed, "address_changed")["city"] == "Kiel"


def test_a_replaced_shipment_goes_on_as_one_history() -> None:
    planned = wire.shipment("D1", "picking", shipped_at=None)
    anew = wire.shipment("D2", "picking", shipped_at=None)
    sent = wire.shipment("D2", "dispatched")
    _, replaced, left = folded(
        wire.order(shipments=[planned]), wire.order(shipments=[anew]), wire.order(shipments=[sent])
    )
    assert replaced.state["threads"] == left.state["threads"] == {"D2": "D1"}
    assert data(replaced, "shipment_replaced")["replaced"] == "D1"
    assert data(left, "shipment_dispatched")["thread"] == "D1"


def test_a_replacement_that_comes_later_still_finds_its_thread() -> None:
    one = wire.order(shipments=[wire.shipment("D1", "picking", shipped_at=None)])
    two = wire.order(shipments=[wire.shipment("D2", "picking", shipped_at=None)])
    assert folded(one, wire.order(), two)[-1].state["threads"] == {"D2": "D1"}


def test_a_cancelled_shipment_hands_its_thread_to_the_one_that_takes_its_lines() -> None:
    before = wire.shipment("D1", "picking", shipped_at=None)
    after = [wire.shipment("D1", "cancelled", shipped_at=None), wire.shipment("D2")]
    last = folded(wire.order(shipments=[before]), wire.order(shipments=after))[-1]
    assert last.state["threads"] == {"D1": "D1", "D2": "D1"}
    assert "shipment_replaced" in kinds(last)


def test_shipments_of_other_lines_are_not_confused() -> None:
    gone = wire.shipment("D1", "picking", shipped_at=None, packages=packed(("L1", "10")))
    other = wire.shipment("D2", "picking", shipped_at=None, packages=packed(("L2", "10")))
    last = folded(wire.order(shipments=[gone]), wire.order(shipments=[other]))[-1]
    assert last.state["threads"] == {"D2": "D2"}


def test_of_two_new_shipments_each_takes_the_one_it_shares_most_with() -> None:
    old = [
        wire.shipment("A", "picking", shipped_at=None, packages=packed(("L1", "8"), ("L2", "1"))),
        wire.shipment("B", "picking", shipped_at=None, packages=packed(("L2", "9"))),
    ]
    new = [
        wire.shipment("X", "picking", shipped_at=None, packages=packed(("L2", "9"))),
        wire.shipment("Y", "picking", shipped_at=None, packages=packed(("L1", "8"))),
    ]
    last = folded(wire.order(shipments=old), wire.order(shipments=new))[-1]
    assert last.state["threads"] == {"X": "B", "Y": "A"}


def test_a_dispatched_shipment_that_vanishes_is_a_correction() -> None:
    last = folded(wire.order(shipments=[wire.shipment()]), wire.order())[-1]
    assert data(last, "correction") == {"what": {"shipment_removed": ["D1"]}}
    assert last.state["corrected"]


def test_the_ledger_keeps_the_first_date_every_move_and_its_reason() -> None:
    steps = folded(
        promising("2026-11-26"),
        promising("2026-11-30", "Mould broke"),
        promising("2026-11-30", "Mould broke"),
        promising("2026-11-24"),
    )
    ledger = [(str(m.term.starts), m.days_late, m.reason) for s in steps for m in s.promises]
    assert ledger == [
        ("2026-11-26", 0, ""),
        ("2026-11-30", 4, "Mould broke"),
        ("2026-11-24", -2, ""),
    ]
    assert data(steps[1], "promise_moved") == {
        "from": "2026-11-26",
        "to": "2026-11-30",
        "reason": "Mould broke",
        "days_late": 4,
        "lines": ["1"],
    }


def reason_of(after: dict[str, Any]) -> str:
    return folded(promising("2026-11-26"), after)[1].promises[0].reason


def test_where_no_reason_is_told_it_is_derived() -> None:
    late = "2026-12-01"
    short = {"line": {"quantities": {"backordered": "1"}}}
    assert reason_of(promising(late, **short)) == "backorder"
    assert reason_of(promising(late, on_hold=True)) == "on_hold"
    assert reason_of(promising(late, shipments=[wire.shipment()])) == "carrier"
    assert reason_of(promising(late)) == ""


def test_lines_that_move_alike_are_told_of_at_once() -> None:
    def order(day: str) -> dict[str, Any]:
        promises = [{"kind": "confirmed", "from": day}]
        return wire.order(lines=[wire.line(f"L{n}", promises=promises) for n in range(1, 4)])

    last = folded(order("2026-11-26"), order("2026-11-27"))[-1]
    assert kinds(last) == ["promise_moved"]
    assert data(last, "promise_moved")["lines"] == ["1", "2", "3"]


def test_a_new_owner_s_history_starts_anew() -> None:
    steps = folded(wire.order(), wire.order(on_hold=True), wire.order(customer_ref="C2"))
    assert [kinds(step) for step in steps[:2]] == [[], []]
    assert kinds(steps[2]) == ["placed", "confirmed", "correction"]
