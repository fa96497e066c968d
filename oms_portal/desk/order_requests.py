"""The change requests of one order, on the order's own page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from oms_portal.changes.models import PRIVATE
from oms_portal.fragments.changing_states import what
from oms_portal.orders.models import Order

from .change_words import state_tone, state_word
from .inspecting import Section, rows
from .listings import Moment, Text, Title, Word
from .traces import person


# So many of an order's requests stand on its page; the list has them all.
SHOWN = 10


def requests_of(order: Order) -> Section:
    found = order.change_requests.exclude(state__in=PRIVATE).select_related("requested_by")
    columns = [
        Title("what", label=_("What is asked"), accessor=what, url_name="oms_changes:inspect"),
        Word("state", label=_("State"), accessor=state_word, tone=state_tone),
        Text("who", label=_("Asked for by"), accessor=lambda asked: person(asked.requested_by)),
        Moment("submitted_at", label=pgettext("when", "Asked for")),
        Moment("closed_at", label=_("Closed")),
    ]
    shown = list(found.order_by("-submitted_at", "-pk")[: SHOWN + 1])
    url = reverse("oms_changes:index", query={"q": order.number})
    return Section(
        "requests",
        _("Change requests"),
        table=rows(columns, shown[:SHOWN]),
        empty=_("Nobody asked for a change."),
        more=(url, _("All requests of this order")) if len(shown) > SHOWN else None,
        icon="edit",
    )
