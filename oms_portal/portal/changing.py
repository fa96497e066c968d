"""The form that changes an order: what can be changed till when, and what is wished instead."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone

from oms_portal.changes import actions
from oms_portal.changes.addresses import book_of
from oms_portal.changes.models import Aspect, PickupPlace
from oms_portal.changes.refusals import KeyReused, Refused, Stale
from oms_portal.changes.standing import Standing, standing_of
from oms_portal.customers.access import actor_of, can
from oms_portal.orders.models import Order
from oms_portal.orders.queries import order_of

from .changing_conflict import conflict_of, seal
from .changing_form import ASPECTS, ChangeForm, Choices
from .changing_items import items_of, left_of
from .changing_page import CHECK, SENDING, SeeOther, busy, draw_form, fresh_key, key_of, too_many
from .changing_scope import DELIVERY
from .rights import needs


FORM = ("GET", "HEAD", "POST")


@needs("change", Order, methods=FORM, anywhere=True)
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """GET draws the form, with ``?delivery=<thread>`` for that one; POST sends it, or draws it anew
    where another button was pressed.

    303 to the request that it made; 422 with what is wrong; 412 where the order has moved on.
    """
    order = order_to(request, slug, "change")
    standing = standing_of(order, timezone.now())
    if request.method != "POST":
        return _page(request, _form(request, standing, QueryDict()), fresh_key())
    if request.POST.get("do") not in SENDING:
        return _page(request, _form(request, standing, request.POST), key_of(request.POST))
    if too_many(request):
        return busy(request)
    return _send(request, _form(request, standing, request.POST, judged=True))


def order_to(request: HttpRequest, slug: str, verb: str) -> Order:
    """The order that the visitor may do this to; 404 for any other, as for one that is not there."""
    actor = actor_of(request)
    order = order_of(actor, slug)
    if order is None or not can(actor, verb, order):
        raise Http404
    return order


def _send(request: HttpRequest, form: ChangeForm) -> HttpResponse:
    typed, standing = request.POST, form.standing
    key = key_of(typed)
    if not form.is_valid():
        return _page(request, form, key, status=422)
    wish = form.wish()
    try:
        made = actions.begin(
            request.user,  # type: ignore[arg-type]  # signed in
            actor_of(request),
            standing.order,
            wish,
            form_key=key,
            basis=typed.get("version", ""),
            now=standing.now,
            check_first=typed["do"] == CHECK,
        )
    except Stale as stale:
        anew = _form(request, stale.standing, typed)
        rows = conflict_of(stale.standing, typed.get("seen", ""), wish.requested, form.choices.book)
        return _page(request, anew, fresh_key(), conflict=rows, status=412)
    except Refused as refused:
        form.refuse(refused)
        other = isinstance(refused, KeyReused)
        return _page(request, form, fresh_key() if other else key, status=422)
    return SeeOther(reverse("oms_portal:change_request", args=[made.key]))


def _form(
    request: HttpRequest, standing: Standing, typed: QueryDict, *, judged: bool = False
) -> ChangeForm:
    actor, order = actor_of(request), standing.order
    rules = order.company.delivery_rules
    choices = Choices(
        book=book_of(actor, order) if Aspect.ADDRESS in standing.aspects else (),
        may_add=can(actor, "new_address", order) and rules.get("ship_to") != actions.APPROVED_ONLY,
        branches=list(PickupPlace.objects.filter(active=True)),
    )
    first = DELIVERY + request.GET.get("delivery", "")
    return ChangeForm(typed, judged=judged, standing=standing, choices=choices, first=first)


def _page(
    request: HttpRequest, form: ChangeForm, key: str, status: int = 200, **context: Any
) -> HttpResponse:
    standing = form.standing
    left = left_of(standing, ASPECTS)
    context |= {
        "form": form,
        "sections": form.sections(),
        "new_address": form.new_address(),
        "left_over": list(form.address.left_over()) if form.address else (),
        "troubles": form.troubles() if form.is_bound else (),
        "items": items_of(standing, left, form.typed.get("find", ""), form.picked),
        "picked": form.picked,
        "seen": seal(standing),
    }
    return draw_form(request, "change", standing, key, status=status, **context)
