"""A return that was sent and is changed: a draft with the same answers, which takes its place."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError

from oms_portal.erp.inbox import writing

from . import numbers
from .drafting import check_key, tell_begun
from .holding import Held, hold
from .kinds import PRIVATE, Acceptance, Reception, ReturnState
from .models import Evidence, Return, ReturnLine, new_key
from .moving import By, require
from .refusals import KeyReused, Refused
from .rights import require_right


# What was asked for is copied; what became of it is not.
_ASKED = (
    "company", "ship_to_ref", "source", "kind", "currency", "method", "place", "sender", "pickup",
    "phone_digits", "carrier", "tracking_number", "parcel_count", "note", "form_digest",
)  # fmt: skip
_ASKED_OF_LINES = (
    "ref", "returnable", "sku", "description", "unit", "delivery", "claim", "reason", "condition",
    "text", "serials", "lot", "outcome", "exchange_sku", "requested",
)  # fmt: skip
_SHOWN = ("file", "name", "sha256", "width", "height", "size", "at", "actor")


def edit(rma: Return, user: AbstractBaseUser, *, form_key: str, now: datetime) -> Return:
    """A draft of this person that ``replaces`` the return once it is sent; until then the return
    stands. Asked again, the draft that there is already; Refused while a colleague has one."""
    check_key(form_key)
    try:
        return _edit(rma, user, form_key, now)
    except IntegrityError:
        # The key began another draft.
        raise KeyReused from None


def _edit(rma: Return, user: AbstractBaseUser, form_key: str, now: datetime) -> Return:
    with writing():
        held = hold(rma)
        require_right(held.rma, user)
        known = Return.objects.filter(replaces=rma.pk).select_related("company").first()
        if known is not None and known.state in PRIVATE:
            if known.requested_by_id != user.pk:
                raise Refused("being_edited")
            return known
        require(held.rma, "edit")
        return _copy(held, user, form_key, now)


def _copy(held: Held, user: AbstractBaseUser, form_key: str, now: datetime) -> Return:
    old = held.rma
    draft = Return(
        replaces=old,
        requested_by_id=user.pk,
        form_key=form_key,
        created_at=now,
        state=ReturnState.DRAFT,
        **{name: getattr(old, name) for name in _ASKED},
    )
    numbers.insert(draft)
    lines = ReturnLine.objects.bulk_create(
        ReturnLine(
            rma=draft,
            reception=Reception.AWAITING,
            acceptance=Acceptance.PENDING,
            **{name: getattr(line, name) for name in _ASKED_OF_LINES},
        )
        for line in held.lines
    )
    _show(old, draft, {line.ref: line for line in lines})
    tell_begun(Held(draft, held.orders, lines), By("customer", user, key=form_key), now)
    return draft


def _show(old: Return, draft: Return, lines: dict[str, ReturnLine]) -> None:
    """The same photos, under names of their own."""
    rows = Evidence.objects.filter(rma=old.pk).select_related("line")
    Evidence.objects.bulk_create(
        Evidence(
            key=new_key(),
            rma=draft,
            line=lines.get(row.line.ref) if row.line else None,
            **{name: getattr(row, name) for name in _SHOWN},
        )
        for row in rows
    )
