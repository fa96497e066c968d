"""The papers of all orders: the newest first, of a kind, with a number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from oms_portal.customers.access import Actor
from oms_portal.customers.lineage import list_topic
from oms_portal.orders.moments import zone_of
from oms_portal.orders.papers import KINDS, PaperPage, papers_of, read_cursor

from . import shown_order as shown
from .asking import LONGEST
from .base import Fragment, Rendered, Spec, register
from .drawing import draw
from .orders import company_asked
from .papers import KINDS as WORDS
from .papers import show_paper
from .wording import site_param, speaking


SIZE, SMALLEST, LARGEST = 20, 5, 100
_ASKED = ("kind", "find", "before", "size")


@register
class DocumentsFragment(Fragment):
    name = "documents"
    topic = "orders:<company>"
    needs = "view Document"

    def spec(self, actor: Actor, params: Mapping[str, str], language: str) -> Spec | None:
        """``company`` (pk), ``kind``, ``find`` (a piece of a number), ``before`` (a cursor),
        ``size``."""
        company_id = company_asked(actor, params.get("company", ""))
        narrowed = actor.at(company_id) if company_id is not None else None
        if not narrowed:
            return None
        asked = {name: text for name, text in _read(params).items() if text}
        return Spec(
            self.name,
            list_topic(int(company_id or 0)),
            (
                ("company", str(company_id)),
                ("rights", narrowed.rights),
                *asked.items(),
                *site_param(params),
            ),
            language,
        )

    def render(self, spec: Spec, version: int) -> Rendered:
        asked = _read(dict(spec.params))
        page = papers_of(
            Actor.of_rights(spec["rights"]),
            int(asked["size"] or SIZE),
            asked["before"],
            asked["kind"],
            asked["find"],
        )
        with speaking(spec):
            html = draw(
                spec, version, show_papers(page, asked), None, () if page.rows else ["empty"]
            )
        return Rendered(html)


def _read(params: Mapping[str, str]) -> dict[str, str]:
    """What was asked, "" for what is not or makes no sense."""
    kind, before, size = (params.get(name, "") for name in ("kind", "before", "size"))
    sound = size.isdecimal() and size.isascii() and len(size) < 7
    many = max(SMALLEST, min(LARGEST, int(size))) if sound else SIZE
    return {
        "kind": kind if kind in KINDS else "",
        "find": " ".join(params.get("find", "").replace("\0", "").split())[:LONGEST].strip(),
        "before": before if read_cursor(before) else "",
        "size": str(many) if many != SIZE else "",
    }


def show_papers(page: PaperPage, asked: Mapping[str, str]) -> dict[str, Any]:
    """What the template draws: rows, the kinds to choose from, the search, the ways on."""
    pages = []
    if asked["before"]:
        pages.append(shown.PageLink("first", _("Newest documents"), _url(asked, before="")))
    if page.next:
        pages.append(shown.PageLink("next", _("Older documents"), _url(asked, before=page.next)))
    return {
        "rows": [
            show_paper(row.paper, row.slug, zone_of(row.time_zone), row.number) for row in page.rows
        ],
        "kinds": [(kind, str(WORDS[kind]), kind == asked["kind"]) for kind in KINDS],
        "find": asked["find"],
        "size": asked["size"],
        "action": reverse("oms_portal:documents"),
        "narrowed": bool(asked["find"] or asked["kind"]),
        "all_url": _url({"size": asked["size"]}),
        "pages": pages,
    }


def _url(asked: Mapping[str, str], **changes: str) -> str:
    query = {**asked, **changes}
    told = urlencode([(name, query[name]) for name in _ASKED if query.get(name)])
    page = reverse("oms_portal:documents")
    return f"{page}?{told}" if told else page
