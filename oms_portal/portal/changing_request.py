"""One request: where it stands, what it means, and what its author or a colleague does about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from oms_portal.changes import actions, reasons
from oms_portal.changes.models import PRIVATE, ChangeRequest
from oms_portal.changes.queries import request_of, verbs_of
from oms_portal.changes.refusals import Refused, Stale
from oms_portal.changes.scope import verb_for
from oms_portal.customers.access import actor_of, can, person_of
from oms_portal.fragments.change_request import OneChange, show_one
from oms_portal.fragments.changing import may, read_may
from oms_portal.fragments.changing_data import changing_with
from oms_portal.fragments.changing_impact import impacts, offers
from oms_portal.orders import typed

from .changing_again import typed_of
from .changing_page import SeeOther, busy, fresh_key, key_of, too_many
from .pages import draw
from .pieces import answer, signed_out
from .rights import needs
from .showing import show


@needs("view", ChangeRequest)
def change_request(request: HttpRequest, key: str) -> HttpResponse:
    return _page(request, _found(request, key))


@needs("view", ChangeRequest, signed_out=signed_out)
def change_piece(request: HttpRequest, key: str) -> HttpResponse:
    return answer(request, _live(request, key))


@needs("change", ChangeRequest, methods=("POST",), anywhere=True)
def change_verb(request: HttpRequest, key: str, verb: str) -> HttpResponse:
    """303 to the request; 409 with the reason where it is no longer possible, 412 where there is
    another offer by now or the order has moved on, 422 where something is to be chosen first."""
    asked = _found(request, key)
    act = _VERBS.get(verb)
    if act is None or not can(actor_of(request), verb_for(asked.requested), asked.order):
        raise Http404
    if too_many(request):
        return busy(request)
    try:
        act(request, asked)
    except Stale:
        return _page(request, _found(request, key), status=412, trouble=_stale(verb))
    except Refused as refused:
        trouble = refused.words or str(reasons.words(refused.code))
        status = 422 if refused.fields else 409
        return _page(request, _found(request, key), status=status, trouble=trouble)
    return SeeOther(reverse("oms_portal:change_request", args=[key]))


def _submit(request: HttpRequest, asked: ChangeRequest) -> None:
    choices = {"address": request.POST.get("address", "")}
    actions.submit(asked, person_of(request), choices=choices, **_how(request))


def _withdraw(request: HttpRequest, asked: ChangeRequest) -> None:
    actions.withdraw(asked, person_of(request), **_how(request))


def _accept(request: HttpRequest, asked: ChangeRequest) -> None:
    version = typed.key(request.POST.get("version", "")) or 0
    actions.accept(asked, person_of(request), version=version, **_how(request))


def _decline(request: HttpRequest, asked: ChangeRequest) -> None:
    actions.decline(asked, person_of(request), **_how(request))


_VERBS: dict[str, Callable[[HttpRequest, ChangeRequest], None]] = {
    "submit": _submit,
    "withdraw": _withdraw,
    "accept": _accept,
    "decline": _decline,
}


def _how(request: HttpRequest) -> dict[str, Any]:
    return {"now": timezone.now(), "key": key_of(request.POST)}


def _stale(verb: str) -> str:
    if verb == "accept":
        return _("There is another offer by now. Please look at it before you answer.")
    return _("The order has moved on since you checked this. Nothing was sent yet.")


def _live(request: HttpRequest, key: str) -> str | None:
    """``order`` is named so that it is shown to all who may see it, as orders are."""
    return show(request, "change_request", change=key, order="")


def _shown(request: HttpRequest, asked: ChangeRequest) -> tuple[OneChange, bool]:
    """What it is, and whether the order has moved on since it was checked."""
    verbs = read_may(may(actor_of(request), asked.order))
    changing = changing_with(asked, timezone.now())
    return show_one(asked, changing, verbs), changing.standing.basis != asked.basis


def _found(request: HttpRequest, key: str) -> ChangeRequest:
    """404 for what is not there, and for what is not the visitor's to see."""
    asked = None if "\0" in key else request_of(actor_of(request), request.user, key)
    if asked is None or asked.order.archived_at:
        raise Http404
    return asked


def _page(
    request: HttpRequest, asked: ChangeRequest, *, status: int = 200, trouble: str = ""
) -> HttpResponse:
    order = asked.order
    allowed = can(actor_of(request), verb_for(asked.requested), order)
    private = asked.state in PRIVATE
    live = None if private else _live(request, asked.key)
    shown, moved = (None, False) if live else _shown(request, asked)
    moved = moved and private
    context = {
        "order": order,
        "asked": asked,
        "live": live,
        "live_source": reverse("oms_portal:fragment_change", args=[asked.key]),
        "shown": shown,
        "moved": moved,
        "private": private,
        "verbs": verbs_of(asked, actor_of(request), request.user),
        "impacts": impacts(asked) if private else (),
        "offers": list(offers(asked)) if private else (),
        "trouble": trouble or (_stale("submit") if moved else ""),
        "again": typed_of(asked) if allowed and (private or not asked.is_open) else (),
        "again_url": reverse(f"oms_portal:{verb_for(asked.requested)}", args=[order.slug]),
        "key": fresh_key(),
    }
    return draw(request, "oms_portal/portal/changes/request.html", context, status)
