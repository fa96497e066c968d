"""The form that cancels an order, a delivery, or so much of some items."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone

from oms_portal.changes import actions
from oms_portal.changes.models import Aspect
from oms_portal.changes.refusals import KeyReused, Refused, Stale
from oms_portal.changes.scope import cancellable
from oms_portal.changes.standing import Standing, standing_of
from oms_portal.changes.wishes import Wish
from oms_portal.customers.access import actor_of
from oms_portal.orders.models import Order

from .changing import order_to
from .changing_cancel_form import CancelForm
from .changing_conflict import conflict_of, seal
from .changing_items import items_of
from .changing_page import CHECK, SENDING, SeeOther, busy, draw_form, fresh_key, key_of, too_many
from .changing_scope import DELIVERY
from .rights import needs


@needs("cancel", Order, methods=("GET", "HEAD", "POST"), anywhere=True)
def cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """As ``changing.change``; of big orders some items are shown, others are found."""
    order = order_to(request, slug, "cancel")
    standing = standing_of(order, timezone.now())
    if request.method != "POST":
        return _page(request, _form(request, standing, QueryDict()), fresh_key())
    if request.POST.get("do") not in SENDING:
        return _page(request, _form(request, standing, request.POST), key_of(request.POST))
    if too_many(request):
        return busy(request)
    return _send(request, _form(request, standing, request.POST, judged=True))


def _send(request: HttpRequest, form: CancelForm) -> HttpResponse:
    typed, standing = request.POST, form.standing
    key = key_of(typed)
    if not form.is_valid():
        return _page(request, form, key, status=422)
    try:
        made = actions.begin(
            request.user,  # type: ignore[arg-type]  # signed in
            actor_of(request),
            standing.order,
            form.wish(),
            form_key=key,
            basis=typed.get("version", ""),
            now=standing.now,
            check_first=typed["do"] == CHECK,
        )
    except Stale as stale:
        anew = _form(request, stale.standing, typed)
        rows = conflict_of(stale.standing, typed.get("seen", ""), {}, ())
        return _page(request, anew, fresh_key(), conflict=rows, status=412)
    except Refused as refused:
        form.refuse(refused)
        other = isinstance(refused, KeyReused)
        return _page(request, form, fresh_key() if other else key, status=422)
    return SeeOther(reverse("oms_portal:change_request", args=[made.key]))


def _form(
    request: HttpRequest, standing: Standing, typed: QueryDict, *, judged: bool = False
) -> CancelForm:
    left = cancellable(standing, Wish(requested={"cancel": []}))
    first = DELIVERY + request.GET.get("delivery", "")
    return CancelForm(typed, judged=judged, standing=standing, left=left, first=first)


def _page(
    request: HttpRequest, form: CancelForm, key: str, status: int = 200, **context: Any
) -> HttpResponse:
    standing = form.standing
    items = items_of(standing, form.left, form.typed.get("find", ""), form.picked)
    context |= {
        "form": form,
        "open": bool(form.left) and bool(standing.changeable(Aspect.CANCEL)),
        "items": items,
        "rows": form.rows(items.rows),
        "troubles": form.troubles_of(items.rows) if form.is_bound else (),
        "seen": seal(standing),
    }
    return draw_form(request, "cancel", standing, key, status=status, **context)
