"""The papers of all orders: the newest first, of a kind, with a number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from oms_portal.customers.access import Actor
from oms_portal.orders import typed
from oms_portal.orders.moments import zone_of
from oms_portal.orders.papers import KINDS, PaperPage, papers_of, read_cursor

from . import shown_order as shown
from .asking import LONGEST
from .base import Rendered, Spec, register
from .company import CompanyFragment
from .drawing import draw
from .papers import KINDS as WORDS
from .papers import show_paper
from .wording import speaking


SIZE, SMALLEST, LARGEST = 20, 5, 100


@register
class DocumentsFragment(CompanyFragment):
    name = "documents"
    needs = "view Document"

    def asked(self, params: Mapping[str, str]) -> Mapping[str, str]:
        """``kind``, ``find`` (a piece of a number), ``before`` (a cursor), ``size``."""
        return {name: text for name, text in _read(params).items() if text}

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
    kind, before = params.get("kind", ""), params.get("before", "")
    size = typed.count(params.get("size", ""), SIZE, SMALLEST, LARGEST)
    return {
        "kind": kind if kind in KINDS else "",
        "find": typed.words(params.get("find", ""), LONGEST),
        "before": before if read_cursor(before) else "",
        "size": str(size) if size != SIZE else "",
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
    query = {name: text for name, text in {**asked, **changes}.items() if text}
    return reverse("oms_portal:documents", query=query)
