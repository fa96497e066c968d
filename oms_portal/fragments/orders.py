"""The order list: a page of what a company's person may see, in the sort they chose."""

from __future__ import annotations

from collections.abc import Mapping

from oms_portal.customers.access import Actor
from oms_portal.orders.moments import zone_of
from oms_portal.orders.queries import list_topic, page_of
from oms_portal.orders.sorting import read_cursor, sort_of

from .base import Fragment, Rendered, Spec, register
from .drawing import draw
from .heads import announcement
from .rows import show_page
from .wording import site_param, speaking


SIZE, SMALLEST, LARGEST = 20, 5, 100


@register
class OrderListFragment(Fragment):
    name = "orders"
    topic = "orders:<company>"
    needs = "view Order"

    def spec(self, actor: Actor, params: Mapping[str, str], language: str) -> Spec | None:
        """``company`` (pk; the actor's first where none is given), ``sort``, ``before`` (a cursor
        of that sort), ``size``."""
        company_id = company_asked(actor, params.get("company", ""))
        narrowed = actor.at(company_id) if company_id is not None else None
        if not narrowed:
            return None
        sort, before = sort_of(params.get("sort", "")), params.get("before", "")
        return Spec(
            self.name,
            list_topic(int(company_id or 0)),
            (
                ("company", str(company_id)),
                ("rights", narrowed.rights),
                ("sort", sort.value),
                ("before", before if read_cursor(sort, before) else ""),
                ("size", str(_size(params.get("size", "")))),
                *site_param(params),
            ),
            language,
        )

    def render(self, spec: Spec, version: int) -> Rendered:
        sort, before, size = sort_of(spec["sort"]), spec["before"], int(spec["size"])
        page = page_of(Actor.of_rights(spec["rights"]), size, before, sort)
        newest = max(page.rows, key=lambda row: row.told_at, default=None)
        with speaking(spec):
            html = draw(
                spec,
                version,
                show_page(page, sort, before=before, size=size),
                newest.told_at if newest else None,
            )
            say = announcement(newest, zone_of(newest.time_zone)) if newest else ""
        return Rendered(html, say)


def company_asked(actor: Actor, asked: str) -> int | None:
    """The pk that was asked for, the actor's first company where none was; not yet allowed."""
    own = [grant.company_id for grant in actor.grants]
    if not asked:
        return own[0] if own else None
    return int(asked) if asked.isdecimal() and asked.isascii() and len(asked) < 19 else None


def _size(asked: str) -> int:
    if not asked.isdecimal() or not asked.isascii() or len(asked) > 6:
        return SIZE
    return max(SMALLEST, min(LARGEST, int(asked)))
