"""The order list: a page of what a company's person may see, as they narrowed and sorted it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.functional import lazy

from oms_portal.customers.access import Actor
from oms_portal.orders.personal import SavedView
from oms_portal.orders.queries import page_of
from oms_portal.orders.sorting import read_cursor
from oms_portal.orders.summary import OrderPage

from .base import Rendered, Spec, register
from .browsing import Browsing
from .company import CompanyFragment
from .drawing import draw
from .narrowing import book_of
from .rows import NO_BOOK, show_page
from .saved import show_views
from .updates import company_zone, news
from .wording import speaking


@register
class OrderListFragment(CompanyFragment):
    name = "orders"
    personal = "oms_portal/fragments/views.html"

    def asked(self, params: Mapping[str, str]) -> Mapping[str, str]:
        """``before`` (a cursor of the sort), and all that ``Browsing`` reads."""
        browsing, before = Browsing.read(params), params.get("before", "")
        sound = read_cursor(browsing.sort, before) is not None
        return {"before": before if sound else "", **browsing.params}

    def own(self, actor: Actor, spec: Spec) -> dict[str, Any]:
        browsing = Browsing.read(dict(spec.params))
        if actor.user_id is None or not browsing.shows("views"):
            return {}
        views = SavedView.objects.filter(user=actor.user_id, company=int(spec["company"]))
        return {"shown": show_views(list(views), browsing)}

    def render(self, spec: Spec, version: int) -> Rendered:
        browsing, before, now = Browsing.read(dict(spec.params)), spec["before"], timezone.now()
        actor = Actor.of_rights(spec["rights"])
        page = page_of(actor, browsing.size, before, browsing.sort, browsing.filters, now=now)
        book = book_of(actor) if browsing.shows("filters") else NO_BOOK
        newest = max(page.rows, key=lambda row: row.told_at, default=None)
        with speaking(spec):
            html = draw(
                spec,
                version,
                show_page(page, browsing, now, before=before, book=book),
                newest.told_at if newest else None,
                _states(page, browsing),
            )
        return Rendered(html, lazy(_news, str)(actor, spec))


def _news(actor: Actor, spec: Spec) -> str:
    """Of the change, whichever page its order is on; asked for by sockets alone."""
    with speaking(spec):
        return news(actor, spec.topic, company_zone(spec["company"]))


def _states(page: OrderPage, browsing: Browsing) -> list[str]:
    """What holds of the list: that there is nothing in it, or what flags its orders have.

    Where the visitor narrowed it, nothing found is not "empty"; where the editor did, it is.
    """
    if not page.rows:
        by_visitor = browsing.filters and (browsing.shows("filters") or browsing.filters.words)
        return [] if by_visitor else ["empty"]
    flags = {flag for row in page.rows for flag in row.flags}
    return sorted(flags & {"late", "exception", "backordered"})
