"""Checking what came, and making good: a credit note or new goods."""

from __future__ import annotations

from decimal import Decimal

from example_site.sandbox_erp.lines import Record
from example_site.sandbox_erp.papers import paper
from example_site.sandbox_erp.placing import CENT, lines_of, new_order, totals
from example_site.sandbox_erp.scene import need

from .case import APPROVED, CHECKED, OVER, RECEIVED, SETTLED, WAITING, Case, comes, text
from .registry import move


@move("Accept what came", "Settlement")
def accept(case: Case) -> str:
    """Of goods that need not come: what was claimed."""
    _check(case)
    for asked, counters in case.pairs():
        came = Decimal(counters["received"]) if comes(case.record, asked) else asked["quantity"]
        counters["accepted"] = text(Decimal(came) - Decimal(counters["rejected"]))
        counters["disposition"] = counters["disposition"] or "restock"
    return "accepted"


@move("Reject one of what came", "Settlement")
def reject(case: Case) -> str:
    """``lines`` of the wish says how many of which, {"L1": "2"}."""
    _check(case)
    named = case.named()
    for asked, counters in case.pairs():
        came = Decimal(counters["received"])
        rejected = min(came, named.get(asked["ref"], Decimal(0 if named else 1)))
        counters["rejected"] = text(rejected)
        counters["accepted"] = text(came - rejected)
        counters["disposition"] = "send_back" if rejected else "restock"
    return "rejected in part"


@move("Write a credit note", "Settlement")
def credit(case: Case) -> str:
    _settle(case)
    amount = Decimal(0)
    for asked, counters in case.pairs():
        line = case.order_line(asked)
        amount += Decimal(counters["accepted"]) * Decimal((line or {}).get("unit_price") or 0)
    for name in ("fee", "shipping"):
        amount -= Decimal(str(case.record["_expected"].get(name) or 0))
    order = _first_order(case)
    number = f"GS-{case.fresh('document')}"
    amount = max(Decimal(0), amount).quantize(CENT)
    case.record["credit_note"] = {
        "number": number,
        "amount": str(amount),
        "currency": order["currency"],
    }
    order["documents"].append(paper("credit_note", number, case.now))
    case.touched.add(order["ref"])
    return f"{number} over {amount} {order['currency']}"


@move("Send a replacement", "Settlement")
def replace(case: Case) -> str:
    """What was accepted, or the article wanted in its place, as an order of its own."""
    _settle(case)
    order = _first_order(case)
    made = new_order(
        order["customer_ref"],
        order["_source"],
        case.now,
        case.rng,
        case.fresh,
        order["ship_to_ref"],
    )
    wanted = [
        (asked.get("exchange_sku") or asked["sku"], int(Decimal(counters["accepted"])))
        for asked, counters in case.pairs()
        if Decimal(counters["accepted"])
    ]
    lines = lines_of(wanted, made["requested"]["from"])
    made |= {"lines": lines, "totals": totals(lines), "customer_reference": case.record["number"]}
    case.placed.append(made)
    case.record["replacement_order_ref"] = made["ref"]
    return f"replaced by {made['number']}"


def _check(case: Case) -> None:
    need(case.stage not in (*OVER, *WAITING, SETTLED), f"it is {case.stage}")
    some = any(not comes(case.record, asked) for asked, _ in case.pairs())
    need(case.stage != APPROVED or some, "nothing is here")
    case.enter(CHECKED)
    case.counted = True


def _settle(case: Case) -> None:
    need(case.stage in (RECEIVED, CHECKED), f"it is {case.stage}")
    if case.stage == RECEIVED:
        accept(case)
    need(any(Decimal(counters["accepted"]) for _, counters in case.pairs()), "nothing is accepted")
    case.enter(SETTLED)
    case.counted = True


def _first_order(case: Case) -> Record:
    return case.orders[case.record["_lines"][0]["order_ref"]]
