"""What an order event means for the requests on that order: done, no longer possible, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone

from oms_portal.erp.outbox import actions as outbox
from oms_portal.erp.outbox.models import Command
from oms_portal.erp.outbox.moves import LAST_WORD, WAITING
from oms_portal.orders.followers import follows
from oms_portal.orders.models import Order, OrderLine

from . import mails
from .models import ChangeRequest, RequestState
from .moving import By, move
from .scope import Scope, concerned, included, why_closed
from .standing import Part, Standing, standing_of
from .values import is_so


S = RequestState
# Requests that the ERP may have carried out without our hearing so.
_AT_THE_ERP = frozenset({S.SENT, S.ACCEPTED, S.FAILED})
_WAITING = frozenset({S.SUBMITTED, S.IN_REVIEW, S.COUNTERED})


@follows
def compare(order: Order) -> None:
    """Hold each open request against what the ERP now says; the order's row is held."""
    # Hardly any order has one, and every event asks.
    if not Order.objects.filter(pk=order.pk, changes_open__gt=0).exists():
        return
    rows = list(
        ChangeRequest.objects.filter(order=order.pk, state__in=_AT_THE_ERP | _WAITING)
        .select_related("command", "requested_by")
        .order_by("pk")
    )
    fresh = Order.objects.select_related("company").get(pk=order.pk)
    standing = standing_of(fresh, timezone.now())
    for request in rows:
        request.order = fresh
        command = _may_have_been_done(request)
        if command is not None and is_done(request, standing):
            # Its follower moves the request.
            outbox.conclude(command.pk)
        elif _is_held_here(request) and not included(standing, request):
            _give_up(request, standing)


def is_done(request: ChangeRequest, standing: Standing) -> bool:
    """Whether all that was asked for (or approved) is what the ERP says now."""
    values = request.wanted
    if "cancel" in values:
        return _is_cancelled(standing.order, values["cancel"], request.before.get("cancel", ()))
    told = [part.values for part in _parts(request, standing)] or [standing.values]
    return all(is_so(one, values) for one in told)


def _parts(request: ChangeRequest, standing: Standing) -> list[Part]:
    """The parts that it was passed on for, as far as they are still there."""
    parts = concerned(standing, request)
    if request.scope == Scope.LINES:
        return list(parts)
    passed_on = request.events.exclude(data={}).order_by("-pk").values_list("data", flat=True)
    threads = next((data["parts"] for data in passed_on if "parts" in data), None)
    return [part for part in parts if threads is None or part.thread in threads]


def _is_cancelled(
    order: Order, asked: Iterable[Mapping[str, str]], before: Iterable[Mapping[str, str]]
) -> bool:
    """A line that is gone is cancelled."""
    refs = {told["line_ref"]: Decimal(told["quantity"]) for told in asked}
    known = {told["line_ref"]: Decimal(told["quantity"]) for told in before}
    rows = OrderLine.objects.filter(order=order, ref__in=refs).values_list("ref", "cancelled")
    return all(now - known.get(ref, Decimal(0)) >= refs[ref] for ref, now in rows)


def _may_have_been_done(request: ChangeRequest) -> Command | None:
    """The command that the ERP may have carried out without our hearing so."""
    command = request.command
    if command is None or command.state in LAST_WORD:
        return None
    return command if request.state in _AT_THE_ERP or command.uncertain else None


def _is_held_here(request: ChangeRequest) -> bool:
    """Whether the ERP has no part in it yet: an offer of its own is its to judge."""
    if request.state == S.COUNTERED:
        return (request.counter or {}).get("by") != "erp"
    return request.state in _WAITING


def _give_up(request: ChangeRequest, standing: Standing) -> None:
    """No longer possible: too late, unless the ERP may have it already."""
    command = request.command
    waits = command is not None and command.state in WAITING and not command.uncertain
    if request.state == S.SUBMITTED and not waits:
        return
    shut = why_closed(standing, request)
    answer: dict[str, Any] = {"answer_code": shut.reason, "answer_text": shut.words}
    move(request, "expire", S.EXPIRED, By("erp"), standing.now, **answer)
    if command is not None and waits:
        outbox.supersede(command.pk)
    mails.tell(request)
