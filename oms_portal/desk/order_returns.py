"""The returns of one order, on the order's own page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from oms_portal.orders.models import Order
from oms_portal.returns.kinds import PRIVATE
from oms_portal.returns.models import Return

from .inspecting import Section, rows
from .listings import Moment, Text, Title, Word
from .return_words import state_tone, state_word
from .traces import person


# So many of an order's returns stand on its page; the list has them all.
SHOWN = 10


def returns_of(order: Order) -> Section:
    found = Return.objects.filter(lines__returnable__order=order).exclude(state__in=PRIVATE)
    columns = [
        Title("number", label=_("Return"), url_name="oms_returns:inspect"),
        Word("state", label=_("State"), accessor=state_word, tone=state_tone),
        Text("kind", label=_("Kind"), accessor="get_kind_display"),
        Text("who", label=_("Asked for by"), accessor=lambda rma: person(rma.requested_by)),
        Moment("submitted_at", label=pgettext("when", "Asked for")),
        Moment("closed_at", label=_("Closed")),
    ]
    newest = found.select_related("requested_by").distinct().order_by("-submitted_at", "-pk")
    shown = list(newest[: SHOWN + 1])
    url = reverse("oms_returns:index", query={"q": order.number})
    return Section(
        "returns",
        _("Returns"),
        table=rows(columns, shown[:SHOWN]),
        empty=_("Nothing of it was sent back."),
        more=(url, _("All returns of this order")) if len(shown) > SHOWN else None,
        icon="undo",
    )
