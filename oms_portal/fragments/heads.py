"""The head of an order: one sentence that says where it stands, and a line with steps."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.orders.detail import OrderDetail
from oms_portal.orders.locales import day, isolated
from oms_portal.orders.models import OrderStatus
from oms_portal.orders.summary import OrderSummary
from oms_portal.orders.wording import status_word

from . import shown
from .formats import NOTHING, stamp


# What each status means to the customer: without a promised date, and with one.
_HEADLINES: dict[OrderStatus, tuple[Any, Any]] = {
    OrderStatus.RECEIVED: (
        gettext_lazy("We have your order and will confirm it soon."),
        gettext_lazy("We have your order and expect to deliver it by %(date)s."),
    ),
    OrderStatus.CONFIRMED: (
        gettext_lazy("Your order is confirmed."),
        gettext_lazy("Your order is confirmed for %(date)s."),
    ),
    OrderStatus.PROCESSING: (
        gettext_lazy("We are getting your order ready."),
        gettext_lazy("We are getting your order ready for %(date)s."),
    ),
    OrderStatus.PARTIALLY_SHIPPED: (
        gettext_lazy("A part of your order is on its way."),
        gettext_lazy("A part of your order is on its way; all of it is promised for %(date)s."),
    ),
    OrderStatus.SHIPPED: (
        gettext_lazy("Your order is on its way."),
        gettext_lazy("Your order is on its way and promised for %(date)s."),
    ),
    OrderStatus.PARTIALLY_DELIVERED: (
        gettext_lazy("A part of your order has arrived."),
        gettext_lazy("A part of your order has arrived; the rest is promised for %(date)s."),
    ),
    OrderStatus.DELIVERED: (gettext_lazy("Your order has arrived."),) * 2,
    OrderStatus.CLOSED: (gettext_lazy("Your order has arrived and is completed."),) * 2,
    OrderStatus.CANCELLED: (gettext_lazy("Your order is cancelled. Nothing will be sent."),) * 2,
    OrderStatus.ON_HOLD: (
        gettext_lazy("Your order is on hold. Please contact us, so that we can go on."),
    )
    * 2,
}
_STEPS = (
    OrderStatus.RECEIVED,
    OrderStatus.CONFIRMED,
    OrderStatus.PROCESSING,
    OrderStatus.SHIPPED,
    OrderStatus.DELIVERED,
)
_REACHED = {
    OrderStatus.RECEIVED: 0,
    OrderStatus.CONFIRMED: 1,
    OrderStatus.PROCESSING: 2,
    OrderStatus.PARTIALLY_SHIPPED: 3,
    OrderStatus.SHIPPED: 3,
    OrderStatus.PARTIALLY_DELIVERED: 3,
    OrderStatus.DELIVERED: 5,
    OrderStatus.CLOSED: 5,
}


def headline(order: OrderSummary, zone: tzinfo) -> str:
    plain, dated = _HEADLINES[order.status]
    if order.late and order.due:
        text = _("%(standing)s It is late: we had promised it for %(date)s.")
        return text % {"standing": plain, "date": day(order.due, zone)}
    if order.promise is None:
        return str(plain)
    return str(dated) % {"date": day(order.promise, zone)}


def announcement(order: OrderSummary, zone: tzinfo) -> str:
    """The sentence a screen reader hears when the order changed."""
    if order.exception:
        text = _("Order %(number)s needs attention. %(headline)s")
    else:
        text = _("Order %(number)s: %(headline)s")
    return text % {"number": isolated(order.number), "headline": headline(order, zone)}


def steps(order: OrderDetail, zone: tzinfo) -> list[shown.Step]:
    status, raw = order.summary.status, order.summary.raw_status
    placed = stamp(order.summary.placed_at, zone)
    if status == OrderStatus.CANCELLED:
        return [_step(OrderStatus.RECEIVED, "done", placed), _step(status, "stopped", raw=raw)]
    here = _REACHED.get(status, order.reached)
    found = []
    for index, step in enumerate(_STEPS):
        state = "done" if index < here else "now" if index == here else "todo"
        at = placed if index == 0 else NOTHING
        found.append(_step(status, state, at, raw) if index == here else _step(step, state, at))
    return found


def _step(word: OrderStatus, state: str, at: Any = NOTHING, raw: str = "") -> shown.Step:
    return shown.Step(status_word(word, raw), state, at)
