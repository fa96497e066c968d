"""What was asked for, in words: both values beside each other, who asked, what happens next. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from oms_portal.changes.models import ChangeRequest, RequestState
from oms_portal.changes.queries import behind
from oms_portal.changes.reasons import words
from oms_portal.changes.scope import part_of, values_of, verb_for, zone_for
from oms_portal.changes.standing import Standing
from oms_portal.changes.wording import fee
from oms_portal.erp.outbox.models import Command
from oms_portal.orders.locales import isolated

from .changing_states import next_of, plainer, request_chip, what
from .changing_values import Names, Values, compare
from .formats import NOTHING, deadline, relative, stamp
from .marking import marked
from .routes import part_title
from .shown import Term
from .shown_changes import Request


def show_requests(
    requests: Sequence[ChangeRequest],
    standing: Standing,
    names: Names,
    verbs: Collection[str],
    *,
    away: bool = False,
) -> list[Request]:
    """Requests of one order; ``verbs``: what the reader may do about it; ``away``: its ERP can't be
    reached."""
    return [
        _show(each, standing, names, verbs, waits=behind(each, requests) is not None, away=away)
        for each in requests
    ]


def _show(
    request: ChangeRequest,
    standing: Standing,
    names: Names,
    verbs: Collection[str],
    *,
    waits: bool,
    away: bool,
) -> Request:
    zone = zone_for(standing, request)
    countered = request.state == RequestState.COUNTERED
    may = verb_for(request.requested) in verbs
    return Request(
        title=what(request),
        about=_about(request, standing),
        url=reverse("oms_portal:change_request", args=[request.key]),
        call=_("Accept or decline") if countered and may else "",
        chip=request_chip(request),
        heads=_heads(request),
        rows=compare(value_now(request, standing), request.requested, _offer(request), names, zone),
        who=_who(request),
        at=stamp(request.submitted_at or request.created_at, zone),
        next=next_of(request, may=may, waits=waits, away=away or _is_put_off(request)),
        until=_until(request, standing.now, zone) if countered else NOTHING,
        terms=list(_terms(request.counter or {})) if countered else [],
        said=_said(request, countered=countered),
        reason=str(request.requested.get("reason") or ""),
    )


def value_now(request: ChangeRequest, standing: Standing) -> Values:
    """The order's values beside what was asked: those of now while it is open, else those of then.

    Until the ERP confirms, these are the truth.
    """
    before: Values = request.before
    return {**before, **values_of(standing, request)} if request.is_open else before


def _is_put_off(request: ChangeRequest) -> bool:
    """Whether its ERP had no time for it and is asked again."""
    return request.command is not None and request.command.state == Command.State.RETRYING


def _heads(request: ChangeRequest) -> tuple[str, str, str]:
    """What stands above the order's value, the one asked for, and the one offered or agreed."""
    requested, offered = pgettext("value", "Requested"), pgettext("value", "Offered")
    agreed = pgettext("value", "Agreed")
    if request.state == RequestState.APPLIED:
        return pgettext("value", "Before"), requested, agreed
    if not request.is_open:
        return pgettext("value", "Stays"), requested, offered
    countered = request.state == RequestState.COUNTERED
    return pgettext("value", "Now"), requested, offered if countered else agreed


def _offer(request: ChangeRequest) -> Values:
    """What was offered or agreed, as far as it is another thing than what was asked for."""
    open_offer = (RequestState.COUNTERED, RequestState.REJECTED, RequestState.WITHDRAWN)
    offered = (request.counter if request.state in open_offer else request.approved) or {}
    return {
        name: value
        for name, value in offered.items()
        if name not in ("cancel", "reason") and value != request.requested.get(name)
    }


def _about(request: ChangeRequest, standing: Standing) -> str:
    """Which of its deliveries, where it is not about the whole order."""
    if request.scope != ChangeRequest.Scope.SHIPMENT:
        return _("Some items") if request.scope == ChangeRequest.Scope.LINES else ""
    part = part_of(standing, request)
    if part is None and request.delivery:
        return _("Delivery %(number)s") % {"number": isolated(request.delivery)}
    return part_title(part)


def _who(request: ChangeRequest) -> str:
    """Whose wish it is; staff who act for somebody stay unnamed."""
    if request.on_behalf_of:
        said = {"name": isolated(_name(request.on_behalf_of))}
        return _("Asked for by our team for %(name)s") % said
    if request.requested_by is None:
        return pgettext("by nobody named", "Asked for")
    return _("Asked for by %(name)s") % {"name": isolated(_name(request.requested_by))}


def _name(person: Any) -> str:
    name: str = person.get_full_name() or getattr(person, "email", "") or person.get_username()
    return name


def _until(request: ChangeRequest, now: datetime, zone: tzinfo) -> SafeString:
    if request.cutoff_at is None:
        return NOTHING
    near = relative(request.cutoff_at, zone, now)
    when = deadline(request.cutoff_at, zone, now)
    if not near:
        return marked(_("The offer holds until %(time)s."), time=when)
    return marked(_("The offer holds until %(time)s (%(near)s)."), time=when, near=near)


def _terms(counter: Mapping[str, Any]) -> Iterator[Term]:
    if cost := fee(counter):
        yield Term(_("Costs"), cost)


def _said(request: ChangeRequest, *, countered: bool) -> str:
    """Why, in somebody's own words where there are some, else in ours."""
    if countered:
        return str((request.counter or {}).get("text") or "")
    if request.answer_text:
        return request.answer_text
    told = request.state in (RequestState.REJECTED, RequestState.EXPIRED) and not plainer(request)
    return str(words(request.answer_code)) if told and request.answer_code else ""
