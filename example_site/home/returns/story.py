"""Returns of the demo, one in each stage: made as its people would make them, by the product's own
verbs, and moved on by pressing the sandbox ERP's buttons."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone

from oms_portal.customers.access import actor_for
from oms_portal.orders.models import Order
from oms_portal.returns import actions
from oms_portal.returns.eligible import offer
from oms_portal.returns.kinds import (
    Claim,
    Condition,
    Kind,
    LabelState,
    Method,
    Outcome,
    ReturnState,
)
from oms_portal.returns.models import Return
from oms_portal.returns.parcels import Label
from oms_portal.returns.wishes import Wish, WishLine


PATIENCE = 60


class Example(NamedTuple):
    """``then``: what happens once the ERP has it, verbs of its buttons; "draft" is never sent, and
    "withdraw" is taken back."""

    key: str
    email: str
    order: str
    sku: str
    quantity: str
    reason: str
    method: str = Method.PARCEL_SHOP
    kind: str = Kind.RETURN
    claim: str = ""
    text: str = ""
    then: tuple[str, ...] = ()


BUYER, DESK = "buyer@hafenwerk.example", "returns@hafenwerk.example"
ARDECHE, FENLAND = "returns@ardeche.example", "buyer@fenland.example"
EXAMPLES = (
    Example("demo-draft-1", BUYER, "SO-110015", "NU-2210", "1", "too_many", then=("draft",)),
    Example("demo-label-1", DESK, "SO-110015", "TB-HTD8-1200", "2", "too_many"),
    # So dear that somebody looks at it.
    Example("demo-review-1", BUYER, "SO-110015", "CP-ROTEX-28", "25", "plans_changed", Method.FREIGHT),
    Example("demo-withdrawn-1", BUYER, "SO-110015", "TB-HTD8-1200", "1", "plans_changed", then=("withdraw",)),
    Example("demo-scanned-1", DESK, "SO-110015", "NU-2210", "2", "too_many", then=("scan",)),
    Example("demo-question-1", ARDECHE, "SO-110013", "CP-ROTEX-28", "1", "short", kind=Kind.CLAIM, claim=Claim.SHORT, text="The second one was not in the box.", then=("ask",)),
    Example("demo-credit-1", ARDECHE, "SO-110013", "6204-2RS", "20", "too_many", then=("receive", "credit")),
    # On papers of its own, for it crosses a border.
    Example("demo-customs-1", FENLAND, "SO-110014", "NU-2210", "2", "too_many"),
)  # fmt: skip


def load_story() -> list[str]:
    """Their numbers, the newest last; those that are there already stay as they are."""
    numbers = []
    for example in EXAMPLES:
        # What is asked about must not be approved first; all else is, one command after the other.
        press("return_pace", seconds=0 if "ask" in example.then else 1)
        numbers.append(_load(example))
    press("settle")
    press("return_pace", seconds=3)
    return numbers


def _load(example: Example) -> str:
    user = get_user_model()._default_manager.get(email=example.email)
    now = timezone.now()
    known = Return.objects.filter(requested_by=user, form_key=example.key).first()
    if known is not None and (known.state != ReturnState.DRAFT or example.then == ("draft",)):
        return known.number
    rma = known or actions.save_draft(
        user, actor_for(user), _wish(example), draft=None, form_key=example.key, now=now
    )
    if example.then == ("draft",):
        return rma.number
    rma = actions.submit(rma, user, now=now, key=f"{example.key}-send")
    if example.then == ("withdraw",):
        actions.withdraw(rma, user, now=timezone.now(), key=f"{example.key}-back")
    elif rma.command_id is not None:
        wait_until(lambda: erp_has(rma.number), f"the ERP hears of {rma.number}")
        _move_on(rma, example.then)
    return rma.number


def _move_on(rma: Return, verbs: tuple[str, ...]) -> None:
    if "scan" in verbs:
        labels = Label.objects.filter(parcel__rma=rma, state=LabelState.VERIFIED)
        wait_until(labels.exists, f"{rma.number} has a label")
    for verb in verbs:
        press(f"return_{verb}", **{"return": rma.number})


def _wish(example: Example) -> Wish:
    order = Order.objects.select_related("company").get(number=example.order)
    found = offer([order], example.kind, timezone.now())
    row = next(row for row in found if row.line.sku == example.sku)
    line = WishLine(
        order=order.slug,
        line_ref=row.line.ref,
        thread=row.thread,
        quantity=example.quantity,
        claim=example.claim,
        reason=example.reason,
        condition="" if example.kind == Kind.CLAIM else Condition.UNOPENED,
        text=example.text,
        outcome=Outcome.CREDIT,
    )
    day = timezone.localdate() + timedelta(days=3)
    freight = {"on": day.isoformat(), "from": "08:00", "to": "12:00"}
    return Wish(
        kind=example.kind,
        lines=(line,),
        method="" if example.claim == Claim.SHORT else example.method,
        pickup=freight if example.method == Method.FREIGHT else {},
    )


def press(verb: str, **wish: Any) -> Any:
    """A button of the sandbox ERP; an OSError says why it could not be pressed."""
    request = urllib.request.Request(
        f"{settings.ERP_URL}/api/do",
        data=json.dumps({"verb": verb, **wish}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read())


def erp_has(number: str) -> bool:
    with urllib.request.urlopen(f"{settings.ERP_URL}/api/state?order=-", timeout=30) as answer:
        told = json.loads(answer.read())["returns"]
    return any(each["number"] == number for each in told)


def wait_until(true: Callable[[], bool], what: str) -> None:
    """The worker brings the command, and makes the label."""
    end = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"not yet: {what}")
        time.sleep(0.2)
