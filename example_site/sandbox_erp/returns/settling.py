"""Checking what came, and making good: a credit note or new goods."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from example_site.sandbox_erp.lines import Record
from example_site.sandbox_erp.papers import paper
from example_site.sandbox_erp.placing import CENT, lines_of, new_order, totals
from example_site.sandbox_erp.scene import need

from .case import APPROVED, CHECKED, OVER, RECEIVED, SETTLED, WAITING, Case, comes, left, text
from .registry import move


Pair = tuple[Record, Record]
# What customers get goods for, the others a credit.
_IN_GOODS = ("replacement", "exchange", "repair")


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
    return _credit(case, case.pairs())


@move("Send a replacement", "Settlement")
def replace(case: Case) -> str:
    """What was accepted, or the article wanted in its place, as an order of its own."""
    _settle(case)
    return _replace(case, case.pairs())


def make_good(case: Case) -> str:
    """What the desk decided: money for some lines, goods for others; of a line that is short, the
    rest does not come once all its parcels are here."""
    if case.stage != CHECKED:
        return f"it is {case.stage}"
    accepted = [pair for pair in case.pairs() if Decimal(pair[1]["accepted"])]
    outcomes = case.record.get("_outcomes", {})
    goods = [pair for pair in accepted if outcomes.get(pair[0]["ref"]) in _IN_GOODS]
    money = [pair for pair in accepted if pair not in goods]
    said = [
        *([_replace(case, goods)] if goods else []),
        *([_credit(case, money)] if money else []),
    ]
    if not case.record.get("_missing"):
        for asked, counters in case.pairs():
            if left(asked, counters):
                counters["disposition"] = "not_returned"
    case.enter(SETTLED)
    case.counted = True
    return ", ".join(said) or "nothing is owed"


def _credit(case: Case, pairs: Sequence[Pair]) -> str:
    """Less the fee that the desk decided, else the one that was expected; less what was credited
    before."""
    amount = Decimal(0)
    for asked, counters in pairs:
        line = case.order_line(asked)
        amount += Decimal(counters["accepted"]) * Decimal((line or {}).get("unit_price") or 0)
    expected, before = case.record["_expected"], Decimal(case.record.get("_credited", 0))
    fee = Decimal(str(case.record.get("_fee", expected.get("fee") or 0)))
    amount -= fee + Decimal(str(expected.get("shipping") or 0)) + before
    amount = max(Decimal(0), amount).quantize(CENT)
    if before and not amount:
        return "nothing more is owed"
    order = _first_order(case)
    number = f"GS-{case.fresh('document')}"
    case.record["_credited"] = str(before + amount)
    case.record["credit_note"] = {
        "number": number,
        "amount": str(amount),
        "currency": order["currency"],
    }
    order["documents"].append(paper("credit_note", number, case.now))
    case.touched.add(order["ref"])
    return f"{number} over {amount} {order['currency']}"


def _replace(case: Case, pairs: Sequence[Pair]) -> str:
    sent = case.record.setdefault("_replaced", {})
    wanted = []
    for asked, counters in pairs:
        if more := int(Decimal(counters["accepted"])) - int(sent.get(asked["ref"], 0)):
            wanted.append((asked.get("exchange_sku") or asked["sku"], more))
            sent[asked["ref"]] = more + int(sent.get(asked["ref"], 0))
    if not wanted:
        return "nothing more is to be sent"
    order = _first_order(case)
    made = new_order(
        order["customer_ref"],
        order["_source"],
        case.now,
        case.rng,
        case.fresh,
        order["ship_to_ref"],
    )
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
