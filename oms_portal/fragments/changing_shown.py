"""An order's changes in words: what the fragment of its own and the page of the order draw."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oms_portal.changes.models import RequestState
from oms_portal.changes.standing import Standing
from oms_portal.orders.moments import zone_of
from oms_portal.orders.summary import OrderSummary

from .changing_data import Changing
from .changing_limits import is_open, show_limits
from .changing_requests import show_requests
from .chips import flag_chips, order_chip
from .formats import NOTHING, stamp, zone_name
from .marking import marked
from .shown_changes import Changes, Delivery


# So many deliveries are told of at once.
MOST = 12
PARTS = ("requests", "limits", "cancel")


def show_changes(changing: Changing, order: OrderSummary, verbs: Collection[str]) -> Changes:
    """In the active language; ``verbs`` are those that the reader may."""
    standing, away = changing.standing, changing.away is not None
    requests = show_requests(changing.requests, standing, changing.names, verbs, away=away)
    told = list(zip(changing.requests, requests, strict=True))
    deliveries = show_limits(standing, verbs)
    can_be = [delivery for delivery in deliveries if is_open(delivery)]
    refused = [delivery for delivery in deliveries if not is_open(delivery)]
    left = len(can_be[MOST:]) + len(refused[MOST:])
    return Changes(
        number=order.number,
        url=reverse("oms_portal:order", args=[order.slug]),
        chip=order_chip(order.status, order.raw_status),
        flags=flag_chips(order.flags),
        requests=[each for request, each in told if request.is_open],
        closed=[each for request, each in told if not request.is_open],
        deliveries=can_be[:MOST],
        refused=refused[:MOST],
        more=ngettext("And %(n)s more delivery.", "And %(n)s more deliveries.", left) % {"n": left}
        if left
        else "",
        note=_note(standing, verbs, possible=bool(can_be)),
        away=_away(changing),
        zone=zone_name(zone_of(standing.zone)),
    )


def hide(shown: Changes, parts: Collection[str]) -> Changes:
    """Without the parts that an editor does not want; what waits for the customer always stays."""
    if "requests" in parts:
        urgent = [request for request in shown.requests if request.call]
        shown = replace(shown, requests=urgent, closed=())
    if "limits" in parts:
        shown = replace(shown, refused=(), deliveries=[_bare(each) for each in shown.deliveries])
    if "cancel" in parts:
        kept = [replace(each, cancel_url="") for each in shown.deliveries]
        shown = replace(shown, deliveries=kept)
    return shown


def _bare(delivery: Delivery) -> Delivery:
    return replace(delivery, limits=())


def states_of(changing: Changing | None, shown: Changes | None) -> list[str]:
    """changeable, change_countered: what a marketer's texts may wait for beside change_pending."""
    if changing is None:
        return []
    holds = {
        "changeable": bool(shown and any(each.is_offered for each in shown.deliveries)),
        "change_countered": any(each.call for each in shown.requests)
        if shown
        else any(each.state == RequestState.COUNTERED for each in changing.open),
    }
    return [state for state, is_so in holds.items() if is_so]


def _note(standing: Standing, verbs: Collection[str], *, possible: bool) -> str:
    """What holds for the order as a whole; "" where its deliveries say it all."""
    if not standing.aspects:
        return _("This order can’t be changed online. Please get in touch with us.")
    if not standing.parts:
        return _("There is nothing in this order that could be changed.")
    if not possible:
        return _("Nothing of this order can be changed any more.")
    if not verbs:
        return _("You may look at this order, but not change it. Ask a colleague who may.")
    return ""


def _away(changing: Changing) -> SafeString:
    if changing.away is None:
        return NOTHING
    zone = zone_of(changing.standing.zone)
    words = _(
        "Our order system can’t be reached at the moment (since %(since)s). Your requests are kept "
        "and passed on by themselves."
    )
    return marked(words, since=stamp(changing.away, zone))
