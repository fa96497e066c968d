"""The returns of one order, within its page: those that are open, those that ended, and the way to
a new one."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from oms_portal.erp.connectors.registry import capabilities_of
from oms_portal.orders.announcing import order_topic
from oms_portal.orders.models import Order
from oms_portal.returns.eligible import CAPABILITY, LEFT
from oms_portal.returns.kinds import OPEN, PRIVATE
from oms_portal.returns.models import Return, ReturnEvent, ReturnLine

from . import shown
from .data import moved_at, together
from .history import told_of
from .rows import show_row
from .words import announcement


# So long a return that is over still stands with its order.
LATELY = timedelta(days=90)


def with_returns(orders: QuerySet[Order]) -> QuerySet[Order]:
    """These orders, each with whether anything of it was ever ``returned``."""
    lines = _lines(OuterRef("pk"), OuterRef("company"), OuterRef("ship_to_ref"))
    return orders.annotate(returned=Exists(lines.exclude(rma__state__in=PRIVATE)))


def returns_beside(order: Order, now: datetime, *, may: bool) -> shown.Beside | None:
    """Of an order of ``with_returns`` and ``prepared``, in the active language; None where there is
    nothing to say, and then it costs no query."""
    start = _start(order) if may else ""
    found = _found(order, now) if getattr(order, "returned", True) else []
    if not (start or found):
        return None
    told = [(rma, show_row(rma, lines, with_steps=True)) for rma, lines in found]
    return shown.Beside(
        rows=[row for rma, row in told if rma.state in OPEN],
        closed=[row for rma, row in told if rma.state not in OPEN],
        start_url=start,
    )


def _found(order: Order, now: datetime) -> list[tuple[Return, list[ReturnLine]]]:
    """With all their lines, in one query."""
    here = _lines(order.pk, order.company_id, order.ship_to_ref).values("rma")
    shown = Q(rma__state__in=OPEN) | Q(rma__closed_at__gte=now - LATELY)
    rows = ReturnLine.objects.filter(shown, rma__in=here).exclude(rma__state__in=PRIVATE)
    rows = rows.select_related("rma__company", "returnable__order")
    rows = rows.defer("returnable__order__history", "terms", "text")
    ordered = rows.order_by("-rma__submitted_at", "-rma_id", "pk")
    lines = (list(group) for _pk, group in groupby(ordered, key=lambda line: line.rma_id))
    return [(group[0].rma, group) for group in lines]


def _lines(order: Any, company: Any, ship_to_ref: Any) -> QuerySet[ReturnLine]:
    """Of returns that were asked for where the order is now: what others sent back of it, before
    the ERP moved it, is theirs."""
    place = {"rma__company": company, "rma__ship_to_ref": ship_to_ref}
    return ReturnLine.objects.filter(returnable__order=order, **place)


def _start(order: Order) -> str:
    """Where a return of it begins; "" while nothing has left, or where its ERP takes none."""
    told_by: str | None = getattr(order, "told_by", None)
    if order.status not in LEFT or CAPABILITY not in capabilities_of(told_by or ""):
        return ""
    return reverse("oms_portal:return_new", query={"order": order.slug})


def said_of_return(order: Order) -> str:
    """The sentence on the return of it that moved last, in the active language; "" where something
    else did. For sockets."""
    lines = _lines(order.pk, order.company_id, order.ship_to_ref).values("rma")
    steps = ReturnEvent.objects.filter(rma__in=lines).exclude(state__in=PRIVATE)
    step = steps.select_related("rma").order_by("-pk").first()
    if step is None or not together(step.at, moved_at(order_topic(order.pk))):
        return ""
    return announcement(step.rma, told_of(step))
