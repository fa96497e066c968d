"""Telling that orders moved: topic versions now, the public signal after the commit."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.db import transaction

from oms_portal import live
from oms_portal.customers.lineage import list_topics, list_topics_at
from oms_portal.signals import order_changed

from .models import Order


def order_topic(order_id: int) -> str:
    """The topic of all that one order shows."""
    return f"order:{order_id}"


def announce(orders: Iterable[Order], *companies: int) -> None:
    """Grow the topics of these orders and of their companies' lists, and of further companies'."""
    moved = list(orders)
    known = {order.company_id: order.company for order in moved}
    topics = set().union(*(list_topics_at(company) for company in known.values()))
    topics |= list_topics(*(set(companies) - known.keys()))
    live.changed(*topics, *(order_topic(order.pk) for order in moved))
    for order in moved:
        transaction.on_commit(partial(_signal, order), robust=True)


def _signal(order: Order) -> None:
    order_changed.send_robust(sender=Order, order=order, version=order.version)
