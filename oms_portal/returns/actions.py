"""What customers, staff, carriers and the clock do about returns.

Each verb is one transaction under the rows of the return's orders, so that an ERP event and two
people queue up; it writes the return, its event, what it binds in the ledger and its command
together. Every refusal is one of ``refusals``. ``key`` is the form's own: the same form again does
nothing more and answers alike.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from oms_portal.changes.addresses import clean_line, clean_text
from oms_portal.erp.inbox import writing

from . import commands, submitting
from .arriving import scanned
from .deciding import approve, ask, close, decline, override
from .drafting import check_key, discard, save_draft
from .editing import edit
from .expiry import expire
from .holding import Held, hold, hold_all
from .kinds import FREED, Method, ParcelState, Reception, ReturnState
from .models import Return
from .moving import By, move, require
from .refusals import Refused, read_text
from .rights import known_event, require_author, require_right
from .wishes import digest_of


__all__ = [
    "approve",
    "ask",
    "close",
    "decline",
    "discard",
    "edit",
    "expire",
    "hand_over",
    "override",
    "reply",
    "save_draft",
    "scanned",
    "submit",
    "withdraw",
]

S = ReturnState
LONGEST_REPLY, LONGEST_NAME = 2000, 100


def submit(
    rma: Return, user: AbstractBaseUser, *, now: datetime, key: str, version: int | None = None
) -> Return:
    """Send a draft: Refused with what the policies say against it or what it lacks, Short where
    less is left. One that ``replaces`` another takes its place, if that has not left yet; of one
    that came to nothing meanwhile there is no place to take."""
    check_key(key)
    by, digest = By("customer", user, key=key), digest_of(["submit", version])
    replaced = Return.objects.filter(replaced_by=rma.pk).first()
    with writing():
        rows = hold_all(rma, *([replaced] if replaced else []))
        held = rows[rma.pk]
        require_author(held.rma, user)
        if known_event(held.rma, "submit", by, digest):
            return held.rma
        require(held.rma, "submit", version)
        if replaced and rows[replaced.pk].rma.state not in FREED:
            _replace(rows[replaced.pk], by, now)
        submitting.send(held, by, now, digest=digest)
    return held.rma


def withdraw(rma: Return, user: AbstractBaseUser, *, now: datetime, key: str = "") -> Return:
    """Take it back, while no carrier has it: its labels are void, its goods free."""

    def take_back(held: Held, by: By, digest: str) -> None:
        move(held, "withdraw", S.CANCELLED, by, now, digest=digest, answer_code="withdrawn")
        commands.recall(held)

    return _once(rma, user, "withdraw", key, [], take_back)


def reply(
    rma: Return, user: AbstractBaseUser, text: str, *, now: datetime, key: str = ""
) -> Return:
    """Answer the question that was asked; the ERP gets to know where it was the ERP's."""

    def answer(held: Held, by: By, digest: str) -> None:
        said = _text(text, LONGEST_REPLY, "reply")
        columns: dict[str, Any] = {"reply": said}
        asked = held.rma.events.filter(verb__in=("ask", "inquire")).order_by("-pk").first()
        if asked is not None and asked.verb == "inquire":
            columns["command"] = commands.reply(held, said)
        move(held, "reply", S.IN_REVIEW, by, now, digest=digest, **columns)

    return _once(rma, user, "reply", key, [text], answer)


def hand_over(
    rma: Return,
    user: AbstractBaseUser,
    carrier: str,
    tracking_number: str,
    *,
    now: datetime,
    key: str = "",
) -> Return:
    """Say that the goods are on their way with a carrier of the customer's own."""

    def go(held: Held, by: By, digest: str) -> None:
        require(held.rma, "hand_over")
        if held.rma.method != Method.OWN_CARRIER:
            raise Refused("illegal")
        told: dict[str, Any] = {
            "carrier": _text(carrier, LONGEST_NAME, "carrier"),
            "tracking_number": _text(tracking_number, LONGEST_NAME, "tracking_number"),
        }
        lines = {
            line.ref: {"reception": Reception.IN_TRANSIT}
            for line in held.lines
            if line.reception == Reception.AWAITING
        }
        move(held, "hand_over", S.IN_TRANSIT, by, now, lines=lines, digest=digest, **told)
        held.rma.parcels.filter(outward=False).exclude(state=ParcelState.VOIDED).update(
            state=ParcelState.HANDED_OVER, next_attempt_at=None
        )

    return _once(rma, user, "hand_over", key, [carrier, tracking_number], go)


def _replace(old: Held, by: By, now: datetime) -> None:
    move(old, "replace", S.CANCELLED, By("customer", by.actor), now, answer_code="replaced")
    commands.recall(old)


def _once(
    rma: Return,
    user: AbstractBaseUser,
    verb: str,
    key: str,
    body: list[str],
    does: Callable[[Held, By, str], None],
) -> Return:
    """One verb of a customer; done already with this key, nothing more."""
    if key:
        check_key(key)
    by, digest = By("customer", user, key=key), digest_of([verb, *body])
    with writing():
        held = hold(rma)
        require_right(held.rma, user)
        if not known_event(held.rma, verb, by, digest):
            require(held.rma, verb)
            does(held, by, digest)
    return held.rma


def _text(text: str, longest: int, code: str) -> str:
    """Cleaned; Refused with ``code``, or with a sentence, where it can't be taken."""
    said = read_text(text, longest, code, clean_line if longest == LONGEST_NAME else clean_text)
    if not said:
        raise Refused(code, fields={code: code})
    return said
