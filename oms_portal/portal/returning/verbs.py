"""What people do about a return: take it back, change it, answer us, say that it is on its way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from oms_portal.customers.access import actor_of, can, person_of
from oms_portal.returns import actions
from oms_portal.returns.kinds import PRIVATE, ReturnState
from oms_portal.returns.models import Return
from oms_portal.returns.refusals import KeyReused, Refused, Stale

from ..changing_kept import keep
from ..changing_page import SeeOther, key_of
from ..rights import needs
from .drafts import found
from .judging import reached, said
from .page import TOO_MANY, TWICE, too_many
from .steps import url_of
from .tracking import page, question_key


@needs("return", Return, methods=("POST",), anywhere=True, signed_out=keep)
def return_verb(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """303 to where it goes on; 409 with the reason where it is no longer possible, 412 where
    there is another question by now, 422 where something is to be filled in."""
    asked = found(request, number)
    act = _VERBS.get(verb)
    if act is None or not can(actor_of(request), "return", asked):
        raise Http404
    if too_many(request):
        return _again(request, asked, 429, str(TOO_MANY))
    try:
        return SeeOther(act(request, asked))
    except Stale as stale:
        return _again(request, stale.rma, 412, _other_question())
    except KeyReused:
        return _again(request, asked, 422, str(TWICE))
    except Refused as refused:
        words = next(iter(refused.fields.values()), refused.code)
        status = 422 if refused.fields else 409
        return _again(request, found(request, number), status, said(words))


def _require_same_question(typed: QueryDict, asked: Return) -> None:
    """An answer is to the question that was read. A page that was drawn before we asked has none;
    it showed the question as it came."""
    read = typed.get("asked", "")
    if read and asked.state == ReturnState.INFO_NEEDED and read != question_key(asked):
        raise Stale(asked)


def _other_question() -> str:
    return _("We have another question by now. Please look at it before you answer.")


def _again(request: HttpRequest, asked: Return, status: int, trouble: str) -> HttpResponse:
    """Its page with what was typed. A draft has none: it goes on where it was left."""
    if asked.state in PRIVATE:
        return SeeOther(url_of(asked, reached(asked)))
    names = ("reply", "carrier", "tracking_number")
    typed = {name: request.POST.get(name, "") for name in names}
    return page(request, asked, status, trouble, **typed)


def _withdraw(request: HttpRequest, asked: Return) -> str:
    actions.withdraw(asked, person_of(request), **_how(request))
    return _page_of(asked)


def _edit(request: HttpRequest, asked: Return) -> str:
    """To the draft that is to take its place."""
    draft = actions.edit(
        asked,
        person_of(request),
        form_key=key_of(request.POST),
        now=timezone.now(),
    )
    return url_of(draft, reached(draft))


def _reply(request: HttpRequest, asked: Return) -> str:
    _require_same_question(request.POST, asked)
    text = request.POST.get("reply", "")
    actions.reply(asked, person_of(request), text, **_how(request))
    return _page_of(asked)


def _hand_over(request: HttpRequest, asked: Return) -> str:
    carrier = request.POST.get("carrier", "")
    number = request.POST.get("tracking_number", "")
    actions.hand_over(asked, person_of(request), carrier, number, **_how(request))
    return _page_of(asked)


def _discard(request: HttpRequest, asked: Return) -> str:
    actions.discard(asked, person_of(request))
    return reverse("oms_portal:returns")


_VERBS: Mapping[str, Callable[[HttpRequest, Return], str]] = {
    "withdraw": _withdraw,
    "edit": _edit,
    "reply": _reply,
    "hand_over": _hand_over,
    "discard": _discard,
}


def _how(request: HttpRequest) -> dict[str, Any]:
    return {"now": timezone.now(), "key": key_of(request.POST)}


def _page_of(asked: Return) -> str:
    return reverse("oms_portal:return", args=[asked.number])
