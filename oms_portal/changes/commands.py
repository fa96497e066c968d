"""Requests on their way to the ERP: the command that carries one, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from oms_portal.erp.outbox import actions as outbox
from oms_portal.erp.outbox.models import Command
from oms_portal.erp.outbox.queries import source_of
from oms_portal.orders.snapshots import plain

from .models import Aspect, ChangeRequest
from .refusals import Refused
from .scope import Scope, aspects_in, concerned, included
from .standing import Part, Standing


def send(request: ChangeRequest, standing: Standing, terms: Mapping[str, Any]) -> Command:
    """Queue what the request asks for (or what was approved of it), in the caller's transaction.
    ``terms`` go along: those of an offer that is taken. It is worth sending until its cut-off; what
    staff let go on after that, for as long as the outbox thinks.
    """
    order = standing.order
    in_time = request.cutoff_at is not None and standing.now < request.cutoff_at
    source = source_of("order", order.ref)
    values = request.wanted
    if source is None or not aspects_in(values) <= standing.aspects:
        raise Refused("not_offered")
    return outbox.queue(
        source=source,
        kind="cancel" if Aspect.CANCEL in aspects_in(values) else "change",
        order_ref=order.ref,
        customer_ref=order.company.ref,
        payload=payload(request, standing, values) | dict(terms),
        requested_by=getattr(request.requested_by, "email", ""),
        on_behalf_of=getattr(request.on_behalf_of, "email", ""),
        deadline=request.cutoff_at if in_time else None,
    )


def payload(
    request: ChangeRequest, standing: Standing, values: Mapping[str, Any]
) -> dict[str, Any]:
    """What the ERP gets to know: {"scope", "shipments", "lines", and the members to change}."""
    parts = included(standing, request) or concerned(standing, request)
    told: dict[str, Any] = {
        "scope": request.scope,
        "shipments": [part.ref for part in parts if part.ref],
        "lines": _lines(request, standing, parts),
    }
    if "cancel" in values:
        told |= {"lines": values["cancel"], "reason": values.get("reason", "")}
    return told | {name: value for name, value in values.items() if name != "cancel"}


def _lines(
    request: ChangeRequest, standing: Standing, parts: Iterable[Part]
) -> list[dict[str, str]]:
    """The lines that were chosen; where some deliveries are left out, those that lie in none."""
    if request.scope == Scope.LINES:
        return [
            {"line_ref": line["ref"]} | {k: v for k, v in line.items() if k == "quantity"}
            for line in request.lines
        ]
    kept = tuple(parts)
    if len(kept) == len(concerned(standing, request)):
        return []
    loose = (part for part in kept if not part.thread)
    return [
        {"line_ref": ref, "quantity": plain(count)}
        for part in loose
        for ref, count in part.lines.items()
    ]
