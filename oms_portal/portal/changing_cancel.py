"""The form that cancels an order, a delivery, or so much of some items."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from oms_portal.changes.scope import cancellable
from oms_portal.changes.standing import Standing, standing_of
from oms_portal.changes.wishes import Wish
from oms_portal.orders.models import Order

from .changing import FORM, order_to
from .changing_cancel_form import CancelForm
from .changing_items import items_of
from .changing_kept import keep
from .changing_page import draw_form
from .changing_scope import DELIVERY
from .changing_taking import take
from .rights import needs


@needs("cancel", Order, methods=FORM, anywhere=True, signed_out=keep)
def cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """As ``changing.change``; of big orders some items are shown, others are found."""
    order = order_to(request, slug, "cancel")
    return take(request, standing_of(order, timezone.now()), Cancelling())


class Cancelling:
    def form(
        self, request: HttpRequest, standing: Standing, typed: QueryDict, *, judged: bool = False
    ) -> CancelForm:
        left = cancellable(standing, Wish(requested={"cancel": []}))
        first = DELIVERY + request.GET.get("delivery", "")
        return CancelForm(typed, judged=judged, standing=standing, left=left, first=first)

    def page(
        self, request: HttpRequest, form: CancelForm, key: str, status: int = 200, **context: Any
    ) -> HttpResponse:
        items = items_of(form.standing, form.left, form.typed.get("find", ""), form.picked)
        context |= {
            "form": form,
            "open": bool(form.left),
            "items": items,
            "rows": form.rows(items.rows),
            "troubles": form.troubles_of(items.rows) if form.is_bound else (),
        }
        return draw_form(request, "cancel", form.standing, key, status=status, **context)
