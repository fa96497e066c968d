"""One's own returns: what was begun and not sent, and all that was sent, live."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise as Lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from oms_portal.customers.access import actor_of
from oms_portal.fragments.formats import day_stamp
from oms_portal.fragments.returning.data import by_return, orders_of
from oms_portal.fragments.returning.words import what
from oms_portal.orders.locales import listed
from oms_portal.orders.moments import zone_of
from oms_portal.returns.kinds import Kind
from oms_portal.returns.models import Return
from oms_portal.returns.queries import drafts_of

from ..changing_page import fresh_key
from ..pages import draw
from ..rights import needs
from ..showing import show_all


# So many drafts are shown; whoever has more finishes or discards some.
DRAFTS = 20


@dataclass(frozen=True)
class Draft:
    """A return that was begun; ``replaces`` is the number of the one that it is to replace."""

    number: str
    version: int
    kind: str | Lazy
    what: str
    orders: str
    begun: SafeString
    replaces: str
    url: str


@needs("view", Return)
def returns(request: HttpRequest) -> HttpResponse:
    fragment, freshness = show_all(request, ("returns", {}), ("freshness", {}))
    context = {
        "fragment": fragment,
        "freshness": freshness,
        "source": reverse("oms_portal:fragment_returns", query=request.GET),
        "drafts": list(_drafts(request)),
        "key": fresh_key(),
    }
    return draw(request, "oms_portal/portal/returns/list.html", context)


def _drafts(request: HttpRequest) -> Iterator[Draft]:
    rows = drafts_of(actor_of(request), request.user).select_related("company", "replaces")
    drafts = list(rows[:DRAFTS])
    lines = by_return([rma.pk for rma in drafts])
    for rma in drafts:
        held = lines.get(rma.pk, [])
        yield Draft(
            number=rma.number,
            version=rma.version,
            kind=Kind(rma.kind).label,
            what=what(held) or _("Nothing chosen yet"),
            orders=listed(order.number for order in orders_of(held)),
            begun=day_stamp(rma.created_at, zone_of(rma.company.time_zone)),
            replaces=rma.replaces.number if rma.replaces else "",
            url=reverse("oms_portal:return", args=[rma.number]),
        )
