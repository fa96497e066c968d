"""Rows that name an order by its ref: with the order's number, and a link where there is one."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.orders.models import Order

from .inspecting import Fact
from .listings import Title
from .policies import may


def with_order(found: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Each row of ``found`` with ``order_number`` and, for who may see orders, ``order_pk``."""
    order = Order.objects.filter(ref=OuterRef("order_ref"))
    pk = order.values("pk") if may(user, "view", Order) else order.none().values("pk")
    return found.annotate(
        order_number=Subquery(order.values("number")[:1]), order_pk=Subquery(pk[:1])
    )


class OrderTitle(Title):
    """The order's number, or its ref where nobody told of it yet."""

    empty_value_display = ""

    def __init__(self) -> None:
        super().__init__(
            "order",
            label=gettext_lazy("Order"),
            classname="omsdesk-ref",
            accessor=lambda row: row.order_number or row.order_ref,
            get_url=lambda row: url_of(row.order_pk),
        )


def url_of(pk: int | None) -> str | None:
    return reverse("oms_orders:inspect", args=[pk]) if pk else None


def fact_of(ref: str, order: Order | None, user: Any) -> Fact:
    url = url_of(order.pk) if order and may(user, "view", Order) else None
    return Fact(_("Order"), order.number if order else ref, url or "")
