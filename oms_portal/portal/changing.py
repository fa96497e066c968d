"""The form that changes an order: what can be changed till when, and what is wished instead."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from oms_portal.changes import actions
from oms_portal.changes.addresses import book_of
from oms_portal.changes.models import Aspect, PickupPlace
from oms_portal.changes.standing import Standing, standing_of
from oms_portal.customers.access import Actor, actor_of, can
from oms_portal.orders.models import Order
from oms_portal.orders.queries import order_of

from .changing_form import ASPECTS, ChangeForm, Choices
from .changing_items import items_of, left_of
from .changing_kept import keep
from .changing_page import draw_form
from .changing_scope import DELIVERY
from .changing_taking import take
from .rights import needs


FORM = ("GET", "HEAD", "POST")


@needs("change", Order, methods=FORM, anywhere=True, signed_out=keep)
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """``?delivery=<thread>`` chooses that one beforehand."""
    order = order_to(request, slug, "change")
    return take(request, standing_of(order, timezone.now()), Changing())


def order_to(request: HttpRequest, slug: str, verb: str) -> Order:
    """The order that the visitor may do this to; 404 for any other, as for one that is not there."""
    actor = actor_of(request)
    order = order_of(actor, slug)
    if order is None or not can(actor, verb, order):
        raise Http404
    return order


class Changing:
    def form(
        self, request: HttpRequest, standing: Standing, typed: QueryDict, *, judged: bool = False
    ) -> ChangeForm:
        choices = _choices(actor_of(request), standing)
        first = DELIVERY + request.GET.get("delivery", "")
        return ChangeForm(typed, judged=judged, standing=standing, choices=choices, first=first)

    def page(
        self, request: HttpRequest, form: ChangeForm, key: str, status: int = 200, **context: Any
    ) -> HttpResponse:
        left = left_of(form.standing, ASPECTS)
        context |= {
            "form": form,
            "sections": form.sections(),
            "new_address": form.new_address(),
            "left_over": list(form.address.left_over()) if form.address else (),
            "troubles": form.troubles() if form.is_bound else (),
            "items": items_of(form.standing, left, form.typed.get("find", ""), form.picked),
            "picked": form.picked,
        }
        return draw_form(request, "change", form.standing, key, status=status, **context)


def _choices(actor: Actor, standing: Standing) -> Choices:
    order = standing.order
    closed = order.company.delivery_rules.get("ship_to") == actions.APPROVED_ONLY
    return Choices(
        book=book_of(actor, order) if Aspect.ADDRESS in standing.aspects else (),
        may_add=can(actor, "new_address", order) and not closed,
        branches=list(PickupPlace.objects.filter(active=True)),
    )
