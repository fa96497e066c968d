"""The office: whether a return may come at all."""

from __future__ import annotations

from example_site.sandbox_erp.scene import need

from .case import APPROVED, ASKED, DECLINED, REQUESTED, WAITING, Case
from .registry import move


QUESTION = "Which machine is it built into, and since when?"


@move("Approve", "Office")
def approve(case: Case) -> str:
    need(case.stage in WAITING, f"it is {case.stage}")
    case.enter(APPROVED)
    case.answer = {"outcome": "applied", "reference": case.record["ref"]}
    return "approved"


@move("Decline", "Office")
def decline(case: Case) -> str:
    """``code`` and ``text`` of the wish say why."""
    need(case.stage in WAITING, f"it is {case.stage}")
    case.enter(DECLINED)
    code = str(case.wish.get("code") or "NOT_RETURNABLE")
    words = str(case.wish.get("text") or "Not with this ERP, not today.")
    case.answer = {"outcome": "rejected", "code": code, "text": words}
    return f"declined: {code}"


@move("Ask a question", "Office")
def ask(case: Case) -> str:
    need(case.stage == REQUESTED, f"it is {case.stage}")
    case.enter(ASKED)
    question = str(case.wish.get("text") or QUESTION)
    case.answer = {"outcome": "countered", "counter": {"text": question}}
    return f"asked: {question}"
