"""How a form of a change is taken: drawn, drawn anew, refused with all that was typed, or kept."""

from __future__ import annotations

from typing import Any, Generic, Protocol, TypeVar

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from oms_portal.changes import actions
from oms_portal.changes.models import ChangeRequest
from oms_portal.changes.refusals import KeyReused, Refused, Stale
from oms_portal.changes.standing import Standing
from oms_portal.customers.access import actor_of, person_of

from .changing_conflict import conflict_of
from .changing_kept import kept
from .changing_page import (
    CHECK,
    SEND,
    SENDING,
    TOO_MANY,
    SeeOther,
    fresh_key,
    key_of,
    later,
    too_many,
)
from .changing_scope import ScopeForm


Form = TypeVar("Form", bound=ScopeForm)


class Asking(Protocol, Generic[Form]):
    """One kind of form: how it is made of a standing, and how its page is drawn."""

    def form(
        self, request: HttpRequest, standing: Standing, typed: QueryDict, *, judged: bool = False
    ) -> Form: ...

    def page(
        self, request: HttpRequest, form: Form, key: str, status: int = 200, **context: Any
    ) -> HttpResponse: ...


def take(request: HttpRequest, standing: Standing, asking: Asking[Form]) -> HttpResponse:
    """GET draws the form; POST sends it, or draws it anew where another button was pressed.

    303 to the request that it made; 422 with what is wrong; 412 where the order has moved on.
    """
    if request.method != "POST":
        typed = kept(request)
        form = asking.form(request, standing, typed)
        return _again(request, asking, form, key_of(typed), 200, back=bool(typed))
    typed = request.POST
    if typed.get("do", SEND) not in SENDING:
        return _again(request, asking, asking.form(request, standing, typed), key_of(typed), 200)
    form, key = asking.form(request, standing, typed, judged=True), key_of(typed)
    if too_many(request):
        form.add_error(None, TOO_MANY)
        return later(_again(request, asking, form, key, 429))
    if not form.is_valid():
        return _again(request, asking, form, key, 422)
    return _send(request, asking, form, key)


def _send(request: HttpRequest, asking: Asking[Form], form: Form, key: str) -> HttpResponse:
    """A valid form to the request that it makes, or back with why it makes none."""
    try:
        made = _begin(request, form, key)
    except Stale as stale:
        anew = asking.form(request, stale.standing, form.typed)
        seen, wished = form.typed.get("seen", ""), form.wish().requested
        rows = conflict_of(stale.standing, seen, wished, form.book)
        return asking.page(request, anew, fresh_key(), status=412, conflict=rows)
    except KeyReused:
        form.add_error(None, _("You sent this form before. If you want this too, send it again."))
        return asking.page(request, form, fresh_key(), status=422)
    except Refused as refused:
        form.refuse(refused)
        return _again(request, asking, form, key, 422)
    return SeeOther(reverse("oms_portal:change_request", args=[made.key]))


def _again(
    request: HttpRequest,
    asking: Asking[Form],
    form: Form,
    key: str,
    status: int,
    **context: Any,
) -> HttpResponse:
    """The form with all that was typed. It holds how the order is now, so what is different from
    the one before is said, whatever else is wrong."""
    standing, seen = form.standing, form.typed.get("seen", "")
    if form.typed.get("version", "") in ("", standing.basis):
        return asking.page(request, form, key, status=status, **context)
    rows = conflict_of(standing, seen, {}, form.book)
    code = 412 if status == 422 else status
    return asking.page(request, form, key, status=code, conflict=rows, **context)


def _begin(request: HttpRequest, form: ScopeForm, key: str) -> ChangeRequest:
    return actions.begin(
        person_of(request),
        actor_of(request),
        form.standing.order,
        form.wish(),
        form_key=key,
        basis=form.typed.get("version", ""),
        now=form.standing.now,
        check_first=form.typed.get("do") == CHECK,
    )
