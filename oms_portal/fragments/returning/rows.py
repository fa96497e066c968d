"""A return as a row of a list, of an order's page or of the dashboard."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from oms_portal.orders.moments import zone_of
from oms_portal.returns.kinds import ENDED, ReturnState
from oms_portal.returns.models import Return, ReturnLine

from ..formats import day_stamp
from . import shown
from .chips import return_chip
from .data import orders_of
from .steps import steps
from .words import headline, title, todo, what


def show_row(rma: Return, lines: Sequence[ReturnLine], *, with_steps: bool = False) -> shown.Row:
    """Of a return with its company, and its lines with their orders."""
    zone = zone_of(rma.company.time_zone)
    return shown.Row(
        number=rma.number,
        title=title(rma),
        url=reverse("oms_portal:return", args=[rma.number]),
        chip=return_chip(rma.state),
        orders=[shown.Way(order.number, order.get_absolute_url()) for order in orders_of(lines)],
        what=what(lines),
        day=day_stamp(rma.submitted_at or rma.created_at, zone),
        next=brief(rma),
        company=rma.company.name,
        steps=steps(rma, zone) if with_steps and rma.state not in ENDED else (),
    )


def brief(rma: Return) -> str:
    """Where it stands; once it is approved, by when the goods are to be handed over."""
    if rma.state == ReturnState.APPROVED:
        return todo(rma)[-1] if todo(rma) else headline(rma)
    return headline(rma)
