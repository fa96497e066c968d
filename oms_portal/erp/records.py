"""Which record a stored event tells of, and what was told of that record before."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef

from . import strict_json
from .models import InboundEvent, Record
from .schemas import TYPES
from .strict_json import BadJson


# Subjects are the sender's own words: so many events of one are looked at for the same record.
_LOOKED_AT = 5
_OVER = (InboundEvent.State.APPLIED, InboundEvent.State.SUPERSEDED)


def stands() -> Exists:
    """Whether an event is the newest that was applied of its record, for a query of events."""
    return Exists(Record.objects.filter(event=OuterRef("pk")))


def outdone(event: InboundEvent) -> bool:
    """Whether replaying it would not help: what it says counts already, or something newer of the
    same record does. Costs a query unless the event's own asked ``stands`` as ``is_newest``."""
    if event.state not in _OVER:
        return False
    newest = getattr(event, "is_newest", None)
    return not (Record.objects.filter(event=event).exists() if newest is None else newest)


def payload_of(event: InboundEvent) -> Any:
    """The event's JSON; None where its body is pruned or is none."""
    if event.body is None:
        return None
    try:
        return strict_json.loads(bytes(event.body))
    except BadJson:
        return None


def record_of(payload: Any, event_type: str) -> Any:
    """The record inside an event as it was sent, unchecked; None where there is none."""
    kind = TYPES[event_type][0] if event_type in TYPES else ""
    data = payload.get("data") if isinstance(payload, dict) else None
    return data.get(kind) if isinstance(data, dict) else None


def ref_of(payload: Any, event_type: str) -> str:
    """The ref of that record, or what stands for one; "" where it has none."""
    record = record_of(payload, event_type)
    if not isinstance(record, dict):
        return ""
    for name in ("ref", "tracking_number", "sku", "command_id"):
        if isinstance(record.get(name), str):
            return str(record[name])
    return ""


def told_before(event: InboundEvent, payload: Any) -> tuple[InboundEvent, Any] | None:
    """The applied event of the same record that stood when this one came, with its JSON; for one
    that is not applied, the one that stands now."""
    ref = ref_of(payload, event.type)
    earlier = InboundEvent.objects.filter(
        type=event.type, state=InboundEvent.State.APPLIED, body__isnull=False
    ).exclude(pk=event.pk)
    if event.state == InboundEvent.State.APPLIED:
        earlier = earlier.filter(received_at__lte=event.received_at)
    found = list(earlier.filter(subject=event.subject).order_by("-received_at", "-pk")[:_LOOKED_AT])
    if not event.subject:
        kind = TYPES[event.type][0] if event.type in TYPES else ""
        standing = Record.objects.filter(kind=kind, ref=ref).values("event")
        found = list(earlier.filter(pk__in=standing))
    for candidate in found:
        told = payload_of(candidate)
        if ref and ref_of(told, event.type) == ref:
            return candidate, told
    return None
