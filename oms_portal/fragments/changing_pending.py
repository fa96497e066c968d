"""The order's own values with what was asked for beside them, as long as nobody confirmed it."""

from __future__ import annotations

from dataclasses import replace

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from oms_portal.changes.models import ChangeRequest
from oms_portal.changes.scope import zone_for
from oms_portal.orders.locales import listed

from .changing_data import Changing
from .changing_states import what
from .changing_values import lines_of
from .shown import Term
from .shown_order import Delivery


def pending_lines(member: str, changing: Changing | None) -> list[str]:
    """What was asked for last of the whole order in place of one of its values, as lines."""
    if changing is None:
        return []
    for request in reversed(changing.open):
        if request.scope == ChangeRequest.Scope.ORDER:
            zone = zone_for(changing.standing, request)
            values = {**request.requested, **(request.approved or {})}
            if lines := lines_of(values, member, changing.names, zone):
                return lines
    return []


def pending_beside(value: SafeString, member: str, changing: Changing | None) -> SafeString:
    """A value of the ERP, with the one that was asked for."""
    lines = pending_lines(member, changing)
    if not lines:
        return value
    words = _("Change pending: %(value)s") % {"value": listed(lines)}
    return format_html('{} <span class="oms-pending-fact">{}</span>', value, words)


def with_pending(delivery: Delivery, thread: str, changing: Changing) -> Delivery:
    """A delivery with what was asked for it alone."""
    asked = [
        what(request)
        for request in changing.open
        if request.scope == ChangeRequest.Scope.SHIPMENT and request.thread == thread
    ]
    if not asked:
        return delivery
    return replace(delivery, facts=[*delivery.facts, Term(_("Change pending"), listed(asked))])
