"""What the ERP says of an order lowers or raises what may come back of it. It is never refused:
what is on returns beyond that is something staff see to."""

from __future__ import annotations

from decimal import Decimal

from oms_portal.notifications.alerts import raise_alert, settle_alert
from oms_portal.orders.followers import follows
from oms_portal.orders.models import Order

from . import ledger
from .kinds import OPEN
from .models import Return, ReturnableLine


ZERO = Decimal(0)


@follows
def follow(order: Order) -> None:
    """The ERP told the order anew, perhaps of another place. One query for an order of which
    nothing was ever to come back."""
    if correct(order):
        recount(order)


def recount(order: Order) -> None:
    """Returns stay where they were asked for: those are open that are at the order's place."""
    here = {"company": order.company_id, "ship_to_ref": order.ship_to_ref}
    rows = Return.objects.filter(lines__returnable__order=order.pk, state__in=OPEN, **here)
    count = rows.distinct().count()
    Order.objects.filter(pk=order.pk).exclude(returns_open=count).update(returns_open=count)


def correct(order: Order) -> bool:
    """Set the caps of the order's ledger anew, its row held; whether it has any."""
    rows = list(ReturnableLine.objects.filter(order=order.pk).order_by("pk"))
    if not rows:
        return False
    fresh = ledger.caps([order.pk])
    for row in rows:
        ledger.correct_row(row, fresh.get((order.pk, row.line_ref, row.thread), ZERO))
    about = f"order:{order.pk}"
    if over := _surely_over(order, rows):
        raise_alert("over_reserved", about, order_ref=order.ref, lines=[_told(row) for row in over])
    else:
        settle_alert("over_reserved", about)
    return True


def _surely_over(order: Order, rows: list[ReturnableLine]) -> list[ReturnableLine]:
    """The rows for which somebody has to be called. An ERP that counts goods in on the order before
    it tells of the return makes a row too full for a moment: what we await is no fault."""
    over = [row for row in rows if row.over_by]
    if not over:
        return []
    most = ledger.caps([order.pk], awaited=True)
    return [
        row for row in over if row.reserved > most.get((order.pk, row.line_ref, row.thread), ZERO)
    ]


def _told(row: ReturnableLine) -> dict[str, str]:
    return {"line_ref": row.line_ref, "thread": row.thread, "over_by": f"{row.over_by:f}"}
