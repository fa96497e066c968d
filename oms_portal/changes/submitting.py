"""From a wish to a request, and from a request to its command: all inside the caller's transaction,
with the order's row held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q

from . import commands, mails
from .impact import impact_of
from .models import ChangeRequest, RequestState
from .moving import By, move, record
from .reading import Read
from .refusals import Refused, Stale
from .risks import policy_now, risks_of
from .scope import Scope, aspects_in, cancellable, concerned, included, open_parts, units
from .standing import Part, Standing
from .values import differing_anywhere
from .wishes import Wish


# The kind of what is kept in ``impact`` beside the rules' own: what the address was perhaps meant
# to be.
SUGGESTION = "suggestion"
KEEP = "keep"


def start(
    request: ChangeRequest,
    asked: Read,
    standing: Standing,
    basis: str,
    by: By,
    *,
    check_first: bool,
) -> ChangeRequest:
    """Make the request of a wish, and pass it on where nothing is to be confirmed."""
    parts = open_parts(standing, asked.wish)
    if standing.basis != basis:
        raise Stale(standing)
    wish = _settled(asked.wish, standing, parts)
    doubts = [offer for offer in asked.suggestions if offer.id not in wish.kept]
    told = [asdict(offer) | {"kind": SUGGESTION, "about": offer.kind} for offer in doubts]
    request.impact = told + [impact.data() for impact in impact_of(standing, wish)]
    request.scope, request.thread, request.lines = wish.scope, wish.thread, list(wish.lines)
    request.requested = dict(wish.requested)
    request.delivery = parts[0].number if wish.scope == Scope.SHIPMENT else ""
    request.basis = standing.basis
    request.cutoff_at = closes(parts, wish.requested)
    request.before = before(standing, parts, wish)
    request.save(force_insert=True)
    record(request, "begin", by, standing.now)
    if request.impact or check_first:
        move(request, "begin", RequestState.AWAITING_CUSTOMER, by, standing.now)
    else:
        pass_on(request, standing, by, "submit")
    return request


def pass_on(request: ChangeRequest, standing: Standing, by: By, verb: str, **columns: Any) -> None:
    """To the ERP, or first to the people who look at risky wishes. Refused where its hour is over,
    by the database's own comparison."""
    now = standing.now
    risks = risks_of(standing, request, policy_now())
    if risks:
        columns["risks"] = list(risks)
        move(request, verb, RequestState.IN_REVIEW, by, now, only=in_time(now), **columns)
        mails.warn(request)
        return
    dispatch(request, standing, by, verb, only=in_time(now), **columns)


def in_time(now: datetime) -> Q:
    return Q(cutoff_at=None) | Q(cutoff_at__gt=now)


def dispatch(
    request: ChangeRequest,
    standing: Standing,
    by: By,
    verb: str,
    *,
    terms: Mapping[str, Any] | None = None,
    only: Q | None = None,
    **columns: Any,
) -> None:
    """Queue the command and say so of the request, whatever was thought of its risks. ``terms`` are
    those of an offer that is accepted."""
    command = commands.send(request, standing, terms or {})
    parts = included(standing, request) or concerned(standing, request)
    move(
        request,
        verb,
        RequestState.SUBMITTED,
        by,
        standing.now,
        only=only,
        data={"command": str(command.key), "parts": [part.thread for part in parts]},
        **{"command": command, "answer_code": "", "answer_text": "", **columns},
    )


def choose(request: ChangeRequest, choices: Mapping[str, str]) -> None:
    """Take what the customer said to the suggestions: {"address": the id of one, or KEEP}."""
    offers = {told["id"]: told for told in request.impact if told["kind"] == SUGGESTION}
    if not offers:
        return
    chosen = choices.get("address", "")
    if chosen != KEEP and chosen not in offers:
        raise Refused("unchosen", {"address": "unchosen"})
    request.impact = [told for told in request.impact if told["kind"] != SUGGESTION]
    if chosen == KEEP:
        return
    offer = offers[chosen]
    place = {**request.requested["address"], **{k: v for k, v in offer["address"].items() if v}}
    place.pop("ref", None)
    request.requested = {**request.requested, "address": place}
    if offer["ref"]:
        request.requested["ship_to_ref"] = offer["ref"]


def closes(parts: Iterable[Part], requested: Mapping[str, Any]) -> datetime | None:
    """When the first of these parts closes for what is asked; None where no hour is known."""
    ends = (part.limits[aspect].until for part in parts for aspect in aspects_in(requested))
    return min((end for end in ends if end), default=None)


def before(standing: Standing, parts: Iterable[Part], wish: Wish) -> dict[str, Any]:
    """What the ERP says of the members that are to change; of a cancelled line, how much of it was
    cancelled already."""
    if "cancel" in wish.requested:
        refs = [told["line_ref"] for told in wish.requested["cancel"]]
        rows = standing.order.lines.filter(ref__in=refs).values_list("ref", "cancelled")
        return {"cancel": [{"line_ref": ref, "quantity": f"{count:f}"} for ref, count in rows]}
    told = standing.values if wish.scope == Scope.ORDER else next(iter(parts)).values
    return {name: told[name] for name in wish.requested if name in told}


def _settled(wish: Wish, standing: Standing, parts: tuple[Part, ...]) -> Wish:
    """The wish without what is so already, its quantities compared with what is still open."""
    if "cancel" in wish.requested:
        return _cancelled(wish, standing)
    _check_lines(wish, parts)
    changed = differing_anywhere((part.values for part in parts), wish.requested)
    if not changed:
        raise Refused("nothing")
    return replace(wish, requested=changed)


def _check_lines(wish: Wish, parts: Iterable[Part]) -> None:
    held = units(parts)
    for line in wish.lines:
        if line["ref"] not in held:
            raise Refused("unknown_line", {"lines": "unknown_line"})
        if Decimal(line.get("quantity", 0)) > held[line["ref"]]:
            raise Refused("quantity", {"lines": "quantity"})


def _cancelled(wish: Wish, standing: Standing) -> Wish:
    """Of a whole order or delivery without quantities: all that can still be cancelled."""
    left = cancellable(standing, wish)
    asked = {told["line_ref"]: Decimal(told["quantity"]) for told in wish.requested["cancel"]}
    if not asked and wish.scope != Scope.LINES:
        asked = left
    if not asked:
        raise Refused("nothing")
    for ref, count in asked.items():
        if count > left.get(ref, Decimal(0)):
            raise Refused("quantity", {f"cancel.{ref}": "quantity"})
    told = [{"line_ref": ref, "quantity": f"{count:f}"} for ref, count in asked.items()]
    return replace(wish, requested={**wish.requested, "cancel": told})
