"""The order list: a page of what a company's person may see, as they narrowed and sorted it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from oms_portal.customers.access import Actor
from oms_portal.orders.moments import zone_of
from oms_portal.orders.personal import SavedView
from oms_portal.orders.queries import list_topic, page_of
from oms_portal.orders.sorting import read_cursor
from oms_portal.orders.summary import OrderPage

from .base import Fragment, Rendered, Spec, register
from .browsing import Browsing
from .drawing import draw
from .heads import announcement
from .narrowing import book_of
from .rows import NO_BOOK, show_page
from .saved import show_views
from .wording import site_param, speaking


@register
class OrderListFragment(Fragment):
    name = "orders"
    topic = "orders:<company>"
    needs = "view Order"
    personal = "oms_portal/fragments/views.html"

    def spec(self, actor: Actor, params: Mapping[str, str], language: str) -> Spec | None:
        """``company`` (pk; the actor's first where none is given), ``before`` (a cursor of the
        sort), and all that ``Browsing`` reads."""
        company_id = company_asked(actor, params.get("company", ""))
        narrowed = actor.at(company_id) if company_id is not None else None
        if not narrowed:
            return None
        browsing, before = Browsing.read(params), params.get("before", "")
        return Spec(
            self.name,
            list_topic(int(company_id or 0)),
            (
                ("company", str(company_id)),
                ("rights", narrowed.rights),
                ("before", before if read_cursor(browsing.sort, before) else ""),
                *browsing.params.items(),
                *site_param(params),
            ),
            language,
        )

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
            say = announcement(newest, zone_of(newest.time_zone)) if newest else ""
        return Rendered(html, say)


def _states(page: OrderPage, browsing: Browsing) -> list[str]:
    """What holds of the list: that there is nothing in it, or what flags its orders have.

    Where the visitor narrowed it, nothing found is not "empty"; where the editor did, it is.
    """
    if not page.rows:
        by_visitor = browsing.filters and (browsing.shows("filters") or browsing.filters.words)
        return [] if by_visitor else ["empty"]
    flags = {flag for row in page.rows for flag in row.flags}
    return sorted(flags & {"late", "exception", "backordered"})


def company_asked(actor: Actor, asked: str) -> int | None:
    """The pk that was asked for, the actor's first company where none was; not yet allowed."""
    own = [grant.company_id for grant in actor.grants]
    if not asked:
        return own[0] if own else None
    return int(asked) if asked.isdecimal() and asked.isascii() and len(asked) < 19 else None
