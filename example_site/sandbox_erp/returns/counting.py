"""What the portal's returns desk says: how many came, and what is to become of them.

Both are complete each time, so the newest version of each says all; the ERP looks for itself
whether it can be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from example_site.sandbox_erp.lines import Record
from example_site.sandbox_erp.refusals import Refusal

from .case import APPROVED, CHECKED, OVER, RECEIVED, WAITING, Case, text


Payload = Mapping[str, Any]
RECEIPT, DECISION = "return_receipt", "return_decision"


def count_in(case: Case) -> str:
    """``lines`` of the wish: how many of each have come by now, and what came instead of it."""
    told = _lines(case)
    wrong = {ref for ref, line in told.items() if line.get("wrong")}
    counts = {ref: _quantity(line, "counted") for ref, line in told.items()}
    if case.stage in WAITING:
        # Goods that are taken in are a yes, where none was said before.
        case.answer = {"outcome": "applied", "reference": case.record["ref"]}
    for asked, counters in case.pairs():
        ref, before = asked["ref"], Decimal(counters["received"])
        if counts.get(ref, before) != before:
            case.receive(asked, counters, counts[ref] - before)
        if ref in wrong and not counts[ref]:
            counters["disposition"] = "wrong_item"
    case.record["_unexpected"] = list(case.wish.get("unexpected") or [])
    case.record["_missing"] = list(case.wish.get("missing_parcels") or [])
    case.enter(RECEIVED)
    case.counted = True
    return f"{sum(counts.values(), Decimal(0)):f} counted in"


def decide(case: Case) -> str:
    """``lines`` of the wish: how many of each are accepted and rejected; ``fee`` what is kept of the
    credit, ``outcomes`` what the customer gets for each line."""
    told = _lines(case)
    for asked, counters in case.pairs():
        line = told.get(asked["ref"], {})
        accepted, rejected = _quantity(line, "accepted"), _quantity(line, "rejected")
        if accepted + rejected > Decimal(counters["received"]):
            raise Refusal(409, "NOT_COUNTED", f"So many of {asked['ref']} have not come.")
        counters |= {"accepted": text(accepted), "rejected": text(rejected)}
        counters["disposition"] = str(line.get("disposition") or counters["disposition"])
    case.record["_fee"] = text(_quantity(case.wish, "fee"))
    case.record["_outcomes"] = dict(case.wish.get("outcomes") or {})
    case.enter(CHECKED)
    case.counted = True
    return "decided"


ACTS: dict[str, Callable[[Case], str]] = {RECEIPT: count_in, DECISION: decide}


def judge(record: Record, kind: str) -> None:
    """Refusal where the desk has no say."""
    if record["_stage"] in OVER:
        raise Refusal(409, "CANCELLED", f"{record['number']} is {record['_stage']}.")
    if kind == DECISION and record["_stage"] in (*WAITING, APPROVED):
        raise Refusal(409, "NOT_COUNTED", "Nothing of it has come.")


def is_news(record: Record, kind: str, payload: Payload) -> bool:
    """Whether this is newer than what was said before; then it is what holds."""
    version = payload.get("version")
    if not isinstance(version, int) or version < 1:
        raise Refusal(422, "MALFORMED", "Which version?")
    known = record.get("_versions", {})
    news = version > int(known.get(kind, 0))
    if news:
        record["_versions"] = {**known, kind: version}
    return news


def _lines(case: Case) -> dict[str, Record]:
    told = case.wish.get("lines")
    if not isinstance(told, list) or not all(isinstance(line, dict) for line in told):
        raise Refusal(422, "MALFORMED", "Lines, each with its ref.")
    lines = {str(line.get("ref") or ""): line for line in told}
    if strange := _strange(lines, case.record["_lines"]):
        raise Refusal(422, "UNKNOWN_LINE", f"The return has no line {strange}.")
    return lines


def _strange(refs: Iterable[str], asked: Iterable[Record]) -> str:
    return next(iter(sorted(set(refs) - {line["ref"] for line in asked})), "")


def _quantity(told: Payload, name: str) -> Decimal:
    try:
        quantity = Decimal(str(told.get(name) or 0))
    except InvalidOperation:
        quantity = Decimal(-1)
    if not quantity.is_finite() or quantity < 0:
        raise Refusal(422, "MALFORMED", f"{name} is a number.")
    return quantity
